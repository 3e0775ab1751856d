"""Fit the weights that find the rep's part of a call: `models/greeting.json`.

    python -m training.calls WORK               # build the calls
    python -m training.greeting WORK ...        # hear them once, fit, print the figures of held-out voices

A conditional logit over the cuts of each call, for its start and its end, and a logistic regression that
tells talk from messages; all with a quadratic penalty. The figures are from four folds by the mailbox's
voice: no greeting voice is in both the fitted and the judged calls.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from voicecheck.audio.decode import read_recording
from voicecheck.audio.levels import frame_levels_dbfs, sounding
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.tones import find_tones
from voicecheck.audio.voice import voice_track
from voicecheck.listener import Listener
from voicecheck.speech import greeting as part_of
from voicecheck.speech.transcript import Word
from voicecheck.speech.word_times import snapped_words

PENALTY = 0.05
FOLDS = 4
Doubles = NDArray[np.float64]


def hear(path: Path, listener: Listener) -> dict[str, Any]:
    """Words, tones and voices of one call; the words are kept beside it."""
    recording = read_recording(path)
    kept = path.with_suffix(f".{listener.model}.json")
    tones = find_tones(recording.samples)
    if not kept.exists():
        edges = [
            0,
            *(round(each * SAMPLE_RATE_HZ) for each in part_of.breaks_s(tones)),
            len(recording.samples),
        ]
        pieces = [replace(recording, samples=recording.samples[a:b]) for a, b in pairwise(edges)]
        heard = listener.transcriber.transcribe_many(pieces)
        words = [
            replace(
                word, onset_s=word.onset_s + at / SAMPLE_RATE_HZ, offset_s=word.offset_s + at / SAMPLE_RATE_HZ
            )
            for at, each in zip(edges, heard, strict=False)
            for word in each.words
        ]
        kept.write_text(json.dumps([asdict(word) for word in words]))
    sounds = sounding(frame_levels_dbfs(recording))
    words = snapped_words([Word(**each) for each in json.loads(kept.read_text())], sounds)
    return {
        "words": words,
        "tones": tones,
        "track": voice_track(recording.samples),
        "duration_s": recording.duration_s,
    }


def scene_of(heard: dict[str, Any]) -> Any:
    return part_of._Scene(
        words=tuple(heard["words"]),
        tones=tuple(heard["tones"]),
        track=heard["track"],
        said=part_of.find_phrases(heard["words"]),
    )


def fit_choice(rows: Sequence[tuple[Doubles, int]]) -> Doubles:
    """Conditional logit: rows of (features of each choice, the one that is right)."""

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for features, right in rows:
            scores = features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total -= float(np.log(shares[right] + 1e-12))
            slope = slope - features[right] + shares @ features
        return total, slope

    return np.asarray(minimize(loss, np.zeros(rows[0][0].shape[1]), jac=True, method="L-BFGS-B").x)


def fit_logistic(features: Doubles, right: Doubles) -> Doubles:
    """The same with two choices, of which one has no features."""
    pairs = [
        (np.stack([np.zeros(len(row)), row]), int(each)) for row, each in zip(features, right, strict=True)
    ]
    return fit_choice(pairs)


def labelled(call: dict[str, Any]) -> dict[str, Any]:
    """The features of all cuts of a call, and which cuts are right; None where no cut is."""
    scene, truth = scene_of(call["heard"]), call
    words = scene.words
    starts = part_of.cuts(words, scene.tones)
    n = len(words)
    start, end = 0, n
    if truth["outcome"] == "message":
        start = sum((word.onset_s + word.offset_s) / 2 < truth["start_s"] - 0.1 for word in words)
        end = sum((word.onset_s + word.offset_s) / 2 <= truth["end_s"] + 0.1 for word in words)
    elif truth["outcome"] in ("no_message", "greeting_only"):
        start = n
    ends = [cut for cut in starts if cut > start]
    out: dict[str, Any] = {"talk": part_of.talk_features(scene), "is_talk": truth["outcome"] == "person"}
    out["start"] = out["end"] = None
    if truth["outcome"] != "person" and n and start in starts:
        rows = np.array([part_of.start_features(scene, cut) for cut in starts])
        out["start"] = rows, starts.index(start)
    if truth["outcome"] == "message" and end in ends:
        out["end"] = np.array([part_of.end_features(scene, start, cut) for cut in ends]), ends.index(end)
    return out


def fit(examples: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """All three sets of weights."""
    start = fit_choice([each["start"] for each in examples if each["start"]])
    end = fit_choice([each["end"] for each in examples if each["end"]])
    talk = fit_logistic(
        np.array([each["talk"] for each in examples]), np.array([each["is_talk"] for each in examples])
    )
    named = {"start": part_of.START_FEATURES, "end": part_of.END_FEATURES, "talk": part_of.TALK_FEATURES}
    return {
        model: dict(zip(named[model], (round(float(each), 3) for each in weights), strict=True))
        for model, weights in (("start", start), ("end", end), ("talk", talk))
    }


def judge(weights: dict[str, dict[str, float]], calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What would be found with some weights."""
    rows = {model: list(each.values()) for model, each in weights.items()}
    found = [part_of.find_part(**call["heard"], weights=rows) for call in calls]
    return [{"call": call, "part": part} for call, part in zip(calls, found, strict=True)]


def is_right(call: dict[str, Any], part: Any) -> tuple[bool, bool, bool]:
    """Outcome, start and end."""
    words = [
        word
        for word in call["heard"]["words"]
        if part.onset_s <= (word.onset_s + word.offset_s) / 2 <= part.offset_s
    ]
    same = part.outcome == call["outcome"]
    if call["outcome"] != "message" or not same or not words:
        return same, same, same
    return (
        same,
        abs(words[0].onset_s - call["start_s"]) <= 0.5,
        abs(words[-1].offset_s - call["end_s"]) <= 0.5,
    )


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
    lost = [
        call["file"]
        for call, each in zip(calls, examples, strict=True)
        if not each["start"] and not each["is_talk"]
    ]
    print(f"{len(calls)} calls; no cut is right in {len(lost)}: {lost[:20]}")
    voices = sorted({call["greeter"] for call in calls})
    results = []
    for fold in range(FOLDS):
        held = set(voices[fold::FOLDS])
        weights = fit(
            [each for call, each in zip(calls, examples, strict=True) if call["greeter"] not in held]
        )
        results += judge(weights, [call for call in calls if call["greeter"] in held])
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
    out.write_text(json.dumps(fit(examples), indent=1) + "\n")


if __name__ == "__main__":
    typer.run(main)
