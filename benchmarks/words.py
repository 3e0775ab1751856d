"""How often the words are right, against plain faster-whisper in the same run.

    python -m benchmarks.words [--model base --model tiny.en] [--condition clean --condition gsm ...]

Word error rate on read and spontaneous speech (`../shared/data/speech`), both transcribers, and the phone
numbers that voicecheck "finds" there, where none was said. Conditions are made from the clean files here:
G.711 mu-law and GSM full rate at 8 kHz, and pink-ish noise at 10 dB below the speech.
"""

from __future__ import annotations

import io
import json
import re
import sys
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
from voicecheck.listener import Listener
from voicecheck.speech.weights import find_model

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"

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


def word_errors(listener: Listener, condition: str) -> None:
    """Print one row."""
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


def main(
    model: Annotated[list[str] | None, typer.Option(help="May be given more than once.")] = None,
    condition: Annotated[list[str] | None, typer.Option(help=", ".join(CONDITIONS))] = None,
) -> None:
    """Print a row for each model and condition."""
    if not (SHARED / "speech").is_dir():
        sys.exit(f"no speech at {SHARED}")
    for listener in [Listener(model=name, threads=2) for name in model or ["tiny.en", "base"]]:
        for each in condition or ["clean"]:
            word_errors(listener, each)


if __name__ == "__main__":
    typer.run(main)
