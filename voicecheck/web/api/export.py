"""Messages as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from voicecheck.report.table import FORMULA_STARTS
from voicecheck.scorecard.registry import titles
from voicecheck.web.store.rows import StoredMessage


def to_csv(messages: Sequence[StoredMessage]) -> str:
    """Write one row a message; values that a spreadsheet would run get a quote before them."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        [
            *("id", "rep", "received_at", "file", "state", "verdict", "card_verdict", "note", "next_step"),
            *("expected", "prospect", "duration_s", "complaint"),
            *(f"{check_id}{part}" for check_id in titles() for part in ("", "_value")),
        ]
    )
    for message in messages:
        writer.writerow([_harmless(value) for value in _row(message)])
    return buffer.getvalue()


def _row(message: StoredMessage) -> list[str | float | None]:
    row: list[str | float | None] = [
        message.id,
        message.rep,
        message.received_at.isoformat(timespec="seconds"),
        message.name,
        message.state,
        message.verdict,
        message.card_verdict,
        message.override.note if message.override else None,
        message.next_step,
        message.expected,
        message.prospect,
        message.duration_s,
        message.complaint,
    ]
    for check_id in titles():
        outcome = message.outcomes.get(check_id)
        row += [outcome.verdict, outcome.value] if outcome else [None, None]
    return row


def _harmless(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
