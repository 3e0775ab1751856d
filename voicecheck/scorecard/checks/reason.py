"""Is there a reason to call back?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, limit, phrase_list, said
from voicecheck.scorecard.phrases import ordinary_words


class Limits(check.Limits):
    """One concrete reason for the call: more than greetings, requests and empty phrases."""

    role: check.Role = "tip"
    max_other_words: int = limit(
        1, low=0, high=50, unit="words", source="a message in which no more words say anything else has none"
    )
    empty: Phrases = phrase_list("reason", "empty")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the words that are neither plain nor part of a phrase that gives no reason.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the phrases of other checks.
    limits : Limits
        How many words make a reason.

    Returns
    -------
    CheckResult or None
        How many words there are.
    """
    text = evidence.text
    asks = evidence.phrases("next_try", "asks")
    empty = (
        *limits.empty,
        *asks,
        *evidence.phrases("next_try", "promises"),
        *evidence.phrases("introduction", "who"),
        *evidence.phrases("prospect_name", "addresses"),
        *evidence.phrases("number_last", "closings"),
        *evidence.phrases("worn_out", "phrases"),
    )
    covered = {at for match in text.find(empty) for at in range(match.start, match.end)}
    others = [
        token
        for at, token in enumerate(text.tokens)
        if at not in covered
        and not token.is_mark
        and not token.is_name
        and token.text.isalpha()
        and token.text not in ordinary_words()
    ]
    if len(others) > limits.max_other_words:
        message = evidence.measures.message
        after = f"after {text.words[others[0].word].onset_s - message.onset_s:.1f} s" if message else ""
        return CheckResult(verdict="pass", evidence=after)
    asked = text.find(asks)
    return said(
        "fail",
        text.quote(asked[0].start, asked[0].end) if asked else text.quote(0, text.nth_word(10)),
        "Say why you call: one concrete reason is what makes somebody call back.",
        evidence="you don't say why you call",
    )


CHECK = Check(id="reason", title="Reason", priority=80, limits=Limits, judge=judge, of_words=True)
