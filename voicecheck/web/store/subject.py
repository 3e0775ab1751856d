"""What the small stores share: each keeps the rows of one subject in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine


class Subject:
    """The rows of one subject; each method of a store is one transaction.

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
