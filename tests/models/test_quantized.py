"""The int8 copy of a real model is what CTranslate2 makes of the published weights, bit for bit."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from voicecheck.speech.quantized import quantized
from voicecheck.speech.weights import find_model

pytestmark = pytest.mark.model

PROMPT = {"base": [50258, 50259, 50359, 50363], "tiny.en": [50257, 50362]}


def outcome(folder: Path, prompt: list[int]) -> tuple[np.ndarray, list[list[int]], list[float]]:
    whisper = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=1)
    mel = np.random.default_rng(1).standard_normal((1, 80, 600)).astype(np.float32)
    frames = whisper.encode(ctranslate2.StorageView.from_array(mel))
    (written,) = whisper.generate(
        frames, [prompt], beam_size=5, num_hypotheses=5, max_length=40, return_scores=True
    )
    return np.asarray(frames), written.sequences_ids, written.scores


@pytest.mark.parametrize("name", ["base", "tiny.en"])
def test_the_copy_hears_the_same(name: str) -> None:
    published = find_model(name)
    copy = quantized(published)
    assert copy != published
    (frames, tokens, scores), (frames_too, tokens_too, scores_too) = (
        outcome(folder, PROMPT[name]) for folder in (published, copy)
    )
    assert np.array_equal(frames, frames_too)
    assert (tokens, scores) == (tokens_too, scores_too)
