"""The same sound gives the same card: in any container, beside others, on more threads, the last time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voicecheck.audio.decode import read_recording
from voicecheck.listener import Listener
from voicecheck.report.data import to_dict
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric

pytestmark = pytest.mark.model

SAMPLES = Path(__file__).parents[2] / "samples"
SETTINGS = Settings(rubric=default_rubric())


def facts(card: Any) -> dict[str, Any]:
    """Everything on a card but what it says of the file itself."""
    return {name: value for name, value in to_dict(card).items() if name != "source"}


@pytest.fixture(scope="module")
def pcm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample in 16 bits at the rate inside voicecheck, so that every container holds the same numbers."""
    path = tmp_path_factory.mktemp("same") / "mono.wav"
    samples, rate_hz = soundfile.read(SAMPLES / "pass_female.flac", dtype="int16")
    soundfile.write(path, samples, rate_hz)
    return path


@pytest.fixture(scope="module")
def card(listener: Listener, pcm: Path) -> dict[str, Any]:
    return facts(listener.score(read_recording(pcm), SETTINGS))


@pytest.mark.parametrize("name", ["same.flac", "both.wav", "both.flac"])
def test_container_and_channels_change_nothing(
    listener: Listener, pcm: Path, card: dict[str, Any], name: str
) -> None:
    """WAV or FLAC, mono or the same channel twice."""
    samples, rate_hz = soundfile.read(pcm, dtype="int16")
    rows = np.stack([samples, samples], axis=1) if name.startswith("both") else samples
    soundfile.write(pcm.with_name(name), rows, rate_hz)
    assert facts(listener.score(read_recording(pcm.with_name(name)), SETTINGS)) == card


@pytest.mark.parametrize(("n_before", "n_after"), [(0, 2), (2, 0), (8, 7)])
def test_company_and_its_order_change_nothing(
    listener: Listener, pcm: Path, card: dict[str, Any], n_before: int, n_after: int
) -> None:
    """Alone, or one of 3 or of 16, first, last or in the middle."""
    names = ("said_once.flac", "too_fast.flac")
    others = [read_recording(SAMPLES / names[place % 2]) for place in range(n_before + n_after)]
    together = [*others[:n_before], read_recording(pcm), *others[n_before:]]
    assert facts(judge(listener.hear_many(together)[n_before], SETTINGS)) == card


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_nothing(listener: Listener, pcm: Path, card: dict[str, Any], threads: int) -> None:
    assert facts(replace(listener, threads=threads).score(read_recording(pcm), SETTINGS)) == card


def test_the_last_of_many_is_like_the_first(listener: Listener, pcm: Path, card: dict[str, Any]) -> None:
    """Other recordings in between leave nothing behind."""
    for name in ("silence.flac", "hold_music.flac", "spanish.flac", "too_fast.flac"):
        listener.score(read_recording(SAMPLES / name), SETTINGS)
    assert facts(listener.score(read_recording(pcm), SETTINGS)) == card
