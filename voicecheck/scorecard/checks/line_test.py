"""Does the number come through bad telephone lines?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.linetest.survival import LineTest, most_missed
from voicecheck.numbers.plan import display
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, limit, not_measured
from voicecheck.scorecard.sentences import times
from voicecheck.timing import Interval, reaches

NAMED_DIGITS_MAX = 3
"""More digits than this are not named one by one."""


class Limits(check.Limits):
    """Share of the simulated bad lines that the first saying alone must survive."""

    role: check.Role = "tip"
    min_share: float = limit(
        0.6, low=0, high=1, source="of eight lines five: a number that is lost more often is fragile"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Judge the first saying alone, and say whether the others save it.

    Parameters
    ----------
    evidence : Evidence
        What became of the number on bad lines.
    limits : Limits
        On which share of the lines it has to get through.

    Returns
    -------
    CheckResult or None
        None where the number was not sent.
    """
    test = evidence.hearing.line_test
    if test is None:
        return None
    if not test.n_lines:
        return not_measured(f"not tested, {test.why_not}")
    enough = limits.min_share * test.n_lines
    is_sound, is_saved = reaches(test.n_whole_first, enough), reaches(test.n_whole_all, enough)
    lost = most_missed(test.misses_first if is_saved else test.misses_all)
    return CheckResult(
        verdict="pass" if is_sound else "fail",
        value=test.n_whole_first / test.n_lines,
        limit_min=limits.min_share,
        evidence=f"heard once, it got through on {test.n_whole_first} of {test.n_lines} test lines",
        advice=_advice(test, lost, evidence, is_saved=is_saved),
        heard=_place(lost, evidence),
    )


def _advice(test: LineTest, lost: Sequence[int], evidence: Evidence, *, is_saved: bool) -> str:
    digits = _named_digits(test.digits.lstrip("+"), lost)
    what = f"Say {digits} in {display(test.digits, region=evidence.region)} more clearly"
    if not is_saved:
        return f"{what}: the number gets through on only {test.n_whole_all} of {test.n_lines} bad lines."
    return (
        f"{what} the first time: said once, the number gets through on {test.n_whole_first} of "
        f"{test.n_lines} bad lines, {_again(test, evidence)} on {test.n_whole_all}."
    )


def _again(test: LineTest, evidence: Evidence) -> str:
    if len(evidence.full) < test.n_sayings:
        return "with what is said again"
    return f"said {times(test.n_sayings)}"


def _named_digits(digits: str, places: Sequence[int]) -> str:
    """Name the digits at a few places.

    >>> _named_digits("4165550198", [6, 9]), _named_digits("4165550198", range(4))
    ('the 0 and the 8', 'the digits')
    """
    if not places or len(places) > NAMED_DIGITS_MAX:
        return "the digits"
    return " and ".join(f"the {digits[place]}" for place in places)


def _place(lost: Sequence[int], evidence: Evidence) -> Interval | None:
    """When the digit that is lost most often was first said; judged in another region it may be nowhere."""
    if not lost or not evidence.full or lost[0] >= len(evidence.full[0].timed_digits):
        return None
    return evidence.full[0].timed_digits[lost[0]].interval


CHECK = Check(id="line_test", title="On bad lines", priority=45, limits=Limits, judge=judge)
