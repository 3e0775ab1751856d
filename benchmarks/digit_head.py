"""What the digit heads read on their own, without Whisper's words: ``python -m benchmarks.digit_head``.

Prints, for each head, how many strings it reads exactly right, by condition (`training.conditions`):

recitations  connected digits of one natural speaker whom no head has heard (`../shared/data/recitations`)
lines        connected digits over Indian telephone lines, one recording a speaker (`real/measure`, hyke)
students     joined isolated digits of Indian speakers (`real/measure`, the other sets)
aside        joined isolated digits of the speakers whom training keeps aside (`recorded.kept_aside`); only
             when asked for, since they are there to be looked at once

with how far the edges of joined digits are off, refined as on the card, where the clips were cut close to the
word (fsdd:theo, among the speakers aside); then how many digits it hears where none was said, and the time it
takes. Several heads (``--head``) are judged on the same encoded recordings. What is absent is skipped
and said so. Needs the extra ``training``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import augment, recorded, windows
from training.conditions import CONDITIONS
from training.encoder import MODELS, Encoder
from training.recorded import RATE_HZ, Clips, Said, loaded
from training.texts import WORDS
from training.windows import Event
from voicecheck.audio.levels import sample_levels_dbfs, sounding
from voicecheck.numbers.edges import refined
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_paths import read_digits
from voicecheck.speech.digit_strings import nbest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
WITH_DIGITS = {"digits_vosk_test.flac"}
"""Speech in which digits are said; not counted as false."""
SETS = ("recitations", "lines", "students", "aside")
TEMPOS = {"slow": ("slow", 1.0), "normal": ("normal", 1.0), "fast": ("fast", 1.25)}
"""How digits are joined, and how much faster each is than it was said."""
CUT_CLOSE = ("fsdd:theo",)
"""Whose clips begin and end with the word, so that the truth of an edge is known."""
SURE = 0.9
"""A reading that the head gives this probability is called sure."""
Samples = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Recital:
    """A recording of one string of digits; events are known where the digits were joined."""

    speaker: str
    samples: Samples
    digits: str
    events: tuple[Event, ...] = ()
    tempo: str = ""


# --- what is read ---


def recitations(data: Path) -> list[Recital]:
    """Connected digits of one natural speaker."""
    lines = (data / "recitations" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return [
        Recital(
            speaker="recitations",
            samples=loaded(data / "recitations" / entry["file"]),
            digits=entry["digits"],
        )
        for entry in entries
    ]


def measured(data: Path) -> list[dict[str, str]]:
    """Rows of the recordings that only measure."""
    lines = (data / "real" / "measure" / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def telephone_lines(data: Path) -> list[Recital]:
    """One recording of connected digits, of 30 s at most, from each caller."""
    first: dict[str, Recital] = {}
    for row in measured(data):
        if row["kind"] == "connected" and row["speaker"] not in first and float(row["duration_s"]) < 28:
            samples = loaded(data / "real" / "measure" / row["file"])
            first[row["speaker"]] = Recital(speaker=row["speaker"], samples=samples, digits=row["digits"])
    return list(first.values())


def students(data: Path) -> dict[str, Clips]:
    """Isolated digits of the speakers who only measure."""
    return recorded.isolated(
        Said(
            speaker=row["speaker"],
            samples=loaded(data / "real" / "measure" / row["file"]),
            words=row["words"],
            digits=row["digits"],
        )
        for row in measured(data)
        if row["kind"] == "isolated"
    )


def aside(data: Path) -> dict[str, Clips]:
    """Isolated digits of the speakers whom training keeps aside; those with three words or more."""
    said = recorded.recordings(data)
    speakers = recorded.kept_aside(one.speaker for one in said)
    clips = recorded.isolated(one for one in said if one.speaker in speakers)
    return {speaker: words for speaker, words in clips.items() if len(words) >= 3}


def joined(speakers: dict[str, Clips], n: int, tempos: Iterable[str] = TEMPOS) -> list[Recital]:
    """`n` strings of each speaker and tempo with half a second of quiet around."""
    recitals = []
    for speaker, clips in sorted(speakers.items()):
        known = [word for word in sorted(clips) if word < len(WORDS) - 1]
        for tempo in tempos:
            joint, quick = TEMPOS[tempo]
            faster = {word: [augment.stretched(clip, 1 / quick) for clip in clips[word]] for word in known}
            for k in range(n):
                rng = np.random.default_rng((sum(speaker.encode()), k))
                words = rng.choice(known, size=10).tolist()
                samples, events = windows.joined(faster, rng, words=words, tempo=joint, plain=True)
                quiet = (rng.standard_normal(RATE_HZ // 2) * 1e-4).astype(np.float32)
                recitals.append(
                    Recital(
                        speaker=speaker,
                        samples=np.concatenate([quiet, samples, quiet]),
                        digits="".join(str(word) for word, _, _ in events),
                        events=tuple((word, a + 0.5, b + 0.5) for word, a, b in events),
                        tempo=tempo,
                    )
                )
    return recitals


def crowd(data: Path, everybody: dict[str, Clips]) -> dict[str, Samples]:
    """Who talks behind a recording, by speaker: talk without digits, and digits of a few students."""
    talk = {path.stem: loaded(path) for path in sorted((data / "speech").glob("*.flac"))}
    few = dict(sorted(everybody.items())[::4])
    return talk | {one.speaker: one.samples for one in joined(few, 1, ["normal"])}


# --- what came out ---


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One string read: what was said, what was read, and how sure the head was."""

    recital: Recital
    read: str
    probability: float
    best_five: tuple[str, ...]
    edge_errors_s: tuple[float, ...]

    @property
    def exact(self) -> bool:
        """Whether every digit is right, and none is missing or too many."""
        return self.recital.digits == self.read


def outcome(
    head: DigitHead, frames: NDArray[np.float32], levels_dbfs: NDArray[np.float64], recital: Recital
) -> Outcome:
    """Read one recording that holds one string."""
    logp = head.log_posteriors(frames)
    readings = nbest(logp, 5)
    timed = refined(read_digits(logp), sounding(levels_dbfs), levels_dbfs)
    errors: list[float] = []
    if "".join(one.digit for one in timed) == recital.digits and recital.events:
        for heard, (_, onset_s, offset_s) in zip(timed, recital.events, strict=True):
            errors += [heard.onset_s - onset_s, heard.offset_s - offset_s]
    return Outcome(
        recital=recital,
        read=readings[0].digits,
        probability=float(np.exp(readings[0].log_probability)),
        best_five=tuple(reading.digits for reading in readings),
        edge_errors_s=tuple(errors),
    )


def print_strings(
    heads: dict[str, DigitHead],
    encoder: Encoder,
    name: str,
    recitals: Sequence[Recital],
    others: dict[str, Samples],
    conditions: Sequence[str],
) -> None:
    """A line for each condition and head, and one for the edges of digits where they are known."""
    for condition in conditions:
        frames, levels = [], []
        for k, one in enumerate(recitals):
            behind = [samples for speaker, samples in others.items() if speaker != one.speaker]
            samples = CONDITIONS[condition](one.samples, behind, np.random.default_rng(k))
            frames.append(encoder.frames(samples))
            levels.append(sample_levels_dbfs(samples))
        for path, head in heads.items():
            outcomes = [outcome(head, *each) for each in zip(frames, levels, recitals, strict=True)]
            sure = [one for one in outcomes if one.probability >= SURE]
            exact = sum(one.exact for one in outcomes)
            among = sum(one.recital.digits in one.best_five for one in outcomes)
            wrong = sum(not one.exact for one in sure)
            print(
                f"  {name:12} {condition:10} {exact:4} of {len(outcomes)} exact "
                f"({exact / len(outcomes):.1%}), {among} in the best five; "
                f"{len(sure)} sure, {wrong} of them wrong   {path}",
                flush=True,
            )
            print_edges(outcomes, path)


def print_edges(outcomes: Iterable[Outcome], path: str) -> None:
    """How far onsets and offsets are off where all digits were read right, of clips cut close to the word."""
    errors_s = [e for one in outcomes if one.recital.speaker in CUT_CLOSE for e in one.edge_errors_s]
    if errors_s:
        size_ms = np.abs(errors_s) * 1000
        print(
            f"    edges of {', '.join(CUT_CLOSE)}: {np.median(size_ms):.0f} ms in the median, "
            f"{np.percentile(size_ms, 95):.0f} ms at the 95th percentile of {len(size_ms)}   {path}"
        )


def print_false_digits(
    heads: dict[str, DigitHead], encoder: Encoder, folder: Path, others: dict[str, Samples]
) -> None:
    """Digits read in speech without any, alone and with others behind it who do say digits."""
    files = [path for path in sorted(folder.glob("*.flac")) if path.name not in WITH_DIGITS]
    for condition in ("clean", "babble-15", "babble-10", "talker-15"):
        n_digits, total_s = dict.fromkeys(heads, 0), 0.0
        for k, path in enumerate(files):
            behind = [samples for speaker, samples in others.items() if speaker != path.stem]
            samples = CONDITIONS[condition](loaded(path), behind, np.random.default_rng(k))
            total_s += len(samples) / RATE_HZ
            for start in range(0, len(samples), 28 * RATE_HZ):
                frames = encoder.frames(samples[start : start + 28 * RATE_HZ])
                for name, head in heads.items():
                    n_digits[name] += len(read_digits(head.log_posteriors(frames)))
        for name, n in n_digits.items():
            print(f"  no digits said, {condition}: {n} digits read in {total_s / 60:.1f} min   {name}")


def print_cost(head: DigitHead, encoder: Encoder, recitals: Sequence[Recital], path: str) -> None:
    """Milliseconds, best of five, on 20 s of frames full of digits and on one recitation."""
    every = [encoder.frames(one.samples) for one in recitals[:9]]
    frames = np.concatenate(every)[:1000]
    logp, one = head.log_posteriors(frames), head.log_posteriors(every[0])
    print(
        f"  20 s full of digits: network {_best_ms(lambda: head.log_posteriors(frames)):.1f} ms, best path "
        f"{_best_ms(lambda: read_digits(logp)):.1f} ms; best strings of one recitation "
        f"{_best_ms(lambda: nbest(one)):.1f} ms   {path}"
    )


def _best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def main() -> None:
    """Print everything that can be measured here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument(
        "--head", nargs="+", type=Path, help="heads of one model; those in models/ by default"
    )
    parser.add_argument("--set", nargs="+", choices=SETS, default=list(SETS[:3]), dest="sets")
    parser.add_argument("--condition", nargs="+", choices=CONDITIONS, default=list(CONDITIONS))
    parser.add_argument("--strings", type=int, default=2, help="joined strings for each speaker and tempo")
    options = parser.parse_args()
    if not DATA.exists():
        print(f"skipped: no recordings in {DATA.relative_to(ROOT.parent.parent)}")
        return
    everybody = students(DATA)
    others = crowd(DATA, everybody)
    recitals = {
        "recitations": lambda: recitations(DATA),
        "lines": lambda: telephone_lines(DATA),
        "students": lambda: joined(everybody, options.strings, ["normal"]),
        "aside": lambda: joined(aside(DATA), options.strings),
    }
    for model in options.model:
        paths = options.head or [ROOT / "models" / f"digit-head-{model}.npz"]
        heads = {path.name: DigitHead.load(path) for path in paths}
        encoder = Encoder(model)
        print(f"{model}:")
        for name in options.sets:
            print_strings(heads, encoder, name, recitals[name](), others, options.condition)
        print_false_digits(heads, encoder, DATA / "speech", others)
        for path, head in heads.items():
            print_cost(head, encoder, recitations(DATA)[:9], path)


if __name__ == "__main__":
    main()
