"""The rubrics that messages are judged by, side by side: each is a line of versions, the latest counts.

A message stays with its rubric; where that gets a new version, the message is judged again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from voicecheck.errors import ParameterError
from voicecheck.report.data import json_schema
from voicecheck.scorecard.registry import all_checks
from voicecheck.scorecard.rubric import Rubric, default_rubric, parse_rubric
from voicecheck.scorecard.sentences import counted
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.rows import Adopted
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import messages, properties, rubrics
from voicecheck.web.store.teams import read_teams

log = logging.getLogger(__name__)


def card_format() -> str:
    """Name what a card holds: it changes with a card's schema, and with the checks that there are."""
    return _format_with(tuple(check.id for check in all_checks()))


@cache
def _format_with(check_ids: tuple[str, ...]) -> str:
    held = json.dumps([json_schema(), sorted(check_ids)], sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()


LINES_MAX = 100

_DEFAULT = "default-rubric"


@dataclass(frozen=True, kw_only=True)
class Past:
    """A version of a rubric, as it was written; a newer voicecheck may not take it any more."""

    id: int
    name: str
    text: str
    by: str | None
    at: datetime


class Rubrics(Subject):
    """The rubrics."""

    def ensure(self) -> None:
        """See that there is a rubric, and that an update made none of them invalid."""
        with self._engine.begin() as connection:
            lines = _lines(connection)
            if not lines:
                self._put(connection, default_rubric(), line=None, by=None)
            for line in lines:
                try:
                    _latest(connection, line)
                except ParameterError as error:
                    log.error("a rubric is not valid any more, the default takes its place: %s", error)
                    self._put(connection, default_rubric(), line=line, by=None)

    def in_force(self) -> Adopted:
        """Read the default: what a message is judged by if nobody says otherwise."""
        with self._engine.connect() as connection:
            return _latest(connection, default_line(connection))

    def of(self, line: int | None) -> Adopted:
        """Read the version of a rubric that counts; None is the default.

        Parameters
        ----------
        line : int or None
            Which rubric; None is the default.

        Returns
        -------
        Adopted
            The version that counts.

        Raises
        ------
        NotFoundError
            If there is no such rubric.
        """
        with self._engine.connect() as connection:
            return _latest(connection, default_line(connection) if line is None else line)

    def all(self) -> list[Adopted]:
        """List the rubrics, the default first, then by name."""
        with self._engine.connect() as connection:
            default = default_line(connection)
            found = [_latest(connection, line) for line in _lines(connection)]
        return sorted(found, key=lambda each: (each.line != default, each.rubric.name))

    def named(self, name: str) -> Adopted:
        """Look a rubric up by the name of its version that counts.

        Parameters
        ----------
        name : str
            As it stands on cards.

        Returns
        -------
        Adopted
            The version that counts.

        Raises
        ------
        ParameterError
            If there is none.
        """
        found = self.all()
        for each in found:
            if each.rubric.name == name:
                return each
        names = ", ".join(each.rubric.name for each in found)
        raise ParameterError(f"there is no rubric {name!r} here; there are {names}")

    def n_messages(self) -> dict[int, int]:
        """Count the messages of each line."""
        query = select(messages.c.rubric_line, func.count()).group_by(messages.c.rubric_line)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def adopt(self, rubric: Rubric, *, by: str | None, line: int | None = None) -> Adopted:
        """Make a rubric the version that counts of a line, by default of the default's.

        Its messages will be judged again. A version that differs from every earlier one of its name gets
        a name of its own, so that a card's rubric is known by its name.

        Parameters
        ----------
        rubric : Rubric
            With every value in force.
        by : str or None
            Which coach; None for the one person without an account.
        line : int or None
            Which rubric; None is the default.

        Returns
        -------
        Adopted
            The version that counts.

        Raises
        ------
        NotFoundError
            If there is no such line.
        ParameterError
            If another line has this name.
        """
        with self._engine.begin() as connection:
            latest = _latest(connection, default_line(connection) if line is None else line)
            if latest.rubric == rubric:
                return latest
            return self._put(connection, renamed(connection, rubric, latest.line), line=latest.line, by=by)

    def add(self, rubric: Rubric, *, by: str | None) -> Adopted:
        """Begin a new line.

        Parameters
        ----------
        rubric : Rubric
            With every value in force.
        by : str or None
            Which coach; None for the one person without an account.

        Returns
        -------
        Adopted
            Its first version.

        Raises
        ------
        ParameterError
            If there is a rubric of this name, or there are too many.
        """
        with self._engine.begin() as connection:
            if len(_lines(connection)) >= LINES_MAX:
                raise ParameterError(f"there are {LINES_MAX} rubrics already; remove one that is not used")
            return self._put(connection, renamed(connection, rubric, None), line=None, by=by)

    def would_be(self, rubric: Rubric, *, line: int | None) -> Rubric:
        """Give a rubric the name that `adopt` would give it.

        Parameters
        ----------
        rubric : Rubric
            With every value in force.
        line : int or None
            Which rubric; None is the default.

        Returns
        -------
        Rubric
            The same under that name.
        """
        with self._engine.connect() as connection:
            latest = _latest(connection, default_line(connection) if line is None else line)
            return rubric if latest.rubric == rubric else renamed(connection, rubric, latest.line)

    def make_default(self, line: int) -> Adopted:
        """Judge by this rubric whatever comes from now on and is nobody's; what there is keeps its own.

        Parameters
        ----------
        line : int
            Which rubric.

        Returns
        -------
        Adopted
            The version that counts.

        Raises
        ------
        NotFoundError
            If there is no such line.
        """
        with self._engine.begin() as connection:
            latest = _latest(connection, line)
            connection.execute(delete(properties).where(properties.c.name == _DEFAULT))
            connection.execute(insert(properties).values(name=_DEFAULT, value=str(line)))
        return latest

    def remove(self, line: int) -> str:
        """Remove a rubric that nothing is judged by; gives its name.

        Parameters
        ----------
        line : int
            Which rubric.

        Returns
        -------
        str
            As it stood on cards.

        Raises
        ------
        NotFoundError
            If there is no such line.
        ParameterError
            If it is in use.
        """
        with self._engine.begin() as connection:
            name = _latest(connection, line).rubric.name
            mine = select(func.count()).select_from(messages).where(messages.c.rubric_line == line)
            n_messages = connection.execute(mine).scalar_one()
            if n_messages:
                are = "is" if n_messages == 1 else "are"
                raise ParameterError(
                    f"{counted(n_messages, 'message')} {are} judged by {name!r}; choose another rubric first"
                )
            if line == default_line(connection):
                raise ParameterError(f"{name!r} is the default; make another one the default first")
            if any(team.rubric == line for team in read_teams(connection)):
                raise ParameterError(f"a team is judged by {name!r}; choose another for it first")
            connection.execute(delete(rubrics).where(rubrics.c.line == line))
        return name

    def renew_cards(self) -> bool:
        """Have every message judged again if its card is of another format; gives whether any is."""
        with self._engine.begin() as connection:
            old = [_latest(connection, line) for line in _lines(connection)]
            old = [each for each in old if each.card_format != card_format()]
            for each in old:
                self._put(connection, each.rubric, line=each.line, by=each.by, at=each.at)
        return bool(old)

    def history(self, line: int | None = None) -> list[Past]:
        """List the versions of a rubric, the latest first, each once.

        Parameters
        ----------
        line : int or None
            Which rubric; None is the default.

        Returns
        -------
        list of Past
            None for a line that is not there.
        """
        with self._engine.connect() as connection:
            mine = rubrics.c.line == (default_line(connection) if line is None else line)
            found = connection.execute(select(rubrics).where(mine).order_by(rubrics.c.id.desc())).all()
        latest: dict[str, Past] = {}
        for row in found:
            past = Past(id=row.id, name=row.name, text=row.text, by=row.adopted_by, at=row.adopted_at)
            latest.setdefault(row.text, past)
        return list(latest.values())

    def _put(
        self,
        connection: Connection,
        rubric: Rubric,
        *,
        line: int | None,
        by: str | None,
        at: datetime | None = None,
    ) -> Adopted:
        written: dict[str, Any] = {
            "name": rubric.name,
            "sha256": rubric.sha256,
            "text": rubric.text,
            "adopted_by": by,
            "adopted_at": at or self._now(),
            "card_format": card_format(),
        }
        made = connection.execute(insert(rubrics).values(line=line or 0, **written)).inserted_primary_key
        assert made is not None
        if line is None:
            connection.execute(update(rubrics).where(rubrics.c.id == made[0]).values(line=made[0]))
        return _latest(connection, line or made[0])


def renamed(connection: Connection, rubric: Rubric, line: int | None) -> Rubric:
    """Give a rubric the next number where its name stands for other values; its own name otherwise.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    rubric : Rubric
        With every value in force.
    line : int or None
        Of which it becomes a version; None begins one.

    Returns
    -------
    Rubric
        The same values.

    Raises
    ------
    ParameterError
        If another line has the name.
    """
    for each in _lines(connection):
        if each != line and _latest(connection, each).rubric.name == rubric.name:
            raise ParameterError(f"there is a rubric {rubric.name!r} already; give this one another name")
    known = connection.execute(select(rubrics.c.name, rubrics.c.sha256)).all()
    taken = {row.name for row in known if row.name != rubric.name or row.sha256 != rubric.sha256}
    if rubric.name not in taken:
        return rubric
    stem = re.sub(r" \d+$", "", rubric.name)
    free = next(name for name in (f"{stem} {number}" for number in count(2)) if name not in taken)
    return parse_rubric(with_name(rubric.text, free))


def with_name(text: str, name: str) -> str:
    r"""Write another name into a rubric's text.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Any.

    Returns
    -------
    str
        TOML, else unchanged.

    Examples
    --------
    >>> with_name('# ours\nname = "a"\n[checks.length]\n', "b")
    '# ours\nname = "b"\n[checks.length]\n'
    >>> with_name("[checks.length]\n", "b")
    'name = "b"\n[checks.length]\n'
    """
    line = f"name = {json.dumps(name, ensure_ascii=False)}"
    head, table, rest = re.match(r"(?s)(.*?)(^\s*\[|\Z)(.*)", text, re.MULTILINE).groups()  # type: ignore[union-attr]
    changed, found = re.subn(r"(?m)^\s*name\s*=.*$", lambda _: line, head, count=1)
    return (changed if found else f"{line}\n{head}") + table + rest


def default_line(connection: Connection) -> int:
    """The line of the default rubric, in an open transaction: the chosen one, else the first.

    Parameters
    ----------
    connection : Connection
        In a transaction.

    Returns
    -------
    int
        It has a version.
    """
    chosen = connection.execute(
        select(properties.c.value).where(properties.c.name == _DEFAULT)
    ).scalar_one_or_none()
    if chosen is not None:
        return int(chosen)
    return int(connection.execute(select(func.min(rubrics.c.line))).scalar_one())


def _lines(connection: Connection) -> list[int]:
    return list(connection.execute(select(rubrics.c.line).distinct().order_by(rubrics.c.line)).scalars())


def _latest(connection: Connection, line: int) -> Adopted:
    row = connection.execute(
        select(rubrics).where(rubrics.c.line == line).order_by(rubrics.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such rubric")
    return Adopted(
        id=row.id,
        line=row.line,
        rubric=parse_rubric(row.text),
        by=row.adopted_by,
        at=row.adopted_at,
        card_format=row.card_format,
    )
