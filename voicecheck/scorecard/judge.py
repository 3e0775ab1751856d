"""From what was heard to its card; quick, and the only place that a rubric changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecheck.hearing.hearing import Hearing
from voicecheck.measures.message import measure_message
from voicecheck.measures.pen import write_down
from voicecheck.numbers import find_in_words
from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.numbers.plan import check_region
from voicecheck.scorecard.advice import advise
from voicecheck.scorecard.card import (
    Scorecard,
    card_verdict,
    check_tips,
    condition_tips,
    file_tips,
    line_tips,
    next_step,
    pen_tips,
)
from voicecheck.scorecard.check import Evidence
from voicecheck.scorecard.checks import run_checks
from voicecheck.scorecard.rubric import Rubric
from voicecheck.timing import Interval


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
    prospect : str or None
        Whom the message is for, if that is known.

    Raises
    ------
    ParameterError
        If the region is unknown.
    """

    rubric: Rubric
    region: str = "US"
    expected: str | None = None
    prospect: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "region", check_region(self.region))


def judge(hearing: Hearing, settings: Settings) -> Scorecard:
    """Judge what was heard: the quick half of `analyse`."""
    words, region = hearing.transcript.words, settings.region
    numbers = find_in_words(words, region=region)
    recitations = find_recitations(words, hearing.sounds, region=region)
    digit_spans = [span for number in numbers for span in number.digit_spans]
    measures = measure_message(words, hearing.sounds, digit_spans, hearing.condition)
    checks = run_checks(
        Evidence(
            measures=measures,
            recitations=recitations,
            region=region,
            expected=settings.expected,
            unheard=hearing.unheard,
        ),
        settings.rubric.limits,
    )
    pen = settings.rubric.pen
    writings = tuple(
        write_down(
            [Interval(onset_s=digit.onset_s, offset_s=digit.offset_s) for digit in each.timed_digits],
            digits_per_s=pen.digits_per_s,
            digits_in_mind=pen.digits_in_mind,
        )
        for each in recitations
    )
    if pen.role == "off":
        writings = tuple(replace(each, waits=()) for each in writings)
    is_whole = not hearing.unheard and not hearing.warnings
    tips = (
        *(() if hearing.unheard else condition_tips(hearing.condition)),
        *check_tips(checks),
        *line_tips(hearing.line_test, recitations, region=region),
        *pen_tips(recitations, writings, pen, region=region),
        *(advise(words, recitations, settings.rubric.advice, prospect=settings.prospect) if is_whole else ()),
    )
    return Scorecard(
        verdict=card_verdict(checks),
        next_step=next_step(checks, tips, damaged=bool(hearing.warnings)),
        source=hearing.source,
        duration_s=hearing.duration_s,
        checks=checks,
        tips=(*file_tips(hearing.warnings), *tips),
        measures=measures,
        recitations=recitations,
        writings=writings,
        transcript=hearing.transcript,
        engine=hearing.engine,
        rubric=settings.rubric,
        region=region,
        line_test=hearing.line_test,
        phone=hearing.phone,
    )
