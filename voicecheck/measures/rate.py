"""How fast the message and its numbers were said.

Conventions
-----------
A spoken word is a word as it was said: "416" said "four one six" is three, "twenty-one" is two, "$4.50" is
"four dollars fifty", three. Inside a phone number every digit is one word.

Metrics
-------
speaking rate       spoken words per minute of message, pauses in
rate outside the    the same for the words outside the recitations, in the time outside them: a number said as
number              it should be slows the whole figure down and hides a rushed pitch
articulation rate   spoken words per minute of message, pauses taken out
number rate         digits per second, from the first digit's onset to the last one's offset, pauses in
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from voicecheck.errors import ParameterError
from voicecheck.timing import Interval

CARDINAL_END = 10**15
"""From here on nobody says a quantity; the digits are read one by one."""

EDGES_ERROR_S = 0.2
"""How far the onset of the first word and the offset of the last can be off together."""

MISHEARD_SHARE = 0.02
"""One word in fifty is taken for none or for two; of a few words, one."""

_PIECE = re.compile(r"\d+(?:,\d{3})+(?!\d)|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|[$£€%]")  # noqa: RUF001


def cardinal_length(value: int) -> int:
    """Count the words of a whole number read out as a quantity, without "and".

    Parameters
    ----------
    value : int >= 0
        The quantity.

    Returns
    -------
    int
        Words; "twenty-one" is two.

    Raises
    ------
    ParameterError
        If `value` is negative.

    Examples
    --------
    "four thousand four hundred ninety two" has six.

    >>> cardinal_length(4492)
    6
    """
    if value < 0:
        raise ParameterError(f"a count cannot be negative, got {value}")
    if value >= CARDINAL_END:
        return len(str(value))
    from num2words import num2words

    words = re.findall(r"[a-z]+", num2words(value, lang="en"))
    return len(words) - words.count("and")


def count_spoken_words(text: str, digit_spans: Sequence[tuple[int, int]] = ()) -> int:
    """Count the words of a transcript as they were said.

    Parameters
    ----------
    text : str
        The transcript, numerals and all.
    digit_spans : sequence of (start, end)
        One stretch of `text` per digit of the phone numbers in it; each digit is one word, and what else
        lies within the numbers' text counts as it stands.

    Returns
    -------
    int
        Zero for a text without words.

    Examples
    --------
    >>> count_spoken_words("Call 416 in 2024, twenty-one people")
    11
    """
    covered = [False] * len(text)
    for start, end in digit_spans:
        covered[start:end] = [True] * (end - start)
    outside = "".join(" " if hidden else letter for letter, hidden in zip(text, covered, strict=True))
    return len(digit_spans) + sum(_said_length(piece[0]) for piece in _PIECE.finditer(outside))


def _said_length(piece: str) -> int:
    if not piece[0].isdigit():
        return 1  # a word, or a sign that is said: "dollars", "percent"
    value = int(piece.replace(",", ""))
    rest = value % 100
    if len(piece) == 4 and 1100 <= value <= 2099 and value % 1000 > 9:  # a year: "twenty ..."
        return 1 + (cardinal_length(rest) if rest > 9 else 1 + bool(rest))  # "... twenty four", "... oh four"
    if piece.startswith("0") or (len(piece) == 3 and rest) or (len(piece) > 4 and "," not in piece):
        return len(piece)  # a code, read digit by digit
    return cardinal_length(value)


def speaking_rate_wpm(n_words: int, message: Interval) -> float:
    """Compute spoken words per minute, pauses included; NaN for a message of no length.

    Parameters
    ----------
    n_words : int
        Spoken words: "416" is three.
    message : Interval
        From the first word to the last.

    Returns
    -------
    float
        Words a minute.

    Examples
    --------
    >>> speaking_rate_wpm(50, Interval(onset_s=1.0, offset_s=21.0))
    150.0
    """
    return 60 * n_words / message.duration_s if message.duration_s > 0 else math.nan


def rate_error_wpm(n_words: int, duration_s: float) -> float:
    """Estimate how far a speaking rate may be off: a few words give no sure rate.

    Parameters
    ----------
    n_words : int >= 0
        Spoken words.
    duration_s : float >= 0
        Seconds in which they were said.

    Returns
    -------
    float
        Words per minute: `MISHEARD_SHARE` of the words, at least one, and edges that are off by
        `EDGES_ERROR_S`, added as independent errors are; NaN for nothing.

    Examples
    --------
    Eight words in 2.6 s are 185 a minute, 27 more or less: one word is 23.1, the edges are 14.2.

    >>> round(rate_error_wpm(8, 2.6), 1)
    27.1
    """
    if n_words == 0 or duration_s <= 0:
        return math.nan
    rate_wpm = 60 * n_words / duration_s
    misheard = max(1.0, MISHEARD_SHARE * n_words) / n_words
    return rate_wpm * math.hypot(misheard, EDGES_ERROR_S / duration_s)


def articulation_rate_wpm(n_words: int, message: Interval, pauses: Sequence[Interval]) -> float:
    """Compute spoken words per minute with pauses taken out [1]_; NaN when nothing but pauses is left.

    Parameters
    ----------
    n_words : int >= 0
        Spoken words in the message.
    message : Interval
        From the first word to the last.
    pauses : sequence of Interval
        Silences inside the message, not overlapping.

    References
    ----------
    .. [1] de Jong & Wempe (2009), Behavior Research Methods 41(2), 385-390.

    Examples
    --------
    Three words in 3 s, of which 1.5 s are pauses: 3 words in 1.5 s are 120 a minute.

    >>> pause = Interval(onset_s=0.5, offset_s=2.0)
    >>> articulation_rate_wpm(3, Interval(onset_s=0.0, offset_s=3.0), [pause])
    120.0

    Returns
    -------
    float
        Words a minute.
    """
    speech_s = message.duration_s - sum(pause.duration_s for pause in pauses)
    return 60 * n_words / speech_s if speech_s > 0 else math.nan
