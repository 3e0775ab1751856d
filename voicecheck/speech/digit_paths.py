"""Which digits were said, and exactly when: a small network on Whisper's encoder output, in numpy.

Conventions
-----------
Frames are `ENCODER_FRAME_S` apart; frame `i` covers the time from ``i`` to ``i + 1`` frames after the onset
of the window. A *posterior matrix* has one row per frame and `N_CLASSES` natural logarithms of
probabilities: first *other*, then for each digit 0 to 9 its *first half* and its *second half*. Halves keep
equal neighbours apart: "5 5" passes through first, second, first, second; a long "5" through first, second
only. "Oh" and "zero" are both 0. "Double five" holds one 5, "forty" and "hundred" none: the head tells what
is heard, words are others' work.

A *path* gives each frame a state: other, or a half of a digit; each half lasts at least `MIN_HALF_FRAMES`.
The weight of a path is the product of its posteriors to the power of `scale`, times ``exp(-ENTRY_COST)``
for each digit. A string's probability is the weight of all its paths over the weight of all paths of all
strings [1]_, so strings of any length compare on equal terms, and probabilities of all strings add up to 1.

References
----------
.. [1] Povey et al. (2016), Purely sequence-trained neural networks for ASR based on lattice-free MMI,
   Interspeech, 2751-2755.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import ParameterError
from voicecheck.speech.digit_head import Doubles, Floats, Ints
from voicecheck.speech.transcript import ENCODER_FRAME_S, TimedDigit

MIN_HALF_FRAMES = 2
"""Shortest half of a digit: a whole digit lasts at least 80 ms."""

SCALE = 0.4
"""Power of the frame posteriors: neighbouring frames tell nearly the same, so they count for less than one
each."""

ENTRY_COST = 1.0
"""Natural logarithm that each digit costs."""


def read_digits(logp: Floats, onset_s: float = 0.0, *, scale: float = SCALE) -> list[TimedDigit]:
    """Hear the digits in a window by the best path [2]_.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, N_CLASSES)
        Posterior matrix.
    onset_s : float >= 0
        Where the window starts in the recording, in seconds.
    scale : float > 0
        Power of the posteriors.

    Returns
    -------
    list of TimedDigit
        In time order, not overlapping; empty where no digit was said.

    References
    ----------
    .. [2] Viterbi (1967), IEEE Transactions on Information Theory 13(2), 260-269.
    """
    segments = [
        (digit, first + start, middle + start, last + start)
        for start, end in stretches_with_digits(logp)
        for digit, first, middle, last in best_path(logp[start:end] * scale)
    ]
    return _timed(logp, segments, onset_s, scale)


Segment = tuple[int, int, int, int]
"""A digit, the frames where its first half and its second half start, and the frame after its last."""


def stretches_with_digits(logp: Floats) -> list[tuple[int, int]]:
    """Cut the window where it is surely *other* for a while; what is left is worth decoding.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, n_classes)
        Log-probabilities, a frame a row.

    Returns
    -------
    list[tuple[int, int]]
        First frame and the one behind the last, in order.
    """
    margin = 3
    busy = logp[:, 0] < math.log(0.999)
    wide = np.convolve(np.concatenate([[0], busy, [0]]), np.ones(2 * margin + 1), mode="same") > 0
    wide[0] = wide[-1] = False
    changes = np.flatnonzero(np.diff(wide.astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def best_path(scores: Floats) -> list[Segment]:
    """Viterbi over other and, for each digit, two states in each half, of which the second may be held.

    Parameters
    ----------
    scores : np.ndarray, shape=(n_frames, n_classes)
        Log-scores, a frame a row.

    Returns
    -------
    list of Segment
        The digits on it, in order.
    """
    n_frames = len(scores)
    emissions = np.empty((n_frames, 4, 10))
    emissions[:, :2] = scores[:, None, 1::2]
    emissions[:, 2:] = scores[:, None, 2::2]
    other = scores[:, 0].tolist()
    stay_cost = np.array([[-np.inf], [0.0], [-np.inf], [0.0]])
    best = np.full((4, 10), -np.inf)
    shifted = np.empty((4, 10))
    best_other = 0.0
    stayed = np.zeros((n_frames, 4, 10), dtype=bool)
    came_from = np.empty(
        n_frames, dtype=np.int64
    )  # into other or a new digit: -1 other, else the digit before
    for t in range(n_frames):
        last = best[3]
        digit = int(last.argmax())
        into = best_other
        came_from[t] = -1
        if last[digit] > best_other:
            into, came_from[t] = float(last[digit]), digit
        shifted[0] = into - ENTRY_COST
        shifted[1:] = best[:3]
        held = best + stay_cost
        np.greater(held, shifted, out=stayed[t])
        best = np.maximum(held, shifted) + emissions[t]
        best_other = into + other[t]
    return _traced(stayed, came_from, int(best[3].argmax()) if best[3].max() > best_other else -1)


def _traced(stayed: NDArray[np.bool_], came_from: Ints, digit: int) -> list[Segment]:
    """Follow the best path back from `digit` (-1: other) at the end."""
    segments: list[Segment] = []
    state, end, middle = 3, len(stayed), 0
    for t in range(len(stayed) - 1, -1, -1):
        if digit < 0:
            digit, end, state = int(came_from[t]), t, 3
        elif not stayed[t, state, digit]:
            if state == 2:
                middle = t
            if state == 0:
                segments.append((digit, t, middle, end))
                digit, end, state = int(came_from[t]), t, 3
            else:
                state -= 1
    return segments[::-1]


def _timed(logp: Floats, segments: Sequence[Segment], onset_s: float, scale: float) -> list[TimedDigit]:
    """Give segments their times, finer than a frame, and their confidence."""
    edges = [_edges(logp, segment) for segment in segments]
    for k in range(1, len(edges)):
        (before, end), (start, after) = edges[k - 1], edges[k]
        if start < end or segments[k - 1][3] == segments[k][1]:
            meeting = (start + end) / 2
            edges[k - 1], edges[k] = (before, meeting), (meeting, after)
    return [
        TimedDigit(
            digit=str(segment[0]),
            onset_s=onset_s + start * ENCODER_FRAME_S,
            offset_s=onset_s + max(start, end) * ENCODER_FRAME_S,
            confidence=_confidence(logp, segment, scale),
        )
        for segment, (start, end) in zip(segments, edges, strict=True)
    ]


def _edges(logp: Floats, segment: Segment) -> tuple[float, float]:
    """Onset and offset in frames, from how much of the four frames about an edge is this digit's."""
    digit, first, _, end = segment
    reach = MIN_HALF_FRAMES
    before = max(0, first - reach)
    share = np.exp(logp[before : first + reach, 1 + 2 * digit]).sum()
    onset = min(max(first + reach - float(share), before), first + reach)
    after = min(len(logp), end + reach)
    share = np.exp(logp[end - reach : after, 2 + 2 * digit]).sum()
    return onset, min(max(end - reach + float(share), end - reach), after)


def alternatives(logp: Floats, segment: Segment) -> Doubles:
    """Log-score of a segment's frames as each digit, and last as other; shape=(11,).

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, n_classes)
        Log-probabilities, a frame a row.
    segment : Segment
        Where one digit was read.

    Returns
    -------
    np.ndarray, shape=(11,)
        The higher, the likelier.
    """
    _, first, middle, end = segment
    as_digit = logp[first:middle, 1::2].sum(axis=0) + logp[middle:end, 2::2].sum(axis=0)
    scores: Doubles = np.append(as_digit, logp[first:end, 0].sum()).astype(np.float64)
    return scores


def _confidence(logp: Floats, segment: Segment, scale: float) -> float:
    scores = alternatives(logp, segment) * scale
    return float(1.0 / np.exp(np.minimum(scores - scores[segment[0]], 700.0)).sum())


def check_digits(digits: str) -> None:
    """Refuse a string with anything but digits.

    Parameters
    ----------
    digits : str
        What is to be aligned or scored.

    Raises
    ------
    ParameterError
        If there is anything else in it.
    """
    if digits and not (digits.isascii() and digits.isdigit()):
        raise ParameterError(f"a string holds digits 0 to 9 only, got {digits!r}")


CHAIN = 5
"""States per digit of a string: other before it, then two in each half."""


def chains(strings: Sequence[str]) -> Ints:
    """Class of each state of each string, -1 past its end; shape=(n_strings, n_states).

    Parameters
    ----------
    strings : sequence of str
        Of digits, of any lengths.

    Returns
    -------
    np.ndarray of int, shape=(n_strings, n_states)
        As long as the longest string needs.
    """
    classes = np.full((len(strings), CHAIN * max(map(len, strings)) + 1), -1, dtype=np.int64)
    for row, digits in zip(classes, strings, strict=True):
        for k, digit in enumerate(digits):
            first = 1 + 2 * int(digit)
            row[CHAIN * k : CHAIN * (k + 1)] = 0, first, first, first + 1, first + 1
        row[CHAIN * len(digits)] = 0
    return classes


def align(logp: Floats, digits: str, onset_s: float = 0.0, *, scale: float = SCALE) -> list[TimedDigit]:
    """Find when each of the given digits was said, as `force_align`, without their probability.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, n_classes)
        Log-probabilities, a frame a row.
    digits : str
        That were said, in order.
    onset_s : float
        When the first frame begins.
    scale : float
        By which log-probabilities are multiplied.

    Returns
    -------
    list of TimedDigit
        One for each digit.
    """
    check_digits(digits)
    if not digits or len(logp) < 2 * MIN_HALF_FRAMES * len(digits):
        return []
    return _timed(logp, _aligned(logp * scale, digits), onset_s, scale)


def _aligned(scores: Floats, digits: str) -> list[Segment]:
    """The best path of one string."""
    classes = chains([digits])[0]
    place = np.arange(len(classes)) % CHAIN
    costs = np.full((3, len(classes)), -np.inf)  # to stay, to step, to skip the pause
    costs[0, np.isin(place, (0, 2, 4))] = 0.0
    costs[1, 1:] = np.where(place[1:] == 1, -ENTRY_COST, 0.0)
    costs[2, 2:] = np.where(place[2:] == 1, -ENTRY_COST, -np.inf)
    emissions = scores[:, classes].astype(np.float64)
    best = np.full(len(classes), -np.inf)
    best[:2] = emissions[0, :2]
    moves = np.zeros((len(scores), len(classes)), dtype=np.int64)
    for t in range(1, len(scores)):
        options = costs + best
        options[1, 1:] = best[:-1] + costs[1, 1:]
        options[2, 2:] = best[:-2] + costs[2, 2:]
        moves[t] = options.argmax(axis=0)
        best = options.max(axis=0) + emissions[t]
    state = len(classes) - 1 if best[-1] >= best[-2] else len(classes) - 2
    states = np.empty(len(scores), dtype=np.int64)
    for t in range(len(scores) - 1, -1, -1):
        states[t] = state
        state -= int(moves[t, state])
    first, middle = np.arange(len(digits)) * CHAIN + 1, np.arange(len(digits)) * CHAIN + 3
    starts, middles = np.searchsorted(states, first), np.searchsorted(states, middle)
    ends = np.searchsorted(states, first + 4)
    return [
        (int(digit), int(start), int(middle), int(end))
        for digit, start, middle, end in zip(digits, starts, middles, ends, strict=True)
    ]
