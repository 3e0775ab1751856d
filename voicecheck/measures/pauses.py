"""Where the signal sounds, and the pauses between.

Conventions
-----------
A frame is `FRAME_S` long and a new one starts every `HOP_S`. A frame sounds when its level is at or above
a threshold: 25 dB below the loudest speech (the 99th percentile), as in the Praat script of de Jong and
Wempe [1]_, or `FLOOR_MARGIN_DB` above the noise floor (the 5th percentile; at most halfway up to the
speech) where that is higher, so that a noisy line still shows its pauses. A pause lasts 0.25 s or more,
the minimum that de Jong and Bosker [2]_ recommend.

References
----------
.. [1] de Jong & Wempe (2009), Behavior Research Methods 41(2), 385-390.
.. [2] de Jong & Bosker (2013), DiSS 2013, 17-20.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio import SAMPLE_RATE_HZ, Recording
from voicecheck.errors import ParameterError
from voicecheck.timing import Interval, gaps, merged, reaches

FRAME_S = 0.025
HOP_S = 0.010
PAUSE_MIN_S = 0.25
SOUND_MIN_S = 0.05
"""A shorter sound with silence around it is a click or a lip smack, not speech."""

BELOW_PEAK_DB = 25.0
FLOOR_MARGIN_DB = 6.0
DEAD_DBFS = -70.0
"""Nothing below this is speech, however quiet the rest: it is under the step of 12-bit audio."""


def frame_levels_dbfs(recording: Recording) -> NDArray[np.float64]:
    """Level of each frame, in dB relative to a full-scale square wave (RMS 1.0 is 0 dBFS).

    A full-scale sine reads -3.01 on this scale.

    Returns
    -------
    np.ndarray, shape=(n_frames,), dtype=float64
        Frame ``i`` is centred on ``i * HOP_S``; digital silence reads -120.
    """
    if not len(recording.samples):
        return np.zeros(0)
    frame = round(FRAME_S * SAMPLE_RATE_HZ)
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    # As librosa.feature.rms to the last bit, without the two seconds that importing librosa takes.
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(recording.samples, frame // 2), frame)[::hop]
    levels = np.sqrt(np.square(frames).mean(axis=1)).astype(np.float64)
    decibels: NDArray[np.float64] = 20 * np.log10(np.maximum(levels, 1e-6))
    return decibels


def sounding(levels_dbfs: NDArray[np.float64]) -> tuple[Interval, ...]:
    """Find where a signal sounds.

    Parameters
    ----------
    levels_dbfs : np.ndarray, shape=(n_frames,)
        From `frame_levels_dbfs`.

    Returns
    -------
    tuple of Interval
        In time order, parted by silences of any length; empty for a silent signal.
    """
    if not len(levels_dbfs):
        return ()
    loudest, floor = np.percentile(levels_dbfs, [99, 5])
    above_floor = min(floor + FLOOR_MARGIN_DB, (floor + loudest) / 2)
    threshold = max(DEAD_DBFS, loudest - BELOW_PEAK_DB, above_floor)
    loud = np.concatenate([[False], levels_dbfs >= threshold, [False]])
    edges = np.flatnonzero(np.diff(loud.astype(np.int8)))
    found = [
        Interval(onset_s=max(0.0, (start - 0.5) * HOP_S), offset_s=(stop - 0.5) * HOP_S)
        for start, stop in edges.reshape(-1, 2).tolist()
    ]
    joined = merged(found, gap_max_s=SOUND_MIN_S)
    return tuple(sound for sound in joined if reaches(sound.duration_s, SOUND_MIN_S))


def pauses(
    sounds: Sequence[Interval], message: Interval, *, pause_min_s: float = PAUSE_MIN_S
) -> tuple[Interval, ...]:
    """Find the silences of at least `pause_min_s` inside a message.

    Parameters
    ----------
    sounds : sequence of Interval
        Where the signal sounds.
    message : Interval
        From the first word to the last.
    pause_min_s : float > 0
        Seconds; studies use 0.1 to 1.0 s.

    Returns
    -------
    tuple of Interval
        In time order. A silence at the very edge of the message counts as far as it lies inside.

    Raises
    ------
    ParameterError
        If `pause_min_s` is not positive.

    Examples
    --------
    >>> one, two = Interval(onset_s=0.0, offset_s=0.5), Interval(onset_s=1.5, offset_s=2.0)
    >>> pauses([one, two], Interval(onset_s=0.0, offset_s=2.0))
    (Interval(onset_s=0.5, offset_s=1.5),)
    """
    if pause_min_s <= 0:
        raise ParameterError(f"pause_min_s must be positive, got {pause_min_s}")
    silences = gaps(sounds, within=message)
    return tuple(silence for silence in silences if reaches(silence.duration_s, pause_min_s))
