"""Many messages for programs and spreadsheets: one line of JSON, or one row of CSV, for each."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from io import StringIO
from typing import Any

from voicecheck.numbers.plan import display
from voicecheck.report.data import to_dict
from voicecheck.scorecard.across import Message, Row
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.registry import titles

FAILURE_SCHEMA = "voicecheck.failure/1"

CHECK_COLUMNS = tuple(titles())
COLUMNS = (
    *("file", "rep", "prospect", "expected_number", "verdict", "next_step", "error"),
    *("message_s", "speaking_rate_wpm", "number", "times_said", "fastest_dps"),
    *CHECK_COLUMNS,
    *("tips", "sha256"),
)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts like this is run by a spreadsheet; a file name from a stranger must not be."""


def row_of(card: Scorecard) -> Row:
    """Make a row of a card that stands alone."""
    return Row(message=Message(file=card.source.name), card=card)


def to_line(row: Row) -> str:
    """Write a message as one line of JSON: its card with `message` added, or a failure."""
    message = _message(row.message)
    if row.card is None:
        data: dict[str, Any] = {"schema": FAILURE_SCHEMA, "message": message, "error": row.error}
    else:
        data = {**to_dict(row.card), "message": message}
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def to_csv(rows: Iterable[Row]) -> str:
    """Write a header and one row for each message; what was not measured is empty."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        card = {} if row.card is None else _card(row.card)
        cells = {**_message(row.message), "error": row.error, **card}
        writer.writerow({name: _safe(value) for name, value in cells.items()})
    return buffer.getvalue()


def card_to_csv(card: Scorecard) -> str:
    """Write a header and the row of a card that stands alone."""
    return to_csv([row_of(card)])


def _message(message: Message) -> dict[str, str | None]:
    return {
        "file": message.file,
        "rep": message.rep,
        "prospect": message.prospect,
        "expected_number": message.expected,
    }


def _card(card: Scorecard) -> dict[str, str | float | None]:
    full = [each for each in card.recitations if each.full]
    rates = [each.rate_dps for each in full if not math.isnan(each.rate_dps)]
    measures = card.measures
    return {
        "verdict": card.verdict,
        "next_step": card.next_step,
        "message_s": _round(measures.message.duration_s if measures.message else math.nan, 2),
        "speaking_rate_wpm": _round(measures.speaking_rate_wpm, 1),
        "number": " / ".join(dict.fromkeys(display(each.digits, region=card.region) for each in full)),
        "times_said": len(full) if measures.message else None,
        "fastest_dps": _round(max(rates, default=math.nan), 2),
        **{check.id: check.verdict for check in card.checks},
        "tips": " ".join(tip.text for tip in card.tips),
        "sha256": card.source.sha256,
    }


def _round(value: float, decimals: int) -> float | None:
    return None if math.isnan(value) else round(value, decimals)


def _safe(cell: str | float | None) -> str | float | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
