"""Keys for programs: each may hand recordings in, and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from voicecheck.web.errors import NotFoundError
from voicecheck.web.store.subject import Subject
from voicecheck.web.store.tables import keys

PREFIX = "vck_"
"""How every key begins, so that one is known when it turns up where it should not."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key, without its secret, which nobody keeps.

    Parameters
    ----------
    id : int
        Its number.
    name : str
        What it is for.
    rep : str or None
        Whose recordings it hands in; None lets the program say.
    made_by : str or None
        Who made it.
    made_at : datetime
        When.
    used_at : datetime or None
        When it was last used.
    """

    id: int
    name: str
    rep: str | None
    made_by: str | None
    made_at: datetime
    used_at: datetime | None


class Keys(Subject):
    """The keys."""

    def make(self, name: str, *, rep: str | None, by: str | None) -> str:
        """Make a key and give its secret, which cannot be had again.

        Parameters
        ----------
        name : str
            For people.
        rep : str or None
            Whose recordings it hands in; None if each request says it.
        by : str or None
            Who makes it.

        Returns
        -------
        str
            To be shown once.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(
                insert(keys).values(
                    name=name, rep=rep, secret_sha256=_hash(secret), made_by=by, made_at=self._now()
                )
            )
        return secret

    def all(self) -> list[Key]:
        """List the keys, the newest first."""
        with self._engine.connect() as connection:
            found = connection.execute(select(*_COLUMNS).order_by(keys.c.id.desc()))
            return [Key(**row._mapping) for row in found]

    def use(self, secret: str) -> Key | None:
        """Look a key up by its secret, and note that it was used; None if there is none.

        Parameters
        ----------
        secret : str
            As a program sent it.

        Returns
        -------
        Key or None
            None for one that was revoked, too.
        """
        mine = keys.c.secret_sha256 == _hash(secret)
        with self._engine.begin() as connection:
            row = connection.execute(select(*_COLUMNS).where(mine)).one_or_none()
            if row is not None:
                connection.execute(update(keys).where(mine).values(used_at=self._now()))
        return None if row is None else Key(**row._mapping)

    def revoke(self, key_id: int) -> str:
        """End a key; gives its name.

        Parameters
        ----------
        key_id : int
            Of the key.

        Returns
        -------
        str
            For the log.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._engine.begin() as connection:
            name = connection.execute(select(keys.c.name).where(keys.c.id == key_id)).scalar_one_or_none()
            if name is None:
                raise NotFoundError("there is no such key")
            connection.execute(delete(keys).where(keys.c.id == key_id))
        return str(name)


_COLUMNS = [keys.c[name] for name in ("id", "name", "rep", "made_by", "made_at", "used_at")]


def _hash(secret: str) -> str:
    """A key has 256 random bits: one plain hash keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()
