"""What is kept of a recording once it has been heard: all that judging needs, and no sound.

A hearing is small, it can be written as JSON, and it does not depend on the rubric or the expected number:
whoever changes those judges again without listening again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.audio.tones import Tone
from voicecheck.errors import ParameterError
from voicecheck.linetest.phone import PhonePreview
from voicecheck.linetest.survival import LineTest
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.speech.greeting import Outcome, Part
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import Transcript, Word, WordPart
from voicecheck.timing import Interval, clipped, overlap_s

if TYPE_CHECKING:
    from pydantic import TypeAdapter

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

    __pydantic_config__: ClassVar[dict[str, object]] = {  # for this and all that it holds, as read from disk
        "extra": "forbid",
        "strict": True,
        "arbitrary_types_allowed": True,
    }

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
    # No defaults here: a hearing of an earlier version, which lacks one of these, must not be read as if it
    # held none of them.
    line_test: LineTest | None
    digit_runs: tuple[DecidedRun, ...]
    phone: PhonePreview | None
    remarks: tuple[str, ...] = ()

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
        """The same hearing of a copy with another file name.

        Parameters
        ----------
        name : str
            Of the copy, without folders.

        Returns
        -------
        Hearing
            All else is equal.
        """
        return replace(self, source=replace(self.source, name=name))


def with_parts(words: Sequence[Word], part: Part) -> tuple[Word, ...]:
    """Tell each word whose it is: by its middle, or the mailbox's where there is no message.

    Parameters
    ----------
    words : sequence of Word
        In time order.
    part : Part
        Which stretch of the recording is the rep's.

    Returns
    -------
    tuple of Word
        The same words, each with its part.

    Examples
    --------
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

    Returns
    -------
    Hearing
        With the words, and the condition, of that part.

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

    Parameters
    ----------
    words : sequence of Word
        Each with its part.
    digit_runs : sequence of DecidedRun
        That stand for some of these words.

    Returns
    -------
    tuple[tuple[Word, ...], tuple[DecidedRun, ...]]
        Words and runs, with the runs' places counted among these words.
    """
    own = [place for place, word in enumerate(words) if word.part == "message"]
    if not own:
        return (), ()
    runs = [run for run in digit_runs if own[0] <= run.first_word <= own[-1] + 1]
    return tuple(words[place] for place in own), tuple(run.moved(-own[0]) for run in runs)


def to_json(hearing: Hearing) -> str:
    """Write a hearing as JSON; what was not measured stays NaN.

    Parameters
    ----------
    hearing : Hearing
        Without encoder output.

    Returns
    -------
    str
        On one line.
    """
    return json.dumps(asdict(hearing), ensure_ascii=False)


def from_json(text: str | bytes) -> Hearing:
    """Read what `to_json` wrote.

    Parameters
    ----------
    text : str or bytes
        JSON.

    Returns
    -------
    Hearing
        The same.

    Raises
    ------
    ValueError
        If it is not JSON, or something of a hearing is missing, unknown or of another type.
    """
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Hearing]:
    """Make the reader once; its library is imported by whoever reads."""
    from pydantic import TypeAdapter

    return TypeAdapter(Hearing)
