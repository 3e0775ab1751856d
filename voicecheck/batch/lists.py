"""The list of a batch: a CSV file that says who left each message, for whom, when, and with which number.

Spreadsheets write such files in many ways: commas, semicolons or tabs, with a first line that says which or
without, UTF-8 with a mark or without, or the old Latin-1, headings in any case and under several names, cells
as formulas that keep a number from becoming a quantity. Those are read. What cannot be understood (a heading
that is none of ours, a number that a spreadsheet has rounded) is refused in one line: a column that is passed
over in silence would pass a message with the wrong number.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from voicecheck.errors import ParameterError
from voicecheck.files import printable, read_at_most
from voicecheck.numbers.plan import parse_expected

COLUMNS = {
    "file": ("file name", "filename", "path", "recording", "audio"),
    "rep": ("rep name", "agent", "caller", "sales rep"),
    "company": ("company name", "firm", "organisation", "organization", "employer"),
    "prospect": ("prospect name", "customer", "contact", "lead"),
    "expected_number": (
        "expected",
        "number",
        "phone",
        "phone number",
        "telephone",
        "callback number",
        "callback",
    ),
    "date": ("time", "date time", "datetime", "day", "recorded", "recorded at", "left at", "timestamp"),
    "rubric": (),
}
"""Our columns, and what else people call them."""

SEPARATORS = ",;\t|"

_TOLD_SEPARATOR = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?[,;\t|]*\s*?(?=[\r\n]|\Z)', re.IGNORECASE)
"""Excel's first line, which says what stands between the cells."""

_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
"""How programs write a cell that Excel is to leave as it is."""

BYTES_MAX = 64 * 2**20
"""A list of a million messages is smaller."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A line of a list: what it says of one file.

    Parameters
    ----------
    name : str
        The file as the list names it.
    list_file : Path
        The list.
    line : int
        Where in the list, from 1.
    rep, company, prospect : str or None
        Who left it, for which company, and for whom.
    expected : str or None
        The number that should be said.
    date : datetime or None
        When it was left.
    rubric : str or None
        What to judge it by: the name of a ready rubric, or a file seen from the folder of the list.
    """

    name: str
    list_file: Path
    line: int
    rep: str | None = None
    company: str | None = None
    prospect: str | None = None
    expected: str | None = None
    date: datetime | None = None
    rubric: str | None = None


def read_list(file: Path) -> list[Listed]:
    """Read a list.

    Parameters
    ----------
    file : Path
        A CSV file with a column for the file, and any of the others in `COLUMNS`.

    Returns
    -------
    list of Listed
        In the order of the list; lines without a file are left out.

    Raises
    ------
    ParameterError
        If it cannot be read, has a column that is not known or none for the file, or a value in it is wrong.
    """
    text = _decoded(file)
    told = _TOLD_SEPARATOR.match(text)
    if told:
        text = "\n" * text.count("\n", 0, told.end()) + text[told.end() :]
    separator = told[1] if told else _likely_separator(text)
    table = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = next((cells for cells in table if any(map(str.strip, cells))), [])
        return list(_lines(table, _places(header, file), file, n_cells=len(header)))
    except csv.Error as error:
        raise ParameterError(f"{file}, line {table.line_num}: not CSV: {error}") from error


def _decoded(file: Path) -> str:
    try:
        data = read_at_most(file, BYTES_MAX)
    except OSError as error:
        raise ParameterError(f"{file}: {error.strerror}; give a CSV file with a column file") from error
    if len(data) > BYTES_MAX:
        raise ParameterError(f"{file}: over {BYTES_MAX // 2**20} MB; give a shorter list")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ParameterError(f"{file}: not a text file; save it as CSV")
    return text


def _likely_separator(text: str) -> str:
    """Take what stands most often between the headings."""
    heading = text.lstrip().split("\n", 1)[0]
    return max(SEPARATORS, key=heading.count)


def _plain(heading: str) -> str:
    """Write a heading as we do: ``" Expected-Number "`` is ``expected_number``."""
    return re.sub(r"[\W_]+", "_", heading.strip().casefold()).strip("_")


def _plain_value(cell: str) -> str | None:
    shown = _TEXT_FORMULA.sub(r"\1", cell.strip()).strip()
    return shown or None


def _places(header: Sequence[str], file: Path) -> dict[str, int]:
    """Find our columns in the headings."""
    known = {_plain(name): ours for ours, others in COLUMNS.items() for name in (ours, *others)}
    unknown = [heading.strip() for heading in header if _plain(heading) and _plain(heading) not in known]
    if unknown:
        columns = "column" if len(unknown) == 1 else "columns"
        raise ParameterError(
            f"{file}: unknown {columns} {', '.join(repr(each[:80]) for each in unknown[:5])}; "
            f"columns are {', '.join(COLUMNS)}: rename or remove the others"
        )
    places: dict[str, int] = {}
    for at, heading in enumerate(header):
        ours = known.get(_plain(heading))
        if ours in places:
            raise ParameterError(f"{file}: two columns {ours}: {header[places[ours]]!r} and {heading!r}")
        if ours is not None:
            places[ours] = at
    if "file" not in places:
        raise ParameterError(f"{file}: no column file; columns are {', '.join(COLUMNS)}")
    return places


def _lines(table: Any, places: dict[str, int], file: Path, *, n_cells: int) -> Iterator[Listed]:
    for cells in table:
        where = f"{file}, line {table.line_num}"
        if any(each.strip() for each in cells[n_cells:]):
            raise ParameterError(f"{where}: more cells than headings; quote a cell that holds a separator")
        for at, each in enumerate(cells):
            if each.strip() and at not in places.values():
                raise ParameterError(f"{where}: {each[:80]!r} stands in a column without a heading; name it")
        values = {name: _plain_value(cells[at]) for name, at in places.items() if at < len(cells)}
        name = values.get("file")
        if name is None:
            if any(values.values()):
                raise ParameterError(f"{where}: names no file")
            continue
        for heading, value in values.items():
            if (
                value is not None
                and heading != "file"
                and printable(value) != value
                and heading != "expected_number"
            ):
                raise ParameterError(f"{where}: {heading} holds a character that is not text: {value[:80]!r}")
        try:
            yield Listed(
                name=name,
                list_file=file,
                line=table.line_num,
                rep=values.get("rep"),
                company=values.get("company"),
                prospect=values.get("prospect"),
                expected=None
                if (number := values.get("expected_number")) is None
                else parse_expected(number),
                date=None if (date := values.get("date")) is None else _date(date),
                rubric=values.get("rubric"),
            )
        except ParameterError as error:
            raise ParameterError(f"{where}: {error}") from error


def _date(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParameterError(
            f"{text[:80]!r} is not a date: write it as 2026-11-25, or 2026-11-25 14:03"
        ) from error
    return when if when.tzinfo is None else when.astimezone().replace(tzinfo=None)
