"""How probable a string of digits is, and the likeliest ones: every path that says the same digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voicecheck.speech.digit_head import Doubles, Floats
from voicecheck.speech.digit_paths import (
    CHAIN,
    ENTRY_COST,
    SCALE,
    Segment,
    align,
    alternatives,
    best_path,
    chains,
    check_digits,
    stretches_with_digits,
)
from voicecheck.speech.transcript import TimedDigit

FAR_BEHIND = 8.0
"""A digit whose frames explain so much less (natural logarithm) is tried only as the runner-up."""

SURE_LOG_PROBABILITY = math.log(0.9)
"""A best string that is more probable than this leaves too little for strings two edits away."""


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
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
    """`string_score` of many strings in one pass; shape=(len(strings),).

    Parameters
    ----------
    logp : np.ndarray, shape=(n_frames, n_classes)
        Log-probabilities, a frame a row.
    strings : sequence of str
        Of digits, of any lengths.
    scale : float
        By which log-probabilities are multiplied.

    Returns
    -------
    np.ndarray, shape=(n_strings,)
        Natural logarithms.
    """
    for digits in strings:
        check_digits(digits)
    if not len(logp):
        return np.array([-np.inf if digits else 0.0 for digits in strings])
    weights = np.exp(scale * (logp - logp.max(axis=1, keepdims=True)).astype(np.float64))
    return np.minimum(_forward_strings(weights, strings) - _forward_all(weights), 0.0)


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


def _forward_strings(weights: Doubles, strings: Sequence[str]) -> Doubles:
    """Log-weight of all paths of each string."""
    classes = chains(strings)
    n_strings, n_states = classes.shape
    place = np.arange(n_states) % CHAIN
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
    ends = np.array([CHAIN * len(digits) for digits in strings])
    rows = np.arange(n_strings)
    final = total[rows, ends] + np.where(ends > 0, total[rows, ends - 1], 0.0)
    with np.errstate(divide="ignore"):
        result: Doubles = log_weight + np.log(final)
    return result


Edit = tuple[int, int, str]
"""Replace the digits from one place up to another by these."""


def nbest(logp: Floats, n: int = 5, *, scale: float = SCALE) -> list[Hypothesis]:
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
        for start, end in stretches_with_digits(logp)
        for digit, first, middle, last in best_path(logp[start:end] * scale)
    ]
    base = "".join(str(segment[0]) for segment in segments)
    edits = _edits(logp, segments, scale)
    known = _scored(logp, [base, *(_edited(base, [edit]) for edit in edits)], scale)
    if known[base] < SURE_LOG_PROBABILITY:
        known |= _scored(logp, _twice_edited(base, edits, known), scale)
    ranked = sorted(known.items(), key=lambda item: -item[1])
    return [Hypothesis(digits=digits, log_probability=score) for digits, score in ranked[:n]]


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


def margin(readings: Sequence[Hypothesis]) -> float:
    """How much likelier the best reading is than the second, as a natural logarithm; infinite if alone.

    Parameters
    ----------
    readings : sequence of Hypothesis
        The best one first.

    Returns
    -------
    float
        0 or more.
    """
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
        behind = scale * (alternatives(logp, segment)[segment[0]] - alternatives(logp, segment)[:10])
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
