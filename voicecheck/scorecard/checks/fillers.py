"""Do fillers get in the way? Recognisers leave most of them out, so what is counted is a lower bound."""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, limit, phrase_list, said


class Limits(check.Limits):
    """Words that fill a gap, such as "um" and "you know"."""

    role: check.Role = "tip"
    max_per_100_words: float = limit(3.0, low=0, high=100)
    min_count: int = limit(3, low=1, high=100)
    phrases: Phrases = phrase_list("fillers", "phrases")
    unless: Phrases = phrase_list("fillers", "unless")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the fillers; few of them say nothing, for most are not heard.

    Parameters
    ----------
    evidence : Evidence
        The words of the message.
    limits : Limits
        The phrases, and how many are too many.

    Returns
    -------
    CheckResult or None
        How many there are.
    """
    text = evidence.text
    found = text.meant(limits.phrases, limits.unless)
    n_words = text.n_words
    if len(found) < limits.min_count or 100 * len(found) <= limits.max_per_100_words * n_words:
        return None
    return said(
        "fail",
        text.quote(found[0].start, found[0].end),
        f"Leave the fillers out: {len(found)} in {n_words} words. A pause sounds more confident.",
        value=100 * len(found) / n_words,
        limit_max=limits.max_per_100_words,
        evidence=f"{len(found)} in {n_words} words",
    )


CHECK = Check(id="fillers", title="Fillers", priority=100, limits=Limits, judge=judge, of_words=True)
