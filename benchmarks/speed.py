"""How long a folder, one message, and one message from the prompt take, against plain faster-whisper.

    python -m benchmarks.speed [FOLDER] [--model base] [--messages 40] [--rounds 3] [--device cuda]

FOLDER is any folder of recordings; without one, messages are made of those of `samples/` and, where they lie
beside the repository, of ``../shared/data/speech``, each at several speeds, so that no two are of one length.
Both sides run in processes of their own, in turn, as often as there are rounds; the tables give the median
and the range. With ``--device cuda`` both run on the graphics card, plain in float16, ours as it is set.

plain   ``WhisperModel(model, compute_type="int8").transcribe(file, language="en", beam_size=5,
        word_timestamps=True)``: told the language, and with the times that voicecheck needs.
folder  a plain loop, the loading of its model left out, against ``voicecheck batch`` from the shell prompt to
        its last line: imports, models, cards and report too.
one     a single message, models loaded, all cores, each side in a process of its own; also with the line test
        and with the phone's text.
prompt  the same message from the shell prompt in a fresh process, nothing cached: a ten-line script with
        plain faster-whisper, and ``voicecheck score``; and what the latter spends its time on.
floor   the encoder alone over the folder's speech, in batches: no card can be faster than this model allows.
others  openai-whisper and whisper.cpp's ``whisper-cli`` on the single message, where they are installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import soundfile
import soxr
import typer

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.speech.weights import find_model
from voicecheck.system import n_cores

ROOT = Path(__file__).resolve().parents[1]
SPEED_STEP = 0.015
"""By how much each round of the same messages is slower or faster than the one before."""

TOLD = 'language="en", beam_size=5, word_timestamps=True'

NUMBERS = {"cpu": "int8", "cuda": "float16"}
"""What plain computes in: what is quickest there."""

PLAIN_LOOP = f"""
import json, sys, time
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device=DEVICE, compute_type=NUMBERS)
started_s, cpu_s = time.perf_counter(), time.process_time()
for path in sys.argv[2:]:
    list(model.transcribe(path, {TOLD})[0])
print(json.dumps([time.perf_counter() - started_s, time.process_time() - cpu_s]))
"""

PLAIN_ONE = f"""
import sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device=DEVICE, compute_type=NUMBERS)
segments, info = model.transcribe(sys.argv[2], {TOLD})
for segment in segments:
    for word in segment.words:
        print(word.start, word.end, word.word)
"""

PLAIN_LOADED = f"""
import json, sys, time
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device=DEVICE, compute_type=NUMBERS, cpu_threads=int(sys.argv[4]))
def seconds():
    started_s = time.perf_counter()
    list(model.transcribe(sys.argv[2], {TOLD})[0])
    return time.perf_counter() - started_s
print(json.dumps([seconds() for _ in range(int(sys.argv[3]) + 1)][1:]))
"""

LOADED = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from voicecheck.listener import Listener
listener, path = Listener(model=sys.argv[1], device=DEVICE), Path(sys.argv[2])
sides = (listener, replace(listener, line=True), replace(listener, phone=True))
def seconds(side):
    started_s = time.perf_counter()
    side.score_file(path)
    return time.perf_counter() - started_s
runs = [[seconds(side) for side in sides] for _ in range(int(sys.argv[3]) + 1)][1:]
print(json.dumps(list(zip(*runs))))
"""

STEPS = """
import json, sys, time
from pathlib import Path
at_s, steps = time.perf_counter(), []
def step(name):
    global at_s
    now_s = time.perf_counter()
    steps.append([name, now_s - at_s])
    at_s = now_s
from voicecheck.listener import Listener
from voicecheck.audio.decode import read_recording
import faster_whisper
step("imports")
listener = Listener(model=sys.argv[1], device=DEVICE)
listener.prepare()
listener.transcriber.start_loading()
listener.transcriber._whisper
step("model")
recording = read_recording(Path(sys.argv[2]))
step("decode the file")
from voicecheck.speech.activity import detect_speech
detect_speech(recording.samples)
step("find speech")
transcript = listener.transcriber.transcribe(recording)
step("words (finds speech again)")
card = listener.score(recording)
step("words and all the rest, again")
from voicecheck.report.text import to_text
to_text(card)
step("write the card")
print(json.dumps(steps))
"""

FLOOR = """
import json, sys, time
from pathlib import Path
from voicecheck.audio.decode import read_recording
from voicecheck.listener import Listener
from voicecheck.speech.activity import detect_speech
from voicecheck.speech.windows import cut_windows
listener = Listener(model=sys.argv[1], threads=1, device=DEVICE)
sounds = [read_recording(Path(path)).samples for path in sys.argv[2:]]
pieces = [
    window.samples
    for at, samples in enumerate(sounds)
    for window in cut_windows(at, samples, detect_speech(samples).heard)
]
pieces.sort(key=len)
listener.transcriber.encode(pieces[:1])
started_s, cpu_s = time.perf_counter(), time.process_time()
listener.transcriber.encode(pieces)
print(json.dumps([time.perf_counter() - started_s, time.process_time() - cpu_s]))
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Wall and CPU seconds."""

    wall_s: float
    cpu_s: float


def make_messages(folder: Path, n_messages: int) -> None:
    """Write messages of many lengths."""
    speech = ROOT.parent / "shared" / "data" / "speech"
    sources = [*sorted((ROOT / "samples").glob("*.flac")), *sorted(speech.glob("*.flac"))]
    sounds = [read_recording(path).samples for path in sources]
    for index in range(n_messages):
        round_, at = divmod(index, len(sounds))
        speed = 1 + SPEED_STEP * ((round_ + 1) // 2) * (-1) ** round_
        faster = soxr.resample(sounds[at], speed, 1.0).astype(np.float32)
        soundfile.write(folder / f"{sources[at].stem}-{round_}.flac", faster, SAMPLE_RATE_HZ)


def on(device: str, script: str) -> str:
    """A script that knows its device and what it computes in there."""
    return f"DEVICE, NUMBERS = {device!r}, {NUMBERS[device]!r}\n{script}"


def printed(script: str, *arguments: object) -> str:
    """Run a script in a process of its own; what it printed last."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def timed(command: Sequence[object]) -> Cost:
    """Run a command and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started_s = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    wall_s = time.perf_counter() - started_s
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr
    return Cost(wall_s=wall_s, cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median and range."""
    return f"{median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


def compared(name: str, ours: Sequence[float], plain: Sequence[float]) -> None:
    """Print seconds and their ratio to plain, round by round."""
    ratios = [one / other for one, other in zip(ours, plain, strict=True)]
    print(f"  {name:28}{spread(ours):>24} s {spread(ratios):>24} x plain")


def folder_speed(files: Sequence[Path], model: str, device: str, rounds: int) -> None:
    """A folder against a plain loop, and against the encoder alone."""
    voicecheck, model_dir = Path(sys.executable).with_name("voicecheck"), find_model(model)
    plain: list[Cost] = []
    batch: list[Cost] = []
    with tempfile.TemporaryDirectory() as scratch:
        for at in range(rounds):
            wall_s, cpu_s = json.loads(printed(on(device, PLAIN_LOOP), model_dir, *files))
            plain.append(Cost(wall_s=wall_s, cpu_s=cpu_s))
            output = Path(scratch, str(at))
            options = ["--output", output, "--model", model, "--device", device, "--no-cache", "--quiet"]
            batch.append(timed([voicecheck, "batch", files[0].parent, *options]))
    floor_wall_s, floor_s = json.loads(printed(on(device, FLOOR), model, *files))
    print("a folder")
    print(f"  {'plain, wall':28}{spread([each.wall_s for each in plain]):>24} s")
    compared("batch, wall", [each.wall_s for each in batch], [each.wall_s for each in plain])
    print(f"  {'plain, CPU':28}{spread([each.cpu_s for each in plain]):>24} s")
    compared("batch, CPU", [each.cpu_s for each in batch], [each.cpu_s for each in plain])
    faster = [one.wall_s / other.wall_s for one, other in zip(plain, batch, strict=True)]
    per_minute = 60 * len(files) / median(each.wall_s for each in batch)
    print(f"  {spread(faster)} times the messages a minute ({per_minute:.0f})")
    over = median(each.cpu_s for each in batch) / floor_s
    print(
        f"  encoder alone, batched: {floor_wall_s:.1f} s, {floor_s:.1f} s of CPU; "
        f"the batch takes {over:.1f} times the latter\n"
    )


def loaded_speed(one: Path, model: str, device: str, rounds: int) -> None:
    """One message, models loaded."""
    rounds = max(3, rounds)
    plain = json.loads(printed(on(device, PLAIN_LOADED), find_model(model), one, rounds, n_cores()))
    card, lines, phone = json.loads(printed(on(device, LOADED), model, one, rounds))
    print(f"one message, models loaded ({one.name})")
    print(f"  {'plain':28}{spread(plain):>24} s")
    compared("card", card, plain)
    compared("card with --line", lines, plain)
    compared("card with --phone", phone, plain)
    line_share = spread([one / other for one, other in zip(lines, card, strict=True)])
    phone_share = spread([one / other for one, other in zip(phone, card, strict=True)])
    print(f"  --line takes {line_share} times the card without it, --phone {phone_share}\n")


def prompt_speed(one: Path, model: str, device: str, rounds: int) -> None:
    """One message from the prompt, and where the time goes."""
    voicecheck, model_dir = Path(sys.executable).with_name("voicecheck"), find_model(model)
    plain: list[float] = []
    ours: list[float] = []
    librosa: list[float] = []
    for _ in range(rounds):
        plain.append(timed([sys.executable, "-c", on(device, PLAIN_ONE), model_dir, one]).wall_s)
        options = ["--model", model, "--device", device, "--no-cache", "--quiet"]
        ours.append(timed([voicecheck, "score", one, *options]).wall_s)
        librosa.append(timed([sys.executable, "-c", "import librosa; librosa.feature.rms"]).cpu_s)
    print("one message, from the prompt, nothing cached")
    print(f"  {'plain script':28}{spread(plain):>24} s")
    compared("voicecheck score", ours, plain)
    for name, seconds in json.loads(printed(on(device, STEPS), model, one)):
        print(f"    {name:30}{seconds:6.2f} s")
    print(f"  importing librosa would cost {spread(librosa)} s of CPU; a card from the prompt does not\n")


def other_speed(one: Path, rounds: int) -> None:
    """The other recognisers, where they are installed."""
    sides: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("whisper"):
        import whisper

        whisper_model = whisper.load_model("base")
        sides["openai-whisper base"] = lambda: whisper_model.transcribe(str(one), language="en")
    cli, weights = shutil.which("whisper-cli"), os.environ.get("WHISPER_CPP_MODEL")
    if cli and weights:
        sides["whisper.cpp"] = lambda: timed([cli, "-m", weights, "-f", one])
    for name, side in sides.items():
        seconds: list[float] = []
        for _ in range(rounds):
            started_s = time.perf_counter()
            side()
            seconds.append(time.perf_counter() - started_s)
        print(f"  {name:28}{spread(seconds):>24} s")
    if not sides:
        print("openai-whisper and whisper.cpp (whisper-cli, WHISPER_CPP_MODEL) are not installed: left out")


def main(
    folder: Annotated[
        Path | None, typer.Argument(help="Recordings; made from the samples if not given.")
    ] = None,
    model: str = "base",
    messages: Annotated[int, typer.Option(help="How many to make.")] = 40,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    device: Annotated[str, typer.Option(help="cpu, or cuda where there is a graphics card.")] = "cpu",
) -> None:
    """Measure and print the tables."""
    with tempfile.TemporaryDirectory() as scratch:
        if folder is None:
            folder = Path(scratch)
            make_messages(folder, messages)
        files = sorted(path for path in folder.iterdir() if path.is_file())
        sound_s = sum(read_recording(path).duration_s for path in files)
        where = f"{model} {NUMBERS[device]} on {device}, {n_cores()} cores"
        print(f"{len(files)} messages, {sound_s:.0f} s of sound, {where}\n")
        folder_speed(files, model, device, rounds)
    one = ROOT / "samples" / "pass_male.flac"
    loaded_speed(one, model, device, rounds)
    prompt_speed(one, model, device, rounds)
    other_speed(one, rounds)


if __name__ == "__main__":
    typer.run(main)
