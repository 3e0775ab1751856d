"""Is there a number to call back at all?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit
from voicecheck.scorecard.sentences import times


class Limits(check.Limits):
    """Whole phone numbers said."""

    min_count: int = limit(1, low=1, high=10, source="without it nobody calls back")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the full recitations."""
    n_given = len(evidence.full)
    groups = grouped_by_number(evidence.full, region=evidence.region)
    partial = [each for each in evidence.recitations if not each.full]
    nothing = "only part of a number was heard" if partial else "no phone number was heard"
    return CheckResult(
        verdict=judge_band(n_given, low=limits.min_count),
        value=n_given,
        limit_min=limits.min_count,
        heard=evidence.full[0].interval if evidence.full else None,
        evidence=" and ".join(_found(group, evidence.region) for group in groups) or nothing,
        advice="Say your whole phone number, area code included, however well they know you: "
        "without it nobody calls back.",
    )


def _found(sayings: Sequence[Recitation], region: str) -> str:
    shown = list(dict.fromkeys(display(each.digits, region=region) for each in sayings))
    is_same = len({comparable_digits(each.digits, region=region) for each in sayings}) == 1
    return f"{shown[0]}, said {times(len(sayings))}" if is_same else " or ".join(shown)


CHECK = Check(
    id="number_given",
    title="Number found",
    unit="numbers",
    priority=10,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"noise", "echo"}),
    open_if_damaged="fail",
)
