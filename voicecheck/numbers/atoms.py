"""The smallest pieces of a spoken number: "double five", "forty-six", "555"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from voicecheck.english import (
    CLOCK_ENDINGS,
    COUNTED,
    CURRENCY_MARKS,
    DASHES,
    EXTENSION_WORDS,
    FILLER_PHRASES,
    FILLERS,
    GLUED_BEFORE,
    GLUED_BEHIND,
    LINK_WORDS,
    MULTIPLIERS,
    OH_WORDS,
    PLURALS,
    SCALES,
    TEENS,
    TENS,
    TIGHT_MARKS,
    UNITS,
)
from voicecheck.numbers.tokens import Token, TokenKind

Span = tuple[int, int]

LINK_MAX = 8
"""Marks and fillers, in tokens, that one number can hold between two of its groups."""


class Joint(IntEnum):
    """How firmly two neighbouring pieces of a run hang together, loosest last."""

    TIGHT = 0
    SPACE = 1
    PAUSE = 2
    STOP = 3


@dataclass(frozen=True, kw_only=True)
class Atom:
    """The smallest piece that gives digits: a word, a phrase such as "double five", a numeral.

    Parameters
    ----------
    digits : str
        One or more digits.
    spans : tuple of (int, int), one per digit
        Places in the text; digits that come from one phrase share its span.
    first, last : int
        Indices of its first and last token.
    joint : Joint
        What stands between this atom and the one before it; STOP for the first of a run.
    numeral : bool
        Written in figures, so that every digit has its own place.
    lettered : bool
        Letters to be looked up on the keypad.
    words : tuple of (int, int)
        Places of those letters, word by word.
    mark : str
        ".", "-" or "/" if one, written tightly or said, joins it to the atom before; else empty.
    optional : bool
        May be no digit at all: "oh" at an edge, "for" and "to" between digits.
    quantity : bool
        Part of a quantity ("eighteen thousand eight hundred"), so of no telephone number.
    """

    digits: str
    spans: tuple[Span, ...]
    first: int
    last: int
    joint: Joint = Joint.STOP
    numeral: bool = False
    lettered: bool = False
    words: tuple[Span, ...] = ()
    mark: str = ""
    optional: bool = False
    quantity: bool = False

    def tail(self, n: int) -> Atom:
        """Leave out the first `n` digits of a numeral.

        Parameters
        ----------
        n : int
            Fewer than it has.

        Returns
        -------
        Atom
            The same token, with the digits that are left.
        """
        return replace(self, digits=self.digits[n:], spans=self.spans[n:], joint=Joint.TIGHT)

    def head(self, n: int) -> Atom:
        """Keep the first `n` digits of a numeral.

        Parameters
        ----------
        n : int
            Fewer than it has.

        Returns
        -------
        Atom
            The same token, with these digits.
        """
        return replace(self, digits=self.digits[:n], spans=self.spans[:n])


def is_glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether the numeral at `at` is part of a code or an ordinal: "86221d", "P0", "2nd".

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        The numeral's place.

    Returns
    -------
    bool
        False where a blank parts them.
    """
    token = tokens[at]
    if token.kind is not TokenKind.NUMERAL:
        return False
    before = tokens[at - 1] if at and not token.spaced else None
    if before and before.kind is TokenKind.WORD and not _is_run_on(before, GLUED_BEFORE):
        return True
    after = tokens[at + 1] if at + 1 < len(tokens) and not tokens[at + 1].spaced else None
    if after is None or after.kind is not TokenKind.WORD:
        return False
    return after.text not in CLOCK_ENDINGS and not _is_run_on(after, GLUED_BEHIND)


def _is_run_on(word: Token, words: frozenset[str]) -> bool:
    """Whether a word beside a numeral merely lost its blank: "is416-555-0198"; in capitals it is a code."""
    return word.text in EXTENSION_WORDS or (word.text in words and not word.upper)


def link_width(tokens: Sequence[Token], at: int) -> int:
    """How many tokens from `at` on form one link that a number may hold; 0 if they end it.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        The first token behind an atom.

    Returns
    -------
    int
        In tokens.
    """
    token = tokens[at]
    if token.kind is TokenKind.MARK:
        is_link = token.text in TIGHT_MARKS or token.text in "…,;!?" or token.text[0] == "."
        return 1 if is_link or token.text in CURRENCY_MARKS else 0
    if token.text in LINK_WORDS or token.text in FILLERS:
        return 1
    for width in (2, 3):
        if tuple(word.text for word in tokens[at : at + width]) in FILLER_PHRASES:
            return width
    return 0


def joint_of(links: Sequence[Token], after: Token) -> Joint:
    """How firmly the links between two atoms hold them together; `after` is the next atom's token.

    Parameters
    ----------
    links : sequence of Token
        What stands between them; may be nothing.
    after : Token
        It tells whether a new sentence or a new word begins.

    Returns
    -------
    Joint
        The weakest of its links.
    """
    if not links:
        if after.newline:
            return Joint.STOP
        return Joint.SPACE if after.spaced else Joint.TIGHT
    spaced_after = [token.spaced for token in (*links[1:], after)]
    strength = Joint.SPACE if after.spaced or links[0].spaced else Joint.TIGHT
    for link, spaced in zip(links, spaced_after, strict=True):
        strength = max(strength, _link_joint(link, spaced))
    if any(token.newline for token in (*links, after)):
        return Joint.STOP
    return strength


def mark_of(links: Sequence[Token]) -> str:
    """Give the mark, written or said, that joins two atoms.

    Parameters
    ----------
    links : sequence of Token
        What stands between them.

    Returns
    -------
    str
        Such as "-" or "."; empty if there is none.
    """
    texts = {link.text for link in links}
    if texts & {".", "dot"}:
        return "."
    if "/" in texts:
        return "/"
    return "-" if texts & (DASHES | {"dash", "hyphen"}) else ""


def _link_joint(link: Token, spaced_after: bool) -> Joint:
    """Judge one link by the white space around it."""
    if link.text in LINK_WORDS:
        return Joint.SPACE
    if link.kind is TokenKind.WORD or link.text in CURRENCY_MARKS:
        return Joint.PAUSE
    if link.text in DASHES:
        return Joint.PAUSE if link.spaced and spaced_after else Joint.TIGHT
    if link.text in "()[]":
        return Joint.TIGHT
    if link.text in ".;:?!" and spaced_after:
        return Joint.STOP
    return Joint.TIGHT if link.text in TIGHT_MARKS else Joint.PAUSE


def read_atom(tokens: Sequence[Token], at: int) -> Atom | None:
    """Read the digits that start at token `at`; None if none surely do.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        Its first token.

    Returns
    -------
    Atom or None
        With the place of its last token.
    """
    token = tokens[at]
    if token.kind is TokenKind.NUMERAL:
        return _numeral(tokens, at)
    if token.text in MULTIPLIERS:
        return _multiplied(tokens, at)
    small = _small(tokens, at)
    if small is None or (small[0] == "1" and _word_at(tokens, at + 1) in COUNTED):
        return None
    digits, last = small
    plural = _word_at(tokens, last + 1)
    if plural in PLURALS and digits in ("2", "3", "4"):
        return _phrase(tokens, at, last + 1, PLURALS[plural] * int(digits))
    return _scaled(tokens, at, last, digits)


def _small(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Read a number word below a hundred ("four", "twelve", "forty six"): its digits, its last token."""
    word = _word_at(tokens, at)
    if word in TENS:
        after = _skip_dash(tokens, at + 1)
        unit = UNITS.get(_word_at(tokens, after), "0")
        return (TENS[word], at) if unit == "0" else (TENS[word][0] + unit, after)
    digits = UNITS.get(word) or TEENS.get(word)
    return (digits, at) if digits else None


def _numeral(tokens: Sequence[Token], at: int) -> Atom:
    token = tokens[at]
    if len(token.text) <= 2 and _word_at(tokens, at + 1) in ("hundred", "thousand"):
        return _scaled(tokens, at, at, token.text)
    spans = tuple((place, place + 1) for place in range(token.start, token.end))
    return Atom(digits=token.text, spans=spans, first=at, last=at, numeral=True)


def _multiplied(tokens: Sequence[Token], at: int) -> Atom | None:
    """Read "double five", "triple-oh" and "double 07", where only the first figure is doubled."""
    times = MULTIPLIERS[tokens[at].text]
    after = _skip_dash(tokens, at + 1)
    if after >= len(tokens) or is_glued(tokens, after):
        return None
    token = tokens[after]
    if token.kind is TokenKind.NUMERAL:
        first = (tokens[at].start, token.start + 1)
        rest = tuple((place, place + 1) for place in range(token.start + 1, token.end))
        digits = token.text[0] * times + token.text[1:]
        return Atom(digits=digits, spans=(first,) * times + rest, first=at, last=after)
    digit = "0" if token.text in OH_WORDS else UNITS.get(token.text)
    digit = digit or PLURALS.get(token.text)
    return _phrase(tokens, at, after, digit * times) if digit else None


def _scaled(tokens: Sequence[Token], first: int, last: int, digits: str) -> Atom:
    """Read on through "hundred" and "thousand": "nine hundred" is 900, "seven thousand" 7000."""
    scale = _skip_dash(tokens, last + 1)
    word = _word_at(tokens, scale)
    if word == "hundred":
        rest = _cardinal_rest(tokens, scale + 1)
        if rest:
            return _phrase(tokens, first, rest[1], str(int(digits) * 100 + rest[0]))
        quantity = _word_at(tokens, scale + 1) in SCALES | {"thousand"}
        return _phrase(tokens, first, scale, digits + "00", quantity=quantity)
    if word == "thousand":
        quantity = _goes_on(tokens, scale + 1)
        return _phrase(tokens, first, scale, digits + "000", quantity=quantity)
    return _phrase(tokens, first, last, digits, quantity=word in SCALES)


def _cardinal_rest(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read "and twelve" after "five hundred"; gives the value and the last token."""
    if _word_at(tokens, at) != "and":
        return None
    small = _small(tokens, at + 1)
    return (int(small[0]), small[1]) if small else None


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a quantity goes on after "thousand"."""
    return _small(tokens, at + (_word_at(tokens, at) == "and")) is not None


def _word_at(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) and tokens[at].kind is TokenKind.WORD else ""


def _skip_dash(tokens: Sequence[Token], at: int) -> int:
    """Step over a hyphen without white space, as in "forty-six"."""
    is_dash = at + 1 < len(tokens) and tokens[at].text in DASHES
    return at + 1 if is_dash and not tokens[at].spaced and not tokens[at + 1].spaced else at


def _phrase(tokens: Sequence[Token], first: int, last: int, digits: str, *, quantity: bool = False) -> Atom:
    span = (tokens[first].start, tokens[last].end)
    return Atom(digits=digits, spans=(span,) * len(digits), first=first, last=last, quantity=quantity)


def word_atom(digits: str, token: Token, at: int, *, optional: bool) -> Atom:
    """Make an atom of a token that is a digit.

    Parameters
    ----------
    digits : str
        One digit, or zeros that were written as letters.
    token : Token
        A word such as "five" or "oh".
    at : int
        Its place.
    optional : bool
        Whether it may as well be no digit: "oh", "for".

    Returns
    -------
    Atom
        Of one token.
    """
    span = (token.start, token.end)
    return Atom(digits=digits, spans=(span,) * len(digits), first=at, last=at, optional=optional)
