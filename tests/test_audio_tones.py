"""Tones are found where they were planted, named by their plan, and not found in speech or music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.tones import find_tones

Samples = NDArray[np.float32]
SAMPLES = Path(__file__).parent.parent / "samples"
SPOKEN = [
    "pass_male.flac",
    "pass_female.flac",
    "fired_off.flac",
    "too_long.flac",
    "uk_double.flac",
    "pass_phone.wav",
    "pass_phone_gsm.wav",
    "spanish.flac",
]


def sines(frequencies_hz: tuple[float, ...], seconds: float, *, peak: float = 0.2) -> Samples:
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = sum(np.sin(2 * np.pi * hz * t) for hz in frequencies_hz) / len(frequencies_hz)
    return (peak * np.asarray(sound)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def on_a_line(sound: Samples) -> Samples:
    """Through 8 kHz mu-law: every second sample, in 255 logarithmic steps, with a floor of noise."""
    rng = np.random.default_rng(5)
    narrow = sound[::2] + rng.normal(0, 0.001, len(sound[::2])).astype(np.float32)
    folded = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)
    coarse = np.round(folded * 127) / 127
    plain = np.sign(coarse) * (256 ** np.abs(coarse) - 1) / 255
    return np.interp(np.arange(len(sound)) / 2, np.arange(len(plain)), plain).astype(np.float32)


@pytest.mark.parametrize("peak", [0.2, 0.05])
@pytest.mark.parametrize("seconds", [0.15, 0.4, 1.0])
@pytest.mark.parametrize(
    "hz", [(300.0,), (440.0,), (1000.0,), (1400.0,), (2100.0,), (853.0, 960.0), (2000.0, 2840.0)]
)
def test_a_beep_is_found_where_it_was_planted(hz: tuple[float, ...], seconds: float, peak: float) -> None:
    """A tone of 0.15 to 1 s, 300 to 2,100 Hz, also 12 dB down, on an 8 kHz line, to 20 ms."""
    sound = on_a_line(np.concatenate([silence(1.0), sines(hz, seconds, peak=peak), silence(1.0)]))
    (tone,) = find_tones(sound)
    assert tone.kind == "beep"
    assert tone.frequencies_hz == pytest.approx(hz, abs=2.0)
    assert tone.interval.onset_s == pytest.approx(1.0, abs=0.02)
    assert tone.interval.offset_s == pytest.approx(1.0 + seconds, abs=0.02)


@pytest.mark.parametrize("name", ["pass_male.flac", "pass_female.flac", "pass_phone.wav"])
def test_a_beep_that_begins_under_a_word_is_found(name: str) -> None:
    """Its first 0.2 s lie under the end of speech, its last 0.2 s in the clear."""
    speech = read_recording(SAMPLES / name).samples[: 6 * SAMPLE_RATE_HZ]
    loud = np.flatnonzero(np.abs(speech) > 0.1 * np.abs(speech).max())
    speech = speech[: loud[-1]]
    sound = np.concatenate([speech, silence(1.0)])
    start = len(speech) - SAMPLE_RATE_HZ // 5
    beep = sines((1000.0,), 0.4, peak=0.1)
    sound[start : start + len(beep)] += beep
    (tone,) = find_tones(sound)
    assert tone.kind == "beep"
    assert tone.interval.offset_s == pytest.approx((start + len(beep)) / SAMPLE_RATE_HZ, abs=0.02)


@pytest.mark.parametrize(
    ("name", "hz", "below"),
    [("too_long.flac", 1000.0, 6), ("too_long.flac", 1400.0, 8), ("pass_female.flac", 1400.0, 12)],
)
def test_a_short_beep_in_the_middle_of_speech_is_found(name: str, hz: float, below: float) -> None:
    """0.15 s, at a sixth to a twelfth of the voice's peak: no voice holds pitch and level like that."""
    speech = read_recording(SAMPLES / name).samples[: 8 * SAMPLE_RATE_HZ].copy()
    start = round(3.2 * SAMPLE_RATE_HZ)
    beep = sines((hz,), 0.15, peak=float(np.abs(speech).max()) / below)
    speech[start : start + len(beep)] += beep
    (tone,) = find_tones(speech)
    assert tone.kind == "beep"
    assert tone.interval.onset_s == pytest.approx(3.2, abs=0.03)
    assert tone.interval.offset_s == pytest.approx(3.35, abs=0.03)


def test_what_holds_its_pitch_but_not_its_level_is_no_beep() -> None:
    """A sine of 0.2 s that swells to two and a half times its level, and sinks again."""
    sung = sines((600.0,), 0.2)
    sung *= (0.4 + 0.6 * np.sin(np.pi * np.arange(len(sung)) / len(sung))).astype(np.float32)
    (tone,) = find_tones(np.concatenate([silence(0.5), sung, silence(0.5)]))
    assert tone.kind == "music"


@pytest.mark.parametrize("name", SPOKEN)
def test_speech_holds_no_beep(name: str) -> None:
    """A voice may hold its pitch for a moment, never for a fifth of a second, nor its level beside it."""
    tones = find_tones(read_recording(SAMPLES / name).samples)
    assert [tone for tone in tones if tone.kind == "beep" or tone.interval.duration_s > 0.2] == []


def test_noise_and_silence_hold_no_tone() -> None:
    rng = np.random.default_rng(1)
    assert find_tones(rng.normal(0, 0.1, 10 * SAMPLE_RATE_HZ).astype(np.float32)) == ()
    assert find_tones(silence(10.0)) == ()
    assert find_tones(silence(0.01)) == ()


def test_a_glide_is_no_tone() -> None:
    """A whistle that moves by 100 Hz a second holds no pitch."""
    t = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    glide = 0.2 * np.sin(2 * np.pi * (800 * t + 50 * t**2))
    assert find_tones(glide.astype(np.float32)) == ()


def rhythm(hz: tuple[float, ...], on_s: float, off_s: float, n: int) -> Samples:
    return np.concatenate([silence(0.5), *([sines(hz, on_s), silence(off_s)] * n)])


@pytest.mark.parametrize(
    ("sound", "kind", "n"),
    [
        (rhythm((440.0, 480.0), 2.0, 4.0, 2), "ringing", 2),
        (rhythm((440.0, 480.0), 0.8, 1.0, 1), "ringing", 1),
        (rhythm((400.0, 450.0), 0.4, 0.2, 2), "ringing", 2),
        (rhythm((425.0,), 1.0, 4.0, 2), "ringing", 2),
        (rhythm((480.0, 620.0), 0.5, 0.5, 4), "hang_up", 4),
        (rhythm((480.0, 620.0), 0.25, 0.25, 6), "hang_up", 6),
        (rhythm((425.0,), 0.5, 0.5, 4), "hang_up", 4),
        (rhythm((400.0,), 0.375, 0.375, 5), "hang_up", 5),
        (rhythm((350.0, 440.0), 2.0, 0.5, 1), "hang_up", 1),
        (rhythm((941.0, 1477.0), 0.15, 0.5, 1), "key", 1),
        (rhythm((697.0, 1209.0), 0.12, 0.5, 2), "key", 2),
        (rhythm((2100.0,), 3.0, 0.5, 1), "fax", 1),
    ],
)
def test_a_plan_is_known_by_its_pitch_and_rhythm(sound: Samples, kind: str, n: int) -> None:
    tones = find_tones(on_a_line(sound))
    assert [tone.kind for tone in tones] == [kind] * n


def test_the_three_rising_tones_mean_that_nobody_can_be_reached() -> None:
    rising = [sines((hz,), 0.33) for hz in (950.0, 1400.0, 1800.0)]
    tones = find_tones(on_a_line(np.concatenate([silence(0.5), *rising, silence(0.5)])))
    assert [tone.kind for tone in tones] == ["hang_up"] * 3


def test_the_notes_of_a_tune_are_no_beeps() -> None:
    notes = [sines((440 * 2 ** (step / 12),), 0.4) for step in (0, 4, 7, 12, 7, 4, 0)]
    tones = find_tones(np.concatenate([silence(0.5), *notes, silence(0.5)]))
    assert {tone.kind for tone in tones} == {"music"}


def test_a_hold_tone_that_comes_again_and_again_is_no_beep() -> None:
    """Two are the beep and an echo of it; the fourth makes it a hold tone."""
    for n, kind in ((2, "beep"), (4, "music")):
        sound = np.concatenate([silence(1.0), *([sines((1400.0,), 0.3), silence(5.0)] * n)])
        assert [tone.kind for tone in find_tones(sound)] == [kind] * n


def test_a_beep_sounds_alike_at_any_level() -> None:
    """Ten times the gain is 20 dB more, and nothing else changes."""
    sound = np.concatenate([silence(0.5), sines((1000.0,), 0.3, peak=0.05), silence(0.5)])
    (soft,), (loud,) = find_tones(sound), find_tones(sound * np.float32(10))
    assert loud.level_dbfs - soft.level_dbfs == pytest.approx(20.0, abs=0.1)
    assert loud.interval == soft.interval


def test_music_is_gone_through_quickly() -> None:
    """Two notes that beat slowly once took minutes; the work is bounded by the frames, not by the beat."""
    sound = np.concatenate([sines((440.0, 455.5, 523.0), 3.0), sines((440.0, 440.7), 3.0)])
    assert {tone.kind for tone in find_tones(sound)} <= {"music", "beep"}


def test_a_sine_that_is_interrupted_beside_another_is_measured() -> None:
    """Both halves have the same pitch to the last digit: their beat stands still."""
    low, high = sines((1000.0,), 1.0, peak=0.06), sines((1273.0,), 1.0, peak=0.059)
    low[round(0.4 * SAMPLE_RATE_HZ) : round(0.52 * SAMPLE_RATE_HZ)] = 0.0
    tones = find_tones(np.concatenate([silence(0.5), low + high, silence(0.5)]))
    assert len(tones) == 1
    assert 0.45 < tones[0].interval.onset_s < tones[0].interval.offset_s < 1.55


@pytest.mark.parametrize("hz", [425.0, 660.0, 784.0, 1100.0])
@pytest.mark.parametrize("edge_s", [0.005, 0.01])
def test_a_short_beep_with_soft_edges_is_one(hz: float, edge_s: float) -> None:
    """Of 0.15 s its edges are a good part, so its level is not even; but nothing else sounds."""
    beep = sines((hz,), 0.15)
    t = np.arange(len(beep)) / SAMPLE_RATE_HZ
    beep *= np.clip(np.minimum(t, t[-1] - t) / edge_s, 0, 1).astype(np.float32)
    (tone,) = find_tones(on_a_line(np.concatenate([silence(1.0), beep, silence(1.0)])))
    assert tone.kind == "beep"
