"""What a file's header promises, and what is there."""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from io import BufferedReader

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from voicecheck.audio.formats import DECLARING

UNREADABLE = (av.FFmpegError, OSError)  # a damaged file can send libav to a place before its start

PROTECTED_TAGS = {"drms", "enca", "aavd"}

_MAX_CHUNKS = 1000  # before the sound, in WAV and CAF

CUT_MIN_S = 0.1  # encoders pad, muxers round: a smaller difference from the header says nothing


class Nameless:
    """A file without its name, which libav would take for a hint at the format."""

    def __init__(self, file: BufferedReader) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def why_not_readable(file: BufferedReader) -> str:
    """Tell what is wrong with a file that libav refuses."""
    file.seek(0)
    head = file.read(12)
    if head[4:8] == b"ftyp":
        return (
            "the file is cut short (an m4a, mp4 or 3gp without the index at its end); copy or record it again"
        )
    if head[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM", b".snd", b"\x1aE\xdf\xa3") or head[:5] == b"#!AMR":
        return "the file is damaged or cut short, no sound can be read from it; copy or record it again"
    return "this is not audio that can be read; save the message as WAV, MP3 or M4A"


def _size(file: BufferedReader) -> int:
    return os.fstat(file.fileno()).st_size


def declared_s(container: InputContainer, stream: AudioStream, *, counted: bool) -> float | None:
    """Seconds of sound by the file's own header; None if it does not say and libav had to guess."""
    kind = set(container.format.name.split(","))
    declaring = bool(kind & DECLARING) or (bool(kind & {"caf", "mp3", "wav"}) and counted)
    if stream.duration and (declaring or "mov" in kind):
        return seconds_of(stream.duration, stream.time_base)
    # With several tracks, Matroska tells the longest one's duration.
    if container.duration and (declaring or ("matroska" in kind and len(container.streams) == 1)):
        return container.duration / av.time_base
    return None


def seconds_of(ticks: int, tick_s: Fraction | None) -> float:
    """Convert libav's counted time, which always comes with its unit."""
    assert tick_s is not None
    return float(ticks * tick_s)


def has_frame_count(file: BufferedReader) -> bool:
    """Whether an MP3 starts with a frame that counts the others."""
    file.seek(0)
    head = file.read(10)
    if head[:3] == b"ID3":
        tag_bytes = 0
        for seven_bits in head[6:10]:
            tag_bytes = tag_bytes << 7 | seven_bits & 0x7F
        file.seek(10 + tag_bytes)
    start = head + file.read(4096)
    return any(mark in start for mark in (b"Xing", b"Info", b"VBRI"))


def share_present(file: BufferedReader) -> float | None:
    """How much of the data it promises a WAV or CAF file holds; None if it makes no promise."""
    file.seek(0)
    head = file.read(12)
    if head[:4] == b"RIFF":
        layout, chunk_align = "<4sI", 2
    elif head[:4] == b"caff":
        layout, chunk_align = ">4sq", 1
        file.seek(8)
    else:
        return None
    size = _size(file)
    for _ in range(_MAX_CHUNKS):
        chunk = file.read(struct.calcsize(layout))
        if len(chunk) < struct.calcsize(layout):
            return None
        kind, n_bytes = struct.unpack(layout, chunk)
        if kind == b"data":
            # Written as a stream, before the length was known; programs then put one of these.
            streamed = n_bytes <= 0 or n_bytes >= 0x7FFF_0000
            return None if streamed else min(1.0, (size - file.tell()) / n_bytes)
        if not 0 <= n_bytes <= size:
            return None
        file.seek(n_bytes + n_bytes % chunk_align, os.SEEK_CUR)
    return None


def ogg_end_missing(file: BufferedReader) -> bool:
    """Whether an Ogg file lacks the page that marks its end."""
    file.seek(max(0, _size(file) - 0x1_0000))  # a page is smaller
    tail = file.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return True
    n_bytes = 27 + page[26] + sum(page[27 : 27 + page[26]])
    return len(page) < n_bytes or not page[5] & 4
