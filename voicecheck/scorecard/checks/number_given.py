"""Is there a number to call back at all?"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.plan import Grade, comparable_digits, display, display_without, grade
from voicecheck.numbers.recitations import Recitation, grouped_by_number
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, judge_band, limit
from voicecheck.scorecard.sentences import noisy, times

OTHER_MAX = 6
"""Of more digits than this some may be a number after all, whose other digits are lost or too many."""

NOISY_SNR_DB = 10.0
"""Below this a whole number may be lost in the noise, so that none heard is no proof."""


class Limits(check.Limits):
    """Whole phone numbers said."""

    min_count: int = limit(1, low=1, high=10, source="without it nobody calls back")


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Count the full recitations; digits that could not all be made out leave it open.

    Parameters
    ----------
    evidence : Evidence
        The full recitations, and runs of digits that could not be read.
    limits : Limits
        How many numbers have to be said.

    Returns
    -------
    CheckResult or None
        How many different numbers.
    """
    n_given = sum(not each.is_uncertain for each in evidence.full)
    groups = grouped_by_number(evidence.full, region=evidence.region)
    unread = evidence.unread
    if n_given < limits.min_count and unread:
        return _heard_in_part(evidence, limits, max(unread, key=lambda run: len(run.digits)))
    snr_db = evidence.measures.condition.snr_db
    if n_given < limits.min_count and snr_db < NOISY_SNR_DB:
        return CheckResult(
            verdict="unsure",
            value=n_given,
            limit_min=limits.min_count,
            evidence=f"no phone number was heard, but {noisy(snr_db)}",
            advice="Record it again in a quieter place.",
        )
    partial = [each for each in evidence.recitations if not each.full]
    nothing = "only part of a number was heard" if partial else "no phone number was heard"
    return CheckResult(
        verdict=judge_band(n_given, low=limits.min_count),
        value=n_given,
        limit_min=limits.min_count,
        heard=evidence.full[0].interval if evidence.full else None,
        evidence=" and ".join(_found(group, evidence.region) for group in groups) or nothing,
        advice="Say your whole phone number, area code included, however well they know you: "
        "without it nobody calls back.",
    )


def _found(sayings: Sequence[Recitation], region: str) -> str:
    shown = list(dict.fromkeys(display(each.digits, region=region) for each in sayings))
    is_same = len({comparable_digits(each.digits, region=region) for each in sayings}) == 1
    return f"{shown[0]}, said {times(len(sayings))}" if is_same else " or ".join(shown)


def _heard_in_part(evidence: Evidence, limits: Limits, run: DecidedRun) -> CheckResult:
    """Say what was made out of a run of digits that is no number as it stands."""
    digits = "".join(digit.digit for digit in run.digits)
    is_short = len(digits) <= OTHER_MAX and not run.heard_only
    is_other = is_short and run.is_sure and grade(digits, evidence.region) < Grade.LOCAL
    doubts = [place for place, digit in enumerate(run.digits) if digit.rival is not None]
    what = (
        f"digits of a number were heard, but not all could be made out: {_made_out(evidence, digits, doubts)}"
    )
    if is_other:
        what = f"{digits} was heard, which is no phone number"
    n_sayings = sum(not each.is_uncertain for each in evidence.full)
    return CheckResult(
        verdict="fail" if is_other and not n_sayings else "unsure",
        value=n_sayings,
        limit_min=limits.min_count,
        heard=run.interval,
        evidence=f"{what} ({why_unread(evidence, run)})" if not is_other else what,
        advice="Record it again in a quieter place, and say every digit on its own: "
        "what cannot be made out here, a listener cannot write down.",
    )


def _made_out(evidence: Evidence, digits: str, doubts: Sequence[int]) -> str:
    """Show digits with "?" for those in doubt, or as a guess where most are."""
    if 2 * len(doubts) <= len(digits):
        return display_without(digits, doubts, region=evidence.region)
    return f"perhaps {display(digits, region=evidence.region)}"


def why_unread(evidence: Evidence, run: DecidedRun) -> str:
    """Say what stood in the way of a run of digits.

    Parameters
    ----------
    evidence : Evidence
        Of the message.
    run : DecidedRun
        Digits that are not all sure.

    Returns
    -------
    str
        A phrase for the card's row.
    """
    if run.background:
        return "another voice in the background"
    if evidence.measures.condition.snr_db < NOISY_SNR_DB:
        return noisy(evidence.measures.condition.snr_db)
    return "the digits run into each other, or one was lost"


CHECK = Check(
    id="number_given",
    title="Number found",
    unit="numbers",
    priority=10,
    limits=Limits,
    judge=judge,
    undermined_by=frozenset({"echo"}),
    open_if_damaged="fail",
)
