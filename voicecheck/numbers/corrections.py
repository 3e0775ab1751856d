"""Runs as the caller meant them: what was taken back, and area codes said apart from their number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from voicecheck.english import (
    BEFORE_NUMBER,
    CORRECTION_LINKERS,
    CORRECTIONS,
    DETERMINERS,
    LINKERS,
    NUMBER_WORDS,
    PHONE_WORDS,
    REPEATS,
    STRONG_CORRECTIONS,
)
from voicecheck.numbers.atoms import Atom, Joint
from voicecheck.numbers.cues import NOUNS, cues_before
from voicecheck.numbers.evidence import Piece, Surroundings, atoms_between
from voicecheck.numbers.plan import Grade, grade
from voicecheck.numbers.runs import Run
from voicecheck.numbers.split import DIGITS_MAX, split
from voicecheck.numbers.tokens import Token, TokenKind

_AREA_CODE = re.compile(r"[2-9](?!11)\d\d")

_LOCAL_DIGITS = 7

_WHOLE_DIGITS = 10

_AREA_LINK_MAX = 12
"""Tokens between an area code and its number."""

_ASIDE_MAX = 4
"""Words of an aside inside a number."""

_NEW_STARTS = PHONE_WORDS | NOUNS | {"or", "number", "ask"}

_OF_ONE_NUMBER = frozenset({"area", "number", "phone", "code"})
"""Those of them that stand between the parts of one number as well."""

_REST_OF_NUMBER = frozenset({"my", "phone", "local", "s", "rest", "remaining", "first", "number", "by"})

_ANNOUNCED = Surroundings(before=frozenset({"phone"}))


@dataclass(frozen=True, kw_only=True)
class Said:
    """A run as the caller meant it.

    Parameters
    ----------
    run : Run
        Its atoms are in the order of dialling: an area code said last comes first.
    cue_at : int
        The token before which the words that name it end.
    """

    run: Run
    cue_at: int

    @property
    def last(self) -> int:
        """Its last token, wherever that is dialled."""
        return max(atom.last for atom in self.run.atoms)


def set_in_order(runs: Sequence[Run], tokens: Sequence[Token], region: str) -> list[Said]:
    """Put corrections where they belong, and area codes before their numbers.

    Parameters
    ----------
    runs : sequence of Run
        In the order said.
    tokens : sequence of Token
        Of the whole text.
    region : str
        ISO 3166-1 alpha-2 code; empty for none.

    Returns
    -------
    list of Said
        In the order said, what was taken back left out.
    """
    said: list[Said] = []
    for run in (_with_code_first(run, tokens) for run in runs):
        new = Said(run=run, cue_at=min(atom.first for atom in run.atoms))
        before = said[-1] if said else None
        if before is None:
            said.append(new)
        elif is_correction(tokens[before.last + 1 : new.cue_at]):
            said[-1:] = _corrected(before, new, region)
        elif _is_area_code(before, new, tokens, region):
            said[-1] = replace(before, run=_concatenated(before.run.atoms, before.run, run))
        elif _is_area_code_last(before, new, tokens):
            said[-1] = replace(before, run=_concatenated(run.atoms, run, before.run))
        else:
            said.append(new)
    return said


def is_correction(tokens: Sequence[Token]) -> bool:
    """Whether the tokens between two runs take back what was said before: "no, sorry, that's".

    Parameters
    ----------
    tokens : sequence of Token
        Between the two, marks among them.

    Returns
    -------
    bool
        False for an "or" between two numbers.
    """
    words = {token.text for token in tokens if token.kind is not TokenKind.MARK}
    if not words & CORRECTIONS or not words <= CORRECTIONS | CORRECTION_LINKERS:
        return False
    return not words & REPEATS or bool(words & STRONG_CORRECTIONS)


def _is_area_code(before: Said, new: Said, tokens: Sequence[Token], region: str) -> bool:
    """Whether three digits and a number are one: "area code 416, and the number is 555-0198"."""
    digits = new.run.digits
    is_whole = grade(digits, region) is Grade.FULL
    if not _AREA_CODE.fullmatch(before.run.digits) or len(digits) < _LOCAL_DIGITS or is_whole:
        return False
    return _names_area_code(before, new, tokens) or _is_interrupted(before, new, tokens)


def _names_area_code(before: Said, new: Said, tokens: Sequence[Token]) -> bool:
    between = _words(tokens[before.last + 1 : new.cue_at])
    if new.cue_at - before.last > _AREA_LINK_MAX:
        return False
    if _area_code_at(between) is not None:
        return not _NEW_STARTS.intersection(between) - _OF_ONE_NUMBER
    leading = _words(tokens[max(0, before.cue_at - 5) : before.cue_at])
    while leading and leading[-1] in LINKERS:
        leading.pop()
    return leading[-2:] == ["area", "code"] and set(between) <= LINKERS | NUMBER_WORDS | _REST_OF_NUMBER


def _is_area_code_last(before: Said, new: Said, tokens: Sequence[Token]) -> bool:
    """Whether the code follows its number: "555-0198, area code 416", "555-0198 with the 416 area code"."""
    if len(before.run.digits) != _LOCAL_DIGITS or not _AREA_CODE.fullmatch(new.run.digits):
        return False
    between = _words(tokens[before.last + 1 : new.cue_at])
    if _area_code_at(_words(tokens[new.last + 1 : new.last + 3])) == 0:
        return set(between) <= LINKERS | DETERMINERS | {"with", "in", "from"}
    while between and between[-1] in LINKERS:
        between.pop()
    is_named = between[-2:] == ["area", "code"]
    return is_named and len(between) - 2 <= _ASIDE_MAX and not _NEW_STARTS.intersection(between[:-2])


def _with_code_first(run: Run, tokens: Sequence[Token]) -> Run:
    """Put the code of "555-0198, 416 area code" before its number."""
    number, code = (atoms_between(run.atoms, *place) for place in ((0, _LOCAL_DIGITS), (_LOCAL_DIGITS, 10)))
    is_code = _area_code_at(_words(tokens[run.atoms[-1].last + 1 : run.atoms[-1].last + 3])) == 0
    if len(run.digits) != _WHOLE_DIGITS or not (number and code and is_code and code[0].joint >= Joint.PAUSE):
        return run
    return _concatenated(code, run, replace(run, atoms=number))


def _area_code_at(words: Sequence[str]) -> int | None:
    """Give the place of "area code" among the words; None if it is not there."""
    pairs = list(pairwise(words))
    return pairs.index(("area", "code")) if ("area", "code") in pairs else None


def _is_interrupted(before: Said, new: Said, tokens: Sequence[Token]) -> bool:
    """Whether a number goes on after a short aside: "call 416, that's Toronto, 555-0198".

    A cue leads straight into the first digits, and what stands between starts nothing new.
    """
    first = before.run.atoms[0].first
    aside = [token.text for token in tokens[before.last + 1 : new.cue_at]]
    n_words = sum(word.isalpha() for word in aside)
    ends_sentence = any(mark in aside for mark in ".?!")
    leading = tokens[first - 1].text if first else ""
    announced = cues_before(tokens, first) & {"phone", "number"}
    leads = announced and leading in LINKERS | BEFORE_NUMBER | {"code"}
    return bool(leads) and n_words <= _ASIDE_MAX and not ends_sentence and not _NEW_STARTS.intersection(aside)


def _words(tokens: Sequence[Token]) -> list[str]:
    words = (token.text for token in tokens if token.kind is TokenKind.WORD)
    return ["code" if word == "code's" else word for word in words]


def _corrected(before: Said, new: Said, region: str) -> list[Said]:
    """Replace what was taken back: the whole number, or the digits at its end.

    Where no replacement makes a number, both stay as they were said.
    """
    pieces = _whole(new.run, region)
    if pieces and pieces[0].grade >= Grade.LOOSE:
        old = split(before.run, region, _ANNOUNCED)
        if old and old[-1].digits == pieces[0].digits:
            return [before, new]
        return [*_without_last(before, old), replace(new, cue_at=before.cue_at)]
    spliced = _spliced(before, new, region)
    if spliced:
        return [spliced]
    if pieces:
        return [replace(new, cue_at=before.cue_at)]
    return [before, new]


def _spliced(before: Said, new: Said, region: str) -> Said | None:
    """Put the corrected digits in the place of as few digits as make a whole number."""
    atoms = before.run.atoms
    while atoms and atoms[-1].optional:
        atoms = atoms[:-1]
    n_digits = sum(len(atom.digits) for atom in atoms)
    if n_digits > DIGITS_MAX:
        return None
    best: tuple[float, Said] | None = None
    for n_kept in range(n_digits, 0, -1):
        kept = atoms_between(atoms, 0, n_kept)
        run = _concatenated(kept, before.run, new.run) if kept else None
        pieces = _whole(run, region) if run else []
        if run and pieces:
            merit = float(min(piece.grade for piece in pieces))
            if best is None or merit > best[0]:
                best = merit, replace(before, run=run)
    return best[1] if best else None


def _whole(run: Run, region: str) -> list[Piece]:
    """Split a run that holds nothing but whole numbers; empty if it holds anything else."""
    pieces = [piece for piece in split(run, region, _ANNOUNCED) if piece.grade >= Grade.LOCAL]
    return pieces if sum(piece.end - piece.start for piece in pieces) == len(run.digits) else []


def _concatenated(kept: tuple[Atom, ...], before: Run, after: Run) -> Run:
    joined = replace(after.atoms[0], joint=Joint.PAUSE, optional=False)
    return replace(before, atoms=(*kept, joined, *after.atoms[1:]), broken=before.broken or after.broken)


def _without_last(said: Said, pieces: Sequence[Piece]) -> list[Said]:
    """Leave out the last number of a run, keeping those before it."""
    kept = atoms_between(said.run.atoms, 0, pieces[-2].end) if len(pieces) > 1 else None
    return [replace(said, run=replace(said.run, atoms=kept))] if kept else []
