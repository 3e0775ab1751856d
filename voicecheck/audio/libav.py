"""Any recording, read by libav through PyAV.

It is told to be strict where a format's checksums can be relied on, and what it cannot decode is noted on
the time line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from voicecheck.audio.containers import BEYOND_USE
from voicecheck.audio.formats import AMR_DECODERS, BARE, DECLARING, DEMUXERS
from voicecheck.audio.parts import FilePart, View
from voicecheck.audio.timeline import Timeline, check_channels
from voicecheck.errors import DecodeError

UNREADABLE = (av.FFmpegError, OSError)  # a damaged file can send libav to a place before its start

_PROTECTED_TAGS = {"drms", "enca", "aavd"}

_BY_HAND = {"caf", "w64", "wav"}  # where libav takes what is there for what should be

_FULL_SCALE = {"u8": 2.0**7, "s16": 2.0**15, "s32": 2.0**31, "flt": 1.0, "dbl": 1.0}  # by sample format

_FAINT = 1e-3  # of the loudest track's power, -30 dB: nobody speaks in this one


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """What was found in a recording besides its sound.

    Parameters
    ----------
    codec : str
        As libav names it.
    promised_s : float or None
        How long the file says it is.
    expected_s : float or None
        How long it should be, told or reckoned.
    breaks_off : bool
        It stops where it should go on, at an unknown distance from its end.
    live : bool
        From a recorder that may drop a moment when it is busy.
    n_tracks : int
        Tracks that carry sound; one was read.
    trimmed_s : float
        Sound that the file holds and tells players to leave out.
    """

    codec: str
    promised_s: float | None
    expected_s: float | None
    breaks_off: bool = False
    live: bool = False
    n_tracks: int = 1
    trimmed_s: float = 0.0


def decode(part: FilePart, line: Timeline) -> Decoded:
    """Put the sound of a recording on the time line.

    Parameters
    ----------
    part : FilePart
        Where its bytes are, and what its header promises.
    line : Timeline
        Takes the sound.

    Returns
    -------
    Decoded
        What the decoder found wrong, and what the file is.

    Raises
    ------
    DecodeError
        If it has no track that can be decoded.
    InputError
        If it is too long, by its header or when it has run that long.
    """
    with _opened(part.view) as container:
        kind = container.format.name
        tracks = _tracks(container, line.name)
        sounding = [0] if len(tracks) == 1 else _sounding_tracks(part.view, len(tracks), line)
        stream = tracks[sounding[0]]
        promised_s = part.promised_s
        if promised_s is None:
            promised_s = _declared_s(container, stream, counted=part.counted)
        start_s, n_inside_before = line.now_s, line.n_breaks
        line.check_limit(promised_s or 0.0)
        line.horizon_s = start_s + (promised_s or line.limit_s)
        share = _decode_track(container, stream, line, origin_s=0.0 if part.late_start else None)
        codec = stream.codec_context.codec.canonical_name
        trimmed_s = _trimmed_s(part.view, sounding[0], promised_s) if "mov" in kind else 0.0
    expected_s = promised_s
    n_inside = line.n_breaks - line.broken - n_inside_before
    if kind in BARE and promised_s is None and n_inside > 0:
        expected_s = (line.now_s - start_s) / share
    # A WAV file written as a stream may end with anything.
    breaks_off = line.broken and expected_s is None and kind != "wav"
    return Decoded(
        codec=codec,
        promised_s=promised_s,
        expected_s=expected_s,
        breaks_off=part.breaks_off or breaks_off,
        live="matroska" in kind,
        n_tracks=len(sounding),
        trimmed_s=trimmed_s,
    )


def _opened(view: View, **options: str) -> InputContainer:
    return av.open(view, "r", options={"format_whitelist": DEMUXERS, **options}, metadata_errors="ignore")


def _tracks(container: InputContainer, name: str) -> list[AudioStream]:
    """Find the audio tracks that can be decoded, libav's own choice first."""
    if not container.streams:
        raise DecodeError(f"{name}: {BEYOND_USE}")
    tracks = [stream for stream in container.streams.audio if isinstance(stream, AudioStream)]
    if not tracks:
        raise DecodeError(f"{name}: the file has no audio track; export the sound and try again")
    usable = [stream for stream in tracks if stream.codec_context is not None]
    if any(_tag(stream.codec_context) in _PROTECTED_TAGS for stream in usable):
        raise DecodeError(
            f"{name}: the file is protected (DRM) and cannot be decoded; record the message again"
        )
    if not usable:
        raise DecodeError(f"{name}: no decoder for its audio track; save the message as WAV, MP3 or M4A")
    best = container.streams.best("audio")
    return sorted(usable, key=lambda stream: best is None or stream.index != best.index)


def _tag(codec: AudioCodecContext) -> str:
    """The four letters of a codec; in WAV it is a number, which PyAV cannot always show as letters."""
    try:
        return str(codec.codec_tag)
    except UnicodeDecodeError:
        return ""


def _sounding_tracks(view: View, n_tracks: int, line: Timeline) -> list[int]:
    """Find the tracks that carry sound, by their place in `_tracks`; the first alone if none does."""
    powers = [_power(view.again(), each, line) for each in range(n_tracks)]
    return [each for each in range(n_tracks) if powers[each] > _FAINT * max(powers)] or [0]


def _power(view: View, track: int, line: Timeline) -> float:
    """Mean square of a track, as far as it decodes."""
    n_samples, energy = 1, 0.0
    with _opened(view) as container:
        stream = _tracks(container, line.name)[track]
        codec = _decoder(stream)
        try:
            for packet in container.demux(stream):
                for frame in codec.decode(packet):
                    block = np.nan_to_num(_sound(frame, line.name), posinf=0.0, neginf=0.0)
                    n_samples += len(block)
                    energy += float(np.square(block).sum())
                if n_samples > line.limit_s * codec.sample_rate:
                    break
        except UNREADABLE:
            pass
    return energy / n_samples


def _declared_s(container: InputContainer, stream: AudioStream, *, counted: bool) -> float | None:
    """Seconds of sound by the file's own header; None if it does not say and libav had to guess."""
    kind = set(container.format.name.split(","))
    if kind & _BY_HAND:
        return None
    declaring = bool(kind & DECLARING) or ("mp3" in kind and counted)
    if stream.duration and (declaring or "mov" in kind):
        return _seconds_of(stream.duration, stream.time_base)
    # With several tracks, Matroska tells the longest one's duration.
    if container.duration and (declaring or ("matroska" in kind and len(container.streams) == 1)):
        return container.duration / av.time_base
    return None


def _trimmed_s(view: View, track: int, promised_s: float | None) -> float:
    """Seconds of a track that an edit list leaves out: whoever trims on a phone cuts nothing away."""
    with _opened(view.again(), ignore_editlist="1") as container:
        stream = _tracks(container, "")[track]
        whole_s = _declared_s(container, stream, counted=False)
    return max(0.0, (whole_s or 0.0) - (promised_s or whole_s or 0.0))


def _seconds_of(ticks: int, tick_s: Fraction | None) -> float:
    """Convert libav's counted time, which always comes with its unit."""
    assert tick_s is not None
    return float(ticks * tick_s)


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


def _decode_track(
    container: InputContainer, stream: AudioStream, line: Timeline, origin_s: float | None
) -> float:
    """Put every frame of a track on the time line; return the share of its bytes that decoded."""
    codec = _decoder(stream)
    bare = container.format.name in BARE
    run_in = 1 if container.format.name == "aac" else 0
    start_s = line.now_s
    n_bytes_before = n_bytes_decoded = 0
    for packet in _packets(container, stream, line):
        if n_bytes_decoded == 0 and packet.pos:
            n_bytes_before = packet.pos
        try:
            frames = codec.decode(packet)
        except av.FFmpegError:
            read_s = line.read_s
            bytes_per_s = n_bytes_decoded / read_s if bare and read_s else None
            line.lose(_lost_s(packet, bytes_per_s))
            if origin_s is None and packet.pts is not None:
                origin_s = max(0.0, _seconds_of(packet.pts, packet.time_base))
            continue
        n_bytes_decoded += packet.size
        for frame in frames:
            if run_in:
                run_in -= 1
                continue
            stamp_s = None if frame.pts is None else _seconds_of(frame.pts, frame.time_base)
            origin_s = stamp_s if origin_s is None else origin_s
            if bare:
                at_s: float | None = line.now_s + line.owed_s
            else:
                at_s = None if stamp_s is None or origin_s is None else start_s + stamp_s - origin_s
            line.place(_sound(frame, line.name), frame.sample_rate, at_s)
    return min(1.0, n_bytes_decoded / max(1, container.size - n_bytes_before))


def _sound(frame: AudioFrame, name: str) -> NDArray[np.float32]:
    """Take the samples out of a frame: shape=(n_samples, n_channels), full scale 1.0."""
    kind = frame.format.packed.name
    n_channels = frame.layout.nb_channels
    if kind not in _FULL_SCALE:
        raise DecodeError(f"{name}: {frame.format.name} samples are not usable; save it in 16 bits")
    check_channels(n_channels, name)
    table = frame.to_ndarray()
    table = table.T if frame.format.is_planar else table.reshape(-1, n_channels)
    with np.errstate(over="ignore", invalid="ignore"):  # what is no number is told apart later
        return ((table - 128.0 * (kind == "u8")) / _FULL_SCALE[kind]).astype(np.float32)


def _lost_s(packet: Packet[AudioStream], bytes_per_s: float | None) -> float:
    """How much sound was in a packet that failed, in seconds.

    A bare stream's damaged stretch comes as one packet; its bytes tell how many frames it held.
    """
    if not packet.duration:
        return 0.0
    frame_s = _seconds_of(packet.duration, packet.time_base)
    return frame_s * (max(1, round(packet.size / bytes_per_s / frame_s)) if bytes_per_s else 1)


def _packets(container: InputContainer, stream: AudioStream, line: Timeline) -> Iterator[Packet[AudioStream]]:
    """Read packets up to the end, or to where the container breaks."""
    try:
        yield from container.demux(stream)
    except UNREADABLE:
        line.lose(0.0)
