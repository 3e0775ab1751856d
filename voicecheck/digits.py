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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import EngineError, ParameterError
from voicecheck.timing import check_times
from voicecheck.transcript import ENCODER_FRAME_S

N_CLASSES = 21
"""Other, and two halves for each of ten digits."""
MIN_HALF_FRAMES = 2
"""Shortest half of a digit: a whole digit lasts at least 80 ms."""
SCALE = 0.4
"""Power of the frame posteriors: neighbouring frames tell nearly the same, so they count for less than one
each."""
ENTRY_COST = 1.0
"""Natural logarithm that each digit costs."""
FAR_BEHIND = 8.0
"""A digit whose frames explain so much less (natural logarithm) is tried only as the runner-up."""
SURE_LOG_PROBABILITY = math.log(0.9)
"""A best string that is more probable than this leaves too little for strings two edits away."""
LOG_FLOOR = -30.0
"""No class is less probable than this, so that one frame can never forbid a digit."""

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class TimedDigit:
    """One digit as it was heard.

    Parameters
    ----------
    digit : str
        ``"0"`` to ``"9"``.
    onset_s, offset_s : float
        Seconds from the start of the recording.
    confidence : float
        0 to 1: how much better this digit explains its frames than any other digit, or none, does.

    Raises
    ------
    ParameterError
        If a value is impossible.
    """

    digit: str
    onset_s: float
    offset_s: float
    confidence: float

    def __post_init__(self) -> None:
        if len(self.digit) != 1 or self.digit not in "0123456789":
            raise ParameterError(f"a digit is one of 0 to 9, got {self.digit!r}")
        check_times(self.onset_s, self.offset_s)
        if not 0.0 <= self.confidence <= 1.0:
            raise ParameterError(f"confidence must lie between 0 and 1, got {self.confidence}")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A string of digits that a stretch of speech may hold.

    Parameters
    ----------
    digits : str
        The digits in the order said; may be empty.
    log_probability : float
        Natural logarithm of its probability among all strings.
    """

    digits: str
    log_probability: float


@dataclass(frozen=True, kw_only=True, eq=False)
class DigitHead:
    """The network: normalise each frame, project, some residual convolutions over time, classify.

    Parameters
    ----------
    projection : np.ndarray, shape=(width, hidden)
    projection_bias : np.ndarray, shape=(hidden,)
    kernels : np.ndarray, shape=(n_layers, n_taps, hidden, hidden)
        `n_taps` is odd; tap ``n_taps // 2`` is the frame itself.
    kernel_biases : np.ndarray, shape=(n_layers, hidden)
    output : np.ndarray, shape=(hidden, N_CLASSES + 2)
        The last two classes are the halves of "oh".
    output_bias : np.ndarray, shape=(N_CLASSES + 2,)
    """

    projection: Floats
    projection_bias: Floats
    kernels: Floats
    kernel_biases: Floats
    output: Floats
    output_bias: Floats

    @property
    def width(self) -> int:
        """Width of the encoder output that the head was trained on."""
        return int(self.projection.shape[0])

    @classmethod
    def load(cls, path: Path | str) -> DigitHead:
        """Read a head from an ``.npz`` file.

        Raises
        ------
        EngineError
            If there is no such file, or it does not hold a head.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                weights = {name: arrays[name].astype(np.float32) for name in cls.__dataclass_fields__}
        except FileNotFoundError:
            raise EngineError(f"there is no digit head at {path}") from None
        except (KeyError, ValueError, EOFError, OSError, BadZipFile) as error:
            raise EngineError(f"{path} does not hold a digit head: {error}") from None
        head = cls(**weights)
        if head.output.shape != (head.projection.shape[1], N_CLASSES + 2):
            raise EngineError(f"{path} does not hold a digit head: output of shape {head.output.shape}")
        return head

    def save(self, path: Path | str) -> None:
        """Write the head as half-precision ``.npz``."""
        weights = {name: getattr(self, name).astype(np.float16) for name in self.__dataclass_fields__}
        np.savez(path, **weights)

    def log_posteriors(self, frames: Floats) -> Floats:
        """Tell for each frame how probable each class is.

        Parameters
        ----------
        frames : np.ndarray, shape=(n_frames, width), dtype=float32
            Encoder output of one window, rows past the end of the audio left out or not.

        Returns
        -------
        np.ndarray, shape=(n_frames, N_CLASSES), dtype=float32
            Natural logarithms, each row's probabilities adding up to 1.

        Raises
        ------
        ParameterError
            If the frames are not of the width that the head was trained on.
        """
        if frames.ndim != 2 or frames.shape[1] != self.width:
            raise ParameterError(f"the head reads frames of width {self.width}, got shape {frames.shape}")
        hidden = np.maximum(
            _normalised(frames.astype(np.float32)) @ self.projection + self.projection_bias, 0
        )
        for kernel, bias in zip(self.kernels, self.kernel_biases, strict=True):
            hidden = hidden + np.maximum(_convolved(hidden, kernel) + bias, 0)
        return _oh_is_zero(_log_softmax(hidden @ self.output + self.output_bias))


def _normalised(frames: Floats) -> Floats:
    """Each row with mean 0 and variance 1."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    normalised: Floats = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return normalised


def _convolved(hidden: Floats, kernel: Floats) -> Floats:
    """Each row as a sum over its neighbours, zeros past both ends; shape of `hidden` kept."""
    reach = len(kernel) // 2
    padded = np.pad(hidden, ((reach, reach), (0, 0)))
    windows = [padded[tap : tap + len(hidden)] for tap in range(len(kernel))]
    product: Floats = np.concatenate(windows, axis=1) @ kernel.reshape(-1, kernel.shape[2])
    return product


def _log_softmax(scores: Floats) -> Floats:
    scores = scores - scores.max(axis=1, keepdims=True)
    result: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return result


def _oh_is_zero(logp: Floats) -> Floats:
    """Add the halves of "oh", the last two classes, to those of "zero"."""
    merged = logp[:, :N_CLASSES].copy()
    merged[:, 1:3] = np.logaddexp(logp[:, 1:3], logp[:, N_CLASSES:])
    return np.maximum(merged, LOG_FLOOR)


# --- reading: the best path through other and halves of digits ---


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
        for start, end in _stretches_with_digits(logp)
        for digit, first, middle, last in _best_path(logp[start:end] * scale)
    ]
    return _timed(logp, segments, onset_s, scale)


Segment = tuple[int, int, int, int]
"""A digit, the frames where its first half and its second half start, and the frame after its last."""


def _stretches_with_digits(logp: Floats) -> list[tuple[int, int]]:
    """Cut the window where it is surely *other* for a while; what is left is worth decoding."""
    margin = 3
    busy = logp[:, 0] < math.log(0.999)
    wide = np.convolve(np.concatenate([[0], busy, [0]]), np.ones(2 * margin + 1), mode="same") > 0
    wide[0] = wide[-1] = False
    changes = np.flatnonzero(np.diff(wide.astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def _best_path(scores: Floats) -> list[Segment]:
    """Viterbi over other and, for each digit, two states in each half, of which the second may be held."""
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


def _alternatives(logp: Floats, segment: Segment) -> Doubles:
    """Log-score of a segment's frames as each digit, and last as other; shape=(11,)."""
    _, first, middle, end = segment
    as_digit = logp[first:middle, 1::2].sum(axis=0) + logp[middle:end, 2::2].sum(axis=0)
    scores: Doubles = np.append(as_digit, logp[first:end, 0].sum()).astype(np.float64)
    return scores


def _confidence(logp: Floats, segment: Segment, scale: float) -> float:
    scores = _alternatives(logp, segment) * scale
    return float(1.0 / np.exp(np.minimum(scores - scores[segment[0]], 700.0)).sum())


# --- strings: every path that says the same digits ---


def string_score(logp: Floats, digits: str, *, scale: float = SCALE) -> float:
    """Natural logarithm of the probability that a stretch holds exactly these digits.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, N_CLASSES)
        Posterior matrix of the stretch.
    digits : str
        Digits 0 to 9; may be empty.
    scale : float > 0
        Power of the posteriors.

    Returns
    -------
    float
        At most 0; minus infinity where the stretch is too short for so many digits.

    Raises
    ------
    ParameterError
        If `digits` holds anything but 0 to 9.
    """
    return float(string_scores(logp, [digits], scale=scale)[0])


def string_scores(logp: Floats, strings: Sequence[str], *, scale: float = SCALE) -> Doubles:
    """`string_score` of many strings in one pass; shape=(len(strings),)."""
    for digits in strings:
        _check_digits(digits)
    if not len(logp):
        return np.array([-np.inf if digits else 0.0 for digits in strings])
    weights = np.exp(scale * (logp - logp.max(axis=1, keepdims=True)).astype(np.float64))
    return np.minimum(_forward_strings(weights, strings) - _forward_all(weights), 0.0)


def _check_digits(digits: str) -> None:
    if digits and not (digits.isascii() and digits.isdigit()):
        raise ParameterError(f"a string holds digits 0 to 9 only, got {digits!r}")


def _forward_all(weights: Doubles) -> float:
    """Log-weight of all paths of all strings."""
    entry = math.exp(-ENTRY_COST)
    emissions = np.empty((len(weights), 4, 10))
    emissions[:, :2] = weights[:, None, 1::2]
    emissions[:, 2:] = weights[:, None, 2::2]
    total = np.zeros((4, 10))
    held = np.array([[0.0], [1.0], [0.0], [1.0]])
    other, log_weight = 1.0, 0.0
    for t in range(len(weights)):
        into = other + float(total[3].sum())
        new = total * held
        new[1:] += total[:3]
        new[0] = into * entry
        new *= emissions[t]
        total, other = new, into * float(weights[t, 0])
        if t % 8 == 7:
            size = other + float(total.sum())
            total /= size
            other /= size
            log_weight += math.log(size)
    return log_weight + math.log(other + float(total[3].sum()))


_CHAIN = 5
"""States per digit of a string: other before it, then two in each half."""


def _chains(strings: Sequence[str]) -> Ints:
    """Class of each state of each string, -1 past its end; shape=(n_strings, n_states)."""
    classes = np.full((len(strings), _CHAIN * max(map(len, strings)) + 1), -1, dtype=np.int64)
    for row, digits in zip(classes, strings, strict=True):
        for k, digit in enumerate(digits):
            first = 1 + 2 * int(digit)
            row[_CHAIN * k : _CHAIN * (k + 1)] = 0, first, first, first + 1, first + 1
        row[_CHAIN * len(digits)] = 0
    return classes


def _forward_strings(weights: Doubles, strings: Sequence[str]) -> Doubles:
    """Log-weight of all paths of each string."""
    classes = _chains(strings)
    n_strings, n_states = classes.shape
    place = np.arange(n_states) % _CHAIN
    stay = np.isin(place, (0, 2, 4)).astype(np.float64)
    entry = math.exp(-ENTRY_COST)
    step = np.where(place == 1, entry, 1.0)
    skip = np.where(place == 1, entry, 0.0)[2:]
    padded = np.concatenate([weights, np.zeros((len(weights), 1))], axis=1)
    total = np.zeros((n_strings, n_states))
    total[:, 0] = 1.0
    total[:, 1:2] = entry
    total *= padded[0][classes]
    log_weight = np.zeros(n_strings)
    for t in range(1, len(weights)):
        new = total * stay
        new[:, 1:] += total[:, :-1] * step[1:]
        new[:, 2:] += total[:, :-2] * skip
        new *= padded[t][classes]
        total = new
        if t % 8 == 0:
            size = np.maximum(total.sum(axis=1), 1e-300)
            total /= size[:, None]
            log_weight += np.log(size)
    ends = np.array([_CHAIN * len(digits) for digits in strings])
    rows = np.arange(n_strings)
    final = total[rows, ends] + np.where(ends > 0, total[rows, ends - 1], 0.0)
    with np.errstate(divide="ignore"):
        result: Doubles = log_weight + np.log(final)
    return result


Edit = tuple[int, int, str]
"""Replace the digits from one place up to another by these."""


def nbest(logp: Floats, n: int = 5, *, scale: float = SCALE) -> list[Reading]:
    """The most probable strings of a stretch.

    The best path's string, all that differ from it by one plausible digit (another, one less, one more),
    and pairs of such differences are scored; a string that differs in three places is not found.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, N_CLASSES)
        Posterior matrix of the stretch.
    n : int >= 1
        How many at most.
    scale : float > 0
        Power of the posteriors.

    Returns
    -------
    list of Reading
        Best first; never empty.
    """
    segments = [
        (digit, first + start, middle + start, last + start)
        for start, end in _stretches_with_digits(logp)
        for digit, first, middle, last in _best_path(logp[start:end] * scale)
    ]
    base = "".join(str(segment[0]) for segment in segments)
    edits = _edits(logp, segments, scale)
    known = _scored(logp, [base, *(_edited(base, [edit]) for edit in edits)], scale)
    if known[base] < SURE_LOG_PROBABILITY:
        known |= _scored(logp, _twice_edited(base, edits, known), scale)
    ranked = sorted(known.items(), key=lambda item: -item[1])
    return [Reading(digits=digits, log_probability=score) for digits, score in ranked[:n]]


def _twice_edited(base: str, edits: Sequence[Edit], known: Mapping[str, float]) -> list[str]:
    """Pairs of the six most probable edits, as far as they are not known yet."""
    likeliest = sorted(edits, key=lambda edit: -known[_edited(base, [edit])])[:6]
    pairs = [
        _edited(base, sorted([one, two]))
        for k, one in enumerate(likeliest)
        for two in likeliest[:k]
        if one[0] != two[0]
    ]
    return [digits for digits in pairs if digits not in known]


def margin(readings: Sequence[Reading]) -> float:
    """How much likelier the best reading is than the second, as a natural logarithm; infinite if alone."""
    if len(readings) < 2:
        return math.inf
    return readings[0].log_probability - readings[1].log_probability


def _scored(logp: Floats, strings: Sequence[str], scale: float) -> dict[str, float]:
    distinct = list(dict.fromkeys(strings))
    if not distinct:
        return {}
    scores = string_scores(logp, distinct, scale=scale)
    return dict(zip(distinct, scores.tolist(), strict=True))


def _edited(digits: str, edits: Sequence[Edit]) -> str:
    for start, end, new in reversed(edits):
        digits = digits[:start] + new + digits[end:]
    return digits


def _edits(logp: Floats, segments: Sequence[Segment], scale: float) -> list[Edit]:
    """What could be otherwise: each digit another one, absent or doubled, and a digit in each gap."""
    edits: list[Edit] = []
    for k, segment in enumerate(segments):
        behind = scale * (_alternatives(logp, segment)[segment[0]] - _alternatives(logp, segment)[:10])
        others = [int(digit) for digit in np.argsort(behind) if digit != segment[0]]
        edits += [
            (k, k + 1, str(digit)) for digit in others[:3] if behind[digit] < FAR_BEHIND or digit == others[0]
        ]
        edits += [(k, k + 1, ""), (k, k + 1, 2 * str(segment[0]))]
    ends = [0, *(segment[3] for segment in segments)]
    starts = [*(segment[1] for segment in segments), len(logp)]
    for k, (gap_start, gap_end) in enumerate(zip(ends, starts, strict=True)):
        edits += [(k, k, digit) for digit in _likeliest_in(logp[gap_start:gap_end])]
    return edits


def _likeliest_in(logp: Floats) -> list[str]:
    """The digit with most probability in a gap, if it has one hundredth of a frame or more."""
    if not len(logp):
        return []
    mass = np.exp(logp[:, 1:]).sum(axis=0).reshape(10, 2).sum(axis=1)
    return [str(int(mass.argmax()))] if mass.max() >= 0.01 else []


def force_align(
    logp: Floats, digits: str, onset_s: float = 0.0, *, scale: float = SCALE
) -> tuple[list[TimedDigit], float]:
    """Find when each of the given digits was said.

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, N_CLASSES)
        Posterior matrix of the stretch.
    digits : str
        Digits 0 to 9.
    onset_s : float >= 0
        Where the stretch starts in the recording, in seconds.
    scale : float > 0
        Power of the posteriors.

    Returns
    -------
    timed : list of TimedDigit
        One for each digit; empty where the stretch is too short for them.
    log_probability : float
        As by `string_score`.

    Raises
    ------
    ParameterError
        If `digits` holds anything but 0 to 9.
    """
    log_probability = string_score(logp, digits, scale=scale)
    return align(logp, digits, onset_s, scale=scale), log_probability


def align(logp: Floats, digits: str, onset_s: float = 0.0, *, scale: float = SCALE) -> list[TimedDigit]:
    """Find when each of the given digits was said, as `force_align`, without their probability."""
    _check_digits(digits)
    if not digits or len(logp) < 2 * MIN_HALF_FRAMES * len(digits):
        return []
    return _timed(logp, _aligned(logp * scale, digits), onset_s, scale)


def _aligned(scores: Floats, digits: str) -> list[Segment]:
    """The best path of one string."""
    classes = _chains([digits])[0]
    place = np.arange(len(classes)) % _CHAIN
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
    first, middle = np.arange(len(digits)) * _CHAIN + 1, np.arange(len(digits)) * _CHAIN + 3
    starts, middles = np.searchsorted(states, first), np.searchsorted(states, middle)
    ends = np.searchsorted(states, first + 4)
    return [
        (int(digit), int(start), int(middle), int(end))
        for digit, start, middle, end in zip(digits, starts, middles, ends, strict=True)
    ]
