"""Where the mailbox ends and the rep's message begins, and where it is over: one decision with a probability.

Conventions
-----------
A recording is a row of words. A *cut* lies before one of them, or behind the last; cut 0 leaves all to the
rep. Cuts are considered where the words part: at a beep, or at a silence of `GAP_MIN_S`. Each has the same
few features (words of a greeting before it and behind it, tones, the gap, how far the voices before and
behind it lie apart), and a conditional logit over all cuts of the recording gives each its probability
[1]_. The end is decided in the same way among the cuts behind the start, and so is whether two people talk
with each other. The weights are fitted by ``training.greeting`` on calls made there; `models/greeting.md`
is their card.

References
----------
.. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.tones import Tone
from voicecheck.audio.voice import Voice, VoiceTrack, describe, difference
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, overlap_s

Outcome = Literal["message", "no_message", "greeting_only", "person"]

GAP_MIN_S = 0.25
"""No mailbox hands over in less silence, unless a beep parts the words."""

REACH_S = 12.0
"""Voices are compared over so much speech on either side of a cut."""

SURE = 0.9
"""A probability below this leaves the part in doubt, and every check that depends on it unsure."""

HUNG_UP_S = 1.5
"""After the beep, or a greeting without one, silence as long as this is a message that nobody left."""

HUM_S = 3.0
"""A longer tone under words is a hum of the line, and they are as clear as words get there."""

TALK_MIN = 3
"""Fewer sayings of talk than this are no sign of two people."""

TURN_GAP_S = 0.25
"""A silence between words that may be a change of speakers."""

LOST_MAX_S, LOST_MARGIN = 4.0, 2.0
"""So long before the beep a rep may have begun, and so much likelier (in logits) the greeting ended there."""

_WORD = re.compile(r"[a-z0-9']+")
_WHAT = r"(?:a |the |your |us |me |him |her |them |detailed |brief |short |voice )*"
_MESSAGE = _WHAT + r"(?:message|name|number|details)"
_PHRASES: dict[str, tuple[str, ...]] = {
    "instruct": (
        rf"(?:leave|leaving|record|speak) {_MESSAGE}",
        r"(?:after|at|following|wait for|until) (?:the |you hear the )?(?:tone|beep|signal|bip)",
        r"message (?:after|at) (?:the )?\w+",  # "tone" and "beep" are misheard on a narrow line
        r"(?:start|begin) (?:speaking|talking|recording)",
        r"you know what to do",
        r"(?:deje|dejen?) (?:un|su|el) mensaje|despues del? (?:tono|la senal)|laissez (?:un|votre) message",
        r"apres le (?:bip|signal|timbre)|lascia(?:te|re|ti)? (?:un |il )?messaggio|dopo il (?:segnale|bip)",
    ),
    "opening": (
        r"(?:you've|you have|you) (?:just )?reached",
        r"(?:you are|you're) (?:through|connected) to",
        r"(?:thank you|thanks) for calling",
        r"you've got (?:the )?voice ?mail",
        r"welcome to",
        r"(?:the |my )(?:voice ?mail|mailbox|voice ?mailbox|office|desk|line) of",
    ),
    "absent": (
        r"(?:not|isn't|aren't|no one is|nobody is) (?:currently |presently )?(?:available|here|home|at home)",
        r"(?:is|am|are|i'm|we're|currently) (?:currently |presently )?unavailable",
        r"(?:can't|cannot|can not|unable to|couldn't) (?:come to|take|answer|get to)",
        r"(?:away from|not at|not in) (?:my|the|our) (?:desk|phone|office)",
        r"(?:on|is on) (?:the other line|another (?:line|call)|the phone)",
        r"out of (?:the |my )?office",
        r"(?:our|the) (?:office|offices|hours) (?:is|are)",
        r"(?:get|call|ring) (?:back to you|you (?:right )?back)|return your call",
        r"(?:get|be) back (?:to|with) you|as soon as (?:i|we|possible)",
        r"sorry (?:i|we) (?:missed|can't|could not|couldn't)(?: take| get)? your call",
    ),
    "menu": (
        r"press(?:ing)? (?:the )?(?:one|two|three|four|five|six|seven|eight|nine|zero|[0-9]|pound|star|hash)",
        r"(?:hang|hung) up",
        r"(?:forwarded|transferred) to",
        r"(?:automat\w+|voice) (?:voice )?(?:messag\w+|mail) (?:system|service)",
        r"(?:when|once) (?:you are |you're |you have |you've )?(?:finished|done)",
        r"(?:for|more|further) (?:more |further )?options",
        r"the (?:person|party|customer|subscriber|number|mailbox)(?: that)? (?:you|at|of|is)",
        r"(?:message|recording) (?:has been |was |is )?(?:sent|saved|deleted|delivered)",
        r"to (?:send|listen to|hear|re ?record|erase|delete|replay|deliver|mark) (?:it|this|your|the|and)",
        r"are you still there|maximum (?:recording|message)|satisfied with|as urgent",
        r"(?:you have|you've) reached the max\w*",
    ),
    "rep": (
        r"(?:calling|call) (?:from|about|on behalf|regarding|because|you|to)",
        r"my (?:direct |cell |phone |office )?(?:number|line) is",
        r"(?:call me|reach me|ring me|give me a (?:call|ring)|call) (?:back )?(?:at|on)",
        r"(?:again|once more|one more time),? (?:that's|my|the|it's)",
        r"following up|follow up|i left you|i saw|i noticed|(?:i|we) (?:help|helped|work|sent|spoke)",
        r"(?:this is|i'm|my name is|it's) \w+ (?:\w+ )?(?:with|from|at|over|calling|here)",
        r"this message is for|message for",
        r"(?:try you|talk to you|talk soon|speak(?:ing)? (?:with|to) you|have a (?:great|good|nice))",
    ),
    "talk": (
        r"(?:how )?(?:can|may) i help|who(?:'s| is) (?:this|calling)|speaking",
        r"(?:uh huh|mm ?hmm|yeah|okay|ok|sure|right|great|perfect|all right)",
        r"(?:is this|did i catch|do you|what is|what's|would you|could you)",
        r"hello",
    ),
}


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


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """All that the decision looks at."""

    words: tuple[Word, ...]
    tones: tuple[Tone, ...]
    track: VoiceTrack
    said: Mapping[str, tuple[tuple[int, int], ...]]


def find_phrases(words: Sequence[Word]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Find the sayings of greetings, of reps and of talk.

    Returns
    -------
    dict of tuple of (first, last)
        By kind; the words of each saying, counted from 0.

    Examples
    --------
    >>> texts = (" After", " the", " tone.")
    >>> said = [Word(text=text, onset_s=0, offset_s=1, probability=1) for text in texts]
    >>> find_phrases(said)["instruct"]
    ((0, 2),)
    """
    text, owner = "", []
    for place, word in enumerate(words):
        plain = " ".join(_WORD.findall(word.text.lower().replace("’", "'")))  # noqa: RUF001
        if plain:
            text += f"{plain} "
            owner += [place] * (len(plain) + 1)
    return {
        kind: tuple((owner[found.start()], owner[found.end() - 1]) for found in _pattern(kind).finditer(text))
        for kind in _PHRASES
    }


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_PHRASES[kind]) + r")\b")


# ---- cuts and their features ----


def breaks_s(tones: Sequence[Tone]) -> list[float]:
    """Where a recogniser must not read on: at the end of each beep, another begins to speak."""
    return [tone.interval.offset_s for tone in tones if tone.kind == "beep"]


def cuts(words: Sequence[Word], tones: Sequence[Tone]) -> list[int]:
    """Find the places where another may begin to speak: 0, behind the last word, at silences and beeps."""
    inner = [
        place
        for place in range(1, len(words))
        if _gap_s(words, place) >= GAP_MIN_S or _beep_at(words, tones, place) is not None
    ]
    return [0, *inner, len(words)] if words else [0]


def _gap_s(words: Sequence[Word], cut: int) -> float:
    return words[cut].onset_s - words[cut - 1].offset_s if 0 < cut < len(words) else 0.0


def _beep_at(words: Sequence[Word], tones: Sequence[Tone], cut: int) -> Tone | None:
    """Find the beep that ends between the middles of the words on either side of a cut."""
    before_s = words[cut - 1].interval.onset_s if cut else 0.0
    after_s = _middle_s(words[cut]) if cut < len(words) else math.inf
    found = [tone for tone in tones if tone.kind == "beep" and before_s < tone.interval.offset_s <= after_s]
    return max(found, key=lambda tone: tone.purity * min(0.5, tone.interval.duration_s), default=None)


def _middle_s(word: Word) -> float:
    return (word.onset_s + word.offset_s) / 2


START_FEATURES = (
    *("cut", "all"),
    *("instruct_before", "opening_before", "absent_before", "menu_before", "rep_before"),
    *("instruct_after", "opening_after", "absent_after", "menu_after", "rep_after"),
    *("says_tone_before", "hello_after"),
    *(
        "beep",
        "beep_long",
        "later_beep",
        "gap",
        "shape",
        "pitch",
        "level",
        "ringing",
        "few_before",
        "few_after",
    ),
)


def start_features(scene: _Scene, cut: int) -> list[float]:
    """Describe one cut as a start of the rep's part; cut 0 has nothing but zeros."""
    words, n = scene.words, len(scene.words)
    if cut == 0:
        return [0.0] * len(START_FEATURES)
    beep = _beep_at(words, scene.tones, cut)
    before, after = _voices(scene, cut)
    shape_db, octaves, level_db = difference(before, after)
    says = scene.said
    last_instruct = max((last for _, last in says["instruct"] if last < cut), default=-99)
    later = any(
        tone.kind == "beep"
        and tone.interval.duration_s > 0.2
        and cut < n
        and tone.interval.onset_s > words[cut].offset_s
        for tone in scene.tones
    )
    opening = " ".join(_WORD.findall("".join(word.text for word in words[cut : cut + 4]).lower()))
    return [
        1.0,
        float(cut == n),
        *(_count(says[kind], 0, cut) for kind in ("instruct", "opening", "absent", "menu", "rep")),
        *(_count(says[kind], cut, n) for kind in ("instruct", "opening", "absent", "menu", "rep")),
        float(cut - 1 - last_instruct <= 3),
        float(bool(re.match(r"(?:hi|hey|hello|good (?:morning|afternoon|evening))\b", opening))),
        beep.purity if beep else 0.0,
        min(1.0, beep.interval.duration_s / 0.3) if beep else 0.0,
        float(later),
        math.log2(1 + min(4.0, max(0.0, _gap_s(words, cut)))),
        min(shape_db, 10.0) / 5,
        min(octaves, 1.0),
        min(level_db, 12.0) / 6,
        float(
            any(tone.kind == "ringing" and tone.interval.onset_s < words[0].onset_s for tone in scene.tones)
        ),
        float(cut <= 2),
        float(n - cut <= 3),
    ]


END_FEATURES = (
    *("cut", "menu_after", "instruct_after", "rep_after", "gap", "tone"),
    *("shape", "pitch", "level", "few", "mailbox"),
)


def end_features(scene: _Scene, start: int, cut: int) -> list[float]:
    """Describe one cut as the end of the rep's part; the one behind all words has nothing but zeros."""
    words, n = scene.words, len(scene.words)
    if cut == n:
        return [0.0] * len(END_FEATURES)
    before, after = _voices(scene, cut, start)
    shape_db, octaves, level_db = difference(before, after)
    between = Interval(
        onset_s=words[cut - 1].onset_s, offset_s=max(words[cut].onset_s, words[cut - 1].onset_s)
    )
    return [
        1.0,
        *(_count(scene.said[kind], cut, n) for kind in ("menu", "instruct", "rep")),
        math.log2(1 + min(4.0, max(0.0, _gap_s(words, cut)))),
        float(any(overlap_s(tone.interval, between) > 0.05 for tone in scene.tones)),
        min(shape_db, 10.0) / 5,
        min(octaves, 1.0),
        min(level_db, 12.0) / 6,
        float(n - cut <= 2),
        (shape_db - difference(_voice(scene, words[:start]), after)[0]) / 5 if start else 0.0,
    ]


TALK_FEATURES = ("one", "apart", "turns", "balance", "talk", "hello_first", "greeting", "beep")


def talk_features(scene: _Scene) -> list[float]:
    """Describe how far a recording is two people who take turns."""
    words = scene.words
    turns = _turns(words)
    voices = [describe(scene.track, [Interval(onset_s=a.onset_s, offset_s=b.offset_s)]) for a, b in turns]
    known = [voice for voice in voices if voice is not None]
    apart, n_changes, balance = _two_sides(known)
    says = scene.said
    return [
        1.0,
        apart / 5,
        min(n_changes, 8) / 4,
        balance,
        min(_count(says["talk"], 0, len(words), most=6), 6.0) / 3,
        float(any(first == 0 for first, _ in says["talk"]) and len(turns) > 1 and turns[0][1] in words[:8]),
        float(bool(says["instruct"])),
        float(any(tone.kind == "beep" and tone.interval.duration_s > 0.2 for tone in scene.tones)),
    ]


def _turns(words: Sequence[Word]) -> list[tuple[Word, Word]]:
    """Part the words at silences: the first and the last word of each stretch."""
    turns: list[tuple[Word, Word]] = []
    for word in words:
        if turns and word.onset_s - turns[-1][1].offset_s < TURN_GAP_S:
            turns[-1] = turns[-1][0], word
        else:
            turns.append((word, word))
    return turns


def _two_sides(voices: Sequence[Voice]) -> tuple[float, int, float]:
    """Part voices into two groups: how far apart they are, how often they change, the smaller one's share."""
    if len(voices) < 4:
        return 0.0, 0, 0.0
    pitch = np.array([voice.pitch_hz for voice in voices])
    pitch = np.where(np.isfinite(pitch), pitch, np.nanmedian(pitch) if np.isfinite(pitch).any() else 120.0)
    rows = np.column_stack(
        [[voice.shape_db / math.sqrt(20) for voice in voices], 6 * np.log2(pitch)[:, None]]
    )
    far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    one, other = np.unravel_index(int(far.argmax()), far.shape)
    centres = rows[[one, other]]
    for _ in range(8):
        side = np.linalg.norm(rows[:, None] - centres[None], axis=2).argmin(axis=1)
        if len(set(side.tolist())) < 2:
            return 0.0, 0, 0.0
        centres = np.stack([rows[side == place].mean(axis=0) for place in (0, 1)])
    within = np.linalg.norm(rows - centres[side], axis=1).mean()
    apart = float(np.linalg.norm(centres[0] - centres[1]) - 2 * within)
    n_changes = int((side[1:] != side[:-1]).sum())
    return apart, n_changes, float(min(side.mean(), 1 - side.mean()))


def _count(said: Sequence[tuple[int, int]], first: int, stop: int, *, most: int = 2) -> float:
    """Count sayings among some words, `most` at most."""
    return float(min(most, sum(first <= begin and end < stop for begin, end in said)))


def _voices(scene: _Scene, cut: int, first: int = 0) -> tuple[Voice | None, Voice | None]:
    """Describe the voices on both sides of a cut."""
    before, after = scene.words[first:cut], scene.words[cut:]
    near_before = [word for word in before if word.onset_s > before[-1].offset_s - REACH_S]
    near_after = [word for word in after if word.offset_s < after[0].onset_s + REACH_S]
    return _voice(scene, near_before), _voice(scene, near_after)


def _voice(scene: _Scene, words: Sequence[Word]) -> Voice | None:
    """Describe the voice that says some words, those under a tone left out."""
    short = [tone.interval for tone in scene.tones if tone.interval.duration_s <= HUM_S]
    clear = [
        word.interval for word in words if not any(overlap_s(tone, word.interval) > 0.05 for tone in short)
    ]
    return describe(scene.track, clear)


# ---- the decision ----


def find_part(
    words: Sequence[Word],
    tones: Sequence[Tone],
    track: VoiceTrack,
    *,
    duration_s: float,
    weights: Mapping[str, Sequence[float]] | None = None,
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
        For "start", "end" and "talk", in the order of their features; None takes those that were fitted.

    Returns
    -------
    Part
        The whole recording, with probability 1, where no words were heard.
    """
    whole = Part(outcome="message", onset_s=0.0, offset_s=duration_s, probability=1.0)
    if not words:
        return whole
    scene = _Scene(words=tuple(words), tones=tuple(tones), track=track, said=find_phrases(words))
    if not _has_signs(scene):
        return whole
    weights = weights or _weights()
    p_talk = 0.0
    if len(scene.said["talk"]) >= TALK_MIN:
        p_talk = _logistic(float(np.dot(weights["talk"], talk_features(scene))))
    starts = cuts(words, tones)
    p_start = _shares([float(np.dot(weights["start"], start_features(scene, cut))) for cut in starts])
    start, probability = starts[int(np.argmax(p_start))], float(p_start.max())
    if p_talk >= SURE:
        return Part(outcome="person", onset_s=0.0, offset_s=duration_s, probability=p_talk)
    if start == len(words):
        return Part(
            outcome=_unspoken(words, tones, duration_s),
            onset_s=duration_s,
            offset_s=duration_s,
            probability=probability,
        )
    ends = [cut for cut in starts if cut > start]
    p_end = _shares([float(np.dot(weights["end"], end_features(scene, start, cut))) for cut in ends])
    end = ends[int(np.argmax(p_end))]
    probability *= float(p_end.max())
    beep = _beep_at(words, tones, start)
    return Part(
        outcome="message",
        onset_s=_onset_s(words, beep, start),
        offset_s=_offset_s(words, tones, end, duration_s),
        probability=probability,
        why=_why(words, tones, beep, start),
        lost_words=_lost_words(scene, weights["start"], starts, start) if beep and start else "",
    )


def _has_signs(scene: _Scene) -> bool:
    """Whether there is any saying or tone of a mailbox, or of talk; else nothing can be cut off."""
    greeting = any(scene.said[kind] for kind in ("instruct", "opening", "absent", "menu"))
    tones = any(tone.kind in ("beep", "ringing") for tone in scene.tones)
    return greeting or tones or len(scene.said["talk"]) >= TALK_MIN


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


def _unspoken(words: Sequence[Word], tones: Sequence[Tone], duration_s: float) -> Outcome:
    """Tell a message that nobody left from a call that ended with the greeting."""
    said_s = words[-1].offset_s
    beeps = [
        tone.interval.offset_s for tone in tones if tone.kind == "beep" and tone.interval.offset_s > said_s
    ]
    if beeps:
        return "no_message"
    return "no_message" if duration_s - said_s >= 2 * HUNG_UP_S else "greeting_only"


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


def _lost_words(scene: _Scene, weights: Sequence[float], starts: Sequence[int], start: int) -> str:
    """Find the words before the beep that are the rep's: the greeting ended before they did."""
    names = ("beep", "beep_long", "later_beep", "few_before", "few_after")
    blind = [0.0 if name in names else weight for name, weight in zip(START_FEATURES, weights, strict=True)]
    beep_s = scene.words[start].onset_s
    near = [cut for cut in starts if 0 < cut <= start and beep_s - scene.words[cut].onset_s < LOST_MAX_S]
    scores = {cut: float(np.dot(blind, start_features(scene, cut))) for cut in near}
    best = max(scores, key=lambda cut: scores[cut])
    if scores[best] <= scores[start] + LOST_MARGIN:
        return ""
    return "".join(word.text for word in scene.words[best:start]).strip()


def _shares(scores: Sequence[float]) -> NDArray[np.float64]:
    odds = np.exp(np.array(scores) - max(scores))
    return np.asarray(odds / odds.sum())


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@cache
def _weights() -> dict[str, list[float]]:
    from voicecheck.speech.catalog import resource_path

    kept = json.loads(resource_path("greeting.json").read_text(encoding="utf-8"))
    features = {"start": START_FEATURES, "end": END_FEATURES, "talk": TALK_FEATURES}
    return {model: [float(kept[model][name]) for name in names] for model, names in features.items()}
