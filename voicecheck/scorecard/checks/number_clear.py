"""Can every digit be made out?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.plan import NANP_REGIONS, comparable_digits
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit, not_measured
from voicecheck.scorecard.sentences import ordinal
from voicecheck.speech.transcript import TimedDigit

TOLD_MAX = 3
"""More doubts than this are counted, not told one by one."""


class Limits(check.Limits):
    """How sure the least clear digit is, each digit where it is said best."""

    min_confidence: float = limit(0.5, low=0, high=1, source="below one half another reading is as likely")
    error_confidence: float = limit(
        0.25,
        low=0,
        high=1,
        source="our own margin, not a calibrated one: on bad lines some readings above it are wrong",
    )
    sure_probability: float = limit(
        0.92,
        low=0,
        high=1,
        source="of 578 readings above 0.92, of voices not fitted on, 5 were wrong",
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Judge the least certain digit of the number that was said most often.

    Parameters
    ----------
    evidence : Evidence
        The recitations, each digit with its confidence and its rival.
    limits : Limits
        The least confidence, and how near to it is unsure.

    Returns
    -------
    CheckResult or None
        A confidence, 0 to 1.
    """
    if not evidence.full:
        return not_measured("no phone number was heard")
    sayings = max(grouped_by_number(evidence.full, region=evidence.region), key=len)
    alike = _alike(sayings, evidence.region)
    best = _best_confidences(sayings[0], alike)
    least = min(range(len(best)), key=lambda at: best[at])
    doubts = _shared_doubts(sayings, evidence.region)
    verdict = judge_band(best[least], low=limits.min_confidence, error=limits.error_confidence)
    odd = not any(each.well_formed for each in sayings)
    if (verdict == "pass" and (doubts or odd)) or any(each.is_uncertain for each in sayings):
        verdict = "unsure"
    place = doubts[0] if doubts else least
    digit = sayings[0].timed_digits[place]
    heard = digit.interval
    every = "every digit clear; least clear" if verdict == "pass" else "hardest to hear"
    what = f"{every}: the {ordinal(least + 1)}, {sayings[0].timed_digits[least].digit}"
    advice = f"Say the {ordinal(place + 1)} digit, {digit.digit}, on its own; do not let digits run together."
    if odd:
        n_digits, heard = len(sayings[0].timed_digits), sayings[0].interval
        what = f"{n_digits} digits were heard; no {evidence.region} number has that many or starts like that"
        advice = _mend_odd(sayings[0].digits, evidence.region)
    elif doubts:
        what = _describe_doubts(sayings[0], doubts)
        if len(doubts) > TOLD_MAX:
            heard, advice = sayings[0].interval, "Say the number again, slowly, each digit on its own."
    return CheckResult(
        verdict=verdict,
        value=best[least],
        limit_min=limits.min_confidence,
        heard=heard,
        evidence=what,
        advice=advice,
    )


def _describe_doubts(saying: Recitation, places: Sequence[int]) -> str:
    n_digits = len(saying.timed_digits)
    if len(places) > TOLD_MAX:
        return f"{'all' if len(places) == n_digits else f'{len(places)} of'} {n_digits} digits are in doubt"
    return "; ".join(_describe_doubt(saying, place) for place in places)


def _describe_doubt(saying: Recitation, place: int) -> str:
    digit = saying.timed_digits[place]
    if digit.rival:
        return f"the {ordinal(place + 1)} digit may be {digit.digit} or {digit.rival}"
    return f"the {ordinal(place + 1)} digit, {digit.digit}, may be wrong or not there"


def _mend_odd(digits: str, region: str) -> str:
    """Say what may be wrong with a number that has no known shape."""
    if region in NANP_REGIONS and digits.startswith("0"):
        return f"{region} numbers have 10 digits. Is it British? Use the region GB."
    return f"Say the number again, group by group: {len(digits.lstrip('+'))} digits were heard."


def _n_prefix(saying: Recitation, region: str) -> int:
    """Digits before the number itself: a country code or a trunk prefix that another saying may lack."""
    digits = saying.digits.lstrip("+")
    core = comparable_digits(saying.digits, region=region)
    return len(digits) - len(core) if digits.endswith(core) else 0


def _alike(sayings: Sequence[Recitation], region: str) -> list[tuple[TimedDigit, ...]]:
    """The numbers themselves of those sayings that have the digits of the first."""
    cores = [each.timed_digits[_n_prefix(each, region) :] for each in sayings]
    first = [digit.digit for digit in cores[0]]
    return [core for core in cores if [digit.digit for digit in core] == first]


def _best_confidences(first: Recitation, alike: Sequence[Sequence[TimedDigit]]) -> list[float]:
    """Confidence of each digit of the first saying, where it is said best."""
    n_prefix = len(first.timed_digits) - len(alike[0])
    prefix = [digit.confidence for digit in first.timed_digits[:n_prefix]]
    columns = zip(*alike, strict=True)
    return prefix + [max(digit.confidence for digit in column) for column in columns]


def _shared_doubts(sayings: Sequence[Recitation], region: str) -> list[int]:
    """Places of the first saying's doubts that no other one clears up."""
    first, *others = sayings
    n_prefix = _n_prefix(first, region)
    doubted = [{place - _n_prefix(each, region) for place in each.doubts} for each in others]
    return [place for place in first.doubts if all(place - n_prefix in places for places in doubted)]


CHECK = Check(
    id="number_clear",
    title="Number clear",
    unit="confidence",
    priority=30,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"echo", "dropouts", "clipping"}),
)
