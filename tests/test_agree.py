"""Sayings that are read alike vouch for each other; those that are nearly alike contest each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecheck.numbers.agree import MISSPOKEN, agreed, contested, contradicted, vouched
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.speech.transcript import TimedDigit


def run(
    digits: str, *, start_s: float = 0.0, probability: float = 0.8, confidence: float = 0.9
) -> DecidedRun:
    timed = tuple(
        TimedDigit(
            digit=digit,
            onset_s=start_s + 0.4 * n,
            offset_s=start_s + 0.4 * n + 0.3,
            confidence=confidence,
            rival="9",
        )
        for n, digit in enumerate(digits)
    )
    return DecidedRun(digits=timed, first_word=0, last_word=len(digits), probability=probability)


def test_two_alike_are_as_probable_as_bayes_says() -> None:
    one, other = vouched([run("4165550198"), run("4165550198", start_s=8.0)], 0.2, "US")
    both_right, both_wrong_alike = 0.8 * 0.8, 0.2 * 0.2 * 0.2
    expected = both_right / (both_right + both_wrong_alike)
    assert one.probability == other.probability == pytest.approx(expected)
    digit_right, digit_wrong = 0.9 * 0.9, 0.1 * 0.1 * 0.2
    assert one.digits[3].confidence == pytest.approx(digit_right / (digit_right + digit_wrong))
    assert one.settled(0.92).is_sure
    assert not run("4165550198").settled(0.92).is_sure


def test_what_differs_stays_as_it_was() -> None:
    runs = (run("4165550198"), run("4165550189", start_s=8.0))
    assert vouched(runs, 0.2, "US") == runs


def test_digits_that_are_no_whole_number_vouch_for_nothing() -> None:
    runs = (
        run("94105"),
        run("94105", start_s=8.0),
        run("416555019", start_s=16.0),
        run("416555019", start_s=24.0),
    )
    assert vouched(runs, 0.2, "US") == runs


def test_a_country_code_is_vouched_for_by_no_saying_without_one() -> None:
    long, short = vouched([run("14165550198"), run("4165550198", start_s=8.0)], 0.2, "US")
    assert long.digits[0].confidence == 0.9
    assert long.digits[1].confidence == short.digits[0].confidence > 0.9


def test_a_hopeless_saying_takes_nothing_from_a_clear_one() -> None:
    clear, mumbled = vouched(
        [
            run("4165550198", probability=0.97, confidence=0.99),
            run("4165550198", start_s=8.0, probability=0.02),
        ],
        0.2,
        "US",
    )
    assert clear.probability == 0.97
    assert mumbled.probability > 0.02


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_a_saying_by_itself_is_as_probable_as_it_is(probability: float) -> None:
    assert agreed([probability], 0.2) == pytest.approx(probability, abs=1e-5)


def test_certain_and_impossible_stay_finite() -> None:
    assert 0.0 < agreed([0.0, 1.0], 0.2) < 1.0


def test_two_that_differ_in_one_digit_are_as_probable_as_bayes_says() -> None:
    """Of all that may have happened: both readings right, one or the other wrong, or both."""
    p, q = 0.95, 0.9
    one, other = contested(
        [run("4165550198", probability=p, confidence=0.98), run("4165550168", start_s=8.0, probability=q)],
        "US",
    )
    happened = MISSPOKEN * p * q + p * (1 - q) + (1 - p) * q + (1 - p) * (1 - q)
    assert one.probability == pytest.approx((MISSPOKEN * p * q + p * (1 - q)) / happened)
    assert other.probability == pytest.approx((MISSPOKEN * p * q + (1 - p) * q) / happened)
    assert [digit.rival for digit in one.digits[8:]] == ["6", "9"]
    assert one.digits[8].confidence == one.probability
    assert one.digits[7].confidence == 0.98
    assert not one.settled(0.92).is_sure


def test_a_rep_who_swaps_two_digits_is_heard_doing_so() -> None:
    sure = {"probability": 0.9995, "confidence": 0.9999}
    runs = contested([run("4165550198", **sure), run("4165550189", start_s=8.0, **sure)], "US")
    assert all(each.settled(0.92).is_sure for each in runs)


@pytest.mark.parametrize("other", ["2125550147", "4165550321", "94105", "416555019"])
def test_another_number_contests_nothing(other: str) -> None:
    """Three digits or more are another number; what is no number of the region is none."""
    runs = (run("4165550198"), run(other, start_s=8.0))
    assert contested(runs, "US") == runs


def test_two_sayings_alike_outweigh_a_third() -> None:
    runs = [run("4165550198", probability=0.95), run("4165550198", start_s=8.0, probability=0.95)]
    third = run("4165550168", start_s=16.0, probability=0.9)
    first, second, odd = contested(vouched([*runs, third], 1.0, "US"), "US")
    assert first.probability == second.probability > 0.95
    assert odd.probability < 0.5


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_contested_reading_is_less_probable_and_still_a_probability(p: float, q: float) -> None:
    assert 0.0 < contradicted(p, q) < p


def test_contesting_by_hand() -> None:
    """Both right 0.72, of which one in twenty misspoke: 0.036; only this one right 0.18; both wrong 0.02."""
    assert contradicted(0.9, 0.8) == pytest.approx(0.216 / 0.316)


@pytest.mark.parametrize(("other", "is_contested"), [("4165550168", 1), ("4165550189", 1), ("4165550789", 0)])
def test_a_number_is_contested_by_one_that_differs_in_one_or_two_digits(
    other: str, is_contested: int
) -> None:
    one, _ = contested([run("4165550198", probability=0.9), run(other, start_s=8.0, probability=0.8)], "US")
    assert one.probability == pytest.approx(0.216 / 0.316 if is_contested else 0.9)


def test_odds_end_at_one_in_a_million() -> None:
    assert agreed([0.0], 0.2) == pytest.approx(1e-6, rel=1e-6)
    assert 1 - agreed([1.0], 0.2) == pytest.approx(1e-6, rel=1e-6)
    assert agreed([0.0, 1.0], 0.25) == pytest.approx(0.8)  # even odds, four times as likely as alike slips


def test_the_most_probable_of_the_others_contests() -> None:
    others = [
        run("4165550168", start_s=8.0, probability=0.3),
        run("4165550178", start_s=16.0, probability=0.8),
    ]
    one, *_ = contested([run("4165550198", probability=0.9), *others], "US")
    assert one.probability == pytest.approx(0.216 / 0.316)
    assert one.digits[8].rival == "7"
