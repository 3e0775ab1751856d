"""A voice that comes back: late and fainter on the same channel, or on another one.

Speech does not repeat itself to the sample. With its envelope of frequencies taken out, it is unlike itself
at any distance of time, while a sound to which its own copy is added, ``g`` times as loud and so much later,
is like itself there by ``g / (1 + g^2)``, whatever was said [1]_. That is looked at in blocks, and the middle
one counts, for a word said twice the same way is no echo. Music is like itself at many distances, and has
none that stands out.

References
----------
.. [1] Oppenheim & Schafer, Discrete-Time Signal Processing, 3rd ed. (2010), 13.9: echoes and the cepstrum,
   of which this is the first term.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]

DELAY_S = 0.08, 0.5
"""Earlier, a room does it, and a voice's own pitch is near; later, it is a second speaker to any listener."""

ECHO_MIN, ECHO_MIN_SHORT = 0.09, 0.15
"""Likeness from which there is an echo: one of -20.8 dB, and of -16.3 where less than three blocks tell."""

STANDS_OUT = 8.0
"""How many times the spread over all distances the likeness must reach; for music it is 6."""

_RATE_HZ = 4000  # where voices are strongest

_BLOCK_S = 4.0

_ENVELOPE_HZ = 60.0  # an echo ripples the spectrum every 12 Hz or less, a voice changes it more slowly

_QUIET = 1e-3

_TOGETHER = round(0.02 * _RATE_HZ)  # samples that two microphones may be apart

SAME_VOICE = 0.5
"""Correlation of two channels, one of them shifted, from which both carry one voice."""


def echo(samples: Samples) -> tuple[float, float] | None:
    """Find the echo of a voice in its own recording.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,), dtype=float32
        At `SAMPLE_RATE_HZ`.

    Returns
    -------
    delay_s, level_db : float
        How late it comes, and its level against the voice; None in place of both without an echo.
    """
    slow = _slow(samples)
    n_block = round(_BLOCK_S * _RATE_HZ)
    blocks = [slow[at : at + n_block] for at in range(0, len(slow), n_block)]
    likeness = [
        _likeness(block)
        for block in blocks
        if len(block) >= n_block // 2 and math.sqrt(float(np.square(block).mean())) > _QUIET
    ]
    if not likeness:
        return None
    middle = np.median(likeness, axis=0)
    at = int(middle.argmax())
    least = ECHO_MIN if len(likeness) >= 3 else ECHO_MIN_SHORT
    if middle[at] < max(least, STANDS_OUT * float(middle.std())):
        return None
    alike = min(0.5, float(middle[at]))
    gain = (1 - math.sqrt(1 - 4 * alike**2)) / (2 * alike)
    return DELAY_S[0] + at / (2 * _RATE_HZ), 20 * math.log10(gain)


def _likeness(block: Samples) -> NDArray[np.float64]:
    """How like itself a block is at each distance in `DELAY_S`, in steps of half a sample."""
    n_fft = 1 << (2 * len(block) - 1).bit_length()
    power = np.square(np.abs(np.fft.rfft(block * np.hanning(len(block)), n_fft)))
    width = round(_ENVELOPE_HZ * n_fft / _RATE_HZ) | 1
    sums = np.cumsum(np.pad(power, (width // 2 + 1, width // 2), mode="edge"))
    envelope = (sums[width:] - sums[:-width]) / width
    alike = np.fft.irfft(power / (envelope + 1e-12 * power.max()), 2 * n_fft)
    first, last = (round(2 * _RATE_HZ * delay_s) for delay_s in DELAY_S)
    found: NDArray[np.float64] = alike[first:last] / alike[0]
    return found


def first_to_speak(left: Samples, right: Samples) -> int | None:
    """Tell which of two channels the other one repeats.

    Parameters
    ----------
    left, right : np.ndarray, shape=(n_samples,), dtype=float32

    Returns
    -------
    int or None
        0 or 1; None if they carry different sounds, or the same at the same time.
    """
    one, other = _slow(left), _slow(right)
    scale = math.sqrt(float(np.square(one).sum()) * float(np.square(other).sum()))
    if not scale:
        return None
    n_fft = 1 << (2 * len(one) - 1).bit_length()
    shared = np.fft.irfft(np.fft.rfft(other, n_fft) * np.conj(np.fft.rfft(one, n_fft)), n_fft)
    longest = min(len(one), round(DELAY_S[1] * _RATE_HZ))
    # other[t] is like one[t - shift]: from the longest shift back to the longest ahead.
    by_shift = np.concatenate([shared[-longest:], shared[: longest + 1]]) / scale
    shift = int(by_shift.argmax()) - longest
    together = slice(max(0, longest - _TOGETHER), longest + _TOGETHER + 1)
    at_once = float(np.abs(by_shift[together]).max())  # in opposite phase, too
    if by_shift.max() < SAME_VOICE or at_once >= by_shift.max():
        return None
    return 0 if shift > 0 else 1


def _slow(samples: Samples) -> Samples:
    import soxr

    if not len(samples):
        return samples
    slow: Samples = soxr.resample(samples, SAMPLE_RATE_HZ, _RATE_HZ)
    return slow
