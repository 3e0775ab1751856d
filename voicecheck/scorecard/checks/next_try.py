"""Does all hang on their calling back?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, phrase_list, said


class Limits(check.Limits):
    """When you will try again, rather than only asking for a call back."""

    role: check.Role = "tip"
    asks: Phrases = phrase_list("next_try", "asks")
    promises: Phrases = phrase_list("next_try", "promises")
    unless: Phrases = phrase_list("next_try", "unless")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Look for what the caller will do, where a call is asked for or a number is left.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and whether a number is left.
    limits : Limits
        The phrases.

    Returns
    -------
    CheckResult or None
        About the words that ask for a call, or the number.
    """
    text = evidence.text
    asks = text.meant(limits.asks, limits.unless)
    if not asks and not evidence.full:
        return None
    if text.meant(limits.promises, limits.unless):
        return CheckResult(verdict="pass")
    return said(
        "fail",
        text.quote(asks[0].start, asks[0].end) if asks else text.quote_number(evidence.full[0]),
        "Say when you will try again, so you don't depend on them calling.",
        evidence="you don't say when you will try again",
    )


CHECK = Check(id="next_try", title="Next try", priority=85, limits=Limits, judge=judge, of_words=True)
