"""Sayings of the same digits vouch for each other, and nearly the same ones contest each other.

Every saying is read by itself; what is read is never changed by another one, so a rep who swaps two digits
is heard doing so. But where two readings are the same number, both would have to be wrong in the same way.
And where two are the same but for a digit or two, the rep misspoke or one is misheard: as people seldom
misspeak, only readings that are very sure by themselves stay sure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.plan import Grade, comparable_digits, grade
from voicecheck.speech.transcript import TimedDigit

NEARLY_ALIKE_MAX = 2
"""Whole numbers that differ in more digits are two numbers: a phone and a fax."""

MISSPOKEN = 0.05
"""Share of those who say a number twice whose sayings differ by so little: assumed, we know of no count."""

PROBABILITY_MIN, PROBABILITY_MAX = 1e-6, 1 - 1e-6
"""Odds stay finite."""


def vouched(runs: Sequence[DecidedRun], slips_alike: float, region: str) -> tuple[DecidedRun, ...]:
    """Raise the probability of those runs that are the same whole number as another one.

    Parameters
    ----------
    runs : sequence of DecidedRun
        Of one recording, in time order.
    slips_alike : float
        Probability that a wrong reading is wrong in just the way of another wrong one of that number.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    tuple of DecidedRun
        With the same digits.
    """
    numbers = [_number(run, region) for run in runs]
    places = sorted((place for place, number in enumerate(numbers) if number), key=lambda at: numbers[at])
    raised = list(runs)
    for number, group in groupby(places, key=lambda at: numbers[at]):
        alike = list(group)
        probability = agreed([runs[at].probability for at in alike], slips_alike)
        columns = zip(*(runs[at].digits[-len(number) :] for at in alike), strict=True)
        shared = [agreed([digit.confidence for digit in column], slips_alike) for column in columns]
        for at in alike:
            run = runs[at]
            raised[at] = replace(
                run,
                digits=(*run.digits[: -len(number)], *_raised(run.digits[-len(number) :], shared)),
                probability=max(run.probability, probability),
            )
    return tuple(raised)


def agreed(probabilities: Sequence[float], slips_alike: float) -> float:
    """Probability that readings of the same digits are right, by Bayes' rule.

    Parameters
    ----------
    probabilities : sequence of float
        Of each by itself.
    slips_alike : float
        Probability that a wrong one is wrong in just the way of another wrong one.

    Returns
    -------
    float
        That of one by itself is its own.

    Examples
    --------
    >>> round(agreed([0.8, 0.8], 0.2), 3)  # 0.64 that both are right, 0.04 * 0.2 that both are wrong alike
    0.988
    """
    bounded = [min(PROBABILITY_MAX, max(PROBABILITY_MIN, each)) for each in probabilities]
    logit = sum(math.log(each / (1 - each)) for each in bounded) - (len(bounded) - 1) * math.log(slips_alike)
    return 1 / (1 + math.exp(-logit))


def contested(runs: Sequence[DecidedRun], region: str) -> tuple[DecidedRun, ...]:
    """Lower the probability of those runs that are nearly the same whole number as another one.

    Parameters
    ----------
    runs : sequence of DecidedRun
        Of one recording, in time order, `vouched` for.
    region : str
        ISO 3166 code of the number plan.

    Returns
    -------
    tuple of DecidedRun
        With the same digits; one in which the other differs has it as its rival.
    """
    numbers = [_number(run, region) for run in runs]
    others = [
        max(
            (other for other, name in zip(runs, numbers, strict=True) if _nearly_alike(number, name)),
            key=lambda other: other.probability,
            default=None,
        )
        for number in numbers
    ]
    return tuple(
        run if other is None else _lowered(run, other, len(number))
        for run, other, number in zip(runs, others, numbers, strict=True)
    )


def contradicted(probability: float, other: float) -> float:
    """Probability that a reading is right when another one is nearly the same, by Bayes' rule.

    Parameters
    ----------
    probability, other : float
        Of each by itself. That they differ is sure if one is wrong, and has `MISSPOKEN` if both are right.

    Returns
    -------
    float
        Lower than `probability`.

    Examples
    --------
    >>> round(contradicted(0.95, 0.9), 3)  # 0.855 * 0.05 + 0.095 of 0.855 * 0.05 + 0.145
    0.734
    >>> contradicted(0.9995, 0.9995) > 0.98  # heard so well, it was the rep
    True
    """
    both = probability * other
    return (both * MISSPOKEN + probability * (1 - other)) / (both * MISSPOKEN + 1 - both)


def _nearly_alike(number: str, other: str) -> bool:
    if not number or len(number) != len(other):
        return False
    return 0 < sum(one != two for one, two in zip(number, other, strict=True)) <= NEARLY_ALIKE_MAX


def _lowered(run: DecidedRun, other: DecidedRun, n_digits: int) -> DecidedRun:
    lowered = contradicted(run.probability, other.probability)
    kept, own = run.digits[:-n_digits], run.digits[-n_digits:]
    pairs = zip(own, other.digits[-n_digits:], strict=True)
    digits = (
        digit
        if digit.digit == rival.digit
        else replace(digit, confidence=min(digit.confidence, lowered), rival=rival.digit)
        for digit, rival in pairs
    )
    return replace(run, digits=(*kept, *digits), probability=lowered)


def _number(run: DecidedRun, region: str) -> str:
    """The number that a run is, without its prefix; "" where it has too few or too many digits for one."""
    digits = "".join(digit.digit for digit in run.digits)
    core = comparable_digits(digits, region=region)
    return core if grade(digits, region) >= Grade.LOOSE and digits.endswith(core) else ""


def _raised(digits: Sequence[TimedDigit], shared: Sequence[float]) -> tuple[TimedDigit, ...]:
    return tuple(
        replace(digit, confidence=max(digit.confidence, confidence))
        for digit, confidence in zip(digits, shared, strict=True)
    )
