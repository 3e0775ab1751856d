"""Voices are told apart by pitch, spectrum and level that were planted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.voice import (
    HOP_S,
    N_CEPSTRA,
    second_voice_gain,
    two_voices,
    voice_sums,
    voice_track,
)
from voicecheck.timing import Interval

Samples = NDArray[np.float32]


def buzz(
    pitch_hz: float, seconds: float, *, tilt: float = 1.0, peak: float = 0.3, glide: float = 0.0
) -> Samples:
    """All harmonics up to 4 kHz, each weaker than the first by its number to the power of `tilt`.

    The pitch falls by the share `glide`, as in a word.
    """
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    t = t - glide / 2 * t**2 / max(seconds, 1e-6)
    rng = np.random.default_rng(2)
    sound = np.zeros(len(t))
    for harmonic in range(1, int(4000 / pitch_hz)):
        phase = rng.uniform(0, 2 * math.pi)
        sound += np.sin(2 * math.pi * harmonic * pitch_hz * t + phase) / harmonic**tilt
    return (peak * sound / np.abs(sound).max()).astype(np.float32)


def words(n: int, first_s: float = 0.0, word_s: float = 0.5) -> list[Interval]:
    """Rows of words without a pause."""
    return [
        Interval(onset_s=first_s + place * word_s, offset_s=first_s + (place + 1) * word_s)
        for place in range(n)
    ]


def gain(*voices: Samples) -> float:
    """What a second voice explains where the second half of the words may be its own."""
    sound = np.concatenate(voices)
    sound += np.random.default_rng(4).normal(0, 1e-3, len(sound)).astype(np.float32)
    n = round(len(sound) / SAMPLE_RATE_HZ / 0.5)
    return second_voice_gain(voice_sums(voice_track(sound), words(n)), np.arange(n) >= n // 2)


def spoken(pitch_hz: float, seconds: float = 4.0, *, tilt: float = 1.0, peak: float = 0.3) -> Samples:
    """Words of half a second, each of which glides, so that a voice has a spread of its own."""
    pieces = [
        buzz(pitch_hz * factor, 0.5, tilt=tilt, peak=peak, glide=0.2)
        for factor in np.resize([0.9, 1.0, 1.1], round(seconds / 0.5))
    ]
    return np.concatenate(pieces)


@pytest.mark.parametrize("pitch_hz", [90.0, 120.0, 205.0, 310.0])
def test_the_pitch_is_the_one_planted(pitch_hz: float) -> None:
    """To 3 %: a lag is a whole number of samples."""
    track = voice_track(buzz(pitch_hz, 1.0))
    assert np.nanmedian(track.pitch_hz[5:-5]) == pytest.approx(pitch_hz, rel=0.03)


def test_noise_has_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, SAMPLE_RATE_HZ).astype(np.float32)
    assert np.isnan(voice_track(noise).pitch_hz).mean() > 0.9


def test_ten_times_the_sound_is_twenty_decibels_and_the_same_spectrum() -> None:
    soft, loud = (voice_track(buzz(110.0, 1.0, peak=peak)) for peak in (0.05, 0.5))
    middle = slice(5, -5)
    assert np.median(loud.level_db[middle] - soft.level_db[middle]) == pytest.approx(20.0, abs=0.1)
    assert np.abs(loud.cepstra_db[middle] - soft.cepstra_db[middle]).max() < 0.5


def test_sums_are_those_of_the_loud_frames_of_each_word() -> None:
    sound = np.concatenate([buzz(110.0, 1.0), np.zeros(SAMPLE_RATE_HZ, np.float32), buzz(110.0, 1.0)])
    track = voice_track(sound)
    sums = voice_sums(track, [words(1, 0.1)[0], words(1, 1.3)[0], None])
    assert sums.n_frames.tolist() == [26, 0, 0]
    rows = slice(round(0.1 / HOP_S), round(0.6 / HOP_S) + 1)
    assert sums.total[0, N_CEPSTRA] == pytest.approx(track.level_db[rows].sum(dtype=np.float64))
    assert sums.squares[0, 0] == pytest.approx(np.square(track.cepstra_db[rows, 0], dtype=np.float64).sum())


def test_another_voice_explains_more_than_the_same_one_going_on() -> None:
    """Another spectrum, another pitch, another level: each alone stands out."""
    same = gain(spoken(120.0), spoken(120.0))
    assert same < 0.1
    assert gain(spoken(120.0, tilt=0.5), spoken(120.0, tilt=2.0)) > 5 * same + 0.3
    assert gain(spoken(110.0), spoken(200.0)) > 5 * same
    assert gain(spoken(120.0, peak=0.03), spoken(120.0, peak=0.6)) > 5 * same + 0.1


def test_the_gain_is_largest_where_the_voices_part() -> None:
    sound = np.concatenate([spoken(210.0, 5.0, tilt=0.5), spoken(110.0, 3.0)])
    sums = voice_sums(voice_track(sound), words(16))
    gains = [second_voice_gain(sums, np.arange(16) >= cut) for cut in range(17)]
    assert int(np.argmax(gains)) == 10
    assert gains[0] == gains[16] == 0.0


def test_two_who_take_turns_are_parted() -> None:
    first, second = spoken(210.0, 2.0, tilt=0.5), spoken(110.0, 2.0)
    sums = voice_sums(voice_track(np.concatenate([first, second, first, second])), words(16))
    sides = two_voices(sums, [0, 2, 4, 6, 8, 10, 12, 14])
    turns = np.repeat([False, True, False, True], 4)
    assert np.array_equal(sides, turns) or np.array_equal(sides, ~turns)


def test_one_voice_is_not_parted_where_nothing_is_explained() -> None:
    sums = voice_sums(voice_track(spoken(120.0, 1.0)), words(2))
    assert not two_voices(sums, [0]).any()
    assert second_voice_gain(sums, np.array([False, False])) == 0.0
