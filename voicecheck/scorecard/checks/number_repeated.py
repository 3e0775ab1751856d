"""Is the number said twice? On a bad line the listener hears "613, something, something 295"."""

from __future__ import annotations

from voicecheck.numbers.recitations import grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured


class Limits(check.Limits):
    """Times the same whole number was said."""

    min_count: int = limit(2, low=1, high=10, source="who loses a digit the first time catches it the second")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the sayings of the number that was said most often."""
    if not evidence.full:
        return not_measured("no phone number was heard")
    sayings = max(grouped_by_number(evidence.full, region=evidence.region), key=len)
    n_partial = sum(not each.full for each in evidence.recitations)
    heard = "said once" if len(sayings) == 1 else f"said {len(sayings)} times"
    if n_partial:
        heard += f", {n_partial} more in part"
    return CheckResult(
        verdict=judge_band(len(sayings), low=limits.min_count),
        value=len(sayings),
        limit_min=limits.min_count,
        heard=sayings[-1].interval,
        evidence=heard,
        advice="Say the whole number a second time: whoever lost a digit gets it then.",
    )


CHECK = Check(
    id="number_repeated",
    title="Number said twice",
    unit="times",
    priority=50,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"noise"}),
)
