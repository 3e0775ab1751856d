"""What a file's own bytes promise, read by hand where libav does not tell.

A file may hold several recordings, one behind the other (`FilePart`): whoever joins two files byte by byte
gets one that players read to half. A format whose header is read here is one function in `READERS`.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BufferedReader

from voicecheck.audio import chunks
from voicecheck.audio.formats import known_by_its_head
from voicecheck.audio.parts import PLAYERS_TAGS, TAG, DamagedError, FilePart, View, next_head, rest

_MAX_BOXES = 100_000  # two a fragment, and a phone writes a fragment a second

_MAX_PARTS = 100

_MAX_BAD_PAGES = 10_000  # of Ogg, a third of those in ten minutes of the shortest ones

_MAX_BLOCKS = 1000  # of FLAC, before its sound

BEYOND_USE = "the file is damaged or cut short, no sound can be read from it; copy or record it again"


def parts_of(file: BufferedReader) -> list[FilePart]:
    """Find the recordings in a file, one behind the other.

    Parameters
    ----------
    file : BufferedReader
        Open for reading bytes.

    Returns
    -------
    list of FilePart
        In the order of the file; none for an empty one.

    Raises
    ------
    DamagedError
        If the header of the first leads to no sound, or there are too many.
    """
    size = os.fstat(file.fileno()).st_size
    whole = View(file, [range(size)])
    parts: list[FilePart] = []
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


def _whole(view: View, start: int) -> FilePart:
    return FilePart(view=view.cut(start, view.size), stop=view.size)


_AU_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}  # of a sample, by its encoding


def _au(view: View, start: int) -> FilePart:
    head = view.at(start, 24)
    if len(head) < 24:
        raise DamagedError
    _, offset, n_bytes, encoding, rate_hz, n_channels = struct.unpack(">6I", head)
    bytes_per_s = _AU_BYTES.get(encoding, 0) * rate_hz * n_channels
    if n_bytes == 0xFFFF_FFFF or not bytes_per_s:
        return _whole(view, start)
    end = start + offset + n_bytes
    more = rest(view, end)
    return FilePart(
        view=view.cut(start, max(end, more.stop)),
        stop=next_head(view, end),
        promised_s=(n_bytes + len(more)) / bytes_per_s,
        big_endian=True,
        uncounted_s=len(more) / bytes_per_s,
    )


def _mp4(view: View, start: int) -> FilePart:
    """Walk from box to box: a second file type begins another file, and a fragment may be cut off."""
    at = start
    kinds: set[bytes] = set()
    last, broken = b"", False
    for _ in range(_MAX_BOXES):
        head = view.at(at, 16)
        n_bytes, kind = struct.unpack_from(">I4s", head) if len(head) >= 8 else (0, head[4:8])
        if n_bytes == 1 and len(head) == 16:
            n_bytes = struct.unpack_from(">Q", head, 8)[0]
        elif n_bytes == 0 and kind:
            n_bytes = view.size - at  # the last one
        if kind == b"ftyp" and b"moov" in kinds:
            break
        if n_bytes < 8 or not TAG.fullmatch(kind):
            broken = any(head)
            break
        if at + n_bytes > view.size:
            broken = True
            break
        kinds.add(last := kind)
        at += n_bytes
    first = view.at(start, 4096)
    fragmented = b"moof" in kinds or b"mvex" in first  # the index announces them
    # This writer puts a list of the fragments at the end; others may not, and their end cannot be told.
    unlisted = b"mfra" not in kinds and b"Lavf" in first
    stop = next_head(view, at) if b"moov" in kinds else view.size  # without an index it is no recording
    shown = at if fragmented and broken and kind != b"mdat" else stop  # libav stumbles over half a fragment
    return FilePart(
        view=view.cut(start, shown),
        stop=stop,
        breaks_off=fragmented and (broken or last == b"moof" or unlisted),
    )


def _ogg(view: View, start: int) -> FilePart:
    """Walk from page to page, each with a checksum; one that is wrong is left out by whoever decodes."""
    at = start
    n_damaged, n_bad, sound_began, late_start = 0, 0, False, False
    good, ended = True, False
    while at < view.size:
        head = view.at(at, 27 + 255)
        n_segments = head[26] if len(head) > 26 else 0
        n_bytes = 27 + n_segments + sum(head[27 : 27 + n_segments])
        page = view.at(at, n_bytes)
        was_good, good = good, head[:4] == b"OggS" and len(page) == n_bytes and _ogg_sum_is_right(page)
        if good and sound_began and page[5] & 2:  # the first page of another recording
            break
        if good:
            ended = bool(page[5] & 4)
            sound_began = sound_began or any(page[6:14])  # pages of headers are at time 0
            at += n_bytes
            continue
        if ended and _next_page(view, at) == view.size:
            good = True  # what stands behind the end is not Ogg
            break
        n_damaged, n_bad = n_damaged + was_good, n_bad + 1
        if n_bad > _MAX_BAD_PAGES:
            raise DamagedError
        late_start = late_start or not sound_began
        at = _next_page(view, at + 1)
    stop = next_head(view, at)
    return FilePart(
        view=view.cut(start, at if good else stop),
        stop=stop,
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


def _asf(view: View, start: int) -> FilePart:
    """Find how long a Windows Media file is, in bytes and in seconds."""
    head = view.at(start, 0x1_0000)
    at = head.find(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    if at < 0 or len(head) < at + 92:
        raise DamagedError
    n_bytes, _, _, plays, _, preroll_ms, flags = struct.unpack_from("<QQQQQQI", head, at + 40)
    if flags & 1:  # sent as it was made: nothing was counted
        return _whole(view, start)
    stop = next_head(view, start + n_bytes)
    return FilePart(
        view=view.cut(start, stop),
        stop=stop,
        promised_s=max(0.0, plays / 1e7 - preroll_ms / 1e3) or None,
        breaks_off=start + n_bytes > view.size,
    )


_AMR_BYTES = {
    b"#!AMR\n": (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1),
    b"#!AMR-WB\n": (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1),
}
"""Bytes of a frame by its type; there is no frame of the types of 0."""


def _amr(view: View, start: int) -> FilePart:
    """Walk from frame to frame: a head that cannot be one shows where bytes are missing, or too many."""
    part = _up_to_the_next(view, start, start + len(b"#!AMR"))
    data = view.at(start, part.stop - start)
    mark = data[: data.find(b"\n") + 1]
    at, damaged = len(mark), mark not in _AMR_BYTES
    while at < len(data) and not damaged:
        n_bytes = _AMR_BYTES[mark][data[at] >> 3 & 15]
        damaged = bool(data[at] & 0x83) or not n_bytes
        at += n_bytes
    return replace(part, n_damaged=int(damaged), breaks_off=at > len(data))


def _flac(view: View, start: int) -> FilePart:
    """Pass over what stands before the frames: a program that came from WAV may keep its head there."""
    at = start + 4
    for _ in range(_MAX_BLOCKS):
        kind, n_bytes = struct.unpack(">B3s", view.at(at, 4).ljust(4, b"\x80"))
        at += 4 + int.from_bytes(n_bytes, "big")
        if kind & 0x80:
            break
    return _up_to_the_next(view, start, at)


def _matroska(view: View, start: int) -> FilePart:
    """Pass over all that the file counts; where a live recorder counted nothing, over what comes first."""
    head_bytes, at = _ebml_size(view, start + 4)
    n_bytes, at = _ebml_size(view, at + head_bytes + 4)
    return _up_to_the_next(view, start, at + (n_bytes or max(0, view.at(at, 0x1_0000).find(b"\x1fC\xb6u"))))


def _ebml_size(view: View, at: int) -> tuple[int, int]:
    """Read how many bytes an element of Matroska has (0 if they were not counted), and where they begin."""
    first = view.at(at, 1) or b"\xff"
    n_bytes = 9 - first[0].bit_length()
    most = (1 << 7 * n_bytes) - 1
    told = int.from_bytes(view.at(at, n_bytes), "big") & most
    return (0 if told == most else told), at + n_bytes


def _up_to_the_next(view: View, start: int, at: int) -> FilePart:
    stop = next_head(view, at)
    return FilePart(view=view.cut(start, stop), stop=stop)


_FRAME = re.compile(rb"\xff[\xe0-\xff]|[\xd0-\xdf]")  # MP3 and ADTS, GSM


def _mp3(view: View, start: int) -> FilePart:
    """Whether an MP3 starts with a frame that counts the others; a tag may stand before other kinds, too."""
    head, at = view.at(start, 10), start
    if head[:3] == b"ID3":
        tag_bytes = 0
        for seven_bits in head[6:]:
            tag_bytes = tag_bytes << 7 | seven_bits & 0x7F
        at += len(head) + tag_bytes
        if form := known_by_its_head(view.at(at, 64)):
            return READERS[form.demuxer](view, at)
    first = view.at(at, 4096)
    counted = any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))
    frames = first.lstrip(b"\0")
    begins_late = not _FRAME.match(frames) and not frames.startswith(PLAYERS_TAGS)
    return replace(_up_to_the_next(view, start, at), counted=counted, begins_late=begins_late)


READERS: dict[str, Callable[[View, int], FilePart]] = {
    "aiff": chunks.aiff,
    "amr": _amr,
    "asf": _asf,
    "au": _au,
    "caf": chunks.caf,
    "flac": _flac,
    "matroska": _matroska,
    "mov": _mp4,
    "mp3": _mp3,
    "ogg": _ogg,
    "w64": chunks.wav,
    "wav": chunks.wav,
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
