"""Stretches of time in seconds, and the one rule for comparing them with a limit.

Conventions
-----------
Times are seconds from the start of the recording. An `Interval` is half open: it holds its onset, not
its offset, so intervals that touch do not overlap. A value is rounded to `N_DECIMALS` places before it
is compared with a limit, and sums are made of unrounded values: a gap of 0.30 s between times in
hundredths is otherwise below 0.30 in a third of all places, by floating point alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voicecheck.errors import ParameterError

N_DECIMALS = 4


@dataclass(frozen=True, kw_only=True, order=True)
class Interval:
    """A stretch of time.

    Parameters
    ----------
    onset_s, offset_s : float
        Finite seconds, ``0 <= onset_s <= offset_s``.

    Raises
    ------
    ParameterError
        If a time is not finite or negative, or the interval runs backwards.
    """

    onset_s: float
    offset_s: float

    def __post_init__(self) -> None:
        check_times(self.onset_s, self.offset_s)

    @property
    def duration_s(self) -> float:
        """Seconds from onset to offset."""
        return self.offset_s - self.onset_s


def check_times(onset_s: float, offset_s: float) -> None:
    """Refuse times that no sound can have.

    Parameters
    ----------
    onset_s, offset_s : float
        From the start of the recording, in seconds.

    Raises
    ------
    ParameterError
        If a time is not finite or is negative, or the offset lies before the onset.
    """
    if not (math.isfinite(onset_s) and math.isfinite(offset_s)):
        raise ParameterError(f"times must be finite, got {onset_s} to {offset_s}")
    if onset_s < 0:
        raise ParameterError(f"onset {onset_s:.3f} s lies before the start of the recording")
    if offset_s < onset_s:
        raise ParameterError(f"offset {offset_s:.3f} s lies before onset {onset_s:.3f} s")


def reaches(value: float, limit: float) -> bool:
    """Whether `value` is at or above `limit`, compared at `N_DECIMALS` places.

    Parameters
    ----------
    value, limit : float
        In the same unit.

    Returns
    -------
    bool
        True at equality.

    Examples
    --------
    >>> 0.1 + 0.2 - 0.3 == 0, reaches(0.3, 0.1 + 0.2)
    (False, True)
    """
    return round(value, N_DECIMALS) >= round(limit, N_DECIMALS)


def merged(intervals: Iterable[Interval], *, gap_max_s: float = 0.0) -> list[Interval]:
    """Join intervals that overlap, touch, or lie at most `gap_max_s` apart.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order; none gives an empty list.
    gap_max_s : float >= 0
        The widest gap, in seconds, that is filled.

    Returns
    -------
    list of Interval
        In time order, none touching another.

    >>> a, b = Interval(onset_s=0.0, offset_s=1.0), Interval(onset_s=1.2, offset_s=2.0)
    >>> merged([b, a], gap_max_s=0.2)
    [Interval(onset_s=0.0, offset_s=2.0)]
    """
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and reaches(gap_max_s, interval.onset_s - joined[-1].offset_s):
            offset_s = max(joined[-1].offset_s, interval.offset_s)
            joined[-1] = Interval(onset_s=joined[-1].onset_s, offset_s=offset_s)
        else:
            joined.append(interval)
    return joined


def gaps(intervals: Sequence[Interval], *, within: Interval) -> list[Interval]:
    """Find what `intervals` leave uncovered of `within`.

    Parameters
    ----------
    intervals : sequence of Interval
        In any order, overlaps allowed.
    within : Interval
        Where to look.

    Returns
    -------
    list of Interval
        In time order; all of `within` when there are no intervals.

    >>> word = Interval(onset_s=0.2, offset_s=0.6)
    >>> gaps([word], within=Interval(onset_s=0.0, offset_s=0.6))
    [Interval(onset_s=0.0, offset_s=0.2)]
    """
    found: list[Interval] = []
    free_from_s = within.onset_s
    for interval in merged(intervals):
        if interval.onset_s >= within.offset_s:
            break
        if interval.onset_s > free_from_s:
            found.append(Interval(onset_s=free_from_s, offset_s=interval.onset_s))
        free_from_s = max(free_from_s, interval.offset_s)
    if free_from_s < within.offset_s:
        found.append(Interval(onset_s=free_from_s, offset_s=within.offset_s))
    return found


def clipped(intervals: Iterable[Interval], within: Interval) -> tuple[Interval, ...]:
    """Cut intervals to what lies within another one; what only touches it is left out.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order.
    within : Interval
        What is kept.

    Returns
    -------
    tuple of Interval
        In the same order, without those that share nothing with it.

    Examples
    --------
    >>> clipped([Interval(onset_s=0.0, offset_s=2.0)], Interval(onset_s=1.0, offset_s=3.0))
    (Interval(onset_s=1.0, offset_s=2.0),)
    """
    return tuple(
        Interval(onset_s=max(each.onset_s, within.onset_s), offset_s=min(each.offset_s, within.offset_s))
        for each in intervals
        if overlap_s(each, within) > 0
    )


def overlap_s(a: Interval, b: Interval) -> float:
    """Seconds that two intervals share; 0 when they only touch.

    Parameters
    ----------
    a, b : Interval
        In any order.

    Returns
    -------
    float
        Never negative.
    """
    return max(0.0, min(a.offset_s, b.offset_s) - max(a.onset_s, b.onset_s))
