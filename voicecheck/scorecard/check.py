"""What a check is: limits, a judge, and the result that it comes to, with the evidence for it.

A file of a check takes all that it needs from here, its limits too (`voicecheck.scorecard.limits`).

Conventions
-----------
A check passes, fails, is *unsure* (the value lies within its measurement error of the limit, or the evidence
disagrees) or is *not measured*. Values are compared with limits after rounding (`timing.reaches`).

A tip is a check whose role is ``"tip"``: it never counts for the verdict, and a failure gives advice only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, Literal

from voicecheck.hearing.hearing import Hearing
from voicecheck.measures.message import Measures
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.limits import L, Limits, Phrases, Role, limit, phrase_list
from voicecheck.scorecard.phrases import Quote, SpokenText
from voicecheck.timing import Interval, overlap_s, reaches

__all__ = [
    "Check",
    "CheckResult",
    "Evidence",
    "Fault",
    "L",
    "Limits",
    "Phrases",
    "Role",
    "Tip",
    "Verdict",
    "judge_band",
    "limit",
    "not_measured",
    "phrase_list",
    "said",
]

Verdict = Literal["pass", "fail", "unsure", "not_measured"]
Fault = Literal["part", "noise", "echo", "dropouts", "clipping"]
"""What a recording can suffer from; `reliability` says when."""

UNREAD_MIN = 6
"""A run of so many digits is on the card, whatever it is: a telephone number has seven or more, and one of
them may be lost."""


@dataclass(frozen=True, kw_only=True)
class Tip:
    """Advice that does not count for the verdict.

    Parameters
    ----------
    id : str
        Of the check that gives it; a judge leaves it empty.
    text : str
        One or two sentences.
    heard : Interval or None
        Where in the recording.
    quote : str
        The words that it is about, as the transcript has them.
    """

    id: str
    text: str
    heard: Interval | None = None
    quote: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What a check came to, with its evidence.

    Parameters
    ----------
    verdict : {"pass", "fail", "unsure", "not_measured"}
        The judgement.
    value : float or None
        What was measured, in `unit`; None if not measured.
    limit_min, limit_max : float or None
        The band in which the value passes.
    target : float or None
        What to aim for within the band.
    evidence : str
        What was heard, in one phrase; or why nothing was measured.
    advice : str
        What to do; left out of a result that passes.
    heard : Interval or None
        Where in the recording.
    quote : str
        The words that it is about, as the transcript has them.
    tips : tuple of Tip
        If there is more than one thing to say as tips; one is made of the advice if not.
    id, title, unit, role : str
        Filled in by `Check.run`; a judge leaves them.
    """

    verdict: Verdict
    value: float | None = None
    limit_min: float | None = None
    limit_max: float | None = None
    target: float | None = None
    evidence: str = ""
    advice: str = ""
    heard: Interval | None = None
    quote: str = ""
    tips: tuple[Tip, ...] = ()
    id: str = ""
    title: str = ""
    unit: str = ""
    role: Role = "required"


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """All that checks look at.

    Parameters
    ----------
    hearing : Hearing
        What was heard.
    measures : Measures
        Of the message.
    recitations : tuple of Recitation
        Full and partial, in time order.
    limits : mapping of str to Limits
        Of all checks by id, for one that wants another one's phrases.
    region : str
        ISO 3166 code of the country whose numbers need no country code.
    expected : str or None
        Digits of the number that should have been said.
    rep, company, prospect : str or None
        Who speaks, for whom, and to whom, if that is known.
    """

    hearing: Hearing
    measures: Measures
    recitations: tuple[Recitation, ...]
    limits: Mapping[str, Limits]
    region: str = "US"
    expected: str | None = None
    rep: str | None = None
    company: str | None = None
    prospect: str | None = None

    @property
    def full(self) -> tuple[Recitation, ...]:
        """Full recitations."""
        return tuple(each for each in self.recitations if each.full)

    @property
    def unread(self) -> tuple[DecidedRun, ...]:
        """Runs that are no recitation, or an uncertain one, but may be a number that could not be made out.

        These are runs of `UNREAD_MIN` digits or more, and any of which the recogniser wrote nothing.
        """
        read = [each.interval for each in self.recitations if not each.is_uncertain]
        return tuple(
            run
            for run in self.hearing.digit_runs
            if (run.heard_only or len(run.digits) >= UNREAD_MIN)
            and not any(overlap_s(run.interval, each) > 0 for each in read)
        )

    @cached_property
    def text(self) -> SpokenText:
        """The words, to look phrases up in."""
        return SpokenText.of(self.hearing.transcript.words, self.recitations, region=self.region)

    def phrases(self, check_id: str, name: str) -> tuple[str, ...]:
        """The phrase list `name` of another check, as the rubric has it.

        Parameters
        ----------
        check_id : str
            Of the other check.
        name : str
            Of its list.

        Returns
        -------
        tuple of str
            Empty where that check is not there.
        """
        found: tuple[str, ...] = getattr(self.limits[check_id], name)
        return found


Judge = Callable[[Evidence, L], CheckResult | None]


@dataclass(frozen=True, kw_only=True)
class Check(Generic[L]):
    """A check or tip.

    Parameters
    ----------
    id : str
        For programs: in rubrics, JSON and CSV.
    title : str
        For people.
    unit : str
        Of the value and the limits. A tip without one has no row on the card unless it is required.
    priority : int
        Failures and tips are mended in this order, the lowest first.
    limits : type
        Its `Limits`.
    judge : callable
        From evidence and limits to a result; None where the check does not apply.
    undermined_by : frozenset of str
        Faults of a recording that leave the verdict open (`reliability`).
    open_if_damaged : str or None
        The verdict that half of a file cannot give: what is missing may have been said there.
    of_words : bool
        Whether it judges what was said and what was not, which neither silence nor half a file can tell.
    """

    id: str
    title: str
    unit: str = ""
    priority: int = 100
    limits: type[L]
    judge: Judge[L]
    undermined_by: frozenset[Fault] = frozenset()
    open_if_damaged: Verdict | None = None
    of_words: bool = False

    def run(self, evidence: Evidence, limits: L) -> CheckResult | None:
        """Judge a message; None if the check is off, or does not apply and is not required.

        Parameters
        ----------
        evidence : Evidence
            Of one message.
        limits : L
            Of this check.

        Returns
        -------
        CheckResult or None
            With the id, title, unit and role of this check.
        """
        if limits.role == "off":
            return None
        result = self._judged(evidence, limits)
        if result is None:
            if limits.role != "required":
                return None
            result = not_measured("nothing to go by")
        return replace(
            result,
            id=self.id,
            title=self.title,
            unit=self.unit,
            role=limits.role,
            advice="" if result.verdict == "pass" else result.advice,
            tips=tuple(replace(tip, id=self.id) for tip in result.tips),
        )

    def _judged(self, evidence: Evidence, limits: L) -> CheckResult | None:
        if evidence.hearing.unheard:
            return not_measured(evidence.hearing.unheard)
        if self.of_words and evidence.hearing.warnings:
            return not_measured("the file is damaged, and what is missing may have been said")
        if self.of_words and not evidence.text.n_words:
            return None
        return self.judge(evidence, limits)


def not_measured(why: str) -> CheckResult:
    """Give the result of a check that had nothing to measure.

    Parameters
    ----------
    why : str
        For the card's row.

    Returns
    -------
    CheckResult
        Without a value.
    """
    return CheckResult(verdict="not_measured", evidence=why)


def said(verdict: Verdict, quote: Quote, advice: str, **rest: Any) -> CheckResult:
    """Give a result about words of the message.

    Parameters
    ----------
    verdict : Verdict
        Of the check.
    quote : Quote
        The words that it is about.
    advice : str
        For one who fails.
    **rest : Any
        Further fields of the result.

    Returns
    -------
    CheckResult
        With the words as evidence, and their time.
    """
    return CheckResult(verdict=verdict, advice=advice, heard=quote.heard, quote=quote.text, **rest)


def judge_band(
    value: float, *, low: float | None = None, high: float | None = None, error: float = 0.0
) -> Verdict:
    """Judge a value against a band whose edges belong to it.

    Parameters
    ----------
    value : float
        NaN is not measured.
    low, high : float or None
        Edges of the band; None for no edge.
    error : float >= 0
        Measurement error: nearer to an edge than this is unsure.

    Returns
    -------
    {"pass", "fail", "unsure", "not_measured"}
        The verdict.

    Examples
    --------
    >>> judge_band(30.0, high=30.0), judge_band(30.1, high=30.0, error=0.2), judge_band(31.0, high=30.0)
    ('pass', 'unsure', 'fail')
    """
    if math.isnan(value):
        return "not_measured"
    for edge in (low, high):
        if edge is not None and error and not reaches(abs(value - edge), error):
            return "unsure"
    too_low = low is not None and not reaches(value, low)
    too_high = high is not None and not reaches(high, value)
    return "fail" if too_low or too_high else "pass"
