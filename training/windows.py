"""Training windows of up to 30 s: joined digits, numbers that voices read, talk, noise, other people.

Conventions
-----------
An *event* is ``(word, onset_s, offset_s)``: one spoken digit word, as a place in `texts.WORDS`. Everything
that is no event is other, and so is every digit that somebody behind the main voice says. Joining knows the
events; numbers that a voice read as a whole get them by forced alignment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from training import augment, noises, recorded, rooms
from training.recorded import Clips
from training.rooms import Room
from training.texts import WORDS

RATE_HZ = 16_000
FRAME_S = 0.02
N_WORDS = len(WORDS)
FADING = 0.35
"""Share of the numbers that fade towards their end, as people's voices do."""
Samples = NDArray[np.float32]
Event = tuple[int, float, float]


@dataclass
class Window:
    """Samples, and the digits that its main voice says in them."""

    samples: Samples
    events: list[Event]


@dataclass
class Script:
    """What one voice read: samples and its digit words in order; events once they are aligned."""

    voice: str
    samples: Samples
    words: list[int]
    events: list[Event] | None = None


@dataclass
class Material:
    """All that windows are made of; `numbers` that are not aligned teach nothing, but may be overheard."""

    clips: dict[str, Clips]
    human: list[str]
    talk: list[Script]
    numbers: list[Script]
    rooms: list[Room]
    read_by: dict[str, list[Script]]

    @property
    def synthetic(self) -> list[str]:
        """Voices that said each digit word alone, but are no people."""
        return [voice for voice in self.clips if voice not in self.human]


def load_material(data: Path, corpus: Path, *, n_rooms: int = 80) -> Material:
    """Read what the voices said and the real recordings, without the speakers who are kept aside."""
    said = recorded.recordings(data)
    aside = recorded.kept_aside(one.speaker for one in said)
    said = [one for one in said if one.speaker not in aside]
    clips = recorded.isolated(said)
    human = sorted(clips)
    talk: list[Script] = []
    numbers = [
        Script(one.speaker, one.samples, spoken_words(one.words, one.digits))
        for one in recorded.connected(said)
    ]
    for folder in sorted(path.parent for path in corpus.glob("*/scripts.jsonl")):
        words: Clips = {}
        for path in sorted(folder.glob("word_*.flac")):
            word = WORDS.index(path.stem.split("_")[1])
            words.setdefault(word, []).append(soundfile.read(path, dtype="float32")[0] * np.float32(0.8))
        if len(words) >= 10:
            clips[folder.name] = words
        for line in (folder / "scripts.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if not entry["digits"] and holds_digit_word(entry["text"]):
                continue
            samples = soundfile.read(folder / entry["file"], dtype="float32")[0] * np.float32(0.8)
            script = Script(folder.name, samples, spoken_words(entry["text"], entry["digits"]))
            (numbers if entry["digits"] else talk).append(script)
    read_by: dict[str, list[Script]] = {}
    for script in [*talk, *numbers]:
        read_by.setdefault(script.voice, []).append(script)
    return Material(clips, human, talk, numbers, rooms.rooms(n_rooms, seed=1), read_by)


def holds_digit_word(text: str) -> bool:
    """Whether talk says a digit after all ("five-star"): it is not "other" then."""
    said = re.findall(r"[a-z]+", text.lower())
    return any(word in said for word in WORDS[:10])


def spoken_words(text: str, digits: str) -> list[int]:
    """Which words say the digits: a 0 is "zero" or "oh", as in the text."""
    zeros = [
        token
        for token in text.lower().replace(",", " ").replace(".", " ").replace(";", " ").split()
        if token in ("zero", "oh")
    ]
    words = []
    for digit in digits:
        words.append(WORDS.index(zeros.pop(0)) if digit == "0" else int(digit))
    return words


def joined(
    clips: dict[int, list[Samples]],
    rng: np.random.Generator,
    *,
    words: list[int] | None = None,
    tempo: str | None = None,
    plain: bool = False,
) -> tuple[Samples, list[Event]]:
    """One speaker's isolated digits put together; `plain` leaves the clips themselves as they are."""
    known = sorted(clips)
    if words is None:
        words = [int(rng.choice(known))]
        for _ in range(rng.integers(2, 11)):
            words.append(words[-1] if rng.random() < 0.25 else int(rng.choice(known)))
    tempo = tempo or str(rng.choice(["slow", "normal", "fast", "hasty"], p=[0.2, 0.3, 0.3, 0.2]))
    low_s, high_s = {
        "slow": (0.1, 0.5),
        "normal": (-0.01, 0.12),
        "fast": (-0.05, 0.02),
        "hasty": (-0.07, -0.01),
    }[tempo]
    quick = (
        1.0
        if plain
        else rng.uniform(
            *{"slow": (0.65, 1.1), "normal": (0.9, 1.3), "fast": (1.1, 1.6), "hasty": (1.3, 1.9)}[tempo]
        )
    )
    throat = 1.0 if plain else float(np.clip(rng.normal(1, 0.1), 0.78, 1.28))
    out = np.zeros(int(RATE_HZ * (len(words) + 2) * 1.6), np.float32)
    events: list[Event] = []
    cursor = 0
    for k, word in enumerate(words):
        takes = clips[word]
        clip = takes[rng.integers(len(takes))]
        if not plain:
            clip = augment.revoiced(
                clip, throat=throat * rng.normal(1, 0.02), tempo=quick * rng.normal(1, 0.06)
            )
            clip = clip * np.float32(10 ** (rng.normal(0, 2) / 20))
        if k:
            gap_s = rng.uniform(low_s, high_s)
            if not plain and tempo in ("normal", "fast") and rng.random() < 0.2:
                gap_s = rng.uniform(0.15, 0.6)
            cursor += max(
                int(gap_s * RATE_HZ), -min(len(clip), int((events[-1][2] - events[-1][1]) * RATE_HZ)) // 3
            )
        start, end = cursor, cursor + len(clip)
        if end > len(out):
            break
        ramp = min(160, len(clip) // 4)
        shape = np.ones(len(clip), np.float32)
        shape[:ramp] = np.linspace(0, 1, ramp)
        shape[-ramp:] = np.linspace(1, 0, ramp)
        out[start:end] += clip * shape
        onset_s, offset_s = start / RATE_HZ, end / RATE_HZ
        if events and onset_s < events[-1][2]:
            onset_s = (onset_s + events[-1][2]) / 2
            events[-1] = (events[-1][0], events[-1][1], onset_s)
        events.append((word, onset_s, offset_s))
        cursor = end
    return out[:cursor], events


def compose(material: Material, rng: np.random.Generator) -> Window:
    """One random window: a main voice, often in a room, often with other people behind it."""
    length_s = float(rng.choice([rng.uniform(3, 8), rng.uniform(8, 16), rng.uniform(16, 29.5)]))
    behind = str(rng.choice(["nobody", "babble", "one"], p=[0.5, 0.32, 0.18]))
    # With others behind, the level tells whose digit it is, so all of the main voice has about the same.
    spread_db, fade_db = (3.0, 10.0) if behind == "nobody" else (1.0, 4.0)
    pieces, events = [_quiet(rng)], []
    voices: set[str] = set()
    filled = len(pieces[0])
    human = material.human[rng.integers(len(material.human))]
    while filled < length_s * RATE_HZ or not voices:
        voice, samples, found = _piece(material, human, rng)
        voices |= {voice} - {NO_VOICE}
        if found and rng.random() < FADING:
            samples = augment.fading(samples, rng, most_db=fade_db)
        quiet = _quiet(rng)
        events += [
            (word, onset_s + filled / RATE_HZ, offset_s + filled / RATE_HZ)
            for word, onset_s, offset_s in found
        ]
        pieces += [augment.levelled(samples) * np.float32(10 ** (rng.normal(0, spread_db) / 20)), quiet]
        filled += len(samples) + len(quiet)
    samples = np.concatenate(pieces)[: int(29.9 * RATE_HZ)]
    end_s = len(samples) / RATE_HZ
    room = material.rooms[rng.integers(len(material.rooms))] if rng.random() < 0.35 else None
    if room:
        samples = rooms.heard_in(samples, room.near)
    if behind != "nobody":
        n_voices = 1 if behind == "one" else int(rng.integers(3, 9))
        below_db = rng.uniform(8, 20) if behind == "one" else rng.uniform(5, 25)
        others = other_people(material, len(samples), n_voices, rng, room=room, without=voices)
        samples += others * np.float32(augment.active_level(samples) * 10 ** (-below_db / 20))
    samples = augment.degraded(samples, rng)
    return Window(samples, [event for event in events if event[2] <= end_s])


def other_people(
    material: Material,
    n: int,
    n_voices: int,
    rng: np.random.Generator,
    *,
    room: Room | None = None,
    without: Container[str] = (),
) -> Samples:
    """`n` samples of `n_voices` people talking at once, digits among it; 1 is its active level.

    Parameters
    ----------
    material : Material
        Whose voices they are.
    n, n_voices : int >= 1
        Length in samples; how many talk.
    room : Room, optional
        Where all but the main voice are far from the microphone.
    without : container of str
        Voices that must not be among them: the main ones.
    """
    known = [voice for voice in sorted({*material.clips, *material.read_by}) if voice not in without]
    together = np.zeros(n, np.float32)
    for place, voice in enumerate(rng.choice(known, size=n_voices, replace=False)):
        alone = _one_person(material, str(voice), n, rng)
        if room:
            alone = rooms.heard_in(alone, room.far[place % len(room.far)])
        together += augment.levelled(alone, 1.0) * np.float32(10 ** (rng.normal(0, 3) / 20))
    return augment.levelled(together, 1.0)


def _one_person(material: Material, voice: str, n: int, rng: np.random.Generator) -> Samples:
    """One voice going on for `n` samples, with its own throat and tempo."""
    throat, tempo = float(np.clip(rng.normal(1, 0.1), 0.78, 1.28)), rng.uniform(0.85, 1.35)
    scripts = material.read_by.get(voice, [])
    pieces, filled = [], 0
    while filled < n:
        if scripts and (voice not in material.clips or rng.random() < 0.8):
            samples = scripts[rng.integers(len(scripts))].samples
        else:
            samples, _ = joined(_filled_up(material, voice, rng), rng, plain=True)
        samples = augment.revoiced(samples, throat=throat, tempo=tempo)
        pieces += [augment.levelled(samples), np.zeros(int(rng.exponential(0.4) * RATE_HZ), np.float32)]
        filled += len(pieces[-2]) + len(pieces[-1])
    start = int(rng.integers(0, filled - n + 1))
    return np.concatenate(pieces)[start : start + n]


NO_VOICE = ""


def _piece(material: Material, human: str, rng: np.random.Generator) -> tuple[str, Samples, list[Event]]:
    """Something to put into a window: whose voice, the samples, and the digits in it."""
    aligned = bool(material.numbers) and material.numbers[0].events is not None
    kind = rng.random()
    if kind < 0.25:
        return human, *joined(_filled_up(material, human, rng), rng)
    if kind < 0.38:
        voice = material.synthetic[rng.integers(len(material.synthetic))]
        return voice, *joined(material.clips[voice], rng)
    if kind < 0.72 and aligned:
        script = material.numbers[rng.integers(len(material.numbers))]
        throat = float(np.clip(rng.normal(1, 0.09), 0.8, 1.25))
        tempo = rng.uniform(0.85, 1.35)
        samples = augment.revoiced(script.samples, throat=throat, tempo=tempo)
        ratio = len(samples) / len(script.samples)
        events = [
            (word, ratio * onset_s, ratio * offset_s) for word, onset_s, offset_s in script.events or ()
        ]
        return script.voice, samples, events
    if kind < 0.96:
        script = material.talk[rng.integers(len(material.talk))]
        throat = float(np.clip(rng.normal(1, 0.1), 0.78, 1.28))
        return script.voice, augment.revoiced(script.samples, throat=throat, tempo=rng.uniform(0.8, 1.4)), []
    n = int(rng.uniform(0.5, 3) * RATE_HZ)
    sound = noises.tones(n, rng) if rng.random() < 0.5 else noises.noise(n, rng) * np.float32(0.01)
    return NO_VOICE, sound, []


def _filled_up(material: Material, voice: str, rng: np.random.Generator) -> Clips:
    """The digits of one speaker; those that he or she never said are borrowed from other people."""
    clips = dict(material.clips[voice])
    for word in range(10):
        if word not in clips:
            lenders = [name for name in material.human if word in material.clips[name]]
            clips[word] = material.clips[lenders[rng.integers(len(lenders))]][word]
    return clips


def _quiet(rng: np.random.Generator) -> Samples:
    n = int(rng.choice([0.0, rng.uniform(0, 0.3), rng.uniform(0.2, 1.2)]) * RATE_HZ)
    return (rng.standard_normal(n) * 10 ** rng.uniform(-5, -3)).astype(np.float32)


def targets(events: list[Event], n_frames: int) -> NDArray[np.float32]:
    """How much of each frame each class covers; shape=(n_frames, 1 + 2 * N_WORDS), rows add up to 1."""
    cover = np.zeros((n_frames, 1 + 2 * N_WORDS), np.float32)
    edges = np.arange(n_frames + 1) * FRAME_S
    for word, onset_s, offset_s in events:
        middle_s = (onset_s + offset_s) / 2
        for half, (start_s, end_s) in enumerate(((onset_s, middle_s), (middle_s, offset_s))):
            share = np.clip(np.minimum(edges[1:], end_s) - np.maximum(edges[:-1], start_s), 0, None) / FRAME_S
            cover[:, 1 + 2 * word + half] += share
    total = cover.sum(axis=1, keepdims=True)
    cover /= np.maximum(total, 1.0)
    cover[:, 0] = 1 - cover[:, 1:].sum(axis=1)
    return cover
