from __future__ import annotations

import math

import numpy as np
import pytest
from conftest import recording, silence, tone

from voicecheck.audio import Recording
from voicecheck.measures.level import Levels, clipped_share, measure_levels
from voicecheck.measures.pauses import frame_levels_dbfs, sounding


def levels_of(made: Recording) -> Levels:
    frames = frame_levels_dbfs(made)
    return measure_levels(made, frames, sounding(frames))


def test_speech_level_is_measured_over_the_sound_alone() -> None:
    """A sine of peak 0.1 is -20 - 3.01 = -23.01 dBFS, however much silence is around it."""
    made = recording(silence(3.0), tone(2.0, level=0.1), silence(3.0))
    assert levels_of(made).speech_dbfs == pytest.approx(-23.0, abs=0.3)


@pytest.mark.parametrize("snr_db", [10, 20, 30])
def test_snr_is_what_was_planted(snr_db: int, rng: np.random.Generator) -> None:
    made = recording(silence(1.0), tone(2.0), silence(1.0))
    noise_rms = 0.3 / math.sqrt(2) / 10 ** (snr_db / 20)
    noisy = made.samples + (noise_rms * rng.standard_normal(len(made.samples))).astype(np.float32)
    assert levels_of(recording(noisy)).snr_db == pytest.approx(snr_db, abs=1.0)


def test_doubled_gain_is_six_decibels() -> None:
    soft, loud = (levels_of(recording(silence(1.0), tone(1.0, level=peak))) for peak in (0.2, 0.4))
    assert loud.speech_dbfs - soft.speech_dbfs == pytest.approx(6.02, abs=0.01)


def test_silence_has_no_speech_level() -> None:
    assert math.isnan(levels_of(recording(silence(1.0))).speech_dbfs)
    assert clipped_share(silence(0)) == 0.0


def test_clipping_is_the_share_of_samples_at_full_scale() -> None:
    """A sine of peak 2 held at 1 stays at the top for two thirds of its time: |sin| >= 1/2."""
    clipped = np.clip(tone(1.0, level=2.0), -1, 1)
    assert clipped_share(clipped) == pytest.approx(2 / 3, abs=0.02)
    assert clipped_share(tone(1.0, level=0.9)) == 0.0
