"""Everything that is measured about one message, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecheck.audio.condition import Condition
from voicecheck.measures.length import message_interval
from voicecheck.measures.pauses import pauses
from voicecheck.measures.rate import articulation_rate_wpm, count_spoken_words, speaking_rate_wpm
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval


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
