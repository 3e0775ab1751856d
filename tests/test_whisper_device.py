"""What a graphics card gives, without one: the types of its numbers, and its complaints."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import numpy as np
import pytest

from voicecheck.errors import EngineError
from voicecheck.speech.whisper import FasterWhisper

SECOND = np.zeros(16_000, dtype=np.float32)


def on_card(monkeypatch: pytest.MonkeyPatch, encode: Any) -> FasterWhisper:
    """A transcriber on a card whose encoder is `encode`."""
    model = SimpleNamespace(
        feature_extractor=lambda samples, padding: np.ones((80, len(samples) // 160), dtype=np.float32),
        model=SimpleNamespace(encode=encode),
    )
    monkeypatch.setattr(FasterWhisper, "_whisper", model)
    return FasterWhisper(Path("base"), name="base", device="cuda", compute_type="float16")


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_the_encoders_output_is_read_in_any_type_of_number(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = np.arange(1200, dtype=np.float32).reshape(1, 150, 8) % 64  # exact in all three
    given = ctranslate2.StorageView.from_array(truth).to(getattr(ctranslate2.DataType, name))
    (frames,) = on_card(monkeypatch, lambda features, to_cpu: given).encode([SECOND])
    assert frames.dtype == np.float32
    assert np.array_equal(frames, truth[0, :50])


@pytest.mark.parametrize(
    ("complaint", "advice"),
    [
        ("Library libcublas.so.12 is not found or cannot be loaded", 'pip install "voicecheck-coach[gpu]"'),
        ("CUDA failed with error out of memory", "--jobs"),
        ("CUDA failed with error unspecified launch failure", None),
    ],
)
def test_a_cards_complaint_comes_with_what_to_do(
    complaint: str, advice: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode(features: object, to_cpu: bool) -> None:
        raise RuntimeError(complaint)

    with pytest.raises(EngineError) as told:
        on_card(monkeypatch, encode).encode([SECOND])
    assert complaint in str(told.value)
    assert (";" in str(told.value)) == (advice is not None)
    assert (advice or "") in str(told.value)
