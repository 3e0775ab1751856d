from __future__ import annotations

from dataclasses import replace

import pytest
from hearings import recited
from hypothesis import given
from hypothesis import strategies as st

from voicecheck.numbers.compare import differences, same_number
from voicecheck.numbers.plan import comparable_digits
from voicecheck.numbers.recitations import grouped_by_number

DIGITS = st.text("0123456789", min_size=7, max_size=11)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("4165550198", "4165550198", []),
        ("4165550198", "4165550189", [("swapped", 8, "98", "89")]),
        ("4165550198", "4165550199", [("other", 9, "8", "9")]),
        ("4165550198", "4615550189", [("swapped", 1, "16", "61"), ("swapped", 8, "98", "89")]),
        ("4165550198", "416550198", [("missing", 5, "5", "")]),
        ("416550198", "4165550198", [("extra", 5, "", "5")]),
        ("4165550198", "4165551098", [("swapped", 6, "01", "10")]),
    ],
)
def test_differences_are_named(first: str, second: str, expected: list[tuple[str, int, str, str]]) -> None:
    found = [(each.kind, each.first_at, each.first, each.second) for each in differences(first, second)]
    if expected and expected[0][0] in ("missing", "extra"):  # which of three equal digits, nobody can tell
        assert [(kind, a, b) for kind, _, a, b in found] == [(kind, a, b) for kind, _, a, b in expected]
    else:
        assert found == expected


@given(digits=DIGITS, at=st.integers(0, 9))
def test_a_planted_swap_is_found(digits: str, at: int) -> None:
    at %= len(digits) - 1
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    kinds = [each.kind for each in differences(digits, swapped)]
    assert kinds == ([] if swapped == digits else ["swapped"])


@given(digits=DIGITS, other=DIGITS)
def test_nothing_differs_from_itself_and_other_strings_do(digits: str, other: str) -> None:
    assert differences(digits, digits) == ()
    assert bool(differences(digits, other)) == (digits != other)


@pytest.mark.parametrize(
    ("digits", "region", "comparable"),
    [
        ("4165550198", "US", "4165550198"),
        ("14165550198", "US", "4165550198"),
        ("+14165550198", "GB", "4165550198"),
        ("02079460018", "GB", "2079460018"),
        ("+442079460018", "US", "2079460018"),
        ("0014165550198", "US", "4165550198"),
        ("01114165550198", "US", "4165550198"),
        ("00442079460018", "UK", "2079460018"),
        ("12", "US", "12"),
    ],
)
def test_country_code_and_trunk_prefix_do_not_count(digits: str, region: str, comparable: str) -> None:
    assert comparable_digits(digits, region=region) == comparable


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("4165550198", "4165550189", True),
        ("4165550198", "416550198", True),
        ("4165550198", "2125550147", False),
        ("4165550198", "9055551234", False),
    ],
)
def test_slips_keep_a_number_the_same_and_other_numbers_are_others(
    first: str, second: str, same: bool
) -> None:
    assert same_number(first, second) is same


def test_two_numbers_that_are_each_said_twice_are_two_however_near() -> None:
    said = [recited(digits) for digits in ("4165550198", "4165550122", "4165550198", "4165550122")]
    assert [[each.digits for each in group] for group in grouped_by_number(said)] == [
        ["4165550198"] * 2,
        ["4165550122"] * 2,
    ]


def test_a_slip_stands_beside_its_own_number_and_not_beside_a_third() -> None:
    """The last one is a swap away from the second number, and two digits from the first."""
    said = [
        recited(digits) for digits in ("4165550198", "4165550198", "4165550122", "4165550122", "4165551022")
    ]
    groups = grouped_by_number(said)
    assert [len(group) for group in groups] == [2, 3]
    assert groups[1][-1].digits == "4165551022"


def test_two_lines_are_two_numbers_however_alike() -> None:
    """The office twice and the cell once, two digits apart; without a label the third were a slip."""
    office, cell = replace(recited("4155550136"), label="office"), recited("4155550177", 20.0)
    named = grouped_by_number([office, office, replace(cell, label="cell")])
    assert [len(group) for group in named] == [2, 1]
    assert [len(group) for group in grouped_by_number([office, office, cell])] == [3]
