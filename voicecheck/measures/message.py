"""Everything that is measured about one message, in one value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voicecheck.audio.condition import Condition
from voicecheck.measures.length import message_interval
from voicecheck.measures.pauses import pauses
from voicecheck.measures.rate import (
    articulation_rate_wpm,
    count_spoken_words,
    rate_error_wpm,
    speaking_rate_wpm,
)
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, merged, overlap_s


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
    n_words_outside, outside_s : int, float
        Spoken words outside the recitations of numbers, and the seconds of the message outside them.
    outside_rate_wpm, outside_error_wpm : float
        Those words per minute of that time, and how far that may be off.
    pauses : tuple of Interval
        Silences inside the message.
    condition : Condition
        How far the recording itself can be trusted.
    """

    message: Interval | None
    n_words: int
    speaking_rate_wpm: float
    articulation_rate_wpm: float
    n_words_outside: int
    outside_s: float
    outside_rate_wpm: float
    outside_error_wpm: float
    pauses: tuple[Interval, ...]
    condition: Condition


def measure_message(
    words: Sequence[Word],
    sounds: Sequence[Interval],
    digit_spans: Sequence[tuple[int, int]],
    recitations: Sequence[Interval],
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
    recitations : sequence of Interval
        When the numbers were said, in full or in part.
    condition : Condition
        Passed through.

    Returns
    -------
    Measures
        All of them; of no words, none.
    """
    message = message_interval(words, sounds)
    if message is None:
        return Measures(
            message=None,
            n_words=0,
            speaking_rate_wpm=math.nan,
            articulation_rate_wpm=math.nan,
            n_words_outside=0,
            outside_s=0.0,
            outside_rate_wpm=math.nan,
            outside_error_wpm=math.nan,
            pauses=(),
            condition=condition,
        )
    n_words = count_spoken_words("".join(word.text for word in words), digit_spans)
    silences = pauses(sounds, message)
    n_outside, outside_s = _outside(words, message, recitations)
    return Measures(
        message=message,
        n_words=n_words,
        speaking_rate_wpm=speaking_rate_wpm(n_words, message),
        articulation_rate_wpm=articulation_rate_wpm(n_words, message, silences),
        n_words_outside=n_outside,
        outside_s=outside_s,
        outside_rate_wpm=60 * n_outside / outside_s if n_outside else math.nan,
        outside_error_wpm=rate_error_wpm(n_outside, outside_s),
        pauses=silences,
        condition=condition,
    )


def _outside(words: Sequence[Word], message: Interval, recitations: Sequence[Interval]) -> tuple[int, float]:
    """Count the spoken words whose middle lies outside the recitations, and the seconds outside them."""
    numbers = merged(recitations)
    outside = [
        word.text
        for word in words
        if not any(each.onset_s <= (word.onset_s + word.offset_s) / 2 < each.offset_s for each in numbers)
    ]
    n_words = count_spoken_words("".join(outside))
    left_s = message.duration_s - sum(overlap_s(message, each) for each in numbers)
    return (n_words, left_s) if left_s > 0 else (0, 0.0)
