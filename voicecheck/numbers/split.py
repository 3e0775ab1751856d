"""One run of digits to the telephone numbers in it: none, one, or the same one twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from voicecheck.numbers.atoms import Atom, Joint
from voicecheck.numbers.plan import Grade, grade, is_nanp
from voicecheck.numbers.runs import Run
from voicecheck.numbers.tokens import Token

DIGITS_MAX = 66
"""No one says more digits than this without a word between; six numbers of eleven digits."""

_PIECE_DIGITS = range(6, 18)

_GRADE_COST = {Grade.FULL: 0.5, Grade.LOOSE: 2.0, Grade.LOCAL: 3.5}

_HEAD_COST = 2

_OTHER_ATOMS_MAX = 3
"""Atoms of a time or a count that hangs on a number without a pause."""

_OTHER_DIGITS_MAX = 5
"""Digits of a time, an extension or an order number that hangs in front of one."""

_REPEATED_MIN = 3
"""Fewer equal digits than these are no sign of a group said twice."""

_SEAM_FROM = {7: -3, 10: 0, 11: 1}
"""Where the area code starts in a North American number, by its length."""

_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")

_COUNTED_MIN = 6


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Atoms `start` to `end` of a run, taken for one number.

    `digits` are as dialled, a leading "+" included; `plus` is the token that gave it.
    """

    atoms: tuple[Atom, ...]
    plus: Token | None
    digits: str
    grade: Grade
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Edges:
    """What the words around a run allow to be cut off without a pause.

    `head_is_other`: the first atoms belong to the words before ("until 5 416..."); `tail_is_other`: the
    last atoms belong to the words after ("...0198 24 hours").
    """

    head_is_other: bool = False
    tail_is_other: bool = False


def split(run: Run, region: str, edges: Edges) -> list[Piece]:
    """Find the numbers in a run, in order; what is left over is no number."""
    if len(run.digits) > DIGITS_MAX:
        return []
    pieces = [] if _is_quantity(run) else _repeated(run, region) or _Split(run, region, edges).best()
    return pieces or _as_cardinals(run, region) or ([] if _is_quantity(run) else _near(run, region))


def _is_quantity(run: Run) -> bool:
    return any(atom.quantity for atom in run.atoms)


def _as_cardinals(run: Run, region: str) -> list[Piece]:
    """Read "two hundred twelve" as 212, where reading it as 200 12 gives no number."""
    atoms: list[Atom] = []
    for atom in run.atoms:
        before = atoms[-1] if atoms else None
        if before and _completes(before, atom):
            value = str(int(before.digits) + int(atom.digits))
            span = (before.spans[0][0], atom.spans[-1][1])
            atoms[-1] = replace(
                before, digits=value, spans=(span,) * len(value), last=atom.last, quantity=False
            )
        else:
            atoms.append(atom)
    merged = replace(run, atoms=tuple(atoms))
    if len(atoms) == len(run.atoms) or _is_quantity(merged):
        return []
    piece = _piece(merged, merged.atoms, region, 0)
    return [replace(piece, end=len(run.atoms))] if piece.grade is Grade.FULL else []


def _completes(before: Atom, atom: Atom) -> bool:
    """Whether the two are a round number and what comes on top of it, said in one breath."""
    is_round = not before.numeral and len(before.digits) >= 3 and before.digits.endswith("00")
    return is_round and not atom.numeral and len(atom.digits) <= 2 and atom.digits[0] != "0"


def _repeated(run: Run, region: str) -> list[Piece]:
    """Cut a run that is one number two or more times over, even inside a numeral."""
    digits = run.digits
    for times in (2, 3, 4):
        width, rest = divmod(len(digits), times)
        if rest or width not in _PIECE_DIGITS or digits != digits[:width] * times:
            continue
        if grade(digits[:width], region) < Grade.LOCAL:
            continue
        parts = [atoms_between(run.atoms, i * width, (i + 1) * width) for i in range(times)]
        if all(parts):
            return [_piece(run, atoms, region, i) for i, atoms in enumerate(parts) if atoms]
    return []


def atoms_between(atoms: Sequence[Atom], start: int, end: int) -> tuple[Atom, ...] | None:
    """Give the atoms of digits `start` to `end`, numerals cut where needed; None where a word is cut."""
    kept: list[Atom] = []
    place = 0
    for atom in atoms:
        after = place + len(atom.digits)
        inside = max(start - place, 0), min(end, after) - place
        if inside[0] < inside[1]:
            part = atom
            if inside != (0, len(atom.digits)):
                if not atom.numeral:
                    return None
                part = atom.head(inside[1]).tail(inside[0]) if inside[0] else atom.head(inside[1])
            kept.append(part)
        place = after
    return tuple(kept)


def _piece(run: Run, atoms: tuple[Atom, ...], region: str, start: int) -> Piece:
    plus = run.plus if start == 0 else None
    digits = ("+" if plus else "") + "".join(atom.digits for atom in atoms)
    return Piece(
        atoms=atoms,
        plus=plus,
        digits=digits,
        grade=grade(digits, region),
        start=start,
        end=start + len(atoms),
    )


def _near(run: Run, region: str) -> list[Piece]:
    """Take the whole run for a number with a digit too many or too few."""
    piece = _piece(run, run.atoms, region, 0)
    is_date = any(atom.mark == "/" for atom in run.atoms)
    return [piece] if piece.grade is Grade.NEAR and not is_date else []


_Cut = tuple[float, tuple[Piece, ...]]
"""A way to cut the atoms so far: its score and its numbers."""


class _Split:
    """The best way to cut a run into numbers and leftovers, by dynamic programming over its atoms."""

    def __init__(self, run: Run, region: str, edges: Edges) -> None:
        self.run, self.region, self.edges = run, region, edges
        self.atoms, self.n = run.atoms, len(run.atoms)
        self.places = [0]
        for atom in run.atoms:
            self.places.append(self.places[-1] + len(atom.digits))
        self.digits = run.digits

    def best(self) -> list[Piece]:
        """Give the pieces of the best cut; none if nothing in the run is a number."""
        # The best cuts up to each atom, by what they end in: a number or a leftover.
        piece_ends: list[_Cut | None] = [None]
        skip_ends: list[_Cut | None] = [(0.0, ())]
        for end in range(1, self.n + 1):
            skips = [skip_ends[end - 1]]
            if self._may_leave(end - 1):
                skips.append(piece_ends[end - 1])
            skip_ends.append(_best(self._skipped(cut, end - 1) for cut in skips if cut))
            taken: list[_Cut] = []
            for piece in self._pieces_to(end):
                gain = len(piece.digits) - _GRADE_COST[piece.grade] - n_odd_pauses(piece, self.region)
                before, skipped = piece_ends[piece.start], skip_ends[piece.start]
                if before and self._may_follow(before[1][-1], piece):
                    taken.append((before[0] + gain, (*before[1], piece)))
                if skipped and self._may_enter(piece):
                    taken.append((skipped[0] + gain, (*skipped[1], piece)))
            piece_ends.append(_best(taken))
        final = _best(cut for cut in (piece_ends[self.n], skip_ends[self.n]) if cut)
        return list(final[1]) if final else []

    def _skipped(self, cut: _Cut, at: int) -> _Cut:
        """Leave atom `at` over; a leftover in front is worse than one behind."""
        n_lost = 0 if self.atoms[at].optional else len(self.atoms[at].digits)
        return cut[0] - n_lost * (1 if cut[1] else _HEAD_COST), cut[1]

    def _pieces_to(self, end: int) -> Iterator[Piece]:
        """Candidates that end before atom `end`."""
        for start in range(end - 1, -1, -1):
            width = self.places[end] - self.places[start]
            if width >= _PIECE_DIGITS.stop:
                return
            if width in _PIECE_DIGITS:
                piece = _piece(self.run, self.atoms[start:end], self.region, start)
                if piece.grade >= Grade.LOCAL and self._may_stand(piece):
                    yield piece

    def _may_stand(self, piece: Piece) -> bool:
        """Whether a candidate that is not the whole run looks whole enough by itself."""
        if piece.start == 0 and piece.end == self.n:
            return True
        if piece.grade is Grade.FULL:
            return is_tidy(piece, self.region)
        before = self.digits[: self.places[piece.start]]
        if piece.grade is Grade.LOOSE and not is_nanp(self.region):
            return True
        set_off = self._is_loose(piece.start) and self._is_loose(piece.end)
        well_set = set_off and not n_odd_pauses(piece, self.region) and is_tidy(piece, self.region)
        return before.endswith(piece.digits.lstrip("+")) or well_set

    def _is_loose(self, at: int) -> bool:
        """Whether a pause, a doubtful atom or an end lies before atom `at`."""
        if at in (0, self.n):
            return True
        return self.atoms[at].joint >= Joint.PAUSE or self.atoms[at].optional or self.atoms[at - 1].optional

    def _may_follow(self, before: Piece, piece: Piece) -> bool:
        same = before.digits.endswith(piece.digits.lstrip("+"))
        return same or self.atoms[piece.start].joint >= Joint.SPACE

    def _may_enter(self, piece: Piece) -> bool:
        """Whether what stands before the piece may be left over."""
        if self._is_loose(piece.start):
            return True
        before = self.digits[: self.places[piece.start]]
        spaced = self.atoms[piece.start].joint >= Joint.SPACE
        if spaced and _is_range(self.atoms[: piece.start]):
            return True
        overlap = len(before) >= _REPEATED_MIN and spaced and piece.digits.startswith(before)
        return overlap or (self.edges.head_is_other and len(before) <= _OTHER_DIGITS_MAX)

    def _may_leave(self, at: int) -> bool:
        """Whether what stands from atom `at` on may be left over."""
        if self._is_loose(at):
            return True
        rest = self.digits[self.places[at] :]
        repeated_tail = len(rest) >= _REPEATED_MIN and self.digits[: self.places[at]].endswith(rest)
        other_tail = self.edges.tail_is_other and at >= self.n - _OTHER_ATOMS_MAX
        is_other = repeated_tail or other_tail or _is_range(self.atoms[at:])
        return is_other and self.atoms[at].joint >= Joint.SPACE


def _is_range(atoms: Sequence[Atom]) -> bool:
    """Whether the atoms can be "nine to five"."""
    return len(atoms) <= _OTHER_ATOMS_MAX and any(atom.optional for atom in atoms[1:-1])


def _best(cuts: Iterable[_Cut]) -> _Cut | None:
    return max(cuts, key=lambda cut: cut[0], default=None)


def is_tidy(piece: Piece, region: str) -> bool:
    """Whether the pieces of a North American number respect its seams, 3-3-4.

    A piece may cross a seam only if it starts and ends on one ("416-5550198"), and dots stand on seams.
    The shapes of a date and of an IP address are untidy anywhere.
    """
    if _is_date(piece.atoms):
        return False
    seams = _seams(piece, region)
    if seams is None:
        return not _is_address(piece.atoms)
    atoms = [
        range(end - len(atom.digits), end)
        for atom, end in zip(piece.atoms, _ends(piece.atoms), strict=True)
        if not (atom.lettered or _is_doubled(atom))
    ]
    return all(_respects(place, seams) for place in atoms) and all(
        group.start in seams for group in _groups(piece.atoms, ".")
    )


def _is_doubled(atom: Atom) -> bool:
    """Whether the atom can be "double five", which people say across seams as well."""
    return not atom.numeral and len(set(atom.digits)) == 1


def n_odd_pauses(piece: Piece, region: str) -> int:
    """Count the pauses that fall elsewhere than on the seams of a North American number."""
    seams = _seams(piece, region)
    starts = [end - len(atom.digits) for atom, end in zip(piece.atoms, _ends(piece.atoms), strict=True)]
    paused = {start for start, atom in zip(starts, piece.atoms, strict=True) if atom.joint >= Joint.PAUSE}
    return len(paused - seams) if seams else 0


def _seams(piece: Piece, region: str) -> set[int] | None:
    """Give the places where 1-416-555-0198 has its hyphens, ends included; None for other numbers."""
    n_digits = len(piece.digits)
    if n_digits not in _SEAM_FROM or piece.grade < Grade.LOCAL or not is_nanp(region):
        return None
    if piece.digits.startswith("+"):
        return None
    first = _SEAM_FROM[n_digits]
    return {0, first, first + 3, first + 6, n_digits}


def _ends(atoms: Sequence[Atom]) -> list[int]:
    """Place, in digits, at which each atom ends."""
    return list(accumulate(len(atom.digits) for atom in atoms))


def _groups(atoms: Sequence[Atom], marks: str) -> list[range]:
    """Places of the digits between those of `marks` that join atoms tightly."""
    cuts = [end - len(atom.digits) for atom, end in zip(atoms, _ends(atoms), strict=True)]
    starts = [
        cut for cut, atom in zip(cuts, atoms, strict=True) if not cut or (atom.mark and atom.mark in marks)
    ]
    return [range(start, end) for start, end in pairwise([*starts, sum(len(atom.digits) for atom in atoms)])]


def _respects(group: range, seams: set[int]) -> bool:
    """Whether a group crosses no seam, or starts and ends on one."""
    crosses = any(group.start < seam < group.stop for seam in seams)
    return not crosses or (group.start in seams and group.stop in seams)


def _is_date(atoms: Sequence[Atom]) -> bool:
    """Whether the digits start as 2026-06-15 or 2026/06/15."""
    starts = [group.start for group in _groups(atoms, "-/")]
    return starts[1:3] == [4, 6] and bool(_DATE.match("".join(atom.digits for atom in atoms)))


def _is_address(atoms: Sequence[Atom]) -> bool:
    """Whether dots cut the digits into four groups of one to three, as in 192.168.1.1."""
    dotted = _groups(atoms, ".")
    return len(dotted) == 4 and all(len(group) <= 3 for group in dotted)


def is_counting(atoms: Sequence[Atom]) -> bool:
    """Whether the atoms count up by one: "1 2 3 4 5 6 7 8 9 10"."""
    values = [int(atom.digits) for atom in atoms]
    steps = {(b - a) for a, b in pairwise(values)}
    return len(values) >= _COUNTED_MIN and steps <= {1, -9} and 1 in steps
