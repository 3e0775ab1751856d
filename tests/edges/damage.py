"""Damaged files by the thousand: what becomes of them, counted.

``python tests/edges/damage.py 10000`` makes so many files of every kind in `made`, each damaged in one of the
ways in `DAMAGES`, reads them, and prints what came out; ``--seed`` takes others. A loss is found by the pips
that every file holds: one is gone, or is not where it was, or the end is missing, by more than 0.2 s.

Outcomes
--------
whole      everything is there and in time
told       something is lost, and a warning says that the file is damaged, cut short or breaks off
refused    our own error, in one line
untold     something is lost and nothing says so
crashed    anything else: another exception, more than a line, something on the terminal
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from made import FORMATS, LENGTH_S, N_PIPS, late_ms

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import Recording
from voicecheck.errors import InputError

LOST_MIN_S = 0.2

ANY_BYTES_SOUND = {
    *("wav-u8", "wav-16-8k", "wav-16-11k", "wav-16-44k", "wav-24-48k", "wav-24-extensible", "wav-32-96k"),
    *("wav-float", "wav-double", "wav-mulaw", "wav-alaw", "wav-ima", "wav-g722", "wav-gsm", "rf64", "w64"),
    *("aiff", "au-mulaw", "caf", "gsm", "amr", "3gp-amr"),
}
"""What has no checksum, and makes sound of any bytes: changes that keep the length cannot be seen."""

NO_LENGTH = {"gsm", "amr", "adts", "adts-44k", "mp3-44k", "mp3-8k", "mp3-lame"}
"""Bare streams: cut between two frames, or with the first gone that may count the others, they look whole."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one damaged file."""

    kind: str
    damage: str
    seed: int
    result: str
    detail: str = ""


def _flip_a_bit(data: bytearray, rng: np.random.Generator) -> None:
    data[rng.integers(len(data))] ^= 1 << int(rng.integers(8))


def _flip_in_the_head(data: bytearray, rng: np.random.Generator) -> None:
    data[rng.integers(min(len(data), 300))] ^= 1 << int(rng.integers(8))


def _flip_in_the_tail(data: bytearray, rng: np.random.Generator) -> None:
    data[-1 - rng.integers(min(len(data), 2000))] ^= 1 << int(rng.integers(8))


def _span(data: bytearray, rng: np.random.Generator, longest: float = 0.1) -> slice:
    n_bytes = int(rng.integers(1, max(2, int(longest * len(data)))))
    start = int(rng.integers(0, len(data) - n_bytes))
    return slice(start, start + n_bytes)


def _random_bytes(data: bytearray, rng: np.random.Generator) -> None:
    place = _span(data, rng, 0.02)
    data[place] = rng.bytes(place.stop - place.start)


def _zeros(data: bytearray, rng: np.random.Generator) -> None:
    place = _span(data, rng)
    data[place] = bytes(place.stop - place.start)


def _a_byte_gone(data: bytearray, rng: np.random.Generator) -> None:
    del data[rng.integers(len(data))]


def _a_stretch_gone(data: bytearray, rng: np.random.Generator) -> None:
    del data[_span(data, rng)]


def _a_byte_more(data: bytearray, rng: np.random.Generator) -> None:
    data.insert(int(rng.integers(len(data))), int(rng.integers(256)))


def _a_stretch_twice(data: bytearray, rng: np.random.Generator) -> None:
    place = _span(data, rng)
    data[place.stop : place.stop] = data[place]


def _cut_off(data: bytearray, rng: np.random.Generator) -> None:
    del data[rng.integers(1, len(data)) :]


def _begun_late(data: bytearray, rng: np.random.Generator) -> None:
    del data[: rng.integers(1, max(2, len(data) // 5))]


DAMAGES: tuple[Callable[[bytearray, np.random.Generator], None], ...] = (
    _flip_a_bit,
    _flip_in_the_head,
    _flip_in_the_tail,
    _random_bytes,
    _zeros,
    _a_byte_gone,
    _a_stretch_gone,
    _a_byte_more,
    _a_stretch_twice,
    _cut_off,
    _begun_late,
)


def outcomes(n_files: int, *, seed: int = 0) -> Iterator[Outcome]:
    """Damage files of every kind in every way, in turn, and read them."""
    kinds = list(FORMATS)
    with tempfile.TemporaryDirectory() as folder:
        for index in range(n_files):
            kind = kinds[index % len(kinds)]
            damage = DAMAGES[index // len(kinds) % len(DAMAGES)]
            data = bytearray(FORMATS[kind].file())
            damage(data, np.random.default_rng([seed, index]))
            path = Path(folder) / "take"
            path.write_bytes(data)
            result, detail = _read(path, kind)
            yield Outcome(
                kind=kind, damage=damage.__name__.strip("_"), seed=index, result=result, detail=detail
            )


def _read(path: Path, kind: str) -> tuple[str, str]:
    with _terminal() as shown:
        try:
            recording = read_recording(path, max_duration_s=60.0)
        except InputError as error:
            return ("crashed" if "\n" in str(error) else "refused"), str(error)
        except Exception:
            return "crashed", traceback.format_exc()
    if shown:
        return "crashed", "".join(shown)
    lost = _lost(recording, FORMATS[kind].tolerance_ms)
    said = (*recording.warnings, *recording.remarks)
    if said:
        return ("told" if lost else "whole"), "; ".join(said)
    return ("untold" if lost else "whole"), lost


@contextlib.contextmanager
def _terminal() -> Iterator[list[str]]:
    """Collect what is written to the terminal, by libraries in C too."""
    shown: list[str] = []
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield shown
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            if text := file.read().decode(errors="replace"):
                shown.append(text)


def _lost(recording: Recording, tolerance_ms: float) -> str:
    """Say what is lost; nothing if all pips are in their places and the end is there."""
    if recording.duration_s < LENGTH_S - LOST_MIN_S:
        return f"{LENGTH_S - recording.duration_s:.2f} s shorter"
    for pip in range(N_PIPS):
        late = late_ms(recording.samples, pip)
        if not abs(late) <= 1000 * LOST_MIN_S:
            return f"pip {pip} is {'gone' if np.isnan(late) else f'{late:.0f} ms late'}"
    return ""


def main() -> int:
    """Print the counts, and every file that crashed or lost something untold."""
    parser = argparse.ArgumentParser(description="Read damaged files and count what comes out.")
    parser.add_argument("n_files", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    by_kind: Counter[tuple[str, str]] = Counter()
    for each in outcomes(options.n_files, seed=options.seed):
        counts[each.result] += 1
        by_kind[each.kind, each.result] += 1
        if each.result in ("untold", "crashed"):
            print(f"{each.result}: {each.kind}, {each.damage}, number {each.seed}: {each.detail}")
    print(f"\n{options.n_files} files: " + ", ".join(f"{n} {result}" for result, n in counts.most_common()))
    for kind in FORMATS:
        print(f"{kind:20}", *(f"{by_kind[kind, each]:5} {each}" for each in counts))
    return int(counts["crashed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
