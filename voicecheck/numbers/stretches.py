"""Where digits were said: the decoder's runs of digits and the head's brought together.

The two strings are aligned by value and by time. A digit that only the head has goes with its neighbour.
Where the head hears one number of which the decoder wrote pieces, they are one stretch.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

import numpy as np

from voicecheck.english import OH_WORDS, UNITS
from voicecheck.numbers.candidates import Written
from voicecheck.numbers.digit_run import DigitRun as TextRun
from voicecheck.numbers.digit_times import time_digits
from voicecheck.numbers.find import digit_runs
from voicecheck.numbers.plan import Grade, grade
from voicecheck.speech.transcript import TimedDigit, Word
from voicecheck.timing import Interval, overlap_s

RUN_MIN = 3
"""Shorter runs of the decoder are ages, hours, prices: no part of a number."""
NUMBER_MIN = 5
"""With fewer digits in both ears it is an hour, a price, a year: the words say it best. With fewer than one
more in the words, and none in the sound, too."""
LOST_MIN = 4
"""So many digits in a row that only the head heard are a stretch of their own: where people talk behind the
rep, the decoder makes up sentences and the head hears no more of a number. In 26 recordings of talk without
digits, alone and with people behind who say some, it never heard so many."""
TOGETHER_S = 2.0
"""Digits farther apart than this are not one number: nobody pauses so long inside of one."""
ORPHANS_MIN = 3
"""So many digits in a row that the words do not have, beside some that they have, were said: the recogniser
wrote "T0, T6, T4, 9, 1, 0, 0" for ten digits with people talking behind."""
SAYING_MIN, ALIKE_MIN = 7, 0.7
"""Digits of one saying, and how alike two must be to be sayings of one number; a saying of ten that lost one
and got another wrong is as much."""
PAUSE_TOLD_S = 0.5
"""A longer pause tells no more of where one saying ends."""
NEAR_S = 0.3
"""A digit that only the head heard, so near to a run's, is said in one breath with it."""
MATCH_MAX_S = 2.0
"""A decoder's time is off by so much at worst, in long numbers."""
MISMATCH_MAX_S = 1.0
"""Different digits farther apart than this are rather two than one misheard."""
MADE_OUT = 0.5
"""A word of at least this probability was heard well."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A piece of the recording in which digits were said, or at least written.

    Parameters
    ----------
    first_word, last_word : int
        The words that it stands for, the last one excluded; an empty range lies before `first_word`.
    runs : tuple of TextRun
        The decoder's digits in these words; may be empty.
    heard : tuple of TimedDigit
        The head's; may be empty.
    """

    first_word: int
    last_word: int
    runs: tuple[TextRun, ...]
    heard: tuple[TimedDigit, ...]


def find_stretches(words: Sequence[Word], heard: Sequence[TimedDigit], region: str) -> list[Stretch]:
    """Pair the runs of the words with the digits that the head heard.

    Parameters
    ----------
    words : sequence of Word
        The transcript.
    heard : sequence of TimedDigit
        The head's best path over the recording.
    region : str
        ISO 3166 code: a whole number is not torn apart.

    Returns
    -------
    list of Stretch
        In time order; no two share a word or a digit.
    """
    starts = [0, *accumulate(len(word.text) for word in words)]
    runs = [run for run in digit_runs("".join(word.text for word in words)) if len(run.digits) >= RUN_MIN]
    written = [
        (index, digit)
        for index, run in enumerate(runs)
        for digit in time_digits(run.digits, run.digit_spans, words)
    ]
    is_open = [grade(run.digits, region) is not Grade.FULL for run in runs]
    owners = _adopted(_owners(written, heard), heard, words, is_open)
    stretches: list[Stretch] = []
    clusters = _clusters(heard, words)
    owners = _taken_in(owners, heard, clusters, is_open)
    for indices, digits in _joined_by_clusters(runs, heard, owners, clusters, region):
        inside = tuple(runs[index] for index in sorted(indices))
        if inside:
            first = bisect_right(starts, inside[0].start) - 1
            last = bisect_right(starts, inside[-1].end - 1)
        else:
            first, last = _place_of(digits, words)
        stretches.append(Stretch(first_word=first, last_word=last, runs=inside, heard=digits))
    stretches.sort(key=lambda each: (each.first_word, each.last_word))
    whole = [each for each in _without_overlaps(stretches) if _may_be_number(each)]
    return [part for each in whole for part in _parted(each, starts, region)]


def _parted(stretch: Stretch, starts: Sequence[int], region: str) -> list[Stretch]:
    """Part two sayings that run together: each is decided by itself, so that a slip in one is not both's.

    Parameters
    ----------
    stretch : Stretch
        With `SAYING_MIN` digits on both sides that are alike, it is two.
    starts : sequence of int
        Where in the text each word starts.
    region : str
        ISO 3166 code: a cut that leaves whole numbers is likelier.

    Returns
    -------
    list of Stretch
        One or two.
    """
    from rapidfuzz.distance import Levenshtein

    heard = stretch.heard
    digits = "".join(digit.digit for digit in heard)

    def weight(at: int) -> float:
        pause_s = min(PAUSE_TOLD_S, max(0.0, heard[at].onset_s - heard[at - 1].offset_s))
        n_whole = sum(grade(part, region) is Grade.FULL for part in (digits[:at], digits[at:]))
        return Levenshtein.normalized_similarity(digits[:at], digits[at:]) + 0.2 * pause_s + 0.1 * n_whole

    places = range(SAYING_MIN, len(digits) - SAYING_MIN + 1)
    if len(stretch.runs) != 1 or not places:
        return [stretch]
    at = max(places, key=weight)
    if Levenshtein.normalized_similarity(digits[:at], digits[at:]) < ALIKE_MIN:
        return [stretch]
    (run,) = stretch.runs
    cut = Levenshtein.opcodes(digits, run.digits)
    written = next(
        code.dest_start + min(at - code.src_start, code.dest_end - code.dest_start)
        for code in cut
        if code.src_end >= at
    )
    if not 0 < written < len(run.digits):
        return [stretch]
    first, second = _cut(run, written)
    word = bisect_right(starts, second.start) - 1
    if starts[word] < first.end:  # both in one word
        return [stretch]
    return [
        Stretch(first_word=stretch.first_word, last_word=word, runs=(first,), heard=heard[:at]),
        Stretch(first_word=word, last_word=stretch.last_word, runs=(second,), heard=heard[at:]),
    ]


def _cut(run: TextRun, place: int) -> tuple[TextRun, TextRun]:
    """Cut a run of the words before one of its digits."""
    spans = run.digit_spans
    early = TextRun(
        digits=run.digits[:place], start=run.start, end=spans[place - 1][1], digit_spans=spans[:place]
    )
    late = TextRun(digits=run.digits[place:], start=spans[place][0], end=run.end, digit_spans=spans[place:])
    return early, late


def _may_be_number(stretch: Stretch) -> bool:
    n_written = sum(len(run.digits) for run in stretch.runs)
    n_heard = len(stretch.heard)
    if not n_written:
        return n_heard >= LOST_MIN
    return max(n_written, n_heard) >= NUMBER_MIN and (n_heard > 0 or n_written > NUMBER_MIN)


def _joined_by_clusters(
    runs: Sequence[TextRun],
    heard: Sequence[TimedDigit],
    owners: Sequence[int | None],
    clusters: Sequence[Sequence[int]],
    region: str,
) -> list[tuple[set[int], tuple[TimedDigit, ...]]]:
    """One group for each run, but one for all runs of a number that the head heard whole."""
    group_of = list(range(len(runs)))
    lost: list[tuple[TimedDigit, ...]] = []
    for cluster in clusters:
        inside = sorted({owners[place] for place in cluster} - {None})  # type: ignore[type-var]
        written = [runs[index].digits for index in inside if index is not None]
        whole = "".join(heard[place].digit for place in cluster)
        torn = len(written) > 1 and sum(map(len, written)) <= len(whole) + 1
        if not written and len(cluster) >= LOST_MIN:
            lost.append(tuple(heard[place] for place in cluster))
        elif torn and grade(whole, region) is Grade.FULL:
            for index in inside:
                if index is not None and inside[0] is not None:
                    group_of[index] = group_of[inside[0]]
    groups: list[tuple[set[int], tuple[TimedDigit, ...]]] = [(set(), digits) for digits in lost]
    for group in dict.fromkeys(group_of):
        indices = {index for index, other in enumerate(group_of) if other == group}
        digits = [digit for digit, owner in zip(heard, owners, strict=True) if owner in indices]
        groups.append((indices, tuple(digits)))
    return groups


def _place_of(heard: Sequence[TimedDigit], words: Sequence[Word]) -> tuple[int, int]:
    """Find the words in whose time digits were heard."""
    whole = Interval(onset_s=heard[0].onset_s, offset_s=heard[-1].offset_s)
    inside = [
        index
        for index, word in enumerate(words)
        if overlap_s(word.interval, whole) > 0.5 * word.interval.duration_s
    ]
    after = sum(word.onset_s < whole.onset_s for word in words)
    return (min(inside), max(inside) + 1) if inside else (after, after)


def _without_overlaps(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Make one of those that claim the same words: a decoder may write two numbers as one word."""
    kept: list[Stretch] = []
    for stretch in stretches:
        if kept and stretch.first_word < kept[-1].last_word:
            kept[-1] = _both(kept[-1], stretch)
        else:
            kept.append(stretch)
    return kept


def _both(one: Stretch, other: Stretch) -> Stretch:
    return Stretch(
        first_word=min(one.first_word, other.first_word),
        last_word=max(one.last_word, other.last_word),
        runs=tuple(sorted((*one.runs, *other.runs), key=lambda run: run.start)),
        heard=tuple(sorted((*one.heard, *other.heard), key=lambda digit: digit.onset_s)),
    )


def _clusters(heard: Sequence[TimedDigit], words: Sequence[Word]) -> list[list[int]]:
    """Group digits, by place, that follow each other without a long silence or two words between them."""
    clusters: list[list[int]] = []
    for place, digit in enumerate(heard):
        if clusters:
            before = heard[clusters[-1][-1]]
            gap = Interval(onset_s=before.offset_s, offset_s=max(before.offset_s, digit.onset_s))
            if gap.duration_s <= TOGETHER_S and sum(_lies_in(word, gap) for word in words) < 2:
                clusters[-1].append(place)
                continue
        clusters.append([place])
    return clusters


def _lies_in(word: Word, gap: Interval) -> bool:
    return word.onset_s < gap.offset_s and overlap_s(word.interval, gap) > 0.7 * word.interval.duration_s


def _owners(written: Sequence[tuple[int, TimedDigit]], heard: Sequence[TimedDigit]) -> list[int | None]:
    """Find for each digit of the head the run of the words that it belongs to, None for none.

    The two strings are aligned with the fewest edits (Needleman and Wunsch, 1970, J. Mol. Biol. 48(3)), where
    a pair costs more the farther apart its times are.
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
    is_open: Sequence[bool],
) -> list[int | None]:
    """Give digits that no run claimed to the run of a neighbour.

    A run that is no whole number takes them from as far as `TOGETHER_S`, if no word was made out there.
    """
    adopted = list(owners)
    places = range(len(heard))
    for neighbours in (pairwise(places), pairwise(reversed(places))):
        for owned, orphan in neighbours:
            owner = adopted[owned]
            if adopted[orphan] is not None or owner is None:
                continue
            early, late = sorted((heard[owned], heard[orphan]), key=lambda digit: digit.onset_s)
            apart_s = late.onset_s - early.offset_s
            if apart_s <= NEAR_S or (
                apart_s <= TOGETHER_S and is_open[owner] and not _made_out(early, late, heard[orphan], words)
            ):
                adopted[orphan] = owner
    return adopted


def _taken_in(
    owners: Sequence[int | None],
    heard: Sequence[TimedDigit],
    clusters: Sequence[Sequence[int]],
    is_open: Sequence[bool],
) -> list[int | None]:
    """Give `ORPHANS_MIN` digits or more in a row that no run claimed to the nearer run of their cluster.

    A run that is a whole number takes none: they may be an extension.
    """
    taken = list(owners)
    for cluster in clusters:
        for owner, group in groupby(cluster, key=lambda place: owners[place]):
            places = list(group)
            if owner is None and len(places) >= ORPHANS_MIN:
                nearer = _nearer_owner(places, owners, heard, cluster)
                if nearer is None or not is_open[nearer]:
                    continue
                taken[places[0] : places[-1] + 1] = [nearer] * len(places)
    return taken


def _nearer_owner(
    places: Sequence[int],
    owners: Sequence[int | None],
    heard: Sequence[TimedDigit],
    cluster: Sequence[int],
) -> int | None:
    """Find the run of the digit before or after some digits, whichever is nearer; None alone in a cluster."""
    first, last = places[0], places[-1]
    sides: list[tuple[float, int | None]] = []
    if first > cluster[0]:
        sides.append((heard[first].onset_s - heard[first - 1].offset_s, owners[first - 1]))
    if last < cluster[-1]:
        sides.append((heard[last + 1].onset_s - heard[last].offset_s, owners[last + 1]))
    return min(sides, key=lambda side: side[0])[1] if sides else None


def _made_out(early: TimedDigit, late: TimedDigit, orphan: TimedDigit, words: Sequence[Word]) -> bool:
    """Whether a well-heard word lies between two digits, or over the one that has no run."""
    between = Interval(onset_s=early.offset_s, offset_s=max(early.offset_s, late.onset_s))
    own = Interval(onset_s=orphan.onset_s, offset_s=orphan.offset_s)
    return any(
        word.probability >= MADE_OUT and (_lies_in(word, between) or overlap_s(word.interval, own) > 0.05)
        for word in words
    )


def written_in(runs: Sequence[TextRun], text: str) -> Written:
    """Tell what the words of a stretch mean and which digits sound in them.

    Parameters
    ----------
    runs : sequence of DigitRun
        Found in the text, in order.
    text : str
        All words of the transcript.

    Returns
    -------
    Written
        Digits as meant, as they sound, and which goes with which.

    Examples
    --------
    >>> text = "four, double five"
    >>> written_in(digit_runs(text), text)
    Written(meant='455', spoken='45', owners=(0, 1, 1))
    """
    meant, spoken, owners = "", "", []
    for run in runs:
        n_before = len(meant)
        for span in dict.fromkeys(run.digit_spans):
            n_meant = run.digit_spans.count(span)
            place = len(meant) - n_before
            sounding = _digits_in(text[slice(*span)]) if n_meant > 1 else run.digits[place]
            last = len(spoken) + len(sounding) - 1
            owners += [min(len(spoken) + nth, last) if sounding else -1 for nth in range(n_meant)]
            spoken += sounding
            meant += run.digits[place : place + n_meant]
    return Written(meant=meant, spoken=spoken, owners=tuple(owners))


def _digits_in(phrase: str) -> str:
    words = re.findall(r"[a-z]+|[0-9]", phrase.lower())
    return "".join(
        "0" if word in OH_WORDS else UNITS.get(word, word if word.isdigit() else "") for word in words
    )
