"""How a voice sounds, in a few numbers: enough to tell that somebody else, or another line, is heard.

Conventions
-----------
A frame is 40 ms long and a new one starts every `HOP_S`. A stretch of speech is described by its loud
frames (within `LOUD_DB` of the 95th percentile): their mean spectrum in dB over `N_BANDS` bands of equal
width in mel, the level taken out; the median of the pitch; and the level. This is no speaker recognition:
the spectrum holds the line as well as the voice, and here both are wanted, for a mailbox speaks through
another line than the one who calls it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval

Samples = NDArray[np.float32]
Rows = NDArray[np.float32]

HOP_S = 0.020
FRAME, FFT = 640, 1024
N_BANDS, LOWEST_HZ, HIGHEST_HZ = 20, 120.0, 7600.0
PITCH_LOW_HZ, PITCH_HIGH_HZ = 70.0, 400.0
VOICED = 0.5
"""Autocorrelation at the best lag, over that at zero, from which a frame counts as voiced."""

LOUD_DB = 25.0
STRETCH_MIN_S = 0.4
"""Less loud sound than this describes no voice."""

BAND_DEPTH_DB = 45.0
"""A band further below its frame is taken for this: there is nothing but rounding in the bands that a line
lacks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class VoiceTrack:
    """What `voice_track` measured, one row each `HOP_S`.

    Parameters
    ----------
    bands_db : np.ndarray, shape=(n_frames, N_BANDS), dtype=float32
        Level in each band, relative to the frame's.
    level_db : np.ndarray, shape=(n_frames,), dtype=float32
        Level of the frame.
    pitch_hz : np.ndarray, shape=(n_frames,), dtype=float32
        NaN where nothing is voiced.
    """

    bands_db: Rows
    level_db: Rows
    pitch_hz: Rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Voice:
    """How one stretch of speech sounds.

    Parameters
    ----------
    shape_db : np.ndarray, shape=(N_BANDS,), dtype=float32
        Mean spectrum, its mean taken out.
    level_db : float
        Mean level of the loud frames.
    pitch_hz : float
        Median; NaN where nothing is voiced.
    """

    shape_db: Rows
    level_db: float
    pitch_hz: float


def voice_track(samples: Samples) -> VoiceTrack:
    """Measure spectrum, level and pitch, frame by frame.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.

    Returns
    -------
    VoiceTrack
        One value, or row, a frame.
    """
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, FRAME // 2), FRAME)[::hop]
    bands, pitch = [], []
    weights = _band_weights()
    for start in range(0, len(frames), 500):
        spectrum = np.fft.rfft(frames[start : start + 500] * window, FFT, axis=1)
        power = (np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32) / np.float32(FRAME)
        bands.append(power @ weights)
        pitch.append(_pitch_hz(power))
    energy = np.concatenate(bands) + np.float32(1e-12)
    level_db = 10 * np.log10(energy.sum(axis=1, keepdims=True))
    return VoiceTrack(
        bands_db=np.maximum(10 * np.log10(energy) - level_db, -BAND_DEPTH_DB).astype(np.float32),
        level_db=level_db[:, 0].astype(np.float32),
        pitch_hz=np.concatenate(pitch),
    )


def _band_weights() -> Rows:
    """Sum the bins of each band; bands are equally wide in mel and do not overlap."""
    edges_mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), N_BANDS + 1)
    bin_mel = _mel(np.arange(FFT // 2 + 1) * SAMPLE_RATE_HZ / FFT)
    inside = (bin_mel[:, None] >= edges_mel[:-1]) & (bin_mel[:, None] < edges_mel[1:])
    return inside.astype(np.float32)


def _mel(hz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(2595 * np.log10(1 + np.asarray(hz) / 700))


def _pitch_hz(power: Rows) -> Rows:
    """Find the lag at which each frame is most like itself."""
    alike = np.fft.irfft(power, axis=1)
    first, last = round(SAMPLE_RATE_HZ / PITCH_HIGH_HZ), round(SAMPLE_RATE_HZ / PITCH_LOW_HZ)
    taper = 1 - np.arange(last + 1) / FRAME  # of the window: fewer samples overlap at a longer lag
    lags = alike[:, first : last + 1] / taper[first:]
    best = lags.argmax(axis=1)
    voiced = lags[np.arange(len(lags)), best] > VOICED * np.maximum(alike[:, 0], 1e-12)
    return np.where(voiced, SAMPLE_RATE_HZ / (first + best), np.nan).astype(np.float32)


def describe(track: VoiceTrack, stretches: Sequence[Interval]) -> Voice | None:
    """Describe the voice in some stretches of speech; None if there is too little of it.

    Parameters
    ----------
    track : VoiceTrack
        Of the whole recording.
    stretches : sequence of Interval
        Where this voice speaks.

    Returns
    -------
    Voice or None
        The mean over the frames that sound in them.
    """
    inside = np.zeros(len(track.level_db), dtype=bool)
    for each in stretches:
        inside[round(each.onset_s / HOP_S) : round(each.offset_s / HOP_S) + 1] = True
    if not inside.any():
        return None
    loud = inside & (track.level_db >= np.percentile(track.level_db[inside], 95) - LOUD_DB)
    if loud.sum() * HOP_S < STRETCH_MIN_S:
        return None
    mean = track.bands_db[loud].mean(axis=0)
    pitch = track.pitch_hz[loud]
    voiced = pitch[np.isfinite(pitch)]
    return Voice(
        shape_db=mean - mean.mean(),
        level_db=float(track.level_db[loud].mean()),
        pitch_hz=float(np.median(voiced)) if len(voiced) >= 5 else math.nan,
    )


def difference(one: Voice | None, other: Voice | None) -> tuple[float, float, float]:
    """Tell how far two voices lie apart.

    Parameters
    ----------
    one, other : Voice or None
        None for a voice that is not known.

    Returns
    -------
    shape_db, pitch_octaves, level_db : float
        Root mean square over the bands; magnitude of the interval; magnitude of the difference. Zero where
        a voice or its pitch is not known.
    """
    if one is None or other is None:
        return 0.0, 0.0, 0.0
    shape_db = float(np.sqrt(np.square(one.shape_db - other.shape_db).mean()))
    octaves = abs(math.log2(one.pitch_hz / other.pitch_hz))
    return shape_db, 0.0 if math.isnan(octaves) else octaves, abs(one.level_db - other.level_db)
