"""Accuracy and speed, side by side with plain faster-whisper."""
