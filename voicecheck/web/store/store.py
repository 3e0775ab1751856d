"""The small stores on one database, opened together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from voicecheck.web.store.audit import Audit
from voicecheck.web.store.database import Place, open_database
from voicecheck.web.store.keys import Keys
from voicecheck.web.store.messages import Messages
from voicecheck.web.store.properties import Properties
from voicecheck.web.store.queue import Queue
from voicecheck.web.store.rubrics import Rubrics
from voicecheck.web.store.teams import Teams
from voicecheck.web.store.users import Users


@dataclass(frozen=True, kw_only=True)
class Store:
    """Everything the server remembers."""

    engine: Engine
    messages: Messages
    queue: Queue
    rubrics: Rubrics
    users: Users
    audit: Audit
    keys: Keys
    properties: Properties
    teams: Teams
    place: Place

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def open_store(url: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Store:
    """Open the database and bring its tables up to date; some rubric is in force then.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it.
    now : callable
        The clock.

    Returns
    -------
    Store
        All tables on one engine.

    Raises
    ------
    ParameterError
        If the URL cannot be understood.
    EngineError
        If the database cannot be reached, or comes from a newer voicecheck.
    """
    engine = open_database(url)
    store = Store(
        engine=engine,
        messages=Messages(engine, now),
        queue=Queue(engine, now),
        rubrics=Rubrics(engine, now),
        users=Users(engine, now),
        audit=Audit(engine, now),
        keys=Keys(engine, now),
        properties=Properties(engine, now),
        teams=Teams(engine, now),
        place=Place(engine),
    )
    store.rubrics.ensure()
    return store
