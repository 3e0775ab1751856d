"""Files made of chunks: WAV, Wave64, AIFF, CAF. What sound their headers count, and what stands behind it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from voicecheck.audio.formats import known_by_its_head
from voicecheck.audio.parts import CUT_MIN_S, TAG, DamagedError, FilePart, View, next_head, rest

_MAX_CHUNKS = 1000  # zeros look like empty ones, and would go on for ever

_STREAMED_BYTES = 0x7FFF_0000  # written before the length was known; programs put this or more, or zero


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

_TAILS_BYTES = 0x3000, 0x3_0000, 0x30_0000  # the shortest tells most, and may be silent

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
        if not TAG.fullmatch(found.kind):
            return
        yield found
        if found.n_bytes < 0:
            return
        at = _filled_up(view, found.stop, found.n_bytes, layout)


def _filled_up(view: View, stop: int, n_bytes: int, layout: _Layout) -> int:
    """Where the chunk after one of so many bytes begins; some programs forget to fill up."""
    n_filled = -n_bytes % layout.align
    return stop if view.at(stop, n_filled).strip(b"\0") else stop + n_filled


def _chunked(view: View, start: int, layout: _Layout, measure: Measure) -> FilePart:
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
        stop = next_head(view, sound.start)
        told = _counted_anew(view, start, before, [range(sound.start + layout.skips, stop)], layout)
        return FilePart(view=view.joined(told), stop=stop)
    counted = range(sound.start + layout.skips, sound.start + n_bytes)
    promised_s = measure(view, before, len(counted))
    more, stop = _behind(view, counted.stop, n_bytes, layout)
    n_more = sum(map(len, more))
    if n_more * (promised_s or 0.0) / len(counted) < CUT_MIN_S:
        n_odd_bytes = n_more - max(0, counted.stop - view.size)
        n_left = stop - counted.stop
        if not n_odd_bytes and _is_out_of_step(view, before[layout.form], counted, n_left):
            n_odd_bytes = n_left
        return FilePart(view=view.cut(start, stop), stop=stop, promised_s=promised_s, n_odd_bytes=n_odd_bytes)
    all_s = measure(view, before, len(counted) + n_more)  # some count samples too, and rightly
    assert promised_s is not None
    assert all_s is not None
    return FilePart(
        view=view.joined(_counted_anew(view, start, before, [counted, *more], layout)),
        stop=stop,
        promised_s=all_s,
        uncounted_s=max(0.0, all_s - promised_s),
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


def _behind(view: View, end: int, n_bytes: int, layout: _Layout) -> tuple[list[range], int]:
    """Find more sound behind the counted one, and where this recording ends."""
    more: list[range] = []
    at = end  # sound that goes on is not filled up
    for chunk in _chunks(view, _filled_up(view, end, n_bytes, layout), layout):
        if chunk.n_bytes < 0:
            break  # of an earlier place nothing is behind it
        if chunk.kind == layout.sound:
            more.append(range(chunk.start + layout.skips, min(chunk.stop, view.size)))
        elif chunk.stop > view.size and chunk.kind not in _NO_SOUND:
            break  # it only looked like one
        at = _filled_up(view, chunk.stop, chunk.n_bytes, layout)
    uncounted = rest(view, at)
    return [*more, uncounted] if uncounted else more, next_head(view, at)


def _counted_anew(
    view: View, start: int, before: Mapping[bytes, _Chunk], sounds: Sequence[range], layout: _Layout
) -> list[bytes | range]:
    """Lay out a file of the same form with all its sound in one chunk."""
    form, sound = before[layout.form], before[layout.sound]
    kind, _ = struct.unpack(layout.head, view.at(sound.start - layout.n_head, layout.n_head))
    n_bytes = layout.skips + sum(map(len, sounds)) + layout.n_head * layout.counts_itself
    return [
        re.sub(rb"\A(RF|BW)64", b"RIFF", view.at(start, layout.first)),  # those count in another chunk
        range(form.start - layout.n_head, form.stop + -form.n_bytes % layout.align),
        struct.pack(layout.head, kind, n_bytes),
        range(sound.start, sound.start + layout.skips),
        *sounds,
    ]


def wav(view: View, start: int) -> FilePart:
    """Read a WAV or Wave64 file.

    Parameters
    ----------
    view : View
        Of the whole file.
    start : int
        Where the recording begins in it.

    Returns
    -------
    FilePart
        Up to where it ends.

    Raises
    ------
    DamagedError
        If it has no chunk of sound.
    """
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


def aiff(view: View, start: int) -> FilePart:
    """Read an AIFF file.

    Parameters
    ----------
    view : View
        Of the whole file.
    start : int
        Where the recording begins in it.

    Returns
    -------
    FilePart
        Up to where it ends.

    Raises
    ------
    DamagedError
        If it has no chunk of sound.
    """
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


def caf(view: View, start: int) -> FilePart:
    """Read a CAF file.

    Parameters
    ----------
    view : View
        Of the whole file.
    start : int
        Where the recording begins in it.

    Returns
    -------
    FilePart
        Up to where it ends.

    Raises
    ------
    DamagedError
        If it has no chunk of sound.
    """
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
