"""Is it the same number each time, and the right one?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.compare import Difference, differences
from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Verdict, not_measured
from voicecheck.scorecard.sentences import ordinal


class Limits(check.Limits):
    """All sayings are the same digits, and the expected ones if given; there is no limit to set."""


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Compare each full recitation with the expected number, or with what was said most often.

    Parameters
    ----------
    evidence : Evidence
        The full recitations, and the expected number if there is one.
    limits : Limits
        How many digits may differ.

    Returns
    -------
    CheckResult or None
        Digits that differ; not judged where there is nothing to compare.
    """
    del limits
    if not evidence.full:
        return not_measured("no phone number was heard")
    reference = _reference(evidence)
    sayings = _of_one_line(evidence, reference)
    if not sayings[1:] and evidence.expected is None:
        return CheckResult(
            verdict="not_measured",
            evidence="said once, nothing to compare",
            advice="Say the number a second time, or tell which number it should be.",
        )
    verdict: Verdict = "pass"
    worst: tuple[Recitation, tuple[Difference, ...]] | None = None
    for saying in sayings:
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


def _of_one_line(evidence: Evidence, reference: str) -> list[Recitation]:
    """Leave out what the words say is another line: the cell, where the number is the office."""
    label = next((each.label for each in evidence.full if _comparable(each, evidence) == reference), None)
    return [each for each in evidence.full if label is None or each.label in (None, label)]


def _which_is_right(evidence: Evidence, saying: Recitation) -> str:
    reference = display(_reference(evidence), region=evidence.region)
    if evidence.expected is not None:
        return f"Say {reference} each time, digit by digit."
    other = display(_comparable(saying, evidence), region=evidence.region)
    return f"You said two numbers, {reference} and {other}: check which is yours."


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
    return "the same digits each time"


def _explained_by_doubt(evidence: Evidence, saying: Recitation, found: Sequence[Difference]) -> bool:
    """Whether doubtful digits could account for every difference, or it is only in how many there are.

    That a rep drops a digit is rarer than that it is lost in hearing.
    """
    kinds = {each.kind for each in found}  # both, in one saying, are a digit that stands elsewhere
    if not saying.well_formed or kinds in ({"missing"}, {"extra"}):
        return True
    doubted = {
        (digit.digit, digit.rival)
        for each in evidence.full
        for digit in each.timed_digits
        if digit.rival is not None
    }
    may_be_miscounted = bool(saying.doubts)  # for a doubt is also that these are all its digits
    return bool(doubted) and all(
        (each.first, each.second) in doubted
        or (each.second, each.first) in doubted
        or (may_be_miscounted and each.kind in ("missing", "extra"))
        for each in found
    )


def _describe(evidence: Evidence, reference: str, saying: Recitation, found: Sequence[Difference]) -> str:
    said = display(_comparable(saying, evidence), region=evidence.region)
    wanted = display(reference, region=evidence.region)
    if evidence.expected is not None:
        what = f"{said} instead of {wanted}"
    elif len(grouped_by_number(evidence.full, region=evidence.region)) > 1:
        return f"different numbers: {wanted} and {said}"
    else:
        is_first = _comparable(evidence.full[0], evidence) == reference
        what = f"first {wanted}, then {said}" if is_first else f"first {said}, then {wanted}"
    return f"{what}; {', '.join(_describe_one(each, len(reference)) for each in found)}"


def _describe_one(difference: Difference, n_digits: int) -> str:
    """Say what differs, the place counted in what should have been said.

    >>> swap = Difference(kind="swapped", first_at=8, second_at=8, first="98", second="89")
    >>> _describe_one(swap, 10)
    'last two digits swapped'
    """
    at = difference.first_at
    if difference.kind == "swapped":
        which = "last two" if at + 2 == n_digits else f"{_place(at)} and {_place(at + 1)}"
        return f"{which} digits swapped"
    if difference.kind == "missing":
        return f"{_place(at)} digit ({difference.first}) missing"
    if difference.kind == "extra":
        return f"one {difference.second} too many"
    return f"{_place(at)} digit {difference.first} or {difference.second}"


def _place(at: int) -> str:
    return ordinal(at + 1)


CHECK = Check(
    id="number_agrees",
    title="Numbers agree",
    unit="differences",
    priority=20,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"echo", "dropouts"}),
)
