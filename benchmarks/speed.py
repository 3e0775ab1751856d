"""A folder, and one message, against plain faster-whisper with the same model, in the same run.

Run from the repository: ``python benchmarks/speed.py [--model base] [--messages 64] [--rounds 1]``. The
messages are those of `samples/` and, where they lie beside the repository, of ``../shared/data/speech``, each
at several speeds, so that no two are of one length. Both sides run in processes of their own, one after the
other, as often as there are rounds; the table gives the round with the median ratio.

plain   one process: ``WhisperModel(model, compute_type="int8")``, then ``list(transcribe(file)[0])`` for each
        file, all defaults. Loading the model is left out.
batch   ``voicecheck batch`` from the shell prompt to its last line: imports, models, cards and report too.
one     a single message of up to 20 s, heard and judged, against ``transcribe`` with word timestamps; models
        loaded, all cores, the median of several runs; and the same card with the line test.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.speech.weights import find_model

ROOT = Path(__file__).resolve().parents[1]
SPEED_STEP = 0.015
"""By how much each round of the same messages is slower or faster than the one before."""

PLAIN = """
import json, sys, time
from pathlib import Path
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
started_s, cpu_s = time.perf_counter(), time.process_time()
for path in sorted(Path(sys.argv[2]).iterdir()):
    list(model.transcribe(str(path))[0])
print(json.dumps([time.perf_counter() - started_s, time.process_time() - cpu_s]))
"""

ONE = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from statistics import median
from faster_whisper import WhisperModel
from voicecheck.listener import Listener
listener, path = Listener(model=sys.argv[2]), Path(sys.argv[3])
threads = listener.transcriber.threads
plain = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=threads)
def seconds(work):
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s
sides = (
    lambda: list(plain.transcribe(str(path), beam_size=5, word_timestamps=True)[0]),
    lambda: listener.score_file(path),
    lambda: replace(listener, line=True).score_file(path),
)
runs = [[seconds(side) for side in sides] for _ in range(7)][1:]
print(json.dumps([median(run[side] for run in runs) for side in range(3)]))
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Wall and CPU seconds."""

    wall_s: float
    cpu_s: float


def make_messages(folder: Path, n_messages: int) -> float:
    """Write messages of many lengths; give the seconds of sound in all."""
    speech = ROOT.parent / "shared" / "data" / "speech"
    sources = [*sorted((ROOT / "samples").glob("*.flac")), *sorted(speech.glob("*.flac"))]
    sounds = [read_recording(path).samples for path in sources]
    total_s = 0.0
    for index in range(n_messages):
        round_, at = divmod(index, len(sounds))
        speed = 1 + SPEED_STEP * ((round_ + 1) // 2) * (-1) ** round_
        faster = soxr.resample(sounds[at], speed, 1.0).astype(np.float32)
        soundfile.write(folder / f"{sources[at].stem}-{round_}.flac", faster, SAMPLE_RATE_HZ)
        total_s += len(faster) / SAMPLE_RATE_HZ
    return total_s


def run_plain(model: Path, folder: Path) -> Cost:
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, str(model), str(folder)], capture_output=True, text=True, check=True
    )
    wall_s, cpu_s = json.loads(done.stdout)
    return Cost(wall_s=wall_s, cpu_s=cpu_s)


def run_batch(model: str, folder: Path, output: Path) -> Cost:
    command = ["batch", folder, "--output", output, "--model", model, "--no-cache", "--quiet"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started_s = time.perf_counter()
    script = Path(sys.executable).with_name("voicecheck")
    done = subprocess.run([script, *map(str, command)], capture_output=True, text=True)
    wall_s = time.perf_counter() - started_s
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr
    return Cost(wall_s=wall_s, cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="base")
    parser.add_argument("--messages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args(arguments)
    model_dir = find_model(chosen.model)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "messages")
        folder.mkdir()
        sound_s = make_messages(folder, chosen.messages)
        rounds = [
            (run_plain(model_dir, folder), run_batch(chosen.model, folder, Path(scratch, "out")))
            for _ in range(chosen.rounds)
        ]
    plain, batch = sorted(rounds, key=lambda pair: pair[0].wall_s / pair[1].wall_s)[len(rounds) // 2]
    n_cores = len(os.sched_getaffinity(0))
    print(f"{chosen.messages} messages, {sound_s:.0f} s of sound, {chosen.model} int8, {n_cores} cores\n")
    print(f"{'':8}{'wall s':>8}{'CPU s':>8}{'a minute':>10}{'an hour and core':>18}")
    for name, cost in (("plain", plain), ("batch", batch)):
        per_core_hour = 3600 * chosen.messages / cost.wall_s / n_cores
        per_minute = 60 * chosen.messages / cost.wall_s
        print(f"{name:8}{cost.wall_s:8.1f}{cost.cpu_s:8.1f}{per_minute:10.1f}{per_core_hour:18.0f}")
    print(
        f"batch / plain: {plain.wall_s / batch.wall_s:.2f} x the messages a minute, "
        f"{batch.cpu_s / plain.cpu_s:.2f} x the CPU seconds"
    )
    one = ROOT / "samples" / "pass_male.flac"
    done = subprocess.run(
        [sys.executable, "-c", ONE, str(model_dir), chosen.model, str(one)],
        capture_output=True,
        text=True,
        check=True,
    )
    plain_s, ours_s, line_s = json.loads(done.stdout)
    print(
        f"one message ({one.name}): plain with word timestamps {plain_s:.2f} s, whole card {ours_s:.2f} s: "
        f"{ours_s / plain_s:.2f} x its time; with the line test {line_s:.2f} s, {line_s / ours_s:.2f} x the "
        "card without it; median of 6 runs each"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
