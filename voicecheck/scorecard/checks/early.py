"""Did the rep wait for the beep?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence
from voicecheck.scorecard.sentences import counted


class Limits(check.Limits):
    """Nothing said before the mailbox listens; only where a greeting and a beep are on the recording."""

    role: check.Role = "tip"


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Name the words that the mailbox did not record.

    Parameters
    ----------
    evidence : Evidence
        The rep's part, and the words that were said before it.
    limits : Limits
        Nothing but its role.

    Returns
    -------
    CheckResult or None
        None where no word was lost.
    """
    del limits
    lost = evidence.hearing.part.lost_words
    if not lost:
        return None
    n_lost = len(lost.split())
    words = "word" if n_lost == 1 else counted(n_lost, "word")
    return CheckResult(
        verdict="fail",
        evidence=f"{counted(n_lost, 'word')} before the beep",
        advice=f"Wait for the beep: your first {words} fell before the beep.",
        quote=lost,
    )


CHECK = Check(id="early", title="Waited for the beep", priority=35, limits=Limits, judge=judge)
