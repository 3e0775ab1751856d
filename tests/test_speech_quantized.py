"""Weights in int8 on disk: what is written, when a model stays as it is, and that nothing half is left."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from voicecheck.speech import quantized as quantized_module
from voicecheck.speech.quantized import copies, quantized

Variable = tuple[str, np.ndarray]

KINDS = {np.dtype("<f4"): 0, np.dtype("int8"): 1, np.dtype("<f2"): 4}

WEIGHTS = np.array([[0.5, -1.0, 0.25], [0.0, 0.0, 0.0], [2.0, 0.011, -1.0]], dtype="<f2")

ALIASES = struct.pack("<I", 1) + b"".join(
    struct.pack("<H", len(name) + 1) + name + b"\0" for name in (b"decoder/projection/weight", b"a/weight")
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "cache"))


def packed(name: str) -> bytes:
    return struct.pack("<H", len(name) + 1) + name.encode() + b"\0"


def write_model(folder: Path, variables: list[Variable], *, version: int = 6) -> Path:
    folder.mkdir(exist_ok=True)
    written = struct.pack("<I", version) + packed("WhisperSpec") + struct.pack("<II", 3, len(variables))
    for name, values in variables:
        written += packed(name) + struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
        written += struct.pack("<BI", KINDS[values.dtype], values.nbytes) + values.tobytes()
    (folder / "model.bin").write_bytes(written + ALIASES)
    (folder / "config.json").write_text("{}")
    return folder


def read_model(folder: Path) -> tuple[dict[str, np.ndarray], bytes]:
    """The variables of a file, and what stands behind them."""
    data = (folder / "model.bin").read_bytes()
    at = 4 + len(packed("WhisperSpec")) + 8
    (n,) = struct.unpack_from("<I", data, at - 4)
    found: dict[str, np.ndarray] = {}
    for _ in range(n):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 1 + length].decode()
        at += 2 + length
        shape = struct.unpack_from(f"<{data[at]}I", data, at + 1)
        kind, n_bytes = struct.unpack_from("<BI", data, at + 1 + 4 * len(shape))
        at += 6 + 4 * len(shape)
        types = {number: dtype for dtype, number in KINDS.items()}
        found[name] = np.frombuffer(data[at : at + n_bytes], dtype=types[kind]).reshape(shape)
        at += n_bytes
    return found, data[at:]


def test_each_row_is_rounded_by_its_largest_weight_and_the_rest_stays(tmp_path: Path) -> None:
    bias, kernel = np.array([1.5, 2.5], dtype="<f2"), np.ones((2, 2, 3), dtype="<f2")
    model = write_model(
        tmp_path / "base", [("a/weight", WEIGHTS), ("a/bias", bias), ("conv1/weight", kernel)]
    )
    copy = quantized(model)
    assert copy != model
    found, behind = read_model(copy)
    assert list(found) == ["a/weight", "a/weight_scale", "a/bias", "conv1/weight"]
    # by hand: 0.5 * 127 = 63.5, to the even 64; 0.25 * 127 = 31.75; row 3: 127 / 2 = 63.5, 0.011 * 63.5 = 0.7
    assert found["a/weight"].tolist() == [[64, -127, 32], [0, 0, 0], [127, 1, -64]]
    assert found["a/weight_scale"].tolist() == [127.0, 1.0, 63.5]
    assert np.array_equal(found["a/bias"], bias)
    assert np.array_equal(found["conv1/weight"], kernel)
    assert behind == ALIASES
    assert (copy / "config.json").read_text() == "{}"


def test_a_copy_is_made_once_and_anew_when_the_model_changes(tmp_path: Path) -> None:
    model = write_model(tmp_path / "base", [("a/weight", WEIGHTS)])
    first = quantized(model)
    made = (first / "model.bin").stat().st_mtime_ns
    assert quantized(model) == first
    assert (first / "model.bin").stat().st_mtime_ns == made
    write_model(model, [("a/weight", np.vstack([WEIGHTS, WEIGHTS]))])
    second = quantized(model)
    assert second != first
    assert len(read_model(second)[0]["a/weight"]) == 2 * len(WEIGHTS)
    assert copies() == sorted([first, second])


def test_what_is_no_float16_of_this_format_stays_as_it_is(tmp_path: Path) -> None:
    whole = [("a/weight", WEIGHTS)]
    others = [
        write_model(tmp_path / "newer", whole, version=7),
        write_model(tmp_path / "exact", [("a/weight", WEIGHTS.astype("<f4"))]),
        write_model(tmp_path / "rounded", [("a/weight", WEIGHTS.astype("int8"))]),
        write_model(tmp_path / "cut", whole),
        tmp_path / "absent",
    ]
    cut = tmp_path / "cut" / "model.bin"
    cut.write_bytes(cut.read_bytes()[:60])
    for model in others:
        assert quantized(model) == model
    assert copies() == []
    assert list(quantized_module.quantized_folder().iterdir()) == []


def test_a_large_model_is_not_doubled_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = write_model(tmp_path / "large", [("a/weight", WEIGHTS)])
    monkeypatch.setattr(quantized_module, "WEIGHTS_MAX_BYTES", 50)
    assert quantized(model) == model


def test_where_nothing_can_be_written_the_model_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "file"))
    model = write_model(tmp_path / "base", [("a/weight", WEIGHTS)])
    assert quantized(model) == model
    assert copies() == []
