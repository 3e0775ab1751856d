"""Exceptions that voicecheck raises on purpose.

VoicecheckError
|- InputError         the recording or a setting is at fault; the user can mend it
|  |- DecodeError     not audio we can read, or cut short
|  `- ParameterError  a value outside its documented range (also a ValueError)
`- EngineError        the model or machine is at fault; trying again may help

Silence, no number, a failed check: those are results, never exceptions. Only edges catch, and only
`VoicecheckError`; anything else is a bug and should look like one.
"""

from __future__ import annotations


class VoicecheckError(Exception):
    """Any failure that voicecheck foresaw; its text is one line for the user."""


class InputError(VoicecheckError):
    """The recording or a setting is at fault; the user can mend it."""


class DecodeError(InputError):
    """The file is not audio that can be read, or is damaged beyond use."""


class ParameterError(InputError, ValueError):
    """A value lies outside its documented range."""


class EngineError(VoicecheckError):
    """The model or the machine is at fault; trying again may help."""
