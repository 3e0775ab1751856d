"""Recordings on disk, each under the hash of its bytes, with a copy that any browser can play.

The copy is 16 kHz mono WAV, the very samples that were judged, so that its times are the card's times and a
browser can jump anywhere in it; a browser's own WebM has no index, and no browser plays GSM or AMR.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from voicecheck.errors import InputError
from voicecheck.web.errors import DiskFullError, TooLargeError, TooSlowError

FREE_MIN_BYTES = 256 * 1024 * 1024
"""With less room on the disk nothing is taken in."""


DRIP_AFTER_S, DRIP_BYTES_PER_S = 15.0, 512
"""An upload that has brought fewer bytes a second by then drips in to hold a place."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that has arrived whole, and lies under a passing name."""

    path: Path
    sha256: str
    n_bytes: int


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """The folder of recordings.

    Parameters
    ----------
    folder : Path
        Made when first needed, for its owner alone.
    """

    folder: Path

    def original(self, sha256: str) -> Path:
        """Where the bytes are that were sent.

        Parameters
        ----------
        sha256 : str
            Of its bytes.

        Returns
        -------
        Path
            Whether it is there or not.
        """
        return self.folder / sha256[:2] / sha256

    def playable(self, sha256: str) -> Path:
        """Where the copy for the browser is.

        Parameters
        ----------
        sha256 : str
            Of the bytes that were sent.

        Returns
        -------
        Path
            Whether it is there or not.
        """
        return self.original(sha256).with_suffix(".wav")

    async def receive(
        self, chunks: AsyncIterator[bytes], *, max_bytes: int, idle_s: float, max_s: float
    ) -> Upload:
        """Write a stream to disk while it arrives.

        Parameters
        ----------
        chunks : AsyncIterator[bytes]
            As the request brings them.
        max_bytes : int
            A larger stream is broken off.
        idle_s, max_s : float
            A stream that brings nothing for so long, or takes so long in all, is broken off.

        Returns
        -------
        Upload
            With its hash, under a passing name.

        Raises
        ------
        TooLargeError
            As soon as more than `max_bytes` have come.
        TooSlowError
            If nothing comes for `idle_s`, or the whole has not come after `max_s`.
        InputError
            If nothing came at all.
        DiskFullError
            If there is no room.
        """
        path = self._incoming / uuid.uuid4().hex
        try:
            self._make_room()
            with path.open("xb") as file:
                digest, n_bytes = hashlib.sha256(), 0
                async for chunk in _timely(chunks, idle_s=idle_s, max_s=max_s):
                    n_bytes += len(chunk)
                    if n_bytes > max_bytes:
                        raise TooLargeError(f"the file is larger than {max_bytes / 2**20:g} MiB")
                    digest.update(chunk)
                    file.write(chunk)
                if not n_bytes:
                    raise InputError("the file is empty")
                file.flush()
                await to_thread.run_sync(os.fsync, file.fileno())
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise DiskFullError(f"the recording cannot be kept: {error.strerror}") from error
            raise
        return Upload(path=path, sha256=digest.hexdigest(), n_bytes=n_bytes)

    def keep(self, upload: Upload) -> None:
        """Give an upload its lasting name.

        Parameters
        ----------
        upload : Upload
            Whole.
        """
        target = self.original(upload.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        upload.path.replace(target)
        _sync_folder(target.parent)

    def remove(self, sha256: str) -> None:
        """Delete a recording and its copy.

        Parameters
        ----------
        sha256 : str
            Of the bytes that were sent; no message may have them any more.
        """
        self.original(sha256).unlink(missing_ok=True)
        self.playable(sha256).unlink(missing_ok=True)

    def sweep_incoming(self) -> None:
        """Delete what was arriving when the server last stopped; nobody was told that it had arrived."""
        for path in self._incoming.glob("*"):
            path.unlink(missing_ok=True)

    def all_hashes(self) -> set[str]:
        """List the recordings that are there; also those of which only the copy is left."""
        return {path.stem for path in self.folder.glob("[0-9a-f][0-9a-f]/*")}

    def originals(self) -> set[str]:
        """List the recordings whose bytes are there as they were sent."""
        return {path.name for path in self.folder.glob("[0-9a-f][0-9a-f]/*") if not path.suffix}

    @property
    def _incoming(self) -> Path:
        return self.folder / "incoming"

    def _make_room(self) -> None:
        for folder in (self.folder, self._incoming):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._incoming).free < FREE_MIN_BYTES:
            raise DiskFullError("the server's disk is full; ask whoever runs it to make room")


async def _timely(chunks: AsyncIterator[bytes], *, idle_s: float, max_s: float) -> AsyncIterator[bytes]:
    """Pass chunks on, and lose patience."""
    began_s, n_bytes = time.monotonic(), 0
    ends = began_s + max_s
    while True:
        patience_s = min(idle_s, ends - time.monotonic())
        try:
            async with asyncio.timeout(patience_s):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise TooSlowError("the upload took too long; try again on a better line") from error
        n_bytes += len(chunk)
        passed_s = time.monotonic() - began_s
        if passed_s > DRIP_AFTER_S and n_bytes < DRIP_BYTES_PER_S * passed_s:
            raise TooSlowError("the upload took too long; try again on a better line")
        yield chunk


def _sync_folder(folder: Path) -> None:
    """Make a new name last through a power cut, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
