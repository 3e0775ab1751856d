"""Is the message short enough to be heard to its end?"""

from __future__ import annotations

import math

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured
from voicecheck.timing import reaches


class Limits(check.Limits):
    """Seconds from the first spoken word to the last."""

    target_s: float = limit(
        20.0,
        low=0,
        high=600,
        unit="s",
        at_most="max_s",
        source="a coaches' convention: aim for 20 ...",
    )
    max_s: float = limit(30.0, low=1, high=600, unit="s", source="... and stay under 30")
    error_s: float = limit(
        0.2, low=0, high=600, unit="s", at_most="max_s", source="how far both edges can be off together"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare the length of the message with the limit.

    Parameters
    ----------
    evidence : Evidence
        From the first word to the last.
    limits : Limits
        Limit and target, in seconds.

    Returns
    -------
    CheckResult or None
        In seconds.
    """
    message = evidence.measures.message
    if message is None:
        return not_measured("no words were heard")
    length_s = message.duration_s
    verdict = judge_band(length_s, high=limits.max_s, error=limits.error_s)
    on_target = reaches(limits.target_s, length_s)
    place = "on target" if on_target else f"over the {limits.target_s:g} s target"
    if verdict == "fail":
        place = f"{length_s - limits.max_s:.1f} s over the limit"
    if verdict == "unsure":
        place = f"{abs(length_s - limits.max_s):.2f} s from the limit, too close to call"
    return CheckResult(
        verdict=verdict,
        value=length_s,
        limit_max=limits.max_s,
        target=limits.target_s,
        heard=message,
        evidence=place,
        advice=_shorten(length_s, limits, evidence.measures.speaking_rate_wpm),
    )


def _shorten(length_s: float, limits: Limits, rate_wpm: float) -> str:
    over_s = length_s - limits.max_s
    few = over_s < 1 or math.isnan(rate_wpm)
    words = "a few words" if few else f"at least {math.ceil(over_s * rate_wpm / 60)} words"
    return f"Leave {words} out: {limits.max_s:g} seconds is the limit, {limits.target_s:g} the aim."


CHECK = Check(
    id="length",
    title="Message length",
    unit="s",
    priority=60,
    limits=Limits,
    judge=judge,
    open_if_damaged="pass",
)
