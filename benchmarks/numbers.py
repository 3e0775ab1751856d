"""How often the digits are right, how often sure and wrong, and whether the probability is one; beside plain.

    python -m benchmarks.numbers [--model base] [--condition clean --condition babble-15 ...] [--no-plain]

Sets         strings: connected strings of five to eight digits by a natural speaker
             (`../shared/data/recitations`) and connected digits over Indian telephone lines (`real/measure`,
             hyke), up to thirteen digits. None is a telephone number of the region.
             telephone: ten digits of the natural speaker that are a North American number: the first three of
             one of his recordings, cut in the pause after them, and all seven of another.
             twice: a telephone number of ten joined isolated digits of 32 students (`real/measure`, the other
             sets), in groups, said two times; as the card has it.
             Nothing was trained or fitted on any of these speakers. Every third of them, by name, judges only
             with --held-out, which is there to be looked at once; the one of the recitations never does.
Conditions   those of `training.conditions`; the people in the background are the other set's speakers.
Columns      exactly right (plain: faster-whisper with its defaults and a digit pattern; of a number said
             twice, any ten digits in a row that are right, none that are wrong); sure, and of these wrong;
             unsure; no digits at all though some were said, or a card that is certain of no number.
Then         a table of reliability with its plot (one row a tenth of probability), the expected calibration
             error, the risk-coverage curve, and what all that comes after the transcription costs.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import typer

from benchmarks.digit_head import students
from training.conditions import CONDITIONS, Samples
from training.decision import calibration_error
from training.encoder import Encoder
from training.heard import Message, in_condition, recording_of
from training.messages import joined_number, phone_number
from training.recorded import RATE_HZ, loaded
from voicecheck.audio.recording import Recording
from voicecheck.hearing.hear import understand
from voicecheck.hearing.hearing import Hearing
from voicecheck.hearing.signal import broken, signal_of
from voicecheck.listener import Listener
from voicecheck.numbers import digit_runs
from voicecheck.numbers.plan import comparable_digits, is_valid
from voicecheck.scorecard.checks import number_clear
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.digit_strings import force_align
from voicecheck.speech.weights import find_model

SHARED = Path(__file__).parents[2] / "shared" / "data"
HYKE_DIGITS_MAX = 13
N_OTHERS = 40
NATURAL_SPEAKER = "recitations"
PAUSE_MIN_S = 0.06
"""Between two digits of a string that is cut there."""
RUBRIC = default_rubric()
SURE = RUBRIC.of(number_clear.CHECK).sure_probability


@dataclass(frozen=True, kw_only=True)
class Row:
    """One recording in one condition."""

    set_name: str
    condition: str
    plain: bool
    right: bool
    sure: bool
    silent: bool
    probability: float


@dataclass
class Spent:
    """Processor time until there are words, and after that."""

    transcribing_s: float = 0.0
    after_s: float = 0.0


def strings() -> list[Message]:
    """All recordings of one string each, with what is said in them."""
    folder = SHARED / "recitations"
    rows = _lines(folder / "truth.jsonl")
    found = [
        Message(path=folder / row["file"], speaker=NATURAL_SPEAKER, sayings=(row["digits"],)) for row in rows
    ]
    folder = SHARED / "real" / "measure"
    return found + [
        Message(path=folder / row["file"], speaker=row["speaker"], sayings=(row["digits"],))
        for row in _lines(folder / "index.jsonl")
        if row["kind"] == "connected" and len(row["digits"]) <= HYKE_DIGITS_MAX
    ]


def telephone_numbers(folder: Path, model: str, head: DigitHead) -> list[Message]:
    """Ten digits of the natural speaker from two of his strings, as files in a folder.

    Parameters
    ----------
    folder : Path
        Where they go.
    model : str
        Whisper model whose encoder `head` listens to; both only tell where the third digit ends.
    head : DigitHead
        Aligns the digits, which are known, with the sound.
    """
    encoder, rng = Encoder(model), random.Random(0)
    starts, sevens = [], []
    for message in strings():
        digits = message.sayings[0]
        if message.speaker != NATURAL_SPEAKER or digits[0] in "01":
            continue
        samples = loaded(message.path)
        timed, _ = force_align(head.log_posteriors(encoder.frames(samples)), digits)
        pause_s = timed[3].onset_s - timed[2].offset_s
        if pause_s >= PAUSE_MIN_S:
            cut = round((timed[2].offset_s + pause_s / 2) * RATE_HZ)
            starts.append((digits[:3], samples[:cut]))
        if len(digits) == 7:
            sevens.append((digits, samples))
    found = []
    for digits, samples in sevens:
        fitting = [start for start in starts if is_valid(start[0] + digits, "US")]
        for area, start in rng.sample(fitting, min(2, len(fitting))):
            path = folder / f"{len(found):02d}-{area}{digits}.flac"
            soundfile.write(path, np.concatenate([start, samples]), RATE_HZ)
            found.append(Message(path=path, speaker=NATURAL_SPEAKER, sayings=(area + digits,)))
    return found


def said_twice(folder: Path) -> list[Message]:
    """A number of each student, said two times, as files in a folder."""
    found = []
    for speaker, clips in sorted(students(SHARED).items()):
        if not set(range(10)) <= set(clips):
            continue
        state, rng = random.Random(speaker), np.random.default_rng(sum(speaker.encode()))
        digits, quiet = phone_number(state), np.zeros(RATE_HZ // 2, np.float32)
        sayings = [joined_number(clips, digits, rng, "normal") for _ in range(2)]
        path = folder / f"{speaker.replace(':', '_')}.flac"
        soundfile.write(path, np.concatenate([quiet, sayings[0], quiet, sayings[1], quiet]), RATE_HZ)
        found.append(Message(path=path, speaker=speaker, sayings=(digits, digits)))
    return found


def chosen(messages: Sequence[Message], *, held_out: bool) -> list[Message]:
    """Those of the speakers kept for a last look (every third by name), or those of all others."""
    kept = set(sorted({each.speaker for each in messages} - {NATURAL_SPEAKER})[1::3])
    return [each for each in messages if (each.speaker in kept) == held_out]


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


def hear(recording: Recording, listener: Listener, spent: Spent) -> Hearing:
    """Hear a recording as the card does, and note what it cost."""
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
    spent.transcribing_s += middle_s - start_s
    spent.after_s += time.process_time() - middle_s
    return hearing


def outcome(hearing: Hearing, sayings: Sequence[str]) -> dict[str, bool | float]:
    """Compare what was heard with what was said."""
    runs = hearing.digit_runs
    probability = math.prod(run.probability for run in runs) if runs else 0.0
    if len(sayings) == 1:
        heard = digits_of(hearing.transcript.text)
        return {
            "right": heard == sayings[0],
            "sure": bool(runs) and all(run.probability >= SURE for run in runs),
            "silent": not heard and not runs,
            "probability": probability,
        }
    card = judge(hearing, Settings(rubric=RUBRIC))
    verdicts = {check.id: check.verdict for check in card.checks}
    full = [comparable_digits(each.digits, region="US") for each in card.recitations if each.full]
    return {
        "right": bool(full) and set(full) == set(sayings),
        "sure": verdicts["number_given"] == verdicts["number_clear"] == "pass",
        "silent": verdicts["number_given"] == "fail",
        "probability": probability,
    }


def is_right_by_plain(text: str, sayings: Sequence[str]) -> bool:
    """Whether a pattern finds what was said in plain text, and nothing else."""
    if len(sayings) == 1:
        return re.sub(r"\D", "", digits_of(text)) == sayings[0]
    runs = [run.digits for run in digit_runs(text)]
    tens = {run[-10:] for run in runs if len(run) in (10, 11)} | {
        part for run in runs if len(run) == 20 for part in (run[:10], run[10:])
    }
    return tens == set(sayings)


def print_conditions(rows: Sequence[Row]) -> None:
    """Print one line a set and condition."""
    for name in dict.fromkeys(row.set_name for row in rows):
        print(name)
        _print_conditions([row for row in rows if row.set_name == name])


def _print_conditions(rows: Sequence[Row]) -> None:
    print("condition    n   plain right   right   sure   sure and wrong   unsure   no digits")
    for condition in dict.fromkeys(row.condition for row in rows):
        inside = [row for row in rows if row.condition == condition]
        sure = [row for row in inside if row.sure]
        print(
            f"{condition:10} {len(inside):3} {sum(row.plain for row in inside):13} "
            f"{sum(row.right for row in inside):7} {len(sure):6} {sum(not row.right for row in sure):16} "
            f"{len(inside) - len(sure):8} {sum(row.silent for row in inside):11}"
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
    set_name: Annotated[list[str] | None, typer.Option("--set", help="strings, telephone, twice.")] = None,
    held_out: Annotated[bool, typer.Option(help="Only the speakers who are kept for a last look.")] = False,
) -> None:
    """Print every table that there is data for."""
    if not SHARED.is_dir():
        print(f"skipped: no recordings at {SHARED}")
        raise typer.Exit
    listener = Listener(model=model, threads=1)
    whisper = None
    if plain:
        from faster_whisper import WhisperModel

        whisper = WhisperModel(str(find_model(model)), compute_type="int8", cpu_threads=1)
    rows: list[Row] = []
    spent = Spent()
    with tempfile.TemporaryDirectory() as scratch:
        sets = {
            "strings": strings(),
            "telephone": telephone_numbers(Path(scratch), model, listener.head),
            "twice": said_twice(Path(scratch)),
        }
        others = others_for(sets["strings"])
        for one_set, place in itertools.product(set_name or sets, condition or CONDITIONS):
            for message in chosen(sets[one_set], held_out=held_out)[::every]:
                recording = recording_of(in_condition(message, place, others), message.path.name)
                by_plain = False
                if whisper is not None:
                    segments, _ = whisper.transcribe(recording.samples, language="en")
                    text = "".join(segment.text for segment in segments)
                    by_plain = is_right_by_plain(text, message.sayings)
                found = outcome(hear(recording, listener, spent), message.sayings)
                rows.append(Row(set_name=one_set, condition=place, plain=by_plain, **found))
    print_conditions(rows)
    print_reliability(rows)
    print(f"after the transcription: {spent.after_s / spent.transcribing_s:.1%} of its processor time")


if __name__ == "__main__":
    typer.run(main)
