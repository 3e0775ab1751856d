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


def levelled(*parts: tuple[int, float]) -> np.ndarray:
    """Levels themselves: how many frames, and their level in dBFS."""
    return np.concatenate([np.full(n_frames, level) for n_frames, level in parts])


HALF_S = 0.0075
"""Half of a frame's 25 ms less a step's 10 ms: from the first loud frame's middle to what is loud."""


@pytest.mark.parametrize(
    ("pause_dbfs", "moves"), [(-70.0, True), (-40.5, True), (-40.0, False), (-39.5, False), (-25.0, False)]
)
def test_what_is_twenty_db_below_the_digit_is_a_pause(pause_dbfs: float, moves: bool) -> None:
    levels = levelled((60, pause_dbfs), (40, -20.0), (60, pause_dbfs))
    (digit,) = refined([heard(0.58, 1.02)], [], levels)
    there = (0.6 + HALF_S, 0.99 - HALF_S) if moves else (0.58, 1.02)
    assert (digit.onset_s, digit.offset_s) == pytest.approx(there)


@pytest.mark.parametrize(("step_dbfs", "onset_frame"), [(-60.0, 61), (-59.9, 60), (-61.0, 61)])
def test_a_digit_begins_where_the_level_has_risen_by_ten_db(step_dbfs: float, onset_frame: int) -> None:
    levels = levelled((60, -70.0), (1, step_dbfs), (40, -20.0))
    (digit,) = refined([heard(0.58, 0.95)], [], levels)
    assert digit.onset_s == pytest.approx(onset_frame * HOP_S + HALF_S)


@pytest.mark.parametrize(
    ("onset_s", "moves"),
    [(0.54, True), (0.53, False), (0.6, True), (0.62, True), (0.63, False), (0.7, False)],
)
def test_an_edge_moves_in_by_six_frames_and_its_quiet_lies_two_frames_outside(
    onset_s: float, moves: bool
) -> None:
    """The sound begins at frame 60: six behind 0.54 s, and the last quiet frame 59 is three before 0.62 s."""
    levels = levelled((60, -70.0), (60, -20.0))
    (digit,) = refined([heard(onset_s, 1.0)], [], levels)
    late = max(onset_s, 0.6 + HALF_S)
    assert digit.onset_s == pytest.approx(late if moves else onset_s)


@pytest.mark.parametrize(("offset_s", "moves"), [(1.05, True), (1.06, False), (0.98, True), (0.96, False)])
def test_the_end_of_a_digit_moves_as_its_beginning_does(offset_s: float, moves: bool) -> None:
    """The last loud frame is 99."""
    levels = levelled((100, -20.0), (60, -70.0))
    (digit,) = refined([heard(0.5, offset_s)], [], levels)
    assert digit.onset_s == 0.5
    assert digit.offset_s == pytest.approx(min(offset_s, 0.99 - HALF_S) if moves else offset_s)


@pytest.mark.parametrize(
    ("sound_s", "edges_s"),
    [
        ((0.4, 1.09), (0.4, 1.09)),
        ((0.39, 1.11), (0.5, 1.0)),
        ((0.5, 1.0), (0.5, 1.0)),
        ((0.51, 0.99), (0.5, 1.0)),
        ((0.45, 0.8), (0.45, 1.0)),
        ((0.7, 1.05), (0.5, 1.05)),
    ],
)
def test_an_edge_moves_out_to_an_end_of_its_sound_by_a_tenth_of_a_second(
    sound_s: tuple[float, float], edges_s: tuple[float, float]
) -> None:
    levels = levelled((200, -20.0))
    sounds = [Interval(onset_s=sound_s[0], offset_s=sound_s[1])]
    (digit,) = refined([heard(0.5, 1.0)], sounds, levels)
    assert (digit.onset_s, digit.offset_s) == edges_s


@pytest.mark.parametrize(("n_loud", "moves"), [(26, True), (25, False)])
def test_the_level_of_a_digit_is_that_of_its_louder_quarter(n_loud: int, moves: bool) -> None:
    """A pause at -55 is quiet beside -20, and not beside -50; of 101 frames 25 are above the quarter."""
    levels = levelled((60, -55.0), (n_loud, -20.0), (120 - n_loud, -50.0))
    (digit,) = refined([heard(0.58, 1.58)], [], levels)
    assert digit.onset_s == pytest.approx(0.6 + HALF_S if moves else 0.58)


def test_a_digit_reaches_back_to_the_one_before_it_and_no_farther() -> None:
    """The sound begins at 0.98 s, and the second digit ends at 1.0 s."""
    levels = levelled((300, -20.0))
    sounds = [Interval(onset_s=0.98, offset_s=2.0)]
    digits = [heard(0.5, 0.7), heard(0.72, 1.0), heard(1.05, 1.4), heard(1.5, 1.95)]
    first, second, third, last = refined(digits, sounds, levels)
    assert (first, second) == (digits[0], digits[1])
    assert (third.onset_s, third.offset_s) == (1.0, 1.4)
    assert (last.onset_s, last.offset_s) == (1.5, 2.0)


@pytest.mark.parametrize(("n_quiet", "moves"), [(59, True), (58, False)])
def test_quiet_is_looked_for_two_frames_outside_of_a_digit(n_quiet: int, moves: bool) -> None:
    """A breath at -38 is no pause beside -20, and rises by less than 10 dB out of the pause at -45."""
    levels = levelled((n_quiet, -45.0), (62 - n_quiet, -38.0), (60, -20.0))
    (digit,) = refined([heard(0.6, 1.0)], [], levels)
    assert digit.onset_s == pytest.approx(0.62 + HALF_S if moves else 0.6)
