from __future__ import annotations

import pytest

from voicecheck.measures.pen import WrittenDown, write_down
from voicecheck.timing import Interval


def steady(n_digits: int, digits_per_s: float, *, pause_after: int | None = None) -> list[Interval]:
    """Digits without gaps, and one second of silence after the given place."""
    step_s = 1 / digits_per_s
    shift = [0.0 if pause_after is None or place <= pause_after else 1.0 for place in range(n_digits)]
    return [
        Interval(onset_s=place * step_s + shift[place], offset_s=(place + 1) * step_s + shift[place])
        for place in range(n_digits)
    ]


def pen(digits: list[Interval], digits_per_s: float = 2.0, digits_in_mind: int = 4) -> WrittenDown:
    return write_down(digits, digits_per_s=digits_per_s, digits_in_mind=digits_in_mind)


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.7, 2.0])
def test_whoever_speaks_as_slowly_as_the_pen_writes_is_never_ahead(rate: float) -> None:
    assert pen(steady(10, rate)) == WrittenDown(behind=(0,) * 10, lost=())


def test_at_four_a_second_the_writer_falls_one_behind_every_half_second() -> None:
    """By hand: digit k is heard at k/4 s; the first is begun at 0.25 s, and each takes half a second.

    The pen is done at 0.75, 1.25, 1.75, 2.25, 2.75 s. At 2.0 s, when the eighth is heard, three are on paper
    and four are not: memory is full, and the eighth is lost. That leaves room for the ninth, at 2.25 s.
    """
    writing = pen(steady(10, 4.0))
    assert writing.behind == (0, 1, 1, 2, 2, 3, 3, 4, 3, 4)
    assert writing.lost == (7, 9)


def test_waits_are_the_digits_in_mind_besides_the_one_that_is_written() -> None:
    """By hand: heard at 0.25, 0.5, 0.75 s and 3 s, on paper at 0.75, 1.25, 1.75 s and 3.5 s."""
    digits = [*steady(3, 4.0), Interval(onset_s=2.75, offset_s=3.0)]
    waits = [(each.interval.onset_s, each.interval.offset_s, each.n_digits) for each in pen(digits).waits]
    assert waits == [(0.5, 1.25, 1)]


def test_a_pause_lets_the_writer_catch_up() -> None:
    without, with_pause = pen(steady(10, 3.3)), pen(steady(10, 3.3, pause_after=4))
    assert max(with_pause.behind) < max(without.behind)
    assert with_pause.behind[5] == 0


def test_a_faster_pen_and_a_better_memory_lose_less() -> None:
    fast = steady(10, 5.0)
    assert len(pen(fast, digits_per_s=3.0).lost) < len(pen(fast).lost)
    assert len(pen(fast, digits_in_mind=7).lost) < len(pen(fast).lost)


def test_no_digits_no_writing() -> None:
    assert pen([]) == WrittenDown(behind=(), lost=())
