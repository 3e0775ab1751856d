"""Real speakers who said digits: who teaches, and who is kept aside to judge what was taught.

Conventions
-----------
A speaker is named ``set:name``. Every third one of all, in the order of their names, is kept aside: no head
ever hears them in training.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from training.texts import WORDS
from training.voices import trimmed

Samples = NDArray[np.float32]
RATE_HZ = 16_000
LONGER_THAN_A_DIGIT_S = 0.65
"""A recording of one digit that is longer than this has some of the room at its ends."""
Clips = dict[int, list[Samples]]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One recording: who said which words (letters may be among them), and the digits in them."""

    speaker: str
    samples: Samples
    words: str
    digits: str


def kept_aside(speakers: Iterable[str]) -> set[str]:
    """Those of all speakers who only judge: every third by name, the first, the fourth, ..."""
    return set(sorted(set(speakers))[::3])


def loaded(path: Path) -> Samples:
    """Mono at `RATE_HZ`."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate_hz, RATE_HZ).astype(np.float32)


def recordings(data: Path) -> list[Said]:
    """All recordings that may train: the isolated digits of four speakers, and ``real/train``."""
    return [*_isolated_digits(data / "digits"), *_indexed(data / "real" / "train")]


def _isolated_digits(folder: Path) -> Iterator[Said]:
    for path in sorted(folder.glob("*/*.flac")):
        digit = path.stem.split("_")[0]
        yield Said(
            speaker=f"fsdd:{path.parent.name}", samples=loaded(path), words=WORDS[int(digit)], digits=digit
        )


def _indexed(folder: Path) -> Iterator[Said]:
    if not (folder / "index.jsonl").exists():
        return
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield Said(
            speaker=entry["speaker"],
            samples=loaded(folder / entry["file"]),
            words=entry["words"],
            digits=entry["digits"],
        )


def isolated(said: Iterable[Said]) -> dict[str, Clips]:
    """Single digits by speaker and word, trimmed to their sound, each with a peak of 0.4."""
    speakers: dict[str, Clips] = {}
    for one in said:
        if one.words not in WORDS:
            continue
        samples = trimmed(one.samples, below_peak_db=_noise_below_peak_db(one.samples))
        samples = samples * np.float32(0.4 / max(float(np.abs(samples).max(initial=0.0)), 1e-3))
        speakers.setdefault(one.speaker, {}).setdefault(WORDS.index(one.words), []).append(samples)
    return speakers


def _noise_below_peak_db(samples: Samples) -> float:
    """How far below the peak a word starts: 40 dB, less where a long recording is noisy at both ends."""
    hop = RATE_HZ // 100
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if len(samples) < LONGER_THAN_A_DIGIT_S * RATE_HZ:
        return 40.0
    level_db = 20 * np.log10(np.sqrt((frames**2).mean(axis=1)) + 1e-9)
    ends_db = float(np.median([*level_db[:5], *level_db[-5:]]))
    noise_db = float(level_db.max()) - ends_db
    return min(40.0, noise_db - 8.0) if noise_db > 25.0 else 40.0


def connected(said: Iterable[Said]) -> list[Said]:
    """Recordings of more than one word."""
    return [one for one in said if one.words not in WORDS]
