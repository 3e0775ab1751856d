"""One server a folder: two would hear the same messages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voicecheck.errors import EngineError


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder until this process ends, however it ends.

    Raises
    ------
    EngineError
        If another server holds it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / "serving", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise EngineError(f"the folder {folder} cannot be used: {error.strerror}") from error
    try:
        with suppress(ImportError):  # no fcntl on Windows: there the port is the only lock
            import fcntl

            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise EngineError(f"another voicecheck serve uses the folder {folder}") from None
        yield
    finally:
        os.close(descriptor)
