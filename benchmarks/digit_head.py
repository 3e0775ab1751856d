"""What the digit heads read on their own, without Whisper's words: ``python -m benchmarks.digit_head``.

Prints, for each head in ``models/``: natural recitations of a speaker that no head has heard, read exactly
right, as they are and over a telephone; digits in speech that holds none; time taken; and, given heads that
were trained with one speaker left out (``python -m training.train --leave-one-out``), joined digits of that
speaker and the error of their edges. The recordings are looked for in ``../shared/data`` beside the
repository; what is absent is skipped and said so. Needs the extra ``training``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from training import augment, windows
from training.encoder import MODELS, Encoder
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_paths import read_digits
from voicecheck.speech.digit_strings import margin, nbest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
RATE_HZ = 16_000
WITH_DIGITS = {"digits_vosk_test.flac"}
"""Speech in which digits are said; not counted as false."""
TEMPOS = {"slow": ("slow", 1.0), "normal": ("normal", 1.0), "fast": ("fast", 1.25)}
Samples = NDArray[np.float32]


def clean(samples: Samples) -> Samples:
    """As recorded."""
    return samples


def mu_law(samples: Samples) -> Samples:
    """8 kHz telephone band and mu-law."""
    return augment.telephoned(samples, "mulaw")


def gsm(samples: Samples) -> Samples:
    """8 kHz telephone band and GSM 06.10."""
    return augment.telephoned(samples, "gsm")


def white_noise_10_db(samples: Samples) -> Samples:
    """White noise 10 dB below the speech."""
    noise = np.random.default_rng(0).standard_normal(len(samples)).astype(np.float32)
    return augment.noisy(samples, noise, 10.0)


CONDITIONS: dict[str, Callable[[Samples], Samples]] = {
    "as recorded": clean, "mu-law 8 kHz": mu_law, "GSM": gsm, "noise 10 dB": white_noise_10_db
}  # fmt: skip


def loaded(path: Path) -> Samples:
    """Mono at 16 kHz."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate_hz, RATE_HZ).astype(np.float32)


def recitations(folder: Path) -> list[tuple[Samples, str]]:
    """Recordings and their digits."""
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return [(loaded(folder / entry["file"]), entry["digits"]) for entry in entries]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One string read: what was said, what was read, and how sure the head was."""

    digits: str
    read: str
    log_probability: float
    margin: float
    best_five: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether every digit is right, and none is missing or too many."""
        return self.digits == self.read


def outcome(head: DigitHead, frames: NDArray[np.float32], digits: str) -> Outcome:
    """Read one recording that holds one string."""
    readings = nbest(head.log_posteriors(frames), 5)
    return Outcome(
        digits=digits,
        read=readings[0].digits,
        log_probability=readings[0].log_probability,
        margin=margin(readings),
        best_five=tuple(reading.digits for reading in readings),
    )


def print_confidence(outcomes: list[Outcome]) -> None:
    """How often the head is right, by the probability that it gives its own reading."""
    probabilities = np.exp([one.log_probability for one in outcomes])
    right = np.array([one.exact for one in outcomes])
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        chosen = (probabilities >= low) & (probabilities < high)
        if chosen.any():
            mean = probabilities[chosen].mean()
            print(f"      said {mean:.2f} (n={chosen.sum():4d})  right {right[chosen].mean():.3f}")


def print_surest(outcomes: list[Outcome]) -> None:
    """How often the head is right when it may leave out the tenth of the strings that it doubts most."""
    ranked = sorted(outcomes, key=lambda one: -one.log_probability)
    kept = ranked[: round(0.9 * len(ranked))]
    right = sum(one.exact for one in kept)
    limit = np.exp(kept[-1].log_probability)
    print(f"      of the surest 90 % (p at least {limit:.2f}), {right} of {len(kept)} exactly right")


def print_recitations(head: DigitHead, encoder: Encoder, said: list[tuple[Samples, str]]) -> None:
    """Exactly right, and among the best five, by condition and window."""
    everything: list[Outcome] = []
    for name, degrade in CONDITIONS.items():
        for window, tail_s in (("short window", 2.0), ("30 s window", 30.0)):
            if window == "30 s window" and name != "as recorded":
                continue
            outcomes = [
                outcome(head, encoder.frames(degrade(samples), tail_s=tail_s), digits)
                for samples, digits in said
            ]
            exact = sum(one.exact for one in outcomes)
            among = sum(one.digits in one.best_five for one in outcomes)
            figures = f"{exact} of {len(said)} exactly right, {among} in the best five"
            print(f"  recitations, {name}, {window}: {figures}")
            everything += outcomes
            for one in outcomes:
                if not one.exact:
                    print(f"      said {one.digits}, read {one.read} (p {np.exp(one.log_probability):.2f})")
    print("  all recitations above, by the probability of the reading:")
    print_confidence(everything)
    print_surest(everything)


def print_false_digits(head: DigitHead, encoder: Encoder, folder: Path) -> None:
    """Digits read in speech without any."""
    n_digits, total_s = 0, 0.0
    for path in sorted(folder.glob("*.flac")):
        if path.name in WITH_DIGITS:
            continue
        samples = loaded(path)
        total_s += len(samples) / RATE_HZ
        for start in range(0, len(samples), 28 * RATE_HZ):
            part = samples[start : start + 28 * RATE_HZ]
            n_digits += len(read_digits(head.log_posteriors(encoder.frames(part))))
    print(f"  speech without digits: {n_digits} false digits in {total_s / 60:.1f} min")


def print_cost(head: DigitHead, encoder: Encoder, said: list[tuple[Samples, str]]) -> None:
    """Milliseconds, best of five, on 20 s of frames full of digits and on one recitation."""
    every = [encoder.frames(samples) for samples, _ in said[:9]]
    frames = np.concatenate(every)[:1000]
    network_ms = _best_ms(lambda: head.log_posteriors(frames))
    logp = head.log_posteriors(frames)
    reading_ms = _best_ms(lambda: read_digits(logp))
    one = head.log_posteriors(every[0])
    best_ms = _best_ms(lambda: nbest(one))
    print(f"  20 s full of digits: network {network_ms:.1f} ms, best path {reading_ms:.1f} ms")
    print(f"  one recitation of {len(one) * 0.02:.1f} s: best strings {best_ms:.1f} ms")


def _best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def joined_strings(
    clips: dict[int, list[Samples]], tempo: str, n: int, seed: int
) -> Iterator[tuple[Samples, list[windows.Event]]]:
    """Ten-digit strings with half a second of quiet around, and their events."""
    joint, quick = TEMPOS[tempo]
    faster = {word: [augment.stretched(clip, 1 / quick) for clip in takes] for word, takes in clips.items()}
    for k in range(n):
        rng = np.random.default_rng((seed, k))
        words = rng.integers(0, 10, size=10).tolist()
        for place in range(1, 10):
            if rng.random() < 0.15:
                words[place] = words[place - 1]
        samples, events = windows.joined(faster, rng, words=words, tempo=joint, plain=True)
        quiet = (rng.standard_normal(RATE_HZ // 2) * 1e-4).astype(np.float32)
        yield np.concatenate([quiet, samples, quiet]), [(word, a + 0.5, b + 0.5) for word, a, b in events]


def print_left_out(model: str, encoder: Encoder, heads: Path, digits: Path, n: int) -> None:
    """Joined digits of each speaker, read by the head that never heard that speaker."""
    everything: list[Outcome] = []
    for tempo in TEMPOS:
        exact, errors, rates = [], [], []
        parts = []
        for seed, (speaker, clips) in enumerate(windows.human_clips(digits).items()):
            path = heads / f"digit-head-{model}-without-{speaker}.npz"
            if not path.exists():
                print(f"  skipped: no {path.name}")
                continue
            head = DigitHead.load(path)
            right = []
            for samples, events in joined_strings(clips, tempo, n, seed):
                frames = encoder.frames(samples)
                logp = head.log_posteriors(frames)
                truth = "".join(str(word) for word, _, _ in events)
                one = outcome(head, frames, truth)
                everything.append(one)
                right.append(one.exact)
                timed = read_digits(logp)
                rates.append(len(truth) / (events[-1][2] - events[0][1]))
                if one.exact and len(timed) == len(events):
                    for heard, (_, onset_s, offset_s) in zip(timed, events, strict=True):
                        errors += [heard.onset_s - onset_s, heard.offset_s - offset_s]
            exact += right
            parts.append(f"{speaker} {100 * np.mean(right):.1f}")
        if not exact:
            return
        size = np.abs(errors) * 1000
        print(
            f"  joined, speaker left out, {tempo} ({np.mean(rates):.1f} digits/s): "
            f"{100 * np.mean(exact):.1f} % of {len(exact)} exactly right ({', '.join(parts)}); "
            f"edges {np.median(size):.0f} ms median, {np.percentile(size, 95):.0f} ms p95"
        )
    print("  probability of the reading, left-out speakers:")
    print_confidence(everything)
    print_surest(everything)


def main() -> None:
    """Print everything that can be measured here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--heads", type=Path, default=ROOT / "models")
    parser.add_argument(
        "--left-out", type=Path, help="folder with heads that were trained with one speaker left out"
    )
    parser.add_argument("--strings", type=int, default=50, help="joined strings for each speaker and tempo")
    options = parser.parse_args()
    if not DATA.exists():
        print(f"skipped: no recordings in {DATA.relative_to(ROOT.parent.parent)}")
        return
    said = recitations(DATA / "recitations")
    for model in options.model:
        print(f"{model}:")
        encoder = Encoder(model)
        head = DigitHead.load(options.heads / f"digit-head-{model}.npz")
        print_recitations(head, encoder, said)
        print_false_digits(head, encoder, DATA / "speech")
        print_cost(head, encoder, said)
        if options.left_out:
            print_left_out(model, encoder, options.left_out, DATA / "digits", options.strings)
        else:
            print("  skipped: joined digits with a speaker left out (give --left-out)")


if __name__ == "__main__":
    main()
