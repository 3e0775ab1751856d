"""Messages: sent, followed, listed, exported, overridden, deleted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from anyio import fail_after, to_thread
from fastapi import Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse

from voicecheck.errors import InputError
from voicecheck.listener import PHONE_MODEL
from voicecheck.numbers.plan import check_region, parse_expected
from voicecheck.report.data import to_dict
from voicecheck.scorecard.registry import titles
from voicecheck.speech.weights import find_model
from voicecheck.web.api.export import to_csv
from voicecheck.web.api.schemas import (
    EXPECTED,
    Chosen,
    ChosenLine,
    ChosenOverride,
    ChosenRep,
    Count,
    LineIn,
    MessageDetail,
    MessageList,
    MessageOut,
    NamesIn,
    OverrideIn,
    PartIn,
    Trend,
    api_router,
    errors,
    message_detail,
    message_out,
)
from voicecheck.web.errors import BusyError, ForbiddenError, NotReadyError, TooLargeError
from voicecheck.web.preview import judge_again
from voicecheck.web.requests import PersonName, TheMessage, Wanted, by, takes, visible
from voicecheck.web.server import AnyVisitor, Coach, Sender, Server, TheServer, Visitor
from voicecheck.web.store.messages import Order
from voicecheck.web.store.rows import StoredMessage

NAME_MAX = 120

router = api_router()


@router.post(
    "/messages",
    status_code=202,
    responses=errors(408, 507),
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
    sender: Sender,
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
    speaker: Annotated[
        PersonName | None, Query(description="Who speaks, as they say their name; the tips ask for it.")
    ] = None,
    company: Annotated[PersonName | None, Query(description="For whom they speak.")] = None,
    rubric: Annotated[
        PersonName | None,
        Query(description="What it is judged by, by name; else its team's."),
    ] = None,
    region: Annotated[
        str | None,
        Query(pattern="^[A-Za-z]{2}$", description="The country whose numbers need no country code."),
    ] = None,
) -> MessageOut:
    """Send a message; it is heard in the background."""
    whose = _whose(sender, rep)
    digits = None if expected is None else parse_expected(expected)
    line = None if rubric is None else server.store.rubrics.named(rubric).line
    country = None if region is None else check_region(region)
    settings = server.settings
    if int(request.headers.get("content-length", 0)) > settings.upload_max_bytes:
        raise TooLargeError(f"the file is larger than {settings.upload_max_bytes / 2**20:g} MiB")
    if (
        await to_thread.run_sync(server.store.queue.n_waiting, limiter=server.accepting)
        >= settings.waiting_max
    ):
        raise BusyError("too many messages are waiting; try again later")
    async with _a_place(server):
        upload = await server.recordings.receive(
            _body(request),
            max_bytes=settings.upload_max_bytes,
            idle_s=settings.upload_idle_s,
            max_s=settings.upload_max_s,
        )

    def accept() -> StoredMessage:
        return server.archive.accept(
            upload,
            rep=whose,
            name=clean_name(name),
            expected=digits,
            prospect=_name_or_none(prospect),
            speaker=_name_or_none(speaker),
            company=_name_or_none(company),
            rubric=line,
            region=country,
            handed_in=sender.is_key or not sender.is_named(whose) or not server.is_private(),
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
    order: Order = "newest",
) -> MessageList:
    """List messages; a rep gets their own."""
    found = server.store.messages.find(chosen, limit=limit, offset=offset, order=order)
    return MessageList(
        messages=[MessageOut(**message_out(each)) for each in found],
        total=server.store.messages.count(chosen),
    )


@router.get(
    "/messages.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    tags=["messages"],
)
def export_messages(chosen: Wanted, server: TheServer) -> Response:
    """Export messages as CSV, with the columns of a batch's summary, the newest first."""
    check_ids = dict.fromkeys((*titles(), *server.store.messages.check_ids()))
    return StreamingResponse(
        to_csv(server.store.messages.each(chosen), check_ids),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="voicecheck.csv"'},
    )


@router.get("/messages/{message_id}", responses=errors(404), tags=["messages"])
def follow_message(message: TheMessage, server: TheServer) -> MessageDetail:
    """Tell how far a message is; with its card once there is one."""
    ahead = server.store.queue.ahead_of(message.id) if message.state == "waiting" else 0
    card, peaks = server.store.messages.detail(message.id)
    progress = server.worker.progress(message.id)
    return message_detail(message, ahead=ahead, progress=progress, card=card, peaks=peaks)


@router.get("/messages/{message_id}/card", responses=errors(404, 409), tags=["messages"])
def get_card(message: TheMessage, server: TheServer) -> dict[str, Any]:
    """Get the card alone, as `voicecheck schema` describes it."""
    card, _ = server.store.messages.detail(message.id)
    if card is None:
        raise NotReadyError(message.complaint or "the message has not been judged yet")
    return card


@router.get(
    "/messages/{message_id}/audio",
    response_class=FileResponse,
    responses={200: {"content": {"audio/wav": {}}}, **errors(404, 409)},
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
    responses={200: {"content": {"application/octet-stream": {}}}, **errors(404)},
    tags=["messages"],
)
def get_recording(message: TheMessage, server: TheServer) -> Response:
    """Get the very bytes that were sent."""
    return FileResponse(
        server.recordings.original(message.sha256),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(message.name)}"},
    )


@router.post("/messages/{message_id}/hearing", status_code=202, responses=errors(404), tags=["messages"])
def hear_again(message: TheMessage, server: TheServer) -> MessageOut:
    """Hear a message again that could not be heard; any other is left as it is."""
    if message.state == "failed":
        message = server.store.queue.hear_again(message.id)
        server.worker.wake()
    return MessageOut(**message_out(message))


@router.delete("/messages/{message_id}", status_code=204, responses=errors(404), tags=["messages"])
def delete_message(message: TheMessage, visitor: AnyVisitor, server: TheServer) -> None:
    """Delete a message, its recording, its card and what was heard in it; cancels what waits.

    What a coach has judged only a coach deletes.
    """
    if message.override is not None and not visitor.is_coach:
        raise ForbiddenError("a coach has judged this message; only a coach may delete it")
    server.archive.delete(message.id)
    server.worker.cancel(message.id)
    server.store.audit.write("deleted a message", who=by(visitor), about=message.id, detail=message.rep)


@router.put("/messages/{message_id}/part", responses=errors(404, 409), tags=["messages"])
def tell_part(message: TheMessage, body: PartIn, server: TheServer) -> MessageOut:
    """Tell where the rep's part of a call begins and ends; it is judged again, and not heard again."""
    told = replace(message, start_s=body.start_s, end_s=body.end_s, phone=None)
    return _judged_again(
        told, server, lambda: server.store.messages.tell_part(told.id, start_s=told.start_s, end_s=told.end_s)
    )


@router.post(
    "/messages/{message_id}/phone", status_code=202, responses=errors(404, 409, 503), tags=["messages"]
)
def ask_phone(message: TheMessage, server: TheServer) -> MessageOut:
    """Ask what the listener's phone would print; it comes to the card, and nothing else is heard."""
    if message.state != "done":
        raise NotReadyError("the message has no card yet")
    find_model(PHONE_MODEL, download=False)
    asked = server.store.messages.want_phone(message.id)
    server.worker.wake()
    return MessageOut(**message_out(asked))


@router.put("/messages/{message_id}/names", responses=errors(404, 409), tags=["messages"])
def tell_names(message: TheMessage, body: NamesIn, server: TheServer) -> MessageOut:
    """Tell who speaks, for whom, to whom, and which number is to be said; it is judged again."""
    named = replace(
        message,
        speaker=_name_or_none(body.speaker),
        company=_name_or_none(body.company),
        prospect=_name_or_none(body.prospect),
        expected=parse_expected(body.expected) if body.expected and body.expected.strip() else None,
    )
    return _judged_again(named, server, lambda: server.store.messages.tell_names(named))


@router.put("/messages/{message_id}/rubric", responses=errors(404, 409), tags=["coach"])
def choose_rubric(message: TheMessage, coach: Coach, body: LineIn, server: TheServer) -> MessageOut:
    """Judge a message by another rubric from now on; nothing is heard again."""
    chosen = server.store.rubrics.of(body.line)
    told = replace(message, rubric_line=chosen.line)
    changed = _judged_again(told, server, lambda: server.store.messages.judge_by(told.id, chosen.line))
    server.store.audit.write(
        "chose a rubric", who=by(coach), about=message.id, detail=f"{message.rep}: {chosen.rubric.name}"
    )
    return changed


@router.post("/messages/{message_id}/hand-in", responses=errors(404), tags=["messages"])
def hand_in(message: TheMessage, server: TheServer) -> MessageOut:
    """Let the coaches see a take that was private so far."""
    if message.handed_in_at is None:
        message = server.store.messages.hand_in(message.id)
    return MessageOut(**message_out(message))


@router.post("/chosen/deletion", tags=["coach"])
def delete_many(body: Chosen, coach: Coach, server: TheServer) -> Count:
    """Delete many messages."""
    found = visible(body.ids, coach, server)
    server.archive.delete(*(message.id for message in found))
    for message in found:
        server.store.audit.write("deleted a message", who=by(coach), about=message.id, detail=message.rep)
    return Count(count=len(found))


@router.post("/chosen/rep", tags=["coach"])
def file_many(body: ChosenRep, coach: Coach, server: TheServer) -> Count:
    """File many messages under another rep."""
    ids = [message.id for message in visible(body.ids, coach, server)]
    count = server.store.messages.file_under(ids, body.rep.strip())
    server.store.audit.write(
        "filed messages under", who=by(coach), about=body.rep, detail=f"{count} messages"
    )
    return Count(count=count)


@router.post("/chosen/rubric", responses=errors(404), tags=["coach"])
def judge_many(body: ChosenLine, coach: Coach, server: TheServer) -> Count:
    """Judge many messages by another rubric from now on."""
    chosen = server.store.rubrics.of(body.line)
    found = visible(body.ids, coach, server)
    for message in found:
        server.store.messages.judge_by(message.id, chosen.line)
    server.worker.wake()
    server.store.audit.write(
        "chose a rubric", who=by(coach), about=chosen.rubric.name[:120], detail=f"{len(found)} messages"
    )
    return Count(count=len(found))


@router.post("/chosen/override", tags=["coach"])
def override_many(body: ChosenOverride, coach: Coach, server: TheServer) -> Count:
    """Put a coach's verdict over the cards of many messages."""
    found = [message for message in visible(body.ids, coach, server) if message.state == "done"]
    for message in found:
        _override(message, body.override, coach, server)
    return Count(count=len(found))


@router.put("/messages/{message_id}/override", responses=errors(404, 409), tags=["coach"])
def set_override(message: TheMessage, coach: Coach, body: OverrideIn, server: TheServer) -> MessageOut:
    """Put a coach's verdict over the card's; judging again leaves it."""
    if message.state != "done":
        raise NotReadyError("the message has no card yet")
    changed = _override(message, body, coach, server)
    return MessageOut(**message_out(changed))


@router.delete("/messages/{message_id}/override", responses=errors(404), tags=["coach"])
def withdraw_override(message: TheMessage, coach: Coach, server: TheServer) -> MessageOut:
    """Let the card's verdict count again."""
    server.store.audit.write("withdrew an override", who=by(coach), about=message.id, detail=message.rep)
    return MessageOut(**message_out(server.store.messages.withdraw_override(message.id)))


@router.get("/trend", tags=["messages"])
def get_trend(
    visitor: AnyVisitor,
    server: TheServer,
    rep: Annotated[PersonName | None, Query(description="Whose.")] = None,
) -> Trend:
    """List a rep's latest messages that have a card, the oldest first."""
    name = rep if rep is not None and visitor.is_coach else visitor.name
    return Trend(rep=name, takes=[MessageOut(**message_out(each)) for each in takes(server, visitor, name)])


def clean_name(name: str) -> str:
    r"""Make a file name fit to be shown and stored.

    >>> clean_name("../../etc/passwd"), clean_name("C:\\takes\\one.wav"), clean_name("a\x00\u202eb.wav")
    ('passwd', 'one.wav', 'ab.wav')
    """
    last = PurePosixPath(re.sub(r"[\\]", "/", name)).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-NAME_MAX:] or "recording"


def _judged_again(told: StoredMessage, server: Server, keep: Callable[[], object]) -> MessageOut:
    """Judge a message as it is now said to be, and keep both if that goes well."""
    if told.state != "done":
        raise NotReadyError("the message has no card yet")
    adopted = server.store.rubrics.of(told.rubric_line)
    card = to_dict(judge_again(server, told, adopted.rubric))
    keep()
    server.store.queue.rejudged(told.id, card=card, rubric_id=adopted.id)
    return MessageOut(**message_out(server.store.messages.get(told.id)))


def _name_or_none(name: str | None) -> str | None:
    return (name or "").strip() or None


def _whose(sender: Visitor, rep: str | None) -> str:
    """Tell whose message is sent."""
    if rep is None:
        if sender.is_key and not sender.name:
            raise InputError("this key is for the whole team: say whose message it is (rep=NAME)")
        return sender.name
    if not sender.is_coach and not sender.is_named(rep) and (not sender.is_key or sender.name):
        raise ForbiddenError("only a coach may send a message for someone else")
    return rep


def _override(message: StoredMessage, wanted: OverrideIn, coach: Visitor, server: Server) -> StoredMessage:
    changed = server.store.messages.override(
        message.id, verdict=wanted.verdict, note=wanted.note.strip(), by=by(coach)
    )
    detail = f"{message.rep}: {message.verdict} to {wanted.verdict}"
    server.store.audit.write("overrode a verdict", who=by(coach), about=message.id, detail=detail)
    return changed


@asynccontextmanager
async def _a_place(server: Server) -> AsyncIterator[None]:
    """Wait until so few uploads arrive that files and connections are left for the pages."""
    try:
        with fail_after(server.settings.upload_idle_s):
            await server.receiving.acquire()
    except TimeoutError:
        raise BusyError("too many uploads arrive at once; try again in a moment") from None
    try:
        yield
    finally:
        server.receiving.release()


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk
