"""The pages: HTML made on the server, from what the API also gives."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from voicecheck.errors import VoicecheckError
from voicecheck.report.alignment import digit_grids
from voicecheck.report.words import clock, condition_line, sound_line, survival_rows
from voicecheck.scorecard.card import CardVerdict
from voicecheck.scorecard.checks import TITLES
from voicecheck.web.pages import card_view
from voicecheck.web.pages.charts import CHARTED, chart
from voicecheck.web.requests import MessageId, takes
from voicecheck.web.server import COOKIE, AnyVisitor, Coach, TheServer
from voicecheck.web.store.rows import Filter

PAGE_ROWS = 50
LATEST_TAKES = 8

router = APIRouter(include_in_schema=False)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("voicecheck.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    environment.filters["verdict"] = lambda name: card_view.VERDICTS.get(name, name)
    environment.globals.update(
        TITLES=TITLES,
        value_text=card_view.value_text,
        limit_text=card_view.limit_text,
        gauge=card_view.gauge,
        condition_line=condition_line,
        sound_line=sound_line,
        split_tips=card_view.split_tips,
        survival_rows=survival_rows,
    )
    return environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template; it always knows who is asking."""
    server = request.app.state.server
    try:
        visitor = server.visitor(request.cookies.get(COOKIE))
    except VoicecheckError:
        visitor = None
    text = (
        _environment()
        .get_template(template)
        .render(visitor=visitor, path=request.url.path, status=status, **values)
    )
    return HTMLResponse(text, status_code=status)


@router.get("/")
def record_page(request: Request, visitor: AnyVisitor, server: TheServer) -> Response:
    """Record a message or drop a file."""
    latest = server.store.messages.find(Filter(rep=visitor.name), limit=LATEST_TAKES)
    return render(
        request,
        "record.html",
        latest=latest,
        limits=server.store.rubrics.in_force().rubric.limits,
        max_bytes=server.settings.upload_max_bytes,
    )


@router.get("/messages/{message_id}")
def message_page(request: Request, message_id: MessageId, visitor: AnyVisitor, server: TheServer) -> Response:
    """Show how far a message is, then its card."""
    message = server.message_for(visitor, message_id)
    card = server.store.messages.detail(message.id)[0] if message.state == "done" else None
    if card is None:
        return render(request, "waiting.html", message=message)
    before = server.store.messages.find(
        Filter(rep=message.rep, until=message.received_at), limit=LATEST_TAKES
    )
    return render(
        request,
        "card.html",
        message=message,
        card=card,
        target_s=server.store.rubrics.in_force().rubric.limits.length.target_s,
        grids=digit_grids(card, message.expected, server.settings.region),
        earlier=[each for each in before if each.id != message.id and each.state == "done"],
    )


@router.get("/team")
def team_page(
    request: Request,
    coach: Coach,
    server: TheServer,
    rep: Annotated[str, Query(max_length=80)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    zone: Annotated[str, Query(max_length=64)] = "",
    verdict: Annotated[str, Query(max_length=10)] = "",
    failed: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show everyone's messages."""
    del coach
    wanted = Filter(
        rep=rep or None,
        since=_midnight(since, zone),
        until=_midnight(until, zone, days_later=1),
        verdict=_verdict(verdict),
        failed=failed if failed in TITLES else None,
    )
    total = server.store.messages.count(wanted)
    return render(
        request,
        "team.html",
        messages=server.store.messages.find(wanted, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS),
        total=total,
        page=page,
        n_pages=max(1, -(-total // PAGE_ROWS)),
        reps=server.store.messages.reps(),
        chosen={"rep": rep, "since": since, "until": until, "verdict": verdict, "failed": failed},
        is_filtered=wanted != Filter(),
        for_api=_for_api(wanted),
        query={name: value for name, value in request.query_params.items() if name != "page" and value},
        max_bytes=server.settings.upload_max_bytes,
    )


@router.get("/progress")
def progress_page(
    request: Request, visitor: AnyVisitor, server: TheServer, rep: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Show how a rep gets on."""
    name = rep if rep and visitor.is_coach else visitor.name
    found = takes(server, name)
    limits = server.store.rubrics.in_force().rubric.limits
    charts = [chart(check_id, found, limits) for check_id in CHARTED]
    return render(
        request,
        "progress.html",
        rep=name,
        takes=found,
        charts=[each for each in charts if each is not None],
        n_passed=sum(each.verdict == "pass" for each in found),
    )


@router.get("/rubric")
def rubric_page(request: Request, coach: Coach, server: TheServer) -> Response:
    """Show and change the rubric in force."""
    del coach
    return render(
        request,
        "rubric.html",
        adopted=server.store.rubrics.in_force(),
        to_judge=server.store.queue.n_to_judge(),
    )


@router.get("/login")
def login_page(request: Request, server: TheServer) -> Response:
    """Ask for name and password."""
    if not server.wants_accounts():
        return RedirectResponse("/", status_code=303)
    return render(request, "login.html")


def _midnight(day: str, zone: str, *, days_later: int = 0) -> datetime | None:
    """Tell when a day begins for the reader; what a browser's date field would not write is no filter."""
    try:
        midnight = datetime.strptime(day, "%Y-%m-%d") + timedelta(days=days_later)
        return midnight.replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):  # also the first and last days of the calendar
        return None


def _zone(name: str) -> ZoneInfo | None:
    """Look a time zone up; None, which is the server's own, for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # as zoneinfo takes it: no such key, a path, a folder
        return None


def _for_api(wanted: Filter) -> dict[str, str]:
    """Write a filter as the API reads it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(wanted).items()
        if value is not None
    }


def _verdict(text: str) -> CardVerdict | None:
    for verdict in ("pass", "fail", "review"):
        if text == verdict:
            return verdict
    return None
