"""One saying of a phone number: which digits, when, and how sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voicecheck.errors import ParameterError
from voicecheck.numbers.compare import distance, same_number
from voicecheck.numbers.plan import comparable_digits
from voicecheck.speech.transcript import TimedDigit
from voicecheck.timing import Interval


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
        One per digit, in the order of dialling; `in_time` has them as they were heard.
    well_formed : bool
        Whether a number of its region looks like this; with a digit too few or too many, either the caller
        or the hearing slipped.
    label : str or None
        Which line the words say it is of, see `SpokenNumber`; two labels are two numbers.
    lettered : bool
        Whether a word stands for some of the digits, as in 1-800-FLOWERS.

    Raises
    ------
    ParameterError
        If the timed digits are not the digits.
    """

    digits: str
    extension: str | None
    full: bool
    timed_digits: tuple[TimedDigit, ...]
    well_formed: bool = True
    label: str | None = None
    lettered: bool = False

    def __post_init__(self) -> None:
        timed = "".join(each.digit for each in self.timed_digits)
        if not timed or timed != self.digits.lstrip("+"):
            raise ParameterError(f"timed digits {timed!r} are not the digits {self.digits!r}")

    @property
    def interval(self) -> Interval:
        """From the onset of the first digit to the offset of the last."""
        first, last = self.in_time[0], self.in_time[-1]
        return Interval(onset_s=first.onset_s, offset_s=last.offset_s)

    @property
    def in_time(self) -> tuple[TimedDigit, ...]:
        """The digits as they were heard: an area code said last comes last."""
        return tuple(sorted(self.timed_digits, key=lambda digit: digit.onset_s))

    @property
    def doubts(self) -> tuple[int, ...]:
        """Places of the digits that may be others."""
        return tuple(place for place, digit in enumerate(self.timed_digits) if digit.rival is not None)

    @property
    def is_uncertain(self) -> bool:
        """Whether no number looks like it and digits are in doubt: more or fewer may have been said."""
        return not self.well_formed and bool(self.doubts)

    @property
    def rate_dps(self) -> float:
        """Digits per second, pauses included; NaN for a single digit."""
        return number_rate_dps([each.interval for each in self.in_time])

    @property
    def confidence(self) -> float:
        """Of the least certain digit, 0 to 1."""
        return min(each.confidence for each in self.timed_digits)


def grouped_by_number(
    recitations: Sequence[Recitation], *, region: str = "US"
) -> tuple[tuple[Recitation, ...], ...]:
    """Group full recitations by the number that they mean to say, in the order of first mention.

    Digits that are said more than once are a number, however near another one, and so are digits that the
    words give to another line; a saying with a slip belongs to the number that it is nearest to.

    Parameters
    ----------
    recitations : sequence of Recitation
        Partial ones are passed over.
    region : str
        ISO 3166 code.

    Returns
    -------
    tuple of tuples of Recitation
        One a number.
    """
    full = [each for each in recitations if each.full]
    said = [comparable_digits(each.digits, region=region) for each in full]
    labels = {digits: each.label for digits, each in zip(said, full, strict=True) if each.label}
    numbers = [digits for digits in dict.fromkeys(said) if said.count(digits) > 1]
    meant: list[str] = []
    for digits in said:
        alike = [
            number
            for number in numbers
            if same_number(number, digits) and not _are_two_lines(labels.get(number), labels.get(digits))
        ]
        if not alike:
            numbers.append(digits)
        meant.append(min(alike or [digits], key=lambda number: distance(number, digits)))
    return tuple(
        tuple(each for each, number in zip(full, meant, strict=True) if number == wanted)
        for wanted in dict.fromkeys(meant)
    )


def _are_two_lines(first: str | None, other: str | None) -> bool:
    return first is not None and other is not None and first != other


def number_rate_dps(digits: Sequence[Interval]) -> float:
    """Compute digits per second from the first onset to the last offset, pauses included.

    Parameters
    ----------
    digits : sequence of Interval
        One per digit, in time order.

    Returns
    -------
    float
        NaN for fewer than two digits, or when they take no time.

    Examples
    --------
    >>> one, two = Interval(onset_s=0.0, offset_s=0.4), Interval(onset_s=0.6, offset_s=1.0)
    >>> number_rate_dps([one, two])
    2.0
    """
    if len(digits) < 2:
        return math.nan
    span_s = digits[-1].offset_s - digits[0].onset_s
    return len(digits) / span_s if span_s > 0 else math.nan
