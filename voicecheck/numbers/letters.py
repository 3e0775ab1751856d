"""Numbers that end in letters, read on the keypad: 1-800-FLOWERS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecheck.english import (
    AMOUNTS_AFTER,
    BEFORE_NUMBER,
    DASHES,
    DETERMINERS,
    FILLERS,
    KEYPAD,
    NUMBER_WORDS,
    PHONE_WORDS,
    UNITS_AFTER,
)
from voicecheck.numbers.atoms import Atom, Joint
from voicecheck.numbers.runs import Run
from voicecheck.numbers.tokens import Token, TokenKind

_TOLL_FREE = re.compile(r"1?(?:8(?:00|22|33|44|55|66|77|88)|900)(\d{0,6})")

_AREA_CODE = re.compile(r"1?[2-9]\d\d(\d{3})?")

_LETTERS_SPARE = 4
"""Letters past the seventh that a toll-free word may have: people dial them, the exchange ignores them."""

_LEADS_TO_NUMBER = BEFORE_NUMBER | frozenset({"call", "dial", "is", "phone", "ring"})

_POINTING = DETERMINERS | {"no", "any", "some", "these", "those", "every", "another"}
"""Before "1-800" they make a kind of number of it: "our 1-800 Support line"."""

_NO_NAME = PHONE_WORDS.difference({"call"}).union(NUMBER_WORDS, AMOUNTS_AFTER, UNITS_AFTER, FILLERS)
"""Words that follow "1-800" without being dialled: "our 1-800 number", "one eight hundred dollars"."""


def with_letters(runs: Sequence[Run], tokens: Sequence[Token]) -> list[Run]:
    """Add the letters that complete numbers, and the figures between them (1-877-KARS-4-KIDS).

    Parameters
    ----------
    runs : sequence of Run
        In the order said.
    tokens : sequence of Token
        Of the whole text.

    Returns
    -------
    list of Run
        The same runs, some of them longer; of two that letters join, one.
    """
    read: list[Run] = []
    for run in runs:
        if not read or run.atoms[0].first > read[-1].atoms[-1].last:
            read.append(_Letters(run, tokens).completed())
    return read


@dataclass(frozen=True)
class _Letters:
    """The letters behind one run."""

    run: Run
    tokens: Sequence[Token]

    def completed(self) -> Run:
        """Give the run with its letters, or as it is.

        Joined on by hyphens any word of the right length completes a toll-free number or an exchange, with a
        capital a lone area code as well. After a toll-free code dialled from 1 a word may stand apart, if it
        has a capital or the words before lead to a number; elsewhere only in capitals.
        """
        toll_free = _TOLL_FREE.fullmatch(self.run.digits)
        prefix = toll_free or _AREA_CODE.fullmatch(self.run.digits)
        if not prefix:
            return self.run
        n_wanted = 7 - len(prefix[1] or "")
        words = self._words(n_wanted)
        n_spare = sum(len(word.text) for word in words) - n_wanted
        one_word = not any(word.spaced for word in words[1:])
        complete = n_spare == 0 or (bool(toll_free) and one_word and 0 < n_spare <= _LETTERS_SPARE)
        if not (complete and self._is_name(words, toll_free=bool(toll_free), n_wanted=n_wanted)):
            return self.run
        return self._extended(words, n_wanted)

    def _is_dialled_from_one(self) -> bool:
        """Tell "one eight hundred" and "1-800" from the quantities 1,800 and "eighteen hundred"."""
        atoms = self.run.atoms
        if atoms[0].digits != "1":
            return False
        after = self.tokens[atoms[1].first]
        return after.spaced or self.tokens[atoms[1].first - 1].text != ","

    def _words(self, n_wanted: int) -> list[Token]:
        """Collect words (and figures between them) until they have as many signs as are wanted."""
        words: list[Token] = []
        for at in range(self.run.atoms[-1].last + 1, len(self.tokens)):
            token = self.tokens[at]
            if token.text in self._joining:
                continue
            n_signs = sum(len(word.text) for word in words)
            if token.kind is TokenKind.MARK or (n_signs >= n_wanted and not self._is_joined(token, at)):
                break
            if token.kind is TokenKind.NUMERAL and not (words and self._is_joined(token, at)):
                break
            words.append(token)
        return words

    @property
    def _joining(self) -> frozenset[str]:
        """Marks that may join letters on: a bracket, and dots where dots join the digits (1.800.FLOWERS)."""
        dotted = any(atom.mark == "." for atom in self.run.atoms[1:])
        return DASHES.union(").") if dotted else DASHES.union(")")

    def _is_joined(self, token: Token, at: int) -> bool:
        """Whether a word hangs on a hyphen or dot before it."""
        return not token.spaced and self.tokens[at - 1].text in self._joining

    def _is_name(self, words: Sequence[Token], *, toll_free: bool, n_wanted: int) -> bool:
        """Whether the words look dialled: joined by hyphens, with a capital, or with "call" in front."""
        first = words[0]
        if first.text in _NO_NAME and not first.upper:
            return False
        if any(char not in KEYPAD and not char.isdigit() for word in words for char in word.text):
            return False
        names = [word for word in words if word.kind is TokenKind.WORD]
        with_capital = all(word.upper or word.title for word in names)
        at = self.tokens.index(first)
        if self._is_joined(first, at):
            return toll_free or n_wanted == 4 or with_capital
        before = self.tokens[self.run.atoms[0].first - 1].text if self.run.atoms[0].first else ""
        if n_wanted < 4 or before in _POINTING:
            return False
        if toll_free and self._is_dialled_from_one():
            return with_capital or not before or before in _LEADS_TO_NUMBER
        is_area_known = n_wanted == 4 or self.tokens[at - 1].text == ")"
        return is_area_known and all(word.upper for word in names) and not self._is_shouted(words)

    def _is_shouted(self, words: Sequence[Token]) -> bool:
        """Whether the words around are in capitals as well, so that capitals say nothing."""
        others = [token for token in self.tokens if token.kind is TokenKind.WORD and token not in words]
        return bool(others) and all(token.upper for token in others)

    def _extended(self, words: Sequence[Token], n_dialled: int) -> Run:
        signs = [(char, word.start + i) for word in words for i, char in enumerate(word.text)]
        signs = signs[:n_dialled]
        last = next(at for at, token in enumerate(self.tokens) if token.start == words[-1].start)
        atom = Atom(
            digits="".join(KEYPAD.get(char, char) for char, _ in signs),
            spans=tuple((place, place + 1) for _, place in signs),
            first=self.run.atoms[-1].last + 1,
            last=last,
            joint=Joint.SPACE,
            lettered=True,
            words=tuple((word.start, word.end) for word in words if word.kind is TokenKind.WORD),
        )
        return replace(self.run, atoms=(*self.run.atoms, atom))
