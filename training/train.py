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
from loky import get_reusable_executor
from numpy.typing import NDArray

from training import network, voices, windows
from training.encoder import MODELS, Encoder
from training.windows import Material, Script, Window
from voicecheck.speech import digit_strings
from voicecheck.speech.digit_head import DigitHead, DigitNetwork
from voicecheck.speech.windows import ENCODED_MIN_S

T = TypeVar("T")
Frames = NDArray[np.float32]
OTHER_LOWERED = 0.5
"""Natural logarithm taken from the score of "other"; chosen on the recitations, a development test."""
PART = 50
"""Windows that a process makes before it hands them over."""
ROOT = Path(__file__).resolve().parent.parent


def encoded(window: Window, encoder: Encoder, rng: np.random.Generator) -> network.Example:
    """One window through the encoder, padded mostly as production pads, now and then in another way."""
    least_s = max(2.0, ENCODED_MIN_S - len(window.samples) / windows.RATE_HZ)
    tail_s = float(rng.choice([least_s, 0.3, 1.0, 2.0, 30.0], p=[0.6, 0.05, 0.1, 0.1, 0.15]))
    frames = encoder.frames(window.samples, tail_s=tail_s, pad_features=rng.random() < 0.25)
    goals = windows.targets(window.events, len(frames))
    return network.Example(frames.astype(np.float16), goals.astype(np.float16), window.events)


def made(material: Material, model: str, n: int, seed: int, *, jobs: int) -> list[network.Example]:
    """`n` random windows, encoded by `jobs` processes; the same windows whatever their number."""
    parts = [range(first, min(first + PART, n)) for first in range(0, n, PART)]
    examples: list[network.Example] = []
    began = time.monotonic()
    for part in get_reusable_executor(max_workers=jobs).map(partial(_made, material, model, seed), parts):
        examples += part
        print(f"{len(examples)}/{n} windows, {time.monotonic() - began:.0f} s", flush=True)
    return examples


def _made(material: Material, model: str, seed: int, numbers: range) -> list[network.Example]:
    encoder = Encoder(model)
    return [
        encoded(
            windows.compose(material, np.random.default_rng((seed, k))),
            encoder,
            np.random.default_rng((seed, k, 1)),
        )
        for k in numbers
    ]


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


def aligned_numbers(material: Material, jobs: int) -> list[Script]:
    """Align the numbers that voices read as a whole, twice.

    First by a head that knows only joined digits, then by one that learned from the first alignment.
    """
    encoder = Encoder(MODELS[0])
    everything = [script for script in material.numbers if len(script.samples) < 29 * windows.RATE_HZ]
    frames = [encoder.frames(script.samples) for script in everything]
    kept: list[Script] = []
    for round_, (n, n_steps, n_string_steps) in enumerate(((150, 300, 0), (250, 400, 100))):
        material.numbers = kept
        examples = made(material, MODELS[0], n, 100 + round_, jobs=jobs)
        trained = network.train(examples, n_steps=n_steps, n_string_steps=n_string_steps)
        head = DigitHead((trained.in_numpy(),))
        kept = align(everything, frames, head)
        print(f"round {round_ + 1}: {len(kept)} of {len(everything)} numbers aligned", flush=True)
    return kept


def eager(network: DigitNetwork) -> DigitNetwork:
    """Rather invent a digit than miss one: a voice alone is rarer in training than in the world."""
    bias = network.output_bias.copy()
    bias[0] -= OTHER_LOWERED
    return replace(network, output_bias=bias)


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
    parser.add_argument(
        "--kokoro-voices", type=Path, required=True, help="package/voices of the npm package kokoro-js@1.2.1"
    )
    parser.add_argument("--windows", type=int, default=3000)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--string-steps", type=int, default=1500)
    parser.add_argument("--networks", type=int, default=3, help="networks of a head, each of its own seed")
    parser.add_argument("--jobs", type=int, default=2, help="processes that encode windows")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    taught, _ = voices.kokoro_voices(options.kokoro_voices)
    voices.write_corpus(options.work / "corpus", [*voices.all_voices(), *taught])
    material = windows.load_material(options.data, options.work / "corpus")
    print(
        f"{len(material.clips)} voices, {len(material.numbers)} numbers, {len(material.talk)} pieces of talk",
        flush=True,
    )
    material.numbers = cached(
        options.work / "aligned.pickle", partial(aligned_numbers, material, options.jobs)
    )
    for model in options.model:
        name = f"examples-{model}-{options.windows}-{options.seed}.pickle"
        examples = cached(
            options.work / name,
            partial(made, material, model, options.windows, options.seed, jobs=options.jobs),
        )
        hours = sum(len(example.frames) for example in examples) * windows.FRAME_S / 3600
        print(f"{model}: {len(examples)} windows, {hours:.1f} h", flush=True)
        began = time.monotonic()
        seeds = range(options.seed, options.seed + options.networks)
        trained = (
            network.train(examples, n_steps=options.steps, n_string_steps=options.string_steps, seed=seed)
            for seed in seeds
        )
        head = DigitHead(tuple(eager(one.in_numpy()) for one in trained))
        head.save(options.out / f"digit-head-{model}.npz")
        print(f"wrote digit-head-{model}.npz after {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
