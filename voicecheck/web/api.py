"""The JSON API, ``/api/v1``: everything that the pages can do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BeforeValidator

from voicecheck import __version__
from voicecheck.pipeline import parse_expected
from voicecheck.rubric import parse_rubric
from voicecheck.scorecard import CardVerdict
from voicecheck.web.answers import BusyError, NotReadyError
from voicecheck.web.auth import SESSION_MAX_S, ForbiddenError, UnknownUserError
from voicecheck.web.export import to_csv
from voicecheck.web.recordings import TooLargeError
from voicecheck.web.schemas import (
    Error,
    Health,
    MessageDetail,
    MessageList,
    MessageOut,
    OverrideIn,
    RepList,
    RepOut,
    RubricIn,
    RubricOut,
    Session,
    SignIn,
    Trend,
    message_detail,
    message_out,
    rubric_out,
)
from voicecheck.web.server import COOKIE, AnyVisitor, Coach, Server, TheServer, Visitor
from voicecheck.web.store import Filter, Message

NAME_MAX = 120
EXPECTED = r"^[\s().\-/]*\+?([\s().\-/]*[0-9]){7,15}[\s().\-/]*$"
"""What `parse_expected` takes, for the schema; its own complaint is the better one."""
EXPORT_MAX = 100_000
TREND_MAX = 200


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Error} for status in statuses}


router = APIRouter(prefix="/api/v1", responses=_errors(400, 401, 403, 413, 421, 422, 503))


def _rfc3339(text: str) -> str:
    """Refuse what the schema does not name: counts of seconds, dates alone, times without a zone."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text, re.IGNORECASE):
        raise ValueError("give date, time and zone, such as 2026-03-01T12:00:00Z")
    return text


Moment = Annotated[datetime, BeforeValidator(_rfc3339)]
MessageId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]
PersonName = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _message(message_id: MessageId, visitor: AnyVisitor, server: TheServer) -> Message:
    return server.message_for(visitor, message_id)


TheMessage = Annotated[Message, Depends(_message)]


def wanted(
    visitor: AnyVisitor,
    rep: PersonName | None = None,
    since: Annotated[Moment | None, Query(description="Received at or after.")] = None,
    until: Annotated[Moment | None, Query(description="Received before.")] = None,
    verdict: CardVerdict | None = None,
    failed: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$", description="A check that failed.")] = None,
) -> Filter:
    """Read a filter; a rep's always holds their own name."""
    return Filter(
        rep=rep if visitor.is_coach else visitor.name,
        since=since,
        until=until,
        verdict=verdict,
        failed=failed,
    )


Wanted = Annotated[Filter, Depends(wanted)]


# ---- who ----


@router.post("/session", responses=_errors(429), tags=["session"])
def sign_in(body: SignIn, request: Request, response: Response, server: TheServer) -> Session:
    """Sign in; the answer sets a cookie."""
    address = request.client.host if request.client else ""
    server.throttle.attempt(body.name, address)
    user = server.store.user(body.name)
    if not server.passwords.fits(body.password, user) or user is None:
        raise UnknownUserError("name and password do not fit")
    server.throttle.succeeded(body.name, address)
    response.set_cookie(
        COOKIE,
        server.sessions.cookie(user),
        max_age=SESSION_MAX_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return Session(name=user.name, role=user.role, local=False)


@router.get("/session", tags=["session"])
def who_am_i(visitor: AnyVisitor) -> Session:
    """Tell who is signed in."""
    return Session(name=visitor.name, role=visitor.role, local=visitor.local)


@router.delete("/session", status_code=204, tags=["session"])
def sign_out(visitor: AnyVisitor, server: TheServer, response: Response) -> None:
    """Sign out, everywhere."""
    if not visitor.local:
        server.store.end_sessions(visitor.name)
    response.delete_cookie(COOKIE)


# ---- messages ----


@router.post(
    "/messages",
    status_code=202,
    responses=_errors(408, 507),
    tags=["messages"],
    openapi_extra={
        "requestBody": {
            "description": "The recording itself, in any format that `voicecheck score` reads.",
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_message(
    request: Request,
    response: Response,
    visitor: AnyVisitor,
    server: TheServer,
    name: Annotated[str, Query(max_length=1000, description="What the file is called.")] = "recording",
    rep: Annotated[PersonName | None, Query(description="Whose message it is; a coach may say.")] = None,
    expected: Annotated[
        str | None,
        Query(max_length=40, json_schema_extra={"pattern": EXPECTED}, description="The number to be said."),
    ] = None,
    prospect: Annotated[
        PersonName | None, Query(description="Whom the message is for; the tips ask for that name.")
    ] = None,
) -> MessageOut:
    """Send a message; it is heard in the background."""
    if rep not in (None, visitor.name) and not visitor.is_coach:
        raise ForbiddenError("only a coach may send a message for someone else")
    digits = None if expected is None else parse_expected(expected)
    whom = (prospect or "").strip() or None
    settings = server.settings
    if int(request.headers.get("content-length", 0)) > settings.upload_max_bytes:
        raise TooLargeError(f"the file is larger than {settings.upload_max_bytes / 2**20:g} MiB")
    if await to_thread.run_sync(server.store.n_waiting, limiter=server.accepting) >= settings.waiting_max:
        raise BusyError("too many messages are waiting; try again later")
    upload = await server.recordings.receive(
        _body(request),
        max_bytes=settings.upload_max_bytes,
        idle_s=settings.upload_idle_s,
        max_s=settings.upload_max_s,
    )

    def accept() -> Message:
        return server.shelf.accept(
            upload, rep=rep or visitor.name, name=clean_name(name), expected=digits, prospect=whom
        )

    message = await to_thread.run_sync(accept, limiter=server.accepting)
    server.worker.wake()
    response.headers["Location"] = f"/api/v1/messages/{message.id}"
    return MessageOut(**message_out(message))


@router.get("/messages", tags=["messages"])
def list_messages(
    chosen: Wanted,
    server: TheServer,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> MessageList:
    """List messages, the newest first; a rep gets their own."""
    found = server.store.find(chosen, limit=limit, offset=offset)
    return MessageList(
        messages=[MessageOut(**message_out(each)) for each in found], total=server.store.count(chosen)
    )


@router.get(
    "/messages.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    tags=["messages"],
)
def export_messages(chosen: Wanted, server: TheServer) -> Response:
    """Export messages as CSV, one row each, the newest first."""
    return Response(
        to_csv(server.store.find(chosen, limit=EXPORT_MAX)),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="voicecheck.csv"'},
    )


@router.get("/messages/{message_id}", responses=_errors(404), tags=["messages"])
def follow_message(message: TheMessage, server: TheServer) -> MessageDetail:
    """Tell how far a message is; with its card once there is one."""
    ahead = server.store.n_waiting(before=message) if message.state == "waiting" else 0
    card, peaks = server.store.detail(message.id)
    return message_detail(message, ahead=ahead, card=card, peaks=peaks)


@router.get("/messages/{message_id}/card", responses=_errors(404, 409), tags=["messages"])
def get_card(message: TheMessage, server: TheServer) -> dict[str, Any]:
    """Get the card alone, as `voicecheck schema` describes it."""
    card, _ = server.store.detail(message.id)
    if card is None:
        raise NotReadyError(message.complaint or "the message has not been judged yet")
    return card


@router.get(
    "/messages/{message_id}/audio",
    response_class=FileResponse,
    responses={200: {"content": {"audio/wav": {}}}, **_errors(404, 409)},
    tags=["messages"],
)
def get_audio(message: TheMessage, server: TheServer) -> Response:
    """Get the sound as it was judged: 16 kHz mono WAV, whose times are the card's."""
    path = server.recordings.playable(message.sha256)
    if not path.is_file():
        raise NotReadyError(message.complaint or "the message has not been heard yet")
    return FileResponse(path, media_type="audio/wav")


@router.get(
    "/messages/{message_id}/recording",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **_errors(404)},
    tags=["messages"],
)
def get_recording(message: TheMessage, server: TheServer) -> Response:
    """Get the very bytes that were sent."""
    return FileResponse(
        server.recordings.original(message.sha256),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(message.name)}"},
    )


@router.post("/messages/{message_id}/hearing", status_code=202, responses=_errors(404), tags=["messages"])
def hear_again(message: TheMessage, server: TheServer) -> MessageOut:
    """Hear a message again that could not be heard; any other is left as it is."""
    if message.state == "failed":
        message = server.store.hear_again(message.id)
        server.worker.wake()
    return MessageOut(**message_out(message))


@router.delete("/messages/{message_id}", status_code=204, responses=_errors(404), tags=["messages"])
def delete_message(message: TheMessage, server: TheServer) -> None:
    """Delete a message, its recording, its card and what was heard in it."""
    server.shelf.delete(message.id)


@router.put("/messages/{message_id}/override", responses=_errors(404, 409), tags=["coach"])
def set_override(message: TheMessage, coach: Coach, body: OverrideIn, server: TheServer) -> MessageOut:
    """Put a coach's verdict over the card's; judging again leaves it."""
    if message.state != "done":
        raise NotReadyError("the message has no card yet")
    changed = server.store.override(message.id, verdict=body.verdict, note=body.note.strip(), by=_by(coach))
    return MessageOut(**message_out(changed))


@router.delete("/messages/{message_id}/override", responses=_errors(404), tags=["coach"])
def withdraw_override(message: TheMessage, coach: Coach, server: TheServer) -> MessageOut:
    """Let the card's verdict count again."""
    del coach
    return MessageOut(**message_out(server.store.withdraw_override(message.id)))


# ---- the team ----


@router.get("/reps", tags=["coach"])
def list_reps(coach: Coach, server: TheServer) -> RepList:
    """List the reps."""
    del coach
    return RepList(
        reps=[
            RepOut(name=name, messages=total, passed=passed, last_at=last_at)
            for name, total, passed, last_at in server.store.reps()
        ]
    )


@router.get("/trend", tags=["messages"])
def get_trend(
    visitor: AnyVisitor,
    server: TheServer,
    rep: Annotated[PersonName | None, Query(description="Whose.")] = None,
) -> Trend:
    """List a rep's latest messages that have a card, the oldest first."""
    name = rep if rep is not None and visitor.is_coach else visitor.name
    return Trend(rep=name, takes=[MessageOut(**message_out(each)) for each in takes(server, name)])


def takes(server: Server, rep: str) -> list[Message]:
    """Find a rep's latest messages that have a card, the oldest first."""
    found = server.store.find(Filter(rep=rep), limit=TREND_MAX)
    return [each for each in reversed(found) if each.state == "done"]


@router.get("/rubric", tags=["coach"])
def get_rubric(visitor: AnyVisitor, server: TheServer) -> RubricOut:
    """Get the rubric in force, and how many messages are still to be judged by it."""
    del visitor
    return rubric_out(server.store.rubric_in_force(), server.store.n_to_judge())


@router.put("/rubric", tags=["coach"])
def adopt_rubric(body: RubricIn, coach: Coach, server: TheServer) -> RubricOut:
    """Put a rubric in force; every message is judged again by it, and none is heard again."""
    adopted = server.store.adopt(parse_rubric(body.text), by=_by(coach))
    server.worker.wake()
    return rubric_out(adopted, server.store.n_to_judge())


@router.get("/health", tags=["server"])
def get_health(server: TheServer) -> Health:
    """Tell how the server is; needs no account."""
    worker = server.worker
    return Health(
        status="degraded" if worker.condition == "unable" else "ok",
        listening=worker.condition,
        complaint=worker.complaint,
        waiting=server.store.n_waiting(),
        version=__version__,
    )


def clean_name(name: str) -> str:
    r"""Make a file name fit to be shown and stored.

    >>> clean_name("../../etc/passwd"), clean_name("C:\\takes\\one.wav"), clean_name("a\x00\u202eb.wav")
    ('passwd', 'one.wav', 'ab.wav')
    """
    last = PurePosixPath(re.sub(r"[\\]", "/", name)).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-NAME_MAX:] or "recording"


def _by(coach: Visitor) -> str | None:
    return None if coach.local else coach.name


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk
