from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import recording, silence, spans, tone

from voicecheck.audio.levels import frame_levels_dbfs, sounding
from voicecheck.errors import ParameterError
from voicecheck.measures.pauses import pauses
from voicecheck.timing import Interval

TOLERANCE_S = 0.02
"""A frame is 25 ms long and comes every 10 ms: an edge is known to about half a frame and half a hop."""


def test_a_full_scale_sine_reads_minus_three_dbfs() -> None:
    """RMS of a sine of peak 1 is 1/sqrt(2), -3.01 dB; a frame of 25 ms holds whole periods of 440 Hz."""
    levels = frame_levels_dbfs(recording(tone(1.0, level=1.0)))
    assert levels[10:-10] == pytest.approx(-3.01, abs=0.05)


@pytest.mark.slow
def test_levels_are_those_of_librosa(rng: np.random.Generator) -> None:
    """Another program's result: librosa's RMS of the same frames, in dB."""
    from librosa.feature import rms

    made = recording((0.1 * rng.standard_normal(16_123)).astype(np.float32), silence(0.3), tone(0.5))
    theirs = rms(y=made.samples, frame_length=400, hop_length=160, pad_mode="constant")[0]
    ours = frame_levels_dbfs(made)
    assert len(ours) == len(theirs)
    assert ours == pytest.approx(20 * np.log10(np.maximum(theirs, 1e-6)), abs=1e-3)


def test_digital_silence_has_a_finite_level_and_no_sound() -> None:
    levels = frame_levels_dbfs(recording(silence(1.0)))
    assert levels == pytest.approx(-120.0)
    assert sounding(levels) == ()
    assert sounding(frame_levels_dbfs(recording())) == ()


# Time (s)   0    0.5   1.0   1.5   2.0   2.5   3.0
# Sound      |-tone-|           |----tone----|
def test_sound_is_found_where_it_was_planted() -> None:
    made = recording(tone(0.5), silence(1.0), tone(1.0), silence(0.5))
    first, second = sounding(frame_levels_dbfs(made))
    assert (first.onset_s, first.offset_s) == pytest.approx((0.0, 0.5), abs=TOLERANCE_S)
    assert (second.onset_s, second.offset_s) == pytest.approx((1.5, 2.5), abs=TOLERANCE_S)


@pytest.mark.parametrize("snr_db", [10, 20, 40])
def test_pauses_show_through_noise(snr_db: int, rng: np.random.Generator) -> None:
    made = recording(silence(0.5), tone(1.0), silence(0.6), tone(1.0), silence(0.5))
    noise_rms = 0.3 / np.sqrt(2) / 10 ** (snr_db / 20)
    noisy = made.samples + (noise_rms * rng.standard_normal(len(made.samples))).astype(np.float32)
    found = sounding(frame_levels_dbfs(recording(noisy)))
    between = pauses(found, Interval(onset_s=0.5, offset_s=3.1))
    assert [pause.duration_s for pause in between] == pytest.approx([0.6], abs=0.05)


def test_a_click_is_not_a_sound() -> None:
    made = recording(tone(0.5), silence(0.5), tone(0.01), silence(0.5), tone(0.5))
    assert len(sounding(frame_levels_dbfs(made))) == 2


@given(gain_db=st.floats(-30, 0))
def test_gain_moves_no_edge(gain_db: float) -> None:
    made = recording(tone(0.5, level=0.9), silence(0.4), tone(0.5, level=0.9))
    gain = np.float32(10 ** (gain_db / 20))
    before = sounding(frame_levels_dbfs(made))
    after = sounding(frame_levels_dbfs(recording(made.samples * gain)))
    assert [edge for each in after for edge in (each.onset_s, each.offset_s)] == pytest.approx(
        [edge for each in before for edge in (each.onset_s, each.offset_s)], abs=0.011
    )


# Time (s)   0    1    2    3
# Sound      |-|    |--|  |-|      gaps of 0.5, 0.2 and 0.25 s
def test_only_silences_at_or_above_the_minimum_are_pauses() -> None:
    sounds = spans((0.0, 0.4), (0.9, 1.5), (1.7, 2.0), (2.25, 3.0))
    found = pauses(sounds, Interval(onset_s=0.0, offset_s=3.0))
    assert found == spans((0.4, 0.9), (2.0, 2.25))


def test_silence_outside_the_message_is_no_pause() -> None:
    sounds = spans((1.0, 2.0), (5.0, 6.0))
    assert pauses(sounds, Interval(onset_s=1.0, offset_s=2.0)) == ()


def test_a_pause_needs_a_positive_minimum() -> None:
    with pytest.raises(ParameterError, match="must be positive"):
        pauses((), Interval(onset_s=0, offset_s=1), pause_min_s=0)
