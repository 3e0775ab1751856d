"""Sayings of the phone number: which digits, when, and how sure.

A recitation is one saying of a whole phone number. A partial one gives only the end of a number that is
said in full elsewhere in the message: its last seven digits, or its last four.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from voicecheck.numbers import DigitRun as TextRun
from voicecheck.numbers import SpokenNumber, find_in_words
from voicecheck.numbers import digit_runs as text_runs
from voicecheck.numbers.atoms import Span
from voicecheck.numbers.compare import same_number
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.digit_times import time_digits
from voicecheck.numbers.plan import Grade, grade
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.transcript import TimedDigit, Word
from voicecheck.timing import Interval, overlap_s

PARTIAL_LENGTHS = (7, 4)
"""How many last digits make a partial repeat: the local number, or the line number."""

SOUND_PER_DIGIT_MIN_S = 0.08
"""Nobody says a digit with less sound than this; a "recitation" that does was made up by the decoder."""


def find_recitations(
    words: Sequence[Word],
    sounds: Sequence[Interval],
    *,
    digit_runs: Sequence[DecidedRun] = (),
    region: str = "US",
) -> tuple[Recitation, ...]:
    """Find the recitations in a transcript, full and partial, in time order.

    Parameters
    ----------
    words : sequence of Word
        The transcript, snapped to the sound.
    sounds : sequence of Interval
        Where the signal sounds: a recitation with less than `SOUND_PER_DIGIT_MIN_S` of sound per digit was
        made up by a decoder that ran on, and is left out.
    digit_runs : sequence of DecidedRun
        What was decided about the digits; those outside of them are timed by their words.
    region : str
        ISO 3166 code of the country whose numbers need no country code.

    Returns
    -------
    tuple of Recitation
        Each with its digits and their times, and the words that it stands for.

    Raises
    ------
    ParameterError
        If the region is unknown.
    """
    numbers = find_in_words(words, region=region)
    full = [
        _from_text(number, words, digit_runs, region, full=not _is_ending(number, numbers))
        for number in numbers
    ]
    partial = [
        _from_text(run, words, digit_runs, region, full=whole) for run, whole in _repeats(words, numbers)
    ]
    found = [each for each in (*full, *partial) if _is_heard(each, sounds)]
    return tuple(sorted(found, key=lambda each: each.interval))


def _is_ending(number: SpokenNumber, numbers: Sequence[SpokenNumber]) -> bool:
    """Whether a local number is the end of a longer one in the same message."""
    return len(number.digits) in PARTIAL_LENGTHS and any(
        len(other.digits) > len(number.digits) and other.digits.endswith(number.digits) for other in numbers
    )


def _repeats(words: Sequence[Word], numbers: Sequence[SpokenNumber]) -> list[tuple[TextRun, bool]]:
    """Find runs outside the numbers that say one of them again, and whether they say all of it.

    Words before them ("... your bill. That's 416-555-0198") may have spoken against a number; that the same
    digits were found elsewhere speaks louder.
    """
    endings = {number.digits[-length:] for number in numbers for length in PARTIAL_LENGTHS}
    text = "".join(word.text for word in words)
    found: list[tuple[TextRun, bool]] = []
    for run in text_runs(text):
        if any(run.start < number.end and number.start < run.end for number in numbers):
            continue
        whole = any(_says_again(run.digits, number.digits) for number in numbers)
        if whole or run.digits in endings:
            found.append((run, whole))
    return found


def _says_again(digits: str, number: str) -> bool:
    return len(digits) > PARTIAL_LENGTHS[0] and same_number(digits, number.lstrip("+"))


def _from_text(
    found: SpokenNumber | TextRun,
    words: Sequence[Word],
    digit_runs: Sequence[DecidedRun],
    region: str,
    *,
    full: bool,
) -> Recitation:
    return Recitation(
        digits=found.digits,
        extension=found.extension if isinstance(found, SpokenNumber) else None,
        full=full,
        timed_digits=_decided(found.digits.lstrip("+"), found.digit_spans, words, digit_runs),
        well_formed=not full or grade(found.digits, region) >= Grade.LOCAL,
        label=found.label if isinstance(found, SpokenNumber) else None,
        lettered=isinstance(found, SpokenNumber) and bool(found.lettered),
    )


def _decided(
    digits: str, spans: Sequence[Span], words: Sequence[Word], digit_runs: Sequence[DecidedRun]
) -> tuple[TimedDigit, ...]:
    """Take each digit from the run that stands in its place; others are timed by their words."""
    known = {
        run.first_word + place: digit
        for run in digit_runs
        if run.first_word < run.last_word
        for place, digit in enumerate(run.digits)
    }
    ends = list(accumulate(len(word.text) for word in words))
    by_words = time_digits(digits, spans, words)
    decided = [known.get(bisect_right(ends, start)) for start, _ in spans]
    return tuple(
        timed if digit is None or digit.digit != timed.digit else digit
        for timed, digit in zip(by_words, decided, strict=True)
    )


def _is_heard(recitation: Recitation, sounds: Sequence[Interval]) -> bool:
    heard_s = sum(overlap_s(recitation.interval, sound) for sound in sounds)
    return heard_s >= SOUND_PER_DIGIT_MIN_S * len(recitation.timed_digits)
