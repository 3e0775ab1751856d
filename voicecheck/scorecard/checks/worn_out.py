"""Does it sound like everyone else?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, Tip, phrase_list
from voicecheck.scorecard.phrases import Match, SpokenText

TOLD_MAX = 3
"""Worn-out phrases that are told of one message."""


class Limits(check.Limits):
    """What everybody says."""

    role: check.Role = "tip"
    phrases: Phrases = phrase_list("worn_out", "phrases")
    unless: Phrases = phrase_list("worn_out", "unless")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Quote each worn-out phrase once.

    Parameters
    ----------
    evidence : Evidence
        The words of the message.
    limits : Limits
        The phrases, and their exceptions.

    Returns
    -------
    CheckResult or None
        How many there are, with a tip for each.
    """
    text = evidence.text
    found: dict[str, Match] = {}
    for match in text.meant(limits.phrases, limits.unless):
        if not _is_in_name(text, match):
            found.setdefault(match.phrase, match)
    tips = tuple(_tip(text, match) for match in list(found.values())[:TOLD_MAX])
    if not tips:
        return CheckResult(verdict="pass")
    return CheckResult(
        verdict="fail",
        evidence=", ".join(tip.quote for tip in tips),
        advice=tips[0].text,
        heard=tips[0].heard,
        quote=tips[0].quote,
        tips=tips,
    )


def _tip(text: SpokenText, match: Match) -> Tip:
    quote = text.quote(match.start, match.end)
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{quote.text.rstrip('.!?')}\N{RIGHT DOUBLE QUOTATION MARK}"
    return Tip(
        id="",
        text=f"Leave out {quoted}: everybody says it. Say what is in it for them.",
        heard=quote.heard,
        quote=quote.text,
    )


def _is_in_name(text: SpokenText, match: Match) -> bool:
    """Whether the words are those of a company: all of them, or the next one too, have a capital."""
    inside = [token for token in text.tokens[match.start : match.end] if not token.is_mark]
    after = text.tokens[match.end : match.end + 1]
    return all(token.is_name for token in inside) or (
        inside[-1].is_name and any(one.is_name for one in after)
    )


CHECK = Check(
    id="worn_out",
    title="Worn-out phrases",
    priority=95,
    limits=Limits,
    judge=judge,
    of_words=True,
)
