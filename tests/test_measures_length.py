from __future__ import annotations

import pytest
from sounds import said, spans

from voicecheck.measures.length import message_interval
from voicecheck.speech.word_times import EDGE_GAP_S, EDGE_MAX_S, snapped_words
from voicecheck.timing import Interval


# Time (s)   0    1    2    3
# Word       |-----four-----|
# Sound           |---|
def test_a_word_shrinks_to_the_sound_inside_it() -> None:
    (word,) = snapped_words(said("four", word_s=3.0), spans((1.0, 2.0)))
    assert word.interval == Interval(onset_s=1.0, offset_s=2.0)


def test_a_word_never_grows_and_one_without_sound_keeps_its_times() -> None:
    first, second = said("one two", word_s=1.0)
    assert snapped_words([first, second], spans((0.0, 1.05))) == (first, second)


def test_the_message_runs_from_the_first_word_to_the_last() -> None:
    words = said("please call back", onset_s=2.0)
    assert message_interval(words, ()) == Interval(onset_s=2.0, offset_s=words[-1].offset_s)


# Time (s)   1.8  2.0            3.4  3.6       5.0
# Words           |-please-call-back-|
# Sound      |------------------------|         |--beep--|
def test_its_edges_move_to_the_edges_of_the_sound_but_not_to_another_sound() -> None:
    words = said("please call back", onset_s=2.0)
    message = message_interval(words, spans((1.8, 3.6), (5.0, 6.0)))
    assert message is not None
    assert (message.onset_s, message.offset_s) == pytest.approx((1.8, 3.6))


def test_no_words_make_no_message() -> None:
    assert message_interval([], spans((0.0, 3.0))) is None


@pytest.mark.parametrize(
    ("sound_s", "edges_s"),
    [
        ((2.0 - EDGE_MAX_S + 0.01, 3.0), (2.0 - EDGE_MAX_S + 0.01, 3.0)),
        ((2.0 - EDGE_MAX_S - 0.01, 3.0), (2.0, 3.0)),
        ((2.0, 3.0 + EDGE_MAX_S - 0.01), (2.0, 3.0 + EDGE_MAX_S - 0.01)),
        ((2.0, 3.0 + EDGE_MAX_S + 0.01), (2.0, 3.0)),
        ((1.9, 1.95), (2.0, 3.0)),  # a click that is over when the word begins
        ((3.05, 3.1), (2.0, 3.0)),
        ((2.2, 2.8), (2.0, 3.0)),
    ],
)
def test_an_edge_moves_only_with_the_sound_that_its_word_lies_in(
    sound_s: tuple[float, float], edges_s: tuple[float, float]
) -> None:
    words = said("one", onset_s=2.0, word_s=1.0)
    message = message_interval(words, spans(sound_s))
    assert message is not None
    assert (message.onset_s, message.offset_s) == pytest.approx(edges_s)


@pytest.mark.parametrize(("gap_s", "is_one"), [(EDGE_GAP_S - 0.01, True), (EDGE_GAP_S + 0.01, False)])
def test_a_short_gap_in_a_sound_parts_no_edge_from_its_word(gap_s: float, is_one: bool) -> None:
    words = said("one", onset_s=2.0, word_s=1.0)
    message = message_interval(words, spans((1.9, 1.98 - gap_s / 2), (1.98 + gap_s / 2, 3.0)))
    assert message is not None
    assert message.onset_s == pytest.approx(1.9 if is_one else min(2.0, 1.98 + gap_s / 2))
