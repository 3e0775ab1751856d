"""The queue of work: a message goes from ``waiting`` to ``listening`` to ``done`` or ``failed``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from sqlalchemy import Connection, Engine, case, func, or_, select, update

from voicecheck.web.store.names import name_key
from voicecheck.web.store.rows import StoredMessage
from voicecheck.web.store.statements import SUMMARY, change_message, keep_card, read_message, read_one
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import messages, rubrics

MAX_CRASHES = 2
"""A message that ends the listening process so often is not tried again."""
PATIENCE = timedelta(minutes=10)
"""Who has waited longer goes before their own shorter messages."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message that waits to be heard.

    Parameters
    ----------
    id : str
        Its id.
    person : str
        Whose it is, as names are compared.
    n_bytes : int
        Of the file: what takes long is known only once it has been decoded.
    received_at : datetime
        In UTC.
    """

    id: str
    person: str
    n_bytes: int
    received_at: datetime


def in_turn(waiting: Iterable[Waiting], served: Mapping[str, int], now: datetime) -> list[str]:
    """Order messages: people take turns, and of each person's the short ones come first.

    Parameters
    ----------
    waiting : iterable of Waiting
        In any order.
    served : mapping of str to int
        When each person had their last turn, counted in turns; who is not there has had none.
    now : datetime
        To tell whose message has waited longer than `PATIENCE`, and comes before shorter ones.

    Returns
    -------
    list of str
        Ids, the next one first.
    """

    def size(each: Waiting) -> tuple[int, datetime, str]:
        return (0 if now - each.received_at > PATIENCE else each.n_bytes, each.received_at, each.id)

    lines: dict[str, list[Waiting]] = {}
    for each in sorted(waiting, key=size, reverse=True):
        lines.setdefault(each.person, []).append(each)
    heads = [(served.get(person, 0), size(line[-1]), person) for person, line in lines.items()]
    heapify(heads)
    turn = max(served.values(), default=0)
    order = []
    while heads:
        _, _, person = heappop(heads)
        turn += 1
        line = lines[person]
        order.append(line.pop().id)
        if line:
            heappush(heads, (turn, size(line[-1]), person))
    return order


_COUNTS = select(func.max(rubrics.c.id)).where(rubrics.c.line == messages.c.rubric_line).scalar_subquery()
"""The version of a message's rubric that counts."""


class Queue(Subject):
    """The work: what waits to be heard, and what waits to be judged again."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        super().__init__(engine, now)
        self._served: dict[str, int] = {}

    def resume(self) -> int:
        """Take up again what was being heard when the server last stopped; gives how many."""
        with self._engine.begin() as connection:
            return _put_all_back(connection)

    def n_waiting(self) -> int:
        """Count the messages that wait or are being heard."""
        condition = messages.c.state.in_(("waiting", "listening"))
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(messages).where(condition)
            ).scalar_one()

    def ahead_of(self, message_id: str) -> int:
        """Count the messages that are heard before one that waits, the one in hand included.

        Parameters
        ----------
        message_id : str
            Of one that waits.

        Returns
        -------
        int
            0 for the next one, and for one that does not wait.
        """
        with self._engine.connect() as connection:
            order = in_turn(_waiting(connection), self._served, self._now())
            in_hand = connection.execute(
                select(func.count()).select_from(messages).where(messages.c.state == "listening")
            ).scalar_one()
        return in_hand + order.index(message_id) if message_id in order else 0

    def claim(self) -> StoredMessage | None:
        """Take the message whose turn it is and mark it as being heard.

        There is one listener: whatever else is marked so, it left behind.
        """
        with self._engine.begin() as connection:
            _put_all_back(connection)
            order = in_turn(_waiting(connection), self._served, self._now())
            if not order:
                return None
            connection.execute(update(messages).where(messages.c.id == order[0]).values(state="listening"))
            message = read_one(connection, order[0])
        self._served[name_key(message.rep)] = max(self._served.values(), default=0) + 1
        return message

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

        Parameters
        ----------
        message_id : str
            Of the message that was heard.
        card : mapping
            As data.
        rubric_id : int
            Of the rubric that it was judged by.
        hearing : str
            What was heard.
        """
        phone_again = case((messages.c.phone.is_not(None), "wanted"))  # what was heard anew has none
        with self._engine.begin() as connection:
            keep_card(
                connection,
                message_id,
                card,
                state="done",
                phone=phone_again,
                complaint=None,
                rubric_id=rubric_id,
                hearing=hearing,
                duration_s=card["source"]["duration_s"],
            )

    def rejudged(
        self, message_id: str, *, card: Mapping[str, Any], rubric_id: int, printed: str | None = None
    ) -> None:
        """Put a new card in the place of the old one.

        Parameters
        ----------
        message_id : str
            Of the message.
        card : mapping
            As data.
        rubric_id : int
            Of the rubric that it was judged by.
        printed : str or None
            What was heard, now with what a phone would print; None leaves what was heard as it is.
        """
        more = {} if printed is None else {"hearing": printed, "phone": "printed"}
        with self._engine.begin() as connection:
            keep_card(connection, message_id, card, rubric_id=rubric_id, **more)

    def fail(self, message_id: str, complaint: str) -> None:
        """Give a message up and say why.

        Parameters
        ----------
        message_id : str
            Of the message.
        complaint : str
            One sentence for whoever sent it.
        """
        with self._engine.begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id)
                .values(state="failed", complaint=complaint)
            )

    def crashed(self, message_id: str, complaint: str) -> None:
        """Count a death of the listening process, and try again unless it has died too often of this.

        Parameters
        ----------
        message_id : str
            Of the message that was in hand.
        complaint : str
            What is said of it, once it is given up.
        """
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
        """Let a message wait again that nothing was wrong with.

        Parameters
        ----------
        message_id : str
            Of the message that was in hand.
        """
        with self._engine.begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id, messages.c.state == "listening")
                .values(state="waiting")
            )

    def hear_again(self, message_id: str) -> StoredMessage:
        """Let a message wait again that failed, or whose kept hearing is of no use.

        Parameters
        ----------
        message_id : str
            Of the message.

        Returns
        -------
        StoredMessage
            As it is then.
        """
        return change_message(self._engine, message_id, state="waiting", crashes=0, complaint=None)

    def next_to_judge(self) -> tuple[StoredMessage, str] | None:
        """Find a message whose card is not by its rubric's version that counts, or lacks what a phone prints.

        With what was heard in it.
        """
        is_due = or_(messages.c.rubric_id != _COUNTS, messages.c.phone == "wanted")
        with self._engine.connect() as connection:
            row = connection.execute(
                select(*SUMMARY, messages.c.hearing)
                .where(messages.c.state == "done", is_due)
                .order_by(messages.c.received_at.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else (read_message(row), row.hearing)

    def n_to_judge(self) -> int:
        """Count the messages whose card is not by their rubric's version that counts."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(func.count())
                .select_from(messages)
                .where(messages.c.state == "done", messages.c.rubric_id != _COUNTS)
            ).scalar_one()


def _put_all_back(connection: Connection) -> int:
    """Let whatever was being heard wait again; gives how many."""
    return connection.execute(
        update(messages).where(messages.c.state == "listening").values(state="waiting")
    ).rowcount


def _waiting(connection: Connection) -> list[Waiting]:
    columns = (messages.c.id, messages.c.rep_key, messages.c.n_bytes, messages.c.received_at)
    return [
        Waiting(id=row.id, person=row.rep_key, n_bytes=row.n_bytes, received_at=row.received_at)
        for row in connection.execute(select(*columns).where(messages.c.state == "waiting"))
    ]
