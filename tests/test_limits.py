"""What a rubric may set: every limit with its default and its range, and what lies just beyond."""

from __future__ import annotations

import pytest

from voicecheck.errors import ParameterError
from voicecheck.scorecard.checks import CHECKS
from voicecheck.scorecard.limits import note
from voicecheck.scorecard.rubric import default_rubric, parse_rubric

LIMITS = [
    ("length", "target_s", 20.0, 0, 600),
    ("length", "max_s", 30.0, 1, 600),
    ("length", "error_s", 0.2, 0, 600),
    ("pace", "min_wpm", 100.0, 0, 1000),
    ("pace", "target_wpm", 170.0, 0, 1000),
    ("pace", "max_wpm", 200.0, 1, 1000),
    ("pace", "error_wpm", 3.0, 0, 1000),
    ("number_given", "min_count", 1, 1, 10),
    ("number_repeated", "min_count", 2, 1, 10),
    ("number_pace", "target_dps", 1.5, 0, 20),
    ("number_pace", "max_dps", 2.0, 0.1, 20),
    ("number_pace", "error_dps", 0.05, 0, 10),
    ("number_pauses", "min_s", 0.3, 0, 10),
    ("number_pauses", "target_s", 0.6, 0, 10),
    ("number_pauses", "error_s", 0.05, 0, 10),
    ("number_clear", "min_confidence", 0.5, 0, 1),
    ("number_clear", "error_confidence", 0.25, 0, 1),
    ("number_clear", "sure_probability", 0.92, 0, 1),
    ("sound_quality", "min_level_dbov", -40.0, -100, 0),
    ("sound_quality", "min_snr_db", 15.0, 0, 100),
    ("sound_quality", "max_clipped_share", 0.001, 0, 1),
    ("dead_air", "max_s", 3.0, 0, 600),
    ("line_test", "min_share", 0.6, 0, 1),
    ("pen", "digits_per_s", 2.0, 0.5, 10),
    ("pen", "digits_in_mind", 4, 1, 20),
    ("introduction", "within_words", 25, 5, 200),
    ("name_clear", "min_percent", 30, 0, 100),
    ("reason", "max_other_words", 1, 0, 50),
    ("number_last", "max_other_words", 2, 0, 50),
    ("fillers", "max_per_100_words", 3.0, 0, 100),
    ("fillers", "min_count", 3, 1, 100),
]

WIDE = {
    "length": ("max_s = 600",),
    "pace": ("max_wpm = 1000",),
    "number_pace": ("max_dps = 20",),
    "number_pauses": ("min_s = 0",),
}
"""What the other values of a check are set to, so that only the range of one is met."""


def test_the_list_is_whole() -> None:
    with_range = {
        (check.id, name) for check in CHECKS for name in check.limits.model_fields if note(check.limits, name)
    }
    assert with_range == {(check_id, name) for check_id, name, *_ in LIMITS}


@pytest.mark.parametrize(("check_id", "name", "default", "low", "high"), LIMITS)
def test_a_limit_has_its_default_and_its_range(
    check_id: str, name: str, default: float, low: float, high: float
) -> None:
    def read(value: float) -> float:
        (check,) = (each for each in CHECKS if each.id == check_id)
        widest = [each for each in WIDE.get(check_id, ()) if not each.startswith(name)]
        text = "\n".join([f"[checks.{check_id}]", *widest, f"{name} = {value}"])
        return float(getattr(parse_rubric(text).of(check), name))

    assert getattr(default_rubric().limits[check_id], name) == default
    assert (read(low), read(high)) == (low, high)
    beyond = 1 if isinstance(default, int) else 0.01
    for wrong in (low - beyond, high + beyond):
        with pytest.raises(ParameterError, match=rf"{name} must lie between {low:g} and {high:g}, got"):
            read(wrong)
