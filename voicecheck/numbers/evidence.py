"""What speaks for a stretch of digits being a telephone number, and for the digits beside it being none.

Evidence is a name and a count; the score of a reading is the sum of counts times fitted weights
(`finder_weights`), and a run in which nothing is a number scores 0. So a score is the logarithm of odds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from voicecheck.numbers.atoms import Atom, Joint
from voicecheck.numbers.cues import Cues
from voicecheck.numbers.plan import Grade, begins_with_trunk, grade, is_nanp
from voicecheck.numbers.runs import Run
from voicecheck.numbers.tokens import Token

Counts = dict[str, float]
"""Count by name."""

_SEAM_FROM = {7: -3, 10: 0, 11: 1}
"""Where the area code starts in a North American number, by its length."""

_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")

_COUNTED_MIN = 6
"""Fewer numbers than these that go up by one are not counting."""

_NATIONAL_DIGITS = 10

_LOCAL_DIGITS = 7

_SLIPS = 2
"""Slips, a swap being one, with which two sayings are still taken for tries at one number."""

_REPEATED_MIN = 3
"""Fewer equal digits than these are no sign of a group said twice."""

_GROUPS_MAX = 3
"""Groups in which a number is set where no plan says how: 020 7946 0018."""

_FEW_ATOMS = 3
"""Atoms of a range of hours: "nine to five"."""

_COUNTED_DIGITS = 4
"""More digits left over than these are no worse: they are a thing of their own."""

_FEW_DIGITS = 5
"""Digits of a time, a house or a ZIP code that hangs on a number."""


ODD_PAUSES_MAX = 2
"""Who pauses at more wrong places than this pauses anywhere; more of it says nothing more."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Digits `start` to `end` of a run, taken for one number.

    `digits` are as dialled, a leading "+" included; `plus` is the token that gave it.
    """

    atoms: tuple[Atom, ...]
    plus: Token | None
    digits: str
    grade: Grade
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands around one run.

    Parameters
    ----------
    before, after : frozenset of str
        Cues, see `cues`.
    first_digits, last_digits : str
        What the nearest words make of a few digits at the run's edges.
    others : tuple of (str, bool)
        Digits of each other run of the text, and whether words name them as something else than a telephone
        number.
    """

    before: Cues = frozenset()
    after: Cues = frozenset()
    first_digits: str = ""
    last_digits: str = ""
    others: tuple[tuple[str, bool], ...] = ()


def piece_of(run: Run, atoms: tuple[Atom, ...], region: str, start: int) -> Piece:
    """Take the atoms, whose first digit is the run's digit `start`, for one number.

    Parameters
    ----------
    run : Run
        Digits in a row.
    atoms : tuple of Atom
        Some of the run's.
    region : str
        ISO 3166 code.
    start : int
        Index into the run's digits.

    Returns
    -------
    Piece
        What could be a number.
    """
    plus = run.plus if start == 0 else None
    digits = "".join(atom.digits for atom in atoms)
    dialled = ("+" if plus else "") + digits
    return Piece(
        atoms=atoms,
        plus=plus,
        digits=dialled,
        grade=grade(dialled, region),
        start=start,
        end=start + len(digits),
    )


def evidence_for(piece: Piece, run: Run, around: Surroundings, region: str) -> Counts:
    """Collect what speaks for or against a number, by its digits, its setting and its surroundings.

    Parameters
    ----------
    piece : Piece
        What could be a number.
    run : Run
        That it is a part of.
    around : Surroundings
        The words before and behind.
    region : str
        ISO 3166 code.

    Returns
    -------
    Counts
        Names of `finder_weights`, each with how often it holds.
    """
    found = _shape(piece, region)
    if run.broken:
        found["broken"] = 1
    found |= _edges(piece, run)
    if piece.start and begins_with_trunk(piece.digits, region):
        found["start_trunk"] = 1
    place = "before" if piece.start == 0 else "inside"
    found |= {f"{place}:{cue}": 1.0 for cue in around.before}
    if piece.start == 0 and not around.before:
        found["before:nothing"] = 1
    if piece.end == len(run.digits):
        found |= {f"after:{cue}": 1.0 for cue in around.after}
    return found | _sayings(piece, run, around)


def _shape(piece: Piece, region: str) -> Counts:
    """Judge the digits by themselves, and how they were grouped."""
    if piece.plus:
        found: Counts = {f"plus_{piece.grade.name.lower()}": 1}
    elif piece.grade is Grade.NEAR:
        found = {"near": 1, f"near_{len(piece.digits)}": 1}
    else:
        found = {piece.grade.name.lower(): 1}
    found |= {name: 1.0 for name, holds in _oddities(piece, region).items() if holds}
    odd_pauses = n_odd_pauses(piece, region)
    if odd_pauses:
        found["odd_pauses"] = min(odd_pauses, ODD_PAUSES_MAX)
    setting = _setting(piece, region)
    if setting:
        found[setting] = 1
        if piece.grade is Grade.LOCAL:
            found[f"local_{setting}"] = 1
    if piece.grade is Grade.LOCAL and piece.digits.startswith("555"):
        found["local_555"] = 1
    return found


def _oddities(piece: Piece, region: str) -> dict[str, bool]:
    return {
        "date": is_date(piece.atoms),
        "address": _is_address(piece.atoms),
        "counting": is_counting(piece.atoms),
        "one_digit": len(set(piece.digits.lstrip("+"))) == 1,
        "slash": any(atom.mark == "/" for atom in piece.atoms[1:]),
        "untidy": not is_tidy(piece, region),
        "trunk": begins_with_trunk(piece.digits, region) is True,
        "no_trunk": not piece.plus and begins_with_trunk(piece.digits, region) is False,
        "echo": len(piece.digits.lstrip("+")) < piece.end - piece.start,
        "lettered": any(atom.lettered for atom in piece.atoms),
    }


def _setting(piece: Piece, region: str) -> str:
    """Name how the digits are set: `one_by_one`, in one `figure`, in groups (`set`), or in few."""
    if len(piece.atoms) == 1:
        return "figure"
    if all(len(atom.digits) == 1 for atom in piece.atoms):
        return "one_by_one"
    seams = _seams(piece, region)
    if not is_nanp(region) and len(piece.atoms) <= _GROUPS_MAX:
        return "few_groups"
    starts = {end - len(atom.digits) for atom, end in zip(piece.atoms, _ends(piece.atoms), strict=True)}
    return "set" if seams and starts == {seam for seam in seams if 0 <= seam < len(piece.digits)} else ""


def _edges(piece: Piece, run: Run) -> Counts:
    """Judge the places where the piece is cut out of its run."""
    inner = max((atom.joint for atom in piece.atoms[1:]), default=None)
    found: Counts = {}
    for side, place in (("start", piece.start), ("end", piece.end)):
        joint = joint_at(run.atoms, place)
        if place in (0, len(run.digits)) or _is_doubtful_at(run.atoms, place):
            continue
        found[f"{side}_{joint.name.lower() if joint is not None else 'inside'}"] = 1
        if joint is not None and inner is not None and joint <= inner:
            found[f"{side}_not_looser"] = 1
    return found


def joint_at(atoms: Sequence[Atom], place: int) -> Joint | None:
    """Give the joint before digit `place`; None inside an atom, STOP at the ends.

    Parameters
    ----------
    atoms : sequence of Atom
        Of a run or a piece.
    place : int
        Index of a digit.

    Returns
    -------
    Joint or None
        What stands there.
    """
    at = 0
    for atom in atoms:
        if at == place:
            return atom.joint if at else Joint.STOP
        at += len(atom.digits)
    return Joint.STOP if at == place else None


def _is_doubtful_at(atoms: Sequence[Atom], place: int) -> bool:
    """Whether an atom that may be no digit lies right before or behind digit `place`."""
    at = 0
    for atom in atoms:
        if atom.optional and place in (at, at + len(atom.digits)):
            return True
        at += len(atom.digits)
    return False


def _sayings(piece: Piece, run: Run, around: Surroundings) -> Counts:
    """Look for other sayings of the same digits anywhere in the text."""
    core = piece.digits.lstrip("+")[-_NATIONAL_DIGITS:]
    if len(core) < _LOCAL_DIGITS:
        return {}
    same = [is_other for digits, is_other in around.others if _holds(digits, core)]
    if any(same):
        return {"again_other": 1}
    if same or (run.digits.count(core) > 1 and _holds(run.digits, core)):
        return {"again": 1}
    return {"alike": 1} if any(_is_alike(core, digits) for digits, _ in around.others) else {}


def _holds(digits: str, core: str) -> bool:
    """Whether digits hold a whole number; a local one is looked for at their end, where it is said again."""
    return core in digits if len(core) > _LOCAL_DIGITS + 1 else digits.endswith(core)


def _is_alike(core: str, digits: str) -> bool:
    """Whether two strings of digits may be one number of which a digit slipped."""
    from rapidfuzz.distance import OSA

    return len(digits) > _LOCAL_DIGITS and OSA.distance(core, digits, score_cutoff=_SLIPS) <= _SLIPS


def evidence_against(run: Run, start: int, end: int, around: Surroundings) -> Counts:
    """Collect what it costs to leave digits `start` to `end` of a run over.

    Parameters
    ----------
    run : Run
        Digits in a row.
    start, end : int
        Indices into its digits, the last one excluded.
    around : Surroundings
        The words before and behind.

    Returns
    -------
    Counts
        Names of `finder_weights`, each with how often it holds.
    """
    atoms = atoms_between(run.atoms, start, end) or ()
    sure = [atom for atom in atoms if not atom.optional]
    if not sure:
        return {}
    side = "head" if start == 0 else "tail" if end == len(run.digits) else "mid"
    digits = run.digits[start:end]
    n_sure = sum(len(atom.digits) for atom in sure)
    found: Counts = {f"left_{side}": 1, f"left_{side}_digits": min(n_sure, _COUNTED_DIGITS)}
    if n_sure == 1:
        found[f"left_{side}_single"] = 1
    # Between two numbers only an echo of its neighbour is a repeat: in "415-555-0136, 415, 555-0136" the
    # second 415 begins the number again.
    nearby = run.digits if side != "mid" else run.digits[max(0, start - len(digits)) : end + len(digits)]
    if len(digits) >= _REPEATED_MIN and nearby.count(digits) > 1:
        found["left_repeat"] = 1
    if len(atoms) <= _FEW_ATOMS and any(atom.optional for atom in atoms[1:-1]):
        found["left_range"] = 1
    if is_date(atoms):
        found["left_date"] = 1
    if len(digits) <= _FEW_DIGITS:
        cue = {"head": around.first_digits, "tail": around.last_digits, "mid": ""}[side]
        found |= {f"left_{side}_{cue}": 1.0} if cue else {}
        if side == "head" and len(atoms) == 1 and len(digits) == _FEW_DIGITS:
            found["left_zip"] = 1
    return found


def atoms_between(atoms: Sequence[Atom], start: int, end: int) -> tuple[Atom, ...] | None:
    """Give the atoms of digits `start` to `end`, numerals cut where needed; None where a word is cut.

    Parameters
    ----------
    atoms : sequence of Atom
        Of a run.
    start, end : int
        Indices into its digits, the last one excluded.

    Returns
    -------
    tuple of Atom or None
        Their digits are just those asked for.
    """
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


def without_echo(atoms: tuple[Atom, ...]) -> list[tuple[Atom, ...]]:
    """Leave out groups that were written twice, at the end of one stretch and at the start of the next.

    Parameters
    ----------
    atoms : tuple of Atom
        Digits in a row, with what joins them.

    Returns
    -------
    list of tuple of Atom
        One for each group that is told twice: a blank parts the two, and hyphens join them to what is beside.
    """
    kept = []
    for at, (before, atom, after) in enumerate(zip(atoms, atoms[1:], atoms[2:], strict=False), start=1):
        is_parted = (before.joint, atom.joint, after.joint) == (Joint.TIGHT, Joint.SPACE, Joint.TIGHT)
        if is_parted and atom.digits == before.digits:
            kept.append((*atoms[:at], *atoms[at + 1 :]))
    return kept


def is_tidy(piece: Piece, region: str) -> bool:
    """Whether the pieces of a North American number respect its seams, 3-3-4.

    A piece may cross a seam only if it starts and ends on one ("416-5550198"), and dots stand on seams.

    Parameters
    ----------
    piece : Piece
        What could be a number.
    region : str
        ISO 3166 code.

    Returns
    -------
    bool
        True in regions that have no such seams.
    """
    seams = _seams(piece, region)
    if seams is None:
        return True
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
    """Count the pauses that fall elsewhere than on the seams of a North American number.

    Where pauses part most atoms ("4, 1, 6, ..."), they say nothing.

    Parameters
    ----------
    piece : Piece
        What could be a number.
    region : str
        ISO 3166 code.

    Returns
    -------
    int
        0 in regions that have no such seams.
    """
    seams = _seams(piece, region)
    paused = [atom.joint >= Joint.PAUSE for atom in piece.atoms[1:]]
    if not seams or sum(paused) > len(paused) / 2:
        return 0
    starts = [end - len(atom.digits) for atom, end in zip(piece.atoms, _ends(piece.atoms), strict=True)]
    return sum(holds and start not in seams for start, holds in zip(starts[1:], paused, strict=True))


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


def is_date(atoms: Sequence[Atom]) -> bool:
    """Whether the atoms are a day: 2026-06-15, 3/14/2025, "three, fourteen, twenty twenty five".

    Parameters
    ----------
    atoms : sequence of Atom
        Digits in a row, with what joins them.

    Returns
    -------
    bool
        Only where month, day and year are possible ones.
    """
    starts = [group.start for group in _groups(atoms, "-/")]
    digits = "".join(atom.digits for atom in atoms)
    if starts[1:3] == [4, 6] and _DATE.match(digits):
        return True
    if len(atoms) < 3:
        return False
    day = [int(atom.digits) for atom in atoms[:2] if len(atom.digits) <= 2]
    year = "".join(atom.digits for atom in atoms[2:])
    is_day = len(day) == 2 and 1 <= min(day) <= 12 and max(day) <= 31
    whole_year = bool(re.fullmatch(r"(19|20)\d\d", year)) and len(atoms) <= 4
    return is_day and (whole_year or (len(year) == 2 and all(atom.mark == "/" for atom in atoms[1:])))


def _is_address(atoms: Sequence[Atom]) -> bool:
    """Whether dots cut the digits into four groups of one to three, as in 192.168.1.1."""
    dotted = _groups(atoms, ".")
    return len(dotted) == 4 and all(len(group) <= 3 for group in dotted)


def is_counting(atoms: Sequence[Atom]) -> bool:
    """Whether the atoms count up by one: "1 2 3 4 5 6 7 8 9 10".

    Parameters
    ----------
    atoms : sequence of Atom
        Digits in a row.

    Returns
    -------
    bool
        False for fewer than it takes to tell.
    """
    values = [int(atom.digits) for atom in atoms]
    steps = {(b - a) for a, b in pairwise(values)}
    return len(values) >= _COUNTED_MIN and steps <= {1, -9} and 1 in steps
