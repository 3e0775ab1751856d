"""Where digits begin and end, to the hundredth of a second, from the level of the sound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.levels import FRAME_S, HOP_S
from voicecheck.speech.transcript import TimedDigit
from voicecheck.timing import Interval

WIDER_MAX_S = 0.1
"""How far an edge may move out to the edge of the sound it lies in: the head is late on soft onsets ("four",
"six") and early on soft ends ("five", "eight"). With people behind, a sound ends where they pause."""
INWARD_MAX_S = 0.06
"""How far an edge may move: three frames of the encoder, as many as blur an edge in it."""
OUTWARD_S = 0.02
"""How far outside the digit its quiet is looked for: one frame of the encoder."""
QUIET_DB = 20.0
"""What is so far below the digit is a pause, and no soft "s" of the digit itself."""
RISE_DB = 10.0
"""A digit begins where the level has risen so far above the pause."""
REACH_S = (FRAME_S - HOP_S) / 2
"""The first frame that is louder has its middle so long before what is loud: half a frame, and on average
half a step less, since no frame before it reached the sound."""


def refined(
    digits: Sequence[TimedDigit], sounds: Sequence[Interval], levels_dbfs: NDArray[np.float64]
) -> tuple[TimedDigit, ...]:
    """Move the edges of digits out to a near end of the sound they lie in, then in out of a pause.

    The digit head takes some of the pause along, about 20 ms before a digit and 30 ms after it.

    Parameters
    ----------
    digits : sequence of TimedDigit
        In time order.
    sounds : sequence of Interval
        Where the signal sounds, from `sounding`.
    levels_dbfs : np.ndarray
        From `frame_levels_dbfs`.

    Returns
    -------
    tuple of TimedDigit
        As many, none reaching into another one; an edge with no end of a sound near it stays where it was.
    """
    wider: list[TimedDigit] = []
    for place, digit in enumerate(digits):
        floor_s = wider[-1].offset_s if wider else 0.0
        ceiling_s = digits[place + 1].onset_s if place + 1 < len(digits) else math.inf
        wider.append(_widened(digit, sounds, floor_s, ceiling_s))
    return tuple(_trimmed(digit, levels_dbfs) for digit in wider)


def _widened(digit: TimedDigit, sounds: Sequence[Interval], floor_s: float, ceiling_s: float) -> TimedDigit:
    onset_s, offset_s = digit.onset_s, digit.offset_s
    for sound in sounds:
        if sound.onset_s <= onset_s <= sound.offset_s and onset_s - sound.onset_s <= WIDER_MAX_S:
            onset_s = min(onset_s, max(floor_s, sound.onset_s))
        if sound.onset_s <= offset_s <= sound.offset_s and sound.offset_s - offset_s <= WIDER_MAX_S:
            offset_s = max(offset_s, min(ceiling_s, sound.offset_s))
    return replace(digit, onset_s=onset_s, offset_s=offset_s)


def _trimmed(digit: TimedDigit, levels_dbfs: NDArray[np.float64]) -> TimedDigit:
    first, last = round(digit.onset_s / HOP_S), round(digit.offset_s / HOP_S)
    inside = levels_dbfs[first : last + 1]
    if not len(inside):
        return digit
    quiet_dbfs = float(np.percentile(inside, 75)) - QUIET_DB
    inward, outward = round(INWARD_MAX_S / HOP_S), round(OUTWARD_S / HOP_S)
    start, stop = max(0, first - outward), min(len(levels_dbfs), last + outward + 1)
    rise = _rise(levels_dbfs[start : first + inward + 1], quiet_dbfs)
    fall = _rise(levels_dbfs[max(0, last - inward) : stop][::-1], quiet_dbfs)
    onset_s = digit.onset_s if rise is None else max(digit.onset_s, (start + rise) * HOP_S + REACH_S)
    offset_s = digit.offset_s if fall is None else min(digit.offset_s, (stop - 1 - fall) * HOP_S - REACH_S)
    return replace(digit, onset_s=onset_s, offset_s=offset_s) if onset_s < offset_s else digit


def _rise(levels_dbfs: NDArray[np.float64], quiet_dbfs: float) -> int | None:
    """Which frame is the first one loud again after the quietest one, if that is quiet at all."""
    if not len(levels_dbfs) or levels_dbfs.min() >= quiet_dbfs:
        return None
    quietest = int(levels_dbfs.argmin())
    loud = np.flatnonzero(levels_dbfs[quietest:] > levels_dbfs[quietest] + RISE_DB)
    return quietest + int(loud[0]) if len(loud) else None
