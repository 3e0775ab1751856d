"""A call with one speaker on each of two channels: which is the rep's.

A dialer may record the rep on one channel and the line on the other. Both are told by level: where anybody
speaks, one channel is much louder than the other, now this one, now that one. A single voice on two
microphones, or the halves of a stereo mix, are never so far apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.echo import first_to_speak
from voicecheck.audio.levels import BELOW_PEAK_DB, HOP_S, sample_levels_dbfs
from voicecheck.audio.recording import SIDES, Side
from voicecheck.audio.tones import find_tones

Samples = NDArray[np.float32]

APART_DB, APART_SHARE = 10.0, 0.8
"""One channel is so much louder than the other in so much of all that sounds."""

SPEAKS_MIN_S = 0.5
"""Less sound of its own is no speaker's."""

LINE_TONES = frozenset({"beep", "ringing", "hang_up", "fax"})
"""These come from the network; keys are pressed on either side."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """A call whose sides are on two channels.

    Parameters
    ----------
    rep, line : np.ndarray, shape=(n_samples,), dtype=float32
        Who calls, and whom or what is called.
    side : {"left", "right"}
        Where the rep is.
    """

    rep: Samples
    line: Samples
    side: Side


def find_sides(channels: Samples) -> Sides | None:
    """Tell the sides of a call apart.

    Parameters
    ----------
    channels : np.ndarray, shape=(n_samples, n_channels), dtype=float32
        At the sample rate inside voicecheck.

    Returns
    -------
    Sides or None
        The line is the channel with its tones, else the one that speaks first; None where these are not two
        channels with one speaker each. A faint echo of one voice is no second one.
    """
    if channels.shape[1] != 2 or not len(channels):
        return None
    speaks = _who_speaks(channels)
    if speaks is None or first_to_speak(*channels.T) is not None:
        return None
    has_tones = [any(tone.kind in LINE_TONES for tone in find_tones(channel)) for channel in channels.T]
    line = has_tones.index(True) if sum(has_tones) == 1 else int(np.argmax(speaks, axis=1).argmin())
    return told_sides(channels, SIDES[1 - line])


def told_sides(channels: Samples, side: Side) -> Sides:
    """Take the channel that a person named for the rep's.

    Parameters
    ----------
    channels : np.ndarray, shape=(n_samples, 2), dtype=float32
        At the sample rate inside voicecheck.
    side : {"left", "right"}
        Where the rep is.

    Returns
    -------
    Sides
        With that side's name.
    """
    rep = SIDES.index(side)
    return Sides(rep=channels[:, rep].copy(), line=channels[:, 1 - rep].copy(), side=side)


def _who_speaks(channels: Samples) -> NDArray[np.bool_] | None:
    """Mark the frames in which each channel is heard alone, shape=(2, n_frames); None if that is no call."""
    levels = np.stack([sample_levels_dbfs(channel) for channel in channels.T])
    sounds = levels >= np.percentile(levels, 99, axis=1, keepdims=True) - BELOW_PEAK_DB
    alone = sounds & (levels >= levels[::-1] + APART_DB)
    either = sounds.any(axis=0) & (levels.max(axis=0) >= levels.max() - 2 * BELOW_PEAK_DB)
    alone &= either
    is_call = (
        alone.any(axis=0).sum() >= APART_SHARE * either.sum()
        and (alone.sum(axis=1) * HOP_S >= SPEAKS_MIN_S).all()
    )
    return alone if is_call else None
