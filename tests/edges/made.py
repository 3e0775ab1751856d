"""Files of every kind, made here with a known sound in them.

They hold pips: a tone of 0.25 s at half scale, half a second into every second, each at another pitch, over
faint noise. `heard_at` says when each pip starts.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ

N_PIPS = 6
LENGTH_S = float(N_PIPS)
FIRST_PIP_S = 0.5
Samples = NDArray[np.float32]


def pitch_hz(pip: int) -> float:
    return 300.0 + 80.0 * pip


def pips(rate_hz: int) -> Samples:
    time_s = np.arange(round(LENGTH_S * rate_hz)) / rate_hz
    sound = 0.005 * np.random.default_rng(7).standard_normal(len(time_s))
    for pip in range(N_PIPS):
        since_s = time_s - (FIRST_PIP_S + pip)
        here = (since_s >= 0) & (since_s < 0.25)
        sound[here] += 0.5 * np.sin(2 * np.pi * pitch_hz(pip) * since_s[here])
    return sound.astype(np.float32)


def heard_at(samples: Samples, pip: int) -> float | None:
    """When a pip starts: where its pitch passes half of its level, in a window centred on the moment."""
    time_s = np.arange(len(samples)) / SAMPLE_RATE_HZ
    turned = np.concatenate(
        [np.zeros(400), samples * np.exp(-2j * np.pi * pitch_hz(pip) * time_s), np.zeros(400)]
    )
    sums = np.cumsum(turned)
    loud = np.abs(sums[800:] - sums[:-800]) / 800 > 0.125
    return float(np.argmax(loud)) / SAMPLE_RATE_HZ if loud.any() else None


def late_ms(samples: Samples, pip: int) -> float:
    found_s = heard_at(samples, pip)
    return np.nan if found_s is None else 1000 * (found_s - FIRST_PIP_S - pip)


# ---- making files ----


def by_soundfile(kind: str, subtype: str, sound: Samples, rate_hz: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound, rate_hz, format=kind, subtype=subtype)
    return file.getvalue()


def by_libav(kind: str, codec: str, sound: Samples, rate_hz: int, **options: str) -> bytes:
    if codec not in av.codecs_available:
        pytest.skip(f"no encoder {codec} in this build of libav")
    layout = "mono" if sound.ndim == 1 else "stereo"
    with tempfile.NamedTemporaryFile() as file:  # libav moves an index by opening the file again
        with av.open(file.name, "w", format=kind, options=options) as container:
            stream = container.add_stream(codec, rate=rate_hz, layout=layout)
            if codec.startswith("wma"):
                stream.bit_rate = 32_000
            form = stream.codec_context.codec.audio_formats[0].name
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.reshape(1, -1)), "flt", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
            resampler = av.AudioResampler(form, layout, rate_hz)
            for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
                container.mux(stream.encode(piece))
        return Path(file.name).read_bytes()


@dataclass(frozen=True, kw_only=True)
class Format:
    """A kind of file, and what is to be found in it."""

    make: Callable[..., bytes]
    kind: str
    subtype: str
    rate_hz: int
    codec: str
    lossy: bool = True
    cut: str = "of 6.0 s could be read"  # what is said of a file cut short
    options: tuple[tuple[str, str], ...] = ()

    def file(self) -> bytes:
        key = repr(self)
        if key not in MADE:
            MADE[key] = self.make(
                self.kind, self.subtype, pips(self.rate_hz), self.rate_hz, **dict(self.options)
            )
        return MADE[key]

    @property
    def tolerance_ms(self) -> float:
        if self.codec == "wmav2":
            return 50.0  # its decoder drops the first frame, of 46 ms
        return 30.0 if self.lossy else 5.0


MADE: dict[str, bytes] = {}
ENDS_WITH_INDEX = "without the index at its end"
BREAKS_OFF = "breaks off after"


def kept(kind: str, subtype: str, rate_hz: int, codec: str, cut: str = Format.cut) -> Format:
    return Format(
        make=by_soundfile, kind=kind, subtype=subtype, rate_hz=rate_hz, codec=codec, lossy=False, cut=cut
    )


def lossy(kind: str, subtype: str, rate_hz: int, codec: str, cut: str = Format.cut, **options: str) -> Format:
    make = by_soundfile if kind in ("MP3", "OGG", "RAW", "WAV") else by_libav
    return Format(
        make=make,
        kind=kind,
        subtype=subtype,
        rate_hz=rate_hz,
        codec=codec,
        cut=cut,
        options=tuple(options.items()),
    )


FORMATS = {
    "wav-u8": kept("WAV", "PCM_U8", 8_000, "pcm_u8"),
    "wav-16-8k": kept("WAV", "PCM_16", 8_000, "pcm_s16le"),
    "wav-16-11k": kept("WAV", "PCM_16", 11_025, "pcm_s16le"),
    "wav-16-44k": kept("WAV", "PCM_16", 44_100, "pcm_s16le"),
    "wav-24-48k": kept("WAV", "PCM_24", 48_000, "pcm_s24le"),
    "wav-24-extensible": kept("WAVEX", "PCM_24", 48_000, "pcm_s24le"),
    "wav-32-96k": kept("WAV", "PCM_32", 96_000, "pcm_s32le"),
    "wav-float": kept("WAV", "FLOAT", 48_000, "pcm_f32le"),
    "wav-double": kept("WAV", "DOUBLE", 16_000, "pcm_f64le"),
    "wav-mulaw": kept("WAV", "ULAW", 8_000, "pcm_mulaw"),
    "wav-alaw": kept("WAV", "ALAW", 8_000, "pcm_alaw"),
    "wav-ima": kept("WAV", "IMA_ADPCM", 8_000, "adpcm_ima_wav", cut=r"of 6.\d s could be read"),
    "wav-msadpcm": kept("WAV", "MS_ADPCM", 8_000, "adpcm_ms", cut=r"of 6.\d s could be read"),
    "wav-g722": lossy("wav", "g722", 16_000, "adpcm_g722", cut=r"of 6.\d s could be read"),
    "rf64": kept("RF64", "PCM_16", 16_000, "pcm_s16le"),
    "w64": kept("W64", "PCM_16", 16_000, "pcm_s16le"),
    "wav-gsm": lossy("WAV", "GSM610", 8_000, "gsm_ms", r"of (5\.9|6\.0) s could be read"),
    "aiff": kept("AIFF", "PCM_16", 22_050, "pcm_s16be"),
    "au-mulaw": kept("AU", "ULAW", 8_000, "pcm_mulaw"),
    "caf": kept("CAF", "PCM_16", 16_000, "pcm_s16be"),
    "caf-alac": kept("CAF", "ALAC_16", 44_100, "alac", cut=r"of [56]\.\d s could be read"),
    "flac-48k": kept("FLAC", "PCM_16", 48_000, "flac"),
    "flac-24-96k": kept("FLAC", "PCM_24", 96_000, "flac"),
    "m4a-alac": Format(
        make=by_libav,
        kind="ipod",
        subtype="alac",
        rate_hz=44_100,
        codec="alac",
        lossy=False,
        cut=ENDS_WITH_INDEX,
    ),
    "gsm": lossy("RAW", "GSM610", 8_000, "gsm", BREAKS_OFF),
    "mp3-44k": lossy("MP3", "MPEG_LAYER_III", 44_100, "mp3"),
    "mp3-8k": lossy("MP3", "MPEG_LAYER_III", 8_000, "mp3"),
    "mp3-lame": lossy("mp3", "libmp3lame", 16_000, "mp3"),
    "ogg-vorbis-44k": lossy("OGG", "VORBIS", 44_100, "vorbis", BREAKS_OFF),
    "ogg-vorbis-8k": lossy("OGG", "VORBIS", 8_000, "vorbis", BREAKS_OFF),
    "opus-48k": lossy("OGG", "OPUS", 48_000, "opus", BREAKS_OFF),
    "opus-8k": lossy("OGG", "OPUS", 8_000, "opus", BREAKS_OFF),
    "opus-voice-note": lossy("ogg", "libopus", 48_000, "opus", BREAKS_OFF),
    "webm": lossy("webm", "libopus", 48_000, "opus"),
    "mka-flac": Format(
        make=by_libav, kind="matroska", subtype="flac", rate_hz=16_000, codec="flac", lossy=False
    ),
    "wma": lossy("asf", "wmav2", 44_100, "wmav2"),
    "mov": lossy("mov", "aac", 44_100, "aac", ENDS_WITH_INDEX),
    "m4a": lossy("ipod", "aac", 44_100, "aac", ENDS_WITH_INDEX),
    "m4a-8k": lossy("ipod", "aac", 8_000, "aac", ENDS_WITH_INDEX),
    "mp4-index-first": lossy("mp4", "aac", 48_000, "aac", movflags="faststart"),
    "mp4-fragments": lossy(
        "mp4", "aac", 48_000, "aac", movflags="frag_keyframe+empty_moov+delay_moov+default_base_moof"
    ),
    "mp4-pieces": lossy(
        "mp4",
        "aac",
        16_000,
        "aac",
        cut="cut short",
        movflags="empty_moov+delay_moov+default_base_moof",
        frag_duration="1000000",
    ),
    "adts": lossy("adts", "aac", 16_000, "aac", BREAKS_OFF),
    "adts-44k": lossy("adts", "aac", 44_100, "aac", BREAKS_OFF),
    "amr": lossy("amr", "libopencore_amrnb", 8_000, "amr_nb", BREAKS_OFF),
    "3gp-amr": lossy("3gp", "libopencore_amrnb", 8_000, "amr_nb", ENDS_WITH_INDEX),
    "3gp-aac": lossy("3gp", "aac", 16_000, "aac", ENDS_WITH_INDEX),
}
