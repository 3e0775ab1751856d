"""How often the digits are right, how often sure and wrong, and whether the probability is one; beside plain.

    python -m benchmarks.numbers [--model base] [--condition clean --condition babble-15 ...] [--no-plain]

Sets         connected strings of five to eight digits by a natural speaker (`../shared/data/recitations`)
             and connected digits over Indian telephone lines (`real/measure`, hyke), up to thirteen digits.
             Nothing was trained or fitted on either.
Conditions   those of `training.conditions`; the people in the background are the other set's speakers.
Columns      exactly right (plain: faster-whisper with its defaults and a digit pattern); sure, and of these
             wrong; unsure; no digits at all though some were said.
Then         a table of reliability with its plot (one row a tenth of probability), the expected calibration
             error, the risk-coverage curve, and what all that comes after the transcription costs.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from training.conditions import CONDITIONS, Samples
from training.decision import calibration_error
from training.heard import Message, in_condition, recording_of
from training.recorded import loaded
from voicecheck.hearing.hear import understand
from voicecheck.hearing.hearing import Hearing
from voicecheck.hearing.signal import broken, signal_of
from voicecheck.listener import Listener
from voicecheck.numbers import digit_runs
from voicecheck.scorecard.checks import number_clear
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.weights import find_model

SHARED = Path(__file__).parents[2] / "shared" / "data"
HYKE_DIGITS_MAX = 13
N_OTHERS = 40
SURE = default_rubric().of(number_clear.CHECK).sure_probability


@dataclass(frozen=True, kw_only=True)
class Row:
    """One recording in one condition."""

    condition: str
    plain: bool
    right: bool
    sure: bool
    silent: bool
    probability: float


def messages() -> list[Message]:
    """All recordings, with what is said in them."""
    folder = SHARED / "recitations"
    rows = _lines(folder / "truth.jsonl")
    found = [
        Message(path=folder / row["file"], speaker="recitations", sayings=(row["digits"],)) for row in rows
    ]
    folder = SHARED / "real" / "measure"
    return found + [
        Message(path=folder / row["file"], speaker=row["speaker"], sayings=(row["digits"],))
        for row in _lines(folder / "index.jsonl")
        if row["kind"] == "connected" and len(row["digits"]) <= HYKE_DIGITS_MAX
    ]


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def others_for(chosen: Sequence[Message]) -> list[tuple[str, Samples]]:
    """People to talk in the background."""
    step = max(1, len(chosen) // N_OTHERS)
    return [(each.speaker, loaded(each.path)) for each in chosen[::step]]


def digits_of(text: str) -> str:
    """All digits of a text in a row, however they are written."""
    return "".join(run.digits for run in digit_runs(text))


def judged(hearing: Hearing, truth: str, condition: str, *, plain: bool) -> Row:
    """Compare what was heard with what was said."""
    heard = digits_of(hearing.transcript.text)
    return Row(
        condition=condition,
        plain=plain,
        right=heard == truth,
        sure=bool(hearing.digit_runs) and all(run.probability >= SURE for run in hearing.digit_runs),
        silent=not heard and not hearing.digit_runs,
        probability=math.prod(run.probability for run in hearing.digit_runs) if hearing.digit_runs else 0.0,
    )


def print_conditions(rows: Sequence[Row]) -> None:
    """Print one line a condition."""
    print("condition    n   plain right   right   sure   sure and wrong   unsure   no digits")
    for condition in dict.fromkeys(row.condition for row in rows):
        chosen = [row for row in rows if row.condition == condition]
        sure = [row for row in chosen if row.sure]
        print(
            f"{condition:10} {len(chosen):3} {sum(row.plain for row in chosen):13} "
            f"{sum(row.right for row in chosen):7} {len(sure):6} {sum(not row.right for row in sure):16} "
            f"{len(chosen) - len(sure):8} {sum(row.silent for row in chosen):11}"
        )


def print_reliability(rows: Sequence[Row]) -> None:
    """Print how often readings of each probability are right, drawn as bars, and risk over coverage."""
    p = np.array([row.probability for row in rows])
    right = np.array([row.right for row in rows])
    print("probability    n   right")
    for low in range(10):
        inside = (p >= low / 10) & (p < (low + 1) / 10 + (low == 9))
        if inside.any():
            share = right[inside].mean()
            bar = "#" * round(40 * share)
            print(f"{low / 10:.1f} to {(low + 1) / 10:.1f} {inside.sum():4}   {share:4.0%} {bar}")
    print(f"expected calibration error {calibration_error(p, right):.3f}")
    order = np.argsort(-p)
    wrong = np.cumsum(~right[order])
    print("coverage  " + "  ".join(f"{share:4.0%}" for share in np.arange(0.1, 1.01, 0.1)))
    places = [max(1, round(share * len(p))) for share in np.arange(0.1, 1.01, 0.1)]
    print("risk      " + "  ".join(f"{wrong[place - 1] / place:4.0%}" for place in places))


def main(
    model: Annotated[str, typer.Option()] = "base",
    condition: Annotated[list[str] | None, typer.Option(help=", ".join(CONDITIONS))] = None,
    plain: Annotated[bool, typer.Option(help="Whether to run plain faster-whisper, too.")] = True,
    every: Annotated[int, typer.Option(help="Take only every so many-th recording.")] = 1,
) -> None:
    """Print every table that there is data for."""
    if not SHARED.is_dir():
        print(f"skipped: no recordings at {SHARED}")
        raise typer.Exit
    chosen = messages()
    others = others_for(chosen)
    listener = Listener(model=model, threads=1)
    whisper = None
    if plain:
        from faster_whisper import WhisperModel

        whisper = WhisperModel(str(find_model(model)), compute_type="int8", cpu_threads=1)
    rows: list[Row] = []
    transcribing_s = after_s = 0.0
    for name in condition or list(CONDITIONS):
        for message in chosen[::every]:
            recording = recording_of(in_condition(message, name, others), message.path.name)
            by_plain = False
            if whisper is not None:
                segments, _ = whisper.transcribe(recording.samples, language="en")
                text = "".join(segment.text for segment in segments)
                by_plain = re.sub(r"\D", "", digits_of(text)) == message.sayings[0]
            start_s = time.process_time()
            signal = signal_of(recording)
            transcript = listener.transcriber.transcribe(broken(recording, signal))
            middle_s = time.process_time()
            hearing = understand(
                recording,
                transcript,
                listener.transcriber,
                signal=signal,
                head=listener.head,
                decision=listener.decision,
            )
            transcribing_s += middle_s - start_s
            after_s += time.process_time() - middle_s
            rows.append(judged(hearing, message.sayings[0], name, plain=by_plain))
    print_conditions(rows)
    print_reliability(rows)
    print(f"after the transcription: {after_s / transcribing_s:.1%} of its processor time")


if __name__ == "__main__":
    typer.run(main)
