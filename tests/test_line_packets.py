from __future__ import annotations

import numpy as np
import pytest

from voicecheck.errors import ParameterError
from voicecheck.linetest.packets import BAD_LINES, PACKET_SAMPLES, Line, concealed, lost_packets


def bursts(lost: np.ndarray) -> np.ndarray:
    """Lengths of the runs of lost packets."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], lost.astype(int), [0]])))
    return np.diff(edges.reshape(-1, 2), axis=1).ravel()


@pytest.mark.parametrize("line", BAD_LINES)
def test_losses_have_the_mean_and_the_bursts_of_their_line(line: Line, rng: np.random.Generator) -> None:
    """Over 200,000 packets the standard error of both means is below 4 % of them."""
    lost = lost_packets(line, 200_000, rng)
    assert lost.mean() == pytest.approx(line.loss, rel=0.15)
    assert bursts(lost).mean() == pytest.approx(line.burst, rel=0.15)


def test_the_lengths_of_bursts_are_geometric(rng: np.random.Generator) -> None:
    """A Markov chain forgets: half of the bursts of mean 2 are one packet long, a quarter two, ..."""
    lengths = bursts(lost_packets(Line(codec="GSM", loss=0.1, burst=2.0), 400_000, rng))
    shares = [np.mean(lengths == n) for n in (1, 2, 3)]
    assert shares == pytest.approx([0.5, 0.25, 0.125], abs=0.02)


def test_the_first_packet_is_lost_as_often_as_any_other() -> None:
    line = Line(codec="GSM", loss=0.25, burst=4.0)
    first = [lost_packets(line, 1, np.random.default_rng(seed))[0] for seed in range(2000)]
    assert np.mean(first) == pytest.approx(0.25, abs=0.04)


def test_the_same_seed_loses_the_same_packets() -> None:
    one, other = (lost_packets(BAD_LINES[-1], 300, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_a_line_without_loss_changes_nothing(rng: np.random.Generator) -> None:
    lost = lost_packets(Line(codec="GSM", loss=0.0, burst=1.0), 50, rng)
    sound = rng.standard_normal(50 * PACKET_SAMPLES).astype(np.float32)
    assert not lost.any()
    np.testing.assert_array_equal(concealed(sound, lost), sound)


def test_a_lost_packet_replays_the_last_one_and_fades() -> None:
    """Packets of ones and of twos; the third and fourth are lost: the second again, down to half."""
    sound = np.repeat(np.float32([1, 2, 9, 9, 3]), PACKET_SAMPLES)
    heard = concealed(sound, np.array([False, False, True, True, False])).reshape(5, -1)
    assert heard[2, 0] == pytest.approx(2.0)
    assert heard[3, 0] == pytest.approx(2.0 * 0.75)
    assert heard[3, -1] == pytest.approx(2.0 * 0.5, abs=0.01)
    assert (heard[[0, 1, 4]] == [[1], [2], [3]]).all()


def test_a_long_burst_fades_to_silence_and_nothing_comes_before_the_first_packet() -> None:
    sound = np.ones(7 * PACKET_SAMPLES, dtype=np.float32)
    heard = concealed(sound, np.array([True, False, True, True, True, True, True])).reshape(7, -1)
    assert not heard[0].any()
    assert heard[5].any()
    assert not heard[6].any()


@pytest.mark.parametrize(("loss", "burst"), [(-0.1, 2.0), (1.0, 2.0), (0.1, 0.5)])
def test_impossible_lines_are_refused(loss: float, burst: float) -> None:
    with pytest.raises(ParameterError):
        Line(codec="GSM", loss=loss, burst=burst)


def test_flags_must_fit_the_sound() -> None:
    with pytest.raises(ParameterError, match="not 2 packets"):
        concealed(np.zeros(PACKET_SAMPLES, dtype=np.float32), np.array([False, True]))
