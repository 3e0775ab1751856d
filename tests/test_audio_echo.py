"""Echoes are planted in recordings of voices, at known delays and levels, and found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicecheck.audio.channels import mix_down
from voicecheck.audio.decode import read_recording
from voicecheck.audio.echo import echo, first_to_speak
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.sides import find_sides

SAMPLES = Path(__file__).parents[1] / "samples"
VOICES = ["pass_male.flac", "pass_female.flac", "pass_phone_gsm.wav", "no_number.flac"]
PLANTED = [(0.1, 0.0), (0.15, -12.0), (0.2, -6.0), (0.2031, -6.0), (0.25, 0.0), (0.3, -18.0)]


@pytest.fixture(scope="module")
def voices() -> dict[str, np.ndarray]:
    return {name: read_recording(SAMPLES / name).samples for name in VOICES}


def late(samples: np.ndarray, delay_s: float, level_db: float) -> np.ndarray:
    n_late = round(delay_s * SAMPLE_RATE_HZ)
    copy = np.zeros_like(samples)
    copy[n_late:] = samples[:-n_late] * np.float32(10 ** (level_db / 20))
    return copy


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_alone_has_no_echo(name, voices):
    assert echo(voices[name]) is None


@pytest.mark.parametrize(("delay_s", "level_db"), PLANTED)
@pytest.mark.parametrize("name", VOICES)
def test_a_planted_echo_is_found(name, delay_s, level_db, voices):
    """To 1 ms; its level to 3 dB, and of one as loud as the voice no more than that it is loud."""
    found = echo(voices[name] + late(voices[name], delay_s, level_db))
    assert found is not None
    assert found[0] == pytest.approx(delay_s, abs=0.001)
    assert found[1] == pytest.approx(level_db, abs=3.0)


@pytest.mark.parametrize("name", ["hold_music.flac", "silence.flac"])
def test_music_and_silence_have_none(name):
    assert echo(read_recording(SAMPLES / name).samples) is None


def test_nothing_at_all_has_none():
    assert echo(np.zeros(0, np.float32)) is None
    assert echo(np.zeros(100_000, np.float32)) is None


def test_a_word_said_twice_the_same_way_is_no_echo(voices):
    """One second of fifteen is repeated to the sample, 0.3 s later."""
    voice = voices["pass_male.flac"].copy()
    start, n_late = 3 * SAMPLE_RATE_HZ, round(0.3 * SAMPLE_RATE_HZ)
    voice[start + n_late : start + 2 * n_late] = voice[start : start + n_late]
    assert echo(voice) is None


@pytest.mark.parametrize(("delay_s", "level_db"), PLANTED)
def test_of_a_voice_and_its_echo_on_two_channels_the_voice_is_taken(delay_s, level_db, voices):
    """Whichever side it is on; the samples are the voice's own."""
    voice = voices["pass_female.flac"]
    copy = late(voice, delay_s, level_db)
    for channels in ([voice, copy], [copy, voice]):
        assert np.array_equal(mix_down(np.stack(channels, axis=1)), voice)


@pytest.mark.parametrize("delay_s", [0.1, 0.3, 0.45])
@pytest.mark.parametrize("name", ["pass_male.flac", "no_number.flac"])
def test_a_faint_echo_on_the_other_channel_is_no_other_speaker(name, delay_s, voices):
    """So faint, it sounds where the voice is silent, as the other side of a call does."""
    voice = voices[name]
    assert find_sides(np.stack([late(voice, delay_s, -18.0), voice], axis=1)) is None


def test_the_line_of_a_call_may_hold_the_reps_echo(voices):
    """The greeting is a voice of its own; the rep comes back on it, faintly."""
    rep, greeting = voices["pass_male.flac"], voices["pass_female.flac"]
    wait = np.zeros(len(greeting), np.float32)
    line = np.concatenate([greeting, late(rep, 0.2, -18.0)])
    sides = find_sides(np.stack([line, np.concatenate([wait, rep])], axis=1))
    assert sides is not None
    assert sides.side == "right"


def test_an_echo_on_a_bad_line_is_known_for_one(voices):
    """Noise 20 dB below it."""
    voice = voices["pass_male.flac"]
    copy = late(voice, 0.2, -6.0)
    noise = np.random.default_rng(4).standard_normal(len(voice)) * np.sqrt(np.mean(copy**2)) / 10
    assert first_to_speak(voice, (copy + noise).astype(np.float32)) == 0


def test_two_speakers_and_one_speaker_twice_are_no_echo(voices):
    male, female = voices["pass_male.flac"], voices["pass_female.flac"]
    n_both = min(len(male), len(female))
    assert first_to_speak(male[:n_both], female[:n_both]) is None
    assert first_to_speak(male, male) is None
    assert first_to_speak(male, 0 * male) is None
    assert first_to_speak(male, late(male, 0.0005, 0.0)) is None
