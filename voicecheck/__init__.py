"""Could the person who hears this voicemail write down the number and call back?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from voicecheck.version import __version__

if TYPE_CHECKING:
    from voicecheck.audio.decode import read_recording
    from voicecheck.errors import DecodeError, EngineError, InputError, ParameterError, VoicecheckError
    from voicecheck.listener import Listener, score
    from voicecheck.numbers import SpokenNumber, find_numbers
    from voicecheck.scorecard.card import Scorecard, Settings
    from voicecheck.scorecard.check import (
        Check,
        CheckResult,
        Evidence,
        Limits,
        Tip,
        judge_band,
        limit,
        not_measured,
    )
    from voicecheck.scorecard.judge import judge
    from voicecheck.scorecard.registry import check, load_checks
    from voicecheck.scorecard.rubric import Rubric, default_rubric, parse_rubric, ready_rubric

_HOMES = {
    "Check": "scorecard.check",
    "CheckResult": "scorecard.check",
    "DecodeError": "errors",
    "EngineError": "errors",
    "Evidence": "scorecard.check",
    "InputError": "errors",
    "Limits": "scorecard.check",
    "Listener": "listener",
    "ParameterError": "errors",
    "Rubric": "scorecard.rubric",
    "Scorecard": "scorecard.card",
    "Settings": "scorecard.card",
    "SpokenNumber": "numbers",
    "Tip": "scorecard.check",
    "VoicecheckError": "errors",
    "check": "scorecard.registry",
    "default_rubric": "scorecard.rubric",
    "find_numbers": "numbers",
    "judge": "scorecard.judge",
    "judge_band": "scorecard.check",
    "limit": "scorecard.check",
    "load_checks": "scorecard.registry",
    "not_measured": "scorecard.check",
    "parse_rubric": "scorecard.rubric",
    "read_recording": "audio.decode",
    "ready_rubric": "scorecard.rubric",
    "score": "listener",
}

__all__ = [
    "Check",
    "CheckResult",
    "DecodeError",
    "EngineError",
    "Evidence",
    "InputError",
    "Limits",
    "Listener",
    "ParameterError",
    "Rubric",
    "Scorecard",
    "Settings",
    "SpokenNumber",
    "Tip",
    "VoicecheckError",
    "__version__",
    "check",
    "default_rubric",
    "find_numbers",
    "judge",
    "judge_band",
    "limit",
    "load_checks",
    "not_measured",
    "parse_rubric",
    "read_recording",
    "ready_rubric",
    "score",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import voicecheck`` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
