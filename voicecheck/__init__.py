"""Could the person who hears this voicemail write down the number and call back?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicecheck.audio.decode import read_recording
    from voicecheck.errors import DecodeError, EngineError, InputError, ParameterError, VoicecheckError
    from voicecheck.listener import Listener, score
    from voicecheck.numbers import SpokenNumber, find_numbers
    from voicecheck.scorecard.card import Scorecard
    from voicecheck.scorecard.judge import Settings
    from voicecheck.scorecard.rubric import Rubric, default_rubric, parse_rubric

__version__ = "0.1.0"

_HOMES = {
    "DecodeError": "errors",
    "EngineError": "errors",
    "InputError": "errors",
    "Listener": "listener",
    "ParameterError": "errors",
    "Rubric": "scorecard.rubric",
    "Scorecard": "scorecard.card",
    "Settings": "scorecard.judge",
    "SpokenNumber": "numbers",
    "VoicecheckError": "errors",
    "default_rubric": "scorecard.rubric",
    "find_numbers": "numbers",
    "parse_rubric": "scorecard.rubric",
    "read_recording": "audio.decode",
    "score": "listener",
}

__all__ = [
    "DecodeError",
    "EngineError",
    "InputError",
    "Listener",
    "ParameterError",
    "Rubric",
    "Scorecard",
    "Settings",
    "SpokenNumber",
    "VoicecheckError",
    "__version__",
    "default_rubric",
    "find_numbers",
    "parse_rubric",
    "read_recording",
    "score",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import voicecheck`` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
