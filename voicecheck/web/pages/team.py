"""The pages of a coach: everyone's messages, the rubric, settings, the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from voicecheck.audio.formats import AUDIO_SUFFIXES
from voicecheck.scorecard.card import CardVerdict
from voicecheck.scorecard.registry import titles
from voicecheck.scorecard.rubric import ready_rubrics
from voicecheck.web.pages.render import render
from voicecheck.web.pages.rubric_form import ROLES, form
from voicecheck.web.server import Coach, Server, TheServer, Visitor
from voicecheck.web.store.messages import Order
from voicecheck.web.store.rows import Filter

PAGE_ROWS = 50
LOG_ROWS = 100

ORDERS: dict[Order, str] = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "longest": "Longest first",
    "shortest": "Shortest first",
    "rep": "By rep",
    "verdict": "By verdict",
}

router = APIRouter(include_in_schema=False)


@router.get("/team")
def team_page(
    request: Request,
    coach: Coach,
    server: TheServer,
    show: Annotated[str, Query(max_length=10)] = "",
    text: Annotated[str, Query(max_length=200)] = "",
    rep: Annotated[str, Query(max_length=80)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    zone: Annotated[str, Query(max_length=64)] = "",
    verdict: Annotated[str, Query(max_length=10)] = "",
    failed: Annotated[str, Query(max_length=40)] = "",
    order: Annotated[str, Query(max_length=10)] = "newest",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show everyone's messages; at first those that a person should look at."""
    everything = Filter(viewer=server.viewer(coach))
    chosen = Filter(
        rep=rep or None,
        since=_midnight(since, zone),
        until=_midnight(until, zone, days_later=1),
        verdict=_verdict(verdict),
        failed=failed if failed in titles() else None,
        text=text.strip() or None,
        viewer=everything.viewer,
    )
    is_filtered = chosen != everything
    is_open = show == "open" or (not show and not is_filtered and not coach.local)
    wanted = Filter(**{**vars(chosen), "is_open": is_open})
    sorting: Order = next((each for each in ORDERS if each == order), "newest")
    total = server.store.messages.count(wanted)
    return render(
        request,
        "team.html",
        messages=server.store.messages.find(
            wanted, limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS, order=sorting
        ),
        total=total,
        page=page,
        n_pages=max(1, -(-total // PAGE_ROWS)),
        n_open=server.store.messages.count(Filter(viewer=everything.viewer, is_open=True)),
        n_all=server.store.messages.count(everything),
        is_open=is_open,
        team=team(server, coach),
        rubrics=server.store.rubrics.all(),
        orders=ORDERS,
        chosen={
            **{"text": text, "rep": rep, "since": since, "until": until},
            **{"verdict": verdict, "failed": failed, "order": sorting},
        },
        is_filtered=is_filtered,
        for_api=_for_api(wanted),
        query={name: value for name, value in request.query_params.items() if name != "page" and value},
        max_bytes=server.settings.upload_max_bytes,
        suffixes=sorted(AUDIO_SUFFIXES),
    )


def team(server: Server, coach: Visitor) -> list[dict[str, object]]:
    """Sum the reps up: who sent how many, how many passed, what fails most; who needs help comes first."""
    everything = Filter(viewer=server.viewer(coach))
    failures = server.store.messages.failures(everything)
    rows = []
    for name, total, n_judged, n_passed, last in server.store.messages.reps(everything):
        failed = max(failures.get(name, {}).items(), key=lambda item: item[1], default=None)
        rows.append(
            {
                "name": name,
                "total": total,
                "judged": n_judged,
                "passed": n_passed,
                "share": n_passed / n_judged if n_judged else None,
                "fails_most": None if failed is None else (failed[0], failed[1]),
                "last": last,
            }
        )
    return sorted(rows, key=lambda row: (row["share"] is None, row["share"] or 0.0, row["name"]))


@router.get("/rubric")
def rubric_page(
    request: Request,
    coach: Coach,
    server: TheServer,
    line: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """Show the rubrics, and change one."""
    del coach
    rubrics = server.store.rubrics
    adopted = rubrics.of(line)
    found = rubrics.all()
    names = {each.rubric.name for each in found}
    return render(
        request,
        "rubric.html",
        adopted=adopted,
        rubrics=found,
        counts=rubrics.n_messages(),
        ready=[name for name in ready_rubrics() if name not in names],
        parts=form(adopted.rubric),
        roles=ROLES,
        to_judge=server.store.queue.n_to_judge(),
        history=rubrics.history(adopted.line),
    )


@router.get("/settings")
def settings_page(request: Request, coach: Coach, server: TheServer) -> Response:
    """Show how the team practises, the keys for programs, and the accounts."""
    return render(
        request,
        "settings.html",
        is_private=server.is_private(),
        keys=server.store.keys.all(),
        reps=[row["name"] for row in team(server, coach)],
        teams=server.store.teams.all(),
        rubrics=server.store.rubrics.all(),
        users=server.store.users.all(),
    )


@router.get("/log")
def log_page(
    request: Request, coach: Coach, server: TheServer, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show who deleted, overrode or changed what."""
    del coach
    total = server.store.audit.count()
    return render(
        request,
        "log.html",
        entries=server.store.audit.read(limit=LOG_ROWS, offset=(page - 1) * LOG_ROWS),
        page=page,
        n_pages=max(1, -(-total // LOG_ROWS)),
    )


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
    asked = {
        "rep": wanted.rep,
        "since": None if wanted.since is None else wanted.since.isoformat(),
        "until": None if wanted.until is None else wanted.until.isoformat(),
        "verdict": wanted.verdict,
        "failed": wanted.failed,
        "text": wanted.text,
        "open": "true" if wanted.is_open else None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _verdict(text: str) -> CardVerdict | None:
    for verdict in ("pass", "fail", "review"):
        if text == verdict:
            return verdict
    return None
