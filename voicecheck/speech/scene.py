"""What a call holds, as the decision about its parts looks at it: words, sayings, tones, voices, and cuts.

Conventions
-----------
A recording is a row of words. A *cut* lies before one of them, or behind the last; cut 0 leaves all to the
rep. Cuts are considered where the words part: at a beep, a silence of `GAP_MIN_S`, the end of a sentence.
Voices are compared by `second_voice_gain`, words by `mailbox_odds`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.tones import Tone
from voicecheck.audio.voice import HOP_S, VoiceSums, VoiceTrack, second_voice_gain, two_voices, voice_sums
from voicecheck.speech.sayings import find_sayings
from voicecheck.speech.transcript import Word
from voicecheck.speech.wording import mailbox_odds
from voicecheck.timing import overlap_s

GAP_MIN_S = 0.1
"""No mailbox hands over in less silence, unless a sentence ends or a beep parts the words."""

WORD_MAX_S = 1.5
"""No word lasts longer, and no digit of a number that is written as one word: a decoder that skips speech
stretches the words beside it."""

UNREAD_DB, UNREAD_MARGIN_S = 20.0, 0.3
"""A voice further below the loudest words counts for nothing, nor does one so near to a word or a tone."""

HUM_S = 3.0
"""A longer tone under words is a hum of the line, and they are as clear as words get there."""

TURN_GAP_S = 0.25
"""A silence between words that may be a change of speakers."""

TURNS_MAX = 60
"""So many turns, from the start on, tell whether two people talk."""

TALK_CHANGES = 4
"""A mailbox, a rep and a menu change voices twice; people who talk do so more often."""

EARLY_MAX_S = 4.0
"""So long before the beep a rep may begin."""

TOLD_SOME, TOLD_MAX = 1.0, 3.0
"""What is said from one cut to the next tells of a mailbox from the first on, and no more than the second,
for its words are not independent."""

NEXT_NOTE_S = 0.1
"""A beep that follows another one so soon is its second note."""

Cells = NDArray[np.bool_]


@dataclass(frozen=True)
class Scene:
    """All that the decision looks at.

    Parameters
    ----------
    words : tuple of Word
        In time order, shrunk to their sound.
    tones : tuple of Tone
        Of the same recording.
    track : VoiceTrack
        Of the same recording.
    duration_s : float
        Of the recording.
    word_weights : mapping of float, or None
        As `mailbox_odds` has them; None takes those that were fitted.
    """

    words: tuple[Word, ...]
    tones: tuple[Tone, ...]
    track: VoiceTrack
    duration_s: float
    word_weights: Mapping[str, float] | None = None

    @cached_property
    def said(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """The sayings in it."""
        return find_sayings(self.words)

    @cached_property
    def pieces_told(self) -> tuple[float, ...]:
        """How far what is said from each cut to the next is a mailbox's, by its words; at most `TOLD_MAX`."""
        odds = mailbox_odds(self.words, self.word_weights)
        sums = (float(odds[first:stop].sum()) for first, stop in pairwise(self.cuts))
        return tuple(max(-TOLD_MAX, min(TOLD_MAX, each)) for each in sums)

    def told(self, first: int, stop: int) -> float:
        """Tell how far what is said between two cuts is a mailbox's, by its words.

        Parameters
        ----------
        first, stop : int
            Two of the cuts.

        Returns
        -------
        float
            Logarithm (natural) of the odds; 0 if nothing is said.
        """
        return sum(self.pieces_told[self.cuts.index(first) : self.cuts.index(stop)])

    @cached_property
    def voices(self) -> VoiceSums:
        """How each word sounds; words under a tone do not count."""
        short = [
            tone.interval for tone in self.tones if tone.interval.duration_s <= HUM_S and tone.kind != "music"
        ]
        clear = [
            None if any(overlap_s(tone, word.interval) > 0.05 for tone in short) else word.interval
            for word in self.words
        ]
        return voice_sums(self.track, clear)

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """Places where another may begin to speak: 0, behind the last word, and where words part."""
        inner = (
            place
            for place in range(1, len(self.words))
            if self.gap_s(place) >= GAP_MIN_S or self.sentence_ends(place) or self.beep_at(place) is not None
        )
        return 0, *inner, len(self.words)

    @cached_property
    def read(self) -> Cells:
        """Which frames of the track a word accounts for."""
        read = np.zeros(len(self.track.level_db), dtype=bool)
        for word in self.words:
            n_said = sum(letter.isdigit() for letter in word.text) or 1
            end_s = min(word.offset_s, word.onset_s + WORD_MAX_S * n_said)
            read[_frames(word.onset_s - UNREAD_MARGIN_S, end_s + UNREAD_MARGIN_S)] = True
        return read

    @cached_property
    def voiced(self) -> Cells:
        """In which frames of the track somebody speaks, and no tone sounds."""
        level_db, margin = self.track.level_db, UNREAD_MARGIN_S
        toned = np.zeros(len(level_db), dtype=bool)
        for tone in self.tones:
            toned[_frames(tone.interval.onset_s - margin, tone.interval.offset_s + margin)] = True
        loud = level_db >= np.percentile(level_db[self.read], 95) - UNREAD_DB
        return np.asarray(loud & np.isfinite(self.track.pitch_hz) & ~toned)

    @cached_property
    def read_s(self) -> float:
        """How long a voice is heard that words account for."""
        return float((self.voiced & self.read).sum() * HOP_S)

    @cached_property
    def unread_s(self) -> float:
        """How long a voice is heard that no word accounts for: a decoder may skip all that somebody says."""
        return float((self.voiced & ~self.read).sum() * HOP_S)

    def unread_between_s(self, onset_s: float, offset_s: float) -> float:
        """How long a voice is heard between two times that no word accounts for.

        Parameters
        ----------
        onset_s, offset_s : float
            Seconds from the start of the recording.

        Returns
        -------
        float
            Seconds.
        """
        span = _frames(onset_s, offset_s)
        return float((self.voiced & ~self.read)[span].sum() * HOP_S)

    @cached_property
    def last_voice_s(self) -> float:
        """When the last word, or a voice that no word accounts for, is over."""
        frames = np.flatnonzero(self.voiced)
        return max(self.words[-1].offset_s, float(frames[-1] * HOP_S) if len(frames) else 0.0)

    @cached_property
    def beeps(self) -> bool:
        """Whether there is a beep anywhere."""
        return any(tone.kind == "beep" for tone in self.tones)

    @cached_property
    def beeps_last(self) -> bool:
        """Whether a beep ends behind all words, but for one or two: a recogniser hears them in silence."""
        said_s = self.words[max(-len(self.words), -3)].offset_s
        return any(tone.kind == "beep" and tone.interval.offset_s > said_s for tone in self.tones)

    @cached_property
    def said_after_beep(self) -> int:
        """How many words and digits behind the plainest beep are not plainly a mailbox's."""
        beeps = [tone for tone in self.tones if tone.kind == "beep"]
        best = max(beeps, key=lambda tone: tone.purity * min(0.5, tone.interval.duration_s), default=None)
        if best is None:
            return 0
        pieces = zip(self.pieces_told, pairwise(self.cuts), strict=True)
        return sum(
            max(1, sum(letter.isdigit() for letter in word.text))
            for told, (first, stop) in pieces
            for word in self.words[first:stop]
            if told < TOLD_SOME and word.onset_s >= best.interval.onset_s
        )

    @cached_property
    def rings_first(self) -> bool:
        """Whether it rings before anybody speaks."""
        return any(
            tone.kind == "ringing" and tone.interval.onset_s < self.words[0].onset_s for tone in self.tones
        )

    @cached_property
    def best_gain(self) -> float:
        """What a second voice explains at most from one cut on, or up to it."""
        return max(self.gain(cut, len(self.words)) for cut in self.cuts)

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Where another may speak, if two people talk: the first word of each turn."""
        inner = (
            place
            for place in range(1, len(self.words))
            if self.gap_s(place) >= TURN_GAP_S or self.sentence_ends(place)
        )
        return (0, *inner)[:TURNS_MAX]

    @cached_property
    def sides(self) -> Cells:
        """Which words are the second voice's, if two people talk."""
        return two_voices(self.voices, self.turns)

    @cached_property
    def n_changes(self) -> int:
        """How often the voices change from turn to turn."""
        return sum(a != b for a, b in pairwise(self.sides[list(self.turns)].tolist()))

    @cached_property
    def talk_gain(self) -> float:
        """What a second voice explains that comes and goes."""
        return second_voice_gain(self.voices, self.sides)

    def gain(self, start: int, stop: int) -> float:
        """What a second voice explains if the rep says the words from `start` to `stop`.

        Parameters
        ----------
        start, stop : int
            Indices of words, the last one excluded.

        Returns
        -------
        float
            As `second_voice_gain` has it.
        """
        places = np.arange(len(self.words))
        return second_voice_gain(self.voices, (places < start) | (places >= stop))

    def gap_s(self, cut: int) -> float:
        """Silence at a cut.

        Parameters
        ----------
        cut : int
            Index of the word behind it.

        Returns
        -------
        float
            In seconds; 0 before the first word and behind the last.
        """
        inside = 0 < cut < len(self.words)
        return self.words[cut].onset_s - self.words[cut - 1].offset_s if inside else 0.0

    def sentence_ends(self, cut: int) -> bool:
        """Whether the recogniser has written the end of a sentence before a cut.

        Parameters
        ----------
        cut : int
            Index of the word behind it.

        Returns
        -------
        bool
            By its punctuation.
        """
        return cut > 0 and self.words[cut - 1].text.rstrip()[-1:] in {".", "?", "!"}

    def beep_at(self, cut: int) -> Tone | None:
        """Find the beep that ends at a cut, before the next word is half said.

        Parameters
        ----------
        cut : int
            Index of the word behind it.

        Returns
        -------
        Tone or None
            None where there is no beep.
        """
        n = len(self.words)
        before_s = self.words[cut - 1].onset_s if cut else 0.0
        after_s = (self.words[cut].onset_s + self.words[cut].offset_s) / 2 if cut < n else math.inf
        found = [
            tone
            for tone in self.tones
            if tone.kind == "beep" and before_s < tone.interval.offset_s <= after_s
        ]
        best = max(found, key=lambda tone: tone.purity * min(0.5, tone.interval.duration_s), default=None)
        notes = [tone for tone in found if best is not None and _is_next_note(best, tone)]
        return notes[0] if notes else best

    def early_until(self, cut: int) -> int | None:
        """Find the cut at a beep that comes while the one who begins to speak at `cut` does so already.

        Parameters
        ----------
        cut : int
            Index of the first word of somebody.

        Returns
        -------
        int or None
            Index of the first word behind the beep; None without one.
        """
        if cut in (0, len(self.words)) or self.beep_at(cut) is not None:
            return None
        last_s = self.words[cut].onset_s + EARLY_MAX_S
        for place in self.cuts:
            beep = self.beep_at(place) if cut < place < len(self.words) else None
            if beep is not None and beep.interval.offset_s < last_s:
                return place
        return None

    def count(self, kind: str, first: int, stop: int, *, most: int = 2) -> float:
        """Count the sayings of a kind among some words, `most` at most.

        Parameters
        ----------
        kind : str
            As `sayings` names them.
        first, stop : int
            Indices of words, the last one excluded.
        most : int
            More do not count.

        Returns
        -------
        float
            Number of sayings.
        """
        return float(min(most, sum(first <= begin and end < stop for begin, end in self.said[kind])))


def _is_next_note(one: Tone, other: Tone) -> bool:
    gap_s = other.interval.onset_s - one.interval.offset_s
    return other.interval.offset_s > one.interval.offset_s and gap_s <= NEXT_NOTE_S


def _frames(onset_s: float, offset_s: float) -> slice:
    return slice(max(0, round(onset_s / HOP_S)), max(0, round(offset_s / HOP_S)))
