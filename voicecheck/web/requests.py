"""What several routes read from a request: moments, ids, names, filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.auth import BROWSER_MAX_S, SESSION_MAX_S
from voicecheck.web.errors import NotFoundError
from voicecheck.web.server import AnyVisitor, Server, TheServer, Visitor, cookie_name
from voicecheck.web.store.rows import Filter, StoredMessage, User

TREND_MAX = 200
BROWSER_COOKIE = "voicecheck_browser"
"""Stays when a user signs out: it tells their own browser from a guesser's."""


def _rfc3339(text: str) -> str:
    """Refuse what the schema does not name: counts of seconds, dates alone, times without a zone."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text, re.IGNORECASE):
        raise ValueError("give date, time and zone, such as 2026-03-01T12:00:00Z")
    return text


def _in_calendar(moment: datetime) -> datetime:
    """Refuse what is before the first or after the last day in UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("give a time that the calendar has") from None


Moment = Annotated[datetime, BeforeValidator(_rfc3339), AfterValidator(_in_calendar)]
MessageIdText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
MessageId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]
SearchText = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
PersonName = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _message(message_id: MessageId, visitor: AnyVisitor, server: TheServer) -> StoredMessage:
    return server.message_for(visitor, message_id)


TheMessage = Annotated[StoredMessage, Depends(_message)]


def wanted(
    visitor: AnyVisitor,
    server: TheServer,
    rep: PersonName | None = None,
    since: Annotated[Moment | None, Query(description="Received at or after.")] = None,
    until: Annotated[Moment | None, Query(description="Received before.")] = None,
    verdict: CardVerdict | None = None,
    failed: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$", description="A check that failed.")] = None,
    text: Annotated[
        SearchText | None, Query(description="Words of the message, its number, file, prospect or rep.")
    ] = None,
    ids: Annotated[list[MessageIdText] | None, Query(alias="id", max_length=500)] = None,
    is_open: Annotated[bool, Query(alias="open", description="Only what a coach should look at.")] = False,
) -> Filter:
    """Read a filter; a rep's always holds their own name.

    Parameters
    ----------
    visitor : Visitor
        Who asks.
    server : Server
        Whom they ask.
    rep : str or None
        Whose messages.
    since, until : datetime or None
        When they were received.
    verdict : CardVerdict or None
        That counts.
    failed : str or None
        The id of a check.
    text : str or None
        What to search for.
    ids : list of str or None
        Only these.
    is_open : bool
        Only what a coach should look at.

    Returns
    -------
    Filter
        For `Messages.find`.
    """
    return Filter(
        rep=rep if visitor.is_coach else visitor.name,
        since=since,
        until=until,
        verdict=verdict,
        failed=failed,
        text=text,
        ids=None if ids is None else tuple(ids),
        is_open=is_open,
        viewer=server.viewer(visitor),
    )


Wanted = Annotated[Filter, Depends(wanted)]


def takes(server: Server, visitor: Visitor, rep: str) -> list[StoredMessage]:
    """Find a rep's latest messages that have a card and that the visitor may see, the oldest first.

    Parameters
    ----------
    server : Server
        With its store.
    visitor : Visitor
        Who asks.
    rep : str
        Whose messages.

    Returns
    -------
    list of StoredMessage
        As many as a page shows.
    """
    found = server.store.messages.find(Filter(rep=rep, viewer=server.viewer(visitor)), limit=TREND_MAX)
    return [each for each in reversed(found) if each.state == "done"]


def visible(ids: Sequence[str], visitor: Visitor, server: Server) -> list[StoredMessage]:
    """Look many messages up; those that are gone, or not theirs to see, are left out.

    Parameters
    ----------
    ids : sequence of str
        Of messages, there or not.
    visitor : Visitor
        Who asks.
    server : Server
        With its store.

    Returns
    -------
    list of StoredMessage
        In the order of the ids.
    """
    found = []
    for message_id in ids:
        with suppress(NotFoundError):
            found.append(server.message_for(visitor, message_id))
    return found


def by(visitor: Visitor) -> str | None:
    """Who is written down as having done something; None for the one person without an account.

    Parameters
    ----------
    visitor : Visitor
        Who asks.

    Returns
    -------
    str or None
        Their name.
    """
    return None if visitor.local else visitor.name


async def read_form(request: Request) -> dict[str, str]:
    """Read what a page's form posted.

    Parameters
    ----------
    request : Request
        With a form's body.

    Returns
    -------
    dict
        The last value of each field.
    """
    body = (await request.body()).decode("utf-8", errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20))


Form = Annotated[dict[str, str], Depends(read_form)]


def own_path(text: str) -> str:
    r"""Give back a path of our own, with its query; the start page for anything else.

    Parameters
    ----------
    text : str
        From a stranger.

    Returns
    -------
    str
        Starts with one slash.

    Examples
    --------
    >>> own_path("/progress?rep=ann"), own_path("//elsewhere"), own_path("/\t/elsewhere")
    ('/progress?rep=ann', '/', '/')
    """
    return text if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", text) else "/"


def client_address(request: Request) -> str:
    """Where a request comes from; a proxy's word counts only where the server was told of that proxy.

    Parameters
    ----------
    request : Request
        As the server took it in.

    Returns
    -------
    str
        An IP address; empty if there is none.
    """
    return request.client.host if request.client else ""


def admit(request: Request, response: Response, server: Server, user: User) -> None:
    """Give a browser the cookies of a user who has just shown who they are.

    Parameters
    ----------
    request : Request
        That brought the password.
    response : Response
        That takes the cookies there.
    server : Server
        That signs them.
    user : User
        Who they are.
    """
    secure = request.url.scheme == "https"
    for name, value, max_age_s in (
        (cookie_name(request), server.sessions.cookie(user), SESSION_MAX_S),
        (BROWSER_COOKIE, server.sessions.browser_cookie(user), BROWSER_MAX_S),
    ):
        response.set_cookie(name, value, max_age=max_age_s, httponly=True, samesite="lax", secure=secure)


def dismiss(request: Request, response: Response) -> None:
    """Take the session's cookie away.

    Parameters
    ----------
    request : Request
        That wants to be signed out.
    response : Response
        That takes the news there.
    """
    response.delete_cookie(cookie_name(request), secure=request.url.scheme == "https", httponly=True)
