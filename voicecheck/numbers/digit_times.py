"""When the digits that a transcript writes were heard, as well as the words' times can tell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from voicecheck.speech.transcript import TimedDigit, Word


def time_digits(
    digits: str, spans: Sequence[tuple[int, int]], words: Sequence[Word]
) -> tuple[TimedDigit, ...]:
    """Time digits by the words that they stand in, as well as a transcript can tell.

    Digits that stand in one word ("555", or the two of "double five") share its time evenly.

    Parameters
    ----------
    digits : str
        Length n_digits.
    spans : sequence of (start, end), length n_digits
        Where each digit stands in the joined text of the words.
    words : sequence of Word
        In time order.

    Returns
    -------
    tuple of TimedDigit, length n_digits
        Each with the probability of its word as its confidence.
    """
    starts = [0, *accumulate(len(word.text) for word in words)]
    homes = [(bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1) for start, end in spans]
    timed: list[TimedDigit] = []
    for index, home in enumerate(homes):
        mates = [other for other, other_home in enumerate(homes) if other_home[0] == home[0]]
        onset_s = words[home[0]].onset_s
        offset_s = max(words[homes[mate][1]].offset_s for mate in mates)
        share_s = (offset_s - onset_s) / len(mates)
        place = mates.index(index)
        timed.append(
            TimedDigit(
                digit=digits[index],
                onset_s=onset_s + place * share_s,
                offset_s=onset_s + (place + 1) * share_s,
                confidence=min(word.probability for word in words[home[0] : home[1] + 1]),
            )
        )
    return tuple(timed)
