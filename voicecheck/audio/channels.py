"""One channel out of several."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.echo import first_to_speak

MAX_CHANNELS = 6  # PyAV reads beyond the end of its list of planes from eight on


def mix_down(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make one channel of several without losing a voice.

    The mean of the channels that carry sound: one 30 dB or more below the loudest, such as the unused
    side of a call recorder, would only halve the level. One that repeats another a moment later is left out,
    for the sum of a voice and its echo is hard to read. Channels in opposite phase cancel; when their
    mean falls 9 dB below the loudest, which needs a correlation under -0.7, the loudest is taken alone.

    Parameters
    ----------
    channels : np.ndarray, shape=(n_samples, n_channels), dtype=float32

    Returns
    -------
    np.ndarray, shape=(n_samples,), dtype=float32

    Examples
    --------
    >>> left = np.array([0.5, -0.5], dtype=np.float32)
    >>> mix_down(np.stack([left, 0 * left], axis=1)), mix_down(np.stack([left, -left], axis=1))
    (array([ 0.5, -0.5], dtype=float32), array([ 0.5, -0.5], dtype=float32))
    """
    power = np.array([_power(channel) for channel in channels.T])
    loudest = int(power.argmax())
    sounding = _without_echoes(channels, np.flatnonzero(power >= 1e-3 * power[loudest]))
    loudest = max(sounding, key=lambda channel: power[channel])
    mean = channels[:, sounding].mean(axis=1, dtype=np.float32)
    cancelled = _power(mean) < 0.125 * power[loudest]
    return channels[:, loudest].copy() if cancelled else mean


def _without_echoes(channels: NDArray[np.float32], sounding: NDArray[np.intp]) -> list[int]:
    """Leave out the channels that repeat another one later."""
    kept: list[int] = []
    for channel in sounding.tolist():
        first = {other: first_to_speak(channels[:, other], channels[:, channel]) for other in kept}
        if 0 not in first.values():
            kept = [other for other in kept if first[other] is None] + [channel]
    return kept


def _power(samples: NDArray[np.float32]) -> float:
    return float(np.square(samples, dtype=np.float64).sum())
