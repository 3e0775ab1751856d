"""Voices are told apart by pitch, spectrum and level that were planted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.voice import describe, difference, voice_track
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


def stretch(onset_s: float, offset_s: float) -> list[Interval]:
    return [Interval(onset_s=onset_s, offset_s=offset_s)]


@pytest.mark.parametrize("pitch_hz", [90.0, 120.0, 205.0, 310.0])
def test_the_pitch_is_the_one_planted(pitch_hz: float) -> None:
    """To 3 %: a lag is a whole number of samples."""
    voice = describe(voice_track(buzz(pitch_hz, 1.0)), stretch(0.1, 0.9))
    assert voice is not None
    assert voice.pitch_hz == pytest.approx(pitch_hz, rel=0.03)


def test_an_octave_is_one_octave_and_ten_times_the_sound_is_twenty_decibels() -> None:
    sound = np.concatenate([buzz(110.0, 1.0, peak=0.05), buzz(220.0, 1.0, peak=0.05) * np.float32(10)])
    track = voice_track(sound)
    low, high = describe(track, stretch(0.1, 0.9)), describe(track, stretch(1.1, 1.9))
    _, octaves, _ = difference(low, high)
    assert octaves == pytest.approx(1.0, abs=0.03)
    louder = voice_track(buzz(110.0, 1.0, peak=0.5))
    shape_db, octaves, level_db = difference(low, describe(louder, stretch(0.1, 0.9)))
    assert (shape_db, octaves) == (pytest.approx(0.0, abs=0.3), 0.0)
    assert level_db == pytest.approx(20.0, abs=0.3)


def test_a_duller_voice_has_another_shape_at_the_same_pitch() -> None:
    track = voice_track(np.concatenate([buzz(120.0, 1.0, tilt=0.5), buzz(120.0, 1.0, tilt=2.0)]))
    bright, dull = describe(track, stretch(0.1, 0.9)), describe(track, stretch(1.1, 1.9))
    shape_db, octaves, _ = difference(bright, dull)
    assert shape_db > 5
    assert octaves == pytest.approx(0.0, abs=0.03)


def test_too_little_sound_describes_no_voice() -> None:
    track = voice_track(buzz(120.0, 1.0))
    assert describe(track, []) is None
    assert describe(track, stretch(0.0, 0.2)) is None
    assert difference(None, describe(track, stretch(0.1, 0.9))) == (0.0, 0.0, 0.0)


def test_noise_has_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, SAMPLE_RATE_HZ).astype(np.float32)
    voice = describe(voice_track(noise), stretch(0.1, 0.9))
    assert voice is not None
    assert math.isnan(voice.pitch_hz)
