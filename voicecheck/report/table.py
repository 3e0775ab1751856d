"""Many messages for programs and spreadsheets: one line of JSON, or one row of CSV, for each."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from voicecheck.report.data import to_dict
from voicecheck.report.words import shown_verdict
from voicecheck.scorecard.across import Message, Row
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.registry import titles

FAILURE_SCHEMA = "voicecheck.failure/1"

NOT_ANALYSED = "not_analysed"
"""The verdict of a message that has no card."""

BEFORE_CHECKS = (
    *("file", "rep", "company", "date", "prospect", "expected_number", "verdict"),
    *("checks_passed", "checks_required", "score_percent", "next_step", "error"),
    *("message_starts_s", "message_s", "speaking_rate_wpm", "number", "times_said", "fastest_dps"),
)
AFTER_CHECKS = (
    *("test_lines", "whole_first_saying", "whole_all_sayings"),
    *("tips", "rubric", "sha256"),
)
"""One meaning a column: verdicts end in ``_verdict``, figures in their unit, rounded as on the card."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts like this is run by a spreadsheet; a file name from a stranger must not be."""


LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What some programs take for the end of a line, as JSON may write it."""


def row_of(card: Scorecard) -> Row:
    """Make a row of a card that stands alone.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    Row
        With the file's name, and nothing else known of the message.
    """
    return Row(message=Message(file=card.source.name), card=card)


def to_line(row: Row) -> str:
    """Write a message as one line of JSON: its card with `message` added, or a failure.

    Parameters
    ----------
    row : Row
        With a card or an error.

    Returns
    -------
    str
        Without the line's end, and without any character that some program takes for one.
    """
    message = {**message_dict(row.message), "sound": row.sound}
    if row.card is None:
        data: dict[str, Any] = {"schema": FAILURE_SCHEMA, "message": message, "error": row.error}
    else:
        data = {**to_dict(row.card), "message": message}
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return text.translate(LINE_ENDS)


def to_csv(rows: Iterable[Row]) -> str:
    """Write a header and one row for each message; what was not measured is empty.

    Parameters
    ----------
    rows : iterable of Row
        In the order of the table.

    Returns
    -------
    str
        What a spreadsheet would run as a formula gets a quote before it.
    """
    rows, buffer = tuple(rows), StringIO()
    writer = csv.DictWriter(buffer, _columns(rows), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        card: dict[str, Any] = {"verdict": NOT_ANALYSED}
        if row.card is not None:
            card = {"verdict": row.card.status, **cells(to_dict(row.card))}
        filled = {**message_dict(row.message), "error": row.error, **card}
        writer.writerow({name: safe(value) for name, value in filled.items()})
    return buffer.getvalue()


def _columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Name the columns: of every check that has a row by default, and of those that only these cards have."""
    on_cards = {check.id: check.title for row in rows if row.card for check in row.card.checks}
    ids = dict.fromkeys((*titles(), *on_cards))
    return (*BEFORE_CHECKS, *(f"{check_id}_verdict" for check_id in ids), *AFTER_CHECKS)


def card_to_csv(card: Scorecard) -> str:
    """Write a header and the row of a card that stands alone.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    str
        Two lines.
    """
    return to_csv([row_of(card)])


def message_dict(message: Message) -> dict[str, str | None]:
    """Turn what is known of a message into plain data.

    Parameters
    ----------
    message : Message
        Its date is written in ISO 8601, without a time where there is none.

    Returns
    -------
    dict
        A text or None for each.
    """
    return {
        "file": message.file,
        "rep": message.rep,
        "date": None if message.date is None else message.date.isoformat(sep=" ").removesuffix(" 00:00:00"),
        "company": message.company,
        "prospect": message.prospect,
        "expected_number": message.expected,
    }


def cells(card: Mapping[str, Any]) -> dict[str, str | float | None]:
    """Write the cells that a card fills, on the page as in a batch.

    Parameters
    ----------
    card : mapping
        A card's data, as `to_dict` makes it.

    Returns
    -------
    dict
        By column, without the verdict, which a coach may have changed.
    """
    measures = card["measures"]
    full = [each for each in card["recitations"] if each["full"]]
    is_heard = measures["message_s"] is not None
    starts_s = card["part"]["onset_s"] + measures["leading_silence_s"] if is_heard else None
    score = card["score"]
    return {
        "checks_passed": score["passed"] if score["of"] else None,
        "checks_required": score["of"] or None,
        "score_percent": _round(score["percent"], 0),
        "next_step": card["next_step"],
        "message_starts_s": _round(starts_s, 1),
        "message_s": _round(measures["message_s"], 1),
        "speaking_rate_wpm": _round(measures["speaking_rate_wpm"], 0),
        "number": " / ".join(dict.fromkeys(each["display"] for each in full)),
        "times_said": len(full) if is_heard else None,
        "fastest_dps": _round(max((each["rate_dps"] or 0.0 for each in full), default=None), 2),
        **{f"{each['id']}_verdict": shown_verdict(each["role"], each["verdict"]) for each in card["checks"]},
        **_line_test(card["line_test"]),
        "tips": " ".join(tip["text"] for tip in card["tips"]),
        "rubric": card["rubric"]["name"],
        "sha256": card["source"]["sha256"],
    }


def _line_test(test: Mapping[str, Any] | None) -> dict[str, int]:
    """On how many of the bad lines the number came through whole; nothing where it was not sent."""
    if test is None or not test["lines"]:
        return {}
    return {
        "test_lines": test["lines"],
        "whole_first_saying": test["first"]["whole"],
        "whole_all_sayings": test["all"]["whole"],
    }


def _round(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals or None)


def safe(cell: str | float | None) -> str | float | None:
    r"""Put a quote before what a spreadsheet would run as a formula, and show what a terminal would obey.

    Parameters
    ----------
    cell : str or float or None
        To be written.

    Returns
    -------
    str or float or None
        The same, if it is harmless. A return is shown too: readers of CSV take it for the end of a row.

    Examples
    --------
    >>> safe("=1+1"), safe("call\x1b[2J.wav"), safe("two\nlines")
    ("'=1+1", 'call\\x1b[2J.wav', 'two\nlines')
    """
    if not isinstance(cell, str):
        return cell
    shown = _CONTROL.sub(lambda match: ascii(match[0])[1:-1], cell)
    return f"'{shown}" if cell.startswith(FORMULA_STARTS) else shown
