"""Signals and transcripts made together with their answer.

It imports no test tools: the programs that tests start make their recordings with it, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording, Source
from voicecheck.speech.transcript import Transcript, Word
from voicecheck.timing import Interval

Samples = NDArray[np.float32]


def tone(duration_s: float, *, level: float = 0.3, frequency_hz: float = 440.0) -> Samples:
    """A sine of the given peak."""
    time_s = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def silence(duration_s: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(duration_s * SAMPLE_RATE_HZ), dtype=np.float32)


def recording(*parts: Samples, warnings: tuple[str, ...] = ()) -> Recording:
    """Parts one after another, as if read from a file."""
    samples = np.concatenate(parts) if parts else silence(0)
    source = Source(
        name="made.wav",
        sha256="0" * 64,
        duration_s=len(samples) / SAMPLE_RATE_HZ,
        sample_rate_hz=SAMPLE_RATE_HZ,
        channels=1,
        codec="pcm_f32le",
    )
    return Recording(samples=samples, source=source, warnings=warnings)


def spans(*edges_s: tuple[float, float]) -> tuple[Interval, ...]:
    """Intervals from pairs of seconds."""
    return tuple(Interval(onset_s=onset_s, offset_s=offset_s) for onset_s, offset_s in edges_s)


def said(text: str, *, onset_s: float = 0.0, word_s: float = 0.4, gap_s: float = 0.1) -> list[Word]:
    """The blank-parted words of a text, evenly timed."""
    return [
        Word(
            text=f" {piece}",
            onset_s=onset_s + index * (word_s + gap_s),
            offset_s=onset_s + index * (word_s + gap_s) + word_s,
            probability=0.9,
        )
        for index, piece in enumerate(text.split())
    ]


def transcript(words: Sequence[Word], *, language: str | None = "en") -> Transcript:
    """A transcript whose speech is its words."""
    return Transcript(words=tuple(words), language=language, speech=tuple(word.interval for word in words))


def spoken(words: Sequence[Word], *, tail_s: float = 0.5, noise: float = 0.0) -> Recording:
    """A recording that sounds exactly where the words are."""
    rng = np.random.default_rng(0)
    n_samples = round((words[-1].offset_s + tail_s) * SAMPLE_RATE_HZ)
    samples = (noise * rng.standard_normal(n_samples)).astype(np.float32)
    for word in words:
        start = round(word.onset_s * SAMPLE_RATE_HZ)
        duration_s = word.offset_s - word.onset_s
        # Harmonics, as a voice has them: one or two sines alone would be the tones of a telephone. The pitch
        # glides, each word in its own way, for what repeats itself exactly would be an echo.
        time_s = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        glide_hz = rng.uniform(-25.0, 25.0)
        turns = 137.0 * time_s + glide_hz * (time_s**2 / max(duration_s, 0.01) - time_s) / 2
        harmonics = np.outer(np.arange(1, 9), turns) + rng.random((8, 1))
        sound = (0.1 * np.sin(2 * np.pi * harmonics).sum(axis=0)).astype(np.float32)
        samples[start : start + len(sound)] += sound
    return recording(samples)
