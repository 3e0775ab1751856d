from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import spans

from voicecheck.errors import ParameterError
from voicecheck.timing import Interval, gaps, merged, overlap_s, reaches


@pytest.mark.parametrize(
    ("onset_s", "offset_s", "complaint"),
    [
        (-0.1, 1.0, "before the start"),
        (2.0, 1.0, "lies before onset"),
        (0.0, math.nan, "must be finite"),
        (0.0, math.inf, "must be finite"),
    ],
)
def test_an_interval_refuses_impossible_times(onset_s: float, offset_s: float, complaint: str) -> None:
    with pytest.raises(ParameterError, match=complaint):
        Interval(onset_s=onset_s, offset_s=offset_s)


# Time (s)   0    1    2    3    4    5
# a               |----|
# b                         |----|
# gaps       |----|    |----|    |----|
def test_gaps_are_what_the_intervals_leave_uncovered() -> None:
    assert gaps(spans((3, 4), (1, 2)), within=Interval(onset_s=0, offset_s=5)) == list(
        spans((0, 1), (2, 3), (4, 5))
    )


def test_overlapping_intervals_leave_no_gap_between_them() -> None:
    assert gaps(spans((0, 3), (1, 2), (2.5, 5)), within=Interval(onset_s=0, offset_s=5)) == []


def test_merging_fills_gaps_up_to_the_limit_and_no_wider_ones() -> None:
    parts = spans((0, 1), (1.2, 2), (2.3, 3))
    assert merged(parts, gap_max_s=0.2) == list(spans((0, 2), (2.3, 3)))


def test_intervals_that_touch_do_not_overlap() -> None:
    one, two = spans((0, 1), (1, 2))
    assert overlap_s(one, two) == 0.0
    assert overlap_s(*spans((0, 1.5), (1, 2))) == pytest.approx(0.5)


@given(start_cs=st.integers(0, 6000), width_cs=st.integers(1, 300))
def test_a_gap_exactly_on_the_limit_reaches_it_wherever_it_starts(start_cs: int, width_cs: int) -> None:
    onset_s, offset_s = start_cs / 100, (start_cs + width_cs) / 100
    assert reaches(offset_s - onset_s, width_cs / 100)
    assert not reaches(offset_s - onset_s, (width_cs + 1) / 100)


@given(
    edges=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted), max_size=8),
)
def test_merged_intervals_and_their_gaps_tile_the_whole(edges: list[list[int]]) -> None:
    whole = Interval(onset_s=0, offset_s=100)
    intervals = spans(*((float(a), float(b)) for a, b in edges))
    total_s = sum(each.duration_s for each in merged(intervals))
    total_s += sum(each.duration_s for each in gaps(intervals, within=whole))
    assert total_s == pytest.approx(100)
