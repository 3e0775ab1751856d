"""The message inside the recording: from the first spoken word to the last."""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.speech.transcript import Word
from voicecheck.speech.word_times import EDGE_GAP_S, EDGE_MAX_S
from voicecheck.timing import Interval, merged


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
