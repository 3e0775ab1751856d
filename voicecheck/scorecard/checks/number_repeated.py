"""Is the number said twice? On a bad line the listener hears "613, something, something 295"."""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.compare import may_be_part
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured
from voicecheck.scorecard.sentences import times
from voicecheck.timing import overlap_s


class Limits(check.Limits):
    """Times the same whole number was said."""

    min_count: int = limit(2, low=1, high=10, source="who loses a digit the first time catches it the second")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the sayings of the number that was said most often.

    Parameters
    ----------
    evidence : Evidence
        The full recitations.
    limits : Limits
        How often the number has to be said.

    Returns
    -------
    CheckResult or None
        Times.
    """
    if not evidence.full:
        return not_measured("no phone number was heard")
    sayings = max(grouped_by_number(evidence.full, region=evidence.region), key=len)
    is_same = len({comparable_digits(each.digits, region=evidence.region) for each in sayings}) == 1
    n_partial = sum(not each.full for each in evidence.recitations)
    heard = f"said {times(len(sayings))}" + ("" if is_same else ", but different")
    if n_partial:
        heard += f", {n_partial} more in part"
    verdict = judge_band(len(sayings), low=limits.min_count)
    said_in = [each.interval for each in sayings]
    others = [run for run in evidence.unread if not any(overlap_s(run.interval, it) > 0 for it in said_in)]
    in_doubt = [run for run in others if _may_be(run, sayings)]
    if verdict == "fail" and in_doubt:
        verdict = "unsure"
        digits = "".join(digit.digit for digit in in_doubt[0].digits)
        heard += f", and perhaps once more: {display(digits, region=evidence.region)} was heard"
    elif verdict == "fail" and any(each.is_uncertain for each in sayings):
        verdict = "unsure"
        heard += ", and not all digits of it could be made out"
    return CheckResult(
        verdict=verdict,
        value=len(sayings),
        limit_min=limits.min_count,
        heard=sayings[-1].interval,
        evidence=heard,
        advice=_say_it(limits.min_count),
    )


def _say_it(min_count: int) -> str:
    if min_count == 2:
        return "Say your number twice. If they miss a digit the first time, they catch it the second."
    return f"Say your number {times(min_count)}."


def _may_be(run: DecidedRun, sayings: Sequence[Recitation]) -> bool:
    """Whether digits that are no number may be a saying of one that lost or gained some."""
    digits = "".join(digit.digit for digit in run.digits)
    return any(may_be_part(digits, each.digits.lstrip("+")) for each in sayings)


CHECK = Check(
    id="number_repeated",
    title="Number said twice",
    unit="times",
    priority=50,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"echo"}),
    open_if_damaged="fail",
)
