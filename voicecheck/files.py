"""Whole writes, locks, names as they are shown, and the folder for what can be made again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unicodedata import category

from voicecheck.errors import EngineError

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of Unicode: control and format characters, lone surrogates, ends of lines and paragraphs."""


def cache_folder() -> Path:
    """Name the folder in which voicecheck keeps what it can make again."""
    if chosen := os.environ.get("VOICECHECK_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    try:
        return user_cache_path("voicecheck", appauthor=False)
    except RuntimeError:  # a user without a home: nothing is kept
        return Path(os.devnull, "voicecheck")


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or nothing, whatever happens meanwhile; makes the folder.

    Parameters
    ----------
    path : Path
        Replaced if it is there.
    text : str
        Written as `encoded` does.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_bytes(encoded(text))
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def read_at_most(path: Path, max_bytes: int) -> bytes:
    """Read a file, but no more of it than anybody wants: a device may have no end.

    Parameters
    ----------
    path : Path
        A file, a pipe, a device.
    max_bytes : int
        How much.

    Returns
    -------
    bytes
        One more than `max_bytes` where there are more.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(max_bytes + 1)


def encoded(text: str) -> bytes:
    r"""Write a text in UTF-8, with a stand-in for what a file's name holds that is no text.

    A byte of a name that is no UTF-8 is a lone surrogate in Python; it is written as an escape such as
    ``\udce9``, which a JSON text keeps without loss and other texts show.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    bytes
        UTF-8.
    """
    return text.encode("utf-8", errors="backslashreplace")


def printable(text: str) -> str:
    r"""Show a text in one line: what would move the cursor or turn the text is written as an escape.

    Parameters
    ----------
    text : str
        Such as a name from a stranger.

    Returns
    -------
    str
        The same but for characters of the categories `UNSEEN`.

    Examples
    --------
    >>> print(printable("call\n2\x1b[2J.wav"))
    call\n2\x1b[2J.wav
    """
    return "".join(ascii(each)[1:-1] if category(each) in UNSEEN else each for each in text)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder until this process ends, however it ends.

    Parameters
    ----------
    folder : Path
        Made if need be, for its owner alone.

    Raises
    ------
    EngineError
        If another process holds it, or it cannot be made.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / "serving", mode=0o600)
        lock.acquire(blocking=False)
    except Timeout:
        raise EngineError(f"another voicecheck serve uses the folder {folder}") from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EngineError(f"the folder {folder} cannot be used: {reason}") from error
    try:
        yield
    finally:
        lock.release()
