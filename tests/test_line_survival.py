from __future__ import annotations

import numpy as np
import pytest

from voicecheck.linetest.packets import BAD_LINES
from voicecheck.linetest.survival import LineResult, LineTest, most_missed, wilson_interval, written

NOTHING = 10


def matrix(*heard: tuple[int, float] | None) -> np.ndarray:
    """One row a digit: (digit, its probability), the rest on "no digit"; None for a digit not said."""
    rows = np.zeros((len(heard), 11))
    for row, each in zip(rows, heard, strict=True):
        if each is None:
            row[:] = np.nan
        else:
            row[each[0]], row[NOTHING] = each[1], 1 - each[1]
    return rows


def test_one_saying_is_written_as_far_as_it_was_made_out() -> None:
    assert written([matrix((4, 0.99), (1, 0.91), (6, 0.89), (5, 0.1))]) == "41??"


def test_what_one_saying_lost_another_gives() -> None:
    first = matrix((4, 0.99), (1, 0.2), (6, 0.97))
    second = matrix((4, 0.95), (1, 0.95), (6, 0.3))
    assert written([first]) == "4?6"
    assert written([first, second]) == "416"


def test_where_sayings_differ_the_surer_is_believed() -> None:
    assert written([matrix((5, 0.92)), matrix((9, 0.99))]) == "9"
    assert written([matrix((5, 0.92)), matrix((9, 0.99)), matrix((5, 0.91))]) == "5"


def test_a_partial_saying_speaks_only_for_its_digits() -> None:
    first, last_two = matrix((4, 0.95), (1, 0.2), (6, 0.2)), matrix(None, (1, 0.99), (6, 0.99))
    assert written([first, last_two]) == "416"
    assert written([last_two]) == "?16"


def test_results_are_counted_by_line_and_by_digit() -> None:
    """Four lines: whole, a lost digit, a wrong one, and one lost in both; the third digit is not tested."""
    first = ("41.5", "4?.5", "49.5", "4?.5")
    both = ("41.5", "41.5", "41.5", "4?.5")
    test = LineTest(
        digits="4165",
        n_sayings=2,
        results=tuple(
            LineResult(line=line, first=one, all_sayings=all_)
            for line, one, all_ in zip(BAD_LINES[:4], first, both, strict=True)
        ),
    )
    assert (test.n_lines, test.n_whole_first, test.n_whole_all) == (4, 1, 3)
    assert test.misses_first == (0, 3, 0, 0)
    assert test.misses_all == (0, 1, 0, 0)
    assert most_missed(test.misses_first) == (1,)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)],
)
def test_the_interval_is_that_of_wilson(hits: int, trials: int, low: float, high: float) -> None:
    """81 of 263 is the example of Newcombe (1998), Statistics in Medicine 17, 857-872: 0.2553 to 0.3662."""
    assert wilson_interval(hits, trials) == pytest.approx((low, high), abs=0.001)
