"""Is the listener called by name?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, phrase_list, said
from voicecheck.scorecard.names import is_heard_as, name_parts
from voicecheck.scorecard.phrases import SpokenText


class Limits(check.Limits):
    """The listener's name."""

    role: check.Role = "tip"
    addresses: Phrases = phrase_list("prospect_name", "addresses")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Look for the listener's name; any name that is not the caller's, if theirs is not known.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the names that were given.
    limits : Limits
        In how many words it has to be said, and the phrases that address somebody.

    Returns
    -------
    CheckResult or None
        About the name that was heard.
    """
    text, prospect = evidence.text, evidence.prospect
    if _is_named(text, prospect) if prospect else _is_anybody_named(evidence, limits):
        return CheckResult(verdict="pass")
    whom = prospect or "the listener"
    return said(
        "fail",
        text.quote(0, text.nth_word(6)),
        f"Greet {whom} by name: it tells them that the message is for them.",
        evidence=f"{whom} is not named",
    )


def _is_anybody_named(evidence: Evidence, limits: Limits) -> bool:
    who = evidence.phrases("introduction", "who")
    introduced = [match for match in evidence.text.find(who) if "{name}" in match.phrase]
    return any(
        not any(one.start < match.end and match.start < one.end for one in introduced)
        for match in evidence.text.find(limits.addresses)
    )


def _is_named(text: SpokenText, prospect: str) -> bool:
    """Whether any part of a name is said, as well as a recogniser spells it."""
    parts = name_parts(prospect)
    return not parts or any(is_heard_as(part, token) for part in parts for token in set(text.tokens))


CHECK = Check(
    id="prospect_name",
    title="Their name",
    priority=90,
    limits=Limits,
    judge=judge,
    of_words=True,
)
