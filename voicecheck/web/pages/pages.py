"""The pages of a rep: record, a message, how they get on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from voicecheck.audio.formats import AUDIO_SUFFIXES
from voicecheck.report.alignment import digit_grids
from voicecheck.web.pages import card_view
from voicecheck.web.pages.charts import CHARTED, chart, most_failed, score_chart
from voicecheck.web.pages.render import render
from voicecheck.web.requests import MessageId, takes
from voicecheck.web.server import AnyVisitor, TheServer
from voicecheck.web.store.rows import Filter

LATEST_TAKES = 8

REGIONS = (
    *(("US", "United States"), ("CA", "Canada"), ("GB", "United Kingdom"), ("IE", "Ireland")),
    *(("AU", "Australia"), ("NZ", "New Zealand"), ("ZA", "South Africa"), ("IN", "India")),
    *(("SG", "Singapore"), ("PH", "Philippines"), ("DE", "Germany"), ("FR", "France"), ("NL", "Netherlands")),
)
"""Where English voicemails are left; any other region is the server's, by --region."""

router = APIRouter(include_in_schema=False)


@router.get("/")
def record_page(request: Request, visitor: AnyVisitor, server: TheServer) -> Response:
    """Record a message or drop a file."""
    latest = server.store.messages.find(Filter(rep=visitor.name), limit=LATEST_TAKES)
    return render(
        request,
        "record.html",
        latest=latest,
        last=next((each for each in latest if each.state == "done"), None),
        rubrics=server.store.rubrics.all(),
        region=server.settings.region,
        regions=regions(server.settings.region),
        limits=server.store.rubrics.in_force().rubric.limits,
        max_bytes=server.settings.upload_max_bytes,
        suffixes=sorted(AUDIO_SUFFIXES),
    )


def regions(first: str) -> list[tuple[str, str]]:
    """List the regions to choose from, the server's own first."""
    found = [each for each in REGIONS if each[0] != first]
    return [(first, dict(REGIONS).get(first, first)), *found]


@router.get("/messages/{message_id}")
def message_page(request: Request, message_id: MessageId, visitor: AnyVisitor, server: TheServer) -> Response:
    """Show how far a message is, then its card."""
    message = server.message_for(visitor, message_id)
    card = server.store.messages.detail(message.id)[0] if message.state == "done" else None
    if visitor.is_coach and not visitor.is_named(message.rep):
        server.store.messages.look(message.id)
    if card is None:
        return render(request, "waiting.html", message=message)
    wanted = Filter(rep=message.rep, until=message.received_at, viewer=server.viewer(visitor))
    before = server.store.messages.find(wanted, limit=LATEST_TAKES)
    earlier = [each for each in before if each.id != message.id and each.state == "done"]
    return render(
        request,
        "card.html",
        message=message,
        card=card,
        rubrics=server.store.rubrics.all() if visitor.is_coach else [],
        grids=digit_grids(card, message.expected, message.region or server.settings.region),
        earlier=earlier,
        said=card_view.said_words(card),
        better=card_view.better(earlier[0], message) if earlier else [],
        is_private=server.is_private(),
    )


@router.get("/progress")
def progress_page(
    request: Request, visitor: AnyVisitor, server: TheServer, rep: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Show how a rep gets on."""
    name = rep if rep and visitor.is_coach else visitor.name
    found = takes(server, visitor, name)
    rubric = server.store.rubrics.in_force().rubric
    charts = [score_chart(found), *(chart(check_id, found, rubric) for check_id in CHARTED)]
    return render(
        request,
        "progress.html",
        rep=name,
        takes=found,
        charts=[each for each in charts if each is not None],
        n_passed=sum(each.verdict == "pass" for each in found),
        fails_most=most_failed(found),
    )
