"""How many numbers a card invents where none is said: in talk as it is, and with people behind it.

    python -m benchmarks.talk FOLDER [FOLDER ...] [--skip digits --skip letters] [--condition babble-15]

Folders      any recordings of speech in which no telephone number is said, short ones joined into pieces of
             half a minute (`--skip` leaves out subfolders, or files, by name). The README's figures: the
             telephone prompts of Debian's asterisk-core-sounds-{en,es,fr,it,ru}-wav, five people in five
             languages, and `../shared/data/speech`, with --skip digits --skip letters --skip phonetic
             --skip silence --skip digits_vosk_test.
Conditions   those of `training.conditions`; the people behind are the callers and students of
             `benchmarks.numbers`, who say digits.
Columns      minutes; cards that show a number; cards that are sure of one (number_given and number_clear
             pass); cards that show six digits or more in a row; verdicts of number_given.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import typer

from benchmarks.numbers import RUBRIC, Spent, hear, others_for, strings
from training.conditions import CONDITIONS, Samples
from training.heard import Message, in_condition, recording_of
from training.recorded import RATE_HZ, loaded
from voicecheck.listener import Listener
from voicecheck.scorecard.judge import Settings, judge

PIECE_S = 25.0
"""A piece is whole when it is this long."""
PAUSE_S = 0.6
SUFFIXES = {".wav", ".flac"}
RUN_MIN = 6
"""Digits in a row that a card shows, even if they make no number."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the card of one piece says about a number that nobody said."""

    condition: str
    duration_s: float
    number: bool
    sure: bool
    digits: bool
    verdict: str
    heard: str


def recordings_in(folders: Iterable[Path], skip: Iterable[str]) -> list[Path]:
    """All recordings below the folders, in order of their names, but those below a folder to be skipped."""
    left_out = set(skip)
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in SUFFIXES and not left_out & {path.stem, *(part.name for part in path.parents)}
    ]


def pieces(paths: Iterable[Path]) -> Iterator[Samples]:
    """Recordings one after the other, in pieces of `PIECE_S` or a little more."""
    pause = np.zeros(round(PAUSE_S * RATE_HZ), np.float32)
    parts: list[Samples] = []
    for path in paths:
        parts += [loaded(path), pause]
        if sum(map(len, parts)) >= PIECE_S * RATE_HZ:
            yield np.concatenate(parts)
            parts = []
    if parts:
        yield np.concatenate(parts)


def print_rows(rows: list[Row]) -> None:
    """Print one line a condition, then what was invented."""
    print("condition  pieces  minutes  a number  sure of it  six digits or more  number_given")
    for condition in dict.fromkeys(row.condition for row in rows):
        inside = [row for row in rows if row.condition == condition]
        verdicts = ", ".join(f"{n} {verdict}" for verdict, n in Counter(r.verdict for r in inside).items())
        print(
            f"{condition:10} {len(inside):6} {sum(row.duration_s for row in inside) / 60:8.1f} "
            f"{sum(row.number for row in inside):9} {sum(row.sure for row in inside):11} "
            f"{sum(row.digits for row in inside):19}  {verdicts}"
        )
    for row in rows:
        if row.number or row.digits:
            print(f"  {row.condition}: {row.heard}")


def main(
    folders: Annotated[list[Path], typer.Argument(exists=True, file_okay=False)],
    model: Annotated[str, typer.Option()] = "base",
    condition: Annotated[list[str] | None, typer.Option(help=", ".join(CONDITIONS))] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Subfolder or file (without ending).")] = None,
    every: Annotated[int, typer.Option(help="Take only every so many-th piece.")] = 1,
) -> None:
    """Print the table."""
    listener = Listener(model=model, threads=1)
    others = others_for(strings())
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        messages = []
        for k, samples in enumerate(pieces(recordings_in(folders, skip or ()))):
            path = Path(scratch) / f"{k:03d}.flac"
            soundfile.write(path, samples, RATE_HZ)
            messages.append(Message(path=path, speaker="", sayings=()))
        for place in condition or ("clean", "babble-15"):
            for message in messages[::every]:
                recording = recording_of(in_condition(message, place, others), message.path.name)
                hearing = hear(recording, listener, Spent())
                card = judge(hearing, Settings(rubric=RUBRIC))
                verdicts = {check.id: check.verdict for check in card.checks}
                runs = ["".join(digit.digit for digit in run.digits) for run in hearing.digit_runs]
                numbers = [each.digits for each in card.recitations if each.full]
                rows.append(
                    Row(
                        condition=place,
                        duration_s=recording.source.duration_s,
                        number=bool(numbers),
                        sure=verdicts["number_given"] == verdicts["number_clear"] == "pass",
                        digits=any(len(run) >= RUN_MIN for run in runs),
                        verdict=verdicts["number_given"],
                        heard=f"numbers {numbers}, digits {runs}: {hearing.transcript.text}",
                    )
                )
    print_rows(rows)


if __name__ == "__main__":
    typer.run(main)
