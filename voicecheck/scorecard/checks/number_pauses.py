"""Does the listener get time to write: before the number and between its groups?

Measured in the signal, not between the recogniser's times: the longest silence between the middle of one
digit and the middle of the next. A number shown in three groups needs two such pauses; whoever groups it
otherwise has them elsewhere, so the two longest count.
"""

from __future__ import annotations

import re
from itertools import pairwise

from voicecheck.measures.pauses import longest_silence_s
from voicecheck.numbers.plan import display
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit
from voicecheck.timing import Interval, reaches

LEAD_S = 1.5
"""The pause before the number is the longest silence in so many seconds before the middle of its first digit;
a recogniser may set a word of its own between the two."""


class Limits(check.Limits):
    """Seconds of the shortest pause that the number needs: before it, and between its groups."""

    role: check.Role = "tip"
    min_s: float = limit(
        0.3, low=0, high=10, unit="s", source="ungrouped numbers by ear are worst (raanaas2002)"
    )
    target_s: float = limit(
        0.6,
        low=0,
        high=10,
        unit="s",
        at_least="min_s",
        source="at a fixed rate more pause is recalled better (aaronson1971, savino2020)",
    )
    error_s: float = limit(
        0.05, low=0, high=10, unit="s", source="where a soft sound ends is a matter of level"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Judge the saying with the shortest pauses.

    Parameters
    ----------
    evidence : Evidence
        The full recitations with their times, and the words before them.
    limits : Limits
        Limit and target, in seconds.

    Returns
    -------
    CheckResult or None
        Seconds.
    """
    measured = [(each, pause) for each in evidence.full for pause in _needed_pauses(each, evidence)]
    if not measured:
        return None
    saying, (pause_s, where) = min(measured, key=lambda pair: pair[1][0])
    verdict = judge_band(pause_s, low=limits.min_s, error=limits.error_s)
    what = f"shortest {where}"
    if verdict == "unsure":
        what += f"; {abs(pause_s - limits.min_s):.2f} s from the limit, too close to call"
    if verdict == "pass" and not reaches(pause_s, limits.target_s):
        what += f"; {limits.target_s:g} s is easier to follow"
    return CheckResult(
        verdict=verdict,
        value=pause_s,
        limit_min=limits.min_s,
        target=limits.target_s,
        heard=saying.interval,
        evidence=what,
        advice=f"Pause {limits.target_s:g} seconds {where}: the listener is still writing.",
    )


def _needed_pauses(saying: Recitation, evidence: Evidence) -> list[tuple[float, str]]:
    """Seconds and place of the pauses that a saying needs."""
    sounds, digits = evidence.hearing.sounds, saying.in_time
    middles_s = [(each.onset_s + each.offset_s) / 2 for each in digits]
    between = [
        longest_silence_s(sounds, Interval(onset_s=one, offset_s=max(one, other)))
        for one, other in pairwise(middles_s)
    ]
    n_groups = len(re.findall(r"\d+", display(saying.digits, region=evidence.region)))
    longest = sorted(between, reverse=True)[: n_groups - 1]
    needed = [(longest[-1], "between the groups of the number")] if longest else []
    words = evidence.hearing.transcript.words
    if words and words[0].onset_s < digits[0].onset_s:
        start_s = max(words[0].onset_s, middles_s[0] - LEAD_S)
        lead = Interval(onset_s=start_s, offset_s=middles_s[0])
        needed.append((longest_silence_s(sounds, lead), "before the number"))
    return needed


CHECK = Check(
    id="number_pauses",
    title="Number pauses",
    unit="s",
    priority=47,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"noise", "echo"}),
)
