"""The accounts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from voicecheck.errors import ParameterError
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.rows import User, read_user
from voicecheck.web.store.tables import users


class Users:
    """The accounts.

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

    def add(self, user: User) -> None:
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

    def get(self, name: str) -> User | None:
        """Look an account up."""
        with self._engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return None if row is None else read_user(row)

    def all(self) -> list[User]:
        """List the accounts by name."""
        with self._engine.connect() as connection:
            return [read_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def any(self) -> bool:
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
        self._change(name, password_hash=password_hash, epoch=users.c.epoch + 1)

    def end_sessions(self, name: str) -> None:
        """End every session of a user.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        self._change(name, epoch=users.c.epoch + 1)

    def remove(self, name: str) -> None:
        """Remove an account; the messages stay, for the coaches.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        with self._engine.begin() as connection:
            if not connection.execute(delete(users).where(users.c.name == name)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")

    def _change(self, name: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")
