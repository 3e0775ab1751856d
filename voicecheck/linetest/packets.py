"""Packets that a line loses, and what the listener hears in their place.

Conventions
-----------
A packet is 20 ms of sound at 8 kHz. Losses follow the two-state model of Gilbert [1]_ and Elliott [2]_ in its
plainest form: in the good state every packet arrives, in the bad state none does. With mean loss `p` and mean
burst `b` packets, the bad state is left with probability ``1 / b`` a packet and entered with
``p / (b * (1 - p))``. A lost packet is concealed as the simplest receivers do it: the last packet that
arrived is played again, and again, fading to silence over `FADE_PACKETS`.

References
----------
.. [1] Gilbert (1960), Capacity of a burst-noise channel, Bell System Technical Journal 39(5), 1253-1265.
.. [2] Elliott (1963), Estimates of error rates for codes on burst-noise channels, Bell System Technical
   Journal 42(5), 1977-1997.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.telephone import PACKET_SAMPLES
from voicecheck.errors import ParameterError

FADE_PACKETS = 4
"""After so many packets in a row nothing is left of the last one that arrived."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of bad line.

    Parameters
    ----------
    codec : str
        ``"mu-law"`` or ``"GSM"``.
    loss : float
        Share of packets that are lost in the mean, 0 to below 1.
    burst : float >= 1
        Packets lost in a row in the mean.

    Raises
    ------
    ParameterError
        If no line can be so.
    """

    codec: str
    loss: float
    burst: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.loss < 1.0:
            raise ParameterError(f"loss must lie between 0 and 1, got {self.loss:g}")
        if self.burst < 1.0:
            raise ParameterError(f"burst must be at least 1 packet, got {self.burst:g}")


BAD_LINES = tuple(
    Line(codec=codec, loss=loss, burst=burst)
    for codec, (loss, burst) in product(
        ("mu-law", "GSM"), ((0.01, 2.0), (0.03, 3.0), (0.05, 3.0), (0.10, 4.0))
    )
)
"""The lines that a number is tested on: two codecs, four rates of loss, the more the longer the bursts."""


def lost_packets(line: Line, n_packets: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw which packets a line loses, starting anywhere in its life.

    Parameters
    ----------
    line : Line
        Its mean loss and mean burst.
    n_packets : int >= 0
        How many are sent.
    rng : np.random.Generator
        Seeded by whoever wants the same losses again.

    Returns
    -------
    np.ndarray, shape=(n_packets,), dtype=bool
    """
    leave = 1.0 / line.burst
    enter = line.loss / (line.burst * (1.0 - line.loss))
    chances = rng.random(n_packets + 1)
    lost = np.empty(n_packets, dtype=bool)
    bad = bool(chances[0] < line.loss)
    for at, chance in enumerate(chances[1:]):
        lost[at] = bad
        bad = bool(chance >= leave) if bad else bool(chance < enter)
    return lost


def concealed(samples: NDArray[np.float32], lost: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Put into each lost packet what the listener hears there.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_packets * PACKET_SAMPLES,)
        At `LINE_RATE_HZ`.
    lost : np.ndarray, shape=(n_packets,), dtype=bool
        From `lost_packets`.

    Returns
    -------
    np.ndarray, shape=(n_samples,)
        As long as `samples`.

    Raises
    ------
    ParameterError
        If there is not one flag a packet.
    """
    if len(samples) != len(lost) * PACKET_SAMPLES:
        raise ParameterError(f"{len(samples)} samples are not {len(lost)} packets of {PACKET_SAMPLES}")
    packets = samples.reshape(-1, PACKET_SAMPLES)
    at = np.arange(len(lost))
    last_heard = np.maximum.accumulate(np.where(lost, -1, at)) if len(lost) else at
    age = at - last_heard
    fade = np.clip(1.0 - (age[:, None] - 1 + np.arange(PACKET_SAMPLES) / PACKET_SAMPLES) / FADE_PACKETS, 0, 1)
    replayed = packets[np.maximum(last_heard, 0)] * np.where(last_heard < 0, 0.0, 1.0)[:, None] * fade
    filled: NDArray[Any] = np.where(lost[:, None], replayed, packets)
    return filled.astype(np.float32).reshape(-1)
