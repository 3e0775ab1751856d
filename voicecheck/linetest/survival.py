"""What of a number survives on bad lines: what a listener writes down from each saying, and from all.

Conventions
-----------
A *written* number has one letter for each digit of the number: the digit that was heard there, right or
wrong; ``?`` where none could be made out; ``.`` where the test says nothing, because the digit head does
not read that digit in any saying of the recording itself, so that a miss may be its own fault.

A *hearing matrix* holds, for each digit of the number, the probabilities of the ten digits and, last, of no
digit: shape (n_digits, 11).

A digit is *made out* where its probability reaches `MADE_OUT_MIN`. A listener who hears several sayings
votes digit by digit: each saying in which the digit was made out speaks for what was heard, with its
probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from voicecheck.linetest.packets import Line

LOST, UNTESTED = "?", "."

MADE_OUT_MIN = 0.9
"""Below this probability a listener is guessing. Set so on a development set of natural strings, as many of
them come through whole as when the head reads them without knowing where the digits are."""

COVERAGE = 0.95
"""Of the intervals of confidence."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LineResult:
    """What came through one line.

    Parameters
    ----------
    line : Line
        Which one.
    first, all_sayings : str
        What a listener writes down from the first saying alone, and from all of them.
    """

    line: Line
    first: str
    all_sayings: str


@dataclass(frozen=True, kw_only=True)
class LineTest:
    """A number on bad lines.

    Parameters
    ----------
    digits : str
        The number as the first saying has it, with its plus; empty if no number could be tested.
    n_sayings : int
        How many sayings of it were sent, partial ones included.
    results : tuple of LineResult
        One a line.
    why_not : str
        Why nothing was tested; empty if it was.
    """

    digits: str
    n_sayings: int
    results: tuple[LineResult, ...]
    why_not: str = ""

    @property
    def n_lines(self) -> int:
        """How many lines the number was sent through."""
        return len(self.results)

    @property
    def _dialled(self) -> str:
        return self.digits.lstrip("+")

    @property
    def n_whole_first(self) -> int:
        """Lines on which the first saying alone came through whole."""
        return sum(_is_whole(each.first, self._dialled) for each in self.results)

    @property
    def n_whole_all(self) -> int:
        """Lines on which the whole number came through, all sayings together."""
        return sum(_is_whole(each.all_sayings, self._dialled) for each in self.results)

    @property
    def misses_first(self) -> tuple[int, ...]:
        """For each digit, the lines on which the first saying alone lost it; length n_digits."""
        return _misses([each.first for each in self.results], self._dialled)

    @property
    def misses_all(self) -> tuple[int, ...]:
        """For each digit, the lines on which it was lost in all sayings together; length n_digits."""
        return _misses([each.all_sayings for each in self.results], self._dialled)


def _is_missed(heard: str, digit: str) -> bool:
    return heard not in (digit, UNTESTED)


def _is_whole(written: str, digits: str) -> bool:
    return not any(map(_is_missed, written, digits))


def _misses(written: Sequence[str], digits: str) -> tuple[int, ...]:
    return tuple(
        sum(_is_missed(each[place], digit) for each in written) for place, digit in enumerate(digits)
    )


def wilson_interval(n_hits: int, n_trials: int, *, coverage: float = COVERAGE) -> tuple[float, float]:
    """Bounds of a share of which some trials were seen: the score interval of Wilson [1]_.

    Parameters
    ----------
    n_hits : int
        0 to `n_trials`.
    n_trials : int
        At least 1.
    coverage : float
        How sure the bounds are, 0 to 1.

    Returns
    -------
    tuple[float, float]
        Lower and upper bound, 0 to 1.

    References
    ----------
    .. [1] Wilson (1927), Journal of the American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson_interval(8, 10)]
    [0.49, 0.943]
    """
    z = NormalDist().inv_cdf((1 + coverage) / 2)
    share, pull = n_hits / n_trials, z * z / n_trials
    middle = (share + pull / 2) / (1 + pull)
    reach = z * math.sqrt(share * (1 - share) / n_trials + pull / (4 * n_trials)) / (1 + pull)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def written(hearings: Sequence[Doubles]) -> str:
    """Write down what a listener makes of one saying or several.

    Parameters
    ----------
    hearings : sequence of np.ndarray, each shape=(n_digits, 11)
        One hearing matrix a saying; rows of NaN for digits that a saying does not have.

    Returns
    -------
    str
        Length n_digits.

    Examples
    --------
    >>> one = np.array([[0.02] * 4 + [0.95] + [0.0] * 6, [0.5, 0.5] + [0.0] * 9])
    >>> written([one])
    '4?'
    """
    votes = np.zeros((len(hearings[0]), 10))
    for heard in hearings:
        digit = heard[:, :10].argmax(axis=1)
        (made_out,) = np.nonzero(heard[np.arange(len(heard)), digit] >= MADE_OUT_MIN)  # never where NaN
        votes[made_out, digit[made_out]] += heard[made_out, digit[made_out]]
    return "".join(str(row.argmax()) if row.any() else LOST for row in votes)


def untested_marked(text: str, tested: Sequence[bool]) -> str:
    """Mark the digits about which the test says nothing.

    Parameters
    ----------
    text : str
        A number with one character a digit, grouped or not.
    tested : sequence of bool
        Whether each digit was sent, in order.

    Returns
    -------
    str
        With a mark in the place of each digit that was not.

    Examples
    --------
    >>> untested_marked("41?", [True, False, True])
    '4.?'
    """
    return "".join(letter if is_tested else UNTESTED for letter, is_tested in zip(text, tested, strict=True))


def most_missed(misses: Sequence[int]) -> tuple[int, ...]:
    """Find the places that are missed most often; none if nothing is missed.

    Parameters
    ----------
    misses : sequence of int
        How often each place was missed.

    Returns
    -------
    tuple of int
        Places from 0, in order.

    Examples
    --------
    >>> most_missed([0, 0, 0, 3, 1, 0, 0, 3, 2, 0]), most_missed([0, 0])
    ((3, 7), ())
    """
    most = max(misses, default=0)
    return tuple(place for place, count in enumerate(misses) if count and count == most)
