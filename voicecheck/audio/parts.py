"""A file's bytes in pieces, and the recordings that stand in them one behind the other."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader

from voicecheck.audio.formats import FORMATS

CUT_MIN_S = 0.1
"""Encoders pad, muxers round: a smaller difference from the header says nothing."""

TAG = re.compile(rb"[ -~]{4}")
"""What names a chunk or a box."""


class DamagedError(Exception):
    """A header that leads nowhere."""


class View:
    """Pieces of a file as if they were a file, without the name, which libav would take for a hint.

    It never raises: what a library does with an exception in the middle of its work is to print it. A place
    before the start is refused with a negative number, as in C, and a disk that fails is kept in `error`.
    """

    def __init__(self, file: BufferedReader, pieces: Sequence[bytes | range]) -> None:
        self._file = file
        self._pieces = pieces
        self.size = sum(map(len, pieces))
        self.error: OSError | None = None
        self._place = 0

    def read(self, n_bytes: int = -1) -> bytes:
        """Read on; fewer bytes than asked for only at the end.

        Parameters
        ----------
        n_bytes : int
            How many; -1 for all that is left.

        Returns
        -------
        bytes
            What stands at the place that is read, at most so many.
        """
        data = self.at(self._place, self.size if n_bytes < 0 else n_bytes)
        self._place += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place.

        Parameters
        ----------
        offset : int
            In bytes.
        whence : int
            From the start, from here, or from the end, as `os` names them.

        Returns
        -------
        int
            The new place; -1, and nothing moves, before the start.
        """
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            return -1
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._place

    def at(self, start: int, n_bytes: int) -> bytes:
        """Read bytes of one place, and stay.

        Parameters
        ----------
        start : int
            The first byte's place in this view.
        n_bytes : int
            How many.

        Returns
        -------
        bytes
            Fewer where the view ends.
        """
        found = b""
        for piece in self._pieces:
            if start < len(piece) and n_bytes > 0:
                wanted = piece[start : start + n_bytes]
                data = wanted if isinstance(wanted, bytes) else self._from_file(wanted)
                found, n_bytes = found + data if found else data, n_bytes - len(data)
            start = max(0, start - len(piece))
        return found

    def _from_file(self, place: range) -> bytes:
        try:
            self._file.seek(place.start)
            return self._file.read(len(place))
        except OSError as error:
            self.error = error
            return b""

    def cut(self, start: int, stop: int) -> View:
        """A stretch of a file that is in one piece.

        Parameters
        ----------
        start, stop : int
            Places in the file, the second one not included.

        Returns
        -------
        View
            At its start.
        """
        return View(self._file, [range(start, stop)])

    def again(self) -> View:
        """The same, from its start."""
        return View(self._file, self._pieces)

    def joined(self, pieces: Sequence[bytes | range]) -> View:
        """Other pieces of the same file.

        Parameters
        ----------
        pieces : sequence of bytes or range
            Bytes as they are, or the places of bytes in the file, in the order in which they are to be read.

        Returns
        -------
        View
            At its start.
        """
        return View(self._file, pieces)


@dataclass(frozen=True, kw_only=True)
class FilePart:
    """One recording in a file.

    Parameters
    ----------
    view : View
        Its bytes, as a reader is to see them.
    stop : int
        Where in the file it ends.
    promised_s : float or None
        How long its sound is, by a header that was read by hand.
    counted : bool
        Whether the first frame of an MP3 counts the others, so that libav need not guess.
    n_damaged : int
        Places whose checksum fails.
    late_start : bool
        The first of them is where the sound begins.
    breaks_off : bool
        It lacks its end.
    begins_late : bool
        It begins in the middle of a frame: what came before is gone.
    big_endian : bool
        Its samples begin with their largest byte.
    n_odd_bytes : int
        Bytes that are there and not counted, less those that are counted and not there. One byte may put all
        samples behind it out of step.
    uncounted_s : float
        Sound that its header does not count, and that `view` shows all the same.
    """

    view: View
    stop: int
    promised_s: float | None = None
    counted: bool = False
    n_damaged: int = 0
    late_start: bool = False
    breaks_off: bool = False
    begins_late: bool = False
    big_endian: bool = False
    n_odd_bytes: int = 0
    uncounted_s: float = 0.0


_MISTAKABLE = {"au": b"", "mov": rb"\0\0[\s\S]{2}ftyp", "ogg": rb"OggS\0\x02"}
"""Kinds whose heads may stand anywhere, and what may not; a file of AU is never looked for."""

_HEADS = re.compile(b"|".join(head for each in FORMATS if (head := _MISTAKABLE.get(each.demuxer, each.head))))


def next_head(view: View, at: int) -> int:
    """Find where the next recording begins whose head cannot be mistaken.

    Parameters
    ----------
    view : View
        Of the whole file.
    at : int
        From which place on.

    Returns
    -------
    int
        Its place; the end of the file if there is none.
    """
    n_block, n_head = 1 << 20, 64
    for start in range(at, view.size, n_block):
        if found := _HEADS.search(view.at(start, n_block + n_head)):
            return start + found.start()
    return view.size


PLAYERS_TAGS = (b"TAG", b"ID3", b"APETAGEX")
"""What some programs put at the end of anything."""

_FILLING_MIN_BYTES = 16  # that are all the same


def rest(view: View, at: int) -> range:
    """Find what stands behind all that a recording counts, up to the next one.

    Parameters
    ----------
    view : View
        Of the whole file.
    at : int
        Where the recording ends by its own counts.

    Returns
    -------
    range
        Its place; empty if it is filling, or a tag, and no sound.
    """
    stop = next_head(view, at)
    seen = view.at(at, min(stop - at, 0x1_0000))
    filling = not seen.strip(seen[:1]) and (len(seen) > _FILLING_MIN_BYTES or seen[:1] == b"\0")
    return range(at, at if filling or seen.startswith(PLAYERS_TAGS) else stop)
