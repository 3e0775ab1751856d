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

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.timing import Interval, merged, reaches

Doubles = NDArray[np.float64]

Samples = NDArray[np.float32]

FRAME_S = 0.025

HOP_S = 0.010

SOUND_MIN_S = 0.05
"""A shorter sound with silence around it is a click or a lip smack, not speech."""

BELOW_PEAK_DB = 25.0

FLOOR_MARGIN_DB = 6.0

DEAD_DBFS = -70.0
"""Nothing below this is speech, however quiet the rest: it is under the step of 12-bit audio."""


def frame_levels_dbfs(recording: Recording) -> NDArray[np.float64]:
    """Level of each frame, in dB relative to a full-scale square wave (RMS 1.0 is 0 dBFS).

    A full-scale sine reads -3.01 on this scale.

    Parameters
    ----------
    recording : Recording
        Of any length.

    Returns
    -------
    np.ndarray, shape=(n_frames,), dtype=float64
        Frame ``i`` is centred on ``i * HOP_S``; digital silence reads -120.
    """
    return sample_levels_dbfs(recording.samples)


def sample_levels_dbfs(samples: Samples) -> NDArray[np.float64]:
    """The same of samples without a recording.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,), dtype=float32
        At `SAMPLE_RATE_HZ`.

    Returns
    -------
    np.ndarray, shape=(n_frames,), dtype=float64
    """
    if not len(samples):
        return np.zeros(0)
    frame = round(FRAME_S * SAMPLE_RATE_HZ)
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    levels = _rms(np.pad(samples, frame // 2), frame, hop).astype(np.float64)
    decibels: NDArray[np.float64] = 20 * np.log10(np.maximum(levels, 1e-6))
    return decibels


def load_librosa() -> None:
    """Have librosa measure in this process from now on.

    Levels are the same to the last bit, spectra but for rounding. Its import takes 1.9 s of CPU and 221 MB,
    more than a card from the prompt or a worker of a batch can spare, so it is for a process that lives long:
    who runs one asks for it, and no measure knows.
    """
    import librosa

    _ = librosa.feature.rms, librosa.stft  # whose modules are imported when they are first named


def _librosa() -> Any:
    """The library, in a process that has imported it; else None."""
    found = sys.modules.get("librosa")
    return found if "librosa.feature.spectral" in sys.modules else None


def _rms(samples: Samples, frame: int, hop: int) -> Samples:
    """Root mean square of each whole frame."""
    if (librosa := _librosa()) is not None:
        levels: Samples = librosa.feature.rms(y=samples, frame_length=frame, hop_length=hop, center=False)[0]
        return levels
    frames = np.lib.stride_tricks.sliding_window_view(samples, frame)[::hop]
    means: Samples = np.sqrt(np.square(frames).mean(axis=1))
    return means


def power_spectra(samples: Samples, frame: int) -> Samples:
    """Power at each frequency in whole frames side by side, seen through a Hann window.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,), dtype=float32
    frame : int > 0
        Samples in each; no more than there are.

    Returns
    -------
    np.ndarray, shape=(n_samples // frame, frame // 2 + 1), dtype=float32
    """
    window = np.hanning(frame).astype(np.float32)
    if (librosa := _librosa()) is not None:
        table = librosa.stft(samples, n_fft=frame, hop_length=frame, window=window, center=False).T
    else:
        n_frames = len(samples) // frame
        table = np.fft.rfft(samples[: n_frames * frame].reshape(-1, frame) * window)
    power: Samples = np.square(np.abs(table))
    return power


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


ENVELOPE_S = 0.03

HANGOVER_S = 0.2

MARGIN_DB = 15.9
"""Time constant of the envelope, how long activity is held, and the threshold below the level (P.56)."""


def active_speech_level(samples: Samples) -> tuple[float, float]:
    """Measure the active speech level and the activity by method B of ITU-T P.56.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`; full scale is 1.0.

    Returns
    -------
    level_dbov : float
        NaN for silence.
    activity : float
        0 to 1; NaN for silence.
    """
    step = SAMPLE_RATE_HZ // 1000
    energy = float(np.square(samples, dtype=np.float64).sum())
    envelope = _envelope(samples, step)
    at = np.arange(len(envelope))
    nearest: tuple[float, float] | None = None
    for power in range(-15, 1):
        threshold = 2.0**power
        last_above = np.maximum.accumulate(np.where(envelope >= threshold, at, -(10**9)))
        n_active = int((at - last_above <= HANGOVER_S * 1000).sum()) * step
        if not n_active:
            break
        level_db = 10 * math.log10(energy / n_active)
        above_db = level_db - 20 * math.log10(threshold)
        if above_db <= MARGIN_DB:
            level_db = _interpolated(nearest, (above_db, level_db))
            return level_db, min(1.0, energy / len(samples) / 10 ** (level_db / 10))
        nearest = above_db, level_db
    return math.nan, math.nan


def _interpolated(before: tuple[float, float] | None, after: tuple[float, float]) -> float:
    """Level where the threshold lies `MARGIN_DB` below it, between two thresholds on either side."""
    if before is None:
        return after[1]
    share = (before[0] - MARGIN_DB) / (before[0] - after[0])
    return before[1] + share * (after[1] - before[1])


def _envelope(samples: Samples, step: int) -> Doubles:
    """Rectify, and average twice with `ENVELOPE_S`, one value each `step` samples."""
    rectified = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).mean(axis=1)
    keep = math.exp(-step / SAMPLE_RATE_HZ / ENVELOPE_S)
    lags = np.arange(round(12 * ENVELOPE_S * SAMPLE_RATE_HZ / step))
    response = (1 - keep) ** 2 * (lags + 1) * keep**lags  # of two exponential averages in a row
    return np.convolve(rectified, response)[: len(rectified)] if len(rectified) else np.zeros(0)


PEAK_S = 0.05
"""Seconds of sound behind each of `Hearing.peaks`."""


def measure_peaks(samples: NDArray[np.float32]) -> tuple[float, ...]:
    """Find the largest magnitude in each `PEAK_S`, to three places.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.

    Returns
    -------
    tuple of float
        0 to 1; the last piece may be a short one.

    Examples
    --------
    >>> measure_peaks(np.full(1200, -0.25, dtype=np.float32))
    (0.25, 0.25)
    """
    if not len(samples):
        return ()
    starts = np.arange(0, len(samples), round(PEAK_S * SAMPLE_RATE_HZ))
    peaks: list[float] = np.maximum.reduceat(np.abs(samples), starts).astype(np.float64).round(3).tolist()
    return tuple(peaks)
