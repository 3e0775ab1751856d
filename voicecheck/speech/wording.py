"""How far words are a mailbox's or a rep's, each by what it weighs in many texts of both.

Conventions
-----------
What is said is a row of plain words and of pairs that follow each other; digits, however many, are one word,
`NUMBER`. Each word and pair has a weight: the logarithm (natural) of the odds that a mailbox says it and no
rep, other words being equal. The weights are those of a logistic regression over sentences, fitted by
``training.mailbox_words``; what stood in none of its texts weighs nothing. `models/greeting.md` is their
card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.english import OH_WORDS, UNITS
from voicecheck.speech.transcript import Word

NUMBER = "#"
_WORD = re.compile(r"[a-zà-öø-ÿ']+|[0-9]+")


def plain_words(text: str) -> list[str]:
    """Write a text as the words that are weighed.

    Parameters
    ----------
    text : str
        As a recogniser writes it, or as it was written to be read aloud.

    Returns
    -------
    list of str
        In lower case and without marks, every run of digits as `NUMBER`.

    Examples
    --------
    >>> plain_words("You've reached 415, five five five!")
    ["you've", 'reached', '#']
    """
    plain = text.lower().replace("’", "'")  # noqa: RUF001
    names = [
        NUMBER if word.isdigit() or word in UNITS or word in OH_WORDS else word
        for word in _WORD.findall(plain)
    ]
    return [
        name
        for place, name in enumerate(names)
        if name != NUMBER or names[max(0, place - 1)] != NUMBER or not place
    ]


def mailbox_odds(words: Sequence[Word], weights: Mapping[str, float] | None = None) -> NDArray[np.float64]:
    """Weigh every word, together with the pair that ends in it.

    Parameters
    ----------
    words : sequence of Word
        In time order.
    weights : mapping of float, or None
        Of words, and of pairs with a blank between; None takes those that were fitted.

    Returns
    -------
    np.ndarray, shape=(n_words,), dtype=float64
        Positive where a mailbox says it, negative where a rep does.
    """
    weights = word_weights() if weights is None else weights
    odds, last = np.zeros(len(words)), ""
    for place, word in enumerate(words):
        for name in plain_words(word.text):
            if name == NUMBER == last:
                continue
            odds[place] += weights.get(name, 0.0) + weights.get(f"{last} {name}", 0.0)
            last = name
    return odds


def terms(names: Sequence[str]) -> list[str]:
    """List words and pairs, as they are weighed.

    Parameters
    ----------
    names : sequence of str
        From `plain_words`.

    Returns
    -------
    list of str
        The words, then the pairs.
    """
    return [*names, *(" ".join(pair) for pair in pairwise(names))]


@cache
def word_weights() -> dict[str, float]:
    """Read the weights that were fitted, once.

    Returns
    -------
    dict of float
        By word and pair.
    """
    from voicecheck.speech.catalog import resource_path

    kept: dict[str, float] = json.loads(resource_path("greeting.json").read_text(encoding="utf-8"))["words"]
    return kept
