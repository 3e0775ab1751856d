"""Text to tokens: words, numerals and marks, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import NamedTuple

# Marks that nobody sees, as in text from a web page: soft hyphen, zero-width blanks, directions.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"

# A numeral may hold the letter O for a zero ("555 O1O2"), as long as it holds a digit and stands alone.
_TOKEN = re.compile(
    r"(?P<mixed>(?<![^\W_])[Oo]*\d[\dOo]*(?![^\W_]))"
    r"|(?P<numeral>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
    rf"|(?P<mark>\.{{2,}}|[^\s{_INVISIBLE}])"
)


class TokenKind(Enum):
    """What a token is made of."""

    WORD = auto()
    NUMERAL = auto()
    MARK = auto()


class Token(NamedTuple):
    """One word, numeral or mark.

    `text` is lower case with straight apostrophes; a numeral's text is ASCII digits. `start` and `end`
    are its place in the text it came from. `spaced` tells whether white space (or the start of the
    text) stands before it, `newline` whether that white space holds a line break, `upper` whether it
    was written in capitals, `title` whether it was written with a capital and small letters.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    spaced: bool
    newline: bool
    upper: bool
    title: bool


def tokenize(text: str) -> list[Token]:
    """Cut `text` into tokens, white space left out.

    Parameters
    ----------
    text : str
        In any spelling.

    Returns
    -------
    list of Token
        Each with its place in the text.

    Examples
    --------
    >>> [token.text for token in tokenize("Call 555-O123...")]
    ['call', '555', '-', '0123', '...']
    """
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        start, raw, before = match.start(), match.group(), text[end : match.start()]
        kind, key = _KIND[str(match.lastgroup)], raw
        if kind is TokenKind.NUMERAL:
            key = "".join("0" if char in "Oo" else str(unicodedata.decimal(char)) for char in raw)
        elif kind is TokenKind.WORD:
            key = raw.lower().replace("\u2019", "'")
        end = match.end()
        spaced = bool(before) or start == 0
        tokens.append(
            Token(
                kind, key, start, end, spaced, "\n" in before, raw.isupper(), raw.istitle() and len(raw) > 1
            )
        )
    return tokens


_KIND = {
    "mixed": TokenKind.NUMERAL,
    "numeral": TokenKind.NUMERAL,
    "word": TokenKind.WORD,
    "mark": TokenKind.MARK,
}
