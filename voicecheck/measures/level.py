"""How loud, how noisy, how clipped: what can make every other measure untrustworthy.

Conventions
-----------
Levels are RMS in dB relative to a full-scale square wave (RMS 1.0 is 0 dBFS; a full-scale sine is -3.01).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio import Recording
from voicecheck.measures.pauses import HOP_S
from voicecheck.timing import Interval

CLIP_LEVEL = 0.975
"""Magnitude from which a sample counts as clipped: the top step of mu-law decodes to 0.980."""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The audio condition of a recording.

    Parameters
    ----------
    speech_dbfs : float
        Mean power over the sounding frames; NaN when nothing sounds.
    noise_floor_dbfs : float
        Median level of the silent frames; NaN when nothing is silent.
    snr_db : float
        Speech level over noise floor; NaN if either is.
    clipped_share : float
        Share of samples at full scale, 0 to 1.
    """

    speech_dbfs: float
    noise_floor_dbfs: float
    snr_db: float
    clipped_share: float


def measure_levels(
    recording: Recording, levels_dbfs: NDArray[np.float64], sounds: Sequence[Interval]
) -> Levels:
    """Measure the audio condition.

    Parameters
    ----------
    recording : Recording
        What was heard.
    levels_dbfs : np.ndarray, shape=(n_frames,)
        Its frame levels.
    sounds : sequence of Interval
        Where it sounds.

    Returns
    -------
    Levels
        NaN where there is nothing to measure.
    """
    times_s = np.arange(len(levels_dbfs)) * HOP_S
    loud = np.zeros(len(levels_dbfs), dtype=bool)
    for sound in sounds:
        loud |= (times_s >= sound.onset_s) & (times_s <= sound.offset_s)
    speech_dbfs = 10 * math.log10(np.mean(10 ** (levels_dbfs[loud] / 10))) if loud.any() else math.nan
    floor_dbfs = float(np.median(levels_dbfs[~loud])) if not loud.all() else math.nan
    return Levels(
        speech_dbfs=speech_dbfs,
        noise_floor_dbfs=floor_dbfs,
        snr_db=speech_dbfs - floor_dbfs,
        clipped_share=clipped_share(recording.samples),
    )


def clipped_share(samples: NDArray[np.float32]) -> float:
    """Compute the share of samples at full scale, 0 to 1; 0 for an empty signal.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        Full scale is 1.0.
    """
    return float(np.mean(np.abs(samples) >= CLIP_LEVEL)) if len(samples) else 0.0
