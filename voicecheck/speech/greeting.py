"""Where the mailbox ends and the rep's message begins, and where it is over: one decision with a probability.

Conventions
-----------
What a call came to is one choice among all that it may be: the rep begins at one of its cuts, nobody left a
message, or two people talk. A conditional logit gives each choice its probability [1]_; the end is decided
in the same way among the cuts behind the start. What is weighed is in `call_features`; the weights are fitted
by ``training.greeting`` on calls made there, and `models/greeting.md` is their card.

References
----------
.. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.tones import Tone
from voicecheck.audio.voice import CHANGE_GAIN, VoiceTrack
from voicecheck.speech.call_features import (
    END_FEATURES,
    MAILBOX,
    START_FEATURES,
    TALK_FEATURES,
    end_features,
    share_of_digits,
    start_features,
    talk_features,
)
from voicecheck.speech.scene import TALK_CHANGES, Scene
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval

Outcome = Literal["message", "no_message", "greeting_only", "person"]

SURE = 0.9
"""A probability below this leaves the part in doubt, and every check that depends on it unsure: of 579 calls,
with weights of others with neither voice and of other texts, 5 are surely wrong at it."""

PLAIN_GAIN = 0.7
"""A second voice that explains so much is a sign by itself; the noise of one recording may explain 0.5."""

UNREAD_MAX_S, UNREAD_SURE = 2.5, 0.5
"""With more of a voice than this that no word accounts for, no decision is surer than the other."""

UNREAD_FIRST_MAX_S = 0.6
"""Nor with so much between the start of the part and its first word, for then that word is not its first: of
296 calls that were decided rightly and surely, three have more."""

UNREAD_SHARE = 0.5
"""Nor is it certain that a recording without any sign of a mailbox is all the rep's where so much of the
voice in it was not read, by what was."""

HUNG_UP_S = 3.0
"""Behind a greeting without a beep, silence as long as this is taken for a message that nobody left; surely
only behind a beep, for a rep may have been passed over."""

NUMBER_SHARE = 0.4
"""Last words of which so many are digits are a number."""

TOLD_PLAINLY, TOLD_AT_ALL = 2.0, 0.5
"""Words that are a mailbox's with such odds (natural logarithm) tell of one, though no saying is known; those
with the second odds leave in doubt whether nobody but a rep speaks."""

SOURCES_MIN = 2
"""So many of tones, voices and words tell of a start that is sure."""

SAID_MIN, REP_MIN, DIGITS_MIN = 3, 2, 7
"""A part of fewer words and digits is not sure to be a message, nor is one with a mailbox's sayings and fewer
of a rep's. Without any other sign of a mailbox, so many of a rep's sayings or digits leave no doubt."""

LEFT_MIN = 5
"""So many words or digits behind a beep that are no mailbox's were left by somebody."""

TALK_MIN = 3
"""Fewer sayings of talk than this are no sign of two people."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rep's part of a recording.

    Parameters
    ----------
    outcome : {"message", "no_message", "greeting_only", "person"}
        What the call came to. All but the first hold no message to judge.
    onset_s, offset_s : float
        From here to there it is the rep's; the whole recording if nothing stands before or behind.
    probability : float
        Of outcome, start and end together, 0 to 1.
    why : str
        What stands before it, such as ``"after greeting and beep"``; empty if nothing does.
    lost_words : str
        What the rep said before the beep, so that the mailbox did not record it.
    """

    outcome: Outcome
    onset_s: float
    offset_s: float
    probability: float
    why: str = ""
    lost_words: str = ""

    @property
    def sure(self) -> bool:
        """Whether checks may rely on it."""
        return self.probability >= SURE

    @property
    def interval(self) -> Interval:
        """From start to end."""
        return Interval(onset_s=self.onset_s, offset_s=self.offset_s)


def find_part(
    words: Sequence[Word],
    tones: Sequence[Tone],
    track: VoiceTrack,
    *,
    duration_s: float,
    weights: Mapping[str, Sequence[float]] | None = None,
    word_weights: Mapping[str, float] | None = None,
) -> Part:
    """Find the rep's part of a recording.

    Parameters
    ----------
    words : sequence of Word
        In time order, shrunk to their sound.
    tones : sequence of Tone
        Of the same recording.
    track : VoiceTrack
        Of the same recording.
    duration_s : float
        Of the recording.
    weights : mapping of sequence of float, or None
        For "start", "talk" and "end", in the order of their features; None takes those that were fitted.
    word_weights : mapping of float, or None
        As `mailbox_odds` has them; None takes those that were fitted.

    Returns
    -------
    Part
        The whole recording, with probability 1, where no words were heard.
    """
    whole = Part(outcome="message", onset_s=0.0, offset_s=duration_s, probability=1.0)
    if not words:
        return whole
    scene = Scene(tuple(words), tuple(tones), track, duration_s, word_weights)
    if not _has_signs(scene):
        is_read = scene.unread_s <= max(UNREAD_MAX_S, UNREAD_SHARE * scene.read_s)
        return whole if is_read and not _may_be_a_mailbox(scene) else replace(whole, probability=UNREAD_SURE)
    weights = weights or _weights()
    # Where the recogniser has passed over somebody, nothing that its words tell is certain.
    most = UNREAD_SURE if scene.unread_s > UNREAD_MAX_S else 1.0
    odds = _shares([*_start_scores(scene, weights), float(np.dot(weights["talk"], talk_features(scene)))])
    if scene.said_after_beep >= LEFT_MIN:
        odds[len(scene.cuts) - 1] = 0.0
    choice, probability = int(odds.argmax()), min(most, float(odds.max()))
    if choice == len(scene.cuts):
        return Part(outcome="person", onset_s=0.0, offset_s=duration_s, probability=probability)
    change = scene.cuts[choice]
    if (probability < SURE or _ends_in_a_number(scene, change)) and _is_mere_suspicion(scene, change):
        return replace(whole, probability=min(probability, UNREAD_SURE))
    if change == len(words):
        outcome = _unspoken(scene)
        is_plain = any(scene.said[kind] for kind in MAILBOX) and scene.told(0, change) >= TOLD_PLAINLY
        is_told = not scene.beeps and outcome == "greeting_only" and is_plain
        if not scene.beeps_last and not is_told:
            probability = min(probability, UNREAD_SURE)
        return Part(outcome=outcome, onset_s=duration_s, offset_s=duration_s, probability=probability)
    start = scene.early_until(change) or change  # the mailbox records from the beep on
    ends = [cut for cut in scene.cuts if cut > start]
    end_odds = _shares([float(np.dot(weights["end"], end_features(scene, start, cut))) for cut in ends])
    end = ends[int(end_odds.argmax())]
    beep = scene.beep_at(start)
    n_sources = _n_sources(scene, change, beep) if start else SOURCES_MIN
    onset_s = _onset_s(words, beep, start)
    if (
        scene.unread_between_s(onset_s, words[start].onset_s) > UNREAD_FIRST_MAX_S
        or n_sources < SOURCES_MIN
        or _is_hardly_a_reps(scene, start, end)
        or (not start and beep is None and scene.rings_first)
    ):
        probability = min(probability, UNREAD_SURE)
    return Part(
        outcome="message",
        onset_s=onset_s,
        offset_s=_offset_s(words, tones, end, duration_s),
        probability=probability * float(end_odds.max()),
        why=_why(words, tones, beep, start),
        lost_words="".join(word.text for word in words[change:start]).strip(),
    )


def _n_sources(scene: Scene, change: int, beep: Tone | None) -> int:
    """How many of tones, voices and words tell that the rep begins at a cut: one of them alone may err."""
    is_other_voice = scene.gain(change, len(scene.words)) >= (CHANGE_GAIN if beep else PLAIN_GAIN)
    return (beep is not None) + is_other_voice + _is_told_before(scene, change)


def _is_told_before(scene: Scene, cut: int) -> bool:
    """Whether words before a cut are plainly a mailbox's."""
    return scene.told(0, cut) >= TOLD_PLAINLY or any(scene.count(kind, 0, cut) for kind in MAILBOX)


def _may_be_a_mailbox(scene: Scene) -> bool:
    """Whether the words are rather a mailbox's, and neither a rep's sayings nor a number is among them."""
    n = len(scene.words)
    n_digits = sum(letter.isdigit() for word in scene.words for letter in word.text)
    n_rep = scene.count("rep", 0, n) + scene.count("introduction", 0, n)
    return n_rep < REP_MIN and n_digits < DIGITS_MIN and scene.told(0, n) >= TOLD_AT_ALL


def _is_hardly_a_reps(scene: Scene, start: int, end: int) -> bool:
    """Whether the words of a part are too few for a message, or a mailbox's as well as a rep's."""
    n_rep, n_mailbox = (
        sum(scene.count(kind, start, end) for kind in kinds) for kinds in (("rep", "introduction"), MAILBOX)
    )
    n_said = sum(max(1, sum(letter.isdigit() for letter in word.text)) for word in scene.words[start:end])
    is_told = bool(start) and scene.told(start, end) > 0
    is_told_last = max(scene.told(cut, end) for cut in scene.cuts if start <= cut < end) >= TOLD_PLAINLY
    return is_told or is_told_last or n_said < SAID_MIN or (n_mailbox > 0 and n_rep < REP_MIN)


def _is_mere_suspicion(scene: Scene, change: int) -> bool:
    """Whether a mailbox is told by what a rep may say too, without a beep, and in one voice or to the end."""
    is_one = scene.best_gain < CHANGE_GAIN or change == len(scene.words)
    return is_one and not scene.beeps and not scene.said["opening"]


def _ends_in_a_number(scene: Scene, change: int) -> bool:
    """Whether all is said to be a mailbox's though its last words are a number, as a rep's are."""
    return change == len(scene.words) and share_of_digits(scene.words[-10:]) >= NUMBER_SHARE


def _has_signs(scene: Scene) -> bool:
    """Whether sayings, tones or a second voice tell of a mailbox, or of talk; else nothing is cut off."""
    greeting = any(scene.said[kind] for kind in MAILBOX)
    tones = any(tone.kind in ("beep", "ringing") for tone in scene.tones)
    return (
        greeting
        or tones
        or len(scene.said["talk"]) >= TALK_MIN
        or scene.best_gain >= PLAIN_GAIN
        or (scene.n_changes >= TALK_CHANGES and scene.talk_gain - scene.best_gain >= CHANGE_GAIN)
    )


def _start_scores(scene: Scene, weights: Mapping[str, Sequence[float]]) -> list[float]:
    return [float(np.dot(weights["start"], start_features(scene, cut))) for cut in scene.cuts]


def _onset_s(words: Sequence[Word], beep: Tone | None, start: int) -> float:
    """The end of the beep, else of the greeting's last word; never behind the rep's first word."""
    if beep is not None:
        return min(beep.interval.offset_s, words[start].onset_s)
    return min(words[start - 1].offset_s, words[start].onset_s) if start else 0.0


def _offset_s(words: Sequence[Word], tones: Sequence[Tone], end: int, duration_s: float) -> float:
    """Where the next tone or word begins behind the rep's last word."""
    last_s = words[end - 1].offset_s
    later = [tone.interval.onset_s for tone in tones if tone.interval.onset_s > words[end - 1].onset_s]
    later += [words[end].onset_s] if end < len(words) else []
    return max(last_s, min(later, default=duration_s))


def _unspoken(scene: Scene) -> Outcome:
    """Tell a message that nobody left from a call that ended with the greeting."""
    if scene.beeps_last:
        return "no_message"
    hung_up_s = [tone.interval.onset_s for tone in scene.tones if tone.kind == "hang_up"]
    until_s = min((each for each in hung_up_s if each > scene.last_voice_s), default=scene.duration_s)
    return "no_message" if until_s - scene.last_voice_s >= HUNG_UP_S else "greeting_only"


def _why(words: Sequence[Word], tones: Sequence[Tone], beep: Tone | None, start: int) -> str:
    before_s = words[start].onset_s
    things = [
        *(
            ["ringing"]
            if start == 0 and any(t.kind == "ringing" and t.interval.offset_s <= before_s for t in tones)
            else []
        ),
        *(["greeting"] if start else []),
        *(["beep"] if beep is not None else []),
    ]
    return f"after {' and '.join(things)}" if things else ""


def _shares(scores: Sequence[float]) -> NDArray[np.float64]:
    odds = np.exp(np.array(scores) - max(scores))
    return np.asarray(odds / odds.sum())


@cache
def _weights() -> dict[str, list[float]]:
    from voicecheck.speech.catalog import resource_path

    kept = json.loads(resource_path("greeting.json").read_text(encoding="utf-8"))
    features = {"start": START_FEATURES, "talk": TALK_FEATURES, "end": END_FEATURES}
    return {model: [float(kept[model][name]) for name in names] for model, names in features.items()}
