"""What another throat, a noisy place and a telephone do to speech."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from training import lines, noises

Samples = NDArray[np.float32]
RATE_HZ = 16_000
ACTIVE_LEVEL = 0.08
"""RMS to which a piece of speech is brought before anything is added to it, full scale being 1."""


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


def active_level(samples: Samples) -> float:
    """RMS where the sound is within 34 dB of its peak; a little above 0 in silence."""
    active = samples[np.abs(samples) > 0.02 * np.abs(samples).max(initial=1e-6)]
    return float(np.sqrt((active.astype(np.float64) ** 2).mean())) if len(active) else 1e-6


def levelled(samples: Samples, level: float = ACTIVE_LEVEL) -> Samples:
    """The same sound with `level` as its `active_level`; silence stays silence."""
    now = active_level(samples)
    return samples * np.float32(level / now) if now > 1e-5 else samples


def fading(samples: Samples, rng: np.random.Generator, *, most_db: float) -> Samples:
    """Let the end fall by up to `most_db`, evenly over the last fifth to the whole of it."""
    place = np.linspace(0, 1, len(samples), dtype=np.float32)
    from_ = rng.uniform(0.0, 0.8)
    lower_db = rng.uniform(0.3, 1.0) * most_db * np.clip((place - from_) / (1 - from_), 0, 1)
    return (samples * 10 ** (-lower_db / 20)).astype(np.float32)


def noisy(samples: Samples, noise: Samples, snr_db: float, *, level: float | None = None) -> Samples:
    """Add noise so that active speech, at `level` or as measured, lies `snr_db` above it."""
    level = active_level(samples) if level is None else level
    scale = level / (np.sqrt((noise.astype(np.float64) ** 2).mean()) + 1e-9) * 10 ** (-snr_db / 20)
    return (samples + scale * noise).astype(np.float32)


def clipped(samples: Samples, rng: np.random.Generator) -> Samples:
    """Driven into the limits, as by a phone held too close."""
    return np.clip(samples * rng.uniform(1.5, 6), -0.5, 0.5).astype(np.float32)


def degraded(samples: Samples, rng: np.random.Generator) -> Samples:
    """Noise, clipping, a telephone line, lost packets, a gain: by chance; a fifth stays as it is."""
    if rng.random() < 0.2:
        return samples * np.float32(10 ** rng.uniform(-1.0, 0.2))
    if rng.random() < 0.5:
        kind = str(rng.choice(noises.KINDS, p=[0.4, 0.25, 0.2, 0.15]))
        least_db = 0.0 if kind == "car" else 4.0  # a car rumbles below what tells digits apart
        samples = noisy(samples, noises.noise(len(samples), rng, kind), rng.uniform(least_db, 30))
    if rng.random() < 0.08:
        samples = clipped(samples, rng)
    if rng.random() < 0.04:
        samples = lines.echoed(samples, rng)
    if rng.random() < 0.55:
        codec = str(rng.choice(["none", *lines.CODECS], p=[0.1, 0.25, 0.05, 0.3, 0.18, 0.12]))
        bit_rate = int(rng.choice(lines.BIT_RATES.get(codec, (0,))))
        samples = lines.telephoned(_not_over(samples), codec, bit_rate=bit_rate)
    if rng.random() < 0.15:
        samples = lines.lossy(samples, rng)
    samples = samples * np.float32(10 ** rng.uniform(-1.2, 0.3))
    return np.clip(samples, -1, 1).astype(np.float32)


def _not_over(samples: Samples) -> Samples:
    """Turned down where it would be clipped."""
    return samples / np.float32(max(1.0, float(np.abs(samples).max(initial=0.0)) / 0.95))
