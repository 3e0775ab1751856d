from __future__ import annotations

import numpy as np
import pytest
from sounds import said, transcript

from voicecheck.errors import ParameterError
from voicecheck.speech.transcript import EncoderWindow, Word


def test_pieces_of_a_number_join_as_they_were_written() -> None:
    pieces = [" at", " 555", "-0123."]
    words = [Word(text=piece, onset_s=0, offset_s=1, probability=1) for piece in pieces]
    assert transcript(words).text == "at 555-0123."


def test_a_word_refuses_an_impossible_probability() -> None:
    with pytest.raises(ParameterError, match="between 0 and 1"):
        Word(text="x", onset_s=0, offset_s=1, probability=1.2)


def test_a_window_ends_twenty_milliseconds_a_frame_after_its_onset() -> None:
    window = EncoderWindow(frames=np.zeros((50, 4), dtype=np.float32), onset_s=2.0)
    assert window.offset_s == pytest.approx(3.0)


def test_said_makes_words_that_follow_each_other() -> None:
    one, two = said("hello there")
    assert (one.offset_s, two.onset_s) == pytest.approx((0.4, 0.5))
