"""What is kept of a recording once it has been heard: all that judging needs, and no sound.

A hearing is small, it can be written as JSON, and it does not depend on the rubric or the expected number:
whoever changes those judges again without listening again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.linetest.packets import Line
from voicecheck.linetest.phone import PhonePreview
from voicecheck.linetest.survival import LineResult, LineTest
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import Transcript, Word
from voicecheck.timing import Interval


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
    unheard : str or None
        Why the recording cannot be judged; None if it can.
    sounds : tuple of Interval
        Where the signal sounds.
    condition : Condition
        How far the recording itself can be trusted.
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
    peaks: tuple[float, ...]
    engine: EngineInfo
    line_test: LineTest | None = None
    remarks: tuple[str, ...] = ()
    phone: PhonePreview | None = None

    def named(self, name: str) -> Hearing:
        """The same hearing of a copy with another file name."""
        return replace(self, source=replace(self.source, name=name))


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
        sounds=_intervals(data["sounds"]),
        condition=Condition(**{**data["condition"], "dropouts": _intervals(data["condition"]["dropouts"])}),
        peaks=tuple(data["peaks"]),
        engine=EngineInfo(**data["engine"]),
        line_test=data["line_test"] and _line_test(data["line_test"]),
        phone=data["phone"]
        and PhonePreview(text=data["phone"]["text"], numbers=tuple(data["phone"]["numbers"])),
    )


def _line_test(data: dict[str, Any]) -> LineTest:
    results = (LineResult(**{**each, "line": Line(**each["line"])}) for each in data["results"])
    return LineTest(**{**data, "results": tuple(results)})


def _intervals(data: list[dict[str, float]]) -> tuple[Interval, ...]:
    return tuple(Interval(**each) for each in data)
