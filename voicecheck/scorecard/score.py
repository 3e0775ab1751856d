"""How many checks a message passed, beside its verdict; and a team's own rule for the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from voicecheck.scorecard.check import CheckResult
from voicecheck.timing import reaches

CardVerdict = Literal["pass", "fail", "review"]


class ScoreRule(BaseModel):
    """The table `[score]` of a rubric.

    Parameters
    ----------
    pass_mark : float or None
        Per cent of the points that a card needs to pass; None wants every required check passed.
    knock_outs : tuple of str
        Ids of checks that fail the card whatever its points.
    weights : dict of str to float
        Points of a check by its id; one that is not named has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    pass_mark: Annotated[float, Field(gt=0, le=100)] | None = None
    knock_outs: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
    ] = ()
    weights: dict[str, Annotated[float, Field(ge=0, le=100)]] = {}


@dataclass(frozen=True, kw_only=True)
class Score:
    """The required checks, counted.

    Parameters
    ----------
    passed, of : int
        How many passed, of how many.
    percent : float or None
        Of the points, each check with its weight; None where there are none to get.
    """

    passed: int
    of: int
    percent: float | None

    def __str__(self) -> str:
        return f"{self.passed} of {self.of} checks"


def count(results: Sequence[CheckResult], rule: ScoreRule) -> Score:
    """Count the required checks that passed.

    Parameters
    ----------
    results : sequence of CheckResult
        Tips count for nothing.
    rule : ScoreRule
        Their weights.

    Returns
    -------
    Score
        The count, and the share of the points.
    """
    required = [each for each in results if each.role == "required"]
    points, total = _points(required, rule, ("pass",)), _points(required, rule, None)
    return Score(
        passed=sum(each.verdict == "pass" for each in required),
        of=len(required),
        percent=100 * points / total if total else None,
    )


def card_verdict(results: Sequence[CheckResult], rule: ScoreRule) -> CardVerdict:
    """Add up the required checks.

    Parameters
    ----------
    results : sequence of CheckResult
        Tips count for nothing.
    rule : ScoreRule
        Without a pass mark the card fails if any check fails, else is for review if any is open. With one,
        it fails if a knock-out fails or the mark is out of reach, passes if the mark is reached and no
        knock-out is open, and is for review between.

    Returns
    -------
    {"pass", "fail", "review"}
        The verdict.
    """
    required = [each for each in results if each.role == "required"]
    deciding = (
        required if rule.pass_mark is None else [each for each in required if each.id in rule.knock_outs]
    )
    verdicts = {each.verdict for each in deciding}
    total = _points(required, rule, None)
    if "fail" in verdicts:
        return "fail"
    is_open = bool(verdicts & {"unsure", "not_measured"})
    if rule.pass_mark is not None and total:
        at_least = 100 * _points(required, rule, ("pass",)) / total
        at_most = 100 * _points(required, rule, ("pass", "unsure", "not_measured")) / total
        if not reaches(at_most, rule.pass_mark):
            return "fail"
        is_open = is_open or not reaches(at_least, rule.pass_mark)
    return "review" if is_open else "pass"


def _points(results: Sequence[CheckResult], rule: ScoreRule, verdicts: Sequence[str] | None) -> float:
    return sum(
        rule.weights.get(each.id, 1.0) for each in results if verdicts is None or each.verdict in verdicts
    )
