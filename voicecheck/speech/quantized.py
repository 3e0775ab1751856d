"""A model's weights in int8, kept on disk, so that they are not rounded anew each time it is loaded.

CTranslate2 rounds the float16 weights of a published model to int8 at every start, which takes nine tenths of
the loading. What it would make of them is written down once, bit for bit, in the format of its ``model.bin``:

    uint32 version, string name, uint32 revision, uint32 n, n variables, then aliases
    variable    string name, uint8 rank, uint32 each dimension, uint8 type, uint32 n_bytes, bytes
    string      uint16 n_bytes, bytes, the last one zero

Each row of a matrix becomes ``round(row * scale)`` with ``scale = 127 / max |row|``, which is kept beside it
as ``<name>_scale``. Vectors, convolutions and aliases stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import EngineError
from voicecheck.files import cache_folder

VERSION = 6
"""Of the format. Another one is left to CTranslate2."""

FLOAT32, INT8, FLOAT16 = 0, 1, 4
"""Types of numbers in the file."""

WEIGHTS_MAX_BYTES = 500_000_000
"""Of the published weights, up to the model small. Larger ones would take up too much of a disk unasked."""


class _OtherFormatError(Exception):
    """The file holds something else than float16 weights of the known version."""


def quantized(folder: Path) -> Path:
    """Find the int8 copy of a model, or make it.

    Parameters
    ----------
    folder : Path
        With the published files.

    Returns
    -------
    Path
        The copy's folder; `folder` itself where there can be none: weights of another kind, no room.
    """
    weights = folder / "model.bin"
    with suppress(OSError, _OtherFormatError):
        found = weights.stat()
        if found.st_size > WEIGHTS_MAX_BYTES:
            return folder
        which = [str(weights.absolute()), found.st_size, found.st_mtime_ns, found.st_ino]
        target = quantized_folder() / hashlib.sha256(json.dumps(which).encode()).hexdigest()[:24]
        if not target.is_dir():
            _make(folder, target)
        return target
    return folder


def quantized_folder() -> Path:
    """Name the folder of all copies."""
    return cache_folder() / "int8"


def copies() -> list[Path]:
    """List the folders of the copies that are kept."""
    with suppress(OSError):
        return sorted(each for each in quantized_folder().iterdir() if each.is_dir())
    return []


def clear_copies() -> int:
    """Delete all copies.

    Returns
    -------
    int
        How many that were.

    Raises
    ------
    EngineError
        If one cannot be deleted.
    """
    kept = copies()
    try:
        for each in kept:
            shutil.rmtree(each)
    except OSError as error:
        raise EngineError(f"{each}: cannot be deleted: {error.strerror}") from error
    return len(kept)


def _make(folder: Path, target: Path) -> None:
    """Write a whole copy or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=target.parent, ignore_cleanup_errors=True) as scratch:
        unfinished = Path(scratch, "copy")
        unfinished.mkdir()
        with (folder / "model.bin").open("rb") as source, (unfinished / "model.bin").open("wb") as copy:
            _quantize(source, copy)
            copy.flush()
            os.fsync(copy.fileno())  # else a power cut could leave a named file of zeros
        for file in folder.iterdir():
            if file.suffix in (".json", ".txt"):
                shutil.copyfile(file, unfinished / file.name)
        try:
            unfinished.replace(target)
        except OSError:
            if not target.is_dir():  # else another process was first; its copy is as good
                raise


def _quantize(source: BinaryIO, copy: BinaryIO) -> None:
    if _take(source, "I") != VERSION:
        raise _OtherFormatError
    name, revision, n_variables = _string(source), _take(source, "I"), _take(source, "I")
    if name != b"WhisperSpec\0":
        raise _OtherFormatError
    copy.write(struct.pack("<IH", VERSION, len(name)) + name + struct.pack("<I", revision))
    counted_at = copy.tell()
    copy.write(bytes(4))
    n_written = 0
    for _ in range(n_variables):
        name, rank = _string(source), _take(source, "B")
        shape = struct.unpack(f"<{rank}I", _read(source, 4 * rank))
        kind, n_bytes = _take(source, "B"), _take(source, "I")
        values = _read(source, n_bytes)
        if not (name.endswith(b"weight\0") and rank == 2 and b"conv" not in name):
            n_written += _write(copy, name, shape, kind, values)
            continue
        if kind != FLOAT16:
            raise _OtherFormatError
        rounded, scale = _rounded(np.frombuffer(values, dtype="<f2").reshape(shape))
        n_written += _write(copy, name, shape, INT8, rounded.tobytes())
        n_written += _write(copy, name[:-1] + b"_scale\0", shape[:1], FLOAT32, scale.tobytes())
    shutil.copyfileobj(source, copy)
    copy.seek(counted_at)
    copy.write(struct.pack("<I", n_written))
    copy.seek(0, os.SEEK_END)


def _rounded(weights: NDArray[np.float16]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round each row to int8 as CTranslate2 does; a row of zeros has the scale 1."""
    exact = weights.astype(np.float32)
    largest = np.abs(exact).max(axis=1)
    scale = np.float32(127) / np.where(largest > 0, largest, np.float32(127))
    return np.rint(exact * scale[:, None]).astype(np.int8), scale.astype("<f4")


def _write(copy: BinaryIO, name: bytes, shape: tuple[int, ...], kind: int, values: bytes) -> int:
    head = struct.pack(f"<H{len(name)}sB{len(shape)}I", len(name), name, len(shape), *shape)
    copy.write(head + struct.pack("<BI", kind, len(values)))
    copy.write(values)
    return 1


def _take(source: BinaryIO, form: str) -> int:
    (value,) = struct.unpack(f"<{form}", _read(source, struct.calcsize(f"<{form}")))
    return int(value)


def _string(source: BinaryIO) -> bytes:
    return _read(source, _take(source, "H"))


def _read(source: BinaryIO, n_bytes: int) -> bytes:
    found = source.read(n_bytes)
    if len(found) < n_bytes:
        raise _OtherFormatError
    return found
