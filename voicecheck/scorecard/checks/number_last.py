"""Would a cut-off at the end take the number?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, limit, phrase_list, said

EDGE_S = 0.05
"""A word may start so much before the number's last digit has ended, and still come after it."""


class Limits(check.Limits):
    """The number said once, and after it nothing that a cut-off could take instead."""

    role: check.Role = "tip"
    max_other_words: int = limit(
        2, low=0, high=50, unit="words", source="so few words after the number are cut off with it"
    )
    closings: Phrases = phrase_list("number_last", "closings")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the words after a number that is said a single time.

    Parameters
    ----------
    evidence : Evidence
        The full recitations, and the words behind the last.
    limits : Limits
        How many words are too many, and the phrases that do not count.

    Returns
    -------
    CheckResult or None
        Words; None where the number is said again, or not at all.
    """
    if [each.full for each in evidence.recitations] != [True]:
        return None
    (number,) = evidence.recitations
    text = evidence.text
    closings = {at for match in text.find(limits.closings) for at in range(match.start, match.end)}
    after = [
        token
        for at, token in enumerate(text.tokens)
        if at not in closings
        and not token.is_mark
        and text.words[token.word].onset_s >= number.interval.offset_s - EDGE_S
    ]
    if len(after) > limits.max_other_words:
        return CheckResult(verdict="pass")
    return said(
        "fail",
        text.quote_number(number),
        "Give the number before your last sentence, or say it twice: if the end is cut off, it is lost.",
        evidence="the number is the last thing said",
    )


CHECK = Check(
    id="number_last",
    title="Number not last",
    priority=55,
    limits=Limits,
    judge=judge,
    of_words=True,
)
