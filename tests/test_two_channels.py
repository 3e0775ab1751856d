"""Of a call with one speaker on each channel the rep's is judged, and the line tells where it begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from fake import FakeTranscriber
from sounds import Samples, silence, tone
from test_audio_voice import buzz

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.errors import InputError
from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing, from_json, to_json
from voicecheck.report.data import to_dict
from voicecheck.report.text import to_text
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.transcript import Transcript, Word

BEEP = tone(0.4, level=0.2, frequency_hz=1000.0)
TEXT = "my number is four one five five five five zero one three six"


def said(n: int, pitch_hz: float) -> Samples:
    """So many words of 0.3 s, and a tenth of silence behind each."""
    return np.concatenate([buzz(pitch_hz, 0.3, glide=0.15), silence(0.1)] * n)


def call(*parts: tuple[str, Samples]) -> tuple[Samples, list[float]]:
    """Two rows, the line above the rep, from parts in time; and where the rep's words begin."""
    rows: list[list[Samples]] = [[], []]
    onsets_s: list[float] = []
    now = 0
    for who, sound in parts:
        for place, name in enumerate(("line", "rep")):
            rows[place].append(sound if who == name else np.zeros_like(sound))
        if who == "rep":
            onsets_s += [now / SAMPLE_RATE_HZ + 0.4 * k for k in range(round(len(sound) / 6400))]
        now += len(sound)
    return np.stack([np.concatenate(row) for row in rows]), onsets_s


def usual() -> tuple[Samples, list[float]]:
    return call(
        ("line", said(12, 210.0)),
        ("", silence(0.5)),
        ("line", BEEP),
        ("", silence(0.8)),
        ("rep", said(13, 110.0)),
        ("", silence(1.0)),
    )


def recorded(tmp_path: Path, rows: Samples, *, swapped: bool = False, **told: str) -> Recording:
    path = tmp_path / "call.wav"
    soundfile.write(path, (rows[::-1] if swapped else rows).T, SAMPLE_RATE_HZ)
    return read_recording(path, **told)  # type: ignore[arg-type]


def heard(recording: Recording, onsets_s: list[float], text: str = TEXT) -> Hearing:
    words = tuple(
        Word(text=f" {piece}", onset_s=onset_s, offset_s=onset_s + 0.3, probability=0.9)
        for piece, onset_s in zip(text.split(), onsets_s, strict=False)
    )
    transcript = Transcript(words=words, language="en", speech=tuple(word.interval for word in words))
    return listen(recording, FakeTranscriber(transcript=transcript))


@pytest.mark.parametrize(("swapped", "side"), [(False, "right"), (True, "left")])
def test_the_rep_is_on_the_channel_without_greeting_and_tones(
    tmp_path: Path, swapped: bool, side: str
) -> None:
    rows, onsets_s = usual()
    recording = recorded(tmp_path, rows, swapped=swapped)
    assert recording.source.side == side
    assert recording.line is not None
    assert np.abs(recording.samples - rows[1]).max() < 1e-3
    assert np.abs(recording.line - rows[0]).max() < 1e-3
    part = heard(recording, onsets_s).part
    assert (part.outcome, part.why, part.probability) == ("message", "after greeting and beep", 1.0)
    assert part.onset_s == pytest.approx(onsets_s[0] - 0.8, abs=0.03)


def test_the_card_says_which_channel_was_judged(tmp_path: Path) -> None:
    rows, onsets_s = usual()
    hearing = heard(recorded(tmp_path, rows), onsets_s)
    card = judge(hearing, Settings(rubric=default_rubric()))
    assert to_dict(card)["source"]["side"] == "right"
    assert "stereo, right channel" in " ".join(to_text(card).split())
    assert "Only the right channel was judged" in card.tips[0].text
    assert [each.digits for each in card.recitations] == ["4155550136"]
    assert from_json(to_json(hearing)) == hearing


def test_without_tones_the_line_is_the_one_that_speaks_first(tmp_path: Path) -> None:
    rows, onsets_s = call(
        ("line", said(8, 210.0)), ("", silence(0.8)), ("rep", said(13, 110.0)), ("", silence(0.5))
    )
    recording = recorded(tmp_path, rows)
    assert recording.source.side == "right"
    part = heard(recording, onsets_s).part
    assert part.why == "after greeting"
    assert part.onset_s == pytest.approx(8 * 0.4, abs=0.15)


def test_a_person_may_say_which_channel_it_is(tmp_path: Path) -> None:
    rows, _ = usual()
    recording = recorded(tmp_path, rows, side="left")
    assert recording.source.side == "left"
    assert np.abs(recording.samples - rows[0]).max() < 1e-3


def test_a_channel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mono.wav"
    soundfile.write(path, said(3, 110.0), SAMPLE_RATE_HZ)
    with pytest.raises(InputError, match=r"mono\.wav: has no left channel to choose"):
        read_recording(path, side="left")


@pytest.mark.parametrize("gain", [1.0, 0.7, 0.0])
def test_one_voice_on_both_channels_is_no_call(tmp_path: Path, gain: float) -> None:
    """The same twice, a stereo mix, an unused side: judged as one, with nothing left out."""
    voice = said(10, 110.0)
    recording = recorded(tmp_path, np.stack([voice, np.float32(gain) * voice]))
    assert recording.source.side is None
    assert recording.line is None


def test_words_before_the_beep_are_lost_on_two_channels_too(tmp_path: Path) -> None:
    rows, onsets_s = call(
        ("line", said(8, 210.0)),
        ("rep", said(3, 110.0)),
        ("line", BEEP),
        ("rep", said(11, 110.0)),
        ("", silence(0.5)),
    )
    part = heard(recorded(tmp_path, rows), onsets_s, f"Hi {TEXT}").part
    assert part.lost_words == "Hi my number"


def test_two_people_who_take_turns_are_no_message(tmp_path: Path) -> None:
    turns = [(who, said(4, pitch)) for _ in range(4) for who, pitch in (("line", 210.0), ("rep", 110.0))]
    parts = [part for turn in turns for part in (turn, ("", silence(1.2)))]
    rows, onsets_s = call(*parts)
    assert heard(recorded(tmp_path, rows), onsets_s).part.outcome == "person"


def test_a_rep_who_says_nothing_left_no_message(tmp_path: Path) -> None:
    rows, _ = usual()
    hearing = heard(recorded(tmp_path, rows), [], "")
    assert hearing.part.outcome == "no_message"
