"""The audio condition: what can make every other measure untrustworthy.

Conventions
-----------
Levels are RMS in dB relative to a full-scale square wave (RMS 1.0 is 0 dB; a full-scale sine is -3.01); for a
speech level that unit is called dBov.

Metrics
-------
active level    how loud the speech is while there is speech, by method B of ITU-T P.56 [1]_: the level over
                the time in which the envelope, held on for 0.2 s, is within 15.9 dB of that level itself
activity        the share of the recording that this is
noise floor     median level of the frames in which nothing sounds
SNR             mean power of the frames in which it sounds, over the noise floor; it stays right where noise
                is so loud that P.56 takes it for activity
clipped share   samples at full scale
bandwidth       highest frequency at which loud frames stand clear of what is there without speech
echo            the voice itself, late and fainter: by how much (`audio.echo`)
dropouts        holes in speech that begin and end from one moment to the next, as lost packets leave them
lead, tail      dead air before the first sound and after the last

References
----------
.. [1] ITU-T Recommendation P.56 (12/2011), Objective measurement of active speech level. Here the envelope is
   taken every millisecond, which moves the level by less than 0.1 dB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.echo import echo
from voicecheck.audio.levels import HOP_S, Doubles, Samples, active_speech_level, power_spectra
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.timing import Interval

CLIP_LEVEL = 0.975
"""Magnitude from which a sample counts as clipped: the top step of mu-law decodes to 0.980."""

TELEPHONE_MAX_HZ = 4200.0
"""Narrow-band telephony ends at 3.4 kHz, and whatever is sampled at 8 kHz ends at 4."""

SPECTRUM_RANGE_DB = 60.0

CLEAR_OF_NOISE_DB = 10.0
"""A frequency is in the band if loud frames reach within so much of the strongest, and so far above noise."""

DROPOUT_MIN_S, DROPOUT_MAX_S = 0.015, 0.150

DROPOUT_DBFS = -60.0

DROPOUT_DEPTH_DB = 35.0

DROPOUT_EDGE_DB = 12.0

DROPOUT_STEP = 0.3
"""A hole is at most so loud and at least so far below the active level; within 10 ms before it and after it
the sound is no further than `DROPOUT_EDGE_DB` below that level, and it breaks off at a sample of at least
`DROPOUT_STEP` of it: no mouth closes in the middle of a wave."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """The audio condition of a recording; NaN is "not measured".

    Parameters
    ----------
    active_level_dbov : float
        NaN without activity.
    activity : float
        0 to 1; NaN without activity.
    noise_floor_dbfs : float
        NaN when nothing is silent.
    snr_db : float
        NaN if either is.
    clipped_share : float
        0 to 1.
    bandwidth_hz : float
        NaN when nothing sounds.
    dropouts : tuple of Interval
        In time order.
    lead_s, tail_s : float
        Seconds; the whole recording when nothing sounds.
    echo_delay_s, echo_db : float or None
        How late an echo comes, and its level against the voice; None without one.
    """

    active_level_dbov: float
    activity: float
    noise_floor_dbfs: float
    snr_db: float
    clipped_share: float
    bandwidth_hz: float
    dropouts: tuple[Interval, ...]
    lead_s: float
    tail_s: float
    echo_delay_s: float | None = None
    echo_db: float | None = None

    @property
    def band(self) -> Literal["telephone", "wide"] | None:
        """What the bandwidth is called; None if it was not measured."""
        if math.isnan(self.bandwidth_hz):
            return None
        return "telephone" if self.bandwidth_hz <= TELEPHONE_MAX_HZ else "wide"


def measure_condition(recording: Recording, levels_dbfs: Doubles, sounds: Sequence[Interval]) -> Condition:
    """Measure the audio condition.

    Parameters
    ----------
    recording : Recording
        What was heard.
    levels_dbfs : np.ndarray, shape=(n_frames,)
        Its frame levels, one each `HOP_S`.
    sounds : sequence of Interval
        Where it sounds.

    Returns
    -------
    Condition
        Levels in dB, shares of 0 to 1, times in seconds; NaN for what could not be measured.
    """
    samples = recording.samples
    loud = _is_in(np.arange(len(levels_dbfs)), HOP_S, sounds)
    level_dbov, activity = active_speech_level(samples)
    silent = levels_dbfs[~loud]
    floor_dbfs = float(np.median(silent)) if len(silent) else math.nan
    sound_dbfs = 10 * math.log10(np.mean(10 ** (levels_dbfs[loud] / 10))) if loud.any() else math.nan
    delay_s, echo_db = echo(samples) or (None, None)
    return Condition(
        active_level_dbov=level_dbov,
        activity=activity,
        noise_floor_dbfs=floor_dbfs,
        snr_db=sound_dbfs - floor_dbfs,
        clipped_share=clipped_share(samples),
        bandwidth_hz=bandwidth_hz(samples, sounds),
        dropouts=dropouts(samples, level_dbov),
        lead_s=sounds[0].onset_s if sounds else recording.duration_s,
        tail_s=max(0.0, recording.duration_s - sounds[-1].offset_s) if sounds else recording.duration_s,
        echo_delay_s=delay_s,
        echo_db=echo_db,
    )


def _is_in(frames: NDArray[Any], hop_s: float, sounds: Sequence[Interval]) -> NDArray[np.bool_]:
    """Whether each frame, counted in hops, lies where it sounds."""
    times_s = frames * hop_s
    inside = np.zeros(len(frames), dtype=bool)
    for sound in sounds:
        inside |= (times_s >= sound.onset_s) & (times_s <= sound.offset_s)
    return inside


def clipped_share(samples: Samples) -> float:
    """Compute the share of samples at full scale, 0 to 1; 0 for an empty signal.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        Full scale is 1.0.

    Returns
    -------
    float
        Of all samples.
    """
    return float(np.mean(np.abs(samples) >= CLIP_LEVEL)) if len(samples) else 0.0


def bandwidth_hz(samples: Samples, sounds: Sequence[Interval]) -> float:
    """Find the highest frequency that belongs to the sound and not to the noise behind it.

    In each band the loud frames (the 98th percentile of those that sound) are compared with the strongest
    band, and with the silent frames (their median).

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.
    sounds : sequence of Interval
        Where it sounds.

    Returns
    -------
    float
        In steps of 125 Hz, at most half of `SAMPLE_RATE_HZ`; NaN when nothing sounds.
    """
    frame = 512
    n_frames = len(samples) // frame
    if not n_frames or not sounds:
        return math.nan
    spectra = power_spectra(samples, frame)[:, 1:]
    bands_db = 10 * np.log10(spectra.reshape(n_frames, -1, 4).mean(axis=2) + 1e-12)
    loud = _is_in(np.arange(n_frames) + 0.5, frame / SAMPLE_RATE_HZ, sounds)
    if not loud.any():
        return math.nan
    speech_db = np.percentile(bands_db[loud], 98, axis=0)
    in_band = speech_db >= speech_db.max() - SPECTRUM_RANGE_DB
    if not loud.all():
        in_band &= speech_db >= np.median(bands_db[~loud], axis=0) + CLEAR_OF_NOISE_DB
    width_hz = SAMPLE_RATE_HZ / 2 / bands_db.shape[1]
    return float((np.flatnonzero(in_band)[-1] + 1) * width_hz) if in_band.any() else math.nan


def dropouts(samples: Samples, level_dbov: float) -> tuple[Interval, ...]:
    """Find sudden holes in speech.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.
    level_dbov : float
        The active speech level; NaN finds none.

    Returns
    -------
    tuple of Interval
        In time order, each right to 5 ms at both ends.
    """
    hop = SAMPLE_RATE_HZ // 400  # 2.5 ms
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if math.isnan(level_dbov) or not len(frames):
        return ()
    levels = 20 * np.log10(np.maximum(np.sqrt(np.square(frames, dtype=np.float64).mean(axis=1)), 1e-6))
    empty = levels <= min(DROPOUT_DBFS, level_dbov - DROPOUT_DEPTH_DB)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    hop_s, edge_db, reach = hop / SAMPLE_RATE_HZ, level_dbov - DROPOUT_EDGE_DB, 4
    found: list[Interval] = []
    for start, stop in edges.reshape(-1, 2).tolist():
        lasts_s = (stop - start) * hop_s
        before, after = levels[max(0, start - reach) : start], levels[stop : stop + reach]
        sudden = all(len(side) and side.max() >= edge_db for side in (before, after))
        fits = DROPOUT_MIN_S <= lasts_s <= DROPOUT_MAX_S
        if fits and sudden and _breaks_off(samples, start * hop, level_dbov):
            found.append(Interval(onset_s=start * hop_s, offset_s=stop * hop_s))
    return tuple(found)


def _breaks_off(samples: Samples, at: int, level_dbov: float) -> bool:
    """Whether the last samples before a hole are far from zero."""
    before = np.abs(samples[max(0, at - SAMPLE_RATE_HZ // 200) : at + SAMPLE_RATE_HZ // 400])
    loud = np.flatnonzero(before > 10 ** (DROPOUT_DBFS / 20) * 3)
    return len(loud) > 0 and bool(
        before[max(0, loud[-1] - 3) : loud[-1] + 1].max() >= DROPOUT_STEP * 10 ** (level_dbov / 20)
    )
