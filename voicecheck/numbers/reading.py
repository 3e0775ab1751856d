"""Tokens to runs of digits: what was said, before anyone asks what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from voicecheck.numbers import lexicon
from voicecheck.numbers.tokens import Kind, Token

Span = tuple[int, int]

_LINK_MAX = 8
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
    mark: str = ""
    optional: bool = False
    quantity: bool = False

    def tail(self, n: int) -> Atom:
        """Leave out the first `n` digits of a numeral."""
        return replace(self, digits=self.digits[n:], spans=self.spans[n:], joint=Joint.TIGHT)

    def head(self, n: int) -> Atom:
        """Keep the first `n` digits of a numeral."""
        return replace(self, digits=self.digits[:n], spans=self.spans[:n])


@dataclass(frozen=True, kw_only=True)
class Run:
    """Atoms with nothing but pauses, marks and fillers between them.

    Parameters
    ----------
    atoms : tuple of Atom
        At least one.
    plus : Token or None
        The "plus" or "+" before the first atom.
    broken : bool
        Glued to letters, as part of a code such as "P0-001".
    """

    atoms: tuple[Atom, ...]
    plus: Token | None = None
    broken: bool = False

    @property
    def digits(self) -> str:
        """All digits in a row, without the plus."""
        return "".join(atom.digits for atom in self.atoms)

    @property
    def spans(self) -> tuple[Span, ...]:
        """One place in the text per digit."""
        return tuple(span for atom in self.atoms for span in atom.spans)


def read_runs(tokens: Sequence[Token]) -> list[Run]:
    """Find every maximal run of digits, spoken or written, in the order said."""
    return _Reader(tokens).read()


class _Reader:
    """One pass over the tokens, collecting atoms into runs."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.runs: list[Run] = []
        self.atoms: list[Atom] = []
        self.plus: Token | None = None
        self.broken = False
        self.link_from = 0

    def read(self) -> list[Run]:
        """Read all tokens."""
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        self._close()
        return self.runs

    def _step(self, at: int) -> int:
        """Use the token at `at`, and return the index of the next one to look at."""
        token = self.tokens[at]
        if token.text in lexicon.PLUS_WORDS:
            self._close()
            self.plus, self.link_from = token, at + 1
            return at + 1
        if is_glued(self.tokens, at):
            self._break_at(at)
            return at + 1
        atom = read_atom(self.tokens, at) or self._doubtful(at)
        if atom:
            self._add(atom)
            return atom.last + 1
        width = link_width(self.tokens, at)
        if width and token.text == "area" and not self._in_country_code():
            width = 0
        if not width or at + width - self.link_from > _LINK_MAX:
            self._close()
            self.link_from = at + max(width, 1)
        return at + max(width, 1)

    def _in_country_code(self) -> bool:
        return "".join(atom.digits for atom in self.atoms) == "1" or bool(self.plus)

    def _add(self, atom: Atom) -> None:
        if self.plus and self.atoms and self._is_bracketed_zero(atom):
            return
        links = self.tokens[self.link_from : atom.first]
        if self.atoms:
            joint = joint_of(links, self.tokens[atom.first])
            atom = replace(atom, joint=joint, mark=_mark_of(links) if joint <= Joint.SPACE else "")
        else:
            self.broken = self._touches_code(atom.first)
        self.atoms.append(atom)
        self.link_from = atom.last + 1

    def _is_bracketed_zero(self, atom: Atom) -> bool:
        """+44 (0) 20 is a way to write two numbers in one; the zero is not dialled after a plus."""
        marks = [token.text for token in self.tokens[atom.first - 1 : atom.last + 2]]
        return marks == ["(", "0", ")"]

    def _close(self) -> None:
        if self.atoms:
            self.runs.append(Run(atoms=tuple(self.atoms), plus=self.plus, broken=self.broken))
        self.atoms, self.plus, self.broken = [], None, False

    def _break_at(self, at: int) -> None:
        """End the run at a numeral glued to letters; what hangs on it tightly is a code as well."""
        if self.atoms and self._tight(self.link_from, at):
            self.broken = True
        self._close()
        self.link_from = at + 1

    def _tight(self, start: int, end: int) -> bool:
        """Whether no white space stands before any of the tokens from `start` to `end`."""
        return not any(token.spaced for token in self.tokens[start : end + 1])

    def _touches_code(self, at: int) -> bool:
        """Whether tight marks lead back from `at` to a glued numeral, or a hash mark stands there."""
        while at > 0 and not self.tokens[at].spaced:
            at -= 1
            token = self.tokens[at]
            if token.kind is not Kind.MARK:
                return token.kind is Kind.NUMERAL and is_glued(self.tokens, at)
        return False

    def _doubtful(self, at: int) -> Atom | None:
        """Read "oh" and the homophones, which are digits only in the company of digits."""
        token = self.tokens[at]
        in_run = bool(self.atoms) and at - self.link_from <= _LINK_MAX
        if token.text in lexicon.OH_WORDS:
            if self._leads_to_digit(at + 1):
                return _word_atom("0", token, at, optional=not self.atoms)
            if in_run and (at == self.link_from or not self._exclaims(at + 1)):
                return _word_atom("0", token, at, optional=True)
        elif token.text in lexicon.HOMOPHONES and in_run and at == self.link_from:
            after = read_atom(self.tokens, at + 1) if at + 1 < len(self.tokens) else None
            # "2018 to 2022" is a range; a homophone stands between digits said one by one.
            if after and len(after.digits) == len(self.atoms[-1].digits) == 1:
                return _word_atom(lexicon.HOMOPHONES[token.text], token, at, optional=True)
        return None

    def _leads_to_digit(self, at: int) -> bool:
        """Whether links and further "oh"s, if any, lead to a digit."""
        stop = min(len(self.tokens), at + _LINK_MAX)
        while at < stop and not self._is_sure(at):
            is_oh = self.tokens[at].text in lexicon.OH_WORDS
            width = 1 if is_oh else link_width(self.tokens, at)
            if not width:
                return False
            at += width
        return at < stop

    def _is_sure(self, at: int) -> bool:
        return not is_glued(self.tokens, at) and read_atom(self.tokens, at) is not None

    def _exclaims(self, at: int) -> bool:
        """Whether the words from `at` on make an exclamation of "oh": "oh, and by the way"."""
        at += at < len(self.tokens) and self.tokens[at].text == ","
        return at < len(self.tokens) and self.tokens[at].text in lexicon.AFTER_EXCLAMATION


def is_glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether the numeral at `at` is part of a code or an ordinal: "86221d", "P0", "2nd"."""
    token = tokens[at]
    if token.kind is not Kind.NUMERAL:
        return False
    before = tokens[at - 1] if at and not token.spaced else None
    if before and before.kind is Kind.WORD and before.text not in lexicon.EXTENSION_WORDS:
        return True
    after = tokens[at + 1] if at + 1 < len(tokens) and not tokens[at + 1].spaced else None
    if after is None or after.kind is not Kind.WORD:
        return False
    return after.text not in lexicon.EXTENSION_WORDS | lexicon.CLOCK_ENDINGS


def link_width(tokens: Sequence[Token], at: int) -> int:
    """How many tokens from `at` on form one link that a number may hold; 0 if they end it."""
    token = tokens[at]
    if token.kind is Kind.MARK:
        is_link = token.text in lexicon.TIGHT_MARKS or token.text in "…,;!?" or token.text[0] == "."
        return 1 if is_link or token.text in lexicon.CURRENCY_MARKS else 0
    if token.text in lexicon.LINK_WORDS or token.text in lexicon.FILLERS:
        return 1
    for width in (2, 3):
        if tuple(word.text for word in tokens[at : at + width]) in lexicon.FILLER_PHRASES:
            return width
    return 0


def joint_of(links: Sequence[Token], after: Token) -> Joint:
    """How firmly the links between two atoms hold them together; `after` is the next atom's token."""
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


def _mark_of(links: Sequence[Token]) -> str:
    """Give the mark, written or said, that joins two atoms."""
    texts = {link.text for link in links}
    if texts & {".", "dot"}:
        return "."
    if "/" in texts:
        return "/"
    return "-" if texts & (lexicon.DASHES | {"dash", "hyphen"}) else ""


def _link_joint(link: Token, spaced_after: bool) -> Joint:
    """Judge one link by the white space around it."""
    if link.text in lexicon.LINK_WORDS:
        return Joint.SPACE
    if link.kind is Kind.WORD or link.text in lexicon.CURRENCY_MARKS:
        return Joint.PAUSE
    if link.text in lexicon.DASHES:
        return Joint.PAUSE if link.spaced and spaced_after else Joint.TIGHT
    if link.text in "()[]":
        return Joint.TIGHT
    if link.text in ".;:?!" and spaced_after:
        return Joint.STOP
    return Joint.TIGHT if link.text in lexicon.TIGHT_MARKS else Joint.PAUSE


def read_atom(tokens: Sequence[Token], at: int) -> Atom | None:
    """Read the digits that start at token `at`; None if none surely do."""
    token = tokens[at]
    if token.kind is Kind.NUMERAL:
        return _numeral(tokens, at)
    if token.text in lexicon.MULTIPLIERS:
        return _multiplied(tokens, at)
    small = _small(tokens, at)
    if small is None or (small[0] == "1" and _word_at(tokens, at + 1) in lexicon.COUNTED):
        return None
    digits, last = small
    plural = _word_at(tokens, last + 1)
    if plural in lexicon.PLURALS and digits in ("2", "3", "4"):
        return _phrase(tokens, at, last + 1, lexicon.PLURALS[plural] * int(digits))
    return _scaled(tokens, at, last, digits)


def _small(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Read a number word below a hundred ("four", "twelve", "forty six"): its digits, its last token."""
    word = _word_at(tokens, at)
    if word in lexicon.TENS:
        after = _skip_dash(tokens, at + 1)
        unit = lexicon.UNITS.get(_word_at(tokens, after), "0")
        return (lexicon.TENS[word], at) if unit == "0" else (lexicon.TENS[word][0] + unit, after)
    digits = lexicon.UNITS.get(word) or lexicon.TEENS.get(word)
    return (digits, at) if digits else None


def _numeral(tokens: Sequence[Token], at: int) -> Atom:
    token = tokens[at]
    if len(token.text) <= 2 and _word_at(tokens, at + 1) in ("hundred", "thousand"):
        return _scaled(tokens, at, at, token.text)
    spans = tuple((place, place + 1) for place in range(token.start, token.end))
    return Atom(digits=token.text, spans=spans, first=at, last=at, numeral=True)


def _multiplied(tokens: Sequence[Token], at: int) -> Atom | None:
    """Read "double five", "triple-oh" and "double 07", where only the first figure is doubled."""
    times = lexicon.MULTIPLIERS[tokens[at].text]
    after = _skip_dash(tokens, at + 1)
    if after >= len(tokens) or is_glued(tokens, after):
        return None
    token = tokens[after]
    if token.kind is Kind.NUMERAL:
        first = (tokens[at].start, token.start + 1)
        rest = tuple((place, place + 1) for place in range(token.start + 1, token.end))
        digits = token.text[0] * times + token.text[1:]
        return Atom(digits=digits, spans=(first,) * times + rest, first=at, last=after)
    digit = "0" if token.text in lexicon.OH_WORDS else lexicon.UNITS.get(token.text)
    digit = digit or lexicon.PLURALS.get(token.text)
    return _phrase(tokens, at, after, digit * times) if digit else None


def _scaled(tokens: Sequence[Token], first: int, last: int, digits: str) -> Atom:
    """Read on through "hundred" and "thousand": "nine hundred" is 900, "seven thousand" 7000."""
    scale = _skip_dash(tokens, last + 1)
    word = _word_at(tokens, scale)
    if word == "hundred":
        rest = _cardinal_rest(tokens, scale + 1)
        if rest:
            return _phrase(tokens, first, rest[1], str(int(digits) * 100 + rest[0]))
        quantity = _word_at(tokens, scale + 1) in lexicon.SCALES | {"thousand"}
        return _phrase(tokens, first, scale, digits + "00", quantity=quantity)
    if word == "thousand":
        quantity = _goes_on(tokens, scale + 1)
        return _phrase(tokens, first, scale, digits + "000", quantity=quantity)
    return _phrase(tokens, first, last, digits, quantity=word in lexicon.SCALES)


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
    return tokens[at].text if at < len(tokens) and tokens[at].kind is Kind.WORD else ""


def _skip_dash(tokens: Sequence[Token], at: int) -> int:
    """Step over a hyphen without white space, as in "forty-six"."""
    is_dash = at + 1 < len(tokens) and tokens[at].text in lexicon.DASHES
    return at + 1 if is_dash and not tokens[at].spaced and not tokens[at + 1].spaced else at


def _phrase(tokens: Sequence[Token], first: int, last: int, digits: str, *, quantity: bool = False) -> Atom:
    span = (tokens[first].start, tokens[last].end)
    return Atom(digits=digits, spans=(span,) * len(digits), first=first, last=last, quantity=quantity)


def _word_atom(digit: str, token: Token, at: int, *, optional: bool) -> Atom:
    span = (token.start, token.end)
    return Atom(digits=digit, spans=(span,), first=at, last=at, optional=optional)
