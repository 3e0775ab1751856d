"""A number in the words looks as it does everywhere else."""

from __future__ import annotations

import pytest

from voicecheck.numbers.recitations import Recitation
from voicecheck.numbers.shown import shown_words
from voicecheck.speech.transcript import TimedDigit, Word


def words(text: str) -> list[Word]:
    """A word for each piece between bars, each half a second long."""
    return [
        Word(text=piece, onset_s=at / 2, offset_s=(at + 1) / 2, probability=0.9)
        for at, piece in enumerate(text.split("|"))
    ]


def saying(digits: str, first: int, last: int) -> Recitation:
    """A saying of these digits during the words `first` to `last`."""
    step_s = (last + 1 - first) / 2 / len(digits)
    timed = tuple(
        TimedDigit(
            digit=digit,
            onset_s=first / 2 + at * step_s,
            offset_s=first / 2 + (at + 1) * step_s,
            confidence=0.9,
        )
        for at, digit in enumerate(digits)
    )
    return Recitation(digits=digits, extension=None, full=True, timed_digits=timed)


@pytest.mark.parametrize(
    ("text", "first", "last", "digits", "shown"),
    [
        (
            "My| number| is| 6|4-|7|-555-|0158.| Thanks",
            3,
            7,
            "6475550158",
            "My number is 647-555-0158. Thanks",
        ),
        ("Call| (415)| 555|-0163,| bye", 1, 3, "4155550163", "Call 415-555-0163, bye"),
        ("Call| 1-800-|FLOWERS| now", 1, 2, "18003569377", "Call 1-800-FLOWERS now"),
        ("Call| 415|,| that's| 555|-0163", 1, 5, "4155550163", "Call 415, that's 555-0163"),
        ("Call| 415-555-0163| ext.| 12", 1, 3, "4155550163", "Call 415-555-0163 ext. 12"),
        ("I| have| two| 4155550163", 3, 3, "4155550163", "I have two 415-555-0163"),
    ],
)
def test_a_number_in_the_words_is_displayed(
    text: str, first: int, last: int, digits: str, shown: str
) -> None:
    said = words(text)
    found = shown_words(said, [saying(digits, first, last)])
    assert len(found) == len(said)
    assert "".join(found) == shown


def test_half_a_saying_is_left_as_it_is() -> None:
    """A quote may begin or end within a number."""
    said = words(" 6|4-|7|-555-|0158")
    assert "".join(shown_words(said[2:], [saying("6475550158", 0, 4)])) == "7-555-0158"


def test_each_of_two_sayings_is_displayed_in_its_place_by_its_region() -> None:
    said = words("At| 0|20|7946|0018| or| 0|20|79460018")
    both = [saying("02079460018", 1, 4), saying("02079460018", 6, 8)]
    assert "".join(shown_words(said, both, region="GB")) == "At 020 7946 0018 or 020 7946 0018"
