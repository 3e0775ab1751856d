"""Names in the words of a message: whose they are, and how a recogniser may have spelled them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from voicecheck.scorecard.check import Evidence
from voicecheck.scorecard.phrases import PhraseToken, ordinary_words

ALIKE_MIN, NAME_ALIKE_MIN, SOUND_ALIKE_MIN = 80.0, 50.0, 75.0
"""Per cent of shared letters from which a word is a name misspelt; of a word with a capital, if it also
begins with the same sound; and of the sounds of the two (Metaphone)."""


def name_parts(name: str | None) -> list[str]:
    """Part a name into its words.

    Parameters
    ----------
    name : str or None
        As it was given.

    Returns
    -------
    list of str
        In small letters, initials left out.

    Examples
    --------
    >>> name_parts("Ann M. O'Brien"), name_parts(None)
    (['ann', 'brien'], [])
    """
    return [part.lower() for part in re.findall(r"[^\W\d_]{2,}", name or "")]


def is_heard_as(part: str, token: PhraseToken) -> bool:
    """Whether a word is part of a name, as well as a recogniser spells it.

    Parameters
    ----------
    part : str
        One word of the name, in small letters.
    token : PhraseToken
        A word of the message.

    Returns
    -------
    bool
        True for the same letters, for most of them, and for a name that sounds the same.
    """
    import jellyfish
    from rapidfuzz.fuzz import ratio

    if part == token.text:
        return True
    if len(token.text) < 2 or token.is_mark:
        return False
    alike = ratio(part, token.text)
    if alike >= ALIKE_MIN and len(part) > 3 and (token.is_name or token.text not in ordinary_words()):
        return True
    sound, other = jellyfish.metaphone(part), jellyfish.metaphone(token.text)
    short, long = sorted((sound, other), key=len)
    begins_alike = len(short) > 1 and long.startswith(short)
    return (
        token.is_name
        and alike >= NAME_ALIKE_MIN
        and sound[:1] == other[:1]
        and (begins_alike or ratio(sound, other) >= SOUND_ALIKE_MIN)
    )


def own_names(evidence: Evidence) -> Iterator[tuple[int, ...]]:
    """Find where the caller says who they are.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the phrases that introduce somebody.

    Yields
    ------
    tuple of int
        The tokens of the name, in the order said.
    """
    text = evidence.text
    who = evidence.phrases("introduction", "who")
    for match in text.find([phrase for phrase in who if "{name}" in phrase]):
        places = range(match.start, match.end)
        later = dropwhile(lambda at: not text.tokens[at].is_name, places)
        name = tuple(takewhile(lambda at: text.tokens[at].is_name, later))  # not the firm's behind it
        if name:
            yield name
