"""Fit the decision about the digits on candidate lists, and calibrate it on speakers it was not fitted on.

    python -m training.decision WORK [--model base] [--kokoro-voices package/voices]

`WORK` keeps the messages (`training.messages`) and what was heard of them (`training.heard`), so that fitting
on a new digit head takes minutes. The weights go to ``models/digit-decision-MODEL.toml``.

1. Every message is left in one of the conditions of `training.conditions`, two times over, and heard.
2. Every stretch of digits gets its candidates, once by the number plan of the US and once by that of France,
   where the same digits are no number: so what fits the plan counts for something, but not for all.
3. The weights maximise the conditional likelihood of what was said [1]_, drawn to a prior. Speakers who judge
   the digit head (`recorded.kept_aside`) count three times: on the others it is surer than it should be.
4. In each of `N_FOLDS` folds of speakers the weights are fitted on the other folds; on these readings the
   calibration is fitted (and judged, again fold by fold), and the threshold of `sure` set.

References
----------
.. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior, in: Frontiers in
   Econometrics.
"""

from __future__ import annotations

import math
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from training import recorded
from training.conditions import CONDITIONS
from training.heard import Kept, hear_all, kept_in, messages_in, people_in
from training.messages import SHARED, recorded_clips, write_messages
from voicecheck.numbers.agree import agreed
from voicecheck.numbers.candidates import FEATURES, NONE_FEATURES, Candidate, candidates, none_features
from voicecheck.numbers.decide import edges_of, gather_clues, timeline
from voicecheck.numbers.decision_model import CALIBRATED, Calibration
from voicecheck.numbers.plan import Grade, comparable_digits, grade
from voicecheck.numbers.stretches import find_stretches
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_paths import read_digits
from voicecheck.speech.transcript import ENCODER_FRAME_S

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

MODELS = Path(__file__).parents[1] / "models"

PLANS = {"US": 1.0, "FR": 0.5}
"""Regions whose plan the candidates are held against, and what a list counts there."""
ROUNDS = 2
"""Conditions that each message is heard in."""
N_FOLDS = 3
PENALTY = 1.0
"""Pull to the prior: of 0.3 and 1, by the calibration error in the folds and with two samples in view."""
CALIBRATION_PENALTY = 1.0
"""Pull of the calibration to the shares as they are: a few readings' worth."""
VOICE_WEIGHTS = {"espeak": 0.015, "festival": 0.06, "flite": 0.15}
"""What a list of the simpler synthetic voices counts; any other counts 1."""
ASIDE_WEIGHT = 3.0
"""What a list of a speaker whom the digit head never heard counts."""
ROUGH_VOICES = tuple(VOICE_WEIGHTS)

LOST_MIN = 6
"""A saying of so many digits that no stretch has any part of is lost."""
ENDED = "|"
"""Stands between stretches, and between sayings."""
BROKEN, RUN_ON = 2.0, 0.5
"""Edits that it costs if one saying is in two stretches, and if two are in one."""
SHORT = 5
"""A stretch in which nothing was said is of no interest if both ears have fewer digits."""

SURE_LEAST = 0.9
"""A reading with a smaller probability is never called sure, however few were wrong."""
WRONG_MAX = 0.01
"""At most so many of the sure readings are wrong."""

PRIOR = {
    "head": 1.0,
    "swapped": -4.0,
    "repeated": -0.5,
    "added": -4.0,
    "lost": -4.0,
    "full": 1.5,
    "collapsed": -1.0,
    "unexplained_s": -4.0,
}
"""Where the weights are drawn to, as far as the lists leave them open: the head's probability counts as it
is, a decoder loses or adds one of several equal digits easily and any other rarely."""


RARE = {"collapsed": 300.0, "unexplained_s": 300.0}
"""Features of which the lists tell little ("double" and "hundred" are rare): the pull to their prior is so
much stronger."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A stretch, what may have been said in it, and what was.

    Parameters
    ----------
    name, speaker, condition : str
        Where it is from.
    truth : str
        What was said; empty if nothing.
    digits, spoken : tuple of str, length n
        The candidates: what they mean, and what sounds in them.
    x : np.ndarray, shape=(n, len(FEATURES))
    none : np.ndarray, shape=(len(NONE_FEATURES),)
    weight : float
        How much it counts.
    """

    name: str
    speaker: str
    condition: str
    truth: str
    digits: tuple[str, ...]
    spoken: tuple[str, ...]
    x: Doubles
    none: Doubles
    weight: float = 1.0

    @property
    def right(self) -> Bools:
        """Which entries are right: a candidate, or the last one, "none of these"."""
        right = np.array([digits == self.truth for digits in self.digits])
        return np.append(right, not right.any())


def matched(guesses: Sequence[str], sayings: Sequence[str]) -> tuple[list[str], int]:
    """Give each stretch the digits said in it, by the fewest edits between all guesses and all sayings.

    Returns
    -------
    truths : list of str
        One for each guess.
    n_lost : int
        Sayings of six digits or more of which no stretch has anything.

    Examples
    --------
    >>> matched(["333", "22", "4155550136"], ["333222", "4155550136"])
    (['333', '222', '4155550136'], 0)

    A digit lost where one saying ends and the next begins is the one's that it belongs to:

    >>> matched(["4168672749", "168672749"], ["4168672749", "4168672749"])
    (['4168672749', '4168672749'], 0)

    A saying more than there were was made up by the decoder, mostly at the end:

    >>> matched(["4155001523", "4155001523"], ["4155001523"])
    (['4155001523', ''], 0)

    An extension that is no stretch of its own is nobody's:

    >>> matched(["4155550136"], ["4155550136", "204"])
    (['4155550136'], 0)
    """
    heard, said = ENDED.join(guesses), ENDED.join(sayings)
    owner_at = [place for place, guess in enumerate(guesses) for _ in f"{guess}{ENDED}"]
    truths, found = [""] * len(guesses), [0] * len(sayings)
    parts: list[tuple[int, int, str]] = []
    nth = 0
    for at, mark, is_there in _aligned(heard, said):
        if mark == ENDED:
            nth += 1
        elif mark:
            starts_one = at == 0 or heard[at - 1 : at] == ENDED
            parts.append((owner_at[at if is_there or starts_one else at - 1] if guesses else -1, nth, mark))
            found[nth] += is_there
    for owner, nth, mark in parts:
        if found[nth] and owner >= 0:
            truths[owner] += mark
    n_lost = sum(not n and len(saying) >= LOST_MIN for n, saying in zip(found, sayings, strict=True))
    return truths, n_lost


def _aligned(heard: str, said: str) -> list[tuple[int, str, bool]]:
    """Align two strings in which `ENDED` parts the pieces, with the fewest edits.

    Returns
    -------
    list of (int, str, bool)
        In order: a place in `heard`; what was said there, nothing if not; whether a digit was heard.
    """
    cost = np.zeros((len(heard) + 1, len(said) + 1))  # of what follows from a place in each on
    cost[:-1, -1] = np.cumsum([_gap(mark, BROKEN) for mark in heard[::-1]])[::-1]
    cost[-1, :-1] = np.cumsum([_gap(mark, RUN_ON) for mark in said[::-1]])[::-1]
    for row in reversed(range(len(heard))):
        for column in reversed(range(len(said))):
            cost[row, column] = min(
                cost[row + 1, column + 1] + _pair(heard[row], said[column]),
                cost[row + 1, column] + _gap(heard[row], BROKEN),
                cost[row, column + 1] + _gap(said[column], RUN_ON),
            )
    steps: list[tuple[int, str, bool]] = []
    row = column = 0
    while row < len(heard) or column < len(said):  # from the start: what is made up mostly stands at the end
        here, mark, other = cost[row, column], heard[row : row + 1], said[column : column + 1]
        if mark and other and here == cost[row + 1, column + 1] + _pair(mark, other):
            steps.append((row, other, True))
            row, column = row + 1, column + 1
        elif mark and here == cost[row + 1, column] + _gap(mark, BROKEN):
            steps.append((row, "", True))
            row += 1
        else:
            steps.append((row, other, False))
            column += 1
    return steps


def _gap(mark: str, ended: float) -> float:
    return ended if mark == ENDED else 1.0


def _pair(mark: str, other: str) -> float:
    if mark == other:
        return 0.0
    return np.inf if ENDED in (mark, other) else 1.0


def cases_of(kept: Kept, head: DigitHead, region: str, weight: float = 1.0) -> tuple[list[Case], int]:
    """Make a case of every stretch of one message; and count the sayings that have none."""
    words, windows = kept.transcript.words, kept.transcript.windows
    if not windows:
        return [], len(kept.sayings)
    log_posteriors = timeline(windows, head)
    stretches = find_stretches(words, read_digits(log_posteriors), region)
    made = []
    for place, stretch in enumerate(stretches):
        edges = edges_of(stretch, stretches, place, words, len(log_posteriors) * ENCODER_FRAME_S)
        first, last = (round(edge_s / ENCODER_FRAME_S) for edge_s in edges)
        clues = gather_clues(
            stretch,
            words,
            windows,
            log_posteriors[first:last],
            sounds=kept.sounds,
            levels_dbfs=kept.levels_dbfs,
            condition=kept.measured,
        )
        made.append((clues, candidates(clues, region)))
    guesses = [each.written.meant or "".join(digit.digit for digit in each.heard) for each, _ in made]
    truths, n_lost = matched(guesses, kept.sayings)
    cases = [
        Case(
            name=kept.name,
            speaker=kept.speaker,
            condition=kept.condition,
            truth=truth,
            digits=tuple(each.digits for each in listed),
            spoken=tuple(each.spoken for each in listed),
            x=np.array([each.features for each in listed]),
            none=none_features(clues, listed),
            weight=weight,
        )
        for (clues, listed), truth in zip(made, truths, strict=True)
        if truth or not clues.written.meant or max(len(clues.written.meant), len(clues.heard)) >= SHORT
    ]
    return cases, n_lost


def weight_of(speaker: str, aside: set[str]) -> float:
    """How much the lists of a speaker count."""
    return VOICE_WEIGHTS.get(speaker.split("-")[0], 1.0) * (ASIDE_WEIGHT if speaker in aside else 1.0)


# --- fitting ---


def prior() -> Doubles:
    """The weights before any list was seen."""
    return np.array([PRIOR.get(name, 0.0) for name in (*FEATURES, *NONE_FEATURES)])


def shares_of(weights: Doubles, case: Case) -> Doubles:
    """Share of each candidate, and last that of none of them."""
    n = len(FEATURES)
    scores = np.append(case.x @ weights[:n], case.none @ weights[n:])
    shares = np.exp(scores - scores.max())
    normalised: Doubles = shares / shares.sum()
    return normalised


def loss(weights: Doubles, cases: Sequence[Case], pull: Doubles) -> tuple[float, Doubles]:
    """Negative log-likelihood of what was said, and the pull to the prior; with its gradient."""
    n = len(FEATURES)
    away = weights - prior()
    total, slope = float(pull @ away**2), 2 * pull * away
    for case in cases:
        shares, right = shares_of(weights, case), case.right
        mass = shares[right].sum() + 1e-300
        total -= case.weight * float(np.log(mass))
        apart = case.weight * (shares - np.where(right, shares / mass, 0.0))
        slope[:n] += case.x.T @ apart[:-1]
        slope[n:] += case.none * apart[-1]
    return total, slope


def fit(cases: Sequence[Case], penalty: float = PENALTY) -> Doubles:
    """Find the weights by conditional likelihood over the lists, drawn to the prior by `penalty`."""
    spread = np.concatenate([case.x for case in cases]).std(axis=0)
    pull = penalty * np.concatenate([spread**2 + 0.01, np.ones(len(NONE_FEATURES))])
    for name, factor in RARE.items():
        pull[FEATURES.index(name)] *= factor
    result = minimize(loss, prior(), args=(cases, pull), jac=True, method="L-BFGS-B")
    weights: Doubles = result.x
    return weights


# --- calibrating ---


@dataclass(frozen=True, kw_only=True)
class Best:
    """The likeliest candidate of a case, by weights that were fitted without its speaker.

    Parameters
    ----------
    case : Case
        Whose it is.
    candidate : Candidate
        As the decision would see it.
    share : float
        Its share of the probability.
    is_right : bool
        Whether it is what was said.
    """

    case: Case
    candidate: Candidate
    share: float
    is_right: bool


def best_of(weights: Doubles, case: Case) -> Best:
    """Find the likeliest candidate."""
    shares = shares_of(weights, case)
    at = int(shares[:-1].argmax())
    digits, spoken = case.digits[at], case.spoken[at]
    candidate = Candidate(digits=digits, spoken=spoken, owners=(), features=case.x[at])
    return Best(case=case, candidate=candidate, share=float(shares[at]), is_right=bool(case.right[at]))


def fold_of(speaker: str) -> int:
    """Which fold a speaker belongs to."""
    return zlib.crc32(speaker.encode()) % N_FOLDS


def out_of_fold(fitted: Sequence[Doubles], cases: Sequence[Case]) -> list[Best]:
    """Read each case by the weights that were fitted on the other folds."""
    return [best_of(fitted[fold_of(case.speaker)], case) for case in cases]


def fit_calibration(best: Sequence[Best]) -> Calibration:
    """Fit by logistic regression how probable readings are; drawn, lightly, to their shares as they are."""
    plain = [Calibration(**dict.fromkeys(CALIBRATED, 0.0) | {name: 1.0}) for name in CALIBRATED]
    x = np.array([[_logit(one.probability(each.share, each.candidate)) for one in plain] for each in best])
    right = np.array([each.is_right for each in best], dtype=float)
    start = np.array([1.0, 0.0, 0.0, 0.0])

    def unlikely(constants: Doubles) -> tuple[float, Doubles]:
        p = np.clip(1 / (1 + np.exp(-x @ constants)), 1e-9, 1 - 1e-9)
        away = constants - start
        fit = -np.sum(np.where(right, np.log(p), np.log(1 - p))) + CALIBRATION_PENALTY * away @ away
        return float(fit), x.T @ (p - right) + 2 * CALIBRATION_PENALTY * away

    found = minimize(unlikely, start, jac=True, method="L-BFGS-B").x.tolist()
    return Calibration(**dict(zip(CALIBRATED, found, strict=True)))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def calibrated_out_of_fold(best: Sequence[Best]) -> tuple[Doubles, Bools]:
    """Probability of each reading by the calibration of the other folds, and whether it is right."""
    folds = [fold_of(each.case.speaker) for each in best]
    by_fold = [
        fit_calibration([each for each, other in zip(best, folds, strict=True) if other != fold])
        for fold in range(N_FOLDS)
    ]
    pairs = zip(best, folds, strict=True)
    p = [by_fold[fold].probability(each.share, each.candidate) for each, fold in pairs]
    return np.array(p), np.array([each.is_right for each in best])


def surprise(p: Doubles, right: Bools) -> float:
    """How unlikely it is that just these readings are right, as a negative log-likelihood."""
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return float(-np.where(right, np.log(p), np.log(1 - p)).sum())


def threshold(p: Doubles, right: Bools, *, wrong_max: float = WRONG_MAX) -> float:
    """Find the least probability from which on at most `wrong_max` of the readings are wrong.

    It is never below `SURE_LEAST`, and 1 if there is none.
    """
    order = np.argsort(-p)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(p) + 1)
    within = np.flatnonzero(wrong <= wrong_max)
    return max(SURE_LEAST, float(p[order][within[-1]]) if len(within) else 1.0)


def calibration_error(p: Doubles, right: Bools, *, n_bins: int = 10) -> float:
    """Expected calibration error: how far shares of right readings lie from their probabilities.

    >>> calibration_error(np.array([0.75, 0.75, 0.75, 0.75]), np.array([True, True, True, False]))
    0.0
    """
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)
    apart = [
        abs(p[bins == n].mean() - right[bins == n].mean()) * (bins == n).mean() for n in set(bins.tolist())
    ]
    return float(sum(apart))


def agreeing(best: Sequence[Best], calibration: Calibration) -> list[tuple[list[float], bool]]:
    """Readings that are the same whole number in one recording: their probabilities, and whether it is right.

    By the plan of the US.
    """
    groups: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for each in best:
        digits = each.candidate.digits
        if grade(digits, "US") >= Grade.LOOSE:
            p = calibration.probability(each.share, each.candidate)
            groups.setdefault((each.case.name, comparable_digits(digits)), []).append((p, each.is_right))
    return [
        ([p for p, _ in group], all(right for _, right in group))
        for group in groups.values()
        if len(group) > 1
    ]


def fit_slips_alike(groups: Sequence[tuple[list[float], bool]]) -> float:
    """Fit how often two wrong readings of one number are wrong alike.

    There are few such: so that luck makes nobody sure, it is the greatest value whose log-likelihood is
    within half a unit of the best (one standard error).
    """
    right = np.array([is_right for _, is_right in groups])
    values = np.geomspace(0.001, 1.0, 61).tolist()
    unlikely = [surprise(np.array([agreed(p, value) for p, _ in groups]), right) for value in values]
    return max(value for value, each in zip(values, unlikely, strict=True) if each <= min(unlikely) + 0.5)


def write_model(
    path: Path, weights: Doubles, calibration: Calibration, sure_min: float, slips_alike: float, note: str
) -> None:
    """Write the weights as TOML."""
    lines = [f"# {note}", f"none_sure_min = {sure_min:.4f}", f"slips_alike = {slips_alike:.4f}"]
    parts = np.split(weights, [len(FEATURES)])
    tables = {
        "features": dict(zip(FEATURES, parts[0].tolist(), strict=True)),
        "none": dict(zip(NONE_FEATURES, parts[1].tolist(), strict=True)),
        "calibration": asdict(calibration),
    }
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{name} = {value:.4f}" for name, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- the command ---


def hear_messages(work: Path, model: str, kokoro_voices: Path | None) -> Path:
    """Make the messages and hear them, as far as that was not done before; where they are kept."""
    from voicecheck.listener import Listener

    write_messages(work / "messages", kokoro_folder=kokoro_voices)
    messages = messages_in(work / "messages")
    others = people_in(messages)
    names = list(CONDITIONS)
    chosen = [
        (message, names[(zlib.crc32(message.path.name.encode()) + 3 * turn) % len(names)])
        for turn in range(ROUNDS)
        for message in messages
    ]
    cache = work / f"heard-{model}"
    hear_all(chosen, others, cache, Listener(model=model).transcriber)
    return cache


def all_cases(cache: Path, head: DigitHead, region: str) -> Iterator[Case]:
    """All cases of the messages that were heard, weighted."""
    aside = recorded.kept_aside(recorded_clips()) if SHARED.is_dir() else set()
    n_lost = 0
    for kept in kept_in(cache):
        cases, lost = cases_of(kept, head, region, PLANS[region] * weight_of(kept.speaker, aside))
        n_lost += lost
        yield from cases
    print(f"{region}: {n_lost} sayings without a stretch", file=sys.stderr)


def fit_and_calibrate(by_plan: dict[str, list[Case]], path: Path, note: str) -> None:
    """Fit, calibrate, print what was found and write the weights."""
    cases = [case for listed in by_plan.values() for case in listed]
    judged = [case for case in by_plan["US"] if case.speaker.split("-")[0] not in ROUGH_VOICES]
    fitted = [fit([case for case in cases if fold_of(case.speaker) != fold]) for fold in range(N_FOLDS)]
    best = out_of_fold(fitted, judged)
    calibration = fit_calibration(best)
    p, right = calibrated_out_of_fold(best)
    sure_min = threshold(p, right)
    sure = p >= sure_min
    print(
        f"{len(cases)} lists; out of fold, without {', '.join(ROUGH_VOICES)}: {right.sum()} of {len(right)} "
        f"right; log-loss {surprise(p, right):.0f}; calibration error {calibration_error(p, right):.3f}; "
        f"sure from {sure_min:.3f} on: {sure.sum()}, of which {(~right[sure]).sum()} wrong"
    )
    groups = agreeing(best, calibration)
    slips_alike = fit_slips_alike(groups)
    print(
        f"{len(groups)} numbers read alike more than once, {sum(right for _, right in groups)} of them "
        f"right; wrong alike: {slips_alike:.3f}"
    )
    write_model(path, fit(cases), calibration, sure_min, slips_alike, note)


def main(
    work: Annotated[Path, typer.Argument(help="Where messages and what was heard of them are kept.")],
    model: Annotated[str, typer.Option(help="Whose head the weights are fitted for.")] = "base",
    kokoro_voices: Annotated[
        Path | None, typer.Option(help="package/voices of the npm package kokoro-js@1.2.1.")
    ] = None,
) -> None:
    """Fit the weights for one model."""
    cache = hear_messages(work, model, kokoro_voices)
    head = DigitHead.load(MODELS / f"digit-head-{model}.npz")
    by_plan = {region: list(all_cases(cache, head, region)) for region in PLANS}
    note = (
        f"Weights of the decision for the head of {model}, {datetime.now(UTC):%Y-%m-%d}; see the card beside."
    )
    fit_and_calibrate(by_plan, MODELS / f"digit-decision-{model}.toml", note)


if __name__ == "__main__":
    typer.run(main)
