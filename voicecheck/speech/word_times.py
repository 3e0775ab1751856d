"""Words shrunk to the sound that they lie in, and words that a decoder invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, overlap_s

RUN_ON_WORD_S = 0.06
"""A word, or a digit of one, that gets less time than this at the end of a window was not said: a decoder
that runs on piles up what it invents on the last frame."""

RUN_ON_MIN = 4
"""Fewer such words or digits than this are left: a real last word may be squeezed."""


def without_run_on(words: Sequence[Word]) -> tuple[Word, ...]:
    """Drop what a decoder invented after the end: words that the alignment found no time for.

    They are piled up on the last frames, and what little time there is may be any one's of them.

    Parameters
    ----------
    words : sequence of Word
        In time order.

    Returns
    -------
    tuple of Word
        Those before it.
    """
    said = [sum(letter.isdigit() for letter in word.text) or 1 for word in words]
    n_kept, lacking_s, most_s = len(words), 0.0, 0.0
    for place in reversed(range(len(words))):
        lacking_s += RUN_ON_WORD_S * said[place] - words[place].interval.duration_s
        if lacking_s > most_s:
            n_kept, most_s = place, lacking_s
    n_invented = sum(said[n_kept:])
    return tuple(words[:n_kept] if n_invented >= RUN_ON_MIN else words)


EDGE_MAX_S = 0.6
"""How far the message's edges may move to the edge of the sound; beyond, the sound is something else."""

EDGE_GAP_S = 0.12
"""A shorter silence is inside a word, such as before the release of a stop."""


def snapped_words(words: Sequence[Word], sounds: Sequence[Interval]) -> tuple[Word, ...]:
    """Shrink each word to the sound inside it.

    Word times from cross-attention run over the silence before and after a word; the signal knows better.
    A word with no sound inside keeps its times.

    Parameters
    ----------
    words : sequence of Word
        In time order.
    sounds : sequence of Interval
        Where the signal sounds, in time order.

    Returns
    -------
    tuple of Word
        The same words, none longer than before.
    """
    return tuple(_snapped(word, sounds) for word in words)


def _snapped(word: Word, sounds: Sequence[Interval]) -> Word:
    inside = [sound for sound in sounds if overlap_s(sound, word.interval) > 0]
    if not inside:
        return word
    return replace(
        word,
        onset_s=max(word.onset_s, inside[0].onset_s),
        offset_s=min(word.offset_s, inside[-1].offset_s),
    )
