"""Telephone lines and recorders: the band, what codecs leave of it, lost packets, an echo."""

from __future__ import annotations

import io

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

Samples = NDArray[np.float32]
RATE_HZ = 16_000
SUBTYPES = {"mu-law": "ULAW", "A-law": "ALAW", "GSM": "GSM610"}
"""Codecs of libsndfile."""
BIT_RATES = {
    "AMR": (4750, 5900, 7400, 12200),
    "Opus": (6000, 8000, 12000, 16000),
}
"""Codecs of FFmpeg, and at how many bit/s each may run."""
DELAY_S = {"AMR": 0.005, "Opus": 0.0066}
"""How late a codec's output is, as measured against its input: the look-ahead of its encoder."""
CODECS = (*SUBTYPES, *BIT_RATES)
PACKET = 320
"""Samples that one lost packet takes away: 20 ms."""


def telephoned(samples: Samples, codec: str, *, bit_rate: int = 12_200) -> Samples:
    """Through the telephone band and one of `CODECS` ("none": the band alone); as long, and in step."""
    narrow = soxr.resample(samples, RATE_HZ, 8_000).astype(np.float64)
    band = butter(2, [300, 3400], btype="bandpass", fs=8_000, output="sos")
    narrow = np.clip(sosfiltfilt(band, narrow), -1, 1).astype(np.float32)
    if codec in SUBTYPES:
        narrow = _by_libsndfile(narrow, SUBTYPES[codec])
    elif codec in BIT_RATES:
        narrow = _by_ffmpeg(narrow, codec, bit_rate)
    wide = soxr.resample(narrow, 8_000, RATE_HZ).astype(np.float32)
    return np.pad(wide, (0, max(0, len(samples) - len(wide))))[: len(samples)]


def _by_libsndfile(narrow: Samples, subtype: str) -> Samples:
    file = io.BytesIO()
    soundfile.write(file, narrow, 8_000, format="WAV", subtype=subtype)
    file.seek(0)
    decoded: Samples = soundfile.read(file, dtype="float32")[0]
    return decoded


def _by_ffmpeg(narrow: Samples, codec: str, bit_rate: int) -> Samples:
    """Encode and decode with FFmpeg's libraries, and take the codec's delay away again."""
    encoder_name, decoder_name = {"AMR": ("libopencore_amrnb", "amrnb"), "Opus": ("libopus", "opus")}[codec]
    encoder = av.CodecContext.create(encoder_name, "w")
    encoder.sample_rate, encoder.layout, encoder.format = 8_000, "mono", "s16"
    encoder.bit_rate = bit_rate
    encoder.open()
    frame_size = encoder.frame_size or 160
    padded = np.pad(narrow, (0, -len(narrow) % frame_size + 4 * frame_size))
    whole = (padded * 32767).astype(np.int16)
    packets = []
    for start in range(0, len(whole), frame_size):
        block = whole[None, start : start + frame_size]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 8_000, start
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    decoder = av.CodecContext.create(decoder_name, "r")
    decoder.sample_rate, decoder.layout = (48_000 if codec == "Opus" else 8_000), "mono"
    frames = [frame for packet in packets if packet.size for frame in decoder.decode(packet)]
    rate_hz = frames[0].sample_rate
    decoded = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float32)
    if rate_hz != 8_000:
        decoded = soxr.resample(decoded, rate_hz, 8_000).astype(np.float32)
    return decoded[round(DELAY_S[codec] * 8_000) :][: len(narrow)]


def lossy(samples: Samples, rng: np.random.Generator) -> Samples:
    """Lose packets singly or in bursts, 0.5 to 8 of 100: silent, or the one before again."""
    samples = samples.copy()
    share, stays = rng.uniform(0.005, 0.08), rng.choice([0.0, 0.5])
    repeats, lost = rng.random() < 0.5, False
    for k in range(1, len(samples) // PACKET):
        lost = rng.random() < (stays if lost else share * (1 - stays))
        if lost:
            before = samples[(k - 1) * PACKET : k * PACKET]
            samples[k * PACKET : (k + 1) * PACKET] = before * np.float32(0.7) if repeats else 0.0
    return samples


def echoed(samples: Samples, rng: np.random.Generator) -> Samples:
    """With the line's echo: the same once more, 80 to 400 ms later and 10 to 25 dB below."""
    late = int(rng.uniform(0.08, 0.4) * RATE_HZ)
    echo = np.pad(samples, (late, 0))[: len(samples)]
    return (samples + np.float32(10 ** (-rng.uniform(10, 25) / 20)) * echo).astype(np.float32)
