"""How far a decision about a call can be relied on: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.voice import voice_track
from voicecheck.speech.scene import Scene
from voicecheck.speech.transcript import Word
from voicecheck.speech.trust import ODDS_MIN, TRUST_FEATURES, Choice, trust, trust_features


def scene(text: str) -> Scene:
    words = [
        Word(text=f" {each}", onset_s=0.5 * place, offset_s=0.5 * place + 0.3, probability=0.9)
        for place, each in enumerate(text.split())
    ]
    samples = np.random.default_rng(1).normal(0, 0.01, 8 * SAMPLE_RATE_HZ).astype(np.float32)
    return Scene(tuple(words), (), voice_track(samples), 8.0, {"reached": 2.0, "regards": -1.0})


def described(text: str, choice: Choice, english: float = 1.0) -> dict[str, float]:
    return dict(zip(TRUST_FEATURES, trust_features(scene(text), choice, english), strict=True))


def test_trust_is_the_logistic_of_the_weighted_features() -> None:
    """0.5 x 2 + 1 x (-1) is 0, a half; one more is e : 1."""
    assert trust([0.5, 1.0], [2.0, -1.0]) == pytest.approx(0.5)
    assert trust([1.0], [1.0]) == pytest.approx(np.e / (1 + np.e))


def test_a_decision_is_described_by_its_odds_words_and_language() -> None:
    """Nine to one; the words of the part tell 2 of 8 for a mailbox; two of its five words are digits."""
    found = described("you reached us four five", Choice(change=0, start=0, end=5, odds=0.9), english=0.75)
    assert found["odds"] == pytest.approx(np.log(9.0))
    assert found["end_odds"] == pytest.approx(np.log((1 - ODDS_MIN) / ODDS_MIN))
    assert found["told"] == pytest.approx(0.25)
    assert found["digits"] == pytest.approx(0.4)
    assert found["foreign"] == pytest.approx(0.25)
    assert found["starts"] == found["behind_beep"] == found["talk"] == 0.0


def test_only_a_start_inside_of_the_recording_counts_as_one() -> None:
    text = "you reached us regards four five"
    for choice, starts, told in (
        (Choice(change=3, start=3, end=6), 1.0, -0.125),
        (Choice(change=6, start=6, end=6), 0.0, 0.0),
        (Choice(change=0, start=0, end=6, is_talk=True), 0.0, 0.0),
    ):
        spaced = scene(text)
        features = dict(zip(TRUST_FEATURES, trust_features(spaced, choice, 1.0), strict=True))
        assert (features["starts"], features["told"]) == (starts, pytest.approx(told))
