"""From a recording to its card: the rooms in order, nothing decided here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import partial

from voicecheck.advice import advise
from voicecheck.audio import Recording
from voicecheck.checks import Evidence, run_checks
from voicecheck.decision import mend_words
from voicecheck.digits import DigitHead
from voicecheck.errors import ParameterError
from voicecheck.hearing import Hearing, measure_peaks
from voicecheck.line.sending import Telephone, send
from voicecheck.measures.condition import Condition, measure_condition
from voicecheck.measures.length import snapped_words
from voicecheck.measures.pauses import frame_levels_dbfs, sounding
from voicecheck.measures.pen import write_down
from voicecheck.measures.summary import measure_message
from voicecheck.numbers import find_in_words
from voicecheck.recitations import find_recitations
from voicecheck.rubric import Rubric, default_rubric
from voicecheck.scorecard import (
    Scorecard,
    card_verdict,
    check_tips,
    condition_tips,
    file_tips,
    line_tips,
    next_step,
    pen_tips,
)
from voicecheck.timing import Interval
from voicecheck.transcript import Transcriber, Transcript

SILENT_DBOV = -50.0
"""Sound below this, in which no speech was found, is called silence."""

LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian"}


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
    """

    rubric: Rubric
    region: str = "US"
    expected: str | None = None
    prospect: str | None = None


def parse_expected(text: str) -> str:
    """Read a phone number that a user typed.

    Raises
    ------
    ParameterError
        If it does not hold 7 to 15 digits, or holds anything that is not part of a number.

    Examples
    --------
    >>> parse_expected("(416) 555-0198")
    '4165550198'
    """
    digits = re.sub(r"[\s().\-/]", "", text)
    if not re.fullmatch(r"\+?[0-9]{7,15}", digits):
        raise ParameterError(f"{text!r} is not a phone number: give 7 to 15 digits, such as 416-555-0198")
    return digits


def analyse(
    recording: Recording,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: Telephone | None = None,
    settings: Settings | None = None,
) -> Scorecard:
    """Score one recording.

    Parameters
    ----------
    recording : Recording
        Decoded audio.
    transcriber : Transcriber
        Hears the words.
    head : DigitHead or None
        Hears the digits in the encoder's output; None reads them from the words alone.
    telephone : Telephone or None
        Lines that the number is tested on, if there is a head; None leaves the test out.
    settings : Settings or None
        None takes the default rubric and US numbers.

    Raises
    ------
    EngineError
        If the model cannot be run.
    ParameterError
        If the region is unknown.
    """
    settings = settings or Settings(rubric=default_rubric())
    hearing = listen(recording, transcriber, head=head, telephone=telephone, region=settings.region)
    return judge(hearing, settings)


def listen(
    recording: Recording,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: Telephone | None = None,
    region: str = "US",
) -> Hearing:
    """Hear one recording: the slow half of `analyse`, which no rubric and no expected number changes.

    Raises
    ------
    EngineError
        If the model cannot be run.
    ParameterError
        If the region is unknown.
    """
    transcript = transcriber.transcribe(recording)
    return understand(recording, transcript, transcriber, head=head, telephone=telephone, region=region)


def understand(
    recording: Recording,
    transcript: Transcript,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: Telephone | None = None,
    region: str = "US",
) -> Hearing:
    """Bring together what was transcribed, what the head hears and what the signal shows.

    Parameters
    ----------
    recording : Recording
        Decoded audio.
    transcript : Transcript
        What the transcriber heard in it.
    transcriber : Transcriber
        Asked again where the words and the head disagree.
    head : DigitHead or None
        Hears the digits in the encoder's output; None reads them from the words alone.
    telephone : Telephone or None
        Lines that the number is tested on, if there is a head; None leaves the test out.
    region : str
        ISO 3166 code: numbers that are well formed there win ties.
    """
    levels_dbfs = frame_levels_dbfs(recording)
    sounds = sounding(levels_dbfs)
    condition = measure_condition(recording, levels_dbfs, sounds)
    unheard = why_unheard(transcript, condition)
    words = () if unheard else snapped_words(transcript.words, sounds)
    if head is not None and not unheard:
        spell = partial(transcriber.spell, transcript)
        words = mend_words(words, transcript.windows, head, sounds=sounds, spell=spell, region=region)
    line_test = None
    if head is not None and telephone is not None:
        recitations = find_recitations(words, sounds, region=region)
        line_test = send(
            recording,
            recitations,
            head=head,
            encode=transcriber.encode,
            telephone=telephone,
            region=region,
        )
    return Hearing(
        source=recording.source,
        duration_s=recording.duration_s,
        warnings=recording.warnings,
        transcript=replace(transcript, words=words, windows=()),
        unheard=unheard,
        sounds=sounds,
        condition=condition,
        peaks=measure_peaks(recording.samples),
        engine=transcriber.info,
        line_test=line_test,
    )


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
    )


def why_unheard(transcript: Transcript, condition: Condition) -> str | None:
    """Say why a recording cannot be judged; None if it can."""
    if not transcript.speech:
        if math.isnan(condition.active_level_dbov):
            return "no speech was heard, only silence"
        if condition.active_level_dbov < SILENT_DBOV:
            return f"no speech was heard, only near silence ({condition.active_level_dbov:.0f} dBov)"
        return "no speech was heard, only other sound"
    if transcript.language not in (None, "en"):
        language = LANGUAGE_NAMES.get(transcript.language, f"another language ({transcript.language})")
        return f"the message seems to be in {language}, and only English is judged"
    if not transcript.words:
        return "no words could be made out"
    return None
