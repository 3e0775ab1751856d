"""Make the digit heads: ``python -m training.train``.

Voices read the corpus; a first head learns from joined digits and talk; it aligns the numbers that the
voices read as a whole; the final head learns from everything. What was made is kept in ``--work``, so that
a broken run goes on.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from training import network, voices, windows
from training.encoder import MODELS, Encoder
from training.windows import Material, Script, Window
from voicecheck.speech import digit_strings
from voicecheck.speech.digit_head import DigitHead

T = TypeVar("T")
Frames = NDArray[np.float32]
OTHER_LOWERED = 0.5
"""Natural logarithm taken from the score of "other"; chosen on the recitations, a development test."""
ROOT = Path(__file__).resolve().parent.parent


def encoded(window: Window, encoder: Encoder, rng: np.random.Generator) -> network.Example:
    """One window through the encoder, padded in one of the ways that production may pad."""
    tail_s = float(rng.choice([0.3, 1.0, 2.0, 2.0, 30.0], p=[0.1, 0.2, 0.3, 0.25, 0.15]))
    frames = encoder.frames(window.samples, tail_s=tail_s, pad_features=rng.random() < 0.25)
    goals = windows.targets(window.events, len(frames))
    return network.Example(frames.astype(np.float16), goals.astype(np.float16), window.events)


def made(material: Material, encoder: Encoder, n: int, seed: int) -> list[network.Example]:
    """`n` random windows, encoded."""
    examples = []
    began = time.monotonic()
    for k in range(n):
        window = windows.compose(material, np.random.default_rng((seed, k)))
        examples.append(encoded(window, encoder, np.random.default_rng((seed, k, 1))))
        if k % 50 == 49:
            print(f"{k + 1}/{n} windows, {time.monotonic() - began:.0f} s", flush=True)
    return examples


def align(scripts: Sequence[Script], frames: Sequence[Frames], head: DigitHead) -> list[Script]:
    """Give each script its events by its encoded frames; those that the head cannot make out are dropped."""
    kept = []
    for script, heard in zip(scripts, frames, strict=True):
        logp = head.log_posteriors(heard)
        digits = "".join("0" if word == 10 else str(word) for word in script.words)
        timed, score = digit_strings.force_align(logp, digits)
        best = digit_strings.nbest(logp, 1)[0]
        close = best.digits == digits or score > best.log_probability - 2.5 * len(digits) ** 0.5
        if close and all(one.offset_s - one.onset_s > 0.04 for one in timed):
            script.events = [
                (word, one.onset_s, one.offset_s) for word, one in zip(script.words, timed, strict=True)
            ]
            kept.append(script)
    return kept


def aligned_numbers(material: Material) -> list[Script]:
    """Align the numbers that voices read as a whole, twice.

    First by a head that knows only joined digits, then by one that learned from the first alignment.
    """
    encoder = Encoder(MODELS[0])
    everything = [script for script in material.numbers if len(script.samples) < 29 * windows.RATE_HZ]
    frames = [encoder.frames(script.samples) for script in everything]
    kept: list[Script] = []
    for round_, (n, n_steps, n_string_steps) in enumerate(((150, 300, 0), (250, 400, 100))):
        material.numbers = kept
        examples = made(material, encoder, n, seed=100 + round_)
        head = network.train(examples, n_steps=n_steps, n_string_steps=n_string_steps).as_head()
        kept = align(everything, frames, head)
        print(f"round {round_ + 1}: {len(kept)} of {len(everything)} numbers aligned", flush=True)
    return kept


def eager(head: DigitHead) -> DigitHead:
    """Rather invent a digit than miss one: a voice alone is rarer in training than in the world."""
    bias = head.output_bias.copy()
    bias[0] -= OTHER_LOWERED
    return replace(head, output_bias=bias)


def cached(path: Path, make: Callable[[], T]) -> T:
    """What was made before, or make it now and keep it."""
    if path.exists():
        value: T = pickle.loads(path.read_bytes())
        return value
    value = make()
    path.write_bytes(pickle.dumps(value))
    return value


def main() -> None:
    """Run all stages for the models asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="+", choices=MODELS, default=["base", "tiny.en"])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument(
        "--work", type=Path, default=Path("training-work"), help="folder for what is made on the way"
    )
    parser.add_argument("--windows", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--string-steps", type=int, default=700)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    voices.write_corpus(options.work / "corpus")
    material = windows.load_material(options.data, options.work / "corpus")
    print(
        f"{len(material.clips)} voices, {len(material.numbers)} numbers, {len(material.talk)} pieces of talk",
        flush=True,
    )
    material.numbers = cached(options.work / "aligned.pickle", partial(aligned_numbers, material))
    for model in options.model:
        name = f"examples-{model}-{options.windows}-{options.seed}.pickle"
        examples = cached(
            options.work / name, partial(made, material, Encoder(model), options.windows, options.seed)
        )
        hours = sum(len(example.frames) for example in examples) * windows.FRAME_S / 3600
        print(f"{model}: {len(examples)} windows, {hours:.1f} h", flush=True)
        began = time.monotonic()
        trained = network.train(
            examples, n_steps=options.steps, n_string_steps=options.string_steps, seed=options.seed
        )
        eager(trained.as_head()).save(options.out / f"digit-head-{model}.npz")
        print(f"wrote digit-head-{model}.npz after {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
