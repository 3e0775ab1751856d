"""What is cut out of a recording for the encoder: all speech, no dead air, at most half a minute."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.speech.transcript import ENCODER_FRAME_S
from voicecheck.timing import Interval

PADDING_S = 2.0
"""Silence after the speech that the encoder is given; with less, the last words suffer."""

BUCKET_S = 3.0
"""Encoder inputs are padded to multiples of this, so that a window reads alike alone and in a batch."""

ENCODED_MIN_S = 24.0
"""Encoder inputs are no shorter: with less, Whisper's decoder is worse at digits. Of 48 strings of some 3 s
it wrote 31 right with 2 s of silence behind them, 35 in 9 s, 41 in 15 s, 42 in 24 s and 41 in 30 s."""

MARGIN_S = 0.4
"""Kept on both sides of the detected speech: the detector is late on soft onsets, early on soft ends."""

WINDOW_MAX_S = 27.0
"""The longest stretch heard at once; with padding it stays within the 30 s that Whisper was made for."""

SNIPPET_S = 0.1
"""Detected speech reaches a little beyond its sound; no word is so short."""

FRAME_SAMPLES = round(ENCODER_FRAME_S * SAMPLE_RATE_HZ)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of one recording that is heard at once."""

    recording: int
    onset_sample: int
    samples: NDArray[np.float32]

    @property
    def onset_s(self) -> float:
        """Where it starts in the recording, in seconds."""
        return self.onset_sample / SAMPLE_RATE_HZ

    @property
    def duration_s(self) -> float:
        """Seconds of sound, padding aside."""
        return len(self.samples) / SAMPLE_RATE_HZ

    @property
    def bucket(self) -> int:
        """How many times `BUCKET_S` the encoder's input is long."""
        return math.ceil(max(ENCODED_MIN_S, self.duration_s + PADDING_S) / BUCKET_S)


def cut_windows(
    recording: int,
    samples: NDArray[np.float32],
    speech: Sequence[Interval],
    breaks_s: Sequence[float] = (),
) -> list[Window]:
    """Cut a recording into windows: all speech, no dead air before or after it, none across a break.

    Parameters
    ----------
    recording : int
        Its place among those that are heard together.
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.
    speech : sequence of Interval
        In time order.
    breaks_s : sequence of float
        Times that no window may span, in seconds.

    Returns
    -------
    list of Window
        In time order, none longer than the encoder takes.
    """
    borders_s = [0.0, *breaks_s, len(samples) / SAMPLE_RATE_HZ]
    spans = [
        span
        for start_s, stop_s in pairwise(borders_s)
        for span in _spans(_clipped(speech, start_s, stop_s), start_s=start_s, stop_s=stop_s)
    ]
    edges = [
        (int(onset_s / ENCODER_FRAME_S) * FRAME_SAMPLES, round(offset_s * SAMPLE_RATE_HZ))
        for onset_s, offset_s in spans
    ]
    return [
        Window(recording=recording, onset_sample=onset, samples=samples[onset:offset])
        for onset, offset in edges
    ]


def _clipped(speech: Sequence[Interval], start_s: float, stop_s: float) -> list[Interval]:
    """Keep what lies between two times; a snippet of `SNIPPET_S` that a border cuts off holds no word."""
    inside = [
        Interval(onset_s=max(start_s, each.onset_s), offset_s=min(stop_s, each.offset_s))
        for each in speech
        if each.onset_s < stop_s and each.offset_s > start_s
    ]
    return [each for each in inside if each in speech or each.duration_s > SNIPPET_S]


def _spans(speech: Sequence[Interval], *, start_s: float, stop_s: float) -> list[tuple[float, float]]:
    """Group speech into spans of at most `WINDOW_MAX_S`, margins aside; neighbours share no sound."""
    groups = _groups([piece for stretch in speech for piece in _cut(stretch)])
    spans: list[tuple[float, float]] = []
    for index, group in enumerate(groups):
        first_s, last_s = group[0].onset_s, group[-1].offset_s
        floor_s = (groups[index - 1][-1].offset_s + first_s) / 2 if index else start_s
        ceiling_s = stop_s if group is groups[-1] else (last_s + groups[index + 1][0].onset_s) / 2
        spans.append((max(floor_s, first_s - MARGIN_S), min(ceiling_s, last_s + MARGIN_S)))
    return spans


def _cut(stretch: Interval) -> list[Interval]:
    """Cut speech without any pause into equal pieces that fit a window."""
    n_pieces = max(1, math.ceil(stretch.duration_s / WINDOW_MAX_S))
    edges_s = np.linspace(stretch.onset_s, stretch.offset_s, n_pieces + 1).tolist()
    return [Interval(onset_s=start, offset_s=stop) for start, stop in pairwise(edges_s)]


def _groups(pieces: Sequence[Interval]) -> list[Sequence[Interval]]:
    """Fill windows in turn; where not all fits, part at the widest pause of the later half."""
    groups: list[Sequence[Interval]] = []
    rest = pieces
    while rest:
        n_taken = sum(piece.offset_s - rest[0].onset_s <= WINDOW_MAX_S for piece in rest)
        n_taken = max(1, n_taken)
        if n_taken < len(rest):
            half_s = rest[0].onset_s + WINDOW_MAX_S / 2
            late = [n for n in range(1, n_taken + 1) if rest[n].onset_s >= half_s]
            n_taken = max(late, key=lambda n: rest[n].onset_s - rest[n - 1].offset_s, default=n_taken)
        groups.append(rest[:n_taken])
        rest = rest[n_taken:]
    return groups


def cut_in_halves(window: Window) -> list[Window]:
    """Cut a window at the quietest tenth of a second of its middle third.

    Parameters
    ----------
    window : Window
        At least two tenths of a second long.

    Returns
    -------
    list of Window
        Two.
    """
    hop = SAMPLE_RATE_HZ // 10
    n_hops = len(window.samples) // hop
    energy = np.square(window.samples[: n_hops * hop]).reshape(n_hops, hop).sum(axis=1)
    first = n_hops // 3
    quietest = first + int(np.argmin(energy[first : max(first + 1, 2 * n_hops // 3)]))
    cut = quietest * hop
    return [
        Window(
            recording=window.recording,
            onset_sample=window.onset_sample + start,
            samples=window.samples[start:stop],
        )
        for start, stop in ((0, cut), (cut, len(window.samples)))
    ]
