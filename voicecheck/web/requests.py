"""What several routes read from a request: moments, ids, names, filters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator

from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.server import AnyVisitor, Server, TheServer, Visitor
from voicecheck.web.store.rows import Filter, StoredMessage

TREND_MAX = 200


def _rfc3339(text: str) -> str:
    """Refuse what the schema does not name: counts of seconds, dates alone, times without a zone."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text, re.IGNORECASE):
        raise ValueError("give date, time and zone, such as 2026-03-01T12:00:00Z")
    return text


Moment = Annotated[datetime, BeforeValidator(_rfc3339)]
MessageId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]
PersonName = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _message(message_id: MessageId, visitor: AnyVisitor, server: TheServer) -> StoredMessage:
    return server.message_for(visitor, message_id)


TheMessage = Annotated[StoredMessage, Depends(_message)]


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


def takes(server: Server, rep: str) -> list[StoredMessage]:
    """Find a rep's latest messages that have a card, the oldest first."""
    found = server.store.messages.find(Filter(rep=rep), limit=TREND_MAX)
    return [each for each in reversed(found) if each.state == "done"]


def by(coach: Visitor) -> str | None:
    """Who is written down as having done something; None for the one person without an account."""
    return None if coach.local else coach.name
