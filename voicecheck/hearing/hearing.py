"""What is kept of a recording once it has been heard: all that judging needs, and no sound.

A hearing is small, it can be written as JSON, and it does not depend on the rubric or the expected number:
whoever changes those judges again without listening again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.audio.tones import Tone
from voicecheck.errors import ParameterError
from voicecheck.linetest.packets import Line
from voicecheck.linetest.phone import PhonePreview
from voicecheck.linetest.survival import LineResult, LineTest
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.speech.greeting import Outcome, Part
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import TimedDigit, Transcript, Word, WordPart
from voicecheck.timing import Interval, clipped, overlap_s

NO_MESSAGE: dict[Outcome, str] = {
    "no_message": "nobody left a message after the greeting",
    "greeting_only": "only a greeting was recorded",
    "person": "somebody answered, and two people talk",
}
"""Why a call is not judged."""

AS_TOLD = "as told"
"""What stands before the message, where a person has said where it starts."""


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One recording, heard.

    Parameters
    ----------
    source : Source
        The file.
    duration_s : float
        Of the decoded audio.
    warnings : tuple of str
        What is wrong with the file.
    remarks : tuple of str
        What is odd about it, though nothing is lost.
    transcript : Transcript
        Words snapped to the sound, numbers written digit by digit; without encoder output. No words if
        `unheard`.
    digit_runs : tuple of DecidedRun
        The digits that were said, and some that were heard too badly to stand in the transcript.
    unheard : str or None
        Why the recording cannot be judged; None if it can.
    sounds : tuple of Interval
        Where the signal sounds.
    condition : Condition
        How far the rep's part of the recording can be trusted.
    whole_condition : Condition
        The same of the whole recording.
    tones : tuple of Tone
        Of the line, in time order.
    part : Part
        Which part is the rep's; the words know theirs.
    peaks : tuple of float
        The largest magnitude in each `PEAK_S`, 0 to 1: a drawing of the recording.
    engine : EngineInfo
        What heard it.
    line_test : LineTest or None
        How the number fared on bad lines; None if it was not sent.
    phone : PhonePreview or None
        What a phone would print of the message; None if that was not asked for.
    """

    source: Source
    duration_s: float
    warnings: tuple[str, ...]
    transcript: Transcript
    unheard: str | None
    sounds: tuple[Interval, ...]
    condition: Condition
    whole_condition: Condition
    tones: tuple[Tone, ...]
    part: Part
    peaks: tuple[float, ...]
    engine: EngineInfo
    line_test: LineTest | None = None
    remarks: tuple[str, ...] = ()
    digit_runs: tuple[DecidedRun, ...] = ()
    phone: PhonePreview | None = None

    @property
    def message_sounds(self) -> tuple[Interval, ...]:
        """Where it sounds in the rep's part."""
        if self.part.interval == Interval(onset_s=0.0, offset_s=self.duration_s):
            return self.sounds  # the last one may go on for half a frame after the end
        return clipped(self.sounds, self.part.interval)

    def of_message(self) -> Hearing:
        """The same without what is not the rep's; unheard where there is no message."""
        words, runs = message_only(self.transcript.words, self.digit_runs)
        return replace(
            self,
            transcript=replace(self.transcript, words=words),
            digit_runs=runs,
            sounds=self.message_sounds,
            unheard=self.unheard or NO_MESSAGE.get(self.part.outcome),
        )

    def named(self, name: str) -> Hearing:
        """The same hearing of a copy with another file name."""
        return replace(self, source=replace(self.source, name=name))


def with_parts(words: Sequence[Word], part: Part) -> tuple[Word, ...]:
    """Tell each word whose it is: by its middle, or the mailbox's where there is no message.

    >>> part = Part(outcome="message", onset_s=1.0, offset_s=9.0, probability=1.0)
    >>> tone = Word(text=" tone.", onset_s=0.5, offset_s=1.0, probability=0.9)
    >>> with_parts([tone], part)[0].part
    'greeting'
    """
    return tuple(replace(word, part=_part_of(word, part)) for word in words)


def _part_of(word: Word, part: Part) -> WordPart:
    if part.outcome in ("no_message", "greeting_only"):
        return "greeting"
    middle_s = (word.onset_s + word.offset_s) / 2
    if middle_s < part.onset_s:
        return "greeting"
    return "after" if middle_s > part.offset_s else "message"


def with_part(hearing: Hearing, start_s: float | None = None, end_s: float | None = None) -> Hearing:
    """Take a part of a recording for the rep's, whatever was found; nothing is heard again.

    Parameters
    ----------
    hearing : Hearing
        Of the whole recording.
    start_s, end_s : float or None
        From here to there; None is the start, or the end, of the recording.

    Raises
    ------
    ParameterError
        If nothing of the recording lies between them.
    """
    onset_s = 0.0 if start_s is None else start_s
    offset_s = hearing.duration_s if end_s is None else min(end_s, hearing.duration_s)
    if not 0.0 <= onset_s < offset_s:
        raise ParameterError(
            f"the message cannot go from {onset_s:g} to {offset_s:g} s: "
            f"{hearing.source.name} goes from 0 to {hearing.duration_s:.1f} s"
        )
    part = Part(outcome="message", onset_s=onset_s, offset_s=offset_s, probability=1.0, why=AS_TOLD)
    words = with_parts(hearing.transcript.words, part)
    # The condition was measured of two parts: take the one that is nearer to what was told.
    shared_s = overlap_s(part.interval, hearing.part.interval)
    is_near = shared_s > 0.8 * max(part.interval.duration_s, hearing.part.interval.duration_s)
    return replace(
        hearing,
        transcript=replace(hearing.transcript, words=words),
        part=part,
        condition=hearing.condition if is_near else hearing.whole_condition,
    )


def message_only(
    words: Sequence[Word], digit_runs: Sequence[DecidedRun]
) -> tuple[tuple[Word, ...], tuple[DecidedRun, ...]]:
    """Leave out what is not the rep's: words, and runs of digits, which stand for the words left then.

    A run without words belongs to the part that the words around it do.
    """
    own = [place for place, word in enumerate(words) if word.part == "message"]
    if not own:
        return (), ()
    runs = [run for run in digit_runs if own[0] <= run.first_word <= own[-1] + 1]
    return tuple(words[place] for place in own), tuple(run.moved(-own[0]) for run in runs)


def to_data(hearing: Hearing) -> dict[str, Any]:
    """Turn a hearing into plain data; what was not measured stays NaN, which `json` writes and reads."""
    return asdict(hearing)


def from_data(data: dict[str, Any]) -> Hearing:
    """Read what `to_data` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the data is not a hearing.
    """
    heard = data["transcript"]
    return Hearing(
        source=Source(**data["source"]),
        duration_s=float(data["duration_s"]),
        warnings=tuple(data["warnings"]),
        remarks=tuple(data.get("remarks", ())),
        transcript=Transcript(
            words=tuple(Word(**word) for word in heard["words"]),
            language=heard["language"],
            language_probability=heard["language_probability"],
            speech=_intervals(heard["speech"]),
        ),
        unheard=data["unheard"],
        digit_runs=tuple(
            DecidedRun(**{**run, "digits": tuple(TimedDigit(**digit) for digit in run["digits"])})
            for run in data["digit_runs"]
        ),
        sounds=_intervals(data["sounds"]),
        condition=_condition(data["condition"]),
        whole_condition=_condition(data["whole_condition"]),
        tones=tuple(_tone(each) for each in data["tones"]),
        part=Part(**data["part"]),
        peaks=tuple(data["peaks"]),
        engine=EngineInfo(**data["engine"]),
        line_test=data["line_test"] and _line_test(data["line_test"]),
        phone=data["phone"]
        and PhonePreview(text=data["phone"]["text"], numbers=tuple(data["phone"]["numbers"])),
    )


def _condition(data: dict[str, Any]) -> Condition:
    return Condition(**{**data, "dropouts": _intervals(data["dropouts"])})


def _tone(data: dict[str, Any]) -> Tone:
    interval, frequencies_hz = Interval(**data["interval"]), tuple(data["frequencies_hz"])
    return Tone(**{**data, "interval": interval, "frequencies_hz": frequencies_hz})


def _line_test(data: dict[str, Any]) -> LineTest:
    results = (LineResult(**{**each, "line": Line(**each["line"])}) for each in data["results"])
    return LineTest(**{**data, "results": tuple(results)})


def _intervals(data: list[dict[str, float]]) -> tuple[Interval, ...]:
    return tuple(Interval(**each) for each in data)
