"""Is it the same number each time, and the right one?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.compare import Difference, differences
from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Verdict, not_measured


class Limits(check.Limits):
    """All sayings are the same digits, and the expected ones if given; there is no limit to set."""


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare each full recitation with the expected number, or with what was said most often."""
    del limits
    if not evidence.full:
        return not_measured("no phone number was heard")
    reference = _reference(evidence)
    verdict: Verdict = "pass"
    worst: tuple[Recitation, tuple[Difference, ...]] | None = None
    for saying in evidence.full:
        found = differences(reference, _comparable(saying, evidence))
        if not found:
            continue
        judged: Verdict = "unsure" if _explained_by_doubt(evidence, saying, found) else "fail"
        if verdict != "fail":
            verdict, worst = judged, (saying, found)
    if worst is None:
        return CheckResult(verdict="pass", value=0, limit_max=0, evidence=_agreement(evidence))
    saying, found = worst
    return CheckResult(
        verdict=verdict,
        value=len(found),
        limit_max=0,
        heard=saying.interval,
        evidence=_describe(evidence, reference, saying, found),
        advice=(
            "Say each digit separately, so that nobody has to guess."
            if verdict == "unsure"
            else _which_is_right(evidence, saying)
        ),
    )


def _which_is_right(evidence: Evidence, saying: Recitation) -> str:
    reference = display(_reference(evidence), region=evidence.region)
    if evidence.expected is not None:
        return f"Say {reference} each time, digit by digit."
    other = display(_comparable(saying, evidence), region=evidence.region)
    return f"Find out which is right, {reference} or {other}, and say that one each time."


def _comparable(saying: Recitation, evidence: Evidence) -> str:
    return comparable_digits(saying.digits, region=evidence.region)


def _reference(evidence: Evidence) -> str:
    """The digits that every saying should be: the expected ones, else those said most often."""
    if evidence.expected is not None:
        return comparable_digits(evidence.expected, region=evidence.region)
    said = [_comparable(each, evidence) for each in evidence.full]
    formed = [digits for digits, each in zip(said, evidence.full, strict=True) if each.well_formed]
    return max(formed or said, key=said.count)


def _agreement(evidence: Evidence) -> str:
    if evidence.expected is not None:
        return "as expected" if len(evidence.full) == 1 else "the same each time, as expected"
    return "said once, nothing to compare" if len(evidence.full) == 1 else "the same digits each time"


def _explained_by_doubt(evidence: Evidence, saying: Recitation, found: Sequence[Difference]) -> bool:
    """Whether doubtful digits could account for every difference, or the saying itself is no number."""
    if not saying.well_formed:
        return True
    doubted = {(doubt.digit, doubt.rival) for each in evidence.full for doubt in each.doubts}
    return bool(doubted) and all(
        (each.first, each.second) in doubted or (each.second, each.first) in doubted for each in found
    )


def _describe(evidence: Evidence, reference: str, saying: Recitation, found: Sequence[Difference]) -> str:
    said = _comparable(saying, evidence)
    shown = [display(each, region=evidence.region) for each in (reference, said)]
    wanted = "expected" if evidence.expected is not None else "said"
    if len(grouped_by_number(evidence.full, region=evidence.region)) > 1 and evidence.expected is None:
        return f"different numbers: {shown[0]} and {shown[1]}"
    return f"{wanted} {shown[0]}, heard {shown[1]}: {'; '.join(map(_describe_one, found))}"


def _describe_one(difference: Difference) -> str:
    at = difference.first_at + 1
    if difference.kind == "swapped":
        return f"digits {at} and {at + 1} swapped ({difference.first} became {difference.second})"
    if difference.kind == "missing":
        return f"digit {at} ({difference.first}) is missing"
    if difference.kind == "extra":
        return f"one {difference.second} too many at digit {difference.second_at + 1}"
    return f"digit {at} is {difference.first}, then {difference.second}"


CHECK = Check(
    id="number_agrees",
    title="Numbers agree",
    unit="differences",
    priority=20,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"noise", "dropouts"}),
)
