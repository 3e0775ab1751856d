"""Call-progress tones: ringing, busy, keys, fax and the beep, found in the signal.

Conventions
-----------
A tone is one sine or two that hold their pitch. Nothing that is sung or said does: the frequency of a
partial is measured from the turn of its phase between frames, to about 1 Hz, and a voice moves further
within 0.1 s. So a tone is found by its steadiness, not by its loudness, and also under speech. Onset and
offset are where its own narrow band passes half of its amplitude.

What a tone means follows from its frequencies and its rhythm. The plans are those of North America (ANSI
T1.401), of Great Britain (BT SIN 350) and of ITU-T E.180 with its supplement 2; keys are those of ITU-T
Q.23, fax is T.30.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval

Samples = NDArray[np.float32]
ToneKind = Literal["beep", "ringing", "hang_up", "key", "fax", "music"]

LOW_HZ, HIGH_HZ = 280.0, 2800.0
"""Where sines are looked for: beeps lie between 300 and 2,100 Hz, a second sine may lie higher."""

FRAME, HOP = 1280, 160
"""Samples: 80 ms, which tells 440 Hz from 480, every 10 ms."""

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

SECOND_DB = 15.0
"""A second sine further below the first is leakage."""

PURE = 0.92
PURE_UNDER_SPEECH, LONG_FRAMES = 0.35, 28
"""Share of the sound between 250 and 3,400 Hz that a tone is, in the better quarter of its frames. A tone of
`LONG_FRAMES` may have less: nothing else holds its pitch for so long."""

RICH = 0.4
"""A chord has more than two sines that are this strong beside the strongest."""

TONE_MIN_S, TONE_MIN_DBFS = 0.11, -60.0

ALIKE_HZ = 8.0
"""How far two tones, or a tone and a plan, may lie apart: networks keep to one per cent or so."""

RINGING_HZ = ((440.0, 480.0), (400.0, 450.0))
BUSY_HZ = (480.0, 620.0)
DIAL_HZ = (350.0, 440.0)
INFORMATION_HZ = (950.0, 1400.0, 1800.0)
KEY_LOW_HZ, KEY_HIGH_HZ = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
FAX_ANSWER_HZ, FAX_MIN_S = 2100.0, 1.5

RING_SINGLE_HZ, RING_SINGLE_MIN_S, RING_PERIOD_S = (390.0, 460.0), 0.7, (2.5, 6.5)
"""One sine rings where it is as long as this and comes again in this time."""

BUSY_PERIOD_S, BUSY_N = (0.3, 1.3), 4
"""So many equal tones in a regular rhythm tell that the line is busy or was hung up."""

HOLD_N = 4
"""A tone that comes again and again is a hold tone or a recorder's: a mailbox beeps once or twice."""

NEAR_S = 10.0
"""What a tone means is told from those that begin within so much time."""

BEEP_MAX_S = 2.5
TUNE_S, TUNE_N, TUNE_DB = 1.5, 3, 10.0
"""A tone with so many tones of other pitches within this time, none much softer, is a note of a tune."""


@dataclass(frozen=True, kw_only=True)
class Tone:
    """A tone, found in the signal.

    Parameters
    ----------
    kind : {"beep", "ringing", "hang_up", "key", "fax", "music"}
        What it means; "music" is any tone among others of other pitches.
    interval : Interval
        From onset to offset.
    frequencies_hz : tuple of float
        One or two, the lower first.
    level_dbfs : float
        RMS of the sines in it; a full-scale sine reads -3.01.
    purity : float
        Share of the sound that it is, 0 to 1: near 1 unless somebody speaks over all of it.
    """

    kind: ToneKind
    interval: Interval
    frequencies_hz: tuple[float, ...]
    level_dbfs: float
    purity: float


@dataclass(frozen=True, kw_only=True)
class _Partial:
    """One steady sine."""

    first: int
    last: int
    hz: float
    amplitude: float


def find_tones(samples: Samples) -> tuple[Tone, ...]:
    """Find the tones of a telephone line.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`; full scale is 1.0.

    Returns
    -------
    tuple of Tone
        In time order.

    Examples
    --------
    >>> t = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    >>> beep = np.where((t > 0.3) & (t < 0.7), 0.1 * np.sin(2 * np.pi * 1000 * t), 0).astype(np.float32)
    >>> [(tone.kind, round(tone.interval.offset_s, 1)) for tone in find_tones(beep)]
    [('beep', 0.7)]
    """
    if len(samples) < 2 * FRAME:
        return ()
    spectrum = _spectrum(samples)
    partials = _partials(spectrum)
    found = [_tone(group, samples, spectrum) for group in _grouped(partials)]
    tones = [tone for tone in found if tone is not None]
    return _named(sorted(tones, key=lambda tone: tone.interval.onset_s))


def _bin_hz() -> float:
    return SAMPLE_RATE_HZ / FRAME


def _spectrum(samples: Samples) -> NDArray[np.complex64]:
    """Short-time spectrum of the band with the tones in it, row t centred on ``t * HOP`` samples."""
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    low, high = 0, round(3400 / _bin_hz()) + 1
    rows = [
        np.fft.rfft(frames[start : start + 500] * window, axis=1)[:, low:high].astype(np.complex64)
        for start in range(0, len(frames), 500)
    ]
    return np.concatenate(rows)


def _partials(spectrum: NDArray[np.complex64]) -> list[_Partial]:
    """Find the sines that hold their pitch."""
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    low, high = round(LOW_HZ / _bin_hz()), round(HIGH_HZ / _bin_hz())
    bins = np.arange(low, high + 1)
    turned = np.angle(spectrum[1:, bins] * np.conj(spectrum[:-1, bins])) / (2 * np.pi)
    per_hop = bins * _bin_hz() * HOP / SAMPLE_RATE_HZ
    away = turned - per_hop
    hz = (bins * _bin_hz() + (away - np.round(away)) * SAMPLE_RATE_HZ / HOP).astype(np.float32)
    here = power[1:, bins]
    peak = (here >= power[1:, bins - 1]) & (here >= power[1:, bins + 1])
    sums = np.cumsum(power[1:], axis=1, dtype=np.float64)
    near, far = RING_BINS
    right = (sums[:, np.minimum(bins + far, power.shape[1] - 1)] - sums[:, bins + near - 1]) / (
        far - near + 1
    )
    left = (sums[:, bins - near] - sums[:, bins - far - 1]) / (far - near + 1)
    clear = here > 10 ** (CONTRAST_DB / 10) * np.minimum(left, right)
    steady = np.zeros_like(peak)
    # A peak on the border of two bins may be now in this and now in that one.
    is_peak = peak & clear & (here > 1e-5) & (np.abs(hz - bins * _bin_hz()) <= 0.75 * _bin_hz())
    steady[1:] = np.abs(hz[1:] - hz[:-1]) <= STEADY_HZ
    steady[:-1] |= np.abs(hz[1:] - hz[:-1]) <= STEADY_HZ
    marked = is_peak & steady
    either = marked.copy()
    either[:, :-1] |= marked[:, 1:]
    found: list[_Partial] = []
    for place in np.flatnonzero(either.sum(axis=0) >= STEADY_FRAMES_MIN).tolist():
        column = np.concatenate([[False], either[:, place], [False]])
        edges = np.flatnonzero(np.diff(column.astype(np.int8)))
        for start, stop in _bridged(edges.reshape(-1, 2).tolist()):
            if stop - start < STEADY_FRAMES_MIN:
                continue
            upper = min(place + 1, len(bins) - 1)
            rows = np.arange(start, stop)
            louder = np.where(here[rows, place] >= here[rows, upper], place, upper)
            partial = _partial(start, hz[rows, louder], here[rows, louder])
            if partial is not None:
                found.append(partial)
    return _distinct(found)


def _bridged(runs: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Join runs that one or two frames part."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] <= 2:
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((start, stop))
    return joined


def _partial(start: int, hz: NDArray[np.float32], power: NDArray[np.float32]) -> _Partial | None:
    """Describe a run of frames, or refuse it if its frequency moves in the middle of it."""
    loud = np.flatnonzero(power >= 0.25 * np.median(power))
    if len(loud) < STEADY_FRAMES_MIN:
        return None
    quarter = len(loud) // 4
    middle = hz[loud[quarter : len(loud) - quarter]].astype(np.float64)
    half = len(middle) // 2
    moved_hz = float(np.median(middle[-half:]) - np.median(middle[:half]))
    drift_hz_per_s = moved_hz / (len(middle) - half) * SAMPLE_RATE_HZ / HOP
    strays_hz = float(np.abs(middle - np.median(middle)).mean())
    if strays_hz > SPREAD_MAX_HZ[len(loud) >= LONG_FRAMES] or (
        strays_hz > STILL_HZ and abs(drift_hz_per_s) > DRIFT_MAX_HZ_PER_S
    ):
        return None
    return _Partial(
        first=start + int(loud[0]) + 1,
        last=start + int(loud[-1]) + 1,
        hz=float(np.median(middle)),
        amplitude=float(np.sqrt(np.median(power[loud]))) * 4 / FRAME,
    )


def _distinct(partials: Sequence[_Partial]) -> list[_Partial]:
    """Keep the longest of those that tell of one sine: it shows in two neighbouring bins."""
    kept: dict[int, list[_Partial]] = {}
    for each in sorted(partials, key=lambda one: one.first - one.last):
        near = round(each.hz / SAME_HZ)
        others = (other for place in (near - 1, near, near + 1) for other in kept.get(place, ()))
        if not any(abs(each.hz - other.hz) < SAME_HZ and _together(each, other) > 0 for other in others):
            kept.setdefault(near, []).append(each)
    return sorted((each for found in kept.values() for each in found), key=lambda one: one.first)


def _together(a: _Partial, b: _Partial) -> int:
    return min(a.last, b.last) - max(a.first, b.first) + 1


def _grouped(partials: Sequence[_Partial]) -> list[list[_Partial]]:
    """Put sines that sound together into one tone."""
    groups: list[list[_Partial]] = []
    sounding: list[list[_Partial]] = []
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


def _tone(group: Sequence[_Partial], samples: Samples, spectrum: NDArray[np.complex64]) -> Tone | None:
    """Measure one tone; None if it is too short, or a part of something richer."""
    by_level = sorted(group, key=lambda each: -each.amplitude)
    strongest = by_level[0]
    loud = [each for each in by_level if each.amplitude >= strongest.amplitude * 10 ** (-SECOND_DB / 20)]
    base = min(loud, key=lambda each: each.hz)
    own = [each for each in loud if each is base or not _is_overtone(each.hz, base.hz)]
    first, last = min(each.first for each in own), max(each.last for each in own)
    purity = _purity([each.hz for each in loud], spectrum[first : last + 1])
    level_dbfs = 10 * np.log10(sum(each.amplitude**2 for each in own) / 2 + 1e-12)
    is_pure = purity >= (PURE_UNDER_SPEECH if last - first >= LONG_FRAMES else PURE)
    if not is_pure or level_dbfs < TONE_MIN_DBFS:
        return None
    interval = _edges(strongest, own, samples)
    if interval.duration_s < TONE_MIN_S:
        return None
    return Tone(
        kind="beep"
        if sum(each.amplitude > RICH * strongest.amplitude for each in own) <= 2
        and interval.duration_s <= BEEP_MAX_S
        else "music",
        interval=interval,
        frequencies_hz=tuple(sorted(round(each.hz, 1) for each in own[:2])),
        level_dbfs=float(level_dbfs),
        purity=purity,
    )


def _is_overtone(hz: float, base_hz: float) -> bool:
    ratio = hz / base_hz
    return ratio > 1.5 and abs(ratio - round(ratio)) < 0.02


def _purity(tones_hz: Sequence[float], spectrum: NDArray[np.complex64]) -> float:
    power = np.square(np.abs(spectrum))[:, round(250 / _bin_hz()) :]
    bins = np.arange(power.shape[1]) + round(250 / _bin_hz())
    own = np.zeros(len(bins), dtype=bool)
    for hz in tones_hz:
        own |= np.abs(bins - hz / _bin_hz()) <= 3
    shares = power[:, own].sum(axis=1) / np.maximum(power.sum(axis=1), 1e-12)
    return float(np.percentile(shares, 75))


def _edges(partial: _Partial, own: Sequence[_Partial], samples: Samples) -> Interval:
    """Where the strongest sine's narrow band passes half of its amplitude, its beat smoothed away."""
    beat_hz = min((abs(each.hz - partial.hz) for each in own if each is not partial), default=np.inf)
    smooth_s = min(0.1, max(0.025, 2 / beat_hz))  # a slower beat is that of one sine seen twice
    reach = FRAME
    start = max(0, partial.first * HOP - reach)
    stop = min(len(samples), partial.last * HOP + reach)
    t = np.arange(start, stop) / SAMPLE_RATE_HZ
    carried = samples[start:stop] * np.exp(-2j * np.pi * partial.hz * t)
    smooth = np.hanning(round(smooth_s * SAMPLE_RATE_HZ))
    envelope = np.abs(np.convolve(carried, smooth / smooth.sum(), mode="same"))
    core = envelope[max(0, partial.first * HOP - start) : partial.last * HOP - start + 1]
    half = 0.5 * float(np.median(core))
    middle = (partial.first + partial.last) * HOP // 2 - start
    below = envelope < half
    before, after = np.flatnonzero(below[:middle]), np.flatnonzero(below[middle:])
    onset = start + (int(before[-1]) + 1 if len(before) else 0)
    offset = start + (middle + int(after[0]) if len(after) else stop - start)
    return Interval(onset_s=onset / SAMPLE_RATE_HZ, offset_s=offset / SAMPLE_RATE_HZ)


# ---- what a tone means ----


def _named(tones: Sequence[Tone]) -> tuple[Tone, ...]:
    """Tell what each tone means, from its pitch and from those around it."""
    onsets_s = [tone.interval.onset_s for tone in tones]
    named = []
    for place, tone in enumerate(tones):
        first = bisect_left(onsets_s, tone.interval.onset_s - NEAR_S)
        last = bisect_right(onsets_s, tone.interval.onset_s + NEAR_S)
        others = [*tones[first:place], *tones[place + 1 : last]]
        named.append(replace(tone, kind=_kind(tone, others)))
    rings = [tone for tone in named if tone.kind == "ringing"]
    # The recording may begin in the middle of a ring, which is then too short to be one alone.
    named = [
        replace(tone, kind="ringing") if any(_alike(tone, ring) for ring in rings) else tone for tone in named
    ]
    beeps = [tone for tone in named if tone.kind == "beep"]
    often = [tone for tone in beeps if sum(_alike(tone, other) for other in beeps) >= HOLD_N]
    return tuple(replace(tone, kind="music") if tone in often else tone for tone in named)


def _kind(tone: Tone, others: Sequence[Tone]) -> ToneKind:
    lasts_s = tone.interval.duration_s
    if _is_key(tone):
        return "key"
    if any(_fits(tone, pair) for pair in RINGING_HZ) or _rings_alone(tone, others):
        return "ringing"
    if _fits(tone, BUSY_HZ) or (_fits(tone, DIAL_HZ) and lasts_s > 0.5) or _is_rhythm(tone, others):
        return "hang_up"
    if _is_information(tone, others):
        return "hang_up"
    if _fits(tone, (FAX_ANSWER_HZ,)) and lasts_s >= FAX_MIN_S:
        return "fax"
    near = [
        each
        for each in others
        if _gap_s(tone, each) <= TUNE_S
        and not _alike(tone, each)
        and each.level_dbfs > tone.level_dbfs - TUNE_DB
    ]
    return "music" if len(near) >= TUNE_N else tone.kind


def _fits(tone: Tone, plan_hz: Sequence[float]) -> bool:
    return len(tone.frequencies_hz) == len(plan_hz) and all(
        abs(found - hz) <= ALIKE_HZ for found, hz in zip(tone.frequencies_hz, plan_hz, strict=True)
    )


def _alike(tone: Tone, other: Tone) -> bool:
    return _fits(tone, other.frequencies_hz)


def _is_key(tone: Tone) -> bool:
    if len(tone.frequencies_hz) != 2:
        return False
    low, high = tone.frequencies_hz
    return any(abs(low / hz - 1) < 0.015 for hz in KEY_LOW_HZ) and any(
        abs(high / hz - 1) < 0.015 for hz in KEY_HIGH_HZ
    )


def _rings_alone(tone: Tone, others: Sequence[Tone]) -> bool:
    low, high = RING_SINGLE_HZ
    if len(tone.frequencies_hz) != 1 or not low <= tone.frequencies_hz[0] <= high:
        return False
    shortest, longest = RING_PERIOD_S
    again = [abs(each.interval.onset_s - tone.interval.onset_s) for each in others if _alike(tone, each)]
    return tone.interval.duration_s >= RING_SINGLE_MIN_S and any(shortest <= gap <= longest for gap in again)


def _is_rhythm(tone: Tone, others: Sequence[Tone]) -> bool:
    """Whether a tone belongs to a row of equal ones in regular distances."""
    row = sorted(each.interval.onset_s for each in (tone, *others) if _alike(tone, each))
    steps = [later - sooner for sooner, later in pairwise(row)]
    shortest, longest = BUSY_PERIOD_S
    steps = [step for step in steps if shortest <= step <= longest]
    return len(steps) >= BUSY_N - 1 and max(steps) - min(steps) <= 0.15


def _is_information(tone: Tone, others: Sequence[Tone]) -> bool:
    """Whether a tone is one of the three rising ones before "the number is not in service"."""
    near = [tone, *(each for each in others if _gap_s(tone, each) < 1.0)]
    found = [any(abs(each.frequencies_hz[0] / hz - 1) < 0.05 for each in near) for hz in INFORMATION_HZ]
    return all(found) and any(abs(tone.frequencies_hz[0] / hz - 1) < 0.05 for hz in INFORMATION_HZ)


def _gap_s(a: Tone, b: Tone) -> float:
    return max(a.interval.onset_s, b.interval.onset_s) - min(a.interval.offset_s, b.interval.offset_s)
