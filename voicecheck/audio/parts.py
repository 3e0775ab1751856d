"""A file's bytes in pieces, and the recordings that stand in them one behind the other."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader

from voicecheck.audio.formats import known_by_its_head

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
class Part:
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
    big_endian: bool = False
    n_odd_bytes: int = 0
    uncounted_s: float = 0.0


_HEAD_MARKS = (b"RIFF", b"RF64", b"BW64", b"riff", b"FORM", b"caff", b"fLaC", b"#!AMR")


def next_head(view: View, at: int, marks: Sequence[bytes] = _HEAD_MARKS) -> int:
    """Find where the next recording begins whose head cannot be mistaken.

    Parameters
    ----------
    view : View
        Of the whole file.
    at : int
        From which place on.
    marks : sequence of bytes
        With which such heads begin.

    Returns
    -------
    int
        Its place; the end of the file if there is none.
    """
    n_block, n_head = 1 << 20, 64
    for start in range(at, view.size, n_block):
        data = view.at(start, n_block + n_head)
        found = min((place for mark in marks if (place := _head_in(data, mark, n_block)) >= 0), default=-1)
        if found >= 0:
            return start + found
    return view.size


def _head_in(data: bytes, mark: bytes, stop: int) -> int:
    """Where a head with this mark is; -1 if nowhere."""
    at = data.find(mark, 0, stop)
    while at >= 0 and not known_by_its_head(data[at : at + 64]):
        at = data.find(mark, at + 1, stop)
    return at
