"""Training windows of up to 30 s: joined digits, numbers read by voices, talk, silence, noise, tones.

Conventions
-----------
An *event* is ``(word, onset_s, offset_s)``: one spoken digit word, as a place in `texts.WORDS`. Everything
that is no event is other. Joining knows the events; numbers that a voice read as a whole get them by forced
alignment.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from training import augment
from training.texts import WORDS
from training.voices import trimmed

RATE_HZ = 16_000
FRAME_S = 0.02
N_WORDS = len(WORDS)
Samples = NDArray[np.float32]
Event = tuple[int, float, float]


@dataclass
class Window:
    """Samples, the digits in them, and whose recorded digits were used."""

    samples: Samples
    events: list[Event]
    speakers: set[str] = field(default_factory=set)


@dataclass
class Script:
    """What one voice read: samples and its words in order; events once they are aligned."""

    voice: str
    samples: Samples
    words: list[int]
    events: list[Event] | None = None


@dataclass
class Material:
    """All that windows are made of."""

    clips: dict[str, dict[int, list[Samples]]]
    human: list[str]
    talk: list[Script]
    numbers: list[Script]


def human_clips(folder: Path, *, n_takes: int = 50) -> dict[str, dict[int, list[Samples]]]:
    """Isolated digits by speaker and word, trimmed, at 16 kHz."""
    speakers: dict[str, dict[int, list[Samples]]] = {}
    for path in sorted(folder.glob("*/*.flac")):
        digit, take = path.stem.split("_")
        if int(take) >= n_takes:
            continue
        samples, rate_hz = soundfile.read(path, dtype="float32")
        samples = trimmed(soxr.resample(samples, rate_hz, RATE_HZ).astype(np.float32))
        samples *= 0.4 / max(float(np.abs(samples).max()), 1e-3)
        speakers.setdefault(path.parent.name, {}).setdefault(int(digit), []).append(samples)
    return speakers


def load_material(digits: Path, corpus: Path) -> Material:
    """Read the recorded digits and what the synthetic voices said."""
    clips = human_clips(digits)
    human = sorted(clips)
    talk, numbers = [], []
    for folder in sorted(path.parent for path in corpus.glob("*/scripts.jsonl")):
        words: dict[int, list[Samples]] = {}
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
    return Material(clips, human, talk, numbers)


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
    """One random window."""
    length_s = float(rng.choice([rng.uniform(3, 8), rng.uniform(8, 16), rng.uniform(16, 29.5)]))
    pieces, events, speakers = [_quiet(rng)], [], set()
    filled = len(pieces[0])
    human = material.human[rng.integers(len(material.human))]
    while filled < length_s * RATE_HZ:
        samples, found = _piece(material, human, rng)
        if found is None:
            samples, found, used = *joined(material.clips[human], rng), human
            speakers.add(used)
        quiet = _quiet(rng)
        events += [
            (word, onset_s + filled / RATE_HZ, offset_s + filled / RATE_HZ)
            for word, onset_s, offset_s in found
        ]
        pieces += [samples * np.float32(10 ** (rng.normal(0, 3) / 20)), quiet]
        filled += len(samples) + len(quiet)
    samples = np.concatenate(pieces)[: int(29.9 * RATE_HZ)]
    end_s = len(samples) / RATE_HZ
    samples = augment.degraded(samples, rng)
    return Window(samples, [event for event in events if event[2] <= end_s], speakers)


def _piece(material: Material, human: str, rng: np.random.Generator) -> tuple[Samples, list[Event] | None]:
    """Something to put into a window; events None asks for recorded digits of the window's speaker."""
    aligned = bool(material.numbers) and material.numbers[0].events is not None
    kind = rng.random()
    if kind < 0.20:
        return np.zeros(0, np.float32), None
    if kind < 0.36:
        names = [name for name in material.clips if name not in material.human]
        return joined(material.clips[names[rng.integers(len(names))]], rng)
    if kind < 0.72 and aligned:
        script = material.numbers[rng.integers(len(material.numbers))]
        throat = float(np.clip(rng.normal(1, 0.09), 0.8, 1.25))
        tempo = rng.uniform(0.85, 1.35)
        samples = augment.revoiced(script.samples, throat=throat, tempo=tempo)
        ratio = len(samples) / len(script.samples)
        return samples, [
            (word, onset_s * ratio, offset_s * ratio) for word, onset_s, offset_s in script.events or []
        ]
    if kind < 0.96:
        script = material.talk[rng.integers(len(material.talk))]
        throat = float(np.clip(rng.normal(1, 0.1), 0.78, 1.28))
        return augment.revoiced(script.samples, throat=throat, tempo=rng.uniform(0.8, 1.4)), []
    n = int(rng.uniform(0.5, 3) * RATE_HZ)
    return (augment.tones(n, rng) if rng.random() < 0.5 else augment.noise(n, rng) * np.float32(0.01)), []


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
