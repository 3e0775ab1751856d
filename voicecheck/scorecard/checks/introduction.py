"""Is it said early who calls, and from where?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, limit, phrase_list, said
from voicecheck.scorecard.phrases import Match, SpokenText

NEAR = 10
"""Who and where belong together if there are no more words between them."""


class Limits(check.Limits):
    """Who you are and where you are from, early."""

    role: check.Role = "tip"
    within_words: int = limit(25, low=5, high=200, unit="words")
    who: Phrases = phrase_list("introduction", "who")
    where: Phrases = phrase_list("introduction", "where")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Look for a name and a company in the first words.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the names that were given.
    limits : Limits
        In how many words it has to be said, and the phrases.

    Returns
    -------
    CheckResult or None
        About the first words.
    """
    text = evidence.text
    end = text.nth_word(limits.within_words)
    who = [match for match in text.find(limits.who) if match.start < end]
    where = [match for match in text.find(limits.where) if match.start < end]
    if any(one.start - NEAR <= other.end and other.start <= one.end + NEAR for one in who for other in where):
        after = (f"name after {_after_s(evidence, who[0])}", f"company after {_after_s(evidence, where[0])}")
        return CheckResult(verdict="pass", evidence=", ".join(after))
    addresses = evidence.phrases("prospect_name", "addresses")
    called = [match for match in text.find(addresses) if match.phrase[0] != ","]
    n_names = _count_names(text, end, called)
    n_outside = _count_names(text, end, [*called, *where])
    if n_names > 1 or (where and n_outside):  # "Ann, Bob Lee, Acme Tools", "Ann, Bob Lee, I'm the agent for"
        return CheckResult(verdict="pass")
    missing = (
        "where you are from" if who else "who you are" if where else "who you are and where you are from"
    )
    return said(
        "fail",
        text.quote(0, min(end, text.nth_word(10))),
        f"Say {missing} in the first sentence: nobody calls a stranger back.",
        evidence=f"you don't say {missing}",
    )


def _after_s(evidence: Evidence, match: Match) -> str:
    """Seconds from the first word of the message to a phrase."""
    message, text = evidence.measures.message, evidence.text
    onset_s = text.quote(match.start, match.end).heard.onset_s
    return f"{onset_s - message.onset_s:.1f} s" if message else ""


def _count_names(text: SpokenText, end: int, but_for: Sequence[Match]) -> int:
    """Names before `end` outside the matches, marks between them."""
    inside = {at for match in but_for for at in range(match.start, match.end)}
    names = [token.is_name and at not in inside for at, token in enumerate(text.tokens[:end])]
    return sum(is_name and not before for before, is_name in pairwise([False, *names]))


CHECK = Check(
    id="introduction",
    title="Who is calling",
    priority=75,
    limits=Limits,
    judge=judge,
    of_words=True,
)
