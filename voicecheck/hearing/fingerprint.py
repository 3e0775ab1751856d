"""What shapes a hearing, as one number: where it is the same, nothing is listened to again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voicecheck.version import __version__

LIBRARIES = ("av", "ctranslate2", "faster-whisper", "onnxruntime", "phonenumbers", "soundfile", "soxr")
"""Whose versions may change what is heard."""

FOLDERS = ("audio", "speech", "numbers", "linetest", "hearing")
"""Of the package, those that shape what is heard; the others judge, report, store or serve."""


def fingerprint(chosen: Mapping[str, Any], files: Mapping[str, Path]) -> str:
    """Hash everything but the audio and the region that shapes a hearing.

    The code is among it: the version of voicecheck and of the libraries that listen, and the package's own
    source, so that a change in it is never overlooked.

    Parameters
    ----------
    chosen : mapping of str to Any
        The engine and the hashes of its weights, as plain data.
    files : mapping of str to Path
        Our own weights by what they are for.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    OSError
        If one of the files cannot be read.
    """
    shaped_by = {
        **chosen,
        **{name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "voicecheck": [__version__, _source_sha256()],
    }
    return hashlib.sha256(json.dumps(shaped_by).encode()).hexdigest()


def _source_sha256() -> str:
    """Hash the package's own source as far as it shapes what is heard."""
    package = Path(__file__).parents[1]
    sources = [path for folder in FOLDERS for path in package.joinpath(folder).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted([*sources, package / "english.py", package / "timing.py"]):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
