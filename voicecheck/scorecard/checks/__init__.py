"""The checks and tips that come with voicecheck, one file each, in the order of the card.

A new one is a file in this folder and its line below; rubric, card, JSON, CSV, filters and the order of
mending follow.
"""

from __future__ import annotations

from typing import Any

from voicecheck.scorecard.check import Check
from voicecheck.scorecard.checks import (
    dead_air,
    early,
    fillers,
    full_name,
    introduction,
    length,
    line_test,
    name_again,
    name_clear,
    next_try,
    number_agrees,
    number_clear,
    number_given,
    number_last,
    number_pace,
    number_pauses,
    number_repeated,
    pace,
    pen,
    prospect_name,
    reason,
    sound_quality,
    worn_out,
)

CHECKS: tuple[Check[Any], ...] = (
    length.CHECK,
    pace.CHECK,
    number_given.CHECK,
    number_repeated.CHECK,
    number_agrees.CHECK,
    number_pace.CHECK,
    number_pauses.CHECK,
    number_clear.CHECK,
    sound_quality.CHECK,
    dead_air.CHECK,
    early.CHECK,
    line_test.CHECK,
    pen.CHECK,
    introduction.CHECK,
    full_name.CHECK,
    name_clear.CHECK,
    name_again.CHECK,
    prospect_name.CHECK,
    reason.CHECK,
    next_try.CHECK,
    number_last.CHECK,
    worn_out.CHECK,
    fillers.CHECK,
)
