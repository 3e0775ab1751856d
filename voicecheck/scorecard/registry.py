"""All checks there are: those that come with voicecheck, and a team's own."""

from __future__ import annotations

from typing import Any

from voicecheck.scorecard.check import Check
from voicecheck.scorecard.checks import CHECKS


def all_checks() -> tuple[Check[Any], ...]:
    """List every check in the order of the card."""
    return CHECKS


def titles() -> dict[str, str]:
    """Title every check that has a row on a card as long as no rubric says otherwise, by id."""
    return {
        check.id: check.title for check in all_checks() if check.unit or check.limits().role == "required"
    }
