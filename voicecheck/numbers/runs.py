"""Tokens to runs of digits: what was said, before anyone asks what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecheck.english import AFTER_EXCLAMATION, HOMOPHONES, OH_WORDS, PLUS_WORDS
from voicecheck.numbers.atoms import (
    LINK_MAX,
    Atom,
    Joint,
    Span,
    is_glued,
    joint_of,
    link_width,
    mark_of,
    read_atom,
    word_atom,
)
from voicecheck.numbers.tokens import Token, TokenKind


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
    plus: Token | None
    broken: bool

    @property
    def digits(self) -> str:
        """All digits in a row, without the plus."""
        return "".join(atom.digits for atom in self.atoms)

    @property
    def spans(self) -> tuple[Span, ...]:
        """One place in the text per digit."""
        return tuple(span for atom in self.atoms for span in atom.spans)


def read_runs(tokens: Sequence[Token]) -> list[Run]:
    """Find every maximal run of digits, spoken or written, in the order said.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.

    Returns
    -------
    list of Run
        Without overlap.
    """
    return _RunReader(tokens).read()


class _RunReader:
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
        if token.text in PLUS_WORDS:
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
        if not width or at + width - self.link_from > LINK_MAX:
            self._close()
        return at + max(width, 1)

    def _in_country_code(self) -> bool:
        return "".join(atom.digits for atom in self.atoms) == "1" or bool(self.plus)

    def _add(self, atom: Atom) -> None:
        if self.plus and self.atoms and self._is_bracketed_zero(atom):
            return
        links = self.tokens[self.link_from : atom.first]
        if self.atoms:
            joint = joint_of(links, self.tokens[atom.first])
            atom = replace(atom, joint=joint, mark=mark_of(links) if joint <= Joint.SPACE else "")
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

    def _tight(self, start: int, end: int) -> bool:
        """Whether no white space stands before any of the tokens from `start` to `end`."""
        return not any(token.spaced for token in self.tokens[start : end + 1])

    def _touches_code(self, at: int) -> bool:
        """Whether tight marks lead back from `at` to a glued numeral."""
        while at > 0 and not self.tokens[at].spaced:
            at -= 1
            token = self.tokens[at]
            if token.kind is not TokenKind.MARK:
                return is_glued(self.tokens, at)
        return False

    def _doubtful(self, at: int) -> Atom | None:
        """Read "oh" and the homophones, which are digits only in the company of digits."""
        token = self.tokens[at]
        in_run = bool(self.atoms) and at - self.link_from <= LINK_MAX
        if _is_oh(token):
            zeros = "0" * (1 if token.text in OH_WORDS else len(token.text))
            if self._leads_to_digit(at + 1):
                return word_atom(zeros, token, at, optional=not self.atoms)
            if in_run and (at == self.link_from or not self._exclaims(at + 1)):
                return word_atom(zeros, token, at, optional=True)
        elif token.text in HOMOPHONES and in_run and at == self.link_from:
            after = read_atom(self.tokens, at + 1) if at + 1 < len(self.tokens) else None
            # "2018 to 2022" is a range; a homophone stands between digits said one by one.
            if after and len(after.digits) == len(self.atoms[-1].digits) == 1:
                return word_atom(HOMOPHONES[token.text], token, at, optional=True)
        return None

    def _leads_to_digit(self, at: int) -> bool:
        """Whether links and further "oh"s, if any, lead to a digit."""
        stop = min(len(self.tokens), at + LINK_MAX)
        while at < stop and not self._is_sure(at):
            width = 1 if _is_oh(self.tokens[at]) else link_width(self.tokens, at)
            if not width:
                return False
            at += width
        return at < stop

    def _is_sure(self, at: int) -> bool:
        return not is_glued(self.tokens, at) and read_atom(self.tokens, at) is not None

    def _exclaims(self, at: int) -> bool:
        """Whether the words from `at` on make an exclamation of "oh": "oh, and by the way"."""
        following = [token.text for token in self.tokens[at : at + 2] if token.text != ","]
        return bool(following) and following[0] in AFTER_EXCLAMATION


def _is_oh(token: Token) -> bool:
    """Whether a word may be zero, or zeros that a recogniser wrote as letters: "O-7-7-OO-9"."""
    return token.text in OH_WORDS or token.text in ("oo", "ooo")
