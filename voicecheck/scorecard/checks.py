"""The seven checks: a measure, a limit, a verdict, and what to do about it.

Conventions
-----------
A check passes, fails, is *unsure* (the value lies within its measurement error of the limit, or the
evidence disagrees) or is *not measured*. Values are compared with limits after rounding (`timing.reaches`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from voicecheck.numbers.compare import Difference, differences
from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Doubt, Recitation, grouped_by_number
from voicecheck.scorecard.check import Check, Evidence, Verdict, judge_band
from voicecheck.scorecard.reliability import doubted, undermined
from voicecheck.scorecard.rubric import LengthLimits, Limits, NumberPaceLimits
from voicecheck.timing import Interval, reaches

TITLES = {
    "length": "Message length",
    "pace": "Speaking pace",
    "number_given": "Number given",
    "number_repeated": "Number said twice",
    "number_agrees": "Numbers agree",
    "number_pace": "Number pace",
    "number_clear": "Number clear",
}

UNITS = {
    "length": "s",
    "pace": "words/min",
    "number_given": "numbers",
    "number_repeated": "times",
    "number_agrees": "differences",
    "number_pace": "digits/s",
    "number_clear": "confidence",
}


def run_checks(evidence: Evidence, limits: Limits) -> tuple[Check, ...]:
    """Judge a message by every check that is not off, in the order of the card."""
    judges = {
        "length": _length,
        "pace": _pace,
        "number_given": _number_given,
        "number_repeated": _number_repeated,
        "number_agrees": _number_agrees,
        "number_pace": _number_pace,
        "number_clear": _number_clear,
    }
    why_unsure = undermined(evidence)
    return tuple(
        _not_measured(check_id, limits, evidence.unheard)
        if evidence.unheard
        else doubted(judge(evidence, limits), why_unsure.get(check_id))
        for check_id, judge in judges.items()
        if getattr(limits, check_id).role != "off"
    )


def _not_measured(check_id: str, limits: Limits, why: str) -> Check:
    return Check(
        id=check_id,
        title=TITLES[check_id],
        role=getattr(limits, check_id).role,
        verdict="not_measured",
        value=None,
        unit=UNITS[check_id],
        evidence=why,
    )


def _check(
    check_id: str,
    limits: Limits,
    verdict: Verdict,
    value: float,
    *,
    evidence: str,
    advice: str = "",
    heard: Interval | None = None,
    limit_min: float | None = None,
    limit_max: float | None = None,
) -> Check:
    return Check(
        id=check_id,
        title=TITLES[check_id],
        role=getattr(limits, check_id).role,
        verdict=verdict,
        value=value,
        unit=UNITS[check_id],
        limit_min=limit_min,
        limit_max=limit_max,
        evidence=evidence,
        advice="" if verdict == "pass" else advice,
        heard=heard,
    )


def _length(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.length
    message = evidence.measures.message
    if message is None:
        return _not_measured("length", limits, "no words were heard")
    length_s = message.duration_s
    verdict = judge_band(length_s, high=limit.max_s, error=limit.error_s)
    on_target = reaches(limit.target_s, length_s)
    place = "on target" if on_target else f"over the {limit.target_s:g} s target"
    if verdict == "fail":
        place = f"{length_s - limit.max_s:.1f} s over the limit"
    if verdict == "unsure":
        place = f"{abs(length_s - limit.max_s):.2f} s from the limit, too close to call"
    return _check(
        "length",
        limits,
        verdict,
        length_s,
        limit_max=limit.max_s,
        heard=message,
        evidence=place,
        advice=_shorten(length_s, limit, evidence.measures.speaking_rate_wpm),
    )


def _shorten(length_s: float, limit: LengthLimits, rate_wpm: float) -> str:
    over_s = length_s - limit.max_s
    few = over_s < 1 or math.isnan(rate_wpm)
    words = "a few words" if few else f"at least {math.ceil(over_s * rate_wpm / 60)} words"
    return f"Leave {words} out: {limit.max_s:g} seconds is the limit, {limit.target_s:g} the aim."


def _pace(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.pace
    rate_wpm = evidence.measures.speaking_rate_wpm
    if math.isnan(rate_wpm):
        return _not_measured("pace", limits, "no words were heard")
    verdict = judge_band(rate_wpm, low=limit.min_wpm, high=limit.max_wpm, error=limit.error_wpm)
    fast = rate_wpm > (limit.min_wpm + limit.max_wpm) / 2
    words = f"{evidence.measures.n_words} words"
    if verdict == "unsure":
        edge = limit.max_wpm if fast else limit.min_wpm
        words += f"; {abs(rate_wpm - edge):.1f} from the limit, too close to call"
    return _check(
        "pace",
        limits,
        verdict,
        rate_wpm,
        limit_min=limit.min_wpm,
        limit_max=limit.max_wpm,
        heard=evidence.measures.message,
        evidence=words,
        advice=(
            f"Slow down: in that time {_words_at(limit.max_wpm - limit.error_wpm, evidence)} words can be "
            f"followed, and you said {evidence.measures.n_words}. Leave some out."
            if fast
            else "Pick up the pace a little; long gaps lose the listener."
        ),
    )


def _words_at(rate_wpm: float, evidence: Evidence) -> int:
    """Words that a message of this length holds at a rate."""
    message = evidence.measures.message
    return 0 if message is None else math.floor(rate_wpm * message.duration_s / 60)


def _number_given(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.number_given
    n_given = len(evidence.full)
    numbers = dict.fromkeys(display(each.digits, region=evidence.region) for each in evidence.full)
    partial = [each for each in evidence.recitations if not each.full]
    nothing = "only part of a number was heard" if partial else "no phone number was heard"
    return _check(
        "number_given",
        limits,
        judge_band(n_given, low=limit.min_count),
        n_given,
        limit_min=limit.min_count,
        heard=evidence.full[0].interval if evidence.full else None,
        evidence=" and ".join(numbers) or nothing,
        advice="Say your whole phone number, area code included, however well they know you: "
        "without it nobody calls back.",
    )


def _number_repeated(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.number_repeated
    if not evidence.full:
        return _not_measured("number_repeated", limits, "no phone number was heard")
    sayings = max(grouped_by_number(evidence.full, region=evidence.region), key=len)
    n_partial = sum(not each.full for each in evidence.recitations)
    heard = "said once" if len(sayings) == 1 else f"said {len(sayings)} times"
    if n_partial:
        heard += f", {n_partial} more in part"
    return _check(
        "number_repeated",
        limits,
        judge_band(len(sayings), low=limit.min_count),
        len(sayings),
        limit_min=limit.min_count,
        heard=sayings[-1].interval,
        evidence=heard,
        advice="Say the whole number a second time: whoever lost a digit gets it then.",
    )


def _number_agrees(evidence: Evidence, limits: Limits) -> Check:
    if not evidence.full:
        return _not_measured("number_agrees", limits, "no phone number was heard")
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
        return _check("number_agrees", limits, "pass", 0, limit_max=0, evidence=_agreement(evidence))
    saying, found = worst
    what = _describe(evidence, reference, saying, found)
    advice = _which_is_right(evidence, saying)
    if verdict == "unsure":
        advice = "Say each digit separately, so that nobody has to guess."
    return _check(
        "number_agrees",
        limits,
        verdict,
        len(found),
        limit_max=0,
        heard=saying.interval,
        evidence=what,
        advice=advice,
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


def _number_pace(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.number_pace
    timed = [each for each in evidence.full if not math.isnan(each.rate_dps)]
    if not timed:
        return _not_measured("number_pace", limits, "no phone number was heard")
    fastest = max(timed, key=lambda each: each.rate_dps)
    verdict = judge_band(fastest.rate_dps, high=limit.max_dps, error=limit.error_dps)
    which = f"saying {evidence.full.index(fastest) + 1} is the fastest" if len(timed) > 1 else ""
    if verdict == "unsure":
        close = f"{abs(fastest.rate_dps - limit.max_dps):.2f} from the limit, too close to call"
        which = f"{which}; {close}" if which else close
    return _check(
        "number_pace",
        limits,
        verdict,
        fastest.rate_dps,
        limit_max=limit.max_dps,
        heard=fastest.interval,
        evidence=which,
        advice=f"Say the number as if you were writing it down: give its {len(fastest.timed_digits)} digits "
        f"{_time_to_give(fastest, limit)}, and pause after each group.",
    )


def _time_to_give(recitation: Recitation, limit: NumberPaceLimits) -> str:
    """Seconds that keep a number clear of the limit, in halves, and what it took if that reads as less."""
    needed_s = math.ceil(2 * len(recitation.timed_digits) / (limit.max_dps - limit.error_dps)) / 2
    took_s = round(recitation.interval.duration_s, 1)
    return f"at least {needed_s:g} seconds" + (f", not {took_s:.1f}" if took_s < needed_s else "")


def _number_clear(evidence: Evidence, limits: Limits) -> Check:
    limit = limits.number_clear
    if not evidence.full:
        return _not_measured("number_clear", limits, "no phone number was heard")
    sayings = max(grouped_by_number(evidence.full, region=evidence.region), key=len)
    best = _best_confidences(sayings)
    least = min(range(len(best)), key=lambda at: best[at])
    doubts = _shared_doubts(sayings)
    verdict = judge_band(best[least], low=limit.min_confidence, error=limit.error_confidence)
    odd = not any(each.well_formed for each in sayings)
    if verdict == "pass" and (doubts or odd):
        verdict = "unsure"
    place = doubts[0].position if doubts else least
    digit = sayings[0].timed_digits[place]
    heard = Interval(onset_s=digit.onset_s, offset_s=digit.offset_s)
    what = f"least certain: digit {least + 1} ({digit.digit})"
    advice = f"Say the {digit.digit} at place {place + 1} on its own; do not let digits run together."
    if odd:
        n_digits, heard = len(sayings[0].timed_digits), sayings[0].interval
        what = f"{n_digits} digits were heard, and no number here has so many or starts so"
        advice = f"Count the digits: {n_digits} were heard. Say the number again, group by group."
    elif doubts:
        what = "; ".join(
            f"digit {each.position + 1} may be {each.digit} or {each.rival}"
            if each.rival
            else f"digit {each.position + 1} ({each.digit}) may not be there"
            for each in doubts
        )
    return _check(
        "number_clear",
        limits,
        verdict,
        best[least],
        limit_min=limit.min_confidence,
        heard=heard,
        evidence=what,
        advice=advice,
    )


def _best_confidences(sayings: Sequence[Recitation]) -> list[float]:
    """Best confidence of each digit over the sayings that have the first one's digits."""
    alike = [each for each in sayings if each.digits == sayings[0].digits]
    columns = zip(*(each.timed_digits for each in alike), strict=True)
    return [max(digit.confidence for digit in column) for column in columns]


def _shared_doubts(sayings: Sequence[Recitation]) -> list[Doubt]:
    """Doubts that no saying clears up."""
    return [
        doubt
        for doubt in sayings[0].doubts
        if all(doubt.position in {each.position for each in other.doubts} for other in sayings[1:])
    ]
