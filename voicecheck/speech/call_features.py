"""What may tell where a mailbox ends, where a rep does, and whether two people talk: features of a call.

Conventions
-----------
A recording is a row of words. A *cut* lies before one of them, or behind the last; cut 0 leaves all to the
rep. Cuts are considered where the words part: at a beep, a silence of `GAP_MIN_S`, the end of a sentence.
Every choice has the same few features, and the one that leaves everything to the rep has nothing but zeros.
Voices are compared by `second_voice_gain`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.tones import Tone
from voicecheck.audio.voice import HOP_S, VoiceSums, VoiceTrack, second_voice_gain, two_voices, voice_sums
from voicecheck.english import OH_WORDS, UNITS
from voicecheck.speech.sayings import find_sayings, plain_text
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, overlap_s

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

GAIN_MAX = 0.6
"""Voices are as different as can be here; lines differ more than voices do."""

EARLY_MAX_S = 4.0
"""So long before the beep a rep may begin."""

FRAMES_A_NAT, WORSE_MAX = 60.0, -3.0
"""Frames are no independent draws: so many tell as much as one would. A cut where the voices part worse than
elsewhere by more than the other is out of the question anyway."""

SILENT_S = 2.0
"""So long a silence after a beep tells that nobody speaks; more tells no more."""

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
    """

    words: tuple[Word, ...]
    tones: tuple[Tone, ...]
    track: VoiceTrack
    duration_s: float

    @cached_property
    def said(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """The sayings in it."""
        return find_sayings(self.words)

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
        """Whether a beep ends behind all words."""
        said_s = self.words[-1].offset_s
        return any(tone.kind == "beep" and tone.interval.offset_s > said_s for tone in self.tones)

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


MAILBOX = ("instruct", "opening", "absent", "menu")

START_FEATURES = (
    *("cut", "gap", "sentence", "worse_voice", "apart"),
    *("instruct_before", "opening_before", "absent_before", "menu_before", "rep_before", "intro_before"),
    *("instruct_after", "opening_after", "absent_after", "menu_after", "rep_after", "intro_after"),
    *("says_tone_before", "digits_after", "mailbox_said", "mailbox_next"),
    *("beep", "beep_long", "beep_soon", "later_beep", "ringing", "few_before", "few_after"),
    *("none", "none_said", "none_gap", "none_gain", "none_beep"),
)
"""The last five are of the cut behind all words: nobody left a message."""


def start_features(scene: Scene, cut: int) -> list[float]:
    """Describe one cut as a start of the rep's part.

    Parameters
    ----------
    scene : Scene
        The recording.
    cut : int
        Index of the word behind it; the number of words if nobody speaks any more.

    Returns
    -------
    list of float
        In the order of `START_FEATURES`.
    """
    n = len(scene.words)
    if cut == 0:
        return [0.0] * len(START_FEATURES)
    is_none = cut == n
    beep = scene.beep_at(cut)
    gain = scene.gain(cut, n)
    mailbox = sum(scene.count(kind, 0, n) for kind in MAILBOX)
    last_instruct = max((last for _, last in scene.said["instruct"] if last < cut), default=-99)
    return [
        1.0,
        math.log2(1 + min(4.0, max(0.0, scene.gap_s(cut)))),
        float(scene.sentence_ends(cut)),
        max(WORSE_MAX, (gain - scene.best_gain) * float(scene.voices.n_frames.sum()) / FRAMES_A_NAT),
        min(GAIN_MAX, gain) / GAIN_MAX,
        *(scene.count(kind, 0, cut) for kind in (*MAILBOX, "rep", "introduction")),
        *(scene.count(kind, cut, n) for kind in (*MAILBOX, "rep")),
        scene.count("introduction", cut, min(n, cut + 9)),
        float(cut - 1 - last_instruct <= 3),
        _share_of_digits(scene.words[cut : cut + 10]),
        min(4.0, mailbox),
        sum(scene.count(kind, cut, cut + 12) for kind in MAILBOX),
        beep.purity if beep else 0.0,
        min(1.0, beep.interval.duration_s / 0.3) if beep else 0.0,
        float(scene.early_until(cut) is not None),
        float(_beeps_after(scene, scene.early_until(cut) or cut)),
        float(_rings_first(scene)),
        float(cut <= 2),
        float(n - cut <= 3),
        float(is_none),
        float(is_none) * min(mailbox, 4.0),
        float(is_none) * math.log2(1 + min(8.0, max(0.0, scene.duration_s - scene.words[-1].offset_s))),
        float(is_none) * min(GAIN_MAX, scene.best_gain),
        float(is_none) * min(SILENT_S, _silent_after_s(scene, beep)) / SILENT_S,
    ]


def _silent_after_s(scene: Scene, beep: Tone | None) -> float:
    """How long nothing of the line follows a beep; 0 without one."""
    if beep is None:
        return 0.0
    at_s = beep.interval.offset_s
    later = [tone.interval.onset_s for tone in scene.tones if tone.interval.onset_s >= at_s + NEXT_NOTE_S]
    return min(later, default=scene.duration_s) - at_s


def _share_of_digits(words: Sequence[Word]) -> float:
    said = plain_text(words).split()
    return sum(word.isdigit() or word in UNITS or word in OH_WORDS for word in said) / max(1, len(said))


def _beeps_after(scene: Scene, cut: int) -> bool:
    return cut < len(scene.words) and any(
        tone.kind == "beep" and tone.interval.onset_s > scene.words[cut].offset_s for tone in scene.tones
    )


def _rings_first(scene: Scene) -> bool:
    first_s = scene.words[0].onset_s
    return any(tone.kind == "ringing" and tone.interval.onset_s < first_s for tone in scene.tones)


TALK_FEATURES = ("talk", "alternates", "changes", "apart", "sayings", "hello", "questions", "mailbox", "beep")


def talk_features(scene: Scene) -> list[float]:
    """Describe how far a recording is two people who take turns.

    Parameters
    ----------
    scene : Scene
        The recording.

    Returns
    -------
    list of float
        In the order of `TALK_FEATURES`.
    """
    gain, n_changes = scene.talk_gain, scene.n_changes
    words = scene.words[: 4 * TURNS_MAX]
    return [
        1.0,
        min(1.0, max(0.0, gain - scene.best_gain) / GAIN_MAX) if n_changes >= TALK_CHANGES else 0.0,
        min(n_changes, 8) / 4,
        min(GAIN_MAX, gain) / GAIN_MAX,
        min(6.0, scene.count("talk", 0, len(words), most=6)) / 3,
        float(any(first <= 1 for first, _ in scene.said["talk"])),
        min(4, sum(word.text.rstrip().endswith("?") for word in words)) / 2,
        min(3.0, sum(scene.count(kind, 0, len(words)) for kind in MAILBOX)),
        float(any(tone.kind == "beep" for tone in scene.tones)),
    ]


END_FEATURES = (
    *("cut", "gap", "sentence", "voice", "few"),
    *("menu_inside", "menu_after", "instruct_after", "rep_after", "intro_after", "tone"),
)


def end_features(scene: Scene, start: int, cut: int) -> list[float]:
    """Describe one cut as the end of the rep's part that begins at `start`.

    Parameters
    ----------
    scene : Scene
        The recording.
    start : int
        Index of the rep's first word.
    cut : int
        Index of the word behind the end.

    Returns
    -------
    list of float
        In the order of `END_FEATURES`.
    """
    n = len(scene.words)
    if cut == n:
        return [0.0] * len(END_FEATURES)
    more = scene.gain(start, cut) - scene.gain(start, n)
    frames = scene.voices.n_frames
    return [
        1.0,
        math.log2(1 + min(4.0, max(0.0, scene.gap_s(cut)))),
        float(scene.sentence_ends(cut)),
        float(np.clip(more * frames.sum() / (frames[cut:].sum() + 50.0), -1.0, 1.0)),
        float(n - cut <= 2),
        scene.count("menu", start, cut),
        *(scene.count(kind, cut, n) for kind in ("menu", "instruct", "rep", "introduction")),
        _share_under_tones(scene, cut),
    ]


def _share_under_tones(scene: Scene, cut: int) -> float:
    """How many of the words from a cut on are heard in a tone."""
    words = scene.words[cut:]
    under = [any(overlap_s(tone.interval, _span(word)) > 0 for tone in scene.tones) for word in words]
    return sum(under) / len(words)


def _span(word: Word) -> Interval:
    return Interval(onset_s=word.onset_s, offset_s=max(word.offset_s, word.onset_s + 0.1))
