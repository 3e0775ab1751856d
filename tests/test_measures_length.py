from __future__ import annotations

import pytest
from sounds import said, spans

from voicecheck.measures.length import message_interval
from voicecheck.speech.word_times import snapped_words
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
