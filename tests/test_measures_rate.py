from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import spans

from voicecheck.errors import ParameterError
from voicecheck.measures.rate import (
    articulation_rate_wpm,
    cardinal_length,
    count_spoken_words,
    rate_error_wpm,
    speaking_rate_wpm,
)
from voicecheck.numbers.recitations import number_rate_dps
from voicecheck.timing import Interval


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "zero"),
        (7, "seven"),
        (20, "twenty"),
        (21, "twenty one"),
        (100, "one hundred"),
        (416, "four hundred sixteen"),
        (4492, "four thousand four hundred ninety two"),
        (1_000_000, "one million"),
        (1_200_017, "one million two hundred thousand seventeen"),
        (3_000_000_000, "three billion"),
        (105, "one hundred five"),
        (2_000_001, "two million one"),
        (10**16, "one" + " zero" * 16),
    ],
)
def test_a_quantity_has_as_many_words_as_its_reading(value: int, said: str) -> None:
    assert cardinal_length(value) == len(said.split())


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ParameterError, match="cannot be negative"):
        cardinal_length(-1)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", ""),
        ("Hi Dana, it's Joe.", "hi dana it's joe"),
        ("a well-known firm", "a well known firm"),
        ("twenty-one", "twenty one"),
        ("$4.50", "dollars four fifty"),
        ("15% off", "fifteen percent off"),
        ("in 2024", "in twenty twenty four"),
        ("in 2000", "in two thousand"),
        ("in 2009", "in two thousand nine"),
        ("in 2010", "in twenty ten"),
        ("in 2099", "in twenty ninety nine"),
        ("2100 seats", "two thousand one hundred seats"),
        ("in 1904", "in nineteen oh four"),
        ("in 1900", "in nineteen hundred"),
        ("in 1100", "in eleven hundred"),
        ("in 1099", "in one thousand ninety nine"),
        ("at 10:30", "at ten thirty"),
        ("3rd", "three rd"),
        ("10,000 users", "ten thousand users"),
        ("room 305", "room three zero five"),
        ("zip 90210", "zip nine zero two one zero"),
        ("500 people", "five hundred people"),
    ],
)
def test_words_are_counted_as_they_were_said(written: str, said: str) -> None:
    assert count_spoken_words(written) == len(said.split())


def test_every_digit_of_a_phone_number_is_one_word() -> None:
    text = "call 416-555-0198 now"
    digits = [(at, at + 1) for at, letter in enumerate(text) if letter.isdigit()]
    assert count_spoken_words(text, digits) == 12


def test_digits_that_share_a_phrase_are_one_word_each() -> None:
    """ "double five" gives two digits in one place."""
    text = "call double five now"
    assert count_spoken_words(text, [(5, 16), (5, 16)]) == 4


# Time (s)   0    0.5   1.0   1.5   2.0   2.5   3.0
# Words      |-one-|           |-two-|     |-tri-|
def test_pauses_are_taken_out() -> None:
    """3 words in 1.5 s of speech are 120 a minute; in 3 s with the pauses they are 60."""
    message = Interval(onset_s=0.0, offset_s=3.0)
    silences = spans((0.5, 1.5), (2.0, 2.5))
    assert articulation_rate_wpm(3, message, silences) == pytest.approx(120.0)
    assert speaking_rate_wpm(3, message) == pytest.approx(60.0)


@given(shift_s=st.floats(0, 100), pause_s=st.floats(0, 5))
def test_a_shift_changes_no_rate_and_a_longer_pause_lowers_only_the_speaking_rate(
    shift_s: float, pause_s: float
) -> None:
    message = Interval(onset_s=shift_s, offset_s=shift_s + 10 + pause_s)
    pause = Interval(onset_s=shift_s + 5, offset_s=shift_s + 5 + pause_s)
    assert articulation_rate_wpm(30, message, [pause]) == pytest.approx(180.0)
    assert speaking_rate_wpm(30, message) <= 180.0 + 1e-6


def test_what_takes_no_time_has_no_rate() -> None:
    nothing = Interval(onset_s=1.0, offset_s=1.0)
    assert math.isnan(speaking_rate_wpm(3, nothing))
    assert math.isnan(articulation_rate_wpm(3, nothing, ()))
    assert math.isnan(number_rate_dps(spans((0.0, 0.3))))
    assert math.isnan(number_rate_dps(spans((1.0, 1.0), (1.0, 1.0))))


# Time (s)   0   0.4  0.6  1.0     3.6  4.0
# Digits     |-4-|    |-1-|         |-6-|
def test_number_rate_spans_the_first_onset_to_the_last_offset_pauses_in() -> None:
    """3 digits in 4 s are 0.75 a second."""
    assert number_rate_dps(spans((0.0, 0.4), (0.6, 1.0), (3.6, 4.0))) == pytest.approx(0.75)


def test_a_rate_of_many_words_is_surer_than_one_of_few() -> None:
    """A hundred words in 40 s: two misheard are 3 a minute, and the edges 0.75."""
    assert rate_error_wpm(100, 40.0) == pytest.approx(math.hypot(3.0, 0.75))
    assert rate_error_wpm(8, 2.6) > 25
    assert math.isnan(rate_error_wpm(0, 2.6))
    assert math.isnan(rate_error_wpm(8, 0.0))
