"""Read any recording a rep has into 16 kHz mono, and say what is wrong with the file.

One decoder, libav through PyAV, reads every format, so that all files are treated alike; it goes by a
file's content, never by its name. Bit errors that a format can notice (FLAC and Ogg carry checksums)
are noticed.

Conventions
-----------
* Where sound is missing *inside* a file, silence of the same length takes its place, so that times stay
  right; what is missing at its end is not made up. Both are told in `Recording.warnings`, but for
  less than 0.1 s in all that a busy browser dropped from a WebM.
* Time 0 is the first sound that the file wants played: the run-in that MP3, AAC and Opus encoders put
  before it is dropped as the file asks. A bare AAC stream (ADTS) cannot ask; its first frame is dropped,
  for no encoder's run-in is shorter. Its other run-in, about 20 ms with some encoders, stays.
* Bare streams (ADTS, AMR, GSM, MP3 without a Xing header) do not say how long they are: cut off between
  two frames, they look whole. So do WebM from a live recorder or with pictures, and RF64. Nor can
  damage inside be noticed where any bytes make sound: PCM, mu-law, GSM, AMR.
* Several channels become one by `mix_down`.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from voicecheck.audio.containers import (
    CUT_MIN_S,
    PROTECTED_TAGS,
    UNREADABLE,
    Nameless,
    declared_s,
    has_frame_count,
    ogg_end_missing,
    seconds_of,
    share_present,
    why_not_readable,
)
from voicecheck.audio.formats import AMR_DECODERS, BARE, FORMATS
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording, Source
from voicecheck.audio.timeline import Timeline, too_long_error
from voicecheck.errors import DecodeError, InputError

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is opened: ten minutes of 48 kHz stereo in 32 bits, and some more."""

MAX_DURATION_S = 600.0
"""The longest recording that is decoded, in seconds."""

_DROPPED_MIN_S = 0.1  # what a busy recorder drops between frames; less in all is shorter than any digit


def read_recording(
    path: Path | str,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_duration_s: float = MAX_DURATION_S,
) -> Recording:
    """Decode one file.

    Parameters
    ----------
    path : Path
        The file, in any format that libav reads as sound.
    name : str, optional
        What to call it in messages and in the result; its own name unless given.
    max_bytes : int
        A larger file is not opened.
    max_duration_s : float
        A longer recording is refused: by its header if that tells, else as soon as it has run that long.

    Returns
    -------
    Recording
        Its `warnings` say in plain sentences if the file is cut short or damaged.

    Raises
    ------
    InputError
        If there is no such file, it may not be read, or it is over a limit.
    DecodeError
        If it holds no sound that can be decoded.
    """
    path = Path(path)
    name = path.name if name is None else name
    with _open(path, name, max_bytes) as file:
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return _decode(file, name=name, sha256=sha256, limit_s=max_duration_s)
        except UNREADABLE as error:
            raise DecodeError(f"{name}: {why_not_readable(file)}") from error


def _open(path: Path, name: str, max_bytes: int) -> BufferedReader:
    """Open a file for reading, or say in one line why not."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise InputError(f"{path} is a folder; name a recording in it, or use voicecheck batch")
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path} is not a regular file; save the recording to a file first")
        if found.st_size == 0:
            raise DecodeError(f"{name}: the file is empty (0 bytes); record or copy it again")
        if found.st_size > max_bytes:
            size, limit = f"{found.st_size / 1e6:.1f} MB", f"{max_bytes / 1e6:.1f} MB"
            raise InputError(f"{name}: {size} is over the limit of {limit}; cut it, or save it as MP3")
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}; check the name") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read; ask its owner for permission") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _decode(file: BufferedReader, *, name: str, sha256: str, limit_s: float) -> Recording:
    """Decode an open file that libav is expected to know."""
    present = share_present(file)
    counted = present is not None or has_frame_count(file)
    file.seek(0)
    options = {"format_whitelist": FORMATS}
    with av.open(Nameless(file), "r", options=options, metadata_errors="ignore") as container:
        kind = container.format.name
        if not container.streams:
            raise DecodeError(f"{name}: {why_not_readable(file)}")
        stream = _audio_stream(container, name)
        promised_s = declared_s(container, stream, counted=counted)
        if promised_s is not None and promised_s > limit_s + CUT_MIN_S:
            raise too_long_error(name, limit_s)
        line = Timeline(name=name, limit_s=limit_s, horizon_s=promised_s or limit_s)
        share_decoded = _decode_stream(container, stream, line)
        codec = stream.codec_context.codec.canonical_name
    samples = line.finish()
    expected_s = promised_s
    if present is not None and present < 1.0:
        expected_s = promised_s = line.read_s / present  # libav tells what is there, not what should be
    elif kind in BARE and promised_s is None and line.n_breaks > line.broken:
        expected_s = line.read_s / share_decoded
    # A WAV file written as a stream may end with anything.
    breaks_off = line.broken and expected_s is None and kind != "wav"
    breaks_off = breaks_off or (kind == "ogg" and ogg_end_missing(file))
    return Recording(
        samples=samples,
        source=Source(
            name=name,
            sha256=sha256,
            duration_s=len(samples) / SAMPLE_RATE_HZ,
            declared_duration_s=promised_s,
            sample_rate_hz=line.sample_rate_hz,
            channels=line.n_channels,
            codec=codec,
        ),
        warnings=tuple(_warnings(line, expected_s, breaks_off=breaks_off, live="matroska" in kind)),
    )


def _audio_stream(container: InputContainer, name: str) -> AudioStream:
    """Find the audio track to decode, ready to report every error in it."""
    stream = container.streams.best("audio")
    if not isinstance(stream, AudioStream):
        raise DecodeError(f"{name}: the file has no audio track; export the sound and try again")
    codec = stream.codec_context
    if codec is not None and codec.codec_tag in PROTECTED_TAGS:
        raise DecodeError(
            f"{name}: the file is protected (DRM) and cannot be decoded; record the message again"
        )
    if codec is None:
        raise DecodeError(f"{name}: no decoder for its audio track; save the message as WAV, MP3 or M4A")
    return stream


def _decoder(stream: AudioStream) -> AudioCodecContext:
    """Choose the decoder for a track, and how strict it is to be."""
    codec = stream.codec_context
    better = AMR_DECODERS.get(codec.codec.canonical_name)
    if better is not None and better in av.codecs_available:
        rate_hz, chosen = codec.sample_rate, av.CodecContext.create(better, "r")
        assert isinstance(chosen, AudioCodecContext)
        codec = chosen
        codec.sample_rate = rate_hz
        codec.layout = "mono"
    # Only FLAC's checksums can be relied on: there are whole MP3s with wrong ones.
    strict = {"err_detect": "crccheck+explode"} if codec.name == "flac" else {}
    codec.options = {"flags": "bitexact", **strict}
    return codec


def _decode_stream(container: InputContainer, stream: AudioStream, line: Timeline) -> float:
    """Put every frame of a track on the time line; return the share of the file's bytes that decoded."""
    codec = _decoder(stream)
    bare = container.format.name in BARE
    run_in = 1 if container.format.name == "aac" else 0
    origin_s: float | None = None
    n_bytes_before = n_bytes_decoded = 0
    for packet in _packets(container, stream, line):
        if n_bytes_decoded == 0 and packet.pos:
            n_bytes_before = packet.pos
        try:
            frames = codec.decode(packet)
        except av.FFmpegError:
            bytes_per_s = n_bytes_decoded / line.read_s if bare and line.read_s else None
            line.lose(_lost_s(packet, bytes_per_s))
            if origin_s is None and packet.pts is not None:
                origin_s = max(0.0, seconds_of(packet.pts, packet.time_base))
            continue
        n_bytes_decoded += packet.size
        for frame in frames:
            if run_in:
                run_in -= 1
                continue
            stamp_s = None if frame.pts is None else seconds_of(frame.pts, frame.time_base)
            origin_s = stamp_s if origin_s is None else origin_s
            if bare:
                at_s: float | None = line.now_s + line.owed_s
            else:
                at_s = None if stamp_s is None or origin_s is None else stamp_s - origin_s
            line.place(frame, at_s)
    return min(1.0, n_bytes_decoded / max(1, container.size - n_bytes_before))


def _lost_s(packet: Packet[AudioStream], bytes_per_s: float | None) -> float:
    """How much sound was in a packet that failed, in seconds.

    A bare stream's damaged stretch comes as one packet; its bytes tell how many frames it held.
    """
    if not packet.duration:
        return 0.0
    frame_s = seconds_of(packet.duration, packet.time_base)
    return frame_s * (max(1, round(packet.size / bytes_per_s / frame_s)) if bytes_per_s else 1)


def _packets(container: InputContainer, stream: AudioStream, line: Timeline) -> Iterator[Packet[AudioStream]]:
    """Read packets up to the end, or to where the container breaks."""
    try:
        yield from container.demux(stream)
    except UNREADABLE:
        line.lose(0.0)


def _warnings(line: Timeline, expected_s: float | None, *, breaks_off: bool, live: bool) -> Iterator[str]:
    """Tell what is wrong with a file that could be read in part."""
    n_inside = line.n_breaks - line.broken
    if not (live and line.dropped_s < _DROPPED_MIN_S):
        n_inside += line.n_dropped
    if expected_s is not None and expected_s - line.now_s > CUT_MIN_S:
        state = "damaged" if n_inside else "cut short"
        yield f"the file is {state}: {line.now_s:.1f} s of {expected_s:.1f} s could be read"
    elif breaks_off:
        yield f"the file breaks off after {line.now_s:.1f} s: it may be cut short"
    if n_inside:
        places = "one place" if n_inside == 1 else f"{n_inside} places"
        lost = f"{line.missing_s:.2f} s could not be read and counts as silence"
        yield f"the file is damaged in {places}: {lost}"
    if line.n_not_sound:
        yield f"{line.n_not_sound} samples are not numbers or far beyond full scale, and count as silence"


def file_sha256(path: Path) -> str | None:
    """Hash a file's bytes; None for what the decoder would not open, which then says why."""
    from voicecheck.audio.decode import MAX_BYTES

    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or not 0 < found.st_size <= MAX_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
