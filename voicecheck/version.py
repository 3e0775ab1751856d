"""The version of voicecheck."""

__version__ = "0.1.0"
