"""Call-progress tones: ringing, busy, keys, fax and the beep, found in the signal.

Conventions
-----------
A tone is one sine or two that hold their pitch (`partials`). Onset and offset are where its own narrow band
passes half of its amplitude.

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

from voicecheck.audio.partials import (
    BIN_HZ,
    FRAME,
    HOP,
    LONG_FRAMES,
    Partial,
    band_spectrum,
    find_partials,
    grouped,
)
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval

Samples = NDArray[np.float32]
ToneKind = Literal["beep", "ringing", "hang_up", "key", "fax", "music"]

SECOND_DB = 15.0
"""A second sine further below the first is leakage."""

PURE = 0.92
PURE_UNDER_SPEECH = (0.6, 0.35)
"""Share of the sound between 250 and 3,400 Hz that a tone is, in the better quarter of its frames. A tone of
`LONG_FRAMES` may have less, for nothing else holds its pitch for so long, and so may an even one: the second
of the two, and the first."""

EVEN_DB, EVEN_FRAMES = 0.5, 15
"""How far the level of a tone strays, on average, from a straight line in time: of 99 beeps one did so by
more than this, of 81 steady partials of voices three in four. An even tone under speech has so many frames;
one that is not even is no beep, unless it is pure and long."""

PURE_ALONE, EVEN_ALONE_DB = 0.98, 1.0
"""A tone of 0.15 s has edges that make it uneven (0.6 to 0.9 dB); where nothing else sounds, that may be so.
Of 97 recordings of speech none holds one; in calls all were beeps, first notes of them or ringing."""

RICH = 0.4
"""A chord has more than two sines that are this strong beside the strongest."""

TONE_MIN_S, TONE_MIN_DBFS = 0.11, -60.0

TWICE_HZ = 20.0
"""A slower beat is that of one sine that was seen twice, and may stand still."""

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
    spectrum = band_spectrum(samples)
    found = [_tone(group, samples, spectrum) for group in grouped(find_partials(spectrum))]
    tones = [tone for tone in found if tone is not None]
    return _named(sorted(tones, key=lambda tone: tone.interval.onset_s))


def _tone(group: Sequence[Partial], samples: Samples, spectrum: NDArray[np.complex64]) -> Tone | None:
    """Measure one tone; None if it is too short, or a part of something richer."""
    by_level = sorted(group, key=lambda each: -each.amplitude)
    strongest = by_level[0]
    loud = [each for each in by_level if each.amplitude >= strongest.amplitude * 10 ** (-SECOND_DB / 20)]
    base = min(loud, key=lambda each: each.hz)
    own = [each for each in loud if each is base or not _is_overtone(each.hz, base.hz)]
    first, last = min(each.first for each in own), max(each.last for each in own)
    purity = _purity([each.hz for each in loud], spectrum[first : last + 1])
    level_dbfs = 10 * np.log10(sum(each.amplitude**2 for each in own) / 2 + 1e-12)
    is_long, is_pure = last - first >= LONG_FRAMES, purity >= PURE
    is_even = strongest.uneven_db <= EVEN_DB
    stands_out = is_long or (is_even and last - first >= EVEN_FRAMES)
    is_pure_enough = is_pure or (stands_out and purity >= PURE_UNDER_SPEECH[is_long])
    if not is_pure_enough or level_dbfs < TONE_MIN_DBFS:
        return None
    interval = _edges(strongest, own, samples)
    if interval.duration_s < TONE_MIN_S:
        return None
    return Tone(
        kind="beep"
        if (
            is_even
            or (is_pure and is_long)
            or (purity >= PURE_ALONE and strongest.uneven_db <= EVEN_ALONE_DB)
        )
        and sum(each.amplitude > RICH * strongest.amplitude for each in own) <= 2
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
    power = np.square(np.abs(spectrum))[:, round(250 / BIN_HZ) :]
    bins = np.arange(power.shape[1]) + round(250 / BIN_HZ)
    own = np.zeros(len(bins), dtype=bool)
    for hz in tones_hz:
        own |= np.abs(bins - hz / BIN_HZ) <= 3
    shares = power[:, own].sum(axis=1) / np.maximum(power.sum(axis=1), 1e-12)
    return float(np.percentile(shares, 75))


def _edges(partial: Partial, own: Sequence[Partial], samples: Samples) -> Interval:
    """Where the strongest sine's narrow band passes half of its amplitude, its beat smoothed away."""
    beat_hz = min((abs(each.hz - partial.hz) for each in own if each is not partial), default=np.inf)
    smooth_s = max(0.025, 2 / max(beat_hz, TWICE_HZ))
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
