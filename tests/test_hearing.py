from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fake import FakeTranscriber, analyse
from sounds import recording, said, silence, spoken, tone, transcript

from voicecheck.audio.levels import measure_peaks
from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing, from_json, to_json
from voicecheck.linetest.packets import BAD_LINES
from voicecheck.linetest.survival import LineResult, LineTest
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric, parse_rubric
from voicecheck.speech.transcript import Transcript

NUMBER = "four one six five five five zero one nine eight"
WORDS = said(f"hi dana joe from acme call {NUMBER} again {NUMBER} thanks", word_s=0.35, gap_s=0.2)


def heard() -> Hearing:
    return listen(spoken(WORDS), FakeTranscriber(transcript=transcript(WORDS)))


def nothing_heard() -> Hearing:
    return listen(recording(silence(3.0)), FakeTranscriber(transcript=Transcript(words=(), language=None)))


def heard_on_bad_lines() -> Hearing:
    result = LineResult(line=BAD_LINES[0], first="416?550198", all_sayings="4165550198")
    return replace(heard(), line_test=LineTest(digits="4165550198", n_sayings=2, results=(result,)))


@pytest.mark.parametrize(
    "hearing", [heard(), nothing_heard(), heard_on_bad_lines()], ids=["speech", "silence", "lines"]
)
def test_a_hearing_survives_json(hearing: Hearing) -> None:
    """Compared as JSON text: what was not measured is NaN, which equals nothing."""
    text = to_json(hearing)
    again = from_json(text)
    assert to_json(again) == text
    assert again.line_test == hearing.line_test


def test_what_was_kept_is_judged_as_what_was_just_heard() -> None:
    settings = Settings(rubric=default_rubric(), expected="4165550189")
    kept = from_json(to_json(heard()))
    fresh = analyse(spoken(WORDS), FakeTranscriber(transcript=transcript(WORDS)), settings=settings)
    assert judge(kept, settings) == fresh


def test_another_rubric_needs_no_listening() -> None:
    hearing = heard()
    verdicts = [
        judge(
            hearing,
            Settings(rubric=parse_rubric(f"[checks.length]\nmax_s = {limit_s}\n[checks.pace]\nmin_wpm = 50")),
        ).verdict
        for limit_s in (30, 10)
    ]
    assert verdicts == ["pass", "fail"]


def _as_data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(to_json(heard()))
    return data


@pytest.mark.parametrize(
    "broken",
    [
        {},
        [],
        None,
        {"transcript": None},
        {**_as_data(), "sounds": [1]},
        {**_as_data(), "duration_s": "20"},
        {**_as_data(), "sounds": [{"onset_s": 2.0, "offset_s": 1.0}]},
        {**_as_data(), "part": {**_as_data()["part"], "outcome": "no such"}},
        {**_as_data(), "of_a_later_version": 1},
    ],
)
def test_what_is_no_hearing_is_refused(broken: object) -> None:
    """Also what another version kept: something is missing, unknown, or of another type."""
    with pytest.raises(ValueError, match="Hearing"):
        from_json(json.dumps(broken))


@pytest.mark.parametrize("name", sorted(_as_data().keys() - {"remarks"}))
def test_an_earlier_hearing_without_a_field_is_refused_not_completed(name: str) -> None:
    """Without its runs of digits a hearing would be judged as if no number had been said."""
    data = _as_data()
    del data[name]
    with pytest.raises(ValueError, match=name):
        from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "{", "\x00", "nothing"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Invalid JSON"):
        from_json(text)


def test_peaks_are_one_for_each_twentieth_of_a_second() -> None:
    """0.1 s of silence, 0.1 s at 0.3, and a last piece that is not whole."""
    samples = np.concatenate([silence(0.1), tone(0.1, level=0.3), silence(0.02)])
    assert measure_peaks(samples) == (
        0.0,
        0.0,
        pytest.approx(0.3, abs=0.01),
        pytest.approx(0.3, abs=0.01),
        0.0,
    )
