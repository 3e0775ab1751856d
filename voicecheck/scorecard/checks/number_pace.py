"""Can the number be written down while it is said?"""

from __future__ import annotations

import math
from typing import Self

from pydantic import model_validator

from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured
from voicecheck.scorecard.sentences import ordinal
from voicecheck.timing import reaches


class Limits(check.Limits):
    """Digits a second in the fastest saying, pauses included."""

    target_dps: float = limit(
        1.5,
        low=0,
        high=20,
        unit="digits/s",
        at_most="max_dps",
        source="1.0 s a digit was recalled better than 0.5 s (raanaas2002)",
    )
    max_dps: float = limit(
        2.0, low=0.1, high=20, unit="digits/s", source="a fast hand writes 2 to 3 characters a second"
    )
    error_dps: float = limit(
        0.05, low=0, high=10, unit="digits/s", source="each end of the number can be 0.1 s off"
    )

    @model_validator(mode="after")
    def _error_leaves_room(self) -> Self:
        if self.error_dps > self.max_dps / 2:
            raise ValueError(f"error_dps must lie between 0 and {self.max_dps / 2:g}, got {self.error_dps:g}")
        return self


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare the fastest saying with the limit.

    Parameters
    ----------
    evidence : Evidence
        The full recitations with their times.
    limits : Limits
        Limit and target, in digits a second.

    Returns
    -------
    CheckResult or None
        Digits a second.
    """
    timed = [each for each in evidence.full if not (each.lettered or math.isnan(each.rate_dps))]
    if not timed:
        why = (
            "a number said as a word is not written digit by digit"
            if evidence.full
            else "no phone number was heard"
        )
        return not_measured(why)
    fastest = max(timed, key=lambda each: each.rate_dps)
    verdict = judge_band(fastest.rate_dps, high=limits.max_dps, error=limits.error_dps)
    facts = [f"fastest the {ordinal(evidence.full.index(fastest) + 1)} time"] if len(timed) > 1 else []
    if verdict == "unsure":
        facts.append(f"{abs(fastest.rate_dps - limits.max_dps):.2f} from the limit, too close to call")
    if verdict == "pass" and not reaches(limits.target_dps, fastest.rate_dps):
        facts.append("slower is easier to write down")
    return CheckResult(
        verdict=verdict,
        value=fastest.rate_dps,
        limit_max=limits.max_dps,
        target=limits.target_dps,
        heard=fastest.interval,
        evidence="; ".join(facts),
        advice=f"Say the number as if you were writing it down: give its {len(fastest.timed_digits)} digits "
        f"{_time_to_give(fastest, limits)}, and pause after each group.",
    )


def _time_to_give(recitation: Recitation, limits: Limits) -> str:
    """Seconds that keep a number clear of the limit, in halves, and what it took if that reads as less."""
    needed_s = math.ceil(2 * len(recitation.timed_digits) / (limits.max_dps - limits.error_dps)) / 2
    took_s = round(recitation.interval.duration_s, 1)
    return f"at least {needed_s:g} seconds" + (f", not {took_s:.1f}" if took_s < needed_s else "")


CHECK = Check(
    id="number_pace",
    title="Number pace",
    unit="digits/s",
    priority=40,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"echo"}),
)
