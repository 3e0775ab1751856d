"""Rows as values: messages, users, rubrics, and which messages are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from voicecheck.scorecard.card import CardVerdict
from voicecheck.scorecard.rubric import Rubric

NO_MESSAGE = "there is no message at this address"

State = Literal["waiting", "listening", "done", "failed"]
PhonePrint = Literal["wanted", "printed"]
UserRole = Literal["rep", "coach"]


@dataclass(frozen=True, kw_only=True)
class User:
    """A person with an account.

    Parameters
    ----------
    name : str
        Also the rep whose messages they see.
    role : {"rep", "coach"}
        A coach sees everyone.
    password_hash : str
        By argon2.
    epoch : int
        Counted up to end every session.
    """

    name: str
    role: UserRole
    password_hash: str = field(repr=False)
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class Override:
    """A coach's own verdict."""

    verdict: CardVerdict
    note: str
    by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CheckOutcome:
    """What one check came to."""

    verdict: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class StoredMessage:
    """A message, without the large things that are known about it.

    Parameters
    ----------
    id : str
        Cannot be guessed.
    rep : str
        Whose message it is.
    name : str
        What the file was called.
    sha256 : str
        Of the file.
    n_bytes : int
        Of the file.
    expected : str or None
        The number that should be said.
    prospect : str or None
        Whom the message is for.
    speaker, company : str or None
        Who speaks, as they say it, and for whom.
    region : str or None
        Where its numbers are dialled from; None is the server's.
    received_at : datetime
        In UTC.
    state : {"waiting", "listening", "done", "failed"}
        How far it is.
    complaint : str or None
        Why it failed.
    duration_s : float or None
        Of the recording.
    card_verdict : {"pass", "fail", "review"} or None
        The card's own.
    next_step : str or None
        The card's one sentence.
    passed, counted : int or None
        How many required checks passed, of how many.
    rubric_line : int
        The rubric that it is judged by.
    override : Override or None
        The coach's.
    number, first_words : str or None
        What lists show of the card.
    start_s, end_s : float or None
        Where the rep's part begins and ends, as a person told; None is as it was found.
    phone : {"wanted", "printed"} or None
        Whether somebody asked what the listener's phone would print, and whether it is there.
    handed_in_at : datetime or None
        When the coaches were let see it.
    looked_at : datetime or None
        When a coach first opened it.
    outcomes : mapping of str to CheckOutcome
        By check.
    """

    id: str
    rep: str
    name: str
    sha256: str
    n_bytes: int
    expected: str | None
    prospect: str | None
    speaker: str | None
    company: str | None
    region: str | None
    received_at: datetime
    state: State
    complaint: str | None
    duration_s: float | None
    card_verdict: CardVerdict | None
    next_step: str | None
    passed: int | None
    counted: int | None
    rubric_line: int
    override: Override | None
    number: str | None = None
    first_words: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    phone: PhonePrint | None = None
    handed_in_at: datetime | None = None
    looked_at: datetime | None = None
    outcomes: Mapping[str, CheckOutcome] = field(default_factory=dict)

    @property
    def verdict(self) -> CardVerdict | None:
        """The verdict that counts: the coach's, else the card's."""
        return self.override.verdict if self.override else self.card_verdict


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which messages are wanted; None takes all.

    Parameters
    ----------
    rep : str or None
        Whose.
    since, until : datetime or None
        Received at or after, and before.
    verdict : {"pass", "fail", "review"} or None
        That counts.
    failed : str or None
        A check that failed.
    text : str or None
        Words that all begin one in what was said, the number, the file's name, the prospect's, the company's
        or the rep's.
    ids : tuple of str or None
        Only these.
    is_open : bool
        Only what needs a person: unsure or not heard, and not decided by a coach; or not looked at yet.
    is_judged : bool
        Only what has a card.
    rubric_line : int or None
        Judged by this rubric.
    viewer : str or None
        Who looks, where takes are private until they are handed in: others' practice is left out.
    """

    rep: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    verdict: CardVerdict | None = None
    failed: str | None = None
    text: str | None = None
    ids: tuple[str, ...] | None = None
    is_open: bool = False
    is_judged: bool = False
    rubric_line: int | None = None
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """The version of a rubric that counts, and the line of versions that it belongs to."""

    id: int
    line: int
    rubric: Rubric
    by: str | None
    at: datetime
    card_format: str | None
