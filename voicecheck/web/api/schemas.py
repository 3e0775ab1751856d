"""What the JSON API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from voicecheck.audio.levels import PEAK_S
from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.auth import PASSWORD_MAX, PASSWORD_MIN
from voicecheck.web.store.rows import PhonePrint, State, StoredMessage, UserRole

EXPECTED = r"^[\s().\-/]*\+?([\s().\-/]*[0-9]){7,15}[\s().\-/]*$"
"""What `parse_expected` takes, for the schema; its own complaint is the better one."""


class ErrorBody(BaseModel):
    """Why a request was refused."""

    code: str = Field(description="For programs.")
    message: str = Field(description="For people: one sentence.")


class Error(BaseModel):
    """The one shape of every error."""

    error: ErrorBody


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Name the errors that a route may answer with."""
    return {status: {"model": Error} for status in statuses}


def api_router() -> APIRouter:
    """A part of the API; every route in it may answer with these errors."""
    return APIRouter(prefix="/api/v1", responses=errors(400, 401, 403, 413, 421, 422, 503))


class SignIn(BaseModel):
    """Name and password."""

    name: str = Field(min_length=1, max_length=80)
    password: str = Field(min_length=1, max_length=PASSWORD_MAX)


class NewPassword(BaseModel):
    """The old password and a new one."""

    password: str = Field(min_length=1, max_length=PASSWORD_MAX)
    new_password: str = Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)


class Session(BaseModel):
    """Who is asking."""

    name: str
    role: UserRole
    local: bool = Field(description="The one person at this machine, without an account.")


class OverrideIn(BaseModel):
    """A coach's own verdict, and why."""

    verdict: CardVerdict
    note: str = Field(min_length=1, max_length=2000, pattern=r"\S")


class OverrideOut(BaseModel):
    """A coach's own verdict."""

    verdict: CardVerdict
    note: str
    by: str | None
    at: datetime


class OutcomeOut(BaseModel):
    """What one check came to."""

    verdict: Literal["pass", "fail", "unsure", "not_measured", "tip"] = Field(
        description="`tip` for advice that is due and fails nothing."
    )
    value: float | None


class PartIn(BaseModel):
    """Where the rep's part of a call begins and ends, in seconds; both null is as it was found."""

    start_s: float | None = Field(None, ge=0, le=86_400, allow_inf_nan=False)
    end_s: float | None = Field(None, ge=0, le=86_400, allow_inf_nan=False)


LineNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class LineIn(BaseModel):
    """Which rubric."""

    line: LineNumber


class NamesIn(BaseModel):
    """Who speaks, for whom, to whom, and the number that is to be said; null or empty for unknown."""

    speaker: str | None = Field(None, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
    company: str | None = Field(None, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
    prospect: str | None = Field(None, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
    expected: str | None = Field(None, max_length=40, json_schema_extra={"pattern": EXPECTED})


class MessageOut(BaseModel):
    """A message."""

    id: str
    rep: str
    name: str = Field(description="What the file was called.")
    sha256: str
    n_bytes: int
    expected: str | None = Field(description="The number that should be said.")
    prospect: str | None = Field(description="Whom the message is for.")
    speaker: str | None = Field(description="Who speaks, as they say their name.")
    company: str | None = Field(description="For whom they speak.")
    region: str | None = Field(description="Where its numbers are dialled from; null is the server's.")
    number: str | None = Field(description="The number that was said.")
    first_words: str | None
    start_s: float | None = Field(description="Where the rep's part begins, as a person told.")
    end_s: float | None = Field(description="Where it ends, as a person told.")
    phone: PhonePrint | None = Field(
        description="Whether somebody asked what the listener's phone prints, and whether it is on the card."
    )
    handed_in_at: datetime | None = Field(description="Since when the coaches see it.")
    looked_at: datetime | None = Field(description="When a coach first opened it.")
    received_at: datetime
    state: State
    complaint: str | None = Field(description="Why it failed.")
    duration_s: float | None
    verdict: CardVerdict | None = Field(description="The one that counts: the coach's, else the card's.")
    card_verdict: CardVerdict | None
    next_step: str | None
    passed: int | None = Field(description="How many required checks passed ...")
    counted: int | None = Field(description="... of how many.")
    rubric_line: int = Field(description="The rubric that it is judged by.")
    override: OverrideOut | None
    outcomes: dict[str, OutcomeOut] = Field(description="By check.")


class MessageDetail(MessageOut):
    """A message with its card, once there is one."""

    ahead: int = Field(description="How many messages are heard before this one.")
    progress: float | None = Field(description="Which share of it has been heard, 0 to 1: a guess.")
    card: dict[str, Any] | None = Field(
        description="As `voicecheck schema` prints; null while an earlier version's card is made again."
    )
    peaks: list[float] = Field(description="The largest magnitude, 0 to 1, in each `peak_s` of sound.")
    peak_s: float


class MessageList(BaseModel):
    """A page of messages, the newest first."""

    messages: list[MessageOut]
    total: int


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]


class Chosen(BaseModel):
    """Messages that were chosen from a list."""

    ids: list[Id] = Field(min_length=1, max_length=500)


class ChosenRep(Chosen):
    """Messages, and whose they shall be."""

    rep: str = Field(
        min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )


class ChosenLine(Chosen):
    """Messages, and the rubric that they shall be judged by."""

    line: LineNumber


class ChosenOverride(Chosen):
    """Messages, and a coach's verdict on them."""

    override: OverrideIn


class Count(BaseModel):
    """How many messages were changed."""

    count: int


class Trend(BaseModel):
    """A rep's messages that have a card, the oldest first."""

    rep: str
    takes: list[MessageOut]


def message_out(message: StoredMessage) -> dict[str, Any]:
    """Turn a message into plain data."""
    override = message.override
    return {
        **{name: getattr(message, name) for name in _PLAIN},
        "override": None
        if override is None
        else {"verdict": override.verdict, "note": override.note, "by": override.by, "at": override.at},
        "outcomes": {
            check_id: {"verdict": outcome.verdict, "value": outcome.value}
            for check_id, outcome in message.outcomes.items()
        },
    }


_PLAIN = [name for name in MessageOut.model_fields if name not in ("override", "outcomes")]


def message_detail(
    message: StoredMessage,
    *,
    ahead: int,
    progress: float | None,
    card: dict[str, Any] | None,
    peaks: tuple[float, ...],
) -> MessageDetail:
    """Turn a message and its card into plain data."""
    return MessageDetail(
        **message_out(message), ahead=ahead, progress=progress, card=card, peaks=list(peaks), peak_s=PEAK_S
    )
