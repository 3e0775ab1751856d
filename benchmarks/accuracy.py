"""How often the number, the words and the verdicts are right, against plain faster-whisper in the same run.

    python -m benchmarks.accuracy [--model base --model tiny.en] [--condition clean --condition gsm ...]

Strings      connected digits by a natural speaker whom nothing was trained on (`../shared/data/recitations`):
             exact as plain faster-whisper writes them, as the digit head alone reads them, and as voicecheck
             decides; how many of these it marks unsure, and how many of the others are right.
Words        word error rate on read and spontaneous speech (`../shared/data/speech`), both transcribers, and
             phone numbers that voicecheck "finds" there, where none was said.
Samples      numbers exact, said twice, verdicts as promised (`samples/`).

What is not there is skipped with a line that says so. Conditions are made from the clean files here: G.711
mu-law and GSM full rate at 8 kHz, and pink-ish noise at 10 dB below the speech.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import soxr
import typer
from numpy.typing import NDArray

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.hearing.hear import understand
from voicecheck.hearing.signal import broken, signal_of
from voicecheck.listener import Listener
from voicecheck.numbers import digit_runs
from voicecheck.scorecard.judge import Settings
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.digit_paths import read_digits
from voicecheck.speech.weights import find_model

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SAMPLES = ROOT / "samples"

Samples = NDArray[np.float32]


def through_phone(samples: Samples, *, subtype: str) -> Samples:
    """Encode and decode at 8 kHz, really, with libsndfile."""
    narrow = soxr.resample(samples, SAMPLE_RATE_HZ, 8000)
    coded = io.BytesIO()
    soundfile.write(coded, np.clip(narrow, -1, 1), 8000, format="WAV", subtype=subtype)
    coded.seek(0)
    with soundfile.SoundFile(coded) as file:  # GSM cannot seek, so it is read block by block
        blocks = [file.read(1600, dtype="float32")]
        while len(blocks[-1]):
            blocks.append(file.read(1600, dtype="float32"))
        decoded = np.concatenate(blocks)
    wide: Samples = soxr.resample(decoded, 8000, SAMPLE_RATE_HZ).astype(np.float32)
    return wide


def with_noise(samples: Samples, *, snr_db: float = 10.0) -> Samples:
    """Add seeded noise that falls by 3 dB an octave, `snr_db` below the mean power of the file."""
    rng = np.random.default_rng(len(samples))
    spectrum = np.fft.rfft(rng.standard_normal(len(samples)))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, len(samples))
    gain = np.sqrt(np.mean(samples**2) / np.mean(noise**2)) / 10 ** (snr_db / 20)
    noisy: Samples = (samples + gain * noise).astype(np.float32)
    return noisy


CONDITIONS: dict[str, Callable[[Samples], Samples]] = {
    "clean": lambda samples: samples,
    "mu-law": lambda samples: through_phone(samples, subtype="ULAW"),
    "gsm": lambda samples: through_phone(samples, subtype="GSM610"),
    "noise": with_noise,
}


def recordings(folder: Path, condition: str) -> Iterator[tuple[Recording, dict[str, str]]]:
    """Read a folder's files with their truth, in one condition."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        recording = read_recording(folder / truth["file"])
        yield replace(recording, samples=CONDITIONS[condition](recording.samples)), truth


def digits_of(text: str) -> str:
    return "".join(run.digits for run in digit_runs(text))


def strings(listener: Listener, condition: str) -> None:
    """Print one row of the table of strings."""
    from faster_whisper import WhisperModel

    plain = WhisperModel(str(find_model(listener.model)), compute_type="int8", cpu_threads=2)
    exact = {"plain": 0, "head": 0, "both": 0}
    n_strings = n_unsure = n_sure_right = 0
    for recording, truth in recordings(SHARED / "recitations", condition):
        n_strings += 1
        segments, _ = plain.transcribe(recording.samples, language="en")
        exact["plain"] += digits_of("".join(segment.text for segment in segments)) == truth["digits"]
        signal = signal_of(recording)
        transcript = listener.transcriber.transcribe(broken(recording, signal))
        head_digits = [
            digit.digit
            for window in transcript.windows
            for digit in read_digits(listener.head.log_posteriors(window.frames))
        ]
        exact["head"] += "".join(head_digits) == truth["digits"]
        hearing = understand(
            recording,
            transcript,
            listener.transcriber,
            signal=signal,
            head=listener.head,
            decision=listener.decision,
        )
        right = digits_of(hearing.transcript.text) == truth["digits"]
        unsure = not all(run.is_sure for run in hearing.digit_runs)
        exact["both"] += right
        n_unsure += unsure
        n_sure_right += right and not unsure
    n_sure = n_strings - n_unsure
    print(
        f"{listener.model:8} {condition:7} {n_strings:4}  plain {exact['plain']:3}  head {exact['head']:3}  "
        f"both {exact['both']:3}  unsure {100 * n_unsure / n_strings:4.1f} %  "
        f"right when sure {n_sure_right}/{n_sure} ({100 * n_sure_right / max(1, n_sure):.1f} %)"
    )


def word_errors(listener: Listener, condition: str) -> None:
    """Print one row of the table of words."""
    import jiwer
    from faster_whisper import WhisperModel

    plain = WhisperModel(str(find_model(listener.model)), compute_type="int8", cpu_threads=2)
    said, by_plain, by_us = [], [], []
    n_false = 0
    for recording, truth in recordings(SHARED / "speech", condition):
        card = listener.score(recording)
        n_false += sum(each.full for each in card.recitations)
        if "one zero zero zero" in truth["transcript"]:
            continue  # ZIP codes: digits, not words
        segments, _ = plain.transcribe(recording.samples, language="en")
        said.append(normal(truth["transcript"]))
        by_plain.append(normal("".join(segment.text for segment in segments)))
        by_us.append(normal(card.transcript.text))
    print(
        f"{listener.model:8} {condition:7} {len(said)} files  word error: plain "
        f"{100 * jiwer.wer(said, by_plain):.1f} %, voicecheck {100 * jiwer.wer(said, by_us):.1f} %; "
        f"numbers found where none was said: {n_false}"
    )


def normal(text: str) -> str:
    """Fold what the truth leaves open: case, marks, hyphens, noises, fillers, a few spellings."""
    text = re.sub(r"<[^>]*>|\[[^\]]*\]", " ", text.lower()).replace("-", " ")
    text = re.sub(r"[^a-z0-9' ]", " ", text)
    same = {"mr": "mister", "alright": "all right", "gonna": "going to", "okay": "ok"}
    words = [same.get(word, word) for word in text.split() if word not in ("uh", "um")]
    return " ".join(words)


def samples(listener: Listener) -> None:
    """Print how many samples get what their README promises."""
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    numbers = verdicts = 0
    for name, truth in expected.items():
        settings = Settings(rubric=default_rubric(), region=truth["region"])
        card = listener.score_file(SAMPLES / name, settings)
        numbers += [each.digits for each in card.recitations if each.full] == truth["digits"]
        verdicts += card.verdict in truth["verdict"].split("|")
    total = len(expected)
    print(f"{listener.model:8} {total} samples  numbers exact {numbers}/{total}  verdicts {verdicts}/{total}")


def main(
    model: Annotated[list[str] | None, typer.Option(help="May be given more than once.")] = None,
    condition: Annotated[list[str] | None, typer.Option(help=", ".join(CONDITIONS))] = None,
) -> None:
    """Print every table that there is data for."""
    listeners = [Listener(model=name, threads=2) for name in model or ["tiny.en", "base"]]
    chosen = condition or ["clean"]
    if (SHARED / "recitations").is_dir():
        print("Strings of 5 to 8 digits, exactly right:")
        for listener in listeners:
            for each in chosen:
                strings(listener, each)
    else:
        print(f"skipped: no strings at {SHARED}")
    if (SHARED / "speech").is_dir():
        print("Words:")
        for listener in listeners:
            for each in chosen:
                word_errors(listener, each)
    else:
        print(f"skipped: no speech at {SHARED}")
    print("Samples:")
    for listener in listeners:
        samples(listener)


if __name__ == "__main__":
    typer.run(main)
