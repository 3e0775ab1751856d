"""Who did what: deletions, overrides, rubrics, accounts; never what was said in a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import audit

COMMAND_LINE = "the command line"
"""Who did what was done there."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the log.

    Parameters
    ----------
    at : datetime
        In UTC.
    who : str or None
        Who did it; None is the one person without an account.
    what : str
        What was done.
    about : str or None
        To whom or what: a user's name, a message's id, a rubric's name.
    detail : str or None
        More, for a person.
    """

    at: datetime
    who: str | None
    what: str
    about: str | None
    detail: str | None


class Audit(Subject):
    """The log."""

    def write(
        self, what: str, *, who: str | None, about: str | None = None, detail: str | None = None
    ) -> None:
        """Add a line.

        Parameters
        ----------
        what : str
            Was done.
        who : str or None
            Did it; None for the one person without an account.
        about : str or None
            Which message or account.
        detail : str or None
            Whatever else tells it.
        """
        with self._engine.begin() as connection:
            connection.execute(
                insert(audit).values(at=self._now(), who=who, what=what, about=about, detail=detail)
            )

    def read(self, *, limit: int, offset: int = 0) -> list[Entry]:
        """List the lines, the newest first.

        Parameters
        ----------
        limit, offset : int
            Lines at most, and lines to pass over.

        Returns
        -------
        list of Entry
            With their times.
        """
        columns = (audit.c.at, audit.c.who, audit.c.what, audit.c.about, audit.c.detail)
        with self._engine.connect() as connection:
            found = connection.execute(
                select(*columns).order_by(audit.c.id.desc()).limit(limit).offset(offset)
            )
            return [Entry(**row._mapping) for row in found]

    def count(self) -> int:
        """Count the lines."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(audit)).scalar_one()
