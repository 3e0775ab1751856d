"""What else sounds beside a voice: hiss, a car, a street, music, hold tones. All of it is made here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

Samples = NDArray[np.float32]
RATE_HZ = 16_000
KINDS = ("hiss", "car", "street", "music")


def noise(n: int, rng: np.random.Generator, kind: str | None = None) -> Samples:
    """`n` samples of one of `KINDS`, of about one unit RMS."""
    kind = kind or str(rng.choice(KINDS, p=[0.4, 0.25, 0.2, 0.15]))
    sound = {"hiss": hiss, "car": car, "street": street, "music": music}[kind](n, rng)
    return (sound / (np.sqrt(np.mean(sound.astype(np.float64) ** 2)) + 1e-9)).astype(np.float32)


def hiss(n: int, rng: np.random.Generator) -> Samples:
    """White, pink, brown or hum-like noise."""
    sound = _tilted(n, rng, float(rng.choice([0.0, 0.5, 1.0, 1.0])))
    if rng.random() < 0.2:
        t = np.arange(n) / RATE_HZ
        sound = sound + sound.std() * sum(np.sin(2 * np.pi * 60 * k * t) / k for k in (1, 2, 3))
    return sound.astype(np.float32)


def car(n: int, rng: np.random.Generator) -> Samples:
    """Inside of a moving car: rumble, the engine's harmonics, the hiss of wind and tyres, an indicator."""
    t = np.arange(n) / RATE_HZ
    rumble = _tilted(n, rng, rng.uniform(1.0, 1.6))
    sound = rumble / (rumble.std() + 1e-9)
    pedal = 1 + 0.1 * np.sin(2 * np.pi * rng.uniform(0.02, 0.1) * t + rng.uniform(0, 6))
    turns_hz = rng.uniform(20, 60) * pedal
    angle = 2 * np.pi * np.cumsum(turns_hz) / RATE_HZ
    sound = sound + rng.uniform(0.1, 0.6) * sum(
        rng.uniform(0.2, 1) / k * np.sin(k * angle + rng.uniform(0, 6)) for k in range(1, 8)
    )
    wind = _tilted(n, rng, 0.4)
    sound = sound + rng.uniform(0.05, 0.35) * wind / (wind.std() + 1e-9) * _swell(n, rng, 0.5)
    if rng.random() < 0.15:
        sound = sound + _clicks(n, rng, every_s=0.7, strength=rng.uniform(0.3, 1.0))
    return sound.astype(np.float32)


def street(n: int, rng: np.random.Generator) -> Samples:
    """Traffic that comes and goes, and now and then a horn, a knock or a clatter."""
    far = _tilted(n, rng, 0.8)
    sound = 0.5 * far / (far.std() + 1e-9)
    for _ in range(rng.integers(1, 4)):
        near = _tilted(n, rng, rng.uniform(0.5, 1.2))
        middle_s, width_s = rng.uniform(0, n / RATE_HZ), rng.uniform(0.7, 3)
        swell = np.exp(-0.5 * ((np.arange(n) / RATE_HZ - middle_s) / width_s) ** 2)
        sound = sound + rng.uniform(0.5, 2) * swell * near / (near.std() + 1e-9)
    for _ in range(rng.integers(0, 4)):
        length = min(n, int(rng.uniform(0.05, 0.7) * RATE_HZ))
        start = int(rng.integers(0, n - length + 1))
        t = np.arange(length) / RATE_HZ
        if rng.random() < 0.5:
            base_hz = rng.uniform(300, 600)
            event = sum(np.sin(2 * np.pi * base_hz * k * t) / k for k in (1, 1.26, 2, 3))
        else:
            event = rng.standard_normal(length) * np.exp(-t / rng.uniform(0.01, 0.1))
        sound[start : start + length] += rng.uniform(0.5, 2) * event
    return sound.astype(np.float32)


def music(n: int, rng: np.random.Generator) -> Samples:
    """A tune over chords and a drum, with harmonics that fade as on plucked or blown notes."""
    sound = np.zeros(n)
    beat = int(rng.uniform(0.18, 0.5) * RATE_HZ)
    root_hz = rng.uniform(80, 220)
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    drum = rng.random() < 0.5
    fade_s = rng.uniform(0.1, 1.0)
    n_harmonics = int(rng.integers(2, 8))
    for start in range(0, n, beat):
        steps = [scale[rng.integers(8)] + 12 * int(rng.integers(0, 3)) for _ in range(rng.integers(1, 4))]
        length = min(n - start, beat * int(rng.integers(1, 4)))
        t = np.arange(length) / RATE_HZ
        for step in steps:
            note_hz = root_hz * 2 ** (step / 12)
            tone = sum(np.sin(2 * np.pi * note_hz * k * t) / k**1.3 for k in range(1, n_harmonics))
            sound[start : start + length] += rng.uniform(0.1, 0.5) * np.exp(-t / fade_s) * tone
        if drum and rng.random() < 0.6:
            length = min(n - start, RATE_HZ // 8)
            hit = rng.standard_normal(length) * np.exp(-np.arange(length) / (0.02 * RATE_HZ))
            sound[start : start + length] += 0.8 * hit
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


def _tilted(n: int, rng: np.random.Generator, tilt: float) -> NDArray[np.float64]:
    """Noise whose amplitude falls with the frequency to the power of `tilt`, level below 20 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    frequency_hz = np.maximum(np.fft.rfftfreq(n, 1 / RATE_HZ), 20.0)
    sound: NDArray[np.float64] = np.fft.irfft(spectrum / frequency_hz**tilt, n)
    return sound


def _swell(n: int, rng: np.random.Generator, rate_hz: float) -> NDArray[np.float64]:
    """A level that wanders slowly about 1."""
    low = butter(2, rate_hz, fs=100, output="sos")
    slow = sosfilt(low, rng.standard_normal(n // 160 + 200))[100:]
    slow = slow / (np.std(slow) + 1e-9)
    level: NDArray[np.float64] = np.interp(np.arange(n) / 160, np.arange(len(slow)), np.exp(0.4 * slow))
    return level


def _clicks(n: int, rng: np.random.Generator, *, every_s: float, strength: float) -> NDArray[np.float64]:
    sound = np.zeros(n)
    for start in range(int(rng.uniform(0, every_s) * RATE_HZ), n - 400, int(every_s * RATE_HZ)):
        sound[start : start + 400] = strength * rng.standard_normal(400) * np.exp(-np.arange(400) / 80)
    return sound
