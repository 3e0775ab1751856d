"""Fit the weights that find the rep's part of a call: `models/greeting.json`.

    python -m training.calls WORK               # build the calls
    python -m training.greeting WORK ...        # hear them once, fit, print the figures of held-out voices

A conditional logit over all that a call may have come to (each cut as a start, no message, talk), and one
over the cuts for its end; both with a quadratic penalty. The figures are from four folds by the mailbox's
voice, crossed with four by the rep's: neither voice of a judged call is in any of the calls that were fitted.
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
from voicecheck.speech.greeting import Part, find_part
from voicecheck.speech.scene import Scene
from voicecheck.speech.transcript import Word
from voicecheck.speech.word_times import snapped_words

PENALTY = 0.05
FOLDS = 4
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
        kept.write_text(json.dumps([asdict(word) for word in heard.words]))
    words = [Word(**each) for each in json.loads(kept.read_text())]
    return {
        "words": snapped_words(words, signal.sounds),
        "tones": signal.tones,
        "track": signal.track,
        "duration_s": recording.duration_s,
    }


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
    heard = call["heard"]
    known = words_for(call)
    scene = Scene(tuple(heard["words"]), tuple(heard["tones"]), heard["track"], heard["duration_s"], known)
    rows: dict[str, Any] = {"choice": None, "end": None}
    if not scene.words:
        return rows
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


def judge(weights: dict[str, dict[str, float]], calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What would be found with some weights."""
    rows = {model: list(each.values()) for model, each in weights.items()}
    found = [find_part(**call["heard"], weights=rows, word_weights=words_for(call)) for call in calls]
    return [{"call": call, "part": part} for call, part in zip(calls, found, strict=True)]


def judge_unheard(
    calls: Sequence[dict[str, Any]], examples: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What would be found in each call with weights of calls that share neither of its two voices."""
    greeters, reps = folds(calls, "greeter"), folds(calls, "rep")
    results = []
    for cell in product(range(FOLDS), repeat=2):
        places = list(zip(greeters, reps, strict=True))
        held = [call for call, place in zip(calls, places, strict=True) if place == cell]
        apart = [
            each
            for each, place in zip(examples, places, strict=True)
            if place[0] != cell[0] and place[1] != cell[1]
        ]
        results += judge(fit(apart), held) if held else []
    return results


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
        print(f"{place + 1}/{len(calls)}", end="\r", file=sys.stderr)
    examples = [labelled(call) for call in calls]
    lost = [call["file"] for call, each in zip(calls, examples, strict=True) if not each["choice"]]
    print(f"{len(calls)} calls; no cut is right in {len(lost)}: {lost[:20]}")
    results = judge_unheard(calls, examples)
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
    kept = {**fit(examples), "words": weights_without()}
    out.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    typer.run(main)
