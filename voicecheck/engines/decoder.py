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
import os
import stat
import struct
from collections.abc import Iterator
from fractions import Fraction
from io import BufferedReader
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from voicecheck.audio import SAMPLE_RATE_HZ, Recording, Source
from voicecheck.errors import DecodeError, InputError

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is opened: ten minutes of 48 kHz stereo in 32 bits, and some more."""
MAX_DURATION_S = 600.0
"""The longest recording that is decoded, in seconds."""

# Demuxers that read one file and nothing else. Play lists and the like, which open further files or
# addresses, must stay out: a recording may come from a stranger.
_FORMATS = "aac,aiff,amr,au,caf,flac,gsm,matroska,mov,mp3,ogg,wav"
_BARE = {"aac", "amr", "gsm", "mp3"}  # frames and no clock: a time stamp only counts frames
_DECLARING = {"aiff", "au", "flac", "ogg"}  # headers say how long the sound is
# libav's own AMR decoders stop at the comfort noise that phones send in pauses; these know it.
_AMR_DECODERS = {"amr_nb": "libopencore_amrnb", "amr_wb": "libopencore_amrwb"}
_UNREADABLE = (av.FFmpegError, OSError)  # a damaged file can send libav to a place before its start
_PROTECTED_TAGS = {"drms", "enca", "aavd"}

_FULL_SCALE = {"u8": 2.0**7, "s16": 2.0**15, "s32": 2.0**31, "flt": 1.0, "dbl": 1.0}  # by sample format
_RATES_HZ = range(4_000, 192_001)
_MAX_CHANNELS = 6  # PyAV reads beyond the end of its list of planes from eight on
_MAX_CHUNKS = 1000  # before the sound, in WAV and CAF
_LOUDEST = 2.0**16  # a float file scaled like 16-bit samples stays below; anything more is no sound
_CUT_MIN_S = 0.1  # encoders pad, muxers round: a smaller difference from the header says nothing
_DROPPED_MIN_S = 0.1  # what a busy recorder drops between frames; less in all is shorter than any digit
_STAMP_SLACK_S = 0.025  # Vorbis and WebM time stamps wander by 10 ms in whole files
_STAMP_SLACK_BROKEN_S = 0.002


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
        except _UNREADABLE as error:
            raise DecodeError(f"{name}: {_why_not_readable(file)}") from error


def mix_down(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make one channel of several without losing a voice.

    The mean of the channels that carry sound: one 30 dB or more below the loudest, such as the unused
    side of a call recorder, would only halve the level. Channels in opposite phase cancel; when their
    mean falls 9 dB below the loudest, which needs a correlation under -0.7, the loudest is taken alone.

    Parameters
    ----------
    channels : np.ndarray, shape=(n_samples, n_channels), dtype=float32

    Returns
    -------
    np.ndarray, shape=(n_samples,), dtype=float32

    Examples
    --------
    >>> left = np.array([0.5, -0.5], dtype=np.float32)
    >>> mix_down(np.stack([left, 0 * left], axis=1)), mix_down(np.stack([left, -left], axis=1))
    (array([ 0.5, -0.5], dtype=float32), array([ 0.5, -0.5], dtype=float32))
    """
    power = np.array([_power(channel) for channel in channels.T])
    loudest = int(power.argmax())
    mean = channels[:, power >= 1e-3 * power[loudest]].mean(axis=1, dtype=np.float32)
    cancelled = _power(mean) < 0.125 * power[loudest]
    return channels[:, loudest].copy() if cancelled else mean


def _power(samples: NDArray[np.float32]) -> float:
    return float(np.square(samples, dtype=np.float64).sum())


# ---- the file ----


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


class _Nameless:
    """A file without its name, which libav would take for a hint at the format."""

    def __init__(self, file: BufferedReader) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


def _why_not_readable(file: BufferedReader) -> str:
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


# ---- what a header promises ----


def _declared_s(container: InputContainer, stream: AudioStream, *, counted: bool) -> float | None:
    """Seconds of sound by the file's own header; None if it does not say and libav had to guess."""
    kind = set(container.format.name.split(","))
    declaring = bool(kind & _DECLARING) or (bool(kind & {"caf", "mp3", "wav"}) and counted)
    if stream.duration and (declaring or "mov" in kind):
        return _seconds(stream.duration, stream.time_base)
    # With several tracks, Matroska tells the longest one's duration.
    if container.duration and (declaring or ("matroska" in kind and len(container.streams) == 1)):
        return container.duration / av.time_base
    return None


def _seconds(ticks: int, tick_s: Fraction | None) -> float:
    """Convert libav's counted time, which always comes with its unit."""
    assert tick_s is not None
    return float(ticks * tick_s)


def _has_frame_count(file: BufferedReader) -> bool:
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


def _share_present(file: BufferedReader) -> float | None:
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


def _ogg_end_missing(file: BufferedReader) -> bool:
    """Whether an Ogg file lacks the page that marks its end."""
    file.seek(max(0, _size(file) - 0x1_0000))  # a page is smaller
    tail = file.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return True
    n_bytes = 27 + page[26] + sum(page[27 : 27 + page[26]])
    return len(page) < n_bytes or not page[5] & 4


# ---- decoding ----


def _decode(file: BufferedReader, *, name: str, sha256: str, limit_s: float) -> Recording:
    """Decode an open file that libav is expected to know."""
    share_present = _share_present(file)
    counted = share_present is not None or _has_frame_count(file)
    file.seek(0)
    options = {"format_whitelist": _FORMATS}
    with av.open(_Nameless(file), "r", options=options, metadata_errors="ignore") as container:
        kind = container.format.name
        if not container.streams:
            raise DecodeError(f"{name}: {_why_not_readable(file)}")
        stream = _audio_stream(container, name)
        declared_s = _declared_s(container, stream, counted=counted)
        if declared_s is not None and declared_s > limit_s + _CUT_MIN_S:
            raise _too_long(name, limit_s)
        line = _Timeline(name=name, limit_s=limit_s, horizon_s=declared_s or limit_s)
        share_decoded = _decode_stream(container, stream, line)
        codec = stream.codec_context.codec.canonical_name
    samples = line.finish()
    expected_s = declared_s
    if share_present is not None and share_present < 1.0:
        expected_s = declared_s = line.read_s / share_present  # libav tells what is there, not what should be
    elif kind in _BARE and declared_s is None and line.n_breaks > line.broken:
        expected_s = line.read_s / share_decoded
    # A WAV file written as a stream may end with anything.
    breaks_off = line.broken and expected_s is None and kind != "wav"
    breaks_off = breaks_off or (kind == "ogg" and _ogg_end_missing(file))
    return Recording(
        samples=samples,
        source=Source(
            name=name,
            sha256=sha256,
            duration_s=len(samples) / SAMPLE_RATE_HZ,
            declared_duration_s=declared_s,
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
    if codec is not None and codec.codec_tag in _PROTECTED_TAGS:
        raise DecodeError(
            f"{name}: the file is protected (DRM) and cannot be decoded; record the message again"
        )
    if codec is None:
        raise DecodeError(f"{name}: no decoder for its audio track; save the message as WAV, MP3 or M4A")
    return stream


def _decoder(stream: AudioStream) -> AudioCodecContext:
    """Choose the decoder for a track, and how strict it is to be."""
    codec = stream.codec_context
    better = _AMR_DECODERS.get(codec.codec.canonical_name)
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


def _decode_stream(container: InputContainer, stream: AudioStream, line: _Timeline) -> float:
    """Put every frame of a track on the time line; return the share of the file's bytes that decoded."""
    codec = _decoder(stream)
    bare = container.format.name in _BARE
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
                origin_s = max(0.0, _seconds(packet.pts, packet.time_base))
            continue
        n_bytes_decoded += packet.size
        for frame in frames:
            if run_in:
                run_in -= 1
                continue
            stamp_s = None if frame.pts is None else _seconds(frame.pts, frame.time_base)
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
    frame_s = _seconds(packet.duration, packet.time_base)
    return frame_s * (max(1, round(packet.size / bytes_per_s / frame_s)) if bytes_per_s else 1)


def _packets(
    container: InputContainer, stream: AudioStream, line: _Timeline
) -> Iterator[Packet[AudioStream]]:
    """Read packets up to the end, or to where the container breaks."""
    try:
        yield from container.demux(stream)
    except _UNREADABLE:
        line.lose(0.0)


def _sound(frame: AudioFrame) -> NDArray[np.float32]:
    """Take the samples out of a frame: shape=(n_samples, n_channels), full scale 1.0."""
    table = frame.to_ndarray()
    table = table.T if frame.format.is_planar else table.reshape(-1, frame.layout.nb_channels)
    kind = frame.format.packed.name
    with np.errstate(over="ignore", invalid="ignore"):  # what is no number is told apart later
        return ((table - 128.0 * (kind == "u8")) / _FULL_SCALE[kind]).astype(np.float32)


class _Timeline:
    """Sound put where it belongs, at 16 kHz, with silence where some is missing."""

    def __init__(self, *, name: str, limit_s: float, horizon_s: float) -> None:
        self.name = name
        self.limit_s = limit_s
        self.horizon_s = horizon_s  # a stamp later than this is itself damaged
        self.read_s = 0.0
        self.missing_s = 0.0
        self.owed_s = 0.0
        self.n_breaks = 0
        self.n_dropped = 0
        self.dropped_s = 0.0  # missing though nothing failed to decode: it was never recorded
        self.n_not_sound = 0
        self.broken = False  # something was lost since the last frame
        self._runs: list[_Run] = []

    @property
    def now_s(self) -> float:
        """Where the next frame goes if nothing is missing."""
        return self.read_s + self.missing_s

    @property
    def sample_rate_hz(self) -> int:
        return self._runs[-1].rate_hz

    @property
    def n_channels(self) -> int:
        return max(run.n_channels for run in self._runs)

    def lose(self, seconds: float) -> None:
        """Note that something could not be decoded here, and how long it was as far as is known."""
        self.n_breaks += not self.broken
        self.broken = True
        self.owed_s += seconds

    def place(self, frame: AudioFrame, at_s: float | None) -> None:
        """Add a frame that belongs at `at_s`; None if the file does not tell."""
        if self.broken and at_s is None:
            return  # after damage only a stamp says where; until one comes, all counts as missing
        run = self._run(frame)
        block = _sound(frame)
        gap_s = 0.0 if at_s is None or at_s > self.horizon_s else at_s - self.now_s
        if gap_s > (_STAMP_SLACK_BROKEN_S if self.broken else _STAMP_SLACK_S):
            if not self.broken:
                self.n_dropped += 1
                self.dropped_s += gap_s
            self._be_silent(run, gap_s)
        self.broken, self.owed_s = False, 0.0
        not_sound = ~(np.abs(block) <= _LOUDEST)
        if not_sound.any():
            self.n_not_sound += int(not_sound.sum())
            block = np.where(not_sound, np.float32(0.0), block)
        self.read_s += len(block) / run.rate_hz
        self._check_limit()
        run.add(block)

    def finish(self) -> NDArray[np.float32]:
        """All samples, mixed to one channel."""
        if not self._runs or self.read_s == 0.0:
            raise DecodeError(
                f"{self.name}: the file holds no sound that can be decoded; record or copy it again"
            )
        return np.concatenate([mix_down(run.finish()) for run in self._runs])

    def _be_silent(self, run: _Run, seconds: float) -> None:
        self.missing_s += seconds
        self._check_limit()
        n_left = round(seconds * run.rate_hz)
        while n_left > 0:
            n_now = min(n_left, run.rate_hz)
            run.add(np.zeros((n_now, run.n_channels), dtype=np.float32))
            n_left -= n_now

    def _check_limit(self) -> None:
        if self.now_s > self.limit_s + _CUT_MIN_S:
            raise _too_long(self.name, self.limit_s)

    def _run(self, frame: AudioFrame) -> _Run:
        """Find the run that a frame belongs to; a file may change its sound midway."""
        rate_hz, n_channels = frame.sample_rate, frame.layout.nb_channels
        if self._runs and (self._runs[-1].rate_hz, self._runs[-1].n_channels) == (rate_hz, n_channels):
            return self._runs[-1]
        if rate_hz not in _RATES_HZ:
            raise DecodeError(f"{self.name}: a rate of {rate_hz} Hz is not usable; save it at 8 to 48 kHz")
        if n_channels not in range(1, _MAX_CHANNELS + 1):
            raise DecodeError(f"{self.name}: {n_channels} channels are not usable; save it as mono or stereo")
        if frame.format.packed.name not in _FULL_SCALE:
            raise DecodeError(f"{self.name}: {frame.format.name} samples are not usable; save it in 16 bits")
        self._runs.append(_Run(rate_hz, n_channels))
        return self._runs[-1]


class _Run:
    """A stretch of one sample rate and number of channels, resampled as it comes."""

    def __init__(self, rate_hz: int, n_channels: int) -> None:
        self.rate_hz = rate_hz
        self.n_channels = n_channels
        # VHQ computes in double precision: what machines round differently vanishes in float32.
        self._resampler = soxr.ResampleStream(
            rate_hz, SAMPLE_RATE_HZ, n_channels, dtype="float32", quality="VHQ"
        )
        self._pieces: list[NDArray[np.float32]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        self._pieces.append(
            self._resampler.resample_chunk(np.ascontiguousarray(block)).reshape(-1, self.n_channels)
        )

    def finish(self) -> NDArray[np.float32]:
        rest = np.zeros((0, self.n_channels), dtype=np.float32)
        self._pieces.append(self._resampler.resample_chunk(rest, last=True).reshape(-1, self.n_channels))
        return np.concatenate(self._pieces)


def _too_long(name: str, limit_s: float) -> InputError:
    return InputError(f"{name}: longer than the limit of {limit_s:g} s; cut it down to the message")


def _warnings(line: _Timeline, expected_s: float | None, *, breaks_off: bool, live: bool) -> Iterator[str]:
    """Tell what is wrong with a file that could be read in part."""
    n_inside = line.n_breaks - line.broken
    if not (live and line.dropped_s < _DROPPED_MIN_S):
        n_inside += line.n_dropped
    if expected_s is not None and expected_s - line.now_s > _CUT_MIN_S:
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
