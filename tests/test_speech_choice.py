"""What `--model auto` stands for, on machines with and without a graphics card; none is needed here."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import ctranslate2
import pytest

from voicecheck.errors import ParameterError
from voicecheck.listener import Listener
from voicecheck.speech import choice as choice_module
from voicecheck.speech.choice import WITH_CARD, WITHOUT_CARD, check_numbers, choose, load_cublas


def pretend_cards(monkeypatch: pytest.MonkeyPatch, n_cards: int) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: n_cards)


@pytest.mark.parametrize(("n_cards", "choice"), [(0, WITHOUT_CARD), (1, WITH_CARD), (4, WITH_CARD)])
def test_a_graphics_card_decides(n_cards: int, choice: object, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, n_cards)
    assert choose("auto") == choice


def test_a_driver_that_does_not_answer_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("CUDA driver version is insufficient for CUDA runtime version")

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", broken)
    assert choose("auto") == WITHOUT_CARD


def where(listener: Listener) -> tuple[str, str | None, str | None]:
    settled = listener.settled()
    return settled.model, settled.device, settled.compute_type


def test_auto_settles_model_device_and_number_type(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, 1)
    assert where(Listener(model="auto")) == ("large-v3", "cuda", "float16")
    assert Listener(model="auto", line=True).settled().line
    assert Listener(model="auto").settled().digit_model == "base"
    pretend_cards(monkeypatch, 0)
    assert where(Listener(model="auto")) == ("base", "cpu", "int8")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Listener(model="tiny.en"), ("tiny.en", "cpu", "int8")),
        (Listener(model="auto", device="cpu"), ("base", "cpu", "int8")),
        (Listener(device="cuda"), ("base", "cuda", "float32")),
        (Listener(device="auto"), ("base", "cuda", "float32")),
        (Listener(model="medium.en", device="cuda"), ("medium.en", "cuda", "float16")),
        (Listener(device="cuda", compute_type="int8_float16"), ("base", "cuda", "int8_float16")),
    ],
)
def test_what_was_asked_for_stays_though_there_is_a_card(
    asked: Listener, found: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_cards(monkeypatch, 1)
    assert where(asked) == found


def test_a_device_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, 0)
    for model in ("base", "auto"):
        with pytest.raises(ParameterError, match="no NVIDIA graphics card"):
            Listener(model=model, device="cuda").settled()
    with pytest.raises(ParameterError, match="cpu, cuda or auto"):
        Listener(device="gpu").settled()


def test_numbers_that_a_device_lacks_are_told_with_those_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctranslate2, "get_supported_compute_types", lambda device: {"int8", "float32"})
    check_numbers("cpu", "float32")
    with pytest.raises(ParameterError, match="float16: cpu has float32, int8"):
        check_numbers("cpu", "float16")


def test_what_a_card_heard_is_known_on_a_machine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_cards(monkeypatch, 1)
    there = Listener(device="cuda").reading_key("0" * 64, "US")
    pretend_cards(monkeypatch, 0)
    assert Listener(compute_type="float32").reading_key("0" * 64, "US") == there
    assert Listener().reading_key("0" * 64, "US") != there


def test_auto_takes_no_folder() -> None:
    with pytest.raises(ParameterError, match="--model-dir"):
        Listener(model="auto", model_dir=Path("somewhere")).settled()


def test_the_matrix_library_is_loaded_from_where_pip_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(choice_module.ctypes, "CDLL", lambda name, mode: loaded.append(name))
    monkeypatch.setattr(choice_module, "find_spec", lambda name: None)
    load_cublas()
    assert not loaded
    spec = ModuleSpec("nvidia.cublas", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(choice_module, "find_spec", lambda name: spec)
    load_cublas()
    assert loaded == [str(tmp_path / "lib" / name) for name in ("libcublasLt.so.12", "libcublas.so.12")]
