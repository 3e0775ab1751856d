"""The number on bad telephone lines."""
