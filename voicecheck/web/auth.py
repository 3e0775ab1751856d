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
from zxcvbn import zxcvbn

from voicecheck.errors import EngineError, ParameterError
from voicecheck.web.errors import NotFoundError, TooManyAttemptsError, UnknownUserError
from voicecheck.web.store.names import name_key
from voicecheck.web.store.rows import User, UserRole
from voicecheck.web.store.users import Users

PASSWORD_MIN = 10
PASSWORD_MAX = 200
GUESSED_MAX = 72
"""So many characters of a password are judged; what is longer is not guessed anyway."""
SCORE_MIN = 2
"""Of zxcvbn's 0 to 4: at least a million guesses."""
SESSION_MAX_S = 14 * 24 * 3600
BROWSER_MAX_S = 365 * 24 * 3600
RESET_MAX_S = 24 * 3600
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

    def hash(self, password: str, *, name: str = "") -> str:
        """Hash a new password.

        Parameters
        ----------
        password : str
            As it was typed.
        name : str
            Whose; a password made of it is easy to guess.

        Returns
        -------
        str
            With the salt, as the library writes it.

        Raises
        ------
        ParameterError
            If it is too short, too long, or one that many people use.
        """
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise ParameterError(f"a password must have {PASSWORD_MIN} to {PASSWORD_MAX} characters")
        judged = zxcvbn(password[:GUESSED_MAX], user_inputs=[name, "voicecheck", "voicemail"])
        if judged["score"] < SCORE_MIN:
            why = judged["feedback"]["warning"] or "It is easy to guess."
            raise ParameterError(f"take another password: {why[0].lower()}{why[1:].rstrip('.')}")
        with _HASHERS_AT_ONCE:
            return self._hasher.hash(password)

    def fits(self, password: str, user: User | None) -> bool:
        """Whether this is the user's password; as slow for nobody.

        Parameters
        ----------
        password : str
            As it was typed.
        user : User or None
            None for a name that nobody has.

        Returns
        -------
        bool
            Always False for None.
        """
        with _HASHERS_AT_ONCE:
            try:
                self._hasher.verify(user.password_hash if user else self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return user is not None


class Throttle:
    """Counts failed attempts: by browser where it has signed in before, else by name and by address.

    Whoever guesses from afar can use up a name's or an address's attempts, but never those of a browser that
    its owner has signed in with.

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

    def attempt(self, name: str, address: str, browser: str | None = None) -> None:
        """Count an attempt, which has failed until `succeeded` says otherwise; many may run at once.

        Parameters
        ----------
        name : str
            Of the account.
        address : str
            Where the attempt comes from.
        browser : str or None
            The mark of a browser in which this account has signed in before.

        Raises
        ------
        TooManyAttemptsError
            After too many; it says how long to wait.
        """
        with self._lock:
            if len(self._failures) > self.KEYS_MAX:
                for key in list(self._failures):
                    self._recent(key)
            limits = self._limits(name, address, browser)
            for key, most in limits:
                failures = self._recent(key)
                if len(failures) >= most:
                    raise TooManyAttemptsError(failures[0] + WINDOW_S - self._now())
            for key, _ in limits:
                self._failures.setdefault(key, deque()).append(self._now())

    def succeeded(self, name: str, address: str, browser: str | None = None) -> None:
        """Take the last attempt back, and forget the failures of this name from here.

        Parameters
        ----------
        name : str
            That signed in.
        address : str
            Where the request came from.
        browser : str or None
            As `Sessions.browser` knows it.
        """
        with self._lock:
            nearest, *wider = (key for key, _ in self._limits(name, address, browser))
            self._failures.pop(nearest, None)
            for key in wider:
                if self._failures.get(key):
                    self._failures[key].pop()

    def _limits(self, name: str, address: str, browser: str | None) -> list[tuple[tuple[str, ...], int]]:
        if browser is not None:
            return [(("browser", browser), self.PAIR_MAX)]
        name = name_key(name)
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
    """Signs what says who is asking: the session's cookie, the browser's, a link to a new password.

    Parameters
    ----------
    key : str
        The server's secret.
    users : Users
        The accounts.
    """

    def __init__(self, key: str, users: Users) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="voicecheck.session")
        self._browsers = URLSafeTimedSerializer(key, salt="voicecheck.browser")
        self._resets = URLSafeTimedSerializer(key, salt="voicecheck.reset")
        self._users = users

    def cookie(self, user: User) -> str:
        """Write the cookie of a user who has just signed in.

        Parameters
        ----------
        user : User
            Who showed who they are.

        Returns
        -------
        str
            Signed, with the time.
        """
        return str(self._signer.dumps([user.name, user.epoch]))

    def user(self, cookie: str | None) -> User:
        """Read a cookie.

        Parameters
        ----------
        cookie : str or None
            As the browser sent it; None if it sent none.

        Returns
        -------
        User
            As the account is now.

        Raises
        ------
        UnknownUserError
            If it is missing, forged, too old, or was ended.
        """
        user = self._owner(self._signer, cookie, SESSION_MAX_S)
        if user is None:
            raise UnknownUserError("sign in first")
        return user

    def browser_cookie(self, user: User) -> str:
        """Mark a browser as one in which this user has signed in.

        Parameters
        ----------
        user : User
            Who showed who they are.

        Returns
        -------
        str
            Signed.
        """
        return str(self._browsers.dumps([name_key(user.name), secrets.token_urlsafe(12)]))

    def browser(self, cookie: str | None, name: str) -> str | None:
        """Read that mark; None if this user never signed in there.

        Parameters
        ----------
        cookie : str or None
            As the browser sent it; None if it sent none.
        name : str
            Of who wants to sign in.

        Returns
        -------
        str or None
            What tells this browser from others.
        """
        try:
            owner, mark = self._browsers.loads(cookie or "", max_age=BROWSER_MAX_S)
        except (BadSignature, ValueError):
            return None
        return str(mark) if owner == name_key(name) else None

    def reset_token(self, user: User) -> str:
        """Write what lets a user choose a new password, once and for a day.

        Parameters
        ----------
        user : User
            Whose password it is.

        Returns
        -------
        str
            Signed; it ends when the password changes.
        """
        return str(self._resets.dumps([user.name, user.epoch]))

    def user_to_reset(self, token: str) -> User:
        """Read such a token.

        Parameters
        ----------
        token : str
            As the page sent it.

        Returns
        -------
        User
            Whose password it is.

        Raises
        ------
        NotFoundError
            If it is forged, too old, or was used.
        """
        user = self._owner(self._resets, token, RESET_MAX_S)
        if user is None:
            raise NotFoundError("this link was used before, or is too old; ask for another one")
        return user

    def _owner(self, signer: URLSafeTimedSerializer, text: str | None, max_age_s: int) -> User | None:
        try:
            name, epoch = signer.loads(text or "", max_age=max_age_s)
        except (BadSignature, ValueError):
            return None
        user = self._users.get(str(name))
        return user if user is not None and user.epoch == epoch else None


def signing_key(folder: Path) -> str:
    """Read the server's secret, made at the first start for its owner alone.

    Parameters
    ----------
    folder : Path
        Of the server.

    Returns
    -------
    str
        Random, and the same at every start.

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


def new_user(users: Users, name: str, role: UserRole, password: str, *, claim: bool = False) -> User:
    """Make an account.

    Parameters
    ----------
    users : Users
        The accounts.
    name : str
        Also the rep whose messages they see.
    role : {"rep", "coach"}
        What they may do.
    password : str
        As it was typed.
    claim : bool
        Whether messages that are filed under the name already are theirs.

    Returns
    -------
    User
        As it is kept.

    Raises
    ------
    ParameterError
        If the name is taken or not a name, has messages that are not claimed, or the password is no good.
    """
    if name != name.strip() or not 1 <= len(name) <= 80 or not name.isprintable():
        raise ParameterError(f"{name!r} is not a name: give 1 to 80 letters, without blanks around them")
    user = User(name=name, role=role, password_hash=Passwords().hash(password, name=name))
    users.add(user, claim=claim)
    return user
