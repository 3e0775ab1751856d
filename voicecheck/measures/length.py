"""The message inside the recording: from the first spoken word to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicecheck.timing import Interval, merged, overlap_s
from voicecheck.transcript import Word

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


def message_interval(words: Sequence[Word], sounds: Sequence[Interval]) -> Interval | None:
    """Measure the message: the onset of the first spoken word to the offset of the last.

    Parameters
    ----------
    words : sequence of Word
        In time order, already snapped to the sound.
    sounds : sequence of Interval
        Where the signal sounds. The last word reaches to the end of the sound that it lies in, the first
        one back to its start: a word's ends are soft and its times come from a decoder.

    Returns
    -------
    Interval or None
        None when there are no words.
    """
    if not words:
        return None
    onset_s, offset_s = words[0].onset_s, max(word.offset_s for word in words)
    for sound in merged(sounds, gap_max_s=EDGE_GAP_S):
        if 0 < onset_s - sound.onset_s <= EDGE_MAX_S and sound.offset_s > onset_s:
            onset_s = sound.onset_s
        if 0 < sound.offset_s - offset_s <= EDGE_MAX_S and sound.onset_s < offset_s:
            offset_s = sound.offset_s
    return Interval(onset_s=onset_s, offset_s=offset_s)
