"""Rooms: what a microphone in a shoebox gets from a mouth near it and from others farther away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

Samples = NDArray[np.float32]
RATE_HZ = 16_000
N_FAR = 8


@dataclass(frozen=True, kw_only=True)
class Room:
    """Impulse responses to one microphone: of a mouth near it and `N_FAR` others; all start with 1."""

    near: Samples
    far: tuple[Samples, ...]


def rooms(n: int, seed: int) -> list[Room]:
    """Make up `n` rooms: 2.5 to 9 m long, decaying by 60 dB in 0.15 to 0.8 s, the mouth 0.2 to 2 m away."""
    return [_room(np.random.default_rng((seed, k))) for k in range(n)]


def _room(rng: np.random.Generator) -> Room:
    import pyroomacoustics

    size_m = np.array([rng.uniform(2.5, 9), rng.uniform(2.5, 7), rng.uniform(2.3, 3.5)])
    while True:
        try:
            absorption, order = pyroomacoustics.inverse_sabine(rng.uniform(0.15, 0.8), size_m)
            break
        except ValueError:  # so large a room cannot be so dry
            continue
    box = pyroomacoustics.ShoeBox(
        size_m, fs=RATE_HZ, materials=pyroomacoustics.Material(absorption), max_order=min(order, 25)
    )
    microphone_m = _inside(rng, size_m)
    mouth_m = microphone_m + _direction(rng) * rng.uniform(0.2, 2.0)
    box.add_source(np.clip(mouth_m, 0.15, size_m - 0.15))
    for _ in range(N_FAR):
        box.add_source(_inside(rng, size_m))
    box.add_microphone(microphone_m)
    box.compute_rir()
    near, *far = (_from_direct_sound(response) for response in box.rir[0])
    return Room(near=near, far=tuple(far))


def _inside(rng: np.random.Generator, size_m: NDArray[np.float64]) -> NDArray[np.float64]:
    place_m: NDArray[np.float64] = rng.uniform(0.3, size_m - 0.3)
    return place_m


def _direction(rng: np.random.Generator) -> NDArray[np.float64]:
    towards = rng.standard_normal(3)
    unit: NDArray[np.float64] = towards / np.linalg.norm(towards)
    return unit


def _from_direct_sound(response: NDArray[np.float64]) -> Samples:
    """Cut what lies before the direct sound, so that nothing is late, and give it the height 1."""
    loud = np.abs(response)
    first = int(np.flatnonzero(loud > 0.5 * loud[: int(loud.argmax()) + 1].max())[0])
    return (response[first:] / loud[first]).astype(np.float32)


def heard_in(samples: Samples, response: Samples) -> Samples:
    """Samples as they sound in a room: as long, and in step with what went in."""
    return fftconvolve(samples, response)[: len(samples)].astype(np.float32)
