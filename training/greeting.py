"""Fit the weights that find the rep's part of a call: `models/greeting.json`.

    python -m training.calls WORK               # build the calls
    python -m training.greeting WORK ...        # hear them once, fit, print the figures of held-out voices

A conditional logit over all that a call may have come to (each cut as a start, no message, talk), and one
over the cuts for its end; both with a quadratic penalty. The figures are from four folds by the mailbox's
voice, crossed with four by the rep's: neither voice of a judged call is in any of the calls that were fitted.
How far to trust a decision is fitted on those decisions, and judged on those of the other 15 cells.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.mailbox_words import weights_without
from voicecheck.audio.decode import read_recording
from voicecheck.hearing.signal import broken, signal_of
from voicecheck.listener import Listener
from voicecheck.speech.call_features import (
    END_FEATURES,
    START_FEATURES,
    TALK_FEATURES,
    end_features,
    start_features,
    talk_features,
)
from voicecheck.speech.greeting import Part, choose, judged
from voicecheck.speech.scene import Scene
from voicecheck.speech.transcript import Transcript, Word
from voicecheck.speech.trust import TRUST_FEATURES, Choice, trust_features
from voicecheck.speech.word_times import snapped_words

PENALTY, TRUST_PENALTY = 0.05, 0.3
FOLDS = 4
SURELY = (9.0, *[0.0] * (len(TRUST_FEATURES) - 1))
"""Weights that trust any decision."""

NEAR_S = 0.5
Doubles = NDArray[np.float64]


def hear(path: Path, listener: Listener) -> dict[str, Any]:
    """Words, tones and voices of one call; the words are kept beside it, for where the call was parted."""
    recording = read_recording(path)
    signal = signal_of(recording)
    parted = broken(recording, signal)
    parts = hashlib.sha256(repr([round(each, 2) for each in parted.breaks_s]).encode()).hexdigest()[:8]
    kept = path.with_suffix(f".{listener.model}.{parts}.json")
    if not kept.exists():
        heard = listener.transcriber.transcribe(parted)
        kept.write_text(
            json.dumps(
                {
                    "words": [asdict(word) for word in heard.words],
                    "language": heard.language,
                    "language_probability": heard.language_probability,
                }
            )
        )
    row = json.loads(kept.read_text())
    heard = Transcript(**row | {"words": tuple(Word(**each) for each in row["words"])})
    return {
        "words": snapped_words(heard.words, signal.sounds),
        "english": heard.english,
        "tones": signal.tones,
        "track": signal.track,
        "duration_s": recording.duration_s,
    }


def scene_of(call: dict[str, Any]) -> Scene:
    """What the decision looks at, with the weights of words of texts that the call is not made of."""
    heard = call["heard"]
    tones, track = tuple(heard["tones"]), heard["track"]
    return Scene(tuple(heard["words"]), tones, track, heard["duration_s"], words_for(call))


def words_for(call: dict[str, Any]) -> dict[str, float]:
    """What words weigh by texts that the call is not made of."""
    return weights_without(frozenset(call.get("texts", ("calls", "talk"))))


def fit_choice(rows: Sequence[tuple[Doubles, int]]) -> Doubles:
    """Conditional logit: rows of (features of each choice, the one that is right)."""
    features = np.concatenate([each for each, _ in rows])
    n_choices = np.array([len(each) for each, _ in rows])
    firsts = np.cumsum(n_choices) - n_choices
    right = firsts + [place for _, place in rows]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        scores = features @ weights
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, firsts), n_choices))
        shares = odds / np.repeat(np.add.reduceat(odds, firsts), n_choices)
        total = PENALTY * float(weights @ weights) - float(np.log(shares[right] + 1e-12).sum())
        return total, 2 * PENALTY * weights - features[right].sum(axis=0) + shares @ features

    return np.asarray(minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x)


def labelled(call: dict[str, Any]) -> dict[str, Any]:
    """The features of all choices of a call, and which is right; None where none is."""
    scene = call["scene"]
    rows: dict[str, Any] = {"choice": None, "end": None}
    n, n_start = len(scene.words), len(START_FEATURES)
    choices = np.zeros((len(scene.cuts) + 1, n_start + len(TALK_FEATURES)))
    choices[:-1, :n_start] = [start_features(scene, cut) for cut in scene.cuts]
    choices[-1, n_start:] = talk_features(scene)
    if call["outcome"] == "person":
        rows["choice"] = choices, len(scene.cuts)
        return rows
    start = n
    if call["outcome"] == "message":
        start = _nearest_cut(scene, call.get("first_word_s", call["start_s"]))
    if start in scene.cuts:
        rows["choice"] = choices, scene.cuts.index(start)
    if call["outcome"] == "message":
        start = scene.early_until(start) or start
        ends = [cut for cut in scene.cuts if cut > start]
        end = _words_before(scene, call["end_s"] + 0.1)
        if end in ends and start in scene.cuts:
            rows["end"] = np.array([end_features(scene, start, cut) for cut in ends]), ends.index(end)
    return rows


def _nearest_cut(scene: Scene, onset_s: float) -> int:
    """The first word behind a time; that of a cut near by, if a word was heard a little early."""
    start = _words_before(scene, onset_s - 0.1)
    off_s = {cut: abs(scene.words[cut].onset_s - onset_s) for cut in scene.cuts[:-1]}
    nearest = min(off_s, key=lambda cut: off_s[cut])
    return nearest if start not in scene.cuts and off_s[nearest] <= NEAR_S else start


def _words_before(scene: Scene, at_s: float) -> int:
    return sum((word.onset_s + word.offset_s) / 2 < at_s for word in scene.words)


def fit(examples: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """All three sets of weights."""
    choice = fit_choice([each["choice"] for each in examples if each["choice"]])
    end = fit_choice([each["end"] for each in examples if each["end"]])
    n_start = len(START_FEATURES)
    named = {
        "start": (START_FEATURES, choice[:n_start]),
        "talk": (TALK_FEATURES, choice[n_start:]),
        "end": (END_FEATURES, end),
    }
    return {
        model: dict(zip(names, (round(float(each), 3) for each in weights), strict=True))
        for model, (names, weights) in named.items()
    }


def judge_unheard(
    calls: Sequence[dict[str, Any]], examples: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """What would be found in each call by weights of calls that share neither of its two voices.

    Also the weights of trust, which are those of all these decisions; each is judged by those of other cells.
    """
    cells = list(zip(folds(calls, "greeter"), folds(calls, "rep"), strict=True))
    chosen: dict[int, tuple[Choice, list[float], bool]] = {}
    for cell in product(range(FOLDS), repeat=2):
        apart = [
            each
            for each, other in zip(examples, cells, strict=True)
            if other[0] != cell[0] and other[1] != cell[1]
        ]
        weights = {model: list(each.values()) for model, each in fit(apart).items()}
        for place in (place for place, other in enumerate(cells) if other == cell):
            call = calls[place]
            choice = choose(call["scene"], weights)
            features = trust_features(call["scene"], choice, call["heard"]["english"])
            part = judged(call["scene"], choice, SURELY, call["heard"]["english"])
            chosen[place] = choice, features, all(is_right(call, part))
    results = []
    for cell in product(range(FOLDS), repeat=2):
        trusted = fit_trust([chosen[place][1:] for place in chosen if cells[place] != cell])
        results += [
            {"call": call, "part": judged(call["scene"], chosen[place][0], trusted, call["heard"]["english"])}
            for place, call in enumerate(calls)
            if cells[place] == cell
        ]
    trusted = fit_trust([each[1:] for each in chosen.values()])
    named = zip(TRUST_FEATURES, trusted, strict=True)
    return results, {name: round(float(weight), 3) for name, weight in named}


def fit_trust(rows: Sequence[tuple[list[float], bool]]) -> list[float]:
    """Logistic regression: rows of (features of a decision, whether it is right)."""
    features = np.array([each for each, _ in rows])
    signs = np.where([is_right for _, is_right in rows], 1.0, -1.0)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        margins = signs * (features @ weights)
        own = np.append(0.0, weights[1:])
        total = float(np.logaddexp(0, -margins).sum()) + TRUST_PENALTY * float(own @ own)
        return total, 2 * TRUST_PENALTY * own - (signs / (1 + np.exp(margins))) @ features

    return [
        float(each) for each in minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x
    ]


def folds(calls: Sequence[dict[str, Any]], side: str) -> list[int]:
    """Number the folds by the voice of one side; a call without a voice there counts by its other one."""
    names = [call.get(side) or call.get("greeter") or call.get("rep", "") for call in calls]
    order = {name: place % FOLDS for place, name in enumerate(sorted(set(names)))}
    return [order[name] for name in names]


def is_right(call: dict[str, Any], part: Part) -> tuple[bool, bool, bool]:
    """Outcome, start and end: within `NEAR_S`, or at the right word."""
    words = [
        word
        for word in call["heard"]["words"]
        if part.onset_s <= (word.onset_s + word.offset_s) / 2 <= part.offset_s
    ]
    same = part.outcome == call["outcome"]
    if call["outcome"] != "message" or not same or not words:
        return same, same, same
    start_s, end_s = call["start_s"], call["end_s"]
    own = [
        word
        for word in call["heard"]["words"]
        if start_s - 0.1 <= (word.onset_s + word.offset_s) / 2 <= end_s + 0.1
    ]
    starts = (
        min(abs(each - start_s) for each in (part.onset_s, words[0].onset_s)) <= NEAR_S or words[0] == own[0]
    )
    return same, starts, abs(words[-1].offset_s - end_s) <= NEAR_S or words[-1] == own[-1]


def show(results: Sequence[dict[str, Any]]) -> None:
    kinds = sorted({each["call"]["kind"] for each in results})
    for kind in (*kinds, "all"):
        some = [each for each in results if kind in (each["call"]["kind"], "all")]
        marks = np.array([is_right(each["call"], each["part"]) for each in some])
        sure = np.array([each["part"].sure for each in some])
        wrong = sure & ~marks.all(axis=1)
        print(
            f"{kind:15} {len(some):4} outcome {marks[:, 0].mean():.3f} start {marks[:, 1].mean():.3f} "
            f"end {marks[:, 2].mean():.3f} sure {sure.mean():.3f} sure and wrong {wrong.sum()}"
        )


def main(
    works: list[Path], model: str = "base", out: Path = Path("models/greeting.json"), verbose: bool = False
) -> None:
    listener = Listener(model=model, threads=1)
    calls = [
        json.loads(line) | {"path": work / "calls"}
        for work in works
        for line in (work / "calls.jsonl").read_text().splitlines()
    ]
    for place, call in enumerate(calls):
        call["heard"] = hear(call["path"] / call["file"], listener)
        call["scene"] = scene_of(call)
        print(f"{place + 1}/{len(calls)}", end="\r", file=sys.stderr)
    calls = [call for call in calls if call["scene"].words]
    examples = [labelled(call) for call in calls]
    lost = [call["file"] for call, each in zip(calls, examples, strict=True) if not each["choice"]]
    print(f"{len(calls)} calls; no cut is right in {len(lost)}: {lost[:20]}")
    results, trusted = judge_unheard(calls, examples)
    show(results)
    if verbose:
        for each in results:
            call, part = each["call"], each["part"]
            if not all(is_right(call, part)):
                print(call["file"], call["kind"], call["start_s"], call["end_s"], part)
                print(
                    "   ",
                    " ".join(f"{word.text.strip()}@{word.onset_s:.1f}" for word in call["heard"]["words"]),
                )
                print(
                    "   ",
                    [
                        (tone.kind, round(tone.interval.onset_s, 1), round(tone.interval.offset_s, 1))
                        for tone in call["heard"]["tones"]
                    ],
                    call.get("beep_end_s"),
                )
    kept = {**fit(examples), "trust": trusted, "words": weights_without()}
    out.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    typer.run(main)
