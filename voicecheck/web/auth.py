"""Who is asking: passwords, sessions, and a limit on guessing."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from voicecheck.errors import EngineError, ParameterError
from voicecheck.web.errors import TooManyAttemptsError, UnknownUserError
from voicecheck.web.store.rows import Role, User
from voicecheck.web.store.users import Users

PASSWORD_MIN = 10
PASSWORD_MAX = 200
SESSION_MAX_S = 14 * 24 * 3600
WINDOW_S = 15 * 60.0
"""Failed attempts count for so long."""

_HASHERS_AT_ONCE = threading.Semaphore(2)
"""Each argon2 hash takes 64 MiB; a flood of attempts must not take all memory."""


class Passwords:
    """Hashes and checks passwords by argon2id with the library's own defaults."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Checked for unknown names, so that they cannot be told by how quick the answer is."""
        return self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Hash a new password.

        Raises
        ------
        ParameterError
            If it is too short or too long.
        """
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise ParameterError(f"a password must have {PASSWORD_MIN} to {PASSWORD_MAX} characters")
        with _HASHERS_AT_ONCE:
            return self._hasher.hash(password)

    def fits(self, password: str, user: User | None) -> bool:
        """Whether this is the user's password; as slow for nobody."""
        with _HASHERS_AT_ONCE:
            try:
                self._hasher.verify(user.password_hash if user else self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return user is not None


class Throttle:
    """Counts failed attempts by name and by address.

    Parameters
    ----------
    now : callable
        A clock in seconds that never runs backwards.
    """

    PAIR_MAX = 5
    ADDRESS_MAX = 20
    NAME_MAX = 50
    KEYS_MAX = 10_000

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: dict[tuple[str, ...], deque[float]] = {}
        self._lock = threading.Lock()

    def attempt(self, name: str, address: str) -> None:
        """Count an attempt, which has failed until `succeeded` says otherwise; many may run at once.

        Raises
        ------
        TooManyAttemptsError
            After too many; it says how long to wait.
        """
        with self._lock:
            if len(self._failures) > self.KEYS_MAX:
                for key in list(self._failures):
                    self._recent(key)
            limits = self._limits(name, address)
            for key, most in limits:
                failures = self._recent(key)
                if len(failures) >= most:
                    raise TooManyAttemptsError(failures[0] + WINDOW_S - self._now())
            for key, _ in limits:
                self._failures.setdefault(key, deque()).append(self._now())

    def succeeded(self, name: str, address: str) -> None:
        """Take the last attempt back, and forget the failures of this name from this address."""
        with self._lock:
            pair, *wider = (key for key, _ in self._limits(name, address))
            self._failures.pop(pair, None)
            for key in wider:
                if self._failures.get(key):
                    self._failures[key].pop()

    def _limits(self, name: str, address: str) -> list[tuple[tuple[str, ...], int]]:
        return [
            (("pair", name, address), self.PAIR_MAX),
            (("address", address), self.ADDRESS_MAX),
            (("name", name), self.NAME_MAX),
        ]

    def _recent(self, key: tuple[str, ...]) -> deque[float]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= self._now() - WINDOW_S:
            failures.popleft()
        if not failures:
            self._failures.pop(key, None)
        return failures


class Sessions:
    """Signs the cookie that says who is asking.

    Parameters
    ----------
    key : str
        The server's secret.
    users : Users
        The accounts.
    """

    def __init__(self, key: str, users: Users) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="voicecheck.session")
        self._users = users

    def cookie(self, user: User) -> str:
        """Write the cookie of a user who has just signed in."""
        return str(self._signer.dumps([user.name, user.epoch]))

    def user(self, cookie: str | None) -> User:
        """Read a cookie.

        Raises
        ------
        UnknownUserError
            If it is missing, forged, too old, or was ended.
        """
        try:
            name, epoch = self._signer.loads(cookie or "", max_age=SESSION_MAX_S)
        except (BadSignature, ValueError) as error:
            raise UnknownUserError("sign in first") from error
        user = self._users.get(name)
        if user is None or user.epoch != epoch:
            raise UnknownUserError("sign in again")
        return user


def signing_key(folder: Path) -> str:
    """Read the server's secret, made at the first start for its owner alone.

    Raises
    ------
    EngineError
        If it can be neither read nor made.
    """
    path = folder / "signing-key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise EngineError(f"{path} cannot be made: {error.strerror}") from error
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < 32:
        raise EngineError(f"{path} is too short to be a key; remove it, and everyone signs in again")
    return key


def new_user(users: Users, name: str, role: Role, password: str) -> User:
    """Make an account.

    Raises
    ------
    ParameterError
        If the name is taken or not a name, or the password is too short.
    """
    if name != name.strip() or not 1 <= len(name) <= 80 or not name.isprintable():
        raise ParameterError(f"{name!r} is not a name: give 1 to 80 letters, without blanks around them")
    user = User(name=name, role=role, password_hash=Passwords().hash(password))
    users.add(user)
    return user
