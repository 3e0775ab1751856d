"""Which digits were said: the words' evidence and the head's, weighed for each run of digits.

Two ears hear a number. The decoder writes words and numerals: it knows where a number is and what "double"
means, but it loses or adds equal neighbours, and its times are loose. The digit head hears every digit and
when, but not what the words around it mean. So for every run of digits:

1. the digits that both heard are brought together, by value and by time (`_owners`);
2. candidates are the head's best strings and the words' own; each is scored by the head
   (`digits.string_scores`) and by how likely the decoder is to have written what it wrote had the candidate
   been said (`_slip_cost`), a noisy channel [1]_; a well-formed number gets a nudge that decides ties only;
3. the best candidate is the reading, its share of the candidates' probability is the confidence, and a digit
   in which a strong rival differs is in doubt; so is one that only one ear heard, unless it heard it well.

Where speech stands between the digits ("double", "hundred", "and"), the head's string is not the whole
story: the decoder is asked to spell the run out in words, and what it says is believed if the digits in it
are the ones that the head heard.

A recitation never sees another one: if two were said differently, that stays. The words are then written
again, one piece per digit with the digit's own times, so that everything after works on words alone. Runs
that only the head heard are put in; runs in which it heard nothing are taken out.

References
----------
.. [1] Kernighan, Church & Gale (1990), A spelling correction program based on a noisy channel model, COLING.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.english import OH_WORDS, UNITS
from voicecheck.numbers import DigitRun, digit_runs
from voicecheck.numbers.digit_times import time_digits
from voicecheck.numbers.plan import Grade, grade
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_paths import align, read_digits
from voicecheck.speech.digit_strings import Hypothesis, nbest, string_scores
from voicecheck.speech.transcript import ENCODER_FRAME_S, EncoderWindow, TimedDigit, Word
from voicecheck.timing import Interval, gaps, overlap_s

RUN_MIN = 3
"""Shorter runs of digits are years, prices, times: the words know best."""

HEARD_MIN = 4
"""Where the head heard fewer digits than this, it does not overrule the words."""

LOST_MIN = 6
"""So many digits that only the head heard are a number that the decoder lost."""

GARBLED_MIN = 3
"""Words that hold so many digits fewer than the head heard are not what was said."""

MADE_OUT = 0.5
"""A word at least so probable was heard well."""

TOGETHER_S = 2.0
"""Digits farther apart than this are not one run."""

MATCH_MAX_S = 2.0
"""A digit of the words and one of the head that lie farther apart are not the same one."""

MISMATCH_MAX_S = 1.0
"""... nor a misheard one if they lie farther apart than this: it is rather one that only one ear has."""

MARGIN_S = 0.3
"""Sound taken along on both sides of a run when candidates are scored."""

N_BEST = 6

SLIP_REPEAT = 0.5
"""Natural logarithms: what it costs the decoder to lose or add one of several equal digits ..."""

SLIP_OTHER = 4.0
"""... and to write another digit, or to lose or add any other."""

SLIPS_KNEE = 5.0

SLIPS_TAPER = 0.25
"""Beyond the knee a slip counts only this much: so many say that the decoder went wrong on anything."""

WELL_FORMED = 1.5
"""The nudge for a string that is a possible number."""

DOUBT_MIN = 0.15
"""A rival with at least this share of the probability puts the digits in which it differs in doubt."""

RIVAL_SHARE = DOUBT_MIN + 0.01
"""The least share of what contradicts a reading: enough to put it in doubt."""

SURE_ALONE = 0.87
"""Where the decoder contradicts it, a reading is sure only if the head alone gives it this much: all natural
strings read with as much were right (the card in `models/`; a speaker never trained on) ..."""

SURE_OTHERWISE = 0.6
"""... or this much, where the reading is a whole number or the decoder only miscounted equal neighbours; set
on the development half of `benchmarks.voicemails`."""

EDGE_MAX_S = 0.25
"""How far a digit's edge may move to the edge of the sound that it lies in."""

WORD_BETWEEN_S = 0.2
"""Sound between two digits from which on it is taken for a word."""

Spell = Callable[[str, float], str]
"""Given the text before a stretch and its onset in seconds, the words from there on, no figures in them."""


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """A run of digits as both ears have it.

    Parameters
    ----------
    run : DigitRun or None
        As the words have it; None if they have nothing.
    first_word, last_word : int
        The words to write again, the last one excluded.
    heard : tuple of TimedDigit
        As the head has it; may be empty.
    """

    run: DigitRun | None
    first_word: int
    last_word: int
    heard: tuple[TimedDigit, ...]


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Digits as words say them.

    Parameters
    ----------
    digits : str
        What they mean: "double five" is 55.
    spoken : str
        The digits that sound in them: "double five" has one 5, "forty" none.
    owners : tuple of int, one per digit of `digits`
        Which digit of `spoken` each one is heard with; -1 for none.
    """

    digits: str
    spoken: str
    owners: tuple[int, ...]

    @property
    def plain(self) -> bool:
        """Whether every digit was said on its own."""
        return self.digits == self.spoken


def mend_words(
    words: Sequence[Word],
    windows: Sequence[EncoderWindow],
    head: DigitHead,
    *,
    sounds: Sequence[Interval],
    spell: Spell,
    region: str = "US",
) -> tuple[Word, ...]:
    """Write the words again with the digits that were said, each at its own time.

    Parameters
    ----------
    words : sequence of Word
        The transcript.
    windows : sequence of EncoderWindow
        The encoder's output behind it.
    head : DigitHead
        Trained on the same encoder.
    sounds : sequence of Interval
        Where the signal sounds.
    spell : callable
        The decoder, made to write words only; asked where the two ears disagree.
    region : str
        ISO 3166 code: whose numbers get the nudge.

    Returns
    -------
    tuple of Word
        In time order; a digit carries its confidence as probability, and its rival if it is in doubt.
    """
    if not windows:
        return tuple(words)
    log_posteriors = _timeline(windows, head)
    mended = list(words)
    stretches = _stretches(words, read_digits(log_posteriors), region)
    end_word = len(words)
    for place, stretch in reversed(list(enumerate(stretches))):
        before = "".join(word.text for word in words[: stretch.first_word])
        within = _room(stretches, place, len(log_posteriors) * ENCODER_FRAME_S)
        reading = _read(stretch, words, log_posteriors, sounds, within, region, partial(spell, before))
        if isinstance(reading, _Reading):
            free = range(stretches[place - 1].last_word if place else 0, end_word)
            first, last = _words_for(stretch, words, reading, free)
            refined = replace(reading, digits=_refined(reading.digits, sounds))
            mended[first:last] = _written(stretch, words, refined)
            end_word = first
        elif reading is not None:
            mended[stretch.first_word : stretch.last_word] = _in_doubt(stretch, words, reading)
            end_word = stretch.first_word
    return tuple(mended)


def _room(stretches: Sequence[_Stretch], place: int, end_s: float) -> Interval:
    """Find the time that is left for a stretch between the digits of those before and after it."""
    earlier = [digit.offset_s for stretch in stretches[:place] for digit in stretch.heard]
    later = [digit.onset_s for stretch in stretches[place + 1 :] for digit in stretch.heard]
    onset_s = max(earlier, default=0.0)
    return Interval(onset_s=onset_s, offset_s=max(onset_s, min(later, default=end_s)))


def _timeline(windows: Sequence[EncoderWindow], head: DigitHead) -> NDArray[np.float32]:
    """Posteriors of the whole recording, *other* where no window lies; shape=(n_frames, n_classes)."""
    starts = [round(window.onset_s / ENCODER_FRAME_S) for window in windows]
    posteriors = [head.log_posteriors(window.frames) for window in windows]
    n_frames = max(start + len(part) for start, part in zip(starts, posteriors, strict=True))
    timeline = np.full((n_frames, posteriors[0].shape[1]), -30.0, dtype=np.float32)
    timeline[:, 0] = 0.0
    for start, part in zip(starts, posteriors, strict=True):
        timeline[start : start + len(part)] = part
    return timeline


def _stretches(words: Sequence[Word], heard: Sequence[TimedDigit], region: str) -> list[_Stretch]:
    """Pair each run of the words with the head's digits for it, and add the runs that the words lost."""
    starts = [0, *accumulate(len(word.text) for word in words)]
    runs = [run for run in digit_runs("".join(word.text for word in words)) if len(run.digits) >= RUN_MIN]
    written = [
        (index, digit)
        for index, run in enumerate(runs)
        for digit in time_digits(run.digits, run.digit_spans, words)
    ]
    open_runs = {index for index, run in enumerate(runs) if grade(run.digits, region) is not Grade.FULL}
    owners = _adopted(_owners(written, heard), heard, words, open_runs)
    found = [
        _Stretch(
            run=run,
            first_word=bisect_right(starts, run.start) - 1,
            last_word=bisect_right(starts, run.end - 1),
            heard=tuple(digit for digit, owner in zip(heard, owners, strict=True) if owner == index),
        )
        for index, run in enumerate(runs)
    ]
    kept = [stretch for stretch in found if stretch.heard or stretch.run]
    for cluster in _clusters(heard, words):
        inside = [stretch for stretch in kept if set(stretch.heard) & set(cluster)]
        if len(cluster) >= LOST_MIN and _is_garbled([stretch.run for stretch in inside], cluster, region):
            kept = [stretch for stretch in kept if stretch not in inside]
            kept.append(_lost(cluster, words, inside))
    return _without_overlaps(sorted(kept, key=lambda stretch: (stretch.first_word, stretch.last_word)))


def _is_garbled(runs: Sequence[DigitRun | None], cluster: Sequence[TimedDigit], region: str) -> bool:
    """Whether the words lost most of a number that the head heard, or tore it up."""
    written = [run.digits for run in runs if run]
    n_written = sum(map(len, written))
    whole = "".join(digit.digit for digit in cluster)
    torn = len(written) > 1 and n_written <= len(whole) + 1 and grade(whole, region) is Grade.FULL
    return n_written <= len(whole) - GARBLED_MIN or torn


def _without_overlaps(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Where two stretches claim the same words, keep the one that more digits were heard in."""
    kept: list[_Stretch] = []
    for stretch in stretches:
        if kept and stretch.first_word < kept[-1].last_word:
            if len(stretch.heard) > len(kept[-1].heard):
                kept[-1] = stretch
            continue
        kept.append(stretch)
    return kept


def _lost(heard: tuple[TimedDigit, ...], words: Sequence[Word], torn: Sequence[_Stretch]) -> _Stretch:
    """Put a run that the head heard in the place of what the decoder wrote there, torn runs included."""
    whole = Interval(onset_s=heard[0].onset_s, offset_s=heard[-1].offset_s)
    inside = [
        index
        for index, word in enumerate(words)
        if overlap_s(word.interval, whole) > 0.5 * word.interval.duration_s
    ]
    after = sum(word.onset_s < whole.onset_s for word in words)
    inside += [index for stretch in torn for index in range(stretch.first_word, stretch.last_word)]
    first, last = (min(inside), max(inside) + 1) if inside else (after, after)
    return _Stretch(run=None, first_word=first, last_word=last, heard=heard)


def _clusters(heard: Sequence[TimedDigit], words: Sequence[Word]) -> list[tuple[TimedDigit, ...]]:
    """Group digits that follow each other within `TOGETHER_S` and without two words between them."""
    clusters: list[list[TimedDigit]] = []
    for digit in heard:
        if clusters and digit.onset_s - clusters[-1][-1].offset_s <= TOGETHER_S:
            gap = Interval(
                onset_s=clusters[-1][-1].offset_s, offset_s=max(clusters[-1][-1].offset_s, digit.onset_s)
            )
            if sum(_lies_in(word, gap) for word in words) < 2:
                clusters[-1].append(digit)
                continue
        clusters.append([digit])
    return [tuple(cluster) for cluster in clusters]


def _lies_in(word: Word, gap: Interval) -> bool:
    return overlap_s(word.interval, gap) > 0.7 * word.interval.duration_s


def _owners(written: Sequence[tuple[int, TimedDigit]], heard: Sequence[TimedDigit]) -> list[int | None]:
    """Find for each digit of the head the run of the words that it belongs to, None for none.

    The two strings are aligned with the fewest edits (Needleman and Wunsch, 1970, J. Mol. Biol. 48(3)), where
    a pair costs more the farther apart its times are. A digit that the words lack goes with its neighbour.
    """
    cost = np.zeros((len(written) + 1, len(heard) + 1))
    cost[:, 0] = np.arange(len(written) + 1)
    cost[0, :] = np.arange(len(heard) + 1)
    pair = np.array([[_pair_cost(digit, other) for other in heard] for _, digit in written])
    for row in range(1, len(written) + 1):
        for column in range(1, len(heard) + 1):
            cost[row, column] = min(
                cost[row - 1, column - 1] + pair[row - 1, column - 1],
                cost[row - 1, column] + 1,
                cost[row, column - 1] + 1,
            )
    owners: list[int | None] = [None] * len(heard)
    row, column = len(written), len(heard)
    while row and column:
        if cost[row, column] == cost[row - 1, column - 1] + pair[row - 1, column - 1]:
            row, column = row - 1, column - 1
            owners[column] = written[row][0]
        elif cost[row, column] == cost[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return owners


def _pair_cost(written: TimedDigit, heard: TimedDigit) -> float:
    apart_s = abs(written.onset_s + written.offset_s - heard.onset_s - heard.offset_s) / 2
    same = written.digit == heard.digit
    if apart_s > (MATCH_MAX_S if same else MISMATCH_MAX_S):
        return math.inf
    return 0.2 * apart_s + (0.0 if same else 1.2)


def _adopted(
    owners: Sequence[int | None],
    heard: Sequence[TimedDigit],
    words: Sequence[Word],
    open_runs: Collection[int],
) -> list[int | None]:
    """Give digits that no run claimed to the run of a neighbour.

    A run that is no whole number yet (`open_runs`) takes them from as far as `TOGETHER_S`, if the decoder
    made out no word there.
    """
    adopted = list(owners)
    places = range(len(heard))
    for neighbours in (pairwise(places), pairwise(reversed(places))):
        for owned, orphan in neighbours:
            if adopted[orphan] is not None or adopted[owned] is None:
                continue
            apart_s = _gap_s(heard, owned, orphan)
            is_near = apart_s <= MARGIN_S
            if is_near or (
                apart_s <= TOGETHER_S
                and adopted[owned] in open_runs
                and not _made_out(heard[owned], heard[orphan], words)
            ):
                adopted[orphan] = adopted[owned]
    return adopted


def _made_out(owned: TimedDigit, orphan: TimedDigit, words: Sequence[Word]) -> bool:
    """Whether a well-heard word lies between two digits, or over the second one."""
    early, late = sorted((owned, orphan), key=lambda digit: digit.onset_s)
    between = Interval(onset_s=early.offset_s, offset_s=max(early.offset_s, late.onset_s))
    return any(
        word.probability >= MADE_OUT
        and (_lies_in(word, between) or overlap_s(word.interval, _interval(orphan)) > 0.05)
        for word in words
    )


def _gap_s(digits: Sequence[TimedDigit], one: int, other: int) -> float:
    early, late = digits[min(one, other)], digits[max(one, other)]
    return late.onset_s - early.offset_s


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What was decided: the digits, each with its time and confidence, and its rival if in doubt."""

    digits: tuple[TimedDigit, ...]
    rivals: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A string that may have been said, and its share of the probability."""

    digits: str
    share: float


def _read(
    stretch: _Stretch,
    words: Sequence[Word],
    log_posteriors: NDArray[np.float32],
    sounds: Sequence[Interval],
    within: Interval,
    region: str,
    spell: Callable[[float], str],
) -> _Reading | str | None:
    """Decide one run; None leaves the words as they are, and a string too, but doubts what it lacks."""
    said = _said_by(stretch.run, "".join(word.text for word in words)) if stretch.run else None
    if not stretch.heard:
        invented = said is not None and said.plain and len(said.digits) >= LOST_MIN
        return _Reading(digits=(), rivals=()) if invented else None
    first, last = (round(edge_s / ENCODER_FRAME_S) for edge_s in _edges_s(stretch, words, within))
    part, origin_s = log_posteriors[first:last], first * ENCODER_FRAME_S
    candidates = _candidates(part, said.spoken if said else "", region)
    best = candidates[0].digits
    if said is not None and not said.plain:
        return _timed(part, said, candidates, origin_s)
    if _has_more_than_digits(stretch, words, sounds):
        spelled = _said_by_spelling(spell(stretch.heard[0].onset_s), candidates)
        if spelled is not None:
            return _timed(part, spelled, candidates, origin_s)
        if said is not None and _means_more(said.digits, best, region):
            return best
    if stretch.run and len(stretch.heard) < HEARD_MIN and best != stretch.run.digits:
        return None
    return _timed(part, _Said(digits=best, spoken=best, owners=tuple(range(len(best)))), candidates, origin_s)


def _edges_s(stretch: _Stretch, words: Sequence[Word], within: Interval) -> tuple[float, float]:
    """Find the time in which a run was said: where either ear has it, and a little more, but no other run."""
    inside = words[stretch.first_word : stretch.last_word]
    onsets_s = [stretch.heard[0].onset_s, *(word.onset_s for word in inside)]
    offsets_s = [stretch.heard[-1].offset_s, *(word.offset_s for word in inside)]
    return (
        max(within.onset_s, min(onsets_s) - MARGIN_S, 0.0),
        min(within.offset_s, max(offsets_s) + MARGIN_S),
    )


def _is_part_of(some: str, all_of: str) -> bool:
    """Whether `all_of` has the digits of `some` in their order, and more."""
    rest = iter(all_of)
    return len(some) < len(all_of) and all(digit in rest for digit in some)


def _said_by(run: DigitRun, text: str) -> _Said:
    """Tell which digits sound in a run of words: "double five" is 55 and has one 5 in it."""
    spoken = ""
    owners: list[int] = []
    for span in dict.fromkeys(run.digit_spans):
        n_meant = run.digit_spans.count(span)
        sounding = _digits_in(text[slice(*span)]) if n_meant > 1 else run.digits[len(owners)]
        last = len(spoken) + len(sounding) - 1
        owners += [min(len(spoken) + place, last) if sounding else -1 for place in range(n_meant)]
        spoken += sounding
    return _Said(digits=run.digits, spoken=spoken, owners=tuple(owners))


def _digits_in(phrase: str) -> str:
    words = re.findall(r"[a-z]+|[0-9]", phrase.lower())
    return "".join(
        "0" if word in OH_WORDS else UNITS.get(word, word if word.isdigit() else "") for word in words
    )


def _candidates(part: NDArray[np.float32], written: str, region: str) -> list[_Candidate]:
    """Rank the strings that may have been said, likeliest first; shares add up to 1.

    Where something contradicts the likeliest, what it says instead counts at least `RIVAL_SHARE`.
    """
    readings = nbest(part, N_BEST)
    known = {reading.digits: reading.log_probability for reading in readings}
    if written and written not in known:
        known[written] = float(string_scores(part, [written])[0])
    strings, scores = list(known), np.array(list(known.values()))
    if written:
        scores = scores - np.array([_slip_cost(written, digits) for digits in strings])
    scores = scores + np.array([WELL_FORMED * (grade(digits, region) is Grade.FULL) for digits in strings])
    shares = np.exp(scores - scores.max())
    best = strings[int(shares.argmax())]
    rival = _contradiction(best, written, readings, known[best], region)
    if rival is not None:
        place = strings.index(rival)
        rest = shares.sum() - shares[place]
        shares[place] = max(shares[place], rest * RIVAL_SHARE / (1.0 - RIVAL_SHARE))
    shares /= shares.sum()
    ranked = sorted(zip(strings, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return [_Candidate(digits=digits, share=share) for digits, share in ranked]


def _contradiction(
    best: str, written: str, readings: Sequence[Hypothesis], log_probability: float, region: str
) -> str | None:
    """Find what speaks against the likeliest string: what the decoder wrote, or what the head heard.

    Of a number that only the head heard, its second reading does. A whole number is good evidence for
    itself: that one ear lost some of its digits says nothing against it, and if it is the other string, much.
    """
    is_whole = grade(best, region) is Grade.FULL
    if best == written:
        heard = readings[0].digits
        return heard if not is_whole and _slip_cost(written, heard) >= SLIP_OTHER else None
    if not written:
        second = readings[1].digits if len(readings) > 1 else None
        return second if log_probability < math.log(SURE_ALONE) else None
    if _is_lost_part(best, written, region):
        return written
    if _is_lost_part(written, best, region):
        return None
    lenient = is_whole or _slip_cost(written, best) < SLIP_OTHER
    return written if log_probability < math.log(SURE_OTHERWISE if lenient else SURE_ALONE) else None


def _means_more(written: str, heard: str, region: str) -> bool:
    """Whether figures may stand for words with fewer digits in them, such as 800 for "eight hundred"."""
    return _is_lost_part(heard, written, region) or (
        _is_part_of(heard, written) and _slip_cost(written, heard) >= SLIP_OTHER
    )


def _is_lost_part(some: str, all_of: str, region: str) -> bool:
    """Whether a whole number is left if some digits were lost."""
    return (
        grade(all_of, region) is Grade.FULL
        and grade(some, region) is not Grade.FULL
        and _is_part_of(some, all_of)
    )


def _slip_cost(written: str, said: str) -> float:
    """Compute the least cost of the slips that turn what was said into what the decoder wrote."""
    cost = np.zeros((len(written) + 1, len(said) + 1))
    cost[1:, 0] = np.cumsum([_gap_cost(written, at) for at in range(len(written))])
    cost[0, 1:] = np.cumsum([_gap_cost(said, at) for at in range(len(said))])
    for row in range(1, len(written) + 1):
        for column in range(1, len(said) + 1):
            other = SLIP_OTHER * (written[row - 1] != said[column - 1])
            cost[row, column] = min(
                cost[row - 1, column - 1] + other,
                cost[row - 1, column] + _gap_cost(written, row - 1),
                cost[row, column - 1] + _gap_cost(said, column - 1),
            )
    slips = float(cost[-1, -1])
    return min(slips, SLIPS_KNEE + SLIPS_TAPER * max(0.0, slips - SLIPS_KNEE))


def _gap_cost(digits: str, at: int) -> float:
    """Cost of adding or losing the digit at a place: less beside an equal one."""
    neighbours = digits[max(0, at - 1) : at] + digits[at + 1 : at + 2]
    return SLIP_REPEAT if digits[at] in neighbours else SLIP_OTHER


def _has_more_than_digits(stretch: _Stretch, words: Sequence[Word], sounds: Sequence[Interval]) -> bool:
    """Whether something sounds between the digits that is none of them, or behind them in the words' time."""
    written = words[stretch.first_word : stretch.last_word] if stretch.run else ()
    ends_s = [stretch.heard[-1].offset_s, *(word.offset_s for word in written)]
    within = Interval(onset_s=stretch.heard[0].onset_s, offset_s=max(ends_s))
    between = gaps([_interval(digit) for digit in stretch.heard], within=within)
    return any(overlap_s(gap, sound) >= WORD_BETWEEN_S for gap in between for sound in sounds)


def _interval(digit: TimedDigit) -> Interval:
    return Interval(onset_s=digit.onset_s, offset_s=digit.offset_s)


def _said_by_spelling(text: str, candidates: Sequence[_Candidate]) -> _Said | None:
    """Read a run spelled out in words; believed if the digits in it are a candidate, and there is more."""
    heard = {candidate.digits for candidate in candidates if candidate.share >= DOUBT_MIN}
    for run in digit_runs(text)[:1]:
        for n_meant in range(len(run.digits), HEARD_MIN - 1, -1):
            part = DigitRun(
                digits=run.digits[:n_meant],
                start=run.start,
                end=run.digit_spans[n_meant - 1][1],
                digit_spans=run.digit_spans[:n_meant],
            )
            said = _said_by(part, text)
            if not said.plain and said.spoken in heard:
                return said
    return None


def _timed(
    part: NDArray[np.float32], said: _Said, candidates: Sequence[_Candidate], origin_s: float
) -> _Reading | None:
    """Give the digits that were meant their times, confidences and rivals."""
    spoken = _nearest_alike(said.spoken, candidates)
    aligned = align(part, spoken, origin_s)
    if not aligned:
        return None
    support, rivals = _support(spoken, candidates)
    timed: list[TimedDigit] = []
    for place, owner in enumerate(said.owners):
        mates = [other for other, other_owner in enumerate(said.owners) if other_owner == owner]
        phrase = (
            _phrase_interval(aligned, owner, place, said)
            if len(mates) > 1 or owner < 0
            else _interval(aligned[owner])
        )
        share_s = phrase.duration_s / len(mates)
        nth = mates.index(place)
        timed.append(
            TimedDigit(
                digit=spoken[owner]
                if owner >= 0 and said.spoken[owner] == said.digits[place]
                else said.digits[place],
                onset_s=phrase.onset_s + nth * share_s,
                offset_s=phrase.onset_s + (nth + 1) * share_s,
                confidence=support[owner] if owner >= 0 else min(support),
            )
        )
    return _Reading(
        digits=tuple(timed), rivals=tuple(rivals[owner] if owner >= 0 else None for owner in said.owners)
    )


def _nearest_alike(spoken: str, candidates: Sequence[_Candidate]) -> str:
    """Take the likeliest candidate that has as many digits as the words have: the words know how many."""
    return next((each.digits for each in candidates if len(each.digits) == len(spoken)), spoken)


def _phrase_interval(aligned: Sequence[TimedDigit], owner: int, place: int, said: _Said) -> Interval:
    """Find the time of a phrase such as "double five" or "forty": from the digit before it to its own end."""
    earlier = [other for other in said.owners[:place] if 0 <= other < (owner if owner >= 0 else len(aligned))]
    later = [other for other in said.owners[place:] if other >= 0]
    end_s = (
        aligned[owner].offset_s
        if owner >= 0
        else aligned[later[0]].onset_s
        if later
        else aligned[-1].offset_s
    )
    start_s = aligned[max(earlier)].offset_s if earlier else max(0.0, aligned[0].onset_s - MARGIN_S)
    return Interval(onset_s=min(start_s, end_s), offset_s=end_s)


def _support(spoken: str, candidates: Sequence[_Candidate]) -> tuple[list[float], list[str | None]]:
    """Compute each digit's share of the probability, and its strongest rival if that is strong."""
    from rapidfuzz.distance import Levenshtein

    against = [0.0] * len(spoken)
    strongest: list[tuple[float, str | None]] = [(DOUBT_MIN, None)] * len(spoken)
    for candidate in candidates:
        for edit in Levenshtein.editops(spoken, candidate.digits):
            at = min(edit.src_pos, len(spoken) - 1)
            rival = "" if edit.tag == "delete" else candidate.digits[edit.dest_pos]
            if edit.tag == "insert":
                rival = spoken[at] + rival
            against[at] += candidate.share
            if candidate.share >= strongest[at][0]:
                strongest[at] = (candidate.share, rival)
    return [max(0.0, 1.0 - share) for share in against], [rival for _, rival in strongest]


def _refined(digits: Sequence[TimedDigit], sounds: Sequence[Interval]) -> tuple[TimedDigit, ...]:
    """Move a digit's edges out to where its sound starts and ends, unless another digit is in the way.

    The head is late on soft onsets ("four", "six") and early on soft ends ("five", "eight").
    """
    refined: list[TimedDigit] = []
    for place, digit in enumerate(digits):
        floor_s = refined[-1].offset_s if refined else 0.0
        ceiling_s = digits[place + 1].onset_s if place + 1 < len(digits) else math.inf
        onset_s, offset_s = digit.onset_s, digit.offset_s
        for sound in sounds:
            if sound.onset_s <= onset_s <= sound.offset_s and onset_s - sound.onset_s <= EDGE_MAX_S:
                onset_s = min(onset_s, max(floor_s, sound.onset_s))
            if sound.onset_s <= offset_s <= sound.offset_s and sound.offset_s - offset_s <= EDGE_MAX_S:
                offset_s = max(offset_s, min(ceiling_s, sound.offset_s))
        refined.append(replace(digit, onset_s=onset_s, offset_s=offset_s))
    return tuple(refined)


def _words_for(stretch: _Stretch, words: Sequence[Word], reading: _Reading, free: range) -> tuple[int, int]:
    """Find which words a reading stands for: the run's, and those written for digits that it lacked.

    A decoder may write "Ziggs 47" for "six four seven". `free` are the words that no other run claims.
    """
    first, last = stretch.first_word, stretch.last_word
    if stretch.run is None or not reading.digits:
        return first, last
    from rapidfuzz.distance import Levenshtein

    spoken = "".join(digit.digit for digit in reading.digits)
    added = [op for op in Levenshtein.editops(stretch.run.digits, spoken) if op.tag == "insert"]
    early = [reading.digits[op.dest_pos] for op in added if op.src_pos == 0]
    late = [reading.digits[op.dest_pos] for op in added if op.src_pos == len(stretch.run.digits)]
    while first - 1 in free and _stands_for(words[first - 1], early):
        first -= 1
    while last in free and _stands_for(words[last], late):
        last += 1
    return first, last


def _stands_for(word: Word, digits: Sequence[TimedDigit]) -> bool:
    """Whether a word without figures covers most of one of the digits."""
    return not any(letter.isdigit() for letter in word.text) and any(
        overlap_s(word.interval, _interval(digit)) > 0.7 * (digit.offset_s - digit.onset_s)
        for digit in digits
    )


def _written(stretch: _Stretch, words: Sequence[Word], reading: _Reading) -> list[Word]:
    """Write one run: a piece per digit, with the marks that stood between the digits before."""
    marks, tail = _marks(stretch, words, reading.digits)
    ends = [""] * (len(reading.digits) - 1) + [tail]
    return [
        Word(
            text=f"{mark}{digit.digit}{end}",
            onset_s=digit.onset_s,
            offset_s=digit.offset_s,
            probability=digit.confidence,
            rival=rival,
        )
        for mark, digit, rival, end in zip(marks, reading.digits, reading.rivals, ends, strict=False)
    ]


def _in_doubt(stretch: _Stretch, words: Sequence[Word], heard: str) -> list[Word]:
    """Leave the words of a run as they are, but doubt those with a digit that was not heard."""
    from rapidfuzz.distance import Levenshtein

    assert stretch.run is not None
    ends = list(accumulate(len(word.text) for word in words))
    spans = stretch.run.digit_spans
    doubted = {
        bisect_right(ends, spans[edit.src_pos][0])
        for edit in Levenshtein.editops(stretch.run.digits, heard)
        if edit.tag == "delete"
    }
    return [
        replace(words[index], rival="") if index in doubted else words[index]
        for index in range(stretch.first_word, stretch.last_word)
    ]


def _is_apart(early: TimedDigit, late: TimedDigit) -> bool:
    return late.onset_s - early.offset_s >= WORD_BETWEEN_S


def _marks(stretch: _Stretch, words: Sequence[Word], timed: Sequence[TimedDigit]) -> tuple[list[str], str]:
    """Find what to write before each digit, and after the last one; a silence parts groups."""
    digits = "".join(digit.digit for digit in timed)
    apart = ["", *(" " if _is_apart(early, late) else "" for early, late in pairwise(timed))]
    if stretch.run is None:
        return [" ", *apart[1:]], ""
    from rapidfuzz.distance import Levenshtein

    run, text = stretch.run, "".join(word.text for word in words)
    start = sum(len(word.text) for word in words[: stretch.first_word])
    stop = sum(len(word.text) for word in words[: stretch.last_word])
    old = [text[start : run.start]]
    for (before, end), (begin, after) in pairwise(run.digit_spans):
        between = text[end:begin] if (before, end) != (begin, after) else ""
        old.append(", " if re.search(r"\w", between) else between)
    spaced = all(old[1:])
    leading, old[0] = old[0], " " if spaced else ""
    new = [" " if spaced else ""] * len(digits)
    edits = Levenshtein.editops(run.digits, digits)
    for block in edits.as_matching_blocks():
        new[block.b : block.b + block.size] = old[block.a : block.a + block.size]
    for edit in edits:
        if edit.tag == "replace" or (edit.tag == "delete" and edit.dest_pos < len(new)):
            new[edit.dest_pos] = new[edit.dest_pos] or old[edit.src_pos]
    new = [mark or gap for mark, gap in zip(new, apart, strict=True)] if new else []
    new[:1] = [leading][: len(new[:1])]
    return new, text[run.end : stop]
