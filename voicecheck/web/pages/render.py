"""Fills the templates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.exc import DatabaseError
from starlette.responses import HTMLResponse

from voicecheck.errors import VoicecheckError
from voicecheck.report.words import (
    LINES,
    OUTCOMES,
    clock,
    condition_line,
    phone_line,
    shown_verdict,
    sound_line,
    survival_line,
    survival_rows,
)
from voicecheck.scorecard.registry import titles
from voicecheck.web.pages import card_view
from voicecheck.web.server import Visitor, cookie_name


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
    environment.filters["sentence"] = lambda text: f"{text[:1].upper()}{text[1:]}."
    environment.filters["on_page"] = card_view.on_page
    environment.filters["verdict"] = lambda name: card_view.VERDICTS.get(name, name)
    environment.globals.update(
        value_text=card_view.value_text,
        limit_text=card_view.limit_text,
        gauge=card_view.gauge,
        LINES=LINES,
        OUTCOMES=OUTCOMES,
        score=card_view.score,
        channel_line=card_view.channel_line,
        condition_line=condition_line,
        phone_line=phone_line,
        shown_verdict=shown_verdict,
        sound_line=sound_line,
        split_tips=card_view.split_tips,
        survival_line=survival_line,
        survival_rows=survival_rows,
        told_evidence=card_view.told_evidence,
    )
    return environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template; it always knows who is asking."""
    visitor = _visitor_or_none(request)
    text = (
        _environment()
        .get_template(template)
        .render(visitor=visitor, path=request.scope["path"], status=status, TITLES=titles(), **values)
    )
    return HTMLResponse(text, status_code=status)


def _visitor_or_none(request: Request) -> Visitor | None:
    """Who is asking; None if nobody is signed in, or the database cannot tell."""
    try:
        visitor: Visitor = request.app.state.server.visitor(request.cookies.get(cookie_name(request)))
    except (VoicecheckError, DatabaseError):
        return None
    return visitor
