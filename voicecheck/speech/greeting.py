"""Where the mailbox ends and the rep's message begins, and where it is over: one decision with a probability.

Conventions
-----------
What a call came to is one choice among all that it may be: the rep begins at one of its cuts, nobody left a
message, or two people talk. A conditional logit gives each choice its share [1]_; the end is decided in the
same way among the cuts behind the start. What is weighed is in `call_features`, how far the outcome can be
relied on in `trust`; the weights are fitted by ``training.greeting`` on calls made there, and
`models/greeting.md` is their card.

References
----------
.. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    start_features,
    talk_features,
)
from voicecheck.speech.scene import TALK_CHANGES, Scene
from voicecheck.speech.transcript import Word
from voicecheck.speech.trust import TRUST_FEATURES, Choice, trust, trust_features
from voicecheck.timing import Interval

Outcome = Literal["message", "no_message", "greeting_only", "person"]

SURE = 0.95
"""A probability below this leaves the part in doubt, and every check that depends on it unsure."""

PLAIN_GAIN = 0.7
"""A second voice that explains so much is a sign by itself; the noise of one recording may explain 0.5."""

GUESS_SURE = 0.5
"""No decision is surer that rests on what the recogniser guessed, or passed over."""

UNREAD_MAX_S, UNREAD_FIRST_MAX_S = 2.5, 0.6
"""With more of a voice than the first that no word accounts for, or than the second between the start of the
part and its first word, the recogniser has passed over somebody."""

UNREAD_SHARE = 0.5
"""A recording without any sign of a mailbox may have that much more, as a share of what was read."""

ENGLISH_MIN = 0.5
"""A call without a beep that is rather in another language is not surely one without a message."""

SAID_MIN = 3
"""A part of fewer words and digits may be none: recognisers hear "Thank you" in silence."""

HUNG_UP_S = 3.0
"""Behind a greeting without a beep, silence as long as this is taken for a message that nobody left; not
surely, for a rep may have been passed over."""

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
    english: float = 1.0,
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
    english : float
        Probability that English is spoken, 0 to 1.

    Returns
    -------
    Part
        The whole recording, with probability 1, where no words were heard.
    """
    if not words:
        return Part(outcome="message", onset_s=0.0, offset_s=duration_s, probability=1.0)
    scene = Scene(tuple(words), tuple(tones), track, duration_s)
    weights = fitted_weights()
    return judged(scene, choose(scene, weights), weights["trust"], english)


def choose(scene: Scene, weights: Mapping[str, Sequence[float]]) -> Choice:
    """Choose the likeliest of all that a call may have come to, and the likeliest end of the message.

    Parameters
    ----------
    scene : Scene
        The recording, with words.
    weights : mapping of sequence of float
        For "start", "talk" and "end", in the order of their features.

    Returns
    -------
    Choice
        Nothing is cut off where there is no sign of a mailbox.
    """
    n = len(scene.words)
    scores = [float(np.dot(weights["start"], start_features(scene, cut))) for cut in scene.cuts]
    odds = _shares([*scores, float(np.dot(weights["talk"], talk_features(scene)))])
    if not _has_signs(scene):
        return Choice(change=0, start=0, end=n, odds=float(odds[0]))
    if scene.said_after_beep >= LEFT_MIN:
        odds[len(scene.cuts) - 1] = 0.0
    odds /= odds.sum()
    talk = float(odds[-1])
    shares: dict[int, float] = {}
    starts = [scene.early_until(cut) or cut for cut in scene.cuts]  # the mailbox records from the beep on
    for start, share in zip(starts, odds, strict=False):
        shares[start] = shares.get(start, 0.0) + float(share)
    start = max(shares, key=lambda each: shares[each])
    if talk > shares[start]:
        return Choice(change=0, start=0, end=n, is_talk=True, odds=talk)
    if start == n:
        return Choice(change=n, start=n, end=n, odds=shares[n])
    _, change = max(
        (share, cut) for share, cut, its in zip(odds, scene.cuts, starts, strict=False) if its == start
    )
    ends = [cut for cut in scene.cuts if cut > start]
    end_odds = _shares([float(np.dot(weights["end"], end_features(scene, start, cut))) for cut in ends])
    return Choice(
        change=change,
        start=start,
        end=ends[int(end_odds.argmax())],
        odds=shares[start],
        end_odds=float(end_odds.max()),
    )


def judged(scene: Scene, choice: Choice, weights: Sequence[float], english: float) -> Part:
    """Say how far a choice can be relied on, and what part of the recording it means.

    Parameters
    ----------
    scene : Scene
        The recording.
    choice : Choice
        What was chosen.
    weights : sequence of float
        In the order of `TRUST_FEATURES`.
    english : float
        As of `find_part`.

    Returns
    -------
    Part
        The whole recording where a mailbox is not surely told by what a rep may say too.
    """
    n = len(scene.words)
    probability = trust(weights, trust_features(scene, choice, english))
    if probability < SURE and _is_mere_suspicion(scene, choice):
        choice, probability = Choice(change=0, start=0, end=n), min(probability, GUESS_SURE)
    if _is_guessed(scene, choice, english) or _passes_over_somebody(scene, choice):
        probability = min(probability, GUESS_SURE)
    return _part(scene, choice, probability)


def _part(scene: Scene, choice: Choice, probability: float) -> Part:
    words, tones, duration_s = scene.words, scene.tones, scene.duration_s
    if choice.is_talk:
        return Part(outcome="person", onset_s=0.0, offset_s=duration_s, probability=probability)
    start = choice.start
    if start == len(words):
        outcome = _unspoken(scene)
        return Part(outcome=outcome, onset_s=duration_s, offset_s=duration_s, probability=probability)
    beep = scene.beep_at(start)
    return Part(
        outcome="message",
        onset_s=_onset_s(words, beep, start),
        offset_s=_offset_s(words, tones, choice.end, duration_s) if _has_signs(scene) else duration_s,
        probability=probability,
        why=_why(words, tones, beep, start),
        lost_words="".join(word.text for word in words[choice.change : start]).strip(),
    )


def _is_mere_suspicion(scene: Scene, choice: Choice) -> bool:
    """Whether a mailbox is told by what a rep may say too, without a beep, and in one voice or to the end."""
    n = len(scene.words)
    is_cut = choice.start > 0 or choice.end < n
    is_one = choice.start == n or scene.gain(choice.start, n) < CHANGE_GAIN
    return is_cut and is_one and not scene.beeps and not scene.said["opening"]


def _is_guessed(scene: Scene, choice: Choice, english: float) -> bool:
    """Whether what the recogniser wrote, or did not, is hardly evidence."""
    if choice.start == len(scene.words):
        return not scene.beeps_last and (english < ENGLISH_MIN or _unspoken(scene) == "no_message")
    said = scene.words[choice.start : choice.end]
    return sum(max(1, sum(letter.isdigit() for letter in word.text)) for word in said) < SAID_MIN


def _passes_over_somebody(scene: Scene, choice: Choice) -> bool:
    """Whether a voice is heard that no word accounts for: all of the rep, or the first words."""
    has_signs = _has_signs(scene)
    if scene.unread_s > (UNREAD_MAX_S if has_signs else max(UNREAD_MAX_S, UNREAD_SHARE * scene.read_s)):
        return True
    if not has_signs or choice.is_talk or choice.start == len(scene.words):
        return False
    onset_s = _onset_s(scene.words, scene.beep_at(choice.start), choice.start)
    return scene.unread_between_s(onset_s, scene.words[choice.start].onset_s) > UNREAD_FIRST_MAX_S


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
def fitted_weights() -> dict[str, list[float]]:
    """Read the weights that were fitted, once.

    Returns
    -------
    dict of list of float
        For "start", "talk", "end" and "trust", in the order of their features.
    """
    from voicecheck.speech.catalog import resource_path

    kept = json.loads(resource_path("greeting.json").read_text(encoding="utf-8"))
    features = {
        "start": START_FEATURES,
        "talk": TALK_FEATURES,
        "end": END_FEATURES,
        "trust": TRUST_FEATURES,
    }
    return {model: [float(kept[model][name]) for name in names] for model, names in features.items()}
