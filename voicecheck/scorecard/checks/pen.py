"""Can a listener with a pen keep up?"""

from __future__ import annotations

from dataclasses import replace

from voicecheck.measures.pen import WrittenDown, write_down
from voicecheck.numbers.plan import display_without
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, limit
from voicecheck.scorecard.sentences import counted
from voicecheck.timing import Interval


class Limits(check.Limits):
    """A listener who writes the number down while it is said."""

    role: check.Role = "tip"
    digits_per_s: float = limit(
        2.0,
        low=0.5,
        high=10,
        unit="digits/s",
        source="people write 2.6 characters a second from memory and copy 1.8 (Brown 1988)",
    )
    digits_in_mind: int = limit(
        4, low=1, high=20, unit="digits", source="what working memory holds (Cowan 2001)"
    )


def writings(recitations: tuple[Recitation, ...], limits: Limits) -> tuple[WrittenDown, ...]:
    """Follow the listener through each saying; with the check off, none of them waits.

    Parameters
    ----------
    recitations : tuple of Recitation
        In time order.
    limits : Limits
        How fast the listener writes, and how many digits they keep in mind.

    Returns
    -------
    tuple of WrittenDown
        One for each recitation.
    """
    written = tuple(
        write_down(
            [digit.interval for digit in each.in_time],
            digits_per_s=limits.digits_per_s,
            digits_in_mind=limits.digits_in_mind,
        )
        for each in recitations
    )
    return tuple(replace(each, waits=()) for each in written) if limits.role == "off" else written


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Say where the listener falls so far behind that memory is full.

    Parameters
    ----------
    evidence : Evidence
        The recitations, as the listener writes them.
    limits : Limits
        As of `writings`.

    Returns
    -------
    CheckResult or None
        How many digits they are behind at most.
    """
    pairs = zip(evidence.recitations, writings(evidence.recitations, limits), strict=True)
    recitation, writing = max(pairs, key=lambda pair: max(pair[1].behind), default=(None, None))
    if recitation is None or writing is None:
        return None
    n_behind = max(writing.behind)
    if n_behind < max(1, limits.digits_in_mind - 1):
        return CheckResult(
            verdict="pass", value=n_behind, evidence=f"up to {counted(n_behind, 'digit')} behind"
        )
    writer = f"a listener who writes {limits.digits_per_s:g} digits a second"
    if writing.lost:
        place = writing.lost[0]
        digit = recitation.in_time[place].digit
        text = f"after {_up_to(place, recitation, evidence)} {writer} cannot keep the {digit} in mind"
    else:
        place = writing.behind.index(n_behind)
        text = f"after {_up_to(place + 1, recitation, evidence)} {writer} is {n_behind} digits behind"
    return CheckResult(
        verdict="fail",
        value=n_behind,
        evidence=text,
        advice=f"Pause after each group: {text}.",
        heard=Interval(onset_s=recitation.interval.onset_s, offset_s=recitation.in_time[place].offset_s),
    )


def _up_to(n_digits: int, recitation: Recitation, evidence: Evidence) -> str:
    """The first digits of a number, grouped for the eye."""
    others = set(range(n_digits, len(recitation.timed_digits)))
    shown = display_without(recitation.digits, others, region=evidence.region)
    return shown.split("?")[0].rstrip("-( ")


CHECK = Check(id="pen", title="Time to write", priority=46, limits=Limits, judge=judge)
