"""What `--model auto` stands for, on machines with and without a graphics card; none is needed here."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import pytest

from voicecheck.errors import ParameterError
from voicecheck.listener import Listener
from voicecheck.speech.choice import WITH_CARD, WITHOUT_CARD, choose_model


def pretend_cards(monkeypatch: pytest.MonkeyPatch, n_cards: int) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: n_cards)


@pytest.mark.parametrize(("n_cards", "choice"), [(0, WITHOUT_CARD), (1, WITH_CARD), (4, WITH_CARD)])
def test_a_graphics_card_decides(n_cards: int, choice: object, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, n_cards)
    assert choose_model() == choice


def test_a_driver_that_does_not_answer_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("CUDA driver version is insufficient for CUDA runtime version")

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", broken)
    assert choose_model() == WITHOUT_CARD


def test_auto_settles_model_device_and_number_type(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, 1)
    settled = Listener(model="auto", line=True).settled()
    assert (settled.model, settled.device, settled.compute_type) == ("large-v3", "cuda", "float16")
    assert settled.digit_model == "base"
    assert settled.line
    pretend_cards(monkeypatch, 0)
    assert Listener(model="auto").settled() == Listener(model="base")


def test_a_named_model_stays_as_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, 1)
    asked = Listener(model="tiny.en")
    assert asked.settled() is asked


def test_auto_takes_no_folder() -> None:
    with pytest.raises(ParameterError, match="--model-dir"):
        Listener(model="auto", model_dir=Path("somewhere")).settled()
