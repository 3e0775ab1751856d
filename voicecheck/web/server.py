"""The parts of a server, put together once, and who is asking it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request
from sqlalchemy.exc import DatabaseError

from voicecheck.errors import EngineError
from voicecheck.web.archive import Archive, pair
from voicecheck.web.auth import Passwords, Sessions, Throttle, signing_key
from voicecheck.web.connections import file_limit
from voicecheck.web.errors import ForbiddenError, NotFoundError, UnknownUserError
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.listening.worker import Worker, WorkerState
from voicecheck.web.recordings import Recordings
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.names import name_key
from voicecheck.web.store.properties import PRACTICE
from voicecheck.web.store.rows import NO_MESSAGE, StoredMessage, User, UserRole
from voicecheck.web.store.store import Store, open_store

ACCEPTING_AT_ONCE = 4
"""Threads for taking uploads in, so that a rush of them leaves the others to the pages."""
LOCAL_NAME = "me"
"""What the one person is called who needs no account."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is asking.

    Parameters
    ----------
    name : str
        The user's name.
    role : {"rep", "coach"}
        What they may do.
    local : bool
        The one person at this machine, without an account.
    is_key : bool
        A program with a key, which may hand recordings in and nothing else; without a name it says whose.
    """

    name: str
    role: UserRole
    local: bool = False
    is_key: bool = False

    @property
    def is_coach(self) -> bool:
        """Whether they see everyone."""
        return self.role == "coach"

    def is_named(self, name: str) -> bool:
        """Whether a name is theirs.

        Parameters
        ----------
        name : str
            In any spelling of case and accents.

        Returns
        -------
        bool
            By `name_key`.
        """
        return name_key(name) == name_key(self.name)

    @property
    def sees(self) -> str | None:
        """Whose messages they see; None for everyone's."""
        return None if self.is_coach else self.name


@dataclass(frozen=True, kw_only=True)
class ServerState:
    """How a server is.

    Parameters
    ----------
    listening : {"starting", "ready", "unable"}
        Whether it hears.
    complaint : str or None
        What is the matter.
    waiting : int or None
        How many messages wait or are being heard; None while the database cannot tell.
    """

    listening: WorkerState
    complaint: str | None
    waiting: int | None


@dataclass(frozen=True, kw_only=True)
class Server:
    """Everything that answering a request needs."""

    settings: WebSettings
    store: Store
    recordings: Recordings
    archive: Archive
    worker: Worker
    sessions: Sessions
    passwords: Passwords
    throttle: Throttle
    accepting: CapacityLimiter
    receiving: CapacityLimiter
    had_accounts: threading.Event = field(default_factory=threading.Event)

    def wants_accounts(self) -> bool:
        """Whether visitors have to sign in; once they had to, they do until the server stops."""
        if self.settings.public or self.had_accounts.is_set():
            return True
        if self.store.users.any():
            self.had_accounts.set()
        return self.had_accounts.is_set()

    def is_private(self) -> bool:
        """Whether takes are private until they are handed in: with accounts, unless set otherwise."""
        chosen = self.store.properties.get(PRACTICE)
        return self.wants_accounts() if chosen is None else chosen == "yes"

    def state(self) -> ServerState:
        """Tell how the server is, whatever is the matter with it."""
        complaint = self.worker.complaint
        waiting = None
        try:
            self.store.place.check()
            waiting = self.store.queue.n_waiting()
        except EngineError as error:
            complaint = str(error)
        except DatabaseError:
            complaint = "the database cannot be used"
        return ServerState(listening=self.worker.state, complaint=complaint, waiting=waiting)

    def sign_in(self, name: str, password: str, *, address: str, browser_cookie: str | None) -> User:
        """Check a name and a password.

        Parameters
        ----------
        name, password : str
            As they were typed.
        address : str
            Where the request came from.
        browser_cookie : str or None
            That tells a browser in which this user signed in before.

        Returns
        -------
        User
            Their account.

        Raises
        ------
        UnknownUserError
            If they do not fit.
        TooManyAttemptsError
            After too many that did not.
        """
        browser = self.sessions.browser(browser_cookie, name)
        self.throttle.attempt(name, address, browser)
        user = self.store.users.get(name)
        if not self.passwords.fits(password, user) or user is None:
            raise UnknownUserError("name and password do not fit")
        self.throttle.succeeded(name, address, browser)
        return user

    def give_password(self, name: str, password: str, *, who: str) -> User:
        """Change a password, and end every session of its owner.

        Parameters
        ----------
        name : str
            Of the account.
        password : str
            The new one.
        who : str
            Who changes it, for the log.

        Returns
        -------
        User
            As the account is then.

        Raises
        ------
        ParameterError
            If the password is no good.
        """
        user = self.store.users.set_password_hash(name, self.passwords.hash(password, name=name))
        self.store.audit.write("changed a password", who=who, about=name)
        return user

    def visitor(self, cookie: str | None) -> Visitor:
        """Tell who is asking.

        Parameters
        ----------
        cookie : str or None
            The session's; None if there is none.

        Returns
        -------
        Visitor
            The one person at this machine where no accounts are wanted.

        Raises
        ------
        UnknownUserError
            If they have to sign in.
        """
        if not self.wants_accounts():
            return Visitor(name=LOCAL_NAME, role="coach", local=True)
        user = self.sessions.user(cookie)
        return Visitor(name=user.name, role=user.role)

    def message_for(self, visitor: Visitor, message_id: str) -> StoredMessage:
        """Look up a message that this visitor may see: their own, and for a coach what was handed in.

        Parameters
        ----------
        visitor : Visitor
            Who asks.
        message_id : str
            Of any message.

        Returns
        -------
        StoredMessage
            As it is now.

        Raises
        ------
        NotFoundError
            If there is none, or it is not theirs: the answer does not tell which.
        """
        message = self.store.messages.get(message_id, rep=visitor.sees)
        if message.handed_in_at is None and not visitor.is_named(message.rep) and self.is_private():
            raise NotFoundError(NO_MESSAGE)
        return message

    def viewer(self, visitor: Visitor) -> str | None:
        """For whom others' practice is left out of lists; None if there is none to leave out.

        Parameters
        ----------
        visitor : Visitor
            Who asks.

        Returns
        -------
        str or None
            Their name.
        """
        return visitor.name if self.is_private() else None


def open_server(settings: WebSettings, process: ListenerProcess | None = None) -> Server:
    """Open the store and put the parts together; nothing runs yet.

    Parameters
    ----------
    settings : WebSettings
        What this server is told.
    process : ListenerProcess or None
        What listens; None starts the process that `settings` names.

    Returns
    -------
    Server
        Its worker waits to be started.

    Raises
    ------
    EngineError
        If the folder or the database cannot be used.
    """
    try:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EngineError(f"the folder {settings.folder} cannot be made: {error.strerror}") from error
    store = open_store(settings.store_url)
    try:
        pair(settings.folder, store)
    except BaseException:
        store.close()
        raise
    recordings = Recordings(folder=settings.folder / "recordings")
    archive = Archive(store, recordings)
    return Server(
        settings=settings,
        store=store,
        recordings=recordings,
        archive=archive,
        worker=Worker(settings, store, recordings, archive, process or ListenerProcess(settings)),
        sessions=Sessions(signing_key(settings.folder), store.users),
        passwords=Passwords(),
        throttle=Throttle(),
        accepting=CapacityLimiter(ACCEPTING_AT_ONCE),
        receiving=CapacityLimiter(max(4, file_limit() // 4)),
    )


def cookie_name(request: Request) -> str:
    """The session's cookie; over TLS one that no other host and no plain page can set.

    Parameters
    ----------
    request : Request
        It tells whether the page came over TLS.

    Returns
    -------
    str
        Of the cookie.
    """
    return "__Host-voicecheck" if request.url.scheme == "https" else "voicecheck_session"


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


TheServer = Annotated[Server, Depends(_server)]


def _visitor(request: Request, server: TheServer) -> Visitor:
    return server.visitor(request.cookies.get(cookie_name(request)))


AnyVisitor = Annotated[Visitor, Depends(_visitor)]


def _coach(visitor: AnyVisitor) -> Visitor:
    if not visitor.is_coach:
        raise ForbiddenError("this is for coaches")
    return visitor


Coach = Annotated[Visitor, Depends(_coach)]


def _sender(request: Request, server: TheServer) -> Visitor:
    """Tell who hands a recording in: a program with a key, or a visitor."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return _visitor(request, server)
    key = server.store.keys.use(secret.strip())
    if key is None:
        raise UnknownUserError("there is no such key, or it was revoked")
    return Visitor(name=key.rep or "", role="rep", is_key=True)


Sender = Annotated[Visitor, Depends(_sender)]
