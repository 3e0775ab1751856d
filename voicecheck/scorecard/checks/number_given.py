"""Is there a number to call back at all?"""

from __future__ import annotations

from voicecheck.numbers.plan import display
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit


class Limits(check.Limits):
    """Whole phone numbers said."""

    min_count: int = limit(1, low=1, high=10, source="without it nobody calls back")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the full recitations."""
    n_given = len(evidence.full)
    numbers = dict.fromkeys(display(each.digits, region=evidence.region) for each in evidence.full)
    partial = [each for each in evidence.recitations if not each.full]
    nothing = "only part of a number was heard" if partial else "no phone number was heard"
    return CheckResult(
        verdict=judge_band(n_given, low=limits.min_count),
        value=n_given,
        limit_min=limits.min_count,
        heard=evidence.full[0].interval if evidence.full else None,
        evidence=" and ".join(numbers) or nothing,
        advice="Say your whole phone number, area code included, however well they know you: "
        "without it nobody calls back.",
    )


CHECK = Check(
    id="number_given",
    title="Number given",
    unit="numbers",
    priority=10,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"noise"}),
)
