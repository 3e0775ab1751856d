"""The accounts."""

from __future__ import annotations

import secrets
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from voicecheck.errors import ParameterError
from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.names import name_key
from voicecheck.web.store.rows import User
from voicecheck.web.store.statements import read_user
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import messages, users


class Users(Subject):
    """The accounts."""

    def add(self, user: User, *, claim: bool = False) -> None:
        """Make an account.

        Parameters
        ----------
        user : User
            Whose.
        claim : bool
            Whether messages that are filed under the name already become theirs.

        Raises
        ------
        ParameterError
            If the name is taken, or has messages that are not claimed: they may be somebody else's.
        """
        key = name_key(user.name)
        with self._engine.begin() as connection:
            others = select(func.count()).select_from(messages).where(messages.c.rep_key == key)
            n_messages = connection.execute(others).scalar_one()
            if n_messages and not claim:
                raise ParameterError(
                    f"{n_messages} messages are filed under {user.name!r} already; take another name, or say "
                    "that they are this person's (--claim)"
                )
            try:
                connection.execute(
                    insert(users).values(
                        name=user.name,
                        key=key,
                        role=user.role,
                        password_hash=user.password_hash,
                        # Not zero: a cookie of an earlier account of this name must not fit.
                        epoch=secrets.randbelow(2**30),
                    )
                )
            except IntegrityError as error:
                raise ParameterError(f"there is a user {user.name!r} already") from error
            connection.execute(update(messages).where(messages.c.rep_key == key).values(rep=user.name))

    def get(self, name: str) -> User | None:
        """Look an account up, whatever the case of the name.

        Parameters
        ----------
        name : str
            In any case.

        Returns
        -------
        User or None
            None if nobody has it.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.key == name_key(name))).one_or_none()
        return None if row is None else read_user(row)

    def all(self) -> list[User]:
        """List the accounts by name."""
        with self._engine.connect() as connection:
            return [read_user(row) for row in connection.execute(select(users).order_by(users.c.key))]

    def any(self) -> bool:
        """Whether there are accounts."""
        with self._engine.connect() as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is not None

    def set_password_hash(self, name: str, password_hash: str) -> User:
        """Change a password, and end every session; gives the account as it is then.

        Parameters
        ----------
        name : str
            Of the account.
        password_hash : str
            As `Passwords.hash` wrote it.

        Returns
        -------
        User
            With a new epoch, which ends the sessions.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        return self._change(name, password_hash=password_hash, epoch=users.c.epoch + 1)

    def end_sessions(self, name: str) -> None:
        """End every session of a user.

        Parameters
        ----------
        name : str
            Of the account.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        self._change(name, epoch=users.c.epoch + 1)

    def remove(self, name: str) -> str:
        """Remove an account; the messages stay, for the coaches, under a name that nobody gets.

        Parameters
        ----------
        name : str
            Of the account.

        Returns
        -------
        str
            The name that the messages are filed under from now on.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        with self._engine.begin() as connection:
            key = name_key(name)
            if not connection.execute(delete(users).where(users.c.key == key)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")
            aside = _unused(connection, name)
            connection.execute(
                update(messages).where(messages.c.rep_key == key).values(rep=aside, rep_key=name_key(aside))
            )
        return aside

    def _change(self, name: str, **values: Any) -> User:
        mine = users.c.key == name_key(name)
        with self._engine.begin() as connection:
            if not connection.execute(update(users).where(mine).values(**values)).rowcount:
                raise NotFoundError(f"there is no user {name!r}")
            return read_user(connection.execute(select(users).where(mine)).one())


def _unused(connection: Connection, name: str) -> str:
    """Find a name for a removed user's messages that neither messages nor accounts have."""
    for number in count(1):
        aside = f"{name[:60]} (removed{'' if number == 1 else f' {number}'})"
        key = name_key(aside)
        taken = connection.execute(select(messages.c.id).where(messages.c.rep_key == key).limit(1)).first()
        taken = taken or connection.execute(select(users.c.id).where(users.c.key == key)).first()
        if taken is None:
            return aside
    raise AssertionError("count ends")
