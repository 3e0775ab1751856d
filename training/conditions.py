"""Where a message is left: lines, noise, rooms and other people talking, each made from a clean recording.

Conventions
-----------
A condition is ``condition(samples, others, rng) -> samples``: mono at `RATE_HZ`, `others` recordings of other
voices than the speaker's, all of the same length out as in. Levels are of active speech: the mean power of
the 20 ms frames within 30 dB of the loudest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from training.lines import RATE_HZ, telephoned

Samples = NDArray[np.float32]
Condition = Callable[[Samples, Sequence[Samples], np.random.Generator], Samples]

N_BABBLE = 6
"""Voices that talk at once in the background of a sales floor."""
N_ROOMS = 12


def active_power(samples: Samples) -> float:
    """Mean power of the 20 ms frames within 30 dB of the loudest; a small number for silence."""
    hop = RATE_HZ // 50
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop).astype(np.float64)
    power = (frames**2).mean(axis=1) if len(frames) else np.zeros(1)
    loud = power[power > power.max() * 1e-3]
    return float(loud.mean()) if len(loud) else 1e-10


def mixed(samples: Samples, sound: Samples, snr_db: float) -> Samples:
    """Add a sound whose active level lies `snr_db` below that of the speech."""
    gain = np.sqrt(active_power(samples) / active_power(sound)) * 10 ** (-snr_db / 20)
    result: Samples = (samples + gain * sound).astype(np.float32)
    return result


def filled(parts: Sequence[Samples], n_samples: int, rng: np.random.Generator) -> Samples:
    """One voice after the other, from a random place on, until `n_samples` are full."""
    whole = np.concatenate([part / np.float32(np.sqrt(active_power(part))) for part in parts])
    start = int(rng.integers(len(whole)))
    repeated = np.tile(whole, 1 + (start + n_samples) // len(whole))
    return repeated[start : start + n_samples]


def babble(
    samples: Samples, others: Sequence[Samples], rng: np.random.Generator, *, snr_db: float
) -> Samples:
    """`N_BABBLE` other people, equally loud, talking at once."""
    order = rng.permutation(len(others))
    voices = [filled([others[k] for k in order[n::N_BABBLE]], len(samples), rng) for n in range(N_BABBLE)]
    return mixed(samples, np.sum(voices, axis=0).astype(np.float32), snr_db)


def talker(
    samples: Samples, others: Sequence[Samples], rng: np.random.Generator, *, snr_db: float
) -> Samples:
    """One other person talking."""
    other = others[int(rng.integers(len(others)))]
    return mixed(samples, filled([other], len(samples), rng), snr_db)


def car(samples: Samples, others: Sequence[Samples], rng: np.random.Generator, *, snr_db: float) -> Samples:
    """Noise whose power falls by 6 dB an octave above 60 Hz, as inside a moving car."""
    del others
    spectrum = np.fft.rfft(rng.standard_normal(len(samples)))
    spectrum /= np.maximum(np.fft.rfftfreq(len(samples), 1 / RATE_HZ), 60.0)
    return mixed(samples, np.fft.irfft(spectrum, len(samples)).astype(np.float32), snr_db)


@cache
def _response(number: int) -> Samples:
    import pyroomacoustics

    rng = np.random.default_rng(number)
    size = rng.uniform([3, 3, 2.4], [7, 6, 3.2])
    absorption, order = pyroomacoustics.inverse_sabine(rng.uniform(0.35, 0.7), size)
    room = pyroomacoustics.ShoeBox(
        size, fs=RATE_HZ, materials=pyroomacoustics.Material(absorption), max_order=min(order, 40)
    )
    source = rng.uniform([0.5, 0.5, 1.2], [*(size[:2] - 0.5), 1.8])
    towards = rng.standard_normal(2)
    away = rng.uniform(0.8, 1.8) * towards / np.linalg.norm(towards)
    microphone = np.clip([*(source[:2] + away), 0.9], 0.3, size - 0.3)
    room.add_source(source)
    room.add_microphone(microphone)
    room.compute_rir()
    response = np.asarray(room.rir[0][0], dtype=np.float32)
    start = int(np.argmax(np.abs(response) > 0.2 * np.abs(response).max()))
    return response[start:]


def room(samples: Samples, others: Sequence[Samples], rng: np.random.Generator) -> Samples:
    """A room that sounds on for 0.35 to 0.7 s, the telephone lying 0.8 to 1.8 m from the mouth."""
    del others
    response = _response(int(rng.integers(N_ROOMS)))
    wet = fftconvolve(samples, response)[: len(samples)]
    result: Samples = (wet * np.sqrt(active_power(samples) / active_power(wet))).astype(np.float32)
    return result


CONDITIONS: dict[str, Condition] = {
    "clean": lambda samples, others, rng: samples,
    "mu-law": lambda samples, others, rng: telephoned(samples, "mu-law"),
    "gsm": lambda samples, others, rng: telephoned(samples, "GSM"),
    "room": room,
    "babble-15": lambda samples, others, rng: babble(samples, others, rng, snr_db=15.0),
    "babble-10": lambda samples, others, rng: babble(samples, others, rng, snr_db=10.0),
    "talker-15": lambda samples, others, rng: talker(samples, others, rng, snr_db=15.0),
    "car-5": lambda samples, others, rng: car(samples, others, rng, snr_db=5.0),
}
