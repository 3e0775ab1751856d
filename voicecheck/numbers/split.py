"""One run of digits to the telephone numbers in it: none, one, or several.

A way to read a run cuts its digits into numbers and leftovers. Every number and every leftover has
evidence (`evidence`), and the reading whose evidence weighs most is taken [1]_; to take nothing for a number
weighs 0. The weights are fitted (`finder_weights`); there is no other rule.

References
----------
.. [1] A semi-Markov conditional random field: Sarawagi & Cohen (2004), NIPS 17, 1185-1192.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicecheck.numbers.atoms import Atom
from voicecheck.numbers.evidence import (
    Counts,
    Piece,
    Surroundings,
    atoms_between,
    evidence_against,
    evidence_for,
    piece_of,
    without_echo,
)
from voicecheck.numbers.finder_weights import WEIGHTS
from voicecheck.numbers.plan import Grade, grade
from voicecheck.numbers.runs import Run

DIGITS_MAX = 66
"""No one says more digits than this without a word between; six numbers of eleven digits."""

_PIECE_DIGITS = range(6, 18)

_LONG_RUN = 14
"""A run of fewer digits holds one number at most, and a figure in it is not cut."""

Node = tuple[int, bool]
"""A place between digits, and whether a leftover ends there: two leftovers never meet."""


@dataclass(frozen=True, kw_only=True)
class Arc:
    """One step of a reading, from node to node: a number, or (without `piece`) a leftover."""

    tail: Node
    head: Node
    piece: Piece | None
    evidence: Counts


def split(run: Run, region: str, around: Surroundings) -> list[Piece]:
    """Find the numbers in a run, in order; what is left over is no number.

    Parameters
    ----------
    run : Run
        Digits in a row.
    region : str
        ISO 3166-1 alpha-2 code; empty for none.
    around : Surroundings
        What stands around the run.

    Returns
    -------
    list of Piece
        The most plausible cut of all that `arcs_of` allows.
    """
    readings = [(run, arcs_of(run, region, around))]
    cardinal = _as_cardinals(run, region)
    if cardinal:
        readings.append((cardinal, arcs_of(cardinal, region, around)))
    weighed = [best_reading(arcs, len(reading.digits), WEIGHTS) for reading, arcs in readings]
    return list(max(weighed, key=_score)[1])


def arcs_of(run: Run, region: str, around: Surroundings) -> list[Arc]:
    """List every number and every leftover that a reading of the run may hold, by where they end.

    Parameters
    ----------
    run : Run
        Digits in a row; of more than `DIGITS_MAX` only the reading without a number is given.
    region : str
        ISO 3166-1 alpha-2 code; empty for none.
    around : Surroundings
        What stands around the run.

    Returns
    -------
    list of Arc
        At least one way leads from the first digit to the last.
    """
    n_digits = len(run.digits)
    pieces = _pieces(run, region) if n_digits <= DIGITS_MAX else []
    starts = {n_digits} | {piece.start for piece in pieces}
    ends = {0} | {piece.end for piece in pieces}
    arcs = [_left_over(run, start, end, around) for start in ends for end in starts if start < end]
    for piece in pieces:
        evidence = evidence_for(piece, run, around, region)
        for after_leftover in (False, True):
            tail = (piece.start, after_leftover)
            arcs.append(Arc(tail=tail, head=(piece.end, False), piece=piece, evidence=evidence))
    return sorted(arcs, key=lambda arc: arc.head)


def _pieces(run: Run, region: str) -> list[Piece]:
    """List all that can be numbers."""
    cuts = [place for place in range(len(run.digits) + 1) if _may_cut(run, place)]
    spans = [(start, end) for start in cuts for end in cuts if end - start in _PIECE_DIGITS]
    pieces = [piece for start, end in spans if (piece := _piece(run, start, end, region))]
    return pieces + [told for piece in pieces if (told := _without_echo(piece, run, region))]


def _may_cut(run: Run, place: int) -> bool:
    """Whether the digits before and behind `place` come from two words, or from a figure in a long run."""
    at = 0
    for atom in run.atoms:
        if at < place < at + len(atom.digits):
            return atom.numeral and len(run.digits) >= _LONG_RUN
        at += len(atom.digits)
    return True


def _left_over(run: Run, start: int, end: int, around: Surroundings) -> Arc:
    everything = start == 0 and end == len(run.digits)
    evidence = {} if everything else evidence_against(run, start, end, around)
    return Arc(tail=(start, False), head=(end, True), piece=None, evidence=evidence)


def _piece(run: Run, start: int, end: int, region: str) -> Piece | None:
    atoms = atoms_between(run.atoms, start, end)
    if not atoms or any(atom.quantity for atom in atoms):
        return None
    piece = piece_of(run, atoms, region, start)
    return piece if piece.grade is not Grade.NONE else None


def _without_echo(piece: Piece, run: Run, region: str) -> Piece | None:
    """Leave out a group that a pause parts from itself ("O2-O-7 7-946"), if that makes a whole number."""
    if piece.grade is not Grade.NEAR:
        return None
    for kept in without_echo(piece.atoms):
        told = piece_of(run, kept, region, piece.start)
        if told.grade >= Grade.LOOSE:
            return replace(told, end=piece.end)
    return None


def best_reading(
    arcs: list[Arc], n_digits: int, weights: Mapping[str, float]
) -> tuple[float, tuple[Piece, ...]]:
    """Find the heaviest way through the arcs, by dynamic programming.

    Parameters
    ----------
    arcs : list of Arc
        Sorted by where they end.
    n_digits : int
        Of the run.
    weights : mapping of str to float
        By name of evidence; a name without a weight weighs nothing.

    Returns
    -------
    tuple of (float, tuple of Piece)
        The score, 0 for "no number here", and the numbers.
    """
    best: dict[Node, tuple[float, tuple[Piece, ...]]] = {(0, False): (0.0, ())}
    for arc in arcs:
        before = best.get(arc.tail)
        if before is None:
            continue
        score = before[0] + weigh(arc.evidence, weights)
        if arc.head not in best or score > best[arc.head][0]:
            best[arc.head] = score, (*before[1], arc.piece) if arc.piece else before[1]
    return max((best[node] for node in ((n_digits, True), (n_digits, False)) if node in best), key=_score)


def weigh(evidence: Counts, weights: Mapping[str, float]) -> float:
    """Add up what the evidence weighs.

    Parameters
    ----------
    evidence : Counts
        How often each feature holds.
    weights : mapping
        By feature; one that is missing weighs nothing.

    Returns
    -------
    float
        The sum, as a natural logarithm.
    """
    return sum(count * weights.get(name, 0.0) for name, count in evidence.items())


def _score(reading: tuple[float, tuple[Piece, ...]]) -> float:
    return reading[0]


def _as_cardinals(run: Run, region: str) -> Run | None:
    """Read "two hundred twelve" as 212 and not as 200 12, if the run is a whole number then."""
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
    if len(atoms) == len(run.atoms) or any(atom.quantity for atom in atoms):
        return None
    cardinal = replace(run, atoms=tuple(atoms))
    return cardinal if grade(cardinal.digits, region) is Grade.FULL else None


def _completes(before: Atom, atom: Atom) -> bool:
    """Whether the two are a round number and what comes on top of it, said in one breath."""
    is_round = not before.numeral and len(before.digits) >= 3 and before.digits.endswith("00")
    return is_round and not atom.numeral and len(atom.digits) <= 2 and atom.digits[0] != "0"
