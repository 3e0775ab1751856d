"""Does the listener wait for the message to start, or to end?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Tip, limit
from voicecheck.scorecard.sentences import counted


class Limits(check.Limits):
    """Seconds of nothing before the first sound or after the last."""

    role: check.Role = "tip"
    max_s: float = limit(
        3.0, low=0, high=600, unit="s", source="who hears nothing for so long thinks that nobody is there"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare the silence at both ends with the limit.

    Parameters
    ----------
    evidence : Evidence
        Its sounds and the rep's part of the recording.
    limits : Limits
        The longest silence at either end, in seconds.

    Returns
    -------
    CheckResult or None
        In seconds; None without a message.
    """
    lead_s, tail_s = evidence.measures.condition.lead_s, evidence.measures.condition.tail_s
    texts = []
    if lead_s > limits.max_s:
        texts.append(f"Speak right after the tone: {_seconds(lead_s)} of silence at the start.")
    if tail_s > limits.max_s:
        texts.append(f"Hang up when you have said it: {_seconds(tail_s)} of silence at the end.")
    return CheckResult(
        verdict="fail" if texts else "pass",
        value=max(lead_s, tail_s),
        limit_max=limits.max_s,
        evidence=f"{lead_s:.1f} s at the start, {tail_s:.1f} s at the end",
        advice=" ".join(texts),
        tips=tuple(Tip(id="", text=text) for text in texts),
    )


def _seconds(duration_s: float) -> str:
    return counted(round(duration_s), "second")


CHECK = Check(id="dead_air", title="Silence around it", priority=105, limits=Limits, judge=judge)
