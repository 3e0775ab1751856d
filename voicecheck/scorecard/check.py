"""A verdict and the evidence for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from voicecheck.measures.message import Measures
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.rubric import Role
from voicecheck.timing import Interval, reaches

Verdict = Literal["pass", "fail", "unsure", "not_measured"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One verdict with its evidence.

    Parameters
    ----------
    id, title : str
        For programs and for people.
    role : {"required", "tip", "off"}
        Whether it counts for the card's verdict.
    verdict : {"pass", "fail", "unsure", "not_measured"}
        The judgement.
    value : float or None
        What was measured, in `unit`; None if not measured.
    unit : str
        Unit of the value and the limits.
    limit_min, limit_max : float or None
        The band in which the value passes.
    evidence : str
        What was heard, in one phrase; or why nothing was measured.
    advice : str
        What to do; empty if nothing needs doing.
    heard : Interval or None
        Where in the recording.
    """

    id: str
    title: str
    role: Role
    verdict: Verdict
    value: float | None
    unit: str
    limit_min: float | None = None
    limit_max: float | None = None
    evidence: str = ""
    advice: str = ""
    heard: Interval | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the checks look at.

    Parameters
    ----------
    measures : Measures
        Of the message.
    recitations : tuple of Recitation
        Full and partial, in time order.
    region : str
        ISO 3166 code.
    expected : str or None
        Digits of the number that should have been said.
    unheard : str or None
        Why nothing can be judged: no speech, another language; None if all is well.
    """

    measures: Measures
    recitations: tuple[Recitation, ...]
    region: str = "US"
    expected: str | None = None
    unheard: str | None = None

    @property
    def full(self) -> tuple[Recitation, ...]:
        """Full recitations."""
        return tuple(each for each in self.recitations if each.full)


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
