"""What a file's own bytes promise, read by hand where libav does not tell.

A file may hold several recordings, one behind the other (`Part`): whoever joins two files byte by byte gets
one that players read to half. A format whose header is read here is one function in `READERS`.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BufferedReader

from voicecheck.audio import chunks
from voicecheck.audio.formats import known_by_its_head
from voicecheck.audio.parts import TAG, DamagedError, Part, View, next_head

_MAX_BOXES = 100_000  # two a fragment, and a phone writes a fragment a second

_MAX_PARTS = 100

BEYOND_USE = "the file is damaged or cut short, no sound can be read from it; copy or record it again"


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
        if n_bytes < 8 or not TAG.fullmatch(kind):
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
    stop = next_head(view, start + 4, [mark])
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
    "aiff": chunks.aiff,
    "amr": partial(_stream, mark=b"#!AMR"),
    "asf": _asf,
    "au": _au,
    "caf": chunks.caf,
    "flac": partial(_stream, mark=b"fLaC\0\0\0\x22"),
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
