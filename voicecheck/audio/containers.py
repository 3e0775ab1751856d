"""What a file's own bytes promise, read by hand where libav does not tell.

A file may hold several recordings, one behind the other (`Part`): whoever joins two files byte by byte gets
one that players read to half. A format whose header is read here is one function in `READERS`.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader

import numpy as np

from voicecheck.audio.formats import known_by_its_head

CUT_MIN_S = 0.1
"""Encoders pad, muxers round: a smaller difference from the header says nothing."""

_MAX_CHUNKS = 1000  # zeros look like empty ones, and would go on for ever

_MAX_BOXES = 100_000  # two a fragment, and a phone writes a fragment a second

_MAX_PARTS = 100

BEYOND_USE = "the file is damaged or cut short, no sound can be read from it; copy or record it again"

_STREAMED_BYTES = 0x7FFF_0000  # written before the length was known; programs put this or more, or zero


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


def parts_of(file: BufferedReader) -> list[Part]:
    """Find the recordings in a file, one behind the other.

    Parameters
    ----------
    file : BufferedReader
        Open for reading bytes.

    Returns
    -------
    list of Part
        In the order of the file; none for an empty one.

    Raises
    ------
    DamagedError
        If the header of the first leads to no sound, or there are too many.
    """
    size = os.fstat(file.fileno()).st_size
    whole = View(file, [range(size)])
    parts: list[Part] = []
    start = 0
    while start < size and len(parts) < _MAX_PARTS:
        form = known_by_its_head(whole.at(start, 64))
        if form is None and parts:
            break  # something, but no recording
        read = READERS.get(form.demuxer if form else "mp3", _whole)
        try:
            parts.append(read(whole, start))
        except DamagedError:
            if not parts:
                raise
            break
        start = parts[-1].stop
    if len(parts) == _MAX_PARTS and start < size:
        raise DamagedError
    if whole.error is not None:
        raise whole.error
    return parts


def _whole(view: View, start: int) -> Part:
    return Part(view=view.cut(start, view.size), stop=view.size)


# ---- files made of chunks: WAV, Wave64, AIFF, CAF ----


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """Where chunks begin, what stands before each, what it is filled up to, and which holds the sound."""

    first: int
    head: str
    align: int
    form: bytes
    sound: bytes
    skips: int = 0  # bytes of that chunk before the first sample
    counts_itself: bool = False

    @property
    def n_head(self) -> int:
        return struct.calcsize(self.head)


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    kind: bytes
    start: int  # of what is in it
    n_bytes: int

    @property
    def stop(self) -> int:
        return self.start + self.n_bytes


_RIFF = _Layout(first=12, head="<4sI", align=2, form=b"fmt ", sound=b"data")
_W64 = _Layout(first=40, head="<16sq", align=8, form=b"fmt ", sound=b"data", counts_itself=True)
_AIFF = _Layout(first=12, head=">4sI", align=2, form=b"COMM", sound=b"SSND", skips=8)
_CAF = _Layout(first=8, head=">4sq", align=1, form=b"desc", sound=b"data", skips=4)

_TAG = re.compile(rb"[ -~]{4}")

_NO_SOUND = {
    b"LIST",
    b"bext",
    b"id3 ",
    b"ID3 ",
    b"iXML",
    b"axml",
    b"_PMX",
    b"JUNK",
    b"free",
    b"NAME",
    b"ANNO",
}
"""Chunks that often stand behind the sound; one that is cut off is still no sound."""

_PLAYERS_TAGS = (b"TAG", b"ID3", b"APETAGEX")  # which some programs put at the end of anything

_TAILS_BYTES = 0x3000, 0x3_0000, 0x30_0000  # the shortest tells most, and may be silent

_FILLING_MIN_BYTES = 16  # that are all the same

Measure = Callable[[View, Mapping[bytes, _Chunk], int], float | None]
"""How long so many bytes of sound are, in seconds, by the chunks before them; None if those do not tell."""


def _chunks(view: View, at: int, layout: _Layout) -> Iterator[_Chunk]:
    """Walk from chunk to chunk, as far as they look like some."""
    for _ in range(_MAX_CHUNKS):
        head = view.at(at, layout.n_head)
        if len(head) < layout.n_head or known_by_its_head(view.at(at, 64)):
            return
        kind, n_bytes = struct.unpack(layout.head, head)
        found = _Chunk(
            kind=kind[:4], start=at + layout.n_head, n_bytes=n_bytes - layout.n_head * layout.counts_itself
        )
        if not _TAG.fullmatch(found.kind):
            return
        yield found
        if found.n_bytes < 0:
            return
        at = _filled_up(view, found.stop, found.n_bytes, layout)


def _filled_up(view: View, stop: int, n_bytes: int, layout: _Layout) -> int:
    """Where the chunk after one of so many bytes begins; some programs forget to fill up."""
    n_filled = -n_bytes % layout.align
    return stop if view.at(stop, n_filled).strip(b"\0") else stop + n_filled


def _chunked(view: View, start: int, layout: _Layout, measure: Measure) -> Part:
    """Read a file of chunks: the sound that its header counts, and any behind that."""
    before: dict[bytes, _Chunk] = {}
    for chunk in _chunks(view, start + layout.first, layout):
        before.setdefault(chunk.kind, chunk)
        if chunk.kind == layout.sound:
            break
    if layout.form not in before or layout.sound not in before:
        raise DamagedError
    sound = before[layout.sound]
    n_bytes = _counted_elsewhere(view, before) if sound.n_bytes == 0xFFFF_FFFF else sound.n_bytes
    if n_bytes <= layout.skips or (n_bytes >= _STREAMED_BYTES and layout.align == 2):
        stop = _next_head(view, sound.start)
        return Part(view=view.cut(start, stop), stop=stop)
    counted = range(sound.start + layout.skips, sound.start + n_bytes)
    promised_s = measure(view, before, len(counted))
    more, stop = _behind(view, _filled_up(view, counted.stop, n_bytes, layout), layout)
    uncounted_s = sum(map(len, more)) * (promised_s or 0.0) / len(counted)
    if uncounted_s < CUT_MIN_S:
        n_odd_bytes = sum(map(len, more)) - max(0, counted.stop - view.size)
        n_left = stop - counted.stop
        if not n_odd_bytes and _is_out_of_step(view, before[layout.form], counted, n_left):
            n_odd_bytes = n_left
        return Part(view=view.cut(start, stop), stop=stop, promised_s=promised_s, n_odd_bytes=n_odd_bytes)
    assert promised_s is not None
    return Part(
        view=view.joined(_counted_anew(view, start, before, [counted, *more], layout)),
        stop=stop,
        promised_s=promised_s + uncounted_s,
        uncounted_s=uncounted_s,
    )


def _is_out_of_step(view: View, form: _Chunk, counted: range, n_left: int) -> bool:
    """Whether sound came in between, so that all behind it is read from the wrong byte of each sample.

    What was pushed out at the end may be zeros, as a program may put there anyway; so it goes by the sound:
    from sample to sample the highest byte hardly changes, and the others jump.
    """
    told = view.at(form.start, 16)
    width = int.from_bytes(told[14:16], "little") // 8
    if told[:2] not in (b"\1\0", b"\xfe\xff") or width not in (2, 3, 4) or not 0 < n_left < width:
        return False
    for n_bytes in _TAILS_BYTES:
        n_read = min(len(counted), n_bytes) // width * width
        tail = np.frombuffer(view.at(counted.stop - n_read, n_read), dtype=np.int8).astype(np.int32)
        columns = (tail[at % width :: width] for at in (width - 1, width - 1 + n_left))
        as_read, otherwise = (float(np.abs(np.diff(column)).sum()) for column in columns)
        if otherwise < 0.25 * as_read:
            return True
    return False


def _counted_elsewhere(view: View, before: Mapping[bytes, _Chunk]) -> int:
    """Bytes of sound in an RF64 file, which may be too many for the usual place; 0 if it does not say."""
    told = view.at(before[b"ds64"].start + 8, 8) if b"ds64" in before else b""
    return int(struct.unpack("<Q", told)[0]) if len(told) == 8 else 0


def _behind(view: View, at: int, layout: _Layout) -> tuple[list[range], int]:
    """Find more sound behind the counted one, and where this recording ends."""
    more: list[range] = []
    for chunk in _chunks(view, at, layout):
        if chunk.kind == layout.sound:
            more.append(range(chunk.start + layout.skips, min(chunk.stop, view.size)))
        elif chunk.stop > view.size and chunk.kind not in _NO_SOUND:
            break  # it only looked like one
        at = _filled_up(view, chunk.stop, chunk.n_bytes, layout)
    stop = _next_head(view, at)
    rest = view.at(at, min(stop - at, 0x1_0000))
    filling = not rest.strip(rest[:1]) and (len(rest) > _FILLING_MIN_BYTES or rest[:1] == b"\0")
    if rest and not filling and not rest.startswith(_PLAYERS_TAGS):
        more.append(range(at, stop))
    return more, stop


def _counted_anew(
    view: View, start: int, before: Mapping[bytes, _Chunk], sounds: Sequence[range], layout: _Layout
) -> list[bytes | range]:
    """Lay out a file of the same form with all its sound in one chunk."""
    form, sound = before[layout.form], before[layout.sound]
    kind, _ = struct.unpack(layout.head, view.at(sound.start - layout.n_head, layout.n_head))
    n_bytes = layout.skips + sum(map(len, sounds)) + layout.n_head * layout.counts_itself
    return [
        range(start, start + layout.first),
        range(form.start - layout.n_head, form.stop + -form.n_bytes % layout.align),
        struct.pack(layout.head, kind, n_bytes),
        range(sound.start, sound.start + layout.skips),
        *sounds,
    ]


_HEAD_MARKS = (b"RIFF", b"RF64", b"BW64", b"riff", b"FORM", b"caff", b"fLaC", b"#!AMR")


def _next_head(view: View, at: int, marks: Sequence[bytes] = _HEAD_MARKS) -> int:
    """Where the next recording begins whose head cannot be mistaken; the end of the file if none does."""
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


def _wav(view: View, start: int) -> Part:
    layout = _W64 if view.at(start, 4) == b"riff" else _RIFF
    return _chunked(view, start, layout, _wav_s)


_PLAIN_TAGS = {
    0x0001,
    0x0003,
    0x0006,
    0x0007,
    0xFFFE,
}  # whole numbers, floating point, A-law, mu-law, told elsewhere


def _wav_s(view: View, before: Mapping[bytes, _Chunk], n_bytes: int) -> float | None:
    form = view.at(before[b"fmt "].start, 16)
    if len(form) < 16:
        return None
    tag, _, rate_hz, bytes_per_s, n_together, _ = struct.unpack("<HHIIHH", form)
    if tag in _PLAIN_TAGS:
        return n_bytes / (n_together * rate_hz) if n_together and rate_hz else None
    by_rate_s: float | None = n_bytes / bytes_per_s if bytes_per_s else None
    counted = view.at(before[b"fact"].start, 4) if b"fact" in before else b""
    counted_s = float(struct.unpack("<I", counted)[0]) / rate_hz if len(counted) == 4 and rate_hz else 0.0
    if by_rate_s is None:
        return counted_s or None
    # Encoders count samples here that cannot be told from bytes; others write nonsense.
    return counted_s if 0.4 * by_rate_s < counted_s < 2.5 * by_rate_s else by_rate_s


def _aiff(view: View, start: int) -> Part:
    part = _chunked(view, start, _AIFF, _aiff_s)
    return replace(part, big_endian=b"sowt" not in view.at(start, 128))


_PLAIN_AIFF = {
    b"NONE",
    b"sowt",
    b"twos",
    b"fl32",
    b"FL32",
    b"fl64",
    b"ulaw",
    b"ULAW",
    b"alaw",
    b"ALAW",
    b"in24",
    b"in32",
    b"GSM ",
}


def _aiff_s(view: View, before: Mapping[bytes, _Chunk], n_bytes: int) -> float | None:
    form = view.at(before[b"COMM"].start, 22)
    coded = before[b"COMM"].n_bytes >= 22 and form[18:22] not in _PLAIN_AIFF
    if len(form) < 18 or coded:
        return None
    _, n_samples, _, power, mantissa = struct.unpack(">hIhHQ", form[:18])
    rate_hz = mantissa * 2.0 ** (power - 16383 - 63) if 16383 <= power < 16383 + 32 else 0.0
    return n_samples / rate_hz if rate_hz else None


def _caf(view: View, start: int) -> Part:
    part = _chunked(view, start, _CAF, _caf_s)
    return replace(part, big_endian=not view.at(start + 35, 1)[0] & 2)


def _caf_s(view: View, before: Mapping[bytes, _Chunk], n_bytes: int) -> float | None:
    form = view.at(before[b"desc"].start, 32)
    if len(form) < 32:
        return None
    rate_hz, _, _, packet_bytes, packet_samples, _, _ = struct.unpack(">d4sIIIII", form)
    if not (4_000 <= rate_hz <= 192_000):
        return None
    if packet_bytes and packet_samples:
        return float(n_bytes / packet_bytes * packet_samples / rate_hz)
    told = view.at(before[b"pakt"].start + 8, 8) if b"pakt" in before else b""
    return float(struct.unpack(">q", told)[0] / rate_hz) if len(told) == 8 else None


# ---- others ----


_AU_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}  # of a sample, by its encoding


def _au(view: View, start: int) -> Part:
    head = view.at(start, 24)
    if len(head) < 24:
        raise DamagedError
    _, offset, n_bytes, encoding, rate_hz, n_channels = struct.unpack(">6I", head)
    bytes_per_s = _AU_BYTES.get(encoding, 0) * rate_hz * n_channels
    if n_bytes == 0xFFFF_FFFF or not bytes_per_s:
        return _whole(view, start)
    end = start + offset + n_bytes
    stop = end if known_by_its_head(view.at(end, 64)) else view.size
    return Part(
        view=view.cut(start, stop),
        stop=stop,
        promised_s=max(n_bytes, stop - start - offset) / bytes_per_s,
        big_endian=True,
    )


def _mp4(view: View, start: int) -> Part:
    """Walk from box to box: a second file type begins another file, and a fragment may be cut off."""
    at, stop = start, view.size
    kinds: list[bytes] = []
    broken = False
    for _ in range(_MAX_BOXES):
        head = view.at(at, 16)
        n_bytes, kind = struct.unpack_from(">I4s", head) if len(head) >= 8 else (0, head[4:8])
        if n_bytes == 1 and len(head) == 16:
            n_bytes = struct.unpack_from(">Q", head, 8)[0]
        elif n_bytes == 0 and kind:
            n_bytes = view.size - at  # the last one
        if kind == b"ftyp" and b"moov" in kinds:
            stop = at
            break
        if n_bytes < 8 or not _TAG.fullmatch(kind):
            broken = any(head)
            break
        if at + n_bytes > view.size:
            broken = True
            break
        kinds.append(kind)
        at += n_bytes
    fragmented = b"moof" in kinds
    # This writer puts a list of the fragments at the end; others may not, and their end cannot be told.
    unlisted = b"mfra" not in kinds and b"Lavf" in view.at(start, 4096)
    shown = at if fragmented and broken and kind != b"mdat" else stop  # libav stumbles over half a fragment
    return Part(
        view=view.cut(start, shown),
        stop=stop,
        breaks_off=fragmented and (broken or kinds[-1] == b"moof" or unlisted),
    )


def _ogg(view: View, start: int) -> Part:
    """Walk from page to page, each with a checksum; one that is wrong is left out by whoever decodes."""
    at = start
    n_damaged, sound_began, late_start = 0, False, False
    good, ended = True, False
    while at < view.size:
        head = view.at(at, 27 + 255)
        n_segments = head[26] if len(head) > 26 else 0
        n_bytes = 27 + n_segments + sum(head[27 : 27 + n_segments])
        page = view.at(at, n_bytes)
        was_good, good = good, head[:4] == b"OggS" and len(page) == n_bytes and _ogg_sum_is_right(page)
        if good:
            ended = bool(page[5] & 4)
            sound_began = sound_began or any(page[6:14])  # pages of headers are at time 0
            at += n_bytes
            continue
        if ended and _next_page(view, at) == view.size:
            good = True  # what stands behind the end is not Ogg
            break
        n_damaged += was_good
        late_start = late_start or not sound_began
        at = _next_page(view, at + 1)
    return Part(
        view=view.cut(start, view.size),
        stop=view.size,
        n_damaged=n_damaged - (not good),  # at the very end it only breaks off
        late_start=late_start,
        breaks_off=not good or not ended,
    )


def _next_page(view: View, at: int) -> int:
    """Where the next page of an Ogg file begins; the end of the file if there is none."""
    n_block = 1 << 16
    for start in range(at, view.size, n_block):
        found = view.at(start, n_block + 3).find(b"OggS")
        if found >= 0:
            return start + found
    return view.size


_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _ogg_sum_is_right(page: bytes) -> bool:
    """Whether a page has the checksum that it says: the one of zlib, read from the other end of each byte."""
    blank = page[:22] + bytes(4) + page[26:]
    found = zlib.crc32(blank.translate(_TURNED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return found.to_bytes(4, "big").translate(_TURNED) == page[22:26]


def _asf(view: View, start: int) -> Part:
    """Find how long a Windows Media file is, in bytes and in seconds."""
    head = view.at(start, 0x1_0000)
    at = head.find(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    if at < 0 or len(head) < at + 92:
        raise DamagedError
    n_bytes, _, _, plays, _, preroll_ms, flags = struct.unpack_from("<QQQQQQI", head, at + 40)
    if flags & 1:  # sent as it was made: nothing was counted
        return _whole(view, start)
    stop = start + n_bytes if known_by_its_head(view.at(start + n_bytes, 64)) else view.size
    return Part(
        view=view.cut(start, stop),
        stop=stop,
        promised_s=max(0.0, plays / 1e7 - preroll_ms / 1e3) or None,
        breaks_off=start + n_bytes > view.size,
    )


def _stream(view: View, start: int, *, mark: bytes) -> Part:
    """A stream of frames behind a head that cannot be mistaken; more of its kind may follow."""
    stop = _next_head(view, start + 4, [mark])
    return Part(view=view.cut(start, stop), stop=stop)


def _mp3(view: View, start: int) -> Part:
    """Whether an MP3 starts with a frame that counts the others."""
    head = view.at(start, 10)
    tag_bytes = 0
    if head[:3] == b"ID3":
        for seven_bits in head[6:10]:
            tag_bytes = tag_bytes << 7 | seven_bits & 0x7F
    first = head + view.at(start + 10 + tag_bytes, 4096)
    counted = any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))
    return Part(view=view.cut(start, view.size), stop=view.size, counted=counted)


READERS: dict[str, Callable[[View, int], Part]] = {
    "aiff": _aiff,
    "amr": partial(_stream, mark=b"#!AMR"),
    "asf": _asf,
    "au": _au,
    "caf": _caf,
    "flac": partial(_stream, mark=b"fLaC\0\0\0\x22"),
    "mov": _mp4,
    "mp3": _mp3,
    "ogg": _ogg,
    "w64": _wav,
    "wav": _wav,
}


def why_not_readable(head: bytes) -> str:
    """Tell what is wrong with a file that no reader takes, by its first bytes.

    Parameters
    ----------
    head : bytes
        Its first bytes, a hundred or so.

    Returns
    -------
    str
        A phrase to go behind the file's name.
    """
    if head[4:8] == b"ftyp":
        return (
            "the file is cut short (an m4a, mp4 or 3gp without the index at its end); copy or record it again"
        )
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "this is a video (AVI), which is not read; save its sound as WAV, MP3 or M4A"
    if known_by_its_head(head) or head[:4] in (b"RIFF", b"fLaC", b"FORM", b"caff", b"\x1aE\xdf\xa3"):
        return BEYOND_USE
    return "this is not audio that can be read; save the message as WAV, MP3 or M4A"
