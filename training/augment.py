"""What a telephone, a room and another throat do to speech."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

Samples = NDArray[np.float32]
RATE_HZ = 16_000


def stretched(samples: Samples, factor: float) -> Samples:
    """Change tempo by overlap-add with the best matching frame (WSOLA); `factor` 2 is twice as long."""
    frame, hop, search = 480, 240, 120
    n_out = int(len(samples) * factor)
    if abs(factor - 1) < 0.02 or len(samples) < 3 * frame:
        return samples
    window = np.hanning(frame).astype(np.float32)
    source = np.pad(samples, (search, frame + search))
    out = np.zeros(n_out + frame, np.float32)
    weight = np.full(n_out + frame, 1e-4, np.float32)
    follow = source[:frame]
    for start in range(0, n_out, hop):
        middle = int(start / factor) + search
        area = source[middle - search : middle + search + frame]
        if len(area) < frame + 2 * search:
            break
        match = np.correlate(area, follow, mode="valid")
        best = middle - search + int(match.argmax())
        out[start : start + frame] += source[best : best + frame] * window
        weight[start : start + frame] += window
        follow = source[best + hop : best + hop + frame]
        if len(follow) < frame:
            break
    return (out / weight)[:n_out]


def revoiced(samples: Samples, *, throat: float, tempo: float) -> Samples:
    """Another speaker: pitch and formants times `throat`, length divided by `tempo`."""
    if abs(throat - 1) > 0.01:
        samples = soxr.resample(samples, RATE_HZ * throat, RATE_HZ, quality="LQ").astype(np.float32)
    return stretched(samples, throat / tempo)


def telephoned(samples: Samples, codec: str) -> Samples:
    """Through an 8 kHz telephone band and, if asked, mu-law or GSM."""
    narrow = soxr.resample(samples, RATE_HZ, 8_000).astype(np.float32)
    sos = butter(4, [300, 3400], btype="bandpass", fs=8_000, output="sos")
    narrow = sosfilt(sos, narrow).astype(np.float32)
    subtype = {"mulaw": "ULAW", "gsm": "GSM610"}.get(codec)
    if subtype:
        file = io.BytesIO()
        soundfile.write(file, np.clip(narrow, -1, 1), 8_000, format="WAV", subtype=subtype)
        file.seek(0)
        narrow = soundfile.read(file, dtype="float32")[0]
    wide = soxr.resample(narrow, 8_000, RATE_HZ).astype(np.float32)
    return _fitted(wide, len(samples))


def _fitted(samples: Samples, n: int) -> Samples:
    return np.pad(samples, (0, max(0, n - len(samples))))[:n].astype(np.float32)


def noisy(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """Add noise so that active speech lies `snr_db` above it."""
    active = samples[np.abs(samples) > 0.02 * np.abs(samples).max(initial=1e-6)]
    level = np.sqrt((active**2).mean()) if len(active) else 0.05
    scale = level / (np.sqrt((noise**2).mean()) + 1e-9) * 10 ** (-snr_db / 20)
    return (samples + scale * noise).astype(np.float32)


def noise(n: int, rng: np.random.Generator) -> Samples:
    """White, pink, brown or hum-like noise."""
    tilt = rng.choice([0.0, 0.5, 1.0, 1.0])
    spectrum = np.fft.rfft(rng.standard_normal(n))
    frequency = np.maximum(np.fft.rfftfreq(n, 1 / RATE_HZ), 20.0)
    sound = np.fft.irfft(spectrum / frequency**tilt, n)
    if rng.random() < 0.2:
        t = np.arange(n) / RATE_HZ
        sound += sound.std() * sum(np.sin(2 * np.pi * 60 * k * t) / k for k in (1, 2, 3))
    return sound.astype(np.float32)


def tones(n: int, rng: np.random.Generator) -> Samples:
    """Chords that change now and then, as of hold music or a dial tone."""
    t = np.arange(n) / RATE_HZ
    sound = np.zeros(n, np.float32)
    start = 0
    while start < n:
        end = start + int(rng.uniform(0.1, 0.8) * RATE_HZ)
        base = rng.uniform(150, 900)
        for ratio in rng.choice([1, 1.25, 1.5, 2, 3], size=3):
            sound[start:end] += np.sin(2 * np.pi * base * ratio * t[start:end]) * rng.uniform(0.02, 0.1)
        start = end
    return sound


def reverberated(samples: Samples, rng: np.random.Generator) -> Samples:
    """In a small room: exponentially decaying noise as its response."""
    decay_s = rng.uniform(0.08, 0.35)
    n = int(decay_s * RATE_HZ)
    response = rng.standard_normal(n) * np.exp(-6.9 * np.arange(n) / n) * rng.uniform(0.05, 0.25)
    response[0] = 1.0
    return fftconvolve(samples, response)[: len(samples)].astype(np.float32)


def lossy(samples: Samples, rng: np.random.Generator) -> Samples:
    """Lose packets of 20 ms: silent, or the one before played again."""
    samples, packet = samples.copy(), 320
    for k in np.flatnonzero(rng.random(len(samples) // packet) < rng.uniform(0.005, 0.04)):
        if k:
            before = samples[(k - 1) * packet : k * packet]
            samples[k * packet : (k + 1) * packet] = before * 0.7 if rng.random() < 0.5 else 0.0
    return samples


def degraded(samples: Samples, rng: np.random.Generator) -> Samples:
    """A random chain of all of the above; about a quarter stays clean."""
    if rng.random() < 0.2:
        return samples * np.float32(10 ** rng.uniform(-1.0, 0.2))
    if rng.random() < 0.2:
        samples = reverberated(samples, rng)
    if rng.random() < 0.55:
        samples = noisy(samples, noise(len(samples), rng), rng.uniform(5, 35))
    if rng.random() < 0.1:
        samples = np.clip(samples * rng.uniform(1.5, 6), -0.5, 0.5).astype(np.float32)
    if rng.random() < 0.5:
        samples = telephoned(samples, rng.choice(["none", "mulaw", "mulaw", "gsm"]))
    if rng.random() < 0.15:
        samples = lossy(samples, rng)
    samples = samples * np.float32(10 ** rng.uniform(-1.2, 0.3))
    return np.clip(samples, -1, 1).astype(np.float32)
