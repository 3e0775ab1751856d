"""Sines that hold their pitch, found in the spectrum.

Nothing that is sung or said does: the frequency of a partial is measured from the turn of its phase between
frames, to about 1 Hz, and a voice moves further within 0.1 s. So a sine is found by its steadiness, not by
its loudness, and also under speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ

LOW_HZ, HIGH_HZ = 280.0, 3200.0
"""Where sines are looked for: beeps lie between 300 and 2,100 Hz, a second sine half as high again."""

FRAME, HOP = 1280, 160
"""Samples: 80 ms, which tells 440 Hz from 480, every 10 ms."""

BIN_HZ = SAMPLE_RATE_HZ / FRAME

RING_BINS = (6, 12)
"""A partial stands out over the bins so far from it, on the quieter side."""

CONTRAST_DB = 9.0
STEADY_HZ = 3.0
"""How far a partial stands out, and how little its frequency changes from frame to frame."""

STEADY_FRAMES_MIN = 12
SPREAD_MAX_HZ, STILL_HZ, DRIFT_MAX_HZ_PER_S = (0.5, 0.8), 0.1, 5.0
"""A tone shows in so many frames at least (0.15 s gives 15). Over the middle half of them its frequency
strays by no more than the first, on average (the other one for `LONG_FRAMES`), and drifts no faster than
the last unless it strays by less than the second. Beeps stray by 0.1 Hz on noisy lines and by 0.4 Hz
through GSM; a voice that holds still for a moment drifts."""

SAME_HZ = 15.0
"""Partials nearer to each other than this are one sine, seen in two bins."""

LONG_FRAMES = 28
"""A sine of so many frames may stray further: nothing else holds its pitch for so long."""


@dataclass(frozen=True, kw_only=True)
class Partial:
    """One steady sine.

    Parameters
    ----------
    first, last : int
        Rows of the spectrum in which it sounds.
    hz : float
        Its frequency, the median over the middle half of them.
    amplitude : float
        Of the sine; full scale is 1.0.
    uneven_db : float
        How far its level strays from a straight line in time, on average.
    """

    first: int
    last: int
    hz: float
    amplitude: float
    uneven_db: float


def band_spectrum(samples: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Short-time spectrum of the band with the tones in it.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`; at least `FRAME` of them.

    Returns
    -------
    np.ndarray, shape=(n_frames, n_bins), dtype=complex64
        Row t is centred on ``t * HOP`` samples, column k on ``k * BIN_HZ``.
    """
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    low, high = 0, round(3400 / BIN_HZ) + 1
    rows = [
        np.fft.rfft(frames[start : start + 500] * window, axis=1)[:, low:high].astype(np.complex64)
        for start in range(0, len(frames), 500)
    ]
    return np.concatenate(rows)


def find_partials(spectrum: NDArray[np.complex64]) -> list[Partial]:
    """Find the sines that hold their pitch.

    Parameters
    ----------
    spectrum : np.ndarray, shape=(n_frames, n_bins)
        As `band_spectrum` gives it.

    Returns
    -------
    list of Partial
        In the order of their onsets; one for each sine.
    """
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    low, high = round(LOW_HZ / BIN_HZ), round(HIGH_HZ / BIN_HZ) + 1
    here = power[1:, low:high]
    peak = (here >= power[1:, low - 1 : high - 1]) & (here >= power[1:, low + 1 : high + 1])
    clear = here > 10 ** (CONTRAST_DB / 10) * _quieter_side(power[1:], low, high)
    # A peak on the border of two bins may be now in this and now in that one.
    marked = _steady(spectrum, peak & clear & (here > 1e-5), low)
    either = marked.copy()
    either[:, :-1] |= marked[:, 1:]
    found: list[Partial] = []
    for place in np.flatnonzero(either.sum(axis=0) >= STEADY_FRAMES_MIN).tolist():
        column = np.concatenate([[False], either[:, place], [False]])
        edges = np.flatnonzero(np.diff(column.astype(np.int8)))
        for start, stop in _bridged(edges.reshape(-1, 2).tolist()):
            if stop - start < STEADY_FRAMES_MIN:
                continue
            upper = min(place + 1, high - low - 1)
            rows = np.arange(start, stop)
            louder = np.where(here[rows, place] >= here[rows, upper], place, upper)
            partial = _partial(start, _turned_hz(spectrum, rows, low + louder), here[rows, louder])
            if partial is not None:
                found.append(partial)
    return _distinct(found)


def _quieter_side(power: NDArray[np.float32], low: int, high: int) -> NDArray[np.float64]:
    """Mean power over `RING_BINS` below and above each bin from `low` to `high`: the smaller one."""
    sums = np.cumsum(power, axis=1, dtype=np.float64)
    near, far = RING_BINS
    above = np.minimum(np.arange(low, high) + far, power.shape[1] - 1)
    right = sums[:, above] - sums[:, low + near - 1 : high + near - 1]
    left = sums[:, low - near : high - near] - sums[:, low - far - 1 : high - far - 1]
    quieter: NDArray[np.float64] = np.minimum(left, right) / (far - near + 1)
    return quieter


def _steady(spectrum: NDArray[np.complex64], peaks: NDArray[np.bool_], low: int) -> NDArray[np.bool_]:
    """Those peaks whose frequency lies in their own bin and is that of the frame before or behind.

    Frequencies are taken at the peaks alone: few bins hold one, and the angle is what costs time.
    """
    rows, columns = np.nonzero(peaks)
    bins = low + columns
    hz = _turned_hz(spectrum, rows, bins)
    before = np.abs(_turned_hz(spectrum, np.maximum(rows - 1, 0), bins) - hz)
    behind = np.abs(_turned_hz(spectrum, np.minimum(rows + 1, len(peaks) - 1), bins) - hz)
    holds = ((rows > 0) & (before <= STEADY_HZ)) | ((rows < len(peaks) - 1) & (behind <= STEADY_HZ))
    kept = holds & (np.abs(hz - bins * BIN_HZ) <= 0.75 * BIN_HZ)
    marked = np.zeros_like(peaks)
    marked[rows[kept], columns[kept]] = True
    return marked


def _turned_hz(
    spectrum: NDArray[np.complex64], rows: NDArray[np.intp], bins: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Frequency in some bins, from the turn of the phase between frame `row` and the next one."""
    turned = np.angle(spectrum[rows + 1, bins] * np.conj(spectrum[rows, bins])) / (2 * np.pi)
    away = turned - bins * BIN_HZ * HOP / SAMPLE_RATE_HZ
    hz: NDArray[np.float32] = (bins * BIN_HZ + (away - np.round(away)) * SAMPLE_RATE_HZ / HOP).astype(
        np.float32
    )
    return hz


def _bridged(runs: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Join runs that one or two frames part."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] <= 2:
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((start, stop))
    return joined


def _partial(start: int, hz: NDArray[np.float32], power: NDArray[np.float32]) -> Partial | None:
    """Describe a run of frames, or refuse it if its frequency moves in the middle of it."""
    loud = np.flatnonzero(power >= 0.25 * np.median(power))
    if len(loud) < STEADY_FRAMES_MIN:
        return None
    quarter = len(loud) // 4
    middle = hz[loud[quarter : len(loud) - quarter]].astype(np.float64)
    middle_hz = float(np.median(middle))
    strays_hz = float(np.abs(middle - middle_hz).mean())
    if strays_hz > SPREAD_MAX_HZ[len(loud) >= LONG_FRAMES]:
        return None
    if strays_hz > STILL_HZ and abs(_drift_hz_per_s(middle)) > DRIFT_MAX_HZ_PER_S:
        return None
    return Partial(
        first=start + int(loud[0]) + 1,
        last=start + int(loud[-1]) + 1,
        hz=middle_hz,
        amplitude=float(np.sqrt(np.median(power[loud]))) * 4 / FRAME,
        uneven_db=_uneven_db(power[loud[len(loud) // 8 : len(loud) - len(loud) // 8]]),
    )


def _drift_hz_per_s(hz: NDArray[np.float64]) -> float:
    """How fast a frequency moves, from the first half of its frames to the second."""
    half = len(hz) // 2
    moved_hz = float(np.median(hz[-half:]) - np.median(hz[:half]))
    return moved_hz / (len(hz) - half) * SAMPLE_RATE_HZ / HOP


def _uneven_db(power: NDArray[np.float32]) -> float:
    """Standard deviation of a level from a straight line in time: bells fade, and do it evenly."""
    level_db = 10 * np.log10(power.astype(np.float64))
    at = np.arange(len(level_db)) - (len(level_db) - 1) / 2
    slope = float(at @ level_db) / float(at @ at)
    return float(np.std(level_db - slope * at))


def _distinct(partials: Sequence[Partial]) -> list[Partial]:
    """Keep the longest of those that tell of one sine: it shows in two neighbouring bins."""
    kept: dict[int, list[Partial]] = {}
    for each in sorted(partials, key=lambda one: one.first - one.last):
        near = round(each.hz / SAME_HZ)
        others = (other for place in (near - 1, near, near + 1) for other in kept.get(place, ()))
        if not any(abs(each.hz - other.hz) < SAME_HZ and _together(each, other) > 0 for other in others):
            kept.setdefault(near, []).append(each)
    return sorted((each for found in kept.values() for each in found), key=lambda one: one.first)


def _together(a: Partial, b: Partial) -> int:
    return min(a.last, b.last) - max(a.first, b.first) + 1


def grouped(partials: Sequence[Partial]) -> list[list[Partial]]:
    """Put sines that sound together into one tone.

    Parameters
    ----------
    partials : sequence of Partial
        In the order of their onsets.

    Returns
    -------
    list of list of Partial
        One for each tone, in the order of their onsets.
    """
    groups: list[list[Partial]] = []
    sounding: list[list[Partial]] = []
    for each in partials:
        sounding = [group for group in sounding if group[0].last >= each.first]
        for group in sounding:
            shared = _together(each, group[0])
            if shared >= 0.6 * min(each.last - each.first + 1, group[0].last - group[0].first + 1):
                group.append(each)
                break
        else:
            groups.append([each])
            sounding.append(groups[-1])
    return groups
