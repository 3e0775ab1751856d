"""Sayings of the phone number: which digits, when, and how sure.

A recitation is one saying of a whole phone number. A partial one gives only the end of a number that is
said in full elsewhere in the message: its last seven digits, or its last four.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from voicecheck.numbers import DigitRun, SpokenNumber, digit_runs, find_in_words
from voicecheck.numbers.compare import same_number
from voicecheck.numbers.digit_times import time_digits
from voicecheck.numbers.plan import Grade, grade
from voicecheck.numbers.recitations import Doubt, Recitation
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, overlap_s

PARTIAL_LENGTHS = (7, 4)
"""How many last digits make a partial repeat: the local number, or the line number."""

SOUND_PER_DIGIT_MIN_S = 0.08
"""Nobody says a digit with less sound than this; a "recitation" that does was made up by the decoder."""


def find_recitations(
    words: Sequence[Word], sounds: Sequence[Interval], *, region: str = "US"
) -> tuple[Recitation, ...]:
    """Find the recitations in a transcript, full and partial, in time order.

    Parameters
    ----------
    words : sequence of Word
        The transcript, snapped to the sound.
    sounds : sequence of Interval
        Where the signal sounds: a recitation with less than `SOUND_PER_DIGIT_MIN_S` of sound per digit was
        made up by a decoder that ran on, and is left out.
    region : str
        ISO 3166 code of the country whose numbers need no country code.

    Raises
    ------
    ParameterError
        If the region is unknown.
    """
    numbers = find_in_words(words, region=region)
    full = [_from_text(number, words, region, full=not _is_ending(number, numbers)) for number in numbers]
    partial = [_from_text(run, words, region, full=whole) for run, whole in _repeats(words, numbers)]
    found = [each for each in (*full, *partial) if _is_heard(each, sounds)]
    return tuple(sorted(found, key=lambda each: each.interval))


def _is_ending(number: SpokenNumber, numbers: Sequence[SpokenNumber]) -> bool:
    """Whether a local number is the end of a longer one in the same message."""
    return len(number.digits) in PARTIAL_LENGTHS and any(
        len(other.digits) > len(number.digits) and other.digits.endswith(number.digits) for other in numbers
    )


def _repeats(words: Sequence[Word], numbers: Sequence[SpokenNumber]) -> list[tuple[DigitRun, bool]]:
    """Find runs outside the numbers that say one of them again, and whether they say all of it.

    Words before them ("... your bill. That's 416-555-0198") may have spoken against a number; that the same
    digits were found elsewhere speaks louder.
    """
    endings = {number.digits[-length:] for number in numbers for length in PARTIAL_LENGTHS}
    text = "".join(word.text for word in words)
    found: list[tuple[DigitRun, bool]] = []
    for run in digit_runs(text):
        if any(run.start < number.end and number.start < run.end for number in numbers):
            continue
        whole = any(_says_again(run.digits, number.digits) for number in numbers)
        if whole or run.digits in endings:
            found.append((run, whole))
    return found


def _says_again(digits: str, number: str) -> bool:
    return len(digits) > PARTIAL_LENGTHS[0] and same_number(digits, number.lstrip("+"))


def _from_text(
    found: SpokenNumber | DigitRun, words: Sequence[Word], region: str, *, full: bool
) -> Recitation:
    digits = found.digits.lstrip("+")
    return Recitation(
        digits=found.digits,
        extension=found.extension if isinstance(found, SpokenNumber) else None,
        full=full,
        timed_digits=time_digits(digits, found.digit_spans, words),
        doubts=_doubts(digits, found.digit_spans, words),
        well_formed=not full or grade(found.digits, region) >= Grade.LOCAL,
        label=found.label if isinstance(found, SpokenNumber) else None,
        lettered=isinstance(found, SpokenNumber) and bool(found.lettered),
    )


def _doubts(digits: str, spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> tuple[Doubt, ...]:
    """Collect the rivals that the words carry."""
    ends = list(accumulate(len(word.text) for word in words))
    homes = [words[bisect_right(ends, start)] for start, _ in spans]
    return tuple(
        Doubt(position=position, digit=digit, rival=home.rival)
        for position, (digit, home) in enumerate(zip(digits, homes, strict=True))
        if home.rival is not None
    )


def _is_heard(recitation: Recitation, sounds: Sequence[Interval]) -> bool:
    heard_s = sum(overlap_s(recitation.interval, sound) for sound in sounds)
    return heard_s >= SOUND_PER_DIGIT_MIN_S * len(recitation.timed_digits)
