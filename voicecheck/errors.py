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

from collections.abc import Iterator
from contextlib import contextmanager

NO_ROOM = ("failed to map segment", "can't start new thread", "failed to allocate", "Cannot allocate memory")
"""What the system's loader, Python and libraries say where there is no room in memory."""

TOLD_MAX = 300
"""Letters of another library's message that are repeated."""


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


@contextmanager
def guarding(name: str) -> Iterator[None]:
    """Turn whatever a library throws over one file into an error of ours, so that other files go on.

    Parameters
    ----------
    name : str
        What the error's line begins with: the file.

    Raises
    ------
    VoicecheckError
        Ours unchanged, any other as an `EngineError`.
    """
    try:
        yield
    except (VoicecheckError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # some libraries raise what is no Exception
        raise EngineError(f"{name}: {unexpected(error)}") from error


def unexpected(error: BaseException) -> str:
    """Tell in one line of an error that nobody foresaw.

    Parameters
    ----------
    error : BaseException
        Any.

    Returns
    -------
    str
        Its kind, and what it says of itself, at most `TOLD_MAX` letters; of too little memory just that.
    """
    if isinstance(error, MemoryError) or any(each in str(error) for each in NO_ROOM):
        return "there is too little memory; close other programs, or give it more"
    told = " ".join(str(error).split()) or "no reason given"
    return f"unexpected {type(error).__name__}: {told[:TOLD_MAX]}"
