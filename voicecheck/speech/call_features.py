"""What may tell where a mailbox ends, where a rep does, and whether two people talk: features of a call.

Conventions
-----------
Every choice has the same few features, and the one that leaves everything to the rep has hardly any but
zeros. What a call holds is its `Scene`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from voicecheck.audio.tones import Tone
from voicecheck.english import OH_WORDS, UNITS
from voicecheck.speech.sayings import plain_text
from voicecheck.speech.scene import NEXT_NOTE_S, TALK_CHANGES, TOLD_MAX, TURNS_MAX, Scene
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, overlap_s

GAIN_MAX = 0.6
"""Voices are as different as can be here; lines differ more than voices do."""

FRAMES_A_NAT, WORSE_MAX = 60.0, -3.0
"""Frames are no independent draws: so many tell as much as one would. A cut where the voices part worse than
elsewhere by more than the other is out of the question anyway."""

TOLD_SUM, TOLD_WORSE = 2.0, -2.0
"""Words of a whole part tell no more than the first, in units of `TOLD_MAX`; a cut at which they are parted
worse than elsewhere by the other is out of the question."""

SILENT_S = 2.0
"""So long a silence after a beep tells that nobody speaks; more tells no more."""

MAILBOX = ("instruct", "opening", "absent", "menu")

START_FEATURES = (
    *("cut", "gap", "sentence", "worse_voice", "apart"),
    *("instruct_before", "opening_before", "absent_before", "menu_before", "rep_before", "intro_before"),
    *("instruct_after", "opening_after", "absent_after", "menu_after", "rep_after", "intro_after"),
    *("says_tone_before", "digits_after", "mailbox_said", "mailbox_next"),
    *("beep", "beep_long", "beep_soon", "later_beep", "ringing", "few_before", "few_after"),
    *("told_before", "told_after", "told_worse", "told_last", "told_next", "first_beep"),
    *("none", "none_said", "none_gap", "none_gain", "none_beep"),
)
"""The last five are of the cut behind all words, nobody left a message; `first_beep` is the first cut's."""


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
    beep = scene.beep_at(cut)
    if cut == 0:
        return [beep.purity if beep and name == "first_beep" else 0.0 for name in START_FEATURES]
    is_none = cut == n
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
        share_of_digits(scene.words[cut : cut + 10]),
        min(4.0, mailbox),
        sum(scene.count(kind, cut, cut + 12) for kind in MAILBOX),
        beep.purity if beep else 0.0,
        min(1.0, beep.interval.duration_s / 0.3) if beep else 0.0,
        float(scene.early_until(cut) is not None),
        float(_beeps_after(scene, scene.early_until(cut) or cut)),
        float(scene.rings_first),
        float(cut <= 2),
        float(n - cut <= 3),
        *_told(scene, 0, cut),
        0.0,
        float(is_none),
        float(is_none) * min(mailbox, 4.0),
        float(is_none) * math.log2(1 + min(8.0, max(0.0, scene.duration_s - scene.words[-1].offset_s))),
        float(is_none) * min(GAIN_MAX, scene.best_gain),
        float(is_none) * min(SILENT_S, _silent_after_s(scene, beep)) / SILENT_S,
    ]


def _told(scene: Scene, first: int, cut: int) -> list[float]:
    """How well the words part at a cut: before and behind it, beside the best cut, and next to it."""
    cuts, pieces, place = scene.cuts, scene.pieces_told, scene.cuts.index(cut)
    begin = cuts.index(first)
    before, after = sum(pieces[begin:place]), sum(pieces[place:])
    parted = np.cumsum([0.0, *pieces[begin:]])
    best = float((2 * parted - parted[-1]).max())
    return [
        max(-TOLD_SUM, min(TOLD_SUM, before / TOLD_MAX)),
        max(-TOLD_SUM, min(TOLD_SUM, after / TOLD_MAX)),
        max(TOLD_WORSE, (before - after - best) / TOLD_MAX),
        pieces[place - 1] / TOLD_MAX if place else 0.0,
        pieces[place] / TOLD_MAX if place < len(pieces) else 0.0,
    ]


def _silent_after_s(scene: Scene, beep: Tone | None) -> float:
    """How long nothing of the line follows a beep; 0 without one."""
    if beep is None:
        return 0.0
    at_s = beep.interval.offset_s
    later = [tone.interval.onset_s for tone in scene.tones if tone.interval.onset_s >= at_s + NEXT_NOTE_S]
    return min(later, default=scene.duration_s) - at_s


def share_of_digits(words: Sequence[Word]) -> float:
    """Tell how many of some words are digits.

    Parameters
    ----------
    words : sequence of Word
        In time order.

    Returns
    -------
    float
        0 to 1; 0 of no words.
    """
    said = plain_text(words).split()
    return sum(word.isdigit() or word in UNITS or word in OH_WORDS for word in said) / max(1, len(said))


def _beeps_after(scene: Scene, cut: int) -> bool:
    return cut < len(scene.words) and any(
        tone.kind == "beep" and tone.interval.onset_s > scene.words[cut].offset_s for tone in scene.tones
    )


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
    *("told_inside", "told_after", "told_worse", "told_last", "told_next"),
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
        *_told_end(scene, start, cut),
    ]


def _told_end(scene: Scene, start: int, cut: int) -> list[float]:
    """The same of an end, before which the words should be a rep's and behind it a mailbox's."""
    inside, after, _, last, following = _told(scene, start, cut)
    pieces = scene.pieces_told[scene.cuts.index(start) :]
    parted = np.cumsum([0.0, *pieces])
    worst = float((2 * parted - parted[-1]).min())
    here = 2 * float(parted[scene.cuts.index(cut) - scene.cuts.index(start)]) - float(parted[-1])
    return [inside, after, max(TOLD_WORSE, (worst - here) / TOLD_MAX), last, following]


def _share_under_tones(scene: Scene, cut: int) -> float:
    """How many of the words from a cut on are heard in a tone."""
    words = scene.words[cut:]
    under = [any(overlap_s(tone.interval, _span(word)) > 0 for tone in scene.tones) for word in words]
    return sum(under) / len(words)


def _span(word: Word) -> Interval:
    return Interval(onset_s=word.onset_s, offset_s=max(word.offset_s, word.onset_s + 0.1))
