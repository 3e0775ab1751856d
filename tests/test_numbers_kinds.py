"""Kinds of text in which numbers got lost or were made up, each on sentences that no weight was fitted on."""

from __future__ import annotations

import pytest

from voicecheck.numbers import find_numbers
from voicecheck.numbers.atoms import is_glued
from voicecheck.numbers.evidence import without_echo
from voicecheck.numbers.plan import begins_with_trunk
from voicecheck.numbers.runs import read_runs
from voicecheck.numbers.tokens import tokenize


def said(text: str, region: str = "US") -> list[str]:
    """Numbers of a text, an extension behind an "x"; wherever in a longer one it stands."""
    alone, behind = (find_numbers(lead + text, region) for lead in ("", "We saw zebras. "))
    assert [(each.digits, each.extension) for each in alone] == [
        (each.digits, each.extension) for each in behind
    ]
    return [each.digits + (f"x{each.extension}" if each.extension else "") for each in alone]


@pytest.mark.parametrize(
    "text",
    [
        "My number is 555-0171, with the 503 area code.",
        "My number is 555-0171, 503 area code.",
        "My number's 555-0171, and I'm in area code 503.",
        "Dial 555-0171. My area code, 503.",
        "The area code's 503 and the number's 555-0171.",
        "503 is my area code, and my number is 555-0171.",
        "503, that's the Portland area code, 555-0171.",
        "503 for the area code, then 555-0171.",
        "Area code 503. The rest is 555-0171.",
        "five oh three is the area code and then five five five oh one seven one",
    ],
)
def test_an_area_code_said_apart_is_dialled_first(text: str) -> None:
    """Before its number, behind it, and with any few words between that begin no other number."""
    assert said(text) == ["5035550171"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Our area code is 503, and the fax is 971-555-0128.", ["9715550128"]),
        ("503 is the area code there, but call 971-555-0128.", ["9715550128"]),
        ("My number is 555-0171, or ask my assistant in area code 503.", ["5550171"]),
        ("The invoice is 555-0171 and the order 503.", []),
    ],
)
def test_an_area_code_joins_no_other_number(text: str, numbers: list[str]) -> None:
    """A whole number has one, and what the words give to something else is not taken."""
    assert said(text) == numbers


@pytest.mark.parametrize(
    "words",
    [
        "and that would be extension 61",
        "which is extension 61",
        "that is extension six one",
        "again, extension 61",
        "so that's extension 61",
        "and you'll need extension 61",
        "I'm on extension 61",
        "my extension there is 61",
        "just dial extension 61",
        "at the prompt enter extension 61",
    ],
)
def test_an_extension_belongs_to_the_number_before_it(words: str) -> None:
    """In whatever words it is introduced."""
    assert said(f"My number is 503-555-0171, {words}.") == ["5035550171x61"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call 1 800 555 HAUL", ["18005554285"]),
        ("call one eight hundred five five five haul", ["18005554285"]),
        ("Call 503-555 HAUL today", ["5035554285"]),
        ("Dial (503) BIG-HAUL.", ["5032444285"]),
        ("It's 1.800.PLUMBER.", ["18007586237"]),
        ("Our 1-800 Service line is closed.", []),
        ("No 1-800 Waiting Here.", []),
        ("Skip the 1-800 HOTLINE.", []),
        ("THE ONE EIGHT HUNDRED HOTLINE IS CLOSED", []),
        ("THE LOT IS 503 555 HUGE", []),
        ("My number is 503-555. Mark.", []),
        ("I moved to (503) Beaverton.", []),
    ],
)
def test_letters_are_dialled_where_they_are_part_of_the_number(text: str, numbers: list[str]) -> None:
    """A kind of number ("our 1-800 service") is none, and where all is in capitals they tell nothing."""
    assert said(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "My number is503-555-0171.",
        "My number's503-555-0171.",
        "call me at5035550171",
        "My number is 503-555-0171thank you",
        "My number is 503\u200b555\u200b0171",
        "My number is \u202a503-555-0171\u202c.",
    ],
)
def test_a_blank_that_was_left_out_or_cannot_be_seen_costs_no_digit(text: str) -> None:
    assert said(text) == ["5035550171"]


@pytest.mark.parametrize(
    ("text", "at", "glued"),
    [("is416", 1, False), ("IS416", 1, True), ("416and", 0, False), ("416AND", 0, True), ("x12", 1, False)],
)
def test_in_capitals_a_word_beside_figures_is_a_code(text: str, at: int, glued: bool) -> None:
    assert is_glued(tokenize(text), at) is glued


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("O2-O-7 7-946-0-958", ["02079460958"]),
        ("7 7-946", []),  # nothing is joined on in front: a count, and a number
        ("1-7-7-946", []),  # said in one go
        ("1-7, 7-946", []),  # a pause, as between any two digits
        ("1-7 7 946", []),
        ("1 7 7-946", []),
        ("1-7 8-946", []),
    ],
)
def test_a_digit_at_a_blank_between_hyphens_may_be_told_twice(text: str, kept: list[str]) -> None:
    (run,) = read_runs(tokenize(text))
    assert ["".join(atom.digits for atom in atoms) for atoms in without_echo(run.atoms)] == kept


@pytest.mark.parametrize(
    ("text", "region", "numbers"),
    [
        ("O1-1-7 7-496-0-145", "GB", ["01174960145"]),
        ("I'm about until 4 07700 900582", "GB", ["07700900582"]),
        ("It's £275 0117 496 0183", "GB", ["01174960183"]),
        ("My number is 0491 570 159 24 7", "AU", ["0491570159"]),
        ("that's claim number 5518, 503-555-0171", "US", ["5035550171"]),
        ("The number on 6/17/2026 was 250.", "US", []),
    ],
)
def test_digits_beside_a_number_are_told_from_it(text: str, region: str, numbers: list[str]) -> None:
    """By what they are, and by how numbers of the country begin."""
    assert said(text, region) == numbers


@pytest.mark.parametrize(
    ("digits", "region", "begins"),
    [
        ("02079460018", "GB", True),
        ("2079460018", "GB", False),
        ("4165550198", "US", None),
        ("0551234567", "US", None),
        ("612345678", "ES", None),
    ],
)
def test_numbers_of_some_countries_begin_with_a_prefix(digits: str, region: str, begins: bool | None) -> None:
    """Spain and North America have none that one says."""
    assert begins_with_trunk(digits, region) is begins


@pytest.mark.parametrize(
    ("text", "region", "numbers"),
    [
        ("My number is 503-555-0171, ask for Bob at extension 61.", "US", ["5035550171x61"]),
        ("My number is 503-555-0171, Bob has extension 61.", "US", ["5035550171"]),
        ("503-555-0171. You'd want extension 61.", "US", ["5035550171x61"]),
        ("O-7-7-OO-9-OO-5-8-2", "GB", ["07700900582"]),
        ("Oo, I called 503-555-0171.", "US", ["5035550171"]),
    ],
)
def test_names_to_ask_for_and_zeros_in_letters(text: str, region: str, numbers: list[str]) -> None:
    """A name stands between a number and its extension only where it is asked for."""
    assert said(text, region) == numbers
