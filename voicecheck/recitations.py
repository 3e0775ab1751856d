"""Sayings of the phone number: which digits, when, and how sure.

A recitation is one saying of a whole phone number. A partial one gives only the end of a number that is
said in full elsewhere in the message: its last seven digits, or its last four.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from voicecheck.digit_times import time_digits
from voicecheck.digits import TimedDigit
from voicecheck.errors import ParameterError
from voicecheck.measures.rate import number_rate_dps
from voicecheck.numbers import DigitRun, SpokenNumber, digit_runs, find_in_words
from voicecheck.numbers.plan import Grade, grade
from voicecheck.timing import Interval, overlap_s
from voicecheck.transcript import Word

PARTIAL_LENGTHS = (7, 4)
"""How many last digits make a partial repeat: the local number, or the line number."""

SAME_NUMBER_MAX_SHARE = 0.3
"""Numbers of which at most this share of digits differs are two tries at one number."""

SOUND_PER_DIGIT_MIN_S = 0.08
"""Nobody says a digit with less sound than this; a "recitation" that does was made up by the decoder."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A digit that may be another one.

    Parameters
    ----------
    position : int
        Index into the recitation's timed digits.
    digit, rival : str
        What was read, and what it may be instead; an empty `rival` means that there may be no digit here.
    """

    position: int
    digit: str
    rival: str


@dataclass(frozen=True, kw_only=True)
class Recitation:
    """One saying of a phone number.

    Parameters
    ----------
    digits : str
        As dialled, with a leading ``+`` only if that was said.
    extension : str or None
        Digits of the extension.
    full : bool
        Whether this is a whole phone number; if not, it is the end of one.
    timed_digits : tuple of TimedDigit
        One per digit, in time order.
    doubts : tuple of Doubt
        Digits on which the evidence disagrees.
    well_formed : bool
        Whether a number of its region looks like this; with a digit too few or too many, either the caller
        or the hearing slipped.

    Raises
    ------
    ParameterError
        If the timed digits are not the digits.
    """

    digits: str
    extension: str | None
    full: bool
    timed_digits: tuple[TimedDigit, ...]
    doubts: tuple[Doubt, ...] = ()
    well_formed: bool = True

    def __post_init__(self) -> None:
        timed = "".join(each.digit for each in self.timed_digits)
        if not timed or timed != self.digits.lstrip("+"):
            raise ParameterError(f"timed digits {timed!r} are not the digits {self.digits!r}")

    @property
    def interval(self) -> Interval:
        """From the onset of the first digit to the offset of the last."""
        return Interval(onset_s=self.timed_digits[0].onset_s, offset_s=self.timed_digits[-1].offset_s)

    @property
    def rate_dps(self) -> float:
        """Digits per second, pauses included; NaN for a single digit."""
        return number_rate_dps([_interval(each) for each in self.timed_digits])

    @property
    def confidence(self) -> float:
        """Of the least certain digit, 0 to 1."""
        return min(each.confidence for each in self.timed_digits)


def _interval(digit: TimedDigit) -> Interval:
    return Interval(onset_s=digit.onset_s, offset_s=digit.offset_s)


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


def same_number(first: str, second: str) -> bool:
    """Whether two strings of digits mean the same number, slips allowed.

    >>> same_number("4165550198", "4165550189"), same_number("4165550198", "2125550147")
    (True, False)
    """
    from rapidfuzz.distance import OSA

    return OSA.distance(first, second) <= SAME_NUMBER_MAX_SHARE * max(len(first), len(second))


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
