"""The sayings of a number set under each other, digit over digit, for every report.

A saying stands under the number that it comes nearest to, and below the expected number where that is near.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from voicecheck.numbers.compare import differences, same_number
from voicecheck.numbers.plan import comparable_digits, display, is_nanp
from voicecheck.report.words import clock


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A digit in the grid, or the place of one that is missing.

    Parameters
    ----------
    digit : str
        Empty where there is none.
    label : str
        For a screen reader.
    onset_s, offset_s : float or None
        When it was said.
    mark : {"", "differs", "doubt"}
        Why to look at it.
    starts_group : bool
        Whether there is a gap before it in print.
    """

    digit: str
    label: str
    onset_s: float | None = None
    offset_s: float | None = None
    mark: str = ""
    starts_group: bool = False


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """A row of the grid.

    Parameters
    ----------
    title, note : str
        Which saying it is; how fast it was, and what else is to be known.
    cells : tuple of Cell
        As many as in the other rows of its grid.
    ordinal : int or None
        Of the recitation on the card, from 1; None for the expected number.
    plus : bool
        Whether a plus was said before the first digit.
    onset_s, offset_s : float or None
        When it was said.
    """

    title: str
    note: str
    cells: tuple[Cell, ...]
    ordinal: int | None = None
    plus: bool = False
    onset_s: float | None = None
    offset_s: float | None = None


@dataclass(kw_only=True)
class _Aligned:
    """Digits of one saying, placed on the reference's digits and between them."""

    on: list[int | None]
    between: dict[int, list[int]] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)


def digit_grids(card: Mapping[str, Any], expected: str | None, region: str) -> list[list[GridRow]]:
    """Set the sayings of each number under each other, digit over digit.

    Parameters
    ----------
    card : mapping
        As `voicecheck.report.data` writes it.
    expected : str or None
        The number that should be said; shown above the number that comes near it.
    region : str
        ISO 3166 code.

    Returns
    -------
    list[list[GridRow]]
        One list a number, in the order said; the expected number stands first where it was given.
    """
    recitations = card["recitations"]
    if any(check["id"] == "number_clear" and check["verdict"] == "pass" for check in card["checks"]):
        recitations = [{**each, "doubts": []} for each in recitations]  # the sayings clear each other
    groups: list[list[Mapping[str, Any]]] = []
    for recitation in (each for each in recitations if each["full"]):
        group = _nearest(groups, comparable_digits(recitation["digits"], region=region), region)
        if group is None:
            groups.append([recitation])
        else:
            group.append(recitation)
    for partial in (each for each in recitations if not each["full"]):
        home = next((group for group in groups if group[0]["digits"].endswith(partial["digits"])), None)
        if home is None:
            groups.append([partial])
        else:
            home.append(partial)
    return [_grid(group, expected, region) for group in groups]


def _nearest(
    groups: Sequence[list[Mapping[str, Any]]], digits: str, region: str
) -> list[Mapping[str, Any]] | None:
    """Find the number that a saying comes nearest to, if it means one of them."""
    from rapidfuzz.distance import OSA

    firsts = [comparable_digits(group[0]["digits"], region=region) for group in groups]
    near = [
        (OSA.distance(first, digits), at) for at, first in enumerate(firsts) if same_number(first, digits)
    ]
    return groups[min(near)[1]] if near else None


def _grid(group: Sequence[Mapping[str, Any]], expected: str | None, region: str) -> list[GridRow]:
    first = comparable_digits(group[0]["digits"], region=region)
    aim = comparable_digits(expected, region=region) if expected else None
    reference = aim if aim is not None and same_number(aim, first) else first
    aligned = [_align(reference, each, region) for each in group]
    prefix = max(len(_digits(each)) - len(_core(each, region)) for each in group)
    extra = {at: max(len(each.between.get(at, ())) for each in aligned) for at in range(len(reference) + 1)}
    starts = _group_starts(reference, region) | ({0} if prefix else set())
    sayings = [
        _saying(each, place, prefix, extra, reference, starts, region)
        for each, place in zip(group, aligned, strict=True)
    ]
    if reference is aim:
        cells = [Cell(digit="", label="")] * prefix
        for at, digit in enumerate(reference):
            cells += [Cell(digit="", label="")] * extra[at]
            cells.append(Cell(digit=digit, label=digit, starts_group=at in starts))
        cells += [Cell(digit="", label="")] * extra[len(reference)]
        sayings.insert(0, GridRow(title="Expected", note="", cells=tuple(cells)))
    return sayings


def _digits(recitation: Mapping[str, Any]) -> str:
    return str(recitation["digits"]).lstrip("+")


def _core(recitation: Mapping[str, Any], region: str) -> str:
    """Strip the country code or trunk prefix, if that leaves the end of what was said."""
    if not recitation["full"]:
        return _digits(recitation)
    core = comparable_digits(recitation["digits"], region=region)
    return core if _digits(recitation).endswith(core) else _digits(recitation)


def _align(reference: str, recitation: Mapping[str, Any], region: str) -> _Aligned:
    core = _core(recitation, region)
    if not recitation["full"] and reference.endswith(core):
        skipped = len(reference) - len(core)
        return _Aligned(on=[None] * skipped + list(range(len(core))))
    aligned = _Aligned(on=[])
    found = differences(reference, core)
    gone = {each.first_at for each in found if each.kind == "missing"}
    added = {each.second_at: each.first_at for each in found if each.kind == "extra"}
    for each in found:
        if each.kind in ("other", "swapped"):
            aligned.marked |= set(range(each.second_at, each.second_at + len(each.second)))
    at = 0
    for place in range(len(reference) + 1):
        while at in added:
            aligned.between.setdefault(place, []).append(at)
            aligned.marked.add(at)
            at += 1
        if place == len(reference):
            break
        if place in gone:
            aligned.on.append(None)
            aligned.missing.add(place)
        else:
            aligned.on.append(at)
            at += 1
    return aligned


def _saying(
    recitation: Mapping[str, Any],
    aligned: _Aligned,
    prefix: int,
    extra: Mapping[int, int],
    reference: str,
    starts: set[int],
    region: str,
) -> GridRow:
    timed = recitation["timed_digits"]
    n_prefix = len(timed) - len(_core(recitation, region))
    doubts = {doubt["position"]: doubt["rival"] for doubt in recitation["doubts"]}

    def cell(index: int, against: str | None, *, starts_group: bool = False) -> Cell:
        digit, onset_s = timed[index]["digit"], timed[index]["onset_s"]
        label, mark = f"{digit}, at {clock(onset_s)}", ""
        if index - n_prefix in aligned.marked:
            mark = "differs"
            label += f", differs: {against} elsewhere" if against else ", an extra digit"
        elif index in doubts:
            mark = "doubt"
            label += f", may be {doubts[index]}" if doubts[index] else ", may be no digit"
        return Cell(
            digit=digit,
            label=label,
            onset_s=onset_s,
            offset_s=timed[index]["offset_s"],
            mark=mark,
            starts_group=starts_group,
        )

    empty = Cell(digit="", label="")
    cells = [empty] * (prefix - n_prefix) + [cell(index, None) for index in range(n_prefix)]
    for place in range(len(reference) + 1):
        between = aligned.between.get(place, [])
        cells += [cell(index + n_prefix, None) for index in between]
        cells += [empty] * (extra[place] - len(between))
        if place == len(reference):
            break
        index_on = aligned.on[place]
        if index_on is not None:
            cells.append(cell(index_on + n_prefix, reference[place], starts_group=place in starts))
        elif place in aligned.missing:
            label = f"no digit here, {reference[place]} elsewhere"
            cells.append(Cell(digit="", label=label, mark="differs", starts_group=place in starts))
        else:
            cells.append(Cell(digit="", label="", starts_group=place in starts))
    rate = recitation["rate_dps"]
    note = "" if rate is None else f"{rate:.2f} digits/s"
    waiting = max((wait["digits"] for wait in recitation["waits"]), default=0)
    if waiting > 1:
        note += f", a writer is up to {waiting} digits behind"
    if recitation["extension"]:
        note += f", ext. {recitation['extension']}"
    title = f"Saying {recitation['ordinal']}" if recitation["full"] else "In part"
    return GridRow(
        title=title,
        note=note,
        cells=tuple(cells),
        ordinal=recitation["ordinal"],
        plus=str(recitation["digits"]).startswith("+"),
        onset_s=recitation["onset_s"],
        offset_s=recitation["offset_s"],
    )


def _group_starts(digits: str, region: str) -> set[int]:
    """Tell before which digits a person leaves a gap in print."""
    shown = display(digits, region=region)
    starts, at = set(), 0
    for before, letter in pairwise(f" {shown}"):
        if letter.isdigit():
            if at and not before.isdigit():
                starts.add(at)
            at += 1
    return starts


def spelled(saying: GridRow, region: str) -> tuple[str, str]:
    """Write a row in letters of one width.

    Parameters
    ----------
    saying : GridRow
        A row of a grid.
    region : str
        ISO 3166 code: what stands between the groups.

    Returns
    -------
    digits, marks : str
        The row, and under it a caret at each place that differs and a question mark at each in doubt.
    """
    mark_of = {"differs": "^", "doubt": "?"}
    between = "-" if is_nanp(region) and not saying.plus else " "
    digits = marks = ""
    for at, cell in enumerate(saying.cells):
        if cell.starts_group and at:
            digits, marks = digits + (between if digits.strip() else " "), marks + " "
        digits += cell.digit or ("_" if cell.mark else " ")
        marks += mark_of.get(cell.mark, " ")
    return ("+" if saying.plus else "") + digits, (" " if saying.plus else "") + marks
