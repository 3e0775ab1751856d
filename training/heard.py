"""Messages heard once and kept: words, encoder output and signal, so that fitting again takes minutes.

What is kept does not depend on the digit head: a new head reads the same encoder output.
"""

from __future__ import annotations

import json
import pickle
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.conditions import CONDITIONS, Samples
from training.recorded import loaded
from voicecheck.audio.condition import Condition, measure_condition
from voicecheck.audio.levels import frame_levels_dbfs, sounding
from voicecheck.audio.recording import Recording, Source
from voicecheck.speech.transcriber import Transcriber
from voicecheck.speech.transcript import Transcript
from voicecheck.speech.word_times import snapped_words
from voicecheck.timing import Interval


@dataclass(frozen=True, kw_only=True)
class Message:
    """A recording and what is said in it.

    Parameters
    ----------
    path : Path
        The clean recording.
    speaker : str
        Who says the digits.
    sayings : tuple of str
        Every run of digits, in the order said.
    """

    path: Path
    speaker: str
    sayings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One message in one condition, as the decision needs it."""

    name: str
    speaker: str
    condition: str
    sayings: tuple[str, ...]
    transcript: Transcript
    levels_dbfs: NDArray[np.float64]
    sounds: tuple[Interval, ...]
    measured: Condition


def messages_in(folder: Path) -> list[Message]:
    """Read the index that `training.messages` wrote."""
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Message(path=folder / row["file"], speaker=row["speaker"], sayings=tuple(row["sayings"]))
        for row in rows
    ]


def people_in(messages: Sequence[Message]) -> list[tuple[str, Samples]]:
    """Some sixty of all messages, evenly spread, to be heard behind others: whose voice, and the sound."""
    return [(each.speaker, loaded(each.path)) for each in messages[:: max(1, len(messages) // 60)]]


def recording_of(samples: Samples, name: str) -> Recording:
    """Samples as if they had been read from a file."""
    source = Source(
        name=name,
        sha256="0" * 64,
        duration_s=len(samples) / 16_000,
        sample_rate_hz=16_000,
        channels=1,
        codec="pcm",
    )
    return Recording(samples=samples, source=source)


def in_condition(message: Message, condition: str, others: Sequence[tuple[str, Samples]]) -> Samples:
    """Read a message and leave it where the condition says; the same every time."""
    samples = loaded(message.path)
    rng = np.random.default_rng(zlib.crc32(f"{message.path.name} {condition}".encode()))
    pool = [sound for speaker, sound in others if speaker != message.speaker]
    made = CONDITIONS[condition](samples, pool, rng)
    return (made * np.float32(min(1.0, 0.99 / max(1e-6, float(np.abs(made).max()))))).astype(np.float32)


def hear_all(
    chosen: Sequence[tuple[Message, str]],
    others: Sequence[tuple[str, Samples]],
    cache: Path,
    transcriber: Transcriber,
) -> None:
    """Hear each message in its condition, as far as it is not kept yet."""
    cache.mkdir(parents=True, exist_ok=True)
    for n, (message, condition) in enumerate(chosen):
        path = cache / f"{message.path.stem}__{condition}.pickle"
        if path.exists():
            continue
        recording = recording_of(in_condition(message, condition, others), path.stem)
        transcript = transcriber.transcribe(recording)
        levels = frame_levels_dbfs(recording)
        sounds = sounding(levels)
        windows = tuple(
            replace(window, frames=window.frames.astype(np.float16)) for window in transcript.windows
        )
        kept = Kept(
            name=path.stem,
            speaker=message.speaker,
            condition=condition,
            sayings=message.sayings,
            transcript=replace(transcript, words=snapped_words(transcript.words, sounds), windows=windows),
            levels_dbfs=levels,
            sounds=sounds,
            measured=measure_condition(recording, levels, sounds),
        )
        partial = path.with_suffix(".part")
        partial.write_bytes(pickle.dumps(kept))
        partial.rename(path)
        if n % 50 == 0:
            print(f"heard {n} of {len(chosen)}", file=sys.stderr)


def kept_in(cache: Path) -> Iterator[Kept]:
    """Read back what was kept (our own files: a pickle runs code)."""
    for path in sorted(cache.glob("*.pickle")):
        yield pickle.loads(path.read_bytes())
