"""What the listener's phone shows, with a transcriber that hears what it is told."""

from __future__ import annotations

import pytest
from fake import FakeTranscriber
from sounds import recording, said, tone, transcript

from voicecheck.linetest.phone import PhonePreview, preview
from voicecheck.numbers.recitations import Recitation
from voicecheck.report.words import phone_line
from voicecheck.speech.transcript import TimedDigit


def saying(digits: str) -> Recitation:
    timed = tuple(
        TimedDigit(digit=digit, onset_s=at, offset_s=at + 0.4, confidence=0.9)
        for at, digit in enumerate(digits)
    )
    return Recitation(digits=digits, extension=None, full=True, timed_digits=timed)


def printed(text: str) -> PhonePreview:
    heard = FakeTranscriber(transcript=transcript(said(text)))
    return preview(recording(tone(2.0)), transcriber=heard)


def test_a_number_that_is_printed_whole_can_be_tapped() -> None:
    shown = printed("Hi Dana, this is Joe. Call me at 416-555-0198.")
    assert shown.numbers == ("4165550198",)
    assert shown.shows([saying("4165550198")]) is True
    assert shown.shows([saying("14165550198")]) is True


@pytest.mark.parametrize(
    "text", ["Call me at 416-555-0189.", "Call me at 416-55-0198.", "Call me, four one six"]
)
def test_a_number_that_is_garbled_cannot(text: str) -> None:
    assert printed(text).shows([saying("4165550198")]) is False


def test_where_no_number_was_said_nothing_is_claimed() -> None:
    assert printed("Hi Dana, it's me.").shows([]) is None


def test_the_first_line_is_cut_at_a_word() -> None:
    assert printed("Hi Dana").first_line == "Hi Dana"
    #  "Hi Dana, this is Joe Miller from Acme" has 37 letters; with " Tools" it would be 43.
    shown = printed("Hi Dana, this is Joe Miller from Acme Tools in Duluth.")
    assert shown.first_line == "Hi Dana, this is Joe Miller from Acme ..."


@pytest.mark.parametrize(
    ("name", "is_spelled"),
    [
        ("Joe Miller", True),
        ("acme tools", True),
        ("Jo Miller", False),
        ("Joe Mill", False),
        (None, None),
        ("", None),
    ],
)
def test_a_name_is_printed_as_it_is_spelled_or_garbled(name: str | None, is_spelled: bool | None) -> None:
    shown = printed("Hi Dana, this is Joe Miller, from Acme-Tools.")
    assert shown.spells(name) is is_spelled


def test_the_line_about_the_phone_names_what_came_out_garbled() -> None:
    phone = {"shows_number": True, "shows_rep": False, "shows_company": None}
    line = "the number is right and can be tapped"
    assert phone_line(phone) == f"{line}; your name does not come out as it is spelled"
    assert phone_line(phone | {"shows_rep": True}) == line
