"""Messages as CSV, with the columns of a batch's ``summary.csv`` and the page's own behind them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from voicecheck.report.table import AFTER_CHECKS, BEFORE_CHECKS, NOT_ANALYSED, cells, safe
from voicecheck.report.words import OUTCOMES
from voicecheck.web.store.rows import StoredMessage

OWN_COLUMNS = ("id", "state", "speaker", "card_verdict", "note", "decided_by")
"""What only the page knows: where it is, who speaks, the card's own verdict, what a coach decided."""


def to_csv(
    messages: Iterable[tuple[StoredMessage, Mapping[str, Any] | None]], check_ids: Iterable[str]
) -> Iterator[str]:
    """Write a header and one row a message; what a spreadsheet would run gets a quote before it.

    Parameters
    ----------
    messages : iterable of (StoredMessage, mapping or None)
        Each with its card, if it has one.
    check_ids : iterable of str
        The checks that have a column.

    Yields
    ------
    str
        A line.
    """
    buffer = StringIO()
    verdicts = (f"{check_id}_verdict" for check_id in check_ids)
    columns = (*BEFORE_CHECKS, *verdicts, *AFTER_CHECKS, *OWN_COLUMNS)
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for message, card in messages:
        row = {**({} if card is None else cells(card)), **_known(message)}
        if card is not None and message.override is None and card["part"]["outcome"] in OUTCOMES:
            row["verdict"] = card["part"]["outcome"]
        writer.writerow({name: safe(value) for name, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _known(message: StoredMessage) -> dict[str, str | float | None]:
    """What is known without a card; the verdict is the one that counts."""
    return {
        "file": message.name,
        "rep": message.rep,
        "date": message.received_at.isoformat(sep=" ", timespec="seconds"),
        "prospect": message.prospect,
        "expected_number": message.expected,
        "verdict": message.verdict or (NOT_ANALYSED if message.state == "failed" else None),
        "checks_passed": message.passed,
        "checks_required": message.counted,
        "next_step": message.next_step,
        "error": message.complaint,
        "sha256": message.sha256,
        "id": message.id,
        "state": message.state,
        "speaker": message.speaker,
        "company": message.company,
        "card_verdict": message.card_verdict,
        "note": message.override.note if message.override else None,
        "decided_by": message.override.by if message.override else None,
    }
