from __future__ import annotations

from dataclasses import replace

import pytest
from hearings import decided
from sounds import said, spans

from voicecheck.errors import ParameterError
from voicecheck.numbers.digit_times import time_digits
from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.transcript import TimedDigit, Word

EVERYWHERE = spans((0.0, 1000.0))


def test_a_run_of_digits_moves_with_the_words_before_it() -> None:
    """Behind three words of a greeting, and where these are left out again."""
    run = replace(decided("416"), first_word=2, last_word=5)
    assert [(moved.first_word, moved.last_word) for moved in (run.moved(3), run.moved(-2))] == [
        (5, 8),
        (0, 3),
    ]
    assert run.moved(3).moved(-3) == run


def test_one_digit_a_word_takes_the_words_time() -> None:
    words = said("call four one six five five five zero one nine eight")
    (recitation,) = find_recitations(words, EVERYWHERE)
    assert recitation.digits == "4165550198"
    assert [digit.onset_s for digit in recitation.timed_digits] == pytest.approx(
        [word.onset_s for word in words[1:]]
    )
    assert recitation.interval.offset_s == pytest.approx(words[-1].offset_s)


# Time (s)   0            0.9        1.8
# Word       |---- 555 ----|
# Digits     |-5-|-5-|-5-|
def test_digits_of_one_word_share_its_time_evenly() -> None:
    words = [Word(text=" 555", onset_s=0.0, offset_s=0.9, probability=0.7)]
    digits = time_digits("555", [(1, 2), (2, 3), (3, 4)], words)
    assert [digit.onset_s for digit in digits] == pytest.approx([0.0, 0.3, 0.6])
    assert digits[-1].offset_s == pytest.approx(0.9)
    assert {digit.confidence for digit in digits} == {0.7}


def test_a_doubled_digit_shares_the_time_of_its_two_words() -> None:
    words = said("double five")
    digits = time_digits("55", [(1, 12), (1, 12)], words)
    assert digits[0].onset_s == pytest.approx(0.0)
    assert digits[0].offset_s == digits[1].onset_s == pytest.approx(0.45)
    assert digits[1].offset_s == pytest.approx(0.9)


def test_a_phrase_is_as_sure_as_its_least_sure_word() -> None:
    words = [
        Word(text=" double", onset_s=0.0, offset_s=0.4, probability=0.3),
        Word(text=" five", onset_s=0.5, offset_s=0.9, probability=0.9),
        Word(text=" six", onset_s=1.0, offset_s=1.4, probability=0.8),
    ]
    digits = time_digits("556", [(1, 12), (1, 12), (13, 16)], words)
    assert [digit.confidence for digit in digits] == [0.3, 0.3, 0.8]


def test_a_number_said_twice_is_two_recitations_in_time_order() -> None:
    pieces = " I'm at| 416|-555|-0198.| Again|,| 416|-555|-0198."
    words = [
        Word(text=piece, onset_s=at, offset_s=at + 0.9, probability=0.9)
        for at, piece in enumerate(pieces.split("|"))
    ]
    first, second = find_recitations(words, EVERYWHERE)
    assert first.digits == second.digits == "4165550198"
    assert first.interval.offset_s < second.interval.onset_s
    assert first.full
    assert second.full


@pytest.mark.parametrize("ending", ["0198", "555-0198"])
def test_the_end_of_a_number_is_a_partial_repeat(ending: str) -> None:
    words = said(f"call 416-555-0198. That is {ending}.", word_s=2.0)
    first, second = find_recitations(words, EVERYWHERE)
    assert (first.digits, first.full) == ("4165550198", True)
    assert (second.digits, second.full) == (ending.replace("-", ""), False)


def test_a_recitation_without_sound_was_made_up() -> None:
    words = said("call 416-555-0198 or 416-555-0198", word_s=2.0)
    heard = spans((0.0, words[1].offset_s))
    (only,) = find_recitations(words, heard)
    assert only.interval.offset_s == pytest.approx(words[1].offset_s)


def test_rate_and_confidence_come_from_the_digits() -> None:
    digits = tuple(
        TimedDigit(digit=digit, onset_s=at * 0.5, offset_s=at * 0.5 + 0.5, confidence=0.9 - 0.1 * at)
        for at, digit in enumerate("4165")
    )
    recitation = Recitation(digits="4165", extension=None, full=False, timed_digits=digits)
    assert recitation.rate_dps == pytest.approx(2.0)
    assert recitation.confidence == pytest.approx(0.6)


def test_a_recitation_refuses_digits_that_are_not_its_own() -> None:
    digit = TimedDigit(digit="4", onset_s=0.0, offset_s=0.5, confidence=1.0)
    for digits in ("41", "3", "5", ""):
        with pytest.raises(ParameterError, match="are not the digits"):
            Recitation(digits=digits, extension=None, full=False, timed_digits=(digit,))
    with pytest.raises(ParameterError, match="are not the digits"):
        Recitation(digits="", extension=None, full=False, timed_digits=())


@pytest.mark.parametrize(
    ("digits", "well_formed"), [("4165550198", True), ("416555019", False), ("14165550198", True)]
)
def test_a_number_with_a_digit_too_few_is_not_well_formed(digits: str, well_formed: bool) -> None:
    words = said(f"my number is {digits}", word_s=3.0)
    (recitation,) = find_recitations(words, EVERYWHERE)
    assert recitation.well_formed is well_formed


def test_digits_that_were_found_before_are_a_repeat_whatever_stands_before_them() -> None:
    words = said("call 416-555-0198 about your bill. That's 416-555-0198.", word_s=2.0)
    assert [each.digits for each in find_recitations(words, EVERYWHERE)] == ["4165550198"] * 2


def test_an_area_code_said_last_is_dialled_first_and_heard_last() -> None:
    """ "555-0136, area code 415" is 415-555-0136; its time runs from the five to the end of the code.

    Words of 0.35 s every 0.55 s: 12 of them (ten digits, "area code") last 11 * 0.55 + 0.35 = 6.4 s.
    """
    words = said("five five five zero one three six area code four one five", word_s=0.35, gap_s=0.2)
    (saying,) = find_recitations(words, EVERYWHERE)
    assert saying.digits == "4155550136"
    assert "".join(digit.digit for digit in saying.in_time) == "5550136415"
    assert saying.interval.duration_s == pytest.approx(6.4)
    assert saying.rate_dps == pytest.approx(10 / 6.4)


@pytest.mark.parametrize(
    ("order", "n_sayings"),
    [
        ("41655501", 2),  # the number without its last two digits
        ("4165550189", 2),
        ("4165551", 1),  # seven digits and fewer are said again only as an ending
        ("98765432", 1),
        ("555019", 1),
    ],
)
def test_digits_that_words_speak_against_are_a_repeat_if_they_are_nearly_the_number(
    order: str, n_sayings: int
) -> None:
    words = said(f"call 416-555-0198 about your invoice number {order}.", word_s=2.0)
    found = find_recitations(words, EVERYWHERE)
    assert [each.digits for each in found] == ["4165550198", order][:n_sayings]
    assert all(each.full for each in found)


@pytest.mark.parametrize("other", ["0", "9"])
def test_a_decided_digit_that_is_not_the_one_written_times_nothing(other: str) -> None:
    words = said("call 4 1 6 5 5 5 0 1 9 8", word_s=0.5)
    run = replace(decided(f"416555019{other}", 20.0), first_word=1, last_word=11)
    (saying,) = find_recitations(words, EVERYWHERE, digit_runs=(run,))
    assert saying.digits == "4165550198"
    assert saying.timed_digits[8] == run.digits[8]
    assert saying.timed_digits[9].interval == words[10].interval
