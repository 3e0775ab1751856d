"""Can the listener follow?"""

from __future__ import annotations

import math

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured


class Limits(check.Limits):
    """Spoken words a minute, pauses included."""

    min_wpm: float = limit(
        100.0,
        low=0,
        high=1000,
        unit="words/min",
        at_most="max_wpm",
        otherwise=0.0,
        source="ICAO Doc 9432: at most 100 when it is written down",
    )
    max_wpm: float = limit(
        170.0,
        low=1,
        high=1000,
        unit="words/min",
        at_least="min_wpm",
        otherwise=1000.0,
        source="public speech coaches sit at 110 to 160",
    )
    error_wpm: float = limit(
        3.0, low=0, high=1000, unit="words/min", at_most="max_wpm", source="one word in fifty misheard"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare the speaking rate with the band."""
    rate_wpm = evidence.measures.speaking_rate_wpm
    if math.isnan(rate_wpm):
        return not_measured("no words were heard")
    verdict = judge_band(rate_wpm, low=limits.min_wpm, high=limits.max_wpm, error=limits.error_wpm)
    fast = rate_wpm > (limits.min_wpm + limits.max_wpm) / 2
    words = f"{evidence.measures.n_words} words"
    if verdict == "unsure":
        edge = limits.max_wpm if fast else limits.min_wpm
        words += f"; {abs(rate_wpm - edge):.1f} from the limit, too close to call"
    return CheckResult(
        verdict=verdict,
        value=rate_wpm,
        limit_min=limits.min_wpm,
        limit_max=limits.max_wpm,
        heard=evidence.measures.message,
        evidence=words,
        advice=(
            f"Slow down: in that time {_words_at(limits.max_wpm - limits.error_wpm, evidence)} words can be "
            f"followed, and you said {evidence.measures.n_words}. Leave some out."
            if fast
            else "Pick up the pace a little; long gaps lose the listener."
        ),
    )


def _words_at(rate_wpm: float, evidence: Evidence) -> int:
    """Words that a message of this length holds at a rate."""
    message = evidence.measures.message
    return 0 if message is None else math.floor(rate_wpm * message.duration_s / 60)


CHECK = Check(id="pace", title="Speaking pace", unit="words/min", priority=70, limits=Limits, judge=judge)
