"""Messages: taken in, looked up, listed, overridden, deleted.

A message is ``waiting``, then ``listening``, then ``done`` or ``failed`` (see `queue`). It is accepted only
once its row is on disk, so that a kill at any moment loses none.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.database import erase_traces
from voicecheck.web.store.names import name_key
from voicecheck.web.store.rows import NO_MESSAGE, Filter, StoredMessage
from voicecheck.web.store.rubrics import card_format, default_line
from voicecheck.web.store.statements import (
    SUMMARY,
    VERDICT,
    change_message,
    condition,
    read_messages,
    read_one,
    read_peaks,
    search_text,
)
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import messages, outcomes, rubrics, users
from voicecheck.web.store.teams import rubric_of

BATCH = 200
"""So many cards are in memory at once when all are gone through."""

Order = Literal["newest", "oldest", "longest", "shortest", "rep", "verdict"]

_LENGTH = (
    select(outcomes.c.value)
    .where(outcomes.c.message_id == messages.c.id, outcomes.c.check_id == "length")
    .scalar_subquery()
)
ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    "newest": (),
    "oldest": (messages.c.received_at.asc(),),
    "longest": (_LENGTH.is_(None), _LENGTH.desc()),
    "shortest": (_LENGTH.is_(None), _LENGTH.asc()),
    "rep": (messages.c.rep_key,),
    "verdict": (case((VERDICT == "fail", 0), (VERDICT == "review", 1), (VERDICT == "pass", 2), else_=3),),
}
"""How lists can be sorted; among equals the newest comes first."""


class Messages(Subject):
    """The messages and their cards; each method is one transaction."""

    def accept(
        self,
        *,
        rep: str,
        name: str,
        sha256: str,
        n_bytes: int,
        expected: str | None,
        prospect: str | None,
        speaker: str | None = None,
        company: str | None = None,
        rubric: int | None = None,
        region: str | None = None,
        handed_in: bool = True,
    ) -> StoredMessage:
        """Take a message in; once this returns it will be heard.

        It is judged by the rubric that is named, else by that of the rep's team, else by the default.

        Parameters
        ----------
        rep : str
            Whose message it is.
        name : str
            Of the file, as it was sent.
        sha256, n_bytes : str
            Of the recording, which is on disk.
        expected : str or None
            The number that should be said, digits only.
        prospect : str or None
            Whom it is for.
        speaker, company : str or None
            Who speaks, as they say it, and for whom.
        rubric : int or None
            The line of one.
        region : str or None
            ISO 3166 code; None for the server's.
        handed_in : bool
            Whether the coaches see it.

        Returns
        -------
        StoredMessage
            It waits to be heard.
        """
        with self._engine.begin() as connection:
            message_id = secrets.token_urlsafe(16)
            now = self._now()
            connection.execute(
                insert(messages).values(
                    id=message_id,
                    **_filed_under(connection, rep),
                    name=name,
                    sha256=sha256,
                    n_bytes=n_bytes,
                    expected=expected,
                    prospect=prospect,
                    speaker=speaker,
                    company=company,
                    region=region,
                    rubric_line=rubric or rubric_of(connection, rep) or default_line(connection),
                    search=search_text(name, prospect, company),
                    received_at=now,
                    handed_in_at=now if handed_in else None,
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

        Returns
        -------
        StoredMessage
            As it is now.

        Raises
        ------
        NotFoundError
            If there is none, or it is another rep's.
        """
        with self._engine.connect() as connection:
            found = read_one(connection, message_id)
        if rep is not None and name_key(found.rep) != name_key(rep):
            raise NotFoundError(NO_MESSAGE)
        return found

    def detail(self, message_id: str) -> tuple[dict[str, Any] | None, tuple[float, ...]]:
        """Fetch the card of a message, and the peaks of its sound.

        There is no card (None) before the message is judged, nor when another version made the card, until
        the message is judged again.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        tuple[dict[str, Any] or None, tuple[float, ...]]
            None and nothing, where there is no card of today's form or no hearing.
        """
        with self._engine.connect() as connection:
            row = connection.execute(
                select(messages.c.card, messages.c.hearing)
                .join(rubrics, rubrics.c.id == messages.c.rubric_id)
                .where(messages.c.id == message_id, rubrics.c.card_format == card_format())
            ).one_or_none()
        return (None, ()) if row is None else (row.card, read_peaks(row.hearing))

    def hearing(self, message_id: str) -> str:
        """Fetch what was heard in a message, as JSON; empty if nothing was.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        str
            As the listening process wrote it.
        """
        with self._engine.connect() as connection:
            row = connection.execute(
                select(messages.c.hearing).where(messages.c.id == message_id)
            ).one_or_none()
        return "" if row is None or row.hearing is None else str(row.hearing)

    def find(
        self, wanted: Filter, *, limit: int = 100, offset: int = 0, order: Order = "newest"
    ) -> list[StoredMessage]:
        """List messages with their outcomes.

        Parameters
        ----------
        wanted : Filter
            Which ones.
        limit, offset : int
            Messages at most, and messages to pass over.
        order : Order
            What comes first.

        Returns
        -------
        list of StoredMessage
            At most `limit`.
        """
        query = (
            select(*SUMMARY)
            .where(condition(wanted))
            .order_by(*ORDERS[order], messages.c.received_at.desc(), messages.c.id)
            .limit(limit)
            .offset(offset)
        )
        with self._engine.connect() as connection:
            return read_messages(connection, query)

    def each(self, wanted: Filter) -> Iterator[tuple[StoredMessage, dict[str, Any] | None]]:
        """Go through messages and their cards, the newest first, a few at a time.

        Parameters
        ----------
        wanted : Filter
            Which ones.

        Yields
        ------
        tuple[StoredMessage, dict[str, Any] or None]
            A message, and its card if it has one.
        """
        offset = 0
        while found := self.find(wanted, limit=BATCH, offset=offset):
            offset += len(found)
            ids = [message.id for message in found]
            with self._engine.connect() as connection:
                rows = connection.execute(
                    select(messages.c.id, messages.c.card)
                    .join(rubrics, rubrics.c.id == messages.c.rubric_id)
                    .where(messages.c.id.in_(ids), rubrics.c.card_format == card_format())
                ).all()
            cards = {row.id: row.card for row in rows}
            for message in found:
                yield message, cards.get(message.id)

    def count(self, wanted: Filter) -> int:
        """Count messages.

        Parameters
        ----------
        wanted : Filter
            Which ones.

        Returns
        -------
        int
            How many fit.
        """
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(condition(wanted))
            ).scalar_one()

    def delete(self, message_id: str) -> str | None:
        """Remove a message; gives the hash of its recording if no other message has the same.

        What SQLite still holds of it, `erase_traces` takes away.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        str or None
            The recording may be deleted then; None if it may not.
        """
        with self._engine.begin() as connection:
            sha256 = read_one(connection, message_id).sha256
            connection.execute(delete(outcomes).where(outcomes.c.message_id == message_id))
            connection.execute(delete(messages).where(messages.c.id == message_id))
            others = connection.execute(
                select(func.count()).select_from(messages).where(messages.c.sha256 == sha256)
            ).scalar_one()
        return None if others else sha256

    def erase_traces(self) -> None:
        """See that nothing is left of what was deleted."""
        erase_traces(self._engine)

    def older_than(self, keep_days: int) -> tuple[list[str], int]:
        """List the ids of messages that were received more than so many days ago, and count all messages.

        Parameters
        ----------
        keep_days : int
            Days that a message may be old.

        Returns
        -------
        tuple[list[str], int]
            Both may be empty and 0.
        """
        old = messages.c.received_at < self._now() - timedelta(days=keep_days)
        heard = messages.c.state.in_(("done", "failed"))
        with self._engine.connect() as connection:
            found = list(connection.execute(select(messages.c.id).where(old, heard)).scalars())
        return found, self.total()

    def total(self) -> int:
        """Count all messages."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(messages)).scalar_one()

    def has_recording(self, sha256: str) -> bool:
        """Whether a message has this recording.

        Parameters
        ----------
        sha256 : str
            Of a recording's bytes.

        Returns
        -------
        bool
            Whoever sent it.
        """
        with self._engine.connect() as connection:
            return (
                connection.execute(select(messages.c.id).where(messages.c.sha256 == sha256).limit(1)).first()
                is not None
            )

    def override(self, message_id: str, *, verdict: CardVerdict, note: str, by: str | None) -> StoredMessage:
        """Put a coach's verdict over the card's; judging again leaves it.

        Parameters
        ----------
        message_id : str
            Of a message with a card.
        verdict : CardVerdict
            That counts from now on.
        note : str
            Why.
        by : str or None
            Which coach; None for the one person without an account.

        Returns
        -------
        StoredMessage
            As it is then.
        """
        return change_message(
            self._engine,
            message_id,
            override_verdict=verdict,
            override_note=note,
            override_by=by,
            override_at=self._now(),
        )

    def withdraw_override(self, message_id: str) -> StoredMessage:
        """Let the card's verdict count again.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        StoredMessage
            As it is then.
        """
        return change_message(
            self._engine,
            message_id,
            override_verdict=None,
            override_note=None,
            override_by=None,
            override_at=None,
        )

    def hand_in(self, message_id: str) -> StoredMessage:
        """Let the coaches see a message.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        StoredMessage
            As it is then.
        """
        return change_message(self._engine, message_id, handed_in_at=self._now())

    def tell_part(self, message_id: str, *, start_s: float | None, end_s: float | None) -> StoredMessage:
        """Keep where the rep's part of a call begins and ends.

        Parameters
        ----------
        message_id : str
            Of any message.
        start_s, end_s : float or None
            From the start of the recording, in seconds; None for its own start or end.

        Returns
        -------
        StoredMessage
            It waits to be judged again.
        """
        return change_message(self._engine, message_id, start_s=start_s, end_s=end_s, phone=None)

    def want_phone(self, message_id: str, *, wanted: bool = True) -> StoredMessage:
        """Ask what the listener's phone would print of a message, or no longer.

        Parameters
        ----------
        message_id : str
            Of any message.
        wanted : bool
            Whether it is asked.

        Returns
        -------
        StoredMessage
            Its card is made again, with that.
        """
        return change_message(self._engine, message_id, phone="wanted" if wanted else None)

    def tell_names(self, told: StoredMessage) -> StoredMessage:
        """Keep who speaks, for whom and to whom, and which number is to be said.

        Parameters
        ----------
        told : StoredMessage
            As it is now said to be.

        Returns
        -------
        StoredMessage
            As it is kept.
        """
        names = ("speaker", "company", "prospect", "expected")
        return change_message(self._engine, told.id, **{name: getattr(told, name) for name in names})

    def judge_by(self, message_id: str, line: int) -> StoredMessage:
        """Judge a message by another rubric from now on.

        Parameters
        ----------
        message_id : str
            Of any message.
        line : int
            Which rubric.

        Returns
        -------
        StoredMessage
            It waits to be judged again.
        """
        return change_message(self._engine, message_id, rubric_line=line)

    def look(self, message_id: str) -> None:
        """Note that a coach has opened a message.

        Parameters
        ----------
        message_id : str
            Of any message.
        """
        unseen = (messages.c.id == message_id, messages.c.looked_at.is_(None))
        with self._engine.begin() as connection:
            connection.execute(update(messages).where(*unseen).values(looked_at=self._now()))

    def file_under(self, message_ids: Sequence[str], rep: str) -> int:
        """File messages under another rep; gives how many were there.

        Parameters
        ----------
        message_ids : sequence of str
            There or not.
        rep : str
            Whose they are from now on.

        Returns
        -------
        int
            Messages that were changed.
        """
        with self._engine.begin() as connection:
            return connection.execute(
                update(messages).where(messages.c.id.in_(message_ids)).values(**_filed_under(connection, rep))
            ).rowcount

    def ids_by_hash(self) -> dict[str, str]:
        """List each recording that a message has, with one such message's id."""
        with self._engine.connect() as connection:
            return {
                row.sha256: row.id for row in connection.execute(select(messages.c.sha256, messages.c.id))
            }

    def check_ids(self) -> list[str]:
        """List the checks that any card has a row for."""
        query = select(outcomes.c.check_id).distinct().order_by(outcomes.c.check_id)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def reps(self, wanted: Filter) -> list[tuple[str, int, int, int, datetime]]:
        """List each rep: how many messages they sent, have a verdict, passed, and when the last one came.

        Parameters
        ----------
        wanted : Filter
            Which messages count.

        Returns
        -------
        list[tuple[str, int, int, int, datetime]]
            Name, and the four figures.
        """
        passed = func.sum(case((VERDICT == "pass", 1), else_=0))
        query = (
            select(
                *(messages.c.rep, func.count(), func.count(VERDICT), passed),
                func.max(messages.c.received_at).label("last"),
            )
            .where(condition(wanted))
            .group_by(messages.c.rep)
            .order_by(messages.c.rep)
        )
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def failures(self, wanted: Filter) -> dict[str, dict[str, int]]:
        """Count the failed checks of each rep.

        Parameters
        ----------
        wanted : Filter
            Which messages count.

        Returns
        -------
        dict
            By rep, and by the check's id.
        """
        query = (
            select(messages.c.rep, outcomes.c.check_id, func.count())
            .join(outcomes, outcomes.c.message_id == messages.c.id)
            .where(condition(wanted), outcomes.c.verdict == "fail")
            .group_by(messages.c.rep, outcomes.c.check_id)
        )
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            for rep, check_id, count in connection.execute(query):
                found.setdefault(rep, {})[check_id] = count
        return found


def _filed_under(connection: Connection, rep: str) -> dict[str, str]:
    """The columns that say whose a message is; an account's name is written as it is there."""
    key = name_key(rep)
    known = connection.execute(select(users.c.name).where(users.c.key == key)).scalar_one_or_none()
    if known is None:
        known = connection.execute(
            select(messages.c.rep).where(messages.c.rep_key == key).limit(1)
        ).scalar_one_or_none()
    return {"rep": known or rep, "rep_key": key}
