"""The rep's part of a call whose other side is on a channel of its own: no words have to tell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from voicecheck.audio.levels import sample_levels_dbfs, sounding
from voicecheck.audio.recording import Recording
from voicecheck.audio.tones import Tone
from voicecheck.speech.greeting import Part
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, merged, overlap_s

TURN_GAP_S = 1.0
"""A shorter silence does not end a turn."""

TURN_MIN_S = 0.4
"""Less than this is a cough or a crackle of the line."""

ANSWERS_MIN = 2
"""Whoever speaks so many times between the rep's words is no machine."""

IN_DOUBT = 0.8
"""One answer may be a mailbox that speaks again, or a person of few words."""


def find_part_beside(words: Sequence[Word], tones: Sequence[Tone], recording: Recording) -> Part:
    """Find the rep's part by what the line does meanwhile.

    Parameters
    ----------
    words : sequence of Word
        The rep's, in time order, shrunk to their sound.
    tones : sequence of Tone
        Of the whole call.
    recording : Recording
        With its `line`.

    Returns
    -------
    Part
        From the line's beep, or the end of its greeting, to what the line does after the rep's last word.
    """
    turns, duration_s = _line_turns(recording, tones), recording.duration_s
    if not words:
        return Part(
            outcome="no_message" if turns else "message",
            onset_s=duration_s if turns else 0.0,
            offset_s=duration_s,
            probability=1.0,
        )
    half_s = words[len(words) // 2].onset_s
    beeps = [tone.interval for tone in tones if tone.kind == "beep"]
    beep = next((each for each in reversed(beeps) if each.offset_s <= half_s), None)
    n_answers = 0 if beep else _answers(words, turns)
    if n_answers >= ANSWERS_MIN:
        return Part(outcome="person", onset_s=0.0, offset_s=duration_s, probability=1.0)
    greeting = [turn for turn in turns if turn.onset_s < (beep.onset_s if beep else half_s)]
    start_s = beep.offset_s if beep else min(half_s, greeting[-1].offset_s if greeting else 0.0)
    early = [word for word in words if (word.onset_s + word.offset_s) / 2 < start_s]
    last_s = words[-1].offset_s
    later = [each.onset_s for each in (*turns, *(tone.interval for tone in tones)) if each.onset_s > last_s]
    heard = [*(["greeting"] if greeting else []), *(["beep"] if beep else [])]
    return Part(
        outcome="message",
        onset_s=start_s,
        offset_s=min(later, default=duration_s),
        probability=IN_DOUBT if n_answers else 1.0,
        why=f"after {' and '.join(heard)}" if heard else "",
        lost_words="".join(word.text for word in early).strip() if beep else "",
    )


def _line_turns(recording: Recording, tones: Sequence[Tone]) -> list[Interval]:
    """When somebody, or something, speaks on the line; tones are no speech."""
    assert recording.line is not None
    sounds = [
        sound
        for sound in sounding(sample_levels_dbfs(recording.line))
        if sum(overlap_s(sound, tone.interval) for tone in tones) < 0.5 * sound.duration_s
    ]
    return [turn for turn in merged(sounds, gap_max_s=TURN_GAP_S) if turn.duration_s >= TURN_MIN_S]


def _answers(words: Sequence[Word], turns: Sequence[Interval]) -> int:
    """Count the times that the line speaks between two turns of the rep."""
    said = merged([word.interval for word in words], gap_max_s=TURN_GAP_S)
    by_time = sorted([(turn.onset_s, False) for turn in turns] + [(turn.onset_s, True) for turn in said])
    sides = [is_rep for is_rep, _ in groupby(is_rep for _, is_rep in by_time)]
    inner = sides[sides.index(True) : len(sides) - sides[::-1].index(True)]
    return inner.count(False)
