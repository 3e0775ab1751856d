"""Whole writes, and the folder for what can be made again."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def cache_folder() -> Path:
    """Name the folder in which voicecheck keeps what it can make again."""
    if chosen := os.environ.get("VOICECHECK_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("voicecheck", appauthor=False)


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or nothing, whatever happens meanwhile; makes the folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
