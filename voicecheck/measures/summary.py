"""Everything that is measured about one message, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicecheck.measures.condition import Condition
from voicecheck.measures.length import message_interval
from voicecheck.measures.pauses import pauses
from voicecheck.measures.rate import (
    articulation_rate_wpm,
    count_spoken_words,
    speaking_rate_wpm,
)
from voicecheck.timing import Interval, reaches
from voicecheck.transcript import Word

GROUP_GAP_MIN_S = 0.15
"""A silence between two digits that a listener hears as the end of a group."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What was measured about one message; NaN and None are "not measured".

    Parameters
    ----------
    message : Interval or None
        From the first spoken word to the last; None when nothing was said.
    n_words : int
        Spoken words, numerals as said.
    speaking_rate_wpm, articulation_rate_wpm : float
        Spoken words per minute, pauses in and taken out.
    pauses : tuple of Interval
        Silences inside the message.
    condition : Condition
        How far the recording itself can be trusted.
    """

    message: Interval | None
    n_words: int
    speaking_rate_wpm: float
    articulation_rate_wpm: float
    pauses: tuple[Interval, ...]
    condition: Condition


def measure_message(
    words: Sequence[Word],
    sounds: Sequence[Interval],
    digit_spans: Sequence[tuple[int, int]],
    condition: Condition,
) -> Measures:
    """Measure one message.

    Parameters
    ----------
    words : sequence of Word
        The transcript, snapped to the sound.
    sounds : sequence of Interval
        Where the signal sounds.
    digit_spans : sequence of (start, end)
        Where the digits of phone numbers stand in the joined text; each is one spoken word.
    condition : Condition
        Passed through.
    """
    message = message_interval(words, sounds)
    if message is None:
        return Measures(
            message=None,
            n_words=0,
            speaking_rate_wpm=float("nan"),
            articulation_rate_wpm=float("nan"),
            pauses=(),
            condition=condition,
        )
    n_words = count_spoken_words("".join(word.text for word in words), digit_spans)
    silences = pauses(sounds, message)
    return Measures(
        message=message,
        n_words=n_words,
        speaking_rate_wpm=speaking_rate_wpm(n_words, message),
        articulation_rate_wpm=articulation_rate_wpm(n_words, message, silences),
        pauses=silences,
        condition=condition,
    )


def group_gaps(digits: Sequence[Interval]) -> tuple[Interval, ...]:
    """Find the gaps between the groups of a recitation, offset of one digit to onset of the next.

    >>> six, one = Interval(onset_s=0.0, offset_s=0.3), Interval(onset_s=0.8, offset_s=1.0)
    >>> group_gaps([six, one])
    (Interval(onset_s=0.3, offset_s=0.8),)
    """
    return tuple(
        Interval(onset_s=before.offset_s, offset_s=after.onset_s)
        for before, after in pairwise(digits)
        if reaches(after.onset_s - before.offset_s, GROUP_GAP_MIN_S)
    )
