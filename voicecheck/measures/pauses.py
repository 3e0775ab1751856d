"""Pauses: silence inside the message, and between the groups of a number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from voicecheck.errors import ParameterError
from voicecheck.timing import Interval, gaps, reaches

PAUSE_MIN_S = 0.25


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


GROUP_GAP_MIN_S = 0.15
"""A silence between two digits that a listener hears as the end of a group."""


def group_gaps(digits: Sequence[Interval]) -> tuple[Interval, ...]:
    """Find the gaps between the groups of a recitation, offset of one digit to onset of the next.

    Parameters
    ----------
    digits : sequence of Interval
        In time order.

    Returns
    -------
    tuple of Interval
        One fewer than there are groups.

    Examples
    --------
    >>> six, one = Interval(onset_s=0.0, offset_s=0.3), Interval(onset_s=0.8, offset_s=1.0)
    >>> group_gaps([six, one])
    (Interval(onset_s=0.3, offset_s=0.8),)
    """
    return tuple(
        Interval(onset_s=before.offset_s, offset_s=after.onset_s)
        for before, after in pairwise(digits)
        if reaches(after.onset_s - before.offset_s, GROUP_GAP_MIN_S)
    )


def longest_silence_s(sounds: Sequence[Interval], within: Interval) -> float:
    """Measure the longest silence inside a stretch, in seconds.

    Parameters
    ----------
    sounds : sequence of Interval
        In time order, without overlap.
    within : Interval
        From its start to the first sound counts, too.

    Returns
    -------
    float
        0 to the length of `within`.

    Examples
    --------
    >>> one, two = Interval(onset_s=0.0, offset_s=0.5), Interval(onset_s=1.5, offset_s=2.0)
    >>> longest_silence_s([one, two], Interval(onset_s=0.2, offset_s=1.8))
    1.0
    """
    return max((silence.duration_s for silence in gaps(sounds, within=within)), default=0.0)
