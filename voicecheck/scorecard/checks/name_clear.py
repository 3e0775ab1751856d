"""Could the caller's name be made out?"""

from __future__ import annotations

from collections.abc import Iterator

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, limit, said
from voicecheck.scorecard.names import own_names


class Limits(check.Limits):
    """Your name, clear enough for somebody who hears it for the first time."""

    role: check.Role = "tip"
    min_percent: float = limit(
        30,
        low=0,
        high=100,
        unit="% sure",
        source="of names that a recogniser spelled rightly, 95 % were above; of others, two thirds",
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Ask the recogniser how sure it was of the name, where it stands as clearly as anywhere.

    Parameters
    ----------
    evidence : Evidence
        The words with the recogniser's certainty, and the name of the rep.
    limits : Limits
        The least certainty, in percent.

    Returns
    -------
    CheckResult or None
        Percent; None where no name was said.
    """
    names = list(_names(evidence))
    if not names:
        return None
    text = evidence.text
    places = {place: [text.words[word].probability for word in place] for place in names}
    best = max(names, key=lambda place: min(places[place]))
    percent = 100 * min(places[best])
    quote = text.quote_words(best[0], best[-1])
    heard = f"made out with {percent:.0f} % certainty"
    if percent >= limits.min_percent:
        return CheckResult(verdict="pass", value=percent, limit_min=limits.min_percent, evidence=heard)
    return said(
        "fail",
        quote,
        "Say your name more slowly: it could hardly be made out.",
        value=percent,
        limit_min=limits.min_percent,
        evidence=heard,
    )


def _names(evidence: Evidence) -> Iterator[tuple[int, ...]]:
    """Find the transcript's words that are the caller's name, wherever it is said."""
    for name in own_names(evidence):
        yield tuple(dict.fromkeys(evidence.text.tokens[at].word for at in name))


CHECK = Check(
    id="name_clear",
    title="Name clear",
    priority=80,
    limits=Limits,
    judge=judge,
    of_words=True,
)
