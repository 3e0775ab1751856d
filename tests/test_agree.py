"""Sayings that are read alike vouch for each other, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voicecheck.numbers.agree import agreed, vouched
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


@pytest.mark.parametrize(
    ("probability", "confidences", "in_doubt"),
    [
        (0.92, (0.5, 0.9, 0.95), ""),  # the whole is sure, and so is each digit
        (0.91, (0.5, 0.9, 0.95), "01"),
        (0.91, (0.5, 0.92, 0.95), "0"),
        (0.91, (0.95, 0.97, 0.99), "0"),  # the least probable one, however probable it is
        (0.91, (0.97, 0.95, 0.95), "12"),
    ],
)
def test_of_an_unsure_run_the_least_probable_digit_is_in_doubt(
    probability: float, confidences: tuple[float, ...], in_doubt: str
) -> None:
    whole = run("416", probability=probability)
    digits = tuple(
        replace(digit, confidence=confidence)
        for digit, confidence in zip(whole.digits, confidences, strict=True)
    )
    settled = replace(whole, digits=digits).settled(0.92)
    assert "".join(str(at) for at, digit in enumerate(settled.digits) if digit.rival) == in_doubt
    assert settled.is_sure == (in_doubt == "")


def test_a_run_is_moved_with_its_words_and_keeps_its_times() -> None:
    moved = run("416", start_s=2.0).moved(5)
    assert (moved.first_word, moved.last_word) == (5, 8)
    assert moved.digits == run("416", start_s=2.0).digits
    assert (moved.interval.onset_s, moved.interval.offset_s) == pytest.approx((2.0, 3.1))
