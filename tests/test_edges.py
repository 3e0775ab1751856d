"""Where digits begin and end, from the level of the sound."""

from __future__ import annotations

import numpy as np
import pytest

from voicecheck.audio.levels import HOP_S, sample_levels_dbfs
from voicecheck.numbers.edges import INWARD_MAX_S, WIDER_MAX_S, refined
from voicecheck.speech.transcript import TimedDigit
from voicecheck.timing import Interval

RATE_HZ = 16_000


def heard(onset_s: float, offset_s: float) -> TimedDigit:
    return TimedDigit(digit="4", onset_s=onset_s, offset_s=offset_s, confidence=0.9)


def sound(*parts: tuple[float, float]) -> np.ndarray:
    """Levels of noise: each part's length in seconds and its level in dBFS."""
    rng = np.random.default_rng(1)
    pieces = [10 ** (level / 20) * rng.standard_normal(round(s * RATE_HZ)) for s, level in parts]
    return sample_levels_dbfs(np.concatenate(pieces).astype(np.float32))


def test_an_edge_in_a_pause_moves_to_the_sound() -> None:
    levels = sound((0.5, -70), (0.3, -20), (0.5, -70))
    (digit,) = refined([heard(0.475, 0.836)], [], levels)
    assert digit.onset_s == pytest.approx(0.5, abs=HOP_S)
    assert digit.offset_s == pytest.approx(0.8, abs=HOP_S)


def test_a_soft_beginning_that_stands_out_of_the_pause_is_part_of_the_digit() -> None:
    """The "s" of "six", 22 dB below its vowel."""
    levels = sound((0.5, -80), (0.1, -42), (0.25, -20), (0.5, -80))
    (digit,) = refined([heard(0.47, 0.85)], [], levels)
    assert digit.onset_s == pytest.approx(0.5, abs=HOP_S)


def test_without_a_pause_beside_it_a_digit_stays_as_it_was() -> None:
    levels = sound((0.5, -24), (0.3, -20), (0.5, -30))
    assert refined([heard(0.47, 0.84)], [], levels) == (heard(0.47, 0.84),)


def test_no_edge_moves_far() -> None:
    levels = sound((0.6, -70), (0.2, -20), (0.5, -70))
    (far,) = refined([heard(0.4, 0.8)], [], levels)
    assert far.onset_s <= 0.4 + INWARD_MAX_S
    (inner,) = refined([heard(0.65, 0.75)], [], levels)
    assert (inner.onset_s, inner.offset_s) == (0.65, 0.75)


def test_a_soft_end_reaches_to_the_end_of_its_sound_but_into_no_other_digit() -> None:
    levels = sound((1.5, -20))
    sounds = [Interval(onset_s=0.42, offset_s=1.05)]
    first, second = refined([heard(0.5, 0.7), heard(0.72, 1.0)], sounds, levels)
    assert (first.onset_s, first.offset_s) == (0.42, 0.7)
    assert (second.onset_s, second.offset_s) == (0.72, 1.05)
    (far,) = refined([heard(0.42 + WIDER_MAX_S + 0.01, 0.8)], sounds, levels)
    assert far.onset_s == 0.42 + WIDER_MAX_S + 0.01


def test_the_ends_of_a_recording_are_no_pauses() -> None:
    levels = sound((0.3, -20))
    assert refined([heard(0.0, 0.31), heard(2.0, 2.2)], [], levels) == (heard(0.0, 0.31), heard(2.0, 2.2))
