"""Messages: taken in, looked up, listed, overridden, deleted.

A message is ``waiting``, then ``listening``, then ``done`` or ``failed`` (see `queue`). It is accepted only
once its row is on disk, so that a kill at any moment loses none.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, case, delete, func, insert, select

from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.database import erase_traces
from voicecheck.web.store.rows import (
    NO_MESSAGE,
    SUMMARY,
    VERDICT,
    Filter,
    StoredMessage,
    change_message,
    condition,
    read_messages,
    read_one,
    read_peaks,
)
from voicecheck.web.store.rubrics import CARD_FORMAT
from voicecheck.web.store.tables import messages, outcomes, rubrics


class Messages:
    """The messages and their cards; each method is one transaction.

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

    def accept(
        self,
        *,
        rep: str,
        name: str,
        sha256: str,
        n_bytes: int,
        expected: str | None,
        prospect: str | None,
    ) -> StoredMessage:
        """Take a message in; once this returns it will be heard."""
        with self._engine.begin() as connection:
            message_id = secrets.token_urlsafe(16)
            connection.execute(
                insert(messages).values(
                    id=message_id,
                    rep=rep,
                    name=name,
                    sha256=sha256,
                    n_bytes=n_bytes,
                    expected=expected,
                    prospect=prospect,
                    received_at=self._now(),
                    state="waiting",
                    crashes=0,
                )
            )
            return read_one(connection, message_id)

    def get(self, message_id: str, *, rep: str | None = None) -> StoredMessage:
        """Look a message up.

        Parameters
        ----------
        message_id : str
            Its id.
        rep : str or None
            Only if it is this rep's.

        Raises
        ------
        NotFoundError
            If there is none, or it is another rep's.
        """
        with self._engine.connect() as connection:
            found = read_one(connection, message_id)
        if rep is not None and found.rep != rep:
            raise NotFoundError(NO_MESSAGE)
        return found

    def detail(self, message_id: str) -> tuple[dict[str, Any] | None, tuple[float, ...]]:
        """Fetch the card of a message, and the peaks of its sound.

        There is no card (None) before the message is judged, nor when another version made the card, until
        the message is judged again.
        """
        with self._engine.connect() as connection:
            row = connection.execute(
                select(messages.c.card, messages.c.hearing)
                .join(rubrics, rubrics.c.id == messages.c.rubric_id)
                .where(messages.c.id == message_id, rubrics.c.card_format == CARD_FORMAT)
            ).one_or_none()
        return (None, ()) if row is None else (row.card, read_peaks(row.hearing))

    def find(
        self, wanted: Filter, *, limit: int = 100, offset: int = 0, newest_first: bool = True
    ) -> list[StoredMessage]:
        """List messages with their outcomes."""
        order = messages.c.received_at.desc() if newest_first else messages.c.received_at.asc()
        query = (
            select(*SUMMARY)
            .where(condition(wanted))
            .order_by(order, messages.c.id)
            .limit(limit)
            .offset(offset)
        )
        with self._engine.connect() as connection:
            return read_messages(connection, query)

    def count(self, wanted: Filter) -> int:
        """Count messages."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(condition(wanted))
            ).scalar_one()

    def delete(self, message_id: str) -> str | None:
        """Remove a message; gives the hash of its recording if no other message has the same."""
        with self._engine.begin() as connection:
            sha256 = read_one(connection, message_id).sha256
            connection.execute(delete(outcomes).where(outcomes.c.message_id == message_id))
            connection.execute(delete(messages).where(messages.c.id == message_id))
            others = connection.execute(
                select(func.count()).select_from(messages).where(messages.c.sha256 == sha256)
            ).scalar_one()
        erase_traces(self._engine)
        return None if others else sha256

    def older_than(self, keep_days: int) -> list[str]:
        """List the ids of messages that were received more than so many days ago."""
        with self._engine.connect() as connection:
            return list(
                connection.execute(
                    select(messages.c.id).where(
                        messages.c.received_at < self._now() - timedelta(days=keep_days),
                        messages.c.state.in_(("done", "failed")),
                    )
                ).scalars()
            )

    def has_recording(self, sha256: str) -> bool:
        """Whether a message has this recording."""
        with self._engine.connect() as connection:
            return (
                connection.execute(select(messages.c.id).where(messages.c.sha256 == sha256).limit(1)).first()
                is not None
            )

    def override(self, message_id: str, *, verdict: CardVerdict, note: str, by: str | None) -> StoredMessage:
        """Put a coach's verdict over the card's; judging again leaves it."""
        return change_message(
            self._engine,
            message_id,
            override_verdict=verdict,
            override_note=note,
            override_by=by,
            override_at=self._now(),
        )

    def withdraw_override(self, message_id: str) -> StoredMessage:
        """Let the card's verdict count again."""
        return change_message(
            self._engine,
            message_id,
            override_verdict=None,
            override_note=None,
            override_by=None,
            override_at=None,
        )

    def reps(self) -> list[tuple[str, int, int, datetime]]:
        """List each rep with how many messages they sent, how many passed, and when the last one came."""
        passed = func.sum(case((VERDICT == "pass", 1), else_=0))
        query = (
            select(messages.c.rep, func.count(), passed, func.max(messages.c.received_at).label("last"))
            .group_by(messages.c.rep)
            .order_by(messages.c.rep)
        )
        with self._engine.connect() as connection:
            return [(rep, total, n_passed, last) for rep, total, n_passed, last in connection.execute(query)]
