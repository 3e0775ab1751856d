"""The card: what was heard, every check, the verdict they add up to, and the one thing to do next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from voicecheck.audio.recording import Source
from voicecheck.hearing.hearing import Hearing
from voicecheck.linetest.phone import PhonePreview
from voicecheck.linetest.survival import LineTest
from voicecheck.measures.message import Measures
from voicecheck.measures.pen import Wait, WrittenDown
from voicecheck.numbers.plan import check_region
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.check import CheckResult, Tip
from voicecheck.scorecard.rubric import Rubric
from voicecheck.scorecard.score import CardVerdict, Score
from voicecheck.speech.greeting import Part
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import Transcript

__all__ = ["CardVerdict", "Scorecard", "Settings", "is_told", "number_or_none"]

Status = Literal["pass", "fail", "review", "no_message", "greeting_only", "person"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a message is judged against.

    Parameters
    ----------
    rubric : Rubric
        The limits.
    region : str
        ISO 3166 code of the country whose numbers need no country code.
    expected : str or None
        The number that should be said, digits with an optional leading ``+``.
    rep, company, prospect : str or None
        Who speaks, for whom, and to whom, if that is known.
    start_s, end_s : float or None
        Where the message starts and ends, if a person has said so; both None goes by what was heard.

    Raises
    ------
    ParameterError
        If the region is unknown.
    """

    rubric: Rubric
    region: str = "US"
    expected: str | None = None
    rep: str | None = None
    company: str | None = None
    prospect: str | None = None
    start_s: float | None = None
    end_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "region", check_region(self.region))


@dataclass(frozen=True, kw_only=True, repr=False)
class Scorecard:
    """Everything that voicecheck says about one recording.

    Parameters
    ----------
    verdict : {"pass", "fail", "review"}
        From the required checks.
    score : Score
        How many of them passed.
    next_step : str
        One sentence: what to do next.
    checks : tuple of CheckResult
        The rows of the card, in the order of the rubric.
    tips : tuple of Tip
        What is wrong with the file first.
    measures : Measures
        Of the message.
    recitations : tuple of Recitation
        In time order.
    writings : tuple of WrittenDown
        How a listener with a pen fared with each recitation.
    hearing : Hearing
        What was heard.
    settings : Settings
        What it was judged against.
    """

    verdict: CardVerdict
    score: Score
    next_step: str
    checks: tuple[CheckResult, ...]
    tips: tuple[Tip, ...]
    measures: Measures
    recitations: tuple[Recitation, ...]
    writings: tuple[WrittenDown, ...]
    hearing: Hearing
    settings: Settings

    def __repr__(self) -> str:
        return f"<Scorecard {self.source.name}: {self.verdict}, {self.score}. {self.next_step}>"

    def _repr_html_(self) -> str:
        snippet: str = _report("notebook").to_snippet(self)
        return snippet

    def to_dict(self) -> dict[str, Any]:
        """Turn the card into plain data, as ``voicecheck schema`` describes it."""
        data: dict[str, Any] = _report("data").to_dict(self)
        return data

    def to_text(self, *, width: int = 80) -> str:
        """Write the card as ``voicecheck score`` prints it.

        Parameters
        ----------
        width : int >= 20
            Columns.

        Returns
        -------
        str
            Lines, each ended by a newline.
        """
        text: str = _report("text").to_text(self, width=width)
        return text

    @property
    def part(self) -> Part:
        """Which part of the recording is the rep's, and what the call came to."""
        return self.hearing.part

    @property
    def status(self) -> Status:
        """The verdict, or what the call came to where it holds no message to judge."""
        return self.verdict if self.part.outcome == "message" else self.part.outcome

    @property
    def source(self) -> Source:
        """The file."""
        return self.hearing.source

    @property
    def duration_s(self) -> float:
        """Seconds of the decoded audio."""
        return self.hearing.duration_s

    @property
    def transcript(self) -> Transcript:
        """What was heard, in words."""
        return self.hearing.transcript

    @property
    def engine(self) -> EngineInfo:
        """What heard it."""
        return self.hearing.engine

    @property
    def line_test(self) -> LineTest | None:
        """How the number fared on bad lines; None if it was not sent."""
        return self.hearing.line_test

    @property
    def phone(self) -> PhonePreview | None:
        """What the listener's phone would print; None if that was not asked for."""
        return self.hearing.phone

    @property
    def rubric(self) -> Rubric:
        """What it was judged by."""
        return self.settings.rubric

    @property
    def region(self) -> str:
        """ISO 3166 code of the country whose numbers need no country code."""
        return self.settings.region

    @property
    def other_tips(self) -> tuple[Tip, ...]:
        """The tips that the next step does not tell."""
        return tuple(tip for tip in self.tips if not is_told(tip.text, self.next_step))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """When how many digits wait for a listener's pen, all sayings together."""
        return tuple(wait for writing in self.writings for wait in writing.waits)


def _report(name: str) -> Any:
    """Import a report when it is asked for: reports stand above cards, which only hand themselves to one."""
    return import_module(f"voicecheck.report.{name}")


def is_told(tip_text: str, step: str) -> bool:
    """Whether the next step is this tip: it ends with its words, but for the first letter's size.

    Parameters
    ----------
    tip_text : str
        Of a tip.
    step : str
        The card's next step.

    Returns
    -------
    bool
        Such a tip need not be printed twice.
    """
    return step.endswith(tip_text[1:])


def number_or_none(value: float) -> float | None:
    """Turn the NaN of something not measured into None.

    Parameters
    ----------
    value : float
        Any float.

    Returns
    -------
    float or None
        The same number; JSON has no NaN.
    """
    return None if math.isnan(value) else value
