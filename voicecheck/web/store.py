"""Everything the server remembers: messages with their cards, users, rubrics.

Conventions
-----------
A message is ``waiting``, then ``listening``, then ``done`` or ``failed``. Each method is one transaction,
and a message is accepted only once its row is on disk, so that a kill at any moment loses none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from voicecheck.errors import InputError, ParameterError
from voicecheck.report.json import json_schema
from voicecheck.rubric import Rubric, default_rubric, parse_rubric
from voicecheck.scorecard import CardVerdict
from voicecheck.web.database import erase_traces, open_database
from voicecheck.web.tables import messages, outcomes, rubrics, users

log = logging.getLogger(__name__)

State = Literal["waiting", "listening", "done", "failed"]
Role = Literal["rep", "coach"]

MAX_CRASHES = 2
"""A message that ends the listening process so often is not tried again."""

CARD_FORMAT = hashlib.sha256(json.dumps(json_schema(), sort_keys=True).encode()).hexdigest()
"""Changes with the published schema of a card, which names every key: no one has to think of it."""


class NotFoundError(InputError):
    """There is no such message, user or page, or not for this user."""


@dataclass(frozen=True, kw_only=True)
class User:
    """A person with an account.

    Parameters
    ----------
    name : str
        Also the rep whose messages they see.
    role : {"rep", "coach"}
        A coach sees everyone.
    password_hash : str
        By argon2.
    epoch : int
        Counted up to end every session.
    """

    name: str
    role: Role
    password_hash: str = field(repr=False)
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class Override:
    """A coach's own verdict."""

    verdict: CardVerdict
    note: str
    by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one check came to."""

    verdict: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message, without the large things that are known about it.

    Parameters
    ----------
    id : str
        Cannot be guessed.
    rep : str
        Whose message it is.
    name : str
        What the file was called.
    sha256 : str
        Of the file.
    n_bytes : int
        Of the file.
    expected : str or None
        The number that should be said.
    prospect : str or None
        Whom the message is for.
    received_at : datetime
        In UTC.
    state : {"waiting", "listening", "done", "failed"}
        How far it is.
    complaint : str or None
        Why it failed.
    duration_s : float or None
        Of the recording.
    card_verdict : {"pass", "fail", "review"} or None
        The card's own.
    next_step : str or None
        The card's one sentence.
    override : Override or None
        The coach's.
    outcomes : mapping of str to Outcome
        By check.
    """

    id: str
    rep: str
    name: str
    sha256: str
    n_bytes: int
    expected: str | None
    prospect: str | None
    received_at: datetime
    state: State
    complaint: str | None
    duration_s: float | None
    card_verdict: CardVerdict | None
    next_step: str | None
    override: Override | None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)

    @property
    def verdict(self) -> CardVerdict | None:
        """The verdict that counts: the coach's, else the card's."""
        return self.override.verdict if self.override else self.card_verdict


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which messages are wanted; None takes all.

    Parameters
    ----------
    rep : str or None
        Whose.
    since, until : datetime or None
        Received at or after, and before.
    verdict : {"pass", "fail", "review"} or None
        That counts.
    failed : str or None
        A check that failed.
    """

    rep: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    verdict: CardVerdict | None = None
    failed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A rubric that was put in force."""

    id: int
    rubric: Rubric
    by: str | None
    at: datetime
    card_format: str | None


_SUMMARY = [column for column in messages.c if column.name not in ("hearing", "card")]
_VERDICT = func.coalesce(messages.c.override_verdict, messages.c.verdict)


class Store:
    """The database.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it.
    now : callable
        The clock.
    """

    def __init__(self, url: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = open_database(url)
        self._now = now
        try:
            adopted = self._latest_rubric()
        except ParameterError as error:
            log.error("the rubric in force is not valid any more, the default takes its place: %s", error)
            adopted = None
        if adopted is None:
            self._put_in_force(default_rubric(), by=None)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # ---- messages ----

    def accept(
        self,
        *,
        rep: str,
        name: str,
        sha256: str,
        n_bytes: int,
        expected: str | None,
        prospect: str | None,
    ) -> Message:
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
            return _one(connection, message_id)

    def message(self, message_id: str, *, rep: str | None = None) -> Message:
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
            found = _one(connection, message_id)
        if rep is not None and found.rep != rep:
            raise NotFoundError(_NO_MESSAGE)
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
        return (None, ()) if row is None else (row.card, _peaks(row.hearing))

    def find(
        self, wanted: Filter, *, limit: int = 100, offset: int = 0, newest_first: bool = True
    ) -> list[Message]:
        """List messages with their outcomes."""
        order = messages.c.received_at.desc() if newest_first else messages.c.received_at.asc()
        query = (
            select(*_SUMMARY)
            .where(_condition(wanted))
            .order_by(order, messages.c.id)
            .limit(limit)
            .offset(offset)
        )
        with self._engine.connect() as connection:
            return _messages(connection, query)

    def count(self, wanted: Filter) -> int:
        """Count messages."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(_condition(wanted))
            ).scalar_one()

    def n_waiting(self, *, before: Message | None = None) -> int:
        """Count the messages that wait or are being heard, or those of them that come before one."""
        condition: ColumnElement[bool] = messages.c.state.in_(("waiting", "listening"))
        if before is not None:
            condition = and_(condition, messages.c.received_at < before.received_at)
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(condition)
            ).scalar_one()

    def delete(self, message_id: str) -> str | None:
        """Remove a message; gives the hash of its recording if no other message has the same."""
        with self._engine.begin() as connection:
            sha256 = _one(connection, message_id).sha256
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

    def override(self, message_id: str, *, verdict: CardVerdict, note: str, by: str | None) -> Message:
        """Put a coach's verdict over the card's; judging again leaves it."""
        return self._change(
            message_id,
            override_verdict=verdict,
            override_note=note,
            override_by=by,
            override_at=self._now(),
        )

    def withdraw_override(self, message_id: str) -> Message:
        """Let the card's verdict count again."""
        return self._change(
            message_id, override_verdict=None, override_note=None, override_by=None, override_at=None
        )

    def reps(self) -> list[tuple[str, int, int, datetime]]:
        """List each rep with how many messages they sent, how many passed, and when the last one came."""
        passed = func.sum(case((_VERDICT == "pass", 1), else_=0))
        query = (
            select(messages.c.rep, func.count(), passed, func.max(messages.c.received_at).label("last"))
            .group_by(messages.c.rep)
            .order_by(messages.c.rep)
        )
        with self._engine.connect() as connection:
            return [(rep, total, n_passed, last) for rep, total, n_passed, last in connection.execute(query)]

    # ---- work ----

    def resume(self) -> int:
        """Take up again what was being heard when the server last stopped; gives how many."""
        with self._engine.begin() as connection:
            return connection.execute(
                update(messages).where(messages.c.state == "listening").values(state="waiting")
            ).rowcount

    def claim(self) -> Message | None:
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
            return _one(connection, message_id)

    def finish(
        self,
        message_id: str,
        *,
        card: Mapping[str, Any],
        rubric_id: int,
        hearing: str,
    ) -> None:
        """Keep the card, and what was heard (`voicecheck.hearing` as JSON).

        A message that was deleted meanwhile stays deleted.
        """
        with self._engine.begin() as connection:
            _keep_card(
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
            _keep_card(connection, message_id, card, rubric_id=rubric_id)

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

    def hear_again(self, message_id: str) -> Message:
        """Let a message wait again that failed, or whose kept hearing is of no use."""
        return self._change(message_id, state="waiting", crashes=0, complaint=None)

    def next_to_judge(self) -> tuple[Message, str] | None:
        """Find a message whose card is not by the rubric in force, with what was heard in it."""
        in_force = select(func.max(rubrics.c.id)).scalar_subquery()
        with self._engine.connect() as connection:
            row = connection.execute(
                select(*_SUMMARY, messages.c.hearing)
                .where(messages.c.state == "done", messages.c.rubric_id != in_force)
                .order_by(messages.c.received_at.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else (_message(row), row.hearing)

    def n_to_judge(self) -> int:
        """Count the messages whose card is not by the rubric in force."""
        in_force = select(func.max(rubrics.c.id)).scalar_subquery()
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count())
                .select_from(messages)
                .where(messages.c.state == "done", messages.c.rubric_id != in_force)
            ).scalar_one()

    # ---- rubrics ----

    def adopt(self, rubric: Rubric, *, by: str | None) -> Adopted:
        """Put a rubric in force; every card that is by another one will be judged again."""
        latest = self._latest_rubric()
        if latest is not None and latest.rubric == rubric:
            return latest
        return self._put_in_force(rubric, by=by)

    def renew_cards(self) -> bool:
        """Have every message judged again if their cards are of another format; gives whether they are."""
        latest = self.rubric_in_force()
        if latest.card_format == CARD_FORMAT:
            return False
        self._put_in_force(latest.rubric, by=latest.by, at=latest.at)
        return True

    def _put_in_force(self, rubric: Rubric, *, by: str | None, at: datetime | None = None) -> Adopted:
        with self._engine.begin() as connection:
            connection.execute(
                insert(rubrics).values(
                    name=rubric.name,
                    sha256=rubric.sha256,
                    text=rubric.text,
                    adopted_by=by,
                    adopted_at=at or self._now(),
                    card_format=CARD_FORMAT,
                )
            )
        return self.rubric_in_force()

    def rubric_in_force(self) -> Adopted:
        """Read the rubric that messages are judged by."""
        latest = self._latest_rubric()
        assert latest is not None, "a store adopts the default rubric when it opens"
        return latest

    def _latest_rubric(self) -> Adopted | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(rubrics).order_by(rubrics.c.id.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        return Adopted(
            id=row.id,
            rubric=parse_rubric(row.text),
            by=row.adopted_by,
            at=row.adopted_at,
            card_format=row.card_format,
        )

    # ---- users ----

    def add_user(self, user: User) -> None:
        """Make an account.

        Raises
        ------
        ParameterError
            If the name is taken.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(users).values(
                        name=user.name,
                        role=user.role,
                        password_hash=user.password_hash,
                        # Not zero: a cookie of an earlier account of this name must not fit.
                        epoch=secrets.randbelow(2**30),
                    )
                )
        except IntegrityError as error:
            raise ParameterError(f"there is a user {user.name!r} already") from error

    def user(self, name: str) -> User | None:
        """Look an account up."""
        with self._engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return None if row is None else _user(row)

    def users(self) -> list[User]:
        """List the accounts by name."""
        with self._engine.connect() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def has_users(self) -> bool:
        """Whether there are accounts."""
        with self._engine.connect() as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is not None

    def set_password_hash(self, name: str, password_hash: str) -> None:
        """Change a password, and end every session.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        self._change_user(name, password_hash=password_hash, epoch=users.c.epoch + 1)

    def end_sessions(self, name: str) -> None:
        """End every session of a user.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        self._change_user(name, epoch=users.c.epoch + 1)

    def remove_user(self, name: str) -> None:
        """Remove an account; the messages stay, for the coaches.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        with self._engine.begin() as connection:
            if not connection.execute(delete(users).where(users.c.name == name)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")

    def _change_user(self, name: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")

    def _change(self, message_id: str, **values: Any) -> Message:
        with self._engine.begin() as connection:
            connection.execute(update(messages).where(messages.c.id == message_id).values(**values))
            return _one(connection, message_id)


_NO_MESSAGE = "there is no such message"


def _one(connection: Connection, message_id: str) -> Message:
    found = _messages(connection, select(*_SUMMARY).where(messages.c.id == message_id))
    if not found:
        raise NotFoundError(_NO_MESSAGE)
    return found[0]


def _messages(connection: Connection, query: Select[Any]) -> list[Message]:
    rows = connection.execute(query).all()
    by_message: dict[str, dict[str, Outcome]] = {row.id: {} for row in rows}
    for ids in _batches(list(by_message)):
        for row in connection.execute(select(outcomes).where(outcomes.c.message_id.in_(ids))):
            by_message[row.message_id][row.check_id] = Outcome(verdict=row.verdict, value=row.value)
    return [_message(row, by_message[row.id]) for row in rows]


def _batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _message(row: Any, found: Mapping[str, Outcome] | None = None) -> Message:
    override = None
    if row.override_verdict is not None:
        override = Override(
            verdict=row.override_verdict, note=row.override_note, by=row.override_by, at=row.override_at
        )
    return Message(
        id=row.id,
        rep=row.rep,
        name=row.name,
        sha256=row.sha256,
        n_bytes=row.n_bytes,
        expected=row.expected,
        prospect=row.prospect,
        received_at=row.received_at,
        state=row.state,
        complaint=row.complaint,
        duration_s=row.duration_s,
        card_verdict=row.verdict,
        next_step=row.next_step,
        override=override,
        outcomes=found or {},
    )


def _peaks(hearing: str) -> tuple[float, ...]:
    """The drawing of the sound; none if another version kept it elsewhere."""
    try:
        return tuple(json.loads(hearing)["peaks"])
    except (KeyError, TypeError, ValueError):
        return ()


def _user(row: Any) -> User:
    return User(name=row.name, role=row.role, password_hash=row.password_hash, epoch=row.epoch)


def _condition(wanted: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [messages.c.id.is_not(None)]
    if wanted.rep is not None:
        conditions.append(messages.c.rep == wanted.rep)
    if wanted.since is not None:
        conditions.append(messages.c.received_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(messages.c.received_at < wanted.until)
    if wanted.verdict is not None:
        conditions.append(_VERDICT.__eq__(wanted.verdict))
    if wanted.failed is not None:
        failed = select(outcomes.c.message_id).where(
            outcomes.c.check_id == wanted.failed, outcomes.c.verdict == "fail"
        )
        conditions.append(messages.c.id.in_(failed))
    return and_(*conditions)


def _keep_card(connection: Connection, message_id: str, card: Mapping[str, Any], **values: Any) -> None:
    changed = connection.execute(
        update(messages)
        .where(messages.c.id == message_id)
        .values(card=dict(card), verdict=card["verdict"], next_step=card["next_step"], **values)
    )
    if not changed.rowcount:
        return
    connection.execute(delete(outcomes).where(outcomes.c.message_id == message_id))
    connection.execute(
        insert(outcomes),
        [
            {
                "message_id": message_id,
                "check_id": check["id"],
                "verdict": check["verdict"],
                "value": check["value"],
            }
            for check in card["checks"]
        ],
    )
