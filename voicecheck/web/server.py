"""The parts of a server, put together once, and who is asking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from voicecheck.errors import EngineError
from voicecheck.web.archive import Archive
from voicecheck.web.auth import Passwords, Sessions, Throttle, signing_key
from voicecheck.web.errors import ForbiddenError
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.listening.worker import Worker
from voicecheck.web.recordings import Recordings
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.rows import Role, StoredMessage
from voicecheck.web.store.store import Store, open_store

COOKIE = "voicecheck_session"
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
    """

    name: str
    role: Role
    local: bool = False

    @property
    def is_coach(self) -> bool:
        """Whether they see everyone."""
        return self.role == "coach"

    @property
    def sees(self) -> str | None:
        """Whose messages they see; None for everyone's."""
        return None if self.is_coach else self.name


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

    def wants_accounts(self) -> bool:
        """Whether visitors have to sign in."""
        return self.settings.public or self.store.users.any()

    def visitor(self, cookie: str | None) -> Visitor:
        """Tell who is asking.

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
        """Look up a message that this visitor may see.

        Raises
        ------
        NotFoundError
            If there is none, or it is not theirs: the answer does not tell which.
        """
        return self.store.messages.get(message_id, rep=visitor.sees)


def open_server(settings: WebSettings, process: ListenerProcess | None = None) -> Server:
    """Open the store and put the parts together; nothing runs yet.

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
    recordings = Recordings(folder=settings.folder / "recordings")
    archive = Archive(store.messages, recordings)
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
    )


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


TheServer = Annotated[Server, Depends(_server)]


def _visitor(request: Request, server: TheServer) -> Visitor:
    return server.visitor(request.cookies.get(COOKIE))


AnyVisitor = Annotated[Visitor, Depends(_visitor)]


def _coach(visitor: AnyVisitor) -> Visitor:
    if not visitor.is_coach:
        raise ForbiddenError("only a coach may do this")
    return visitor


Coach = Annotated[Visitor, Depends(_coach)]
