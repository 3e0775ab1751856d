"""Calls as a dialer records them, put together from parts, so that start and end of the rep's part are known.

    python -m training.calls WORK [--calls 260]

A call is a list of parts on one time line: ringing, the mailbox's greeting, a beep, the rep, keys, hang-up
tones, a menu. Every part has its own level, and the callee's side its own band. What is written to WORK:
``calls/N.flac`` and ``calls.jsonl``, one truth a line.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import typer
from numpy.typing import NDArray

from training import call_texts as texts
from training.lines import telephoned
from training.noises import hiss
from training.voices import RATE_HZ, Voice, all_voices, read_aloud, trimmed
from voicecheck.audio.decode import read_recording

Samples = NDArray[np.float32]
GREETERS = (
    "espeak-*-f1",
    "espeak-*-m3",
    "espeak-*-klatt",
    "espeak-*-m1",
    "espeak-*-Alicia",
    "flite-kal",
    "flite-awb",
)
GREETERS += ("festival-cmu", "festival-ked", "espeak-*-Andy", "espeak-*-belinda", "kokoro-jf_alpha")
REPS = (
    "espeak-*-m7",
    "espeak-*-f4",
    "espeak-*-Michael",
    "flite-kal16",
    "festival-kal",
    "hibari",
    "hibari",
)
REPS += ("espeak-*-linda", "espeak-*-david", "espeak-*-Annie", "kokoro-jf_nezumi")
PROMPTS = Path("/usr/share/asterisk/sounds")
DIGITS_FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "digits"
DIGITS = "zero one two three four five six seven eight nine".split()  # noqa: SIM905
DTMF_LOW_HZ, DTMF_HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)


@dataclass(kw_only=True)
class Line:
    """A call while it is put together."""

    parts: list[tuple[float, Samples]] = field(default_factory=list)
    now_s: float = 0.0

    def add(self, samples: Samples, *, level_db: float = 0.0, back_s: float = 0.0) -> tuple[float, float]:
        """Put a part at the end, or `back_s` before it; return where it starts and ends."""
        onset_s = max(0.0, self.now_s - back_s)
        self.parts.append((onset_s, samples * np.float32(10 ** (level_db / 20))))
        offset_s = onset_s + len(samples) / RATE_HZ
        self.now_s = max(self.now_s, offset_s)
        return onset_s, offset_s

    def wait(self, seconds: float) -> None:
        """Leave silence."""
        self.now_s += seconds

    def samples(self) -> Samples:
        """All parts in one row."""
        sound = np.zeros(round(self.now_s * RATE_HZ) + RATE_HZ // 50, np.float32)
        for onset_s, part in self.parts:
            first = round(onset_s * RATE_HZ)
            sound[first : first + len(part)] += part[: len(sound) - first]
        return sound


def tone(
    frequencies_hz: Sequence[float], seconds: float, *, peak: float = 0.25, decay: float = 0.0
) -> Samples:
    """Sines added up, with edges of 5 ms; `decay` 1/s lets them die away like a bell."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sound = sum(np.sin(2 * np.pi * hz * t) for hz in frequencies_hz) / len(frequencies_hz)
    edge = np.clip(np.minimum(t, t[-1] - t) / 0.005, 0, 1)
    return (peak * sound * edge * np.exp(-decay * t)).astype(np.float32)


def cadence(
    frequencies_hz: Sequence[float], pattern_s: Sequence[float], n: int, *, peak: float = 0.15
) -> Samples:
    """A tone that goes on and off: on, off, on, off ... seconds, `n` times."""
    pieces = []
    for place, seconds in enumerate(list(pattern_s) * n):
        pieces.append(
            tone(frequencies_hz, seconds, peak=peak) if place % 2 == 0 else np.zeros(round(seconds * RATE_HZ))
        )
    return np.concatenate(pieces).astype(np.float32)


def ringing(rng: random.Random) -> Samples:
    """North America, Great Britain or the continent."""
    pattern = rng.choice((((440, 480), (2.0, 4.0)), ((400, 450), (0.4, 0.2, 0.4, 2.0)), ((425,), (1.0, 4.0))))
    sound = cadence(*pattern, rng.randint(1, 3))
    return sound[round(rng.uniform(0, 1.5) * RATE_HZ) :]


def hang_up(rng: random.Random) -> Samples:
    """Busy, reorder or a dial tone."""
    busy = (
        ((480, 620), (0.5, 0.5)),
        ((480, 620), (0.25, 0.25)),
        ((425,), (0.5, 0.5)),
        ((400,), (0.375, 0.375)),
    )
    if rng.random() < 0.2:
        return tone((350, 440), rng.uniform(1.0, 3.0), peak=0.15)
    return cadence(*rng.choice(busy), rng.randint(3, 10))


def key(rng: random.Random) -> Samples:
    """One key of a telephone."""
    return tone((rng.choice(DTMF_LOW_HZ), rng.choice(DTMF_HIGH_HZ)), rng.uniform(0.1, 0.3), peak=0.3)


def random_beep(rng: random.Random) -> Samples:
    """A beep of any pitch, length and loudness; now and then two notes or a bell."""
    peak = 0.25 * 10 ** (rng.uniform(-12, 6) / 20)
    hz = rng.choice((440, 480, 800, 1000, 1000, 1400, 2000, rng.uniform(300, 2100), rng.uniform(300, 2100)))
    seconds = rng.uniform(0.15, 1.0)
    kind = rng.random()
    if kind < 0.15:
        return tone((hz, hz * rng.uniform(1.1, 1.5)), seconds, peak=peak)
    if kind < 0.22:
        return np.concatenate([tone((hz,), 0.2, peak=peak), tone((hz * 1.25,), 0.2, peak=peak)])
    if kind < 0.3:
        return tone((hz,), seconds + 0.2, peak=peak, decay=4.0)
    return tone((hz,), seconds, peak=peak)


def tune(rng: random.Random, seconds: float) -> Samples:
    """Music behind a greeting: chords of a few harmonics that follow each other."""
    sound = np.zeros(round(seconds * RATE_HZ), np.float32)
    at = 0.0
    while at < seconds:
        lasts = rng.choice((0.25, 0.5, 0.5, 1.0))
        root = 220 * 2 ** (rng.choice((0, 2, 4, 5, 7, 9, 12)) / 12)
        chord = [root * ratio * k for ratio in (1, 1.25, 1.5) for k in (1, 2, 3)]
        part = tone(chord, lasts, peak=0.25, decay=1.5)
        first = round(at * RATE_HZ)
        sound[first : first + len(part)] += part[: len(sound) - first]
        at += lasts
    return sound


def spoken(digits: str) -> str:
    """A number for a synthesiser to read digit by digit."""
    words = [DIGITS[int(digit)] for digit in digits]
    return ", ".join(" ".join(group) for group in (words[:3], words[3:6], words[6:]) if group)


def number(rng: random.Random) -> str:
    """Ten digits of the range kept free for fiction."""
    return f"{rng.choice((212, 303, 415, 512, 617, 702, 773, 904))}55501{rng.randint(0, 99):02d}"


def chosen(voices: Sequence[Voice], patterns: Sequence[str]) -> list[Voice]:
    """The voices that patterns name; an accent may be any."""
    found = []
    for pattern in patterns:
        first, _, last = pattern.partition("*")
        found += [
            voice
            for voice in voices
            if voice.name == pattern or (last and voice.name.startswith(first) and voice.name.endswith(last))
        ]
    return found


def speaker(cache: Path) -> Callable[[Voice, str, random.Random], Samples]:
    """Let voices read aloud, and keep what they said in a folder."""

    def say(voice: Voice, text: str, rng: random.Random) -> Samples:
        pace = rng.choice((0.9, 1.0, 1.1))
        name = hashlib.sha1(f"{voice.name} {pace} {text}".encode()).hexdigest()[:20]
        path = cache / f"{name}.flac"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, trimmed(read_aloud(voice, text, pace, random.Random(name))), RATE_HZ)
        samples: Samples = soundfile.read(path, dtype="float32")[0]
        level = np.sqrt(np.mean(samples**2)) if len(samples) else 1.0
        return samples * np.float32(0.08 / max(level, 1e-4))

    return say


def levelled(samples: Samples, *, rms: float = 0.08) -> Samples:
    """The same at another mean level."""
    level = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    return samples * np.float32(rms / level) if level else samples


@dataclass(frozen=True, kw_only=True)
class Bare:
    """A rep's message without anything around it."""

    samples: Samples
    name: str
    onset_s: float
    offset_s: float
    digits: tuple[str, ...] = ()


def build(
    rng: random.Random,
    *,
    kind: str,
    greeting: Samples | None,
    message: Bare | None,
    beep: Callable[[random.Random], Samples] | None,
    menu: Samples | None = None,
    turns: Sequence[Samples] = (),
    screen: tuple[Samples, Samples] | None = None,
) -> tuple[Samples, dict[str, Any]]:
    """Put one call together.

    `kind`: "usual", "no_beep", "under" (the beep begins under the greeting's last word), "early" (the rep
    begins before the beep), "quiet_beep", "two_beeps", "beep_only", "bare", "no_message", "greeting_only",
    "full" (the mailbox takes no message), "menu_after", "person". `screen`: what an assistant asks before the
    greeting, and what the rep answers.
    """
    line = Line()
    rep_db, greeting_db = 0.0, rng.uniform(-12, 12)
    truth: dict[str, Any] = {"kind": kind, "start_s": None, "end_s": None, "outcome": "message", "digits": []}
    if kind not in ("bare", "beep_only") and rng.random() < 0.6:
        line.wait(rng.uniform(0, 1.0))
        line.add(ringing(rng), level_db=rng.uniform(-9, 3))
        line.wait(rng.uniform(0.1, 0.6))
    if turns:
        return _conversation(rng, line, turns, truth)
    line.wait(rng.uniform(0.2, 1.0))
    if screen is not None:
        _screened(rng, line, screen, greeting_db)
    if greeting is not None:
        codec = rng.choice(("none", "mu-law", "GSM"))
        line.add(telephoned(greeting, codec), level_db=greeting_db)
        truth["greeting"] = len(greeting) / RATE_HZ
    if greeting is not None and kind not in ("under", "early"):
        line.wait(rng.choice((0.1, 0.3, 0.6, 1.0, 1.5, 2.5)))
    beep_end_s = None
    if beep is not None and kind not in ("greeting_only", "full"):
        sound = beep(rng)
        if kind == "quiet_beep":
            sound = sound * np.float32(0.06 / np.abs(sound).max())
        if kind == "under":
            line.wait(0.0)
            _, beep_end_s = line.add(sound, back_s=rng.uniform(0.05, 0.35))
        elif kind == "early" and message is not None:
            onset_s = line.now_s + rng.uniform(1.2, 2.0)
            truth["first_word_s"] = line.now_s + 0.3 + message.onset_s
            beep_end_s = onset_s + len(sound) / RATE_HZ
            line.parts.append((onset_s, sound))
            line.wait(0.3)
        else:
            _, beep_end_s = line.add(sound)
        if kind == "two_beeps":
            line.wait(rng.uniform(0.3, 1.5))
            _, beep_end_s = line.add(sound)
        truth["beep_end_s"] = beep_end_s
    if message is None:
        truth["outcome"] = "no_message" if kind == "no_message" else "greeting_only"
        line.wait(rng.uniform(2.0, 6.0) if kind == "no_message" else rng.uniform(0.1, 0.4))
        if kind in ("no_message", "full") and rng.random() < 0.4:
            line.add(hang_up(rng))
        return _finished(rng, line, truth)
    if kind not in ("bare", "early"):
        line.wait(rng.uniform(0.1, 0.4) if rng.random() < 0.4 else rng.uniform(0.4, 2.0))
    onset_s, _ = line.add(message.samples, level_db=rep_db)
    truth["start_s"], truth["end_s"] = onset_s + message.onset_s, onset_s + message.offset_s
    if kind == "early":
        truth["start_s"] = max(truth["start_s"], beep_end_s)
    truth["at_s"] = onset_s
    truth["digits"], truth["message"] = list(message.digits), message.name
    if kind in ("bare", "beep_only"):
        return _finished(rng, line, truth)
    ending = rng.random() if kind != "menu_after" else 1.0
    line.wait(rng.uniform(0.3, 1.5))
    if 0.3 < ending < 0.65:
        line.add(key(rng))
        line.wait(rng.uniform(0.1, 0.6))
    if 0.45 < ending < 0.85:
        line.add(hang_up(rng), level_db=rng.uniform(-9, 3))
    elif ending >= 0.85 and menu is not None:
        line.wait(rng.uniform(0.5, 2.5))
        line.add(telephoned(menu, "mu-law"), level_db=greeting_db)
    return _finished(rng, line, truth)


def _screened(rng: random.Random, line: Line, screen: tuple[Samples, Samples], greeting_db: float) -> None:
    """An assistant asks who calls, the rep answers, and is put on hold."""
    question, answer = screen
    line.add(telephoned(question, "mu-law"), level_db=greeting_db)
    line.wait(rng.uniform(0.2, 0.6))
    if rng.random() < 0.5:
        line.add(random_beep(rng))
        line.wait(0.2)
    line.add(answer)
    line.wait(rng.uniform(0.6, 1.5))
    if rng.random() < 0.5:
        line.add(ringing(rng), level_db=rng.uniform(-9, 3))
        line.wait(rng.uniform(0.1, 0.6))


def _conversation(
    rng: random.Random, line: Line, turns: Sequence[Samples], truth: dict[str, Any]
) -> tuple[Samples, dict[str, Any]]:
    level_db = rng.uniform(-9, 9)
    for place, turn in enumerate(turns):
        line.add(
            telephoned(turn, "mu-law") if place % 2 == 0 else turn,
            level_db=level_db if place % 2 == 0 else 0.0,
        )
        line.wait(rng.uniform(0.1, 0.9))
    truth["outcome"] = "person"
    return _finished(rng, line, truth)


def _finished(rng: random.Random, line: Line, truth: dict[str, Any]) -> tuple[Samples, dict[str, Any]]:
    line.wait(rng.uniform(0.1, 0.5))
    sound = line.samples()
    floor = hiss(len(sound), np.random.default_rng(rng.randrange(2**31)))
    sound = sound + floor * np.float32(10 ** (rng.uniform(-65, -40) / 20) / max(1e-6, float(floor.std())))
    peak = float(np.abs(sound).max())
    sound = (sound * np.float32(min(1.0, 0.9 / peak))).astype(np.float32)
    if rng.random() < 0.7:
        sound = telephoned(sound, "mu-law")
        truth["line"] = "mu-law"
    return sound, truth


KINDS = (
    *("usual", "usual", "usual", "no_beep", "under", "early", "quiet_beep", "beep_only", "bare", "bare"),
    *("no_message", "greeting_only", "person"),
)
HARD_FROM = 260
HARD_KINDS = (
    *("no_beep", "early", "person", "no_beep", "usual", "greeting_only"),
    *("no_beep", "early", "person", "bare", "under", "no_message"),
)
"""Calls from the number `HARD_FROM` on: more of what is hard, prompts read by people, messages that are
nothing but a number, some of them by recorded people, and more talk."""

OTHER_MENU_FROM = 356
"""From this one on the menu is not the greeting's voice: a carrier speaks after a personal greeting."""


def write_calls(work: Path, first: int, n_calls: int) -> None:
    """Build the calls that the greeting's weights are fitted on; each has a seed of its own."""
    voices = all_voices()
    greeters, reps = chosen(voices, GREETERS), chosen(voices, REPS)
    say = speaker(work / "said")
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(first, first + n_calls):
        rng = random.Random(place)
        is_hard = place >= HARD_FROM
        kind = HARD_KINDS[place % len(HARD_KINDS)] if is_hard else KINDS[place % len(KINDS)]
        greeter, rep = rng.choice(greeters), rng.choice(reps)
        parts = _parts(rng, kind, greeter, rep, say)
        names = {"greeter": greeter.name, "rep": rep.name}
        if is_hard:
            names |= _harder(rng, kind, parts, (greeter, rep), say)
        if place >= OTHER_MENU_FROM:
            parts["menu"] = say(rng.choice(greeters), rng.choice(texts.MENUS), rng)
        samples, truth = build(rng, kind=kind, **parts)
        truth |= {"file": f"{place}.flac"} | names
        soundfile.write(folder / f"{place}.flac", samples, RATE_HZ)
        with (work / "calls.jsonl").open("a") as truths:
            truths.write(json.dumps(truth) + "\n")


def _harder(
    rng: random.Random,
    kind: str,
    parts: dict[str, Any],
    voices: tuple[Voice, Voice],
    say: Callable[[Voice, str, random.Random], Samples],
) -> dict[str, str]:
    """Put other greetings, messages and talk in place of some; return the names of those who speak them."""
    names: dict[str, str] = {}
    digits = number(rng)
    filled = _filled(rng, digits)
    if parts["greeting"] is not None and rng.random() < 0.35:
        names["greeter"], parts["greeting"] = prompt_greeting(rng)
    if parts["message"] is not None and rng.random() < 0.5:
        if rng.random() < 0.5:
            names["rep"], sound = recorded_number(rng, digits)
        else:
            sound = say(voices[1], rng.choice(texts.SHORT).format(**filled), rng)
        parts["message"] = Bare(samples=sound, name="made", onset_s=0.0, offset_s=len(sound) / RATE_HZ)
    if kind == "person":
        talk = rng.choice(texts.TALKS)
        talk = talk[: rng.randint(6, len(talk))]
        parts["turns"] = [
            say(voices[place % 2], text.format(**filled), rng) for place, text in enumerate(talk)
        ]
    return names


PROMPT_VOICES = {"es": "es_CO", "fr": "fr Armelle", "it_IT_m_Carlo": "it Carlo"}
"""Folders of Debian's prompts, and who speaks there."""


def prompt_greeting(rng: random.Random) -> tuple[str, Samples]:
    """What Asterisk says when nobody picks up, read by a person."""
    folder = rng.choice(sorted(PROMPT_VOICES))
    names = rng.choice(
        (
            ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(3)), "vm-isunavail", "vm-intro"],
            ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(4)), "vm-isonphone", "vm-intro"],
            ["vm-nobodyavail", "vm-intro"],
            ["vm-intro"],
        )
    )
    pieces = [levelled(prompt(folder, name)) for name in names]
    return PROMPT_VOICES[folder], np.concatenate([piece for piece in pieces if len(piece)])


def prompt(folder: str, name: str) -> Samples:
    """One of Debian's prompts; empty where it is not there."""
    paths = sorted((PROMPTS / folder).glob(f"{name}.*"))
    if not paths:
        return np.zeros(0, np.float32)
    raw = {"samplerate": 8_000, "channels": 1, "subtype": "GSM610", "format": "RAW"}
    samples, rate_hz = soundfile.read(paths[0], dtype="float32", **(raw if paths[0].suffix == ".gsm" else {}))
    return np.asarray(soxr.resample(samples, rate_hz, RATE_HZ), np.float32)


def recorded_number(rng: random.Random, digits: str) -> tuple[str, Samples]:
    """A number in the isolated digits of a recorded person, said twice at times."""
    speaker_name = rng.choice(sorted(folder.name for folder in DIGITS_FOLDER.iterdir()))
    pieces: list[Samples] = []
    for _ in range(rng.choice((1, 2, 2))):
        for place, digit in enumerate(digits):
            path = rng.choice(sorted((DIGITS_FOLDER / speaker_name).glob(f"{digit}_*.flac")))
            gap_s = rng.uniform(0.25, 0.6) if place in (3, 6) else rng.uniform(0.0, 0.15)
            pieces += [np.zeros(round(gap_s * RATE_HZ), np.float32), trimmed(read_recording(path).samples)]
        pieces.append(np.zeros(round(rng.uniform(0.3, 0.8) * RATE_HZ), np.float32))
    return f"fsdd {speaker_name}", levelled(np.concatenate(pieces[:-1]))


def _filled(rng: random.Random, digits: str) -> dict[str, str]:
    """What the blanks of a text are filled with."""
    return {
        "name": rng.choice(texts.NAMES),
        "other": rng.choice(texts.NAMES).split()[0],
        "firm": rng.choice(texts.FIRMS),
        "rep": rng.choice(texts.REP_NAMES),
        "their_firm": rng.choice(texts.FIRMS),
        "number": spoken(number(rng)),
        "spoken": spoken(digits),
        "reason": rng.choice(texts.REASONS),
        "close": rng.choice(texts.CLOSES),
    }


def _parts(
    rng: random.Random,
    kind: str,
    greeter: Voice,
    rep: Voice,
    say: Callable[[Voice, str, random.Random], Samples],
) -> dict[str, Any]:
    digits = number(rng)
    filled = _filled(rng, digits)
    if kind == "person":
        said = [
            say(voice, text.format(**filled), rng)
            for pair in zip(texts.ANSWERS, (*texts.TURNS, ""), strict=True)
            for voice, text in zip((greeter, rep), pair, strict=True)
            if text
        ]
        return {"greeting": None, "message": None, "beep": None, "turns": said[: rng.randint(8, len(said))]}
    greeting = None
    if kind not in ("bare", "beep_only"):
        greeting = say(greeter, rng.choice(texts.PERSONAL + texts.CARRIER).format(**filled), rng)
        if rng.random() < 0.15:
            greeting = greeting + levelled(
                tune(rng, len(greeting) / RATE_HZ + 0.1)[: len(greeting)], rms=0.02
            )
    message = None
    if kind not in ("no_message", "greeting_only"):
        sound = say(rep, rng.choice(texts.REPS).format(**filled), rng)
        message = Bare(
            samples=sound, name="made", onset_s=0.0, offset_s=len(sound) / RATE_HZ, digits=(digits,)
        )
    return {
        "greeting": greeting,
        "message": message,
        "beep": None if kind in ("no_beep", "bare") else random_beep,
        "menu": say(greeter, rng.choice(texts.MENUS), rng),
    }


def main(work: Path, calls: int = 260, first: int = 0) -> None:
    write_calls(work, first, calls)


if __name__ == "__main__":
    typer.run(main)
