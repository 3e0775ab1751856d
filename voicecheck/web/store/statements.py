"""Rows read, chosen and changed in an open transaction; the stores are made of these."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from voicecheck.report.words import shown_verdict
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.names import name_key
from voicecheck.web.store.rows import NO_MESSAGE, CheckOutcome, Filter, Override, StoredMessage, User
from voicecheck.web.store.search import asked, split
from voicecheck.web.store.tables import messages, outcomes

SUMMARY = [column for column in messages.c if column.name not in ("hearing", "card", "search")]
"""All of a message but what is large."""

VERDICT = func.coalesce(messages.c.override_verdict, messages.c.verdict)
"""The verdict that counts: the coach's, else the card's."""


def read_one(connection: Connection, message_id: str) -> StoredMessage:
    """Look a message up in an open transaction; `NotFoundError` if there is none.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    message_id : str
        Of any message.

    Returns
    -------
    StoredMessage
        As it is there.
    """
    found = read_messages(connection, select(*SUMMARY).where(messages.c.id == message_id))
    if not found:
        raise NotFoundError(NO_MESSAGE)
    return found[0]


def read_messages(connection: Connection, query: Select[Any]) -> list[StoredMessage]:
    """Read the messages of a query for `SUMMARY`, each with its outcomes.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    query : Select[Any]
        What to read, in which order.

    Returns
    -------
    list of StoredMessage
        In the order of the query.
    """
    rows = connection.execute(query).all()
    by_message: dict[str, dict[str, CheckOutcome]] = {row.id: {} for row in rows}
    for ids in _batches(list(by_message)):
        for row in connection.execute(select(outcomes).where(outcomes.c.message_id.in_(ids))):
            by_message[row.message_id][row.check_id] = CheckOutcome(verdict=row.verdict, value=row.value)
    return [read_message(row, by_message[row.id]) for row in rows]


def _batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def read_message(row: Any, found: Mapping[str, CheckOutcome] | None = None) -> StoredMessage:
    """Make a message of its row.

    Parameters
    ----------
    row : Any
        With the columns of `SUMMARY`.
    found : Mapping[str, CheckOutcome] or None
        The outcomes of its checks, by id.

    Returns
    -------
    StoredMessage
        Without card and hearing, which are long.
    """
    override = None
    if row.override_verdict is not None:
        override = Override(
            verdict=row.override_verdict, note=row.override_note, by=row.override_by, at=row.override_at
        )
    return StoredMessage(
        id=row.id,
        rep=row.rep,
        name=row.name,
        sha256=row.sha256,
        n_bytes=row.n_bytes,
        expected=row.expected,
        prospect=row.prospect,
        speaker=row.speaker,
        company=row.company,
        region=row.region,
        received_at=row.received_at,
        state=row.state,
        complaint=row.complaint,
        duration_s=row.duration_s,
        card_verdict=row.verdict,
        next_step=row.next_step,
        passed=row.passed,
        counted=row.counted,
        rubric_line=row.rubric_line,
        override=override,
        number=row.number,
        first_words=row.first_words,
        start_s=row.start_s,
        end_s=row.end_s,
        phone=row.phone,
        handed_in_at=row.handed_in_at,
        looked_at=row.looked_at,
        outcomes=found or {},
    )


def read_peaks(hearing: str) -> tuple[float, ...]:
    """The drawing of the sound; none if another version kept it elsewhere.

    Parameters
    ----------
    hearing : str
        JSON; empty if nothing was heard.

    Returns
    -------
    tuple of float
        0 to 1, one for each `PEAK_S`.
    """
    try:
        return tuple(json.loads(hearing)["peaks"])
    except (KeyError, TypeError, ValueError):
        return ()


def read_user(row: Any) -> User:
    """Make a user of their row.

    Parameters
    ----------
    row : Any
        Of the users' table.

    Returns
    -------
    User
        The account.
    """
    return User(name=row.name, role=row.role, password_hash=row.password_hash, epoch=row.epoch)


def condition(wanted: Filter) -> ColumnElement[bool]:
    """Write a filter as SQL.

    Parameters
    ----------
    wanted : Filter
        Which messages.

    Returns
    -------
    ColumnElement[bool]
        For a query's ``where``.
    """
    conditions: list[ColumnElement[bool]] = [messages.c.id.is_not(None)]
    if wanted.rep is not None:
        conditions.append(messages.c.rep_key == name_key(wanted.rep))
    if wanted.since is not None:
        conditions.append(messages.c.received_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(messages.c.received_at < wanted.until)
    if wanted.verdict is not None:
        conditions.append(VERDICT.__eq__(wanted.verdict))
    if wanted.failed is not None:
        failed = select(outcomes.c.message_id).where(
            outcomes.c.check_id == wanted.failed, outcomes.c.verdict == "fail"
        )
        conditions.append(messages.c.id.in_(failed))
    if wanted.text is not None:
        conditions += [
            or_(each, messages.c.rep_key.contains(each.word, autoescape=True)) for each in asked(wanted.text)
        ]
    if wanted.ids is not None:
        conditions.append(messages.c.id.in_(wanted.ids))
    if wanted.is_open:
        undecided = and_(
            messages.c.override_verdict.is_(None),
            or_(messages.c.verdict == "review", messages.c.state == "failed"),
        )
        conditions.append(or_(undecided, messages.c.looked_at.is_(None)))
    if wanted.is_judged:
        conditions.append(messages.c.state == "done")
    if wanted.rubric_line is not None:
        conditions.append(messages.c.rubric_line == wanted.rubric_line)
    if wanted.viewer is not None:
        own = messages.c.rep_key == name_key(wanted.viewer)
        conditions.append(or_(messages.c.handed_in_at.is_not(None), own))
    return and_(*conditions)


def change_message(engine: Engine, message_id: str, **values: Any) -> StoredMessage:
    """Write some columns of a message, in a transaction of its own.

    Parameters
    ----------
    engine : Engine
        The database.
    message_id : str
        Of any message.
    **values : Any
        By the columns' names.

    Returns
    -------
    StoredMessage
        As it is then.
    """
    with engine.begin() as connection:
        connection.execute(update(messages).where(messages.c.id == message_id).values(**values))
        return read_one(connection, message_id)


def keep_card(connection: Connection, message_id: str, card: Mapping[str, Any], **values: Any) -> None:
    """Write a card, its outcomes and whatever else changes with it; nothing for a deleted message.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    message_id : str
        Of the message.
    card : mapping
        As data.
    **values : Any
        Other columns that change, by their names.
    """
    mine = messages.c.id == message_id
    named = connection.execute(
        select(messages.c.name, messages.c.prospect, messages.c.company).where(mine)
    ).one_or_none()
    if named is None:
        return
    number, said = _number(card), card["transcript"]["text"]
    connection.execute(
        update(messages)
        .where(mine)
        .values(
            card=dict(card),
            verdict=card["verdict"],
            next_step=card["next_step"],
            number=number,
            first_words=_first_words(card),
            passed=card["score"]["passed"],
            counted=card["score"]["of"],
            search=search_text(*named, number, said),
            **values,
        )
    )
    connection.execute(delete(outcomes).where(outcomes.c.message_id == message_id))
    connection.execute(
        insert(outcomes),
        [
            {
                "message_id": message_id,
                "check_id": check["id"],
                "verdict": shown_verdict(check["role"], check["verdict"]),
                "value": check["value"],
            }
            for check in card["checks"]
        ],
    )


def search_text(*parts: str | None) -> str:
    """Write what a search looks through, as it is indexed.

    Parameters
    ----------
    *parts : str or None
        Words, numbers, names; None counts for nothing.

    Returns
    -------
    str
        Blanks between them.
    """
    return split(" . ".join(part for part in parts if part))


def _number(card: Mapping[str, Any]) -> str | None:
    """The number that was said, as it is displayed; the first one that was said in full."""
    return next((each["display"] for each in card["recitations"] if each["full"]), None)


def _first_words(card: Mapping[str, Any]) -> str | None:
    """So much of a message that it is known again; what a mailbox said before it tells nothing."""
    words = card["transcript"]["words"]
    own = " ".join(word["text"].strip() for word in words if word.get("part", "message") == "message")
    return shorten(re.sub(r" (?=[,.;:?!%-])", "", own), 90, placeholder="…") or None
