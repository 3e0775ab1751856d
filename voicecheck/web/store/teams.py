"""Which reps are a team, and which rubric its messages are judged by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from voicecheck.web.store.names import name_key
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import properties

_TEAMS = "teams"


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team.

    Parameters
    ----------
    name : str
        For people.
    reps : tuple of str
        Who is in it.
    rubric : int or None
        The line of the rubric that their messages are judged by; None is the default.
    """

    name: str
    reps: tuple[str, ...]
    rubric: int | None


class Teams(Subject):
    """The teams."""

    def all(self) -> list[Team]:
        """List the teams."""
        with self._engine.connect() as connection:
            return read_teams(connection)

    def put(self, teams: Sequence[Team]) -> None:
        """Put these in the place of the teams that there are.

        Parameters
        ----------
        teams : sequence of Team
            All of them.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(properties).where(properties.c.name == _TEAMS))
            written = json.dumps([asdict(each) for each in teams])
            connection.execute(insert(properties).values(name=_TEAMS, value=written))


def read_teams(connection: Connection) -> list[Team]:
    """List the teams in an open transaction.

    Parameters
    ----------
    connection : Connection
        In a transaction.

    Returns
    -------
    list of Team
        As they were put.
    """
    written = connection.execute(
        select(properties.c.value).where(properties.c.name == _TEAMS)
    ).scalar_one_or_none()
    return [Team(**{**each, "reps": tuple(each["reps"])}) for each in json.loads(written or "[]")]


def rubric_of(connection: Connection, rep: str) -> int | None:
    """The line of the rubric that a rep's team is judged by; None if no team says so.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    rep : str
        Whatever the case.

    Returns
    -------
    int or None
        Which rubric.
    """
    key = name_key(rep)
    for team in read_teams(connection):
        if any(name_key(name) == key for name in team.reps):
            return team.rubric
    return None
