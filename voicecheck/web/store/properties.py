"""A few facts about the whole store: which folder it belongs to, how the team works."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import properties

IDENTITY = "identity"
"""The mark that the folder of recordings carries, too."""
PRACTICE = "practice"
"""``yes`` where takes are private until they are handed in, ``no`` where coaches see every take."""


class Properties(Subject):
    """Names and values."""

    def get(self, name: str) -> str | None:
        """Look a value up.

        Parameters
        ----------
        name : str
            Of the value.

        Returns
        -------
        str or None
            None if it was never set.
        """
        with self._engine.connect() as connection:
            return connection.execute(
                select(properties.c.value).where(properties.c.name == name)
            ).scalar_one_or_none()

    def set(self, name: str, value: str) -> None:
        """Keep a value.

        Parameters
        ----------
        name : str
            Of the value.
        value : str
            It takes the place of an earlier one.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(properties).where(properties.c.name == name))
            connection.execute(insert(properties).values(name=name, value=value))
