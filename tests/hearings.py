"""Hearings, recitations and evidence made together with their answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.hearing.hearing import Hearing
from voicecheck.linetest.survival import LineTest
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.card import Settings
from voicecheck.scorecard.check import CheckResult, Evidence, Tip
from voicecheck.scorecard.judge import gather, run_checks, tips_of
from voicecheck.scorecard.rubric import parse_rubric
from voicecheck.speech.greeting import Part
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import TimedDigit, Transcript, Word
from voicecheck.timing import Interval

GOOD = Condition(
    active_level_dbov=-26.0,
    activity=0.7,
    noise_floor_dbfs=-60.0,
    snr_db=34.0,
    clipped_share=0.0,
    bandwidth_hz=7500.0,
    dropouts=(),
    lead_s=0.5,
    tail_s=0.5,
)


def hearing(
    words: Sequence[Word] = (),
    *,
    sounds: Sequence[Interval] | None = None,
    condition: Condition = GOOD,
    unheard: str | None = None,
    warnings: tuple[str, ...] = (),
    line_test: LineTest | None = None,
) -> Hearing:
    """A hearing that sounds where its words are."""
    return Hearing(
        source=Source(
            name="made.wav",
            sha256="0" * 64,
            duration_s=30.0,
            sample_rate_hz=16000,
            channels=1,
            codec="pcm_f32le",
        ),
        duration_s=30.0,
        warnings=warnings,
        transcript=Transcript(
            words=tuple(words), language="en", speech=tuple(word.interval for word in words)
        ),
        unheard=unheard,
        sounds=tuple([word.interval for word in words] if sounds is None else sounds),
        condition=condition,
        whole_condition=condition,
        tones=(),
        part=Part(outcome="message", onset_s=0.0, offset_s=30.0, probability=1.0),
        peaks=(),
        engine=EngineInfo(model="fake", compute_type="none"),
        line_test=line_test,
        digit_runs=(),
        phone=None,
    )


def recited(
    digits: str,
    onset_s: float = 5.0,
    *,
    rate_dps: float = 1.5,
    full: bool = True,
    confidence: float = 0.95,
    rivals: dict[int, str] | None = None,
) -> Recitation:
    """A recitation at an even rate, the digits at some places in doubt."""
    step_s = 1 / rate_dps
    timed = tuple(
        TimedDigit(
            digit=digit,
            onset_s=onset_s + at * step_s,
            offset_s=onset_s + (at + 1) * step_s,
            confidence=confidence,
            rival=(rivals or {}).get(at),
        )
        for at, digit in enumerate(digits)
    )
    return Recitation(digits=digits, extension=None, full=full, timed_digits=timed)


def evidence_of(heard: Hearing, *, rubric: str = "", **settings: Any) -> Evidence:
    """What the checks look at, worked out from a hearing."""
    return gather(heard, Settings(rubric=parse_rubric(rubric), **settings))


def judged(what: Evidence, rubric: str = "") -> dict[str, CheckResult]:
    """The results of all checks by id."""
    return {each.id: each for each in run_checks(what, parse_rubric(rubric))}


def tips(what: Evidence, rubric: str = "") -> list[Tip]:
    """The tips of all checks that are one."""
    return [tip for each in judged(what, rubric).values() if each.role == "tip" for tip in tips_of(each)]


def decided(digits: str, onset_s: float = 5.0, *, rivals: dict[int, str] | None = None) -> DecidedRun:
    """A run of digits that stands for no words of a transcript."""
    timed = recited(digits, onset_s, rivals=rivals).timed_digits
    return DecidedRun(digits=timed, first_word=0, last_word=0, probability=0.5 if rivals else 0.99)
