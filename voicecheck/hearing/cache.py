"""Readings kept on disk, so that nothing is listened to twice.

A reading is found by its key: the SHA-256 of the audio and of everything that shaped what was heard in it
(`Listener.reading_key`). Each is one small JSON file, written under a passing name and then moved into place,
so that a run that is killed, or another one beside it, never leaves half a reading. A file that cannot be
read as one is taken for absent and written again.

Readings hold transcripts: the folder is its owner's alone (mode 0700).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voicecheck.errors import EngineError
from voicecheck.files import write_atomically
from voicecheck.hearing.hearing import Hearing, from_json, to_json


@dataclass(frozen=True, kw_only=True)
class ReadingCache:
    """A folder of readings.

    Parameters
    ----------
    folder : Path
        Made when the first reading is kept.
    """

    folder: Path

    def get(self, key: str) -> Hearing | None:
        """Find a reading; None if there is none, or none that can be read.

        Parameters
        ----------
        key : str
            As `Listener.reading_key` gives it.

        Returns
        -------
        Hearing or None
            As it was kept.
        """
        try:
            return from_json(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, hearing: Hearing) -> None:
        """Keep a reading; a disk that is full or locked costs time later, not the result now.

        Parameters
        ----------
        key : str
            As `Listener.reading_key` gives it.
        hearing : Hearing
            Without encoder output.
        """
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomically(self._path(key), to_json(hearing))

    def files(self) -> list[Path]:
        """List what is kept."""
        return sorted(self.folder.glob("??/*.json"))

    def clear(self) -> int:
        """Delete all that is kept.

        Returns
        -------
        int
            How many readings that were.

        Raises
        ------
        EngineError
            If one cannot be deleted.
        """
        kept = self.files()
        try:
            for file in kept:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise EngineError(f"{file}: cannot be deleted: {error.strerror}") from error
        return len(kept)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def default_cache() -> ReadingCache:
    """Name the user's own cache: the platform's folder, or the one in `VOICECHECK_CACHE`."""
    from voicecheck.files import cache_folder

    return ReadingCache(folder=cache_folder() / "readings")
