"""From what was heard to its card; quick, and the only place that a rubric changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from voicecheck.hearing.hearing import NO_MESSAGE, Hearing, with_part
from voicecheck.measures.message import measure_message
from voicecheck.numbers import find_in_words
from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.scorecard.card import Scorecard, Settings
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Limits, Tip, not_measured
from voicecheck.scorecard.checks import number_clear, pen
from voicecheck.scorecard.registry import is_own
from voicecheck.scorecard.reliability import doubted, faults
from voicecheck.scorecard.rubric import Rubric
from voicecheck.scorecard.score import card_verdict, count
from voicecheck.speech.greeting import Part

__all__ = ["Settings", "judge", "next_step", "run_checks"]


def judge(hearing: Hearing, settings: Settings) -> Scorecard:
    """Judge what was heard.

    Parameters
    ----------
    hearing : Hearing
        Of one recording.
    settings : Settings
        What it is judged against.

    Returns
    -------
    Scorecard
        The card.

    Raises
    ------
    ParameterError
        If nothing of the recording lies between the start and the end that were told.
    """
    if settings.start_s is not None or settings.end_s is not None:
        hearing = with_part(hearing, settings.start_s, settings.end_s)
    evidence = gather(hearing.of_message(), settings)
    results = run_checks(evidence, settings.rubric)
    rows = tuple(each for each in results if each.role == "required" or each.unit)
    tips = [tip for each in results if each.role == "tip" for tip in tips_of(each)]
    return Scorecard(
        verdict=card_verdict(rows, settings.rubric.score),
        score=count(rows, settings.rubric.score),
        next_step=_no_message(hearing.part)
        or next_step(results, settings.rubric.checks, damaged=bool(hearing.warnings)),
        checks=rows,
        tips=(*_file_tips((*hearing.warnings, *hearing.remarks)), *tips),
        measures=evidence.measures,
        recitations=evidence.recitations,
        writings=pen.writings(evidence.recitations, settings.rubric.of(pen.CHECK)),
        hearing=hearing,
        settings=settings,
    )


def gather(hearing: Hearing, settings: Settings) -> Evidence:
    """Bring together all that the checks look at.

    Parameters
    ----------
    hearing : Hearing
        Of the rep's part.
    settings : Settings
        What was given with the message.

    Returns
    -------
    Evidence
        With measures and recitations.
    """
    sure_probability = settings.rubric.of(number_clear.CHECK).sure_probability
    runs = tuple(run.settled(sure_probability) for run in hearing.digit_runs)
    hearing = replace(hearing, digit_runs=runs)
    words, region = hearing.transcript.words, settings.region
    numbers = find_in_words(words, region=region)
    digit_spans = [span for number in numbers for span in number.spoken_spans]
    recitations = find_recitations(words, hearing.sounds, digit_runs=runs, region=region)
    said = [each.interval for each in recitations]
    return Evidence(
        hearing=hearing,
        measures=measure_message(words, hearing.sounds, digit_spans, said, hearing.condition),
        recitations=recitations,
        limits=settings.rubric.limits,
        region=region,
        expected=settings.expected,
        rep=settings.rep,
        company=settings.company,
        prospect=settings.prospect,
    )


def run_checks(evidence: Evidence, rubric: Rubric) -> tuple[CheckResult, ...]:
    """Judge a message by every check that is not off, in the order of the card.

    Parameters
    ----------
    evidence : Evidence
        Of one message.
    rubric : Rubric
        With the limits of every check.

    Returns
    -------
    tuple of CheckResult
        Those that apply; one that is required and has nothing to say is not judged.
    """
    found = faults(evidence)
    results = ((check, _run(check, evidence, rubric.limits[check.id])) for check in rubric.checks)
    is_damaged = bool(evidence.hearing.warnings)
    return tuple(
        doubted(result, check, found, is_damaged=is_damaged)
        for check, result in results
        if result is not None
    )


def _run(check: Check[Any], evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Run a check; a bug in somebody's own must not take the card with it, and is told on the card."""
    if not is_own(check):
        return check.run(evidence, limits)
    try:
        return check.run(evidence, limits)
    except Exception as error:
        why = f"the check itself failed: {type(error).__name__}: {error}"
        broken = replace(check, judge=lambda _evidence, _limits: not_measured(why))
        return broken.run(evidence, limits)


def tips_of(result: CheckResult) -> tuple[Tip, ...]:
    """Turn a tip that is due into advice: in its own words, or the one of the check.

    Parameters
    ----------
    result : CheckResult
        Of a check whose role is tip.

    Returns
    -------
    tuple of Tip
        Empty for one that is no tip, or is not due.
    """
    if result.verdict not in ("fail", "unsure"):
        return ()
    if result.tips:
        return result.tips
    return (Tip(id=result.id, text=result.advice, heard=result.heard, quote=result.quote),)


def next_step(results: Sequence[CheckResult], checks: Sequence[Check[Any]], *, damaged: bool = False) -> str:
    """Pick the one change that would help the listener most.

    That is a whole file, else the most harmful failure, else the first open question, else the best tip.

    Parameters
    ----------
    results : sequence of CheckResult
        Tips among them.
    checks : sequence of Check
        Which matter most.
    damaged : bool
        Whether something is wrong with the file.

    Returns
    -------
    str
        One or two sentences.
    """
    if damaged:
        return "The file is damaged: send or record it again before you trust this card."
    priority = {check.id: check.priority for check in checks}
    by_harm = sorted(results, key=lambda each: priority[each.id])
    required = [each for each in by_harm if each.role == "required"]
    for verdict in ("fail", "unsure"):
        found = [each for each in required if each.verdict == verdict]
        if found:
            return found[0].advice
    open_checks = [each for each in results if each.role == "required" and each.verdict == "not_measured"]
    if open_checks:
        first = open_checks[0]
        return first.advice or f"Nothing to judge: {first.evidence}. Record the message again."
    tips = [tip for each in by_harm if each.role == "tip" for tip in tips_of(each)]
    if tips:
        return f"Ready to send. To improve: {tips[0].text[0].lower()}{tips[0].text[1:]}"
    return "Ready to send: a listener could write the number down and call back."


def _no_message(part: Part) -> str:
    """Say that there is nothing to judge; empty where there is a message."""
    reason = NO_MESSAGE.get(part.outcome)
    return f"{reason[0].upper()}{reason[1:]}: there is no message to judge." if reason else ""


def _file_tips(warnings: Sequence[str]) -> tuple[Tip, ...]:
    """Say what is wrong with the file, or odd about it."""
    return tuple(Tip(id="source", text=f"{text[0].upper()}{text[1:].rstrip('.')}.") for text in warnings)
