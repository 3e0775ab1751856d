"""Can the listener follow? The words besides the number count: it must not hide a rushed pitch."""

from __future__ import annotations

import math

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured
from voicecheck.scorecard.sentences import counted
from voicecheck.timing import reaches


class Limits(check.Limits):
    """Spoken words a minute outside the number, in the time outside it, pauses included."""

    min_wpm: float = limit(
        100.0,
        low=0,
        high=1000,
        unit="words/min",
        at_most="max_wpm",
        otherwise=0.0,
        source="coaches sit at 110 to 160; ICAO Doc 9432 wants 100 where it is written down",
    )
    target_wpm: float = limit(
        170.0, low=0, high=1000, unit="words/min", at_most="max_wpm", source="above it: passes, brisk"
    )
    max_wpm: float = limit(
        200.0,
        low=1,
        high=1000,
        unit="words/min",
        at_least="min_wpm",
        otherwise=1000.0,
        source="a convention: of 1,380 calls most agreed at 210 (benki2011)",
    )
    error_wpm: float = limit(
        3.0,
        low=0,
        high=1000,
        unit="words/min",
        at_most="max_wpm",
        source="at least; a rate of few words is less sure, and its own error is taken",
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare the rate outside the number with the band.

    Parameters
    ----------
    evidence : Evidence
        The words besides the number, and the time besides it.
    limits : Limits
        Band and target, in words a minute.

    Returns
    -------
    CheckResult or None
        Words a minute.
    """
    measures = evidence.measures
    rate_wpm = measures.outside_rate_wpm
    if math.isnan(rate_wpm):
        return not_measured("nothing but the number was said" if measures.n_words else "no words were heard")
    error_wpm = max(limits.error_wpm, measures.outside_error_wpm)
    verdict = judge_band(rate_wpm, low=limits.min_wpm, high=limits.max_wpm, error=error_wpm)
    is_fast = rate_wpm > (limits.min_wpm + limits.max_wpm) / 2
    said = counted(measures.n_words_outside, "word")
    if evidence.recitations:
        said += f" besides the number; {measures.speaking_rate_wpm:.0f} wpm with it"
    if verdict == "unsure":
        said += f"; give or take {error_wpm:.0f}, too close to call"
    if verdict == "pass" and not reaches(limits.target_wpm, rate_wpm):
        said += "; brisk"
    return CheckResult(
        verdict=verdict,
        value=rate_wpm,
        limit_min=limits.min_wpm,
        limit_max=limits.max_wpm,
        target=limits.target_wpm,
        heard=measures.message,
        evidence=said,
        advice=_slow_down(evidence, limits)
        if is_fast
        else "Speak a little faster; long gaps lose the listener.",
    )


def _slow_down(evidence: Evidence, limits: Limits) -> str:
    measures = evidence.measures
    n_words = math.floor(limits.target_wpm * measures.outside_s / 60)
    what = "besides the number you said" if evidence.recitations else "you said"
    if n_words >= measures.n_words_outside:
        return "Slow down a little."
    return (
        f"Slow down: {what} {measures.n_words_outside} words where {n_words} can be followed. Leave some out."
    )


CHECK = Check(id="pace", title="Speaking pace", unit="words/min", priority=70, limits=Limits, judge=judge)
