"""The queue of work: a message goes from ``waiting`` to ``listening`` to ``done`` or ``failed``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, func, select, update

from voicecheck.web.store.rows import (
    SUMMARY,
    StoredMessage,
    change_message,
    keep_card,
    read_message,
    read_one,
)
from voicecheck.web.store.tables import messages, rubrics

MAX_CRASHES = 2
"""A message that ends the listening process so often is not tried again."""


class Queue:
    """The work: what waits to be heard, and what waits to be judged again.

    Parameters
    ----------
    engine : Engine
        The database.
    now : callable
        The clock.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def resume(self) -> int:
        """Take up again what was being heard when the server last stopped; gives how many."""
        with self._engine.begin() as connection:
            return connection.execute(
                update(messages).where(messages.c.state == "listening").values(state="waiting")
            ).rowcount

    def n_waiting(self, *, before: StoredMessage | None = None) -> int:
        """Count the messages that wait or are being heard, or those of them that come before one."""
        condition: ColumnElement[bool] = messages.c.state.in_(("waiting", "listening"))
        if before is not None:
            condition = and_(condition, messages.c.received_at < before.received_at)
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(condition)
            ).scalar_one()

    def claim(self) -> StoredMessage | None:
        """Take the message that waited longest and mark it as being heard."""
        with self._engine.begin() as connection:
            message_id = connection.execute(
                select(messages.c.id)
                .where(messages.c.state == "waiting")
                .order_by(messages.c.received_at, messages.c.id)
                .limit(1)
            ).scalar_one_or_none()
            if message_id is None:
                return None
            connection.execute(update(messages).where(messages.c.id == message_id).values(state="listening"))
            return read_one(connection, message_id)

    def finish(
        self,
        message_id: str,
        *,
        card: Mapping[str, Any],
        rubric_id: int,
        hearing: str,
    ) -> None:
        """Keep the card, and what was heard (`voicecheck.hearing.hearing` as JSON).

        A message that was deleted meanwhile stays deleted.
        """
        with self._engine.begin() as connection:
            keep_card(
                connection,
                message_id,
                card,
                state="done",
                complaint=None,
                rubric_id=rubric_id,
                hearing=hearing,
                duration_s=card["source"]["duration_s"],
            )

    def rejudged(self, message_id: str, *, card: Mapping[str, Any], rubric_id: int) -> None:
        """Put a new card in the place of the old one."""
        with self._engine.begin() as connection:
            keep_card(connection, message_id, card, rubric_id=rubric_id)

    def fail(self, message_id: str, complaint: str) -> None:
        """Give a message up and say why."""
        with self._engine.begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id)
                .values(state="failed", complaint=complaint)
            )

    def crashed(self, message_id: str, complaint: str) -> None:
        """Count a death of the listening process, and try again unless it has died too often of this."""
        crashes = messages.c.crashes + 1
        with self._engine.begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id)
                .values(
                    crashes=crashes,
                    state=case((crashes >= MAX_CRASHES, "failed"), else_="waiting"),
                    complaint=case((crashes >= MAX_CRASHES, complaint), else_=None),
                )
            )

    def put_back(self, message_id: str) -> None:
        """Let a message wait again that nothing was wrong with."""
        with self._engine.begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id, messages.c.state == "listening")
                .values(state="waiting")
            )

    def hear_again(self, message_id: str) -> StoredMessage:
        """Let a message wait again that failed, or whose kept hearing is of no use."""
        return change_message(self._engine, message_id, state="waiting", crashes=0, complaint=None)

    def next_to_judge(self) -> tuple[StoredMessage, str] | None:
        """Find a message whose card is not by the rubric in force, with what was heard in it."""
        in_force = select(func.max(rubrics.c.id)).scalar_subquery()
        with self._engine.connect() as connection:
            row = connection.execute(
                select(*SUMMARY, messages.c.hearing)
                .where(messages.c.state == "done", messages.c.rubric_id != in_force)
                .order_by(messages.c.received_at.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else (read_message(row), row.hearing)

    def n_to_judge(self) -> int:
        """Count the messages whose card is not by the rubric in force."""
        in_force = select(func.max(rubrics.c.id)).scalar_subquery()
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count())
                .select_from(messages)
                .where(messages.c.state == "done", messages.c.rubric_id != in_force)
            ).scalar_one()
