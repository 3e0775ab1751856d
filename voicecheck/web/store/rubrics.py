"""The rubrics that messages are judged by."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Engine, insert, select

from voicecheck.errors import ParameterError
from voicecheck.report.data import json_schema
from voicecheck.scorecard.registry import all_checks
from voicecheck.scorecard.rubric import Rubric, default_rubric, parse_rubric
from voicecheck.web.store.rows import Adopted
from voicecheck.web.store.tables import rubrics

log = logging.getLogger(__name__)


def card_format() -> str:
    """Name what a card holds: it changes with a card's schema, and with the checks that there are."""
    return _format_with(tuple(check.id for check in all_checks()))


@cache
def _format_with(check_ids: tuple[str, ...]) -> str:
    held = json.dumps([json_schema(), sorted(check_ids)], sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Past:
    """A rubric that was in force, as it was written; a newer version may not take it any more."""

    id: int
    name: str
    text: str
    by: str | None
    at: datetime


class Rubrics:
    """The rubrics that were put in force; the latest one is.

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

    def ensure(self) -> None:
        """Put the default in force if no rubric is, or if an update made the one in force invalid."""
        try:
            latest = self._latest()
        except ParameterError as error:
            log.error("the rubric in force is not valid any more, the default takes its place: %s", error)
            latest = None
        if latest is None:
            self._put(default_rubric(), by=None)

    def adopt(self, rubric: Rubric, *, by: str | None) -> Adopted:
        """Put a rubric in force; every card that is by another one will be judged again.

        Parameters
        ----------
        rubric : Rubric
            With every value in force.
        by : str or None
            Which coach; None for the one person without an account.

        Returns
        -------
        Adopted
            What is in force then.
        """
        latest = self._latest()
        if latest is not None and latest.rubric == rubric:
            return latest
        return self._put(rubric, by=by)

    def renew_cards(self) -> bool:
        """Have every message judged again if their cards are of another format; gives whether they are."""
        latest = self.in_force()
        if latest.card_format == card_format():
            return False
        self._put(latest.rubric, by=latest.by, at=latest.at)
        return True

    def in_force(self) -> Adopted:
        """Read the rubric that messages are judged by."""
        latest = self._latest()
        assert latest is not None, "a store adopts the default rubric when it opens"
        return latest

    def history(self) -> list[Past]:
        """List the rubrics that were put in force, the latest first, each once."""
        with self._engine.connect() as connection:
            found = connection.execute(select(rubrics).order_by(rubrics.c.id.desc())).all()
        latest: dict[str, Past] = {}
        for row in found:
            past = Past(id=row.id, name=row.name, text=row.text, by=row.adopted_by, at=row.adopted_at)
            latest.setdefault(row.text, past)
        return list(latest.values())

    def _put(self, rubric: Rubric, *, by: str | None, at: datetime | None = None) -> Adopted:
        with self._engine.begin() as connection:
            connection.execute(
                insert(rubrics).values(
                    name=rubric.name,
                    sha256=rubric.sha256,
                    text=rubric.text,
                    adopted_by=by,
                    adopted_at=at or self._now(),
                    card_format=card_format(),
                )
            )
        return self.in_force()

    def _latest(self) -> Adopted | None:
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
