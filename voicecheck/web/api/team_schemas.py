"""What the JSON API takes and gives that is about the team: rubrics, keys, teams, reps, health."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool

from voicecheck.scorecard.card import CardVerdict
from voicecheck.web.api.schemas import LineNumber
from voicecheck.web.store.rows import Adopted


class RubricIn(BaseModel):
    """A rubric as TOML."""

    text: str = Field(max_length=50_000)
    line: LineNumber | None = Field(None, description="Which rubric it changes; null is the default.")


class NewRubric(BaseModel):
    """A new rubric as TOML, or the name of one that comes with voicecheck."""

    text: str | None = Field(None, max_length=50_000)
    ready: str | None = Field(None, pattern=r"^[a-z-]{1,40}$")


class RubricForm(BaseModel):
    """A rubric, and what is changed in it."""

    text: str = Field(max_length=50_000)
    name: str | None = Field(None, min_length=1, max_length=80, pattern=r"\S")
    changes: dict[Annotated[str, Field(max_length=80)], int | float | str | list[str] | None] = Field(
        max_length=500, description="New values by check and key, such as `length.max_s`."
    )


class RubricText(BaseModel):
    """A rubric as TOML, every value written out."""

    name: str
    text: str


class Change(BaseModel):
    """A message whose verdict another rubric would change."""

    id: str
    rep: str
    name: str
    before: CardVerdict
    after: CardVerdict


class Preview(BaseModel):
    """What would change if a rubric were put in force."""

    name: str
    judged: int = Field(description="How many messages were looked at: the newest.")
    total: int = Field(description="How many messages there are that have a card.")
    changes: list[Change]


class KeyIn(BaseModel):
    """A key to be made."""

    name: str = Field(min_length=1, max_length=80, pattern=r"\S")
    rep: str | None = Field(None, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")


class KeyOut(BaseModel):
    """A key for a program."""

    id: int
    name: str
    rep: str | None = Field(description="Whose recordings it hands in; null lets the program say.")
    made_by: str | None
    made_at: datetime
    used_at: datetime | None


class KeyMade(BaseModel):
    """A new key's secret."""

    secret: str = Field(description="Shown this once.")


class KeyList(BaseModel):
    """All keys."""

    keys: list[KeyOut]


class EntryOut(BaseModel):
    """A line of the audit log."""

    at: datetime
    who: str | None
    what: str
    about: str | None
    detail: str | None


class Log(BaseModel):
    """A page of the audit log, the newest first."""

    entries: list[EntryOut]
    total: int


class RubricLine(BaseModel):
    """A rubric beside others."""

    line: int
    name: str
    is_default: bool = Field(description="Judges whatever nobody chose a rubric for.")
    messages: int = Field(description="How many are judged by it.")
    by: str | None
    at: datetime


class RubricList(BaseModel):
    """The rubrics, the default first."""

    rubrics: list[RubricLine]


class TeamIO(BaseModel):
    """Reps who are judged by one rubric."""

    name: str = Field(min_length=1, max_length=80, pattern=r"\S")
    reps: list[Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]] = Field(
        max_length=1000
    )
    rubric: LineNumber | None = Field(description="Null is the default.")


class TeamList(BaseModel):
    """All teams."""

    teams: list[TeamIO] = Field(max_length=100)


class PastRubric(BaseModel):
    """A version of a rubric."""

    id: int
    name: str
    text: str
    by: str | None
    at: datetime


class RubricHistory(BaseModel):
    """The versions of a rubric, the latest first."""

    rubrics: list[PastRubric]


class Practice(BaseModel):
    """How the team practises."""

    private: StrictBool = Field(description="Takes are private until their rep hands them in.")


class RubricOut(BaseModel):
    """The version of a rubric that counts."""

    line: int = Field(description="Which rubric it is a version of.")
    name: str
    sha256: str
    text: str
    by: str | None
    at: datetime
    to_judge: int = Field(description="How many messages are still to be judged by it.")


class RepOut(BaseModel):
    """A rep in numbers."""

    name: str
    messages: int
    passed: int
    last_at: datetime


class RepList(BaseModel):
    """All reps."""

    reps: list[RepOut]


class Health(BaseModel):
    """How the server is."""

    status: Literal["ok", "degraded"]
    listening: Literal["starting", "ready", "unable"]
    complaint: str | None
    notice: str | None = Field(description="What whoever runs the server should look at.")
    waiting: int | None
    version: str


def rubric_out(adopted: Adopted, to_judge: int) -> RubricOut:
    """Turn the version of a rubric that counts into plain data."""
    return RubricOut(
        line=adopted.line,
        name=adopted.rubric.name,
        sha256=adopted.rubric.sha256,
        text=adopted.rubric.text,
        by=adopted.by,
        at=adopted.at,
        to_judge=to_judge,
    )
