"""A listener with a pen: how far behind the voice they are after each digit.

The listener writes at a steady rate, starts on a digit once it has been heard to its end, and keeps what is
not yet on paper in mind. Whoever has as many digits in mind as memory holds loses the next one. People write
31 words a minute from memory and copy 22 [1]_: 2.6 and 1.8 characters a second at five to the word. They
keep three to five things in mind, four in the mean, while they do something else [2]_.

References
----------
.. [1] Brown (1988), Human-Computer Interface Design Guidelines, Ablex.
.. [2] Cowan (2001), The magical number 4 in short-term memory, Behavioral and Brain Sciences 24(1), 87-114.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from voicecheck.timing import N_DECIMALS, Interval, reaches


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A stretch of time in which digits wait in mind for the pen, besides the one that it writes."""

    interval: Interval
    n_digits: int


@dataclass(frozen=True, kw_only=True)
class WrittenDown:
    """How a listener with a pen fared with one saying.

    Parameters
    ----------
    behind : tuple of int, length n_digits
        Digits before this one that were not yet on paper when it had been said.
    lost : tuple of int
        Places of the digits that found no room in memory.
    waits : tuple of Wait
        When how many digits wait, in time order, without the stretches in which none does.
    """

    behind: tuple[int, ...]
    lost: tuple[int, ...]
    waits: tuple[Wait, ...] = ()


def write_down(digits: Sequence[Interval], *, digits_per_s: float, digits_in_mind: int) -> WrittenDown:
    """Follow a listener who writes down one saying.

    Parameters
    ----------
    digits : sequence of Interval
        When each was said, in time order.
    digits_per_s : float > 0
        How fast they write.
    digits_in_mind : int >= 1
        How many they remember, the one just being written among them.

    Examples
    --------
    Four digits in a second, written at two a second: the fourth is heard while the second is being written.

    >>> fast = [Interval(onset_s=k / 4, offset_s=(k + 1) / 4) for k in range(4)]
    >>> writing = write_down(fast, digits_per_s=2.0, digits_in_mind=4)
    >>> writing.behind, [(wait.interval.onset_s, wait.n_digits) for wait in writing.waits]
    ((0, 1, 1, 2), [(0.5, 1), (1.0, 2), (1.25, 1)])

    Returns
    -------
    WrittenDown
        How far the pen is behind at each digit, and where it has to wait.
    """
    kept_s: list[float] = []
    finished_s: list[float] = []
    behind: list[int] = []
    lost: list[int] = []
    for place, digit in enumerate(digits):
        heard_s = digit.offset_s
        behind.append(sum(not reaches(heard_s, each) for each in finished_s))
        if behind[-1] >= digits_in_mind:
            lost.append(place)
            continue
        starts_s = max([heard_s, *finished_s])
        kept_s.append(heard_s)
        finished_s.append(starts_s + 1.0 / digits_per_s)
    return WrittenDown(behind=tuple(behind), lost=tuple(lost), waits=tuple(_waits(kept_s, finished_s)))


def _waits(kept_s: Sequence[float], finished_s: Sequence[float]) -> Iterator[Wait]:
    """Tell from when each digit was heard and when it was on paper how many wait, and how long."""
    changes = sorted(
        [(round(at_s, N_DECIMALS), 1) for at_s in kept_s]
        + [(round(at_s, N_DECIMALS), -1) for at_s in finished_s]
    )
    n_unwritten, since_s = 0, 0.0
    for at_s, steps in groupby(changes, key=itemgetter(0)):
        change = sum(step for _, step in steps)
        if change and n_unwritten > 1:
            yield Wait(interval=Interval(onset_s=since_s, offset_s=at_s), n_digits=n_unwritten - 1)
        if change:
            n_unwritten, since_s = n_unwritten + change, at_s
