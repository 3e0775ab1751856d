"""Messages as CSV, with the columns of a batch's ``summary.csv`` and the page's own behind them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from voicecheck.report.table import AFTER_CHECKS, BEFORE_CHECKS, FORMULA_STARTS, NOT_ANALYSED
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
        row = {**_known(message), **({} if card is None else _judged(card))}
        if card is not None and message.override is None and card["part"]["outcome"] in OUTCOMES:
            row["verdict"] = card["part"]["outcome"]
        writer.writerow({name: _harmless(value) for name, value in row.items()})
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


def _judged(card: Mapping[str, Any]) -> dict[str, str | float | None]:
    full = [each for each in card["recitations"] if each["full"]]
    test = card["line_test"] or {"lines": 0}
    lines = {} if not test["lines"] else {"test_lines": test["lines"]} | _whole(test)
    measures = card["measures"]
    is_there = measures["message_s"] is not None
    return {
        "score_percent": _round(card["score"]["percent"], 0),
        "message_starts_s": _round(
            card["part"]["onset_s"] + measures["leading_silence_s"] if is_there else None, 1
        ),
        "message_s": _round(card["measures"]["message_s"], 1),
        "speaking_rate_wpm": _round(card["measures"]["speaking_rate_wpm"], 0),
        "number": " / ".join(dict.fromkeys(each["display"] for each in full)),
        "times_said": len(full) if is_there else None,
        "fastest_dps": _round(max((each["rate_dps"] or 0.0 for each in full), default=None), 2),
        **{f"{check['id']}_verdict": check["verdict"] for check in card["checks"]},
        **lines,
        "tips": " ".join(tip["text"] for tip in card["tips"]),
        "rubric": card["rubric"]["name"],
    }


def _whole(test: Mapping[str, Any]) -> dict[str, float]:
    """On how many of the bad lines the number came through whole."""
    return {
        f"whole_{column}": test[key]["whole"]
        for column, key in (("first_saying", "first"), ("all_sayings", "all"))
        if test[key] is not None
    }


def _round(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals or None)


def _harmless(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
