"""More calls: mailboxes without a known opening, menus before and after the beep, assistants, full mailboxes.

    python -m training.mailboxes WORK --styles FOLDER --messages FOLDER [--calls 90]

Texts are of `mailbox_texts`, voices of Kokoro's styles and of the small synthesisers; Debian's prompts are
read by people. Messages are new texts, what `training.decision` keeps, or numbers of recorded people. Every
call takes its texts from one part (`mailbox_texts.N_FOLDS`), which its truth names. The benchmark's voices
(`benchmarks.calls`) and Debian's English and Mexican prompts, which are one person's, speak in none of them.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import soxr
import typer

from training import call_texts
from training import mailbox_texts as texts
from training.calls import (
    Bare,
    Samples,
    build,
    chosen,
    levelled,
    number,
    prompt,
    random_beep,
    recorded_number,
    speaker,
    spoken,
    tune,
)
from training.voices import RATE_HZ, Voice, all_voices, kokoro_voices, trimmed
from voicecheck.audio.decode import read_recording

GREETERS = (
    *("kokoro-af_aoede", "kokoro-af_kore", "kokoro-am_liam", "kokoro-am_santa", "kokoro-bf_emma"),
    *("kokoro-bm_george", "kokoro-em_alex", "kokoro-pf_dora"),
    *("flite-kal", "flite-awb", "festival-cmu", "festival-ked", "espeak-*-Andy", "espeak-*-belinda"),
    *("espeak-*-m3", "espeak-*-f1"),
)
"""Kokoro's are the slow ones, and read nothing but greetings of their own."""

REPS = (
    *("kokoro-af_alloy", "kokoro-af_sarah", "kokoro-am_echo", "kokoro-am_onyx", "kokoro-bf_lily"),
    *("kokoro-bm_fable", "kokoro-if_sara", "kokoro-em_santa", "kokoro-fresh-", "ntua", "speechcommands"),
)
"""How the names of those begin who may leave a message."""

KINDS = (
    *("usual", "menu_after", "no_beep", "greeting_only", "usual", "early", "two_beeps", "no_message"),
    *("under", "menu_after", "no_beep", "full", "usual", "quiet_beep", "bare", "early", "beep_only"),
    *("greeting_only", "usual", "no_beep"),
)
PEOPLE = {
    "it_IT_f_Menardi": "it Menardi",
    "ru_RU_f_IvrvoiceRU": "ru Ivrvoice",
    "fr_CA_f_June": "fr June",
    "es": "es_CO",
    "fr": "fr Armelle",
    "it_IT_m_Carlo": "it Carlo",
}
"""Folders of Debian's prompts, and who speaks there."""

PROMPTS = (
    ("vm-theperson", "#", "#", "#", "vm-isunavail", "vm-intro"),
    ("vm-theperson", "#", "#", "#", "#", "vm-isonphone", "vm-intro"),
    ("vm-nobodyavail", "vm-intro"),
    ("vm-intro",),
    ("queue-thankyou", "vm-nobodyavail", "vm-intro"),
    ("vm-goodbye",),
    ("vm-theextensionis", "#", "#", "#", "vm-isunavail"),
)
PROMPTED_MENUS = (
    ("vm-review",),
    ("vm-msgsaved", "vm-goodbye"),
    ("vm-review", "vm-review"),
    ("vm-saveoper", "vm-goodbye"),
)
PROMPTED_SHARE, FOREIGN_SHARE, CARRIER_SHARE = 0.18, 0.1, 0.2
MUSIC_SHARE, SECOND_SHARE, SCREEN_SHARE = 0.2, 0.35, 0.12
"""How many greetings are such prompts, in another language, a carrier's; how many have music behind them, go
on in another voice, and come behind an assistant who asks who calls."""

Say = Callable[[Voice, str, random.Random], Samples]


@dataclass(frozen=True, kw_only=True)
class Studio:
    """All that calls are made of.

    Parameters
    ----------
    good, small : list of Voice
        Kokoro's styles, and the small synthesisers.
    reps : list of Voice
        Those who read new messages.
    left : list of tuple
        Messages that are there: who speaks, the file, and the numbers in it.
    say : callable
        Reads a text aloud.
    """

    good: list[Voice]
    small: list[Voice]
    reps: list[Voice]
    left: list[tuple[str, Path, tuple[str, ...]]]
    say: Say


def write_calls(work: Path, studio: Studio, n_calls: int) -> None:
    """Build calls; each has a seed of its own."""
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    with (work / "calls.jsonl").open("w") as truths:
        for place in range(n_calls):
            rng = random.Random(20_000 + place)
            kind, part = KINDS[place % len(KINDS)], rng.randrange(texts.N_FOLDS)
            names, parts = _parts(rng, kind, part, studio)
            samples, truth = build(rng, kind=kind, **parts)
            soundfile.write(folder / f"{place}.flac", samples, RATE_HZ)
            truths.write(json.dumps(truth | names | {"file": f"{place}.flac"}) + "\n")


def _parts(rng: random.Random, kind: str, part: int, studio: Studio) -> tuple[dict[str, Any], dict[str, Any]]:
    """Who speaks, of which texts; and what is put together."""
    rep, message, origin = _message(rng, part, studio)
    greeter, greeting = _greeting(rng, kind, part, studio)
    _, menu, _ = _read(rng, texts.AFTER, part, studio.small, studio)
    if rng.random() < PROMPTED_SHARE:
        menu = np.concatenate(_prompts(rng, rng.choice(sorted(PEOPLE)), PROMPTED_MENUS))
    screen = None
    if kind in ("usual", "early", "two_beeps") and rng.random() < SCREEN_SHARE:
        screen = tuple(
            _read(rng, every, part, studio.small, studio)[1] for every in (texts.SCREENS, texts.NAMED)
        )
    names = {"greeter": greeter, "rep": rep, "texts": [f"mailbox {part}", *origin]}
    silent = kind in ("no_message", "greeting_only", "full")
    return names, {
        "greeting": None if kind in ("bare", "beep_only") else greeting,
        "message": None if silent else message,
        "beep": None if kind in ("no_beep", "bare") else random_beep,
        "menu": menu,
        "screen": screen,
    }


def _read(
    rng: random.Random, every: Sequence[str], part: int, voices: Sequence[Voice], studio: Studio
) -> tuple[str, Samples, str]:
    """Who reads one of the texts, what is heard, and the number in it; always the same voice reads it."""
    text = rng.choice(every[part :: texts.N_FOLDS])
    own = random.Random(text)
    digits = number(own)
    filled = {
        "name": own.choice(call_texts.NAMES),
        "other": own.choice(call_texts.NAMES).split()[0],
        "firm": own.choice(call_texts.FIRMS),
        "rep": own.choice(call_texts.REP_NAMES),
        "their_firm": own.choice(call_texts.FIRMS),
        "number": spoken(number(own)),
        "spoken": spoken(digits),
        "reason": own.choice(call_texts.REASONS),
        "close": own.choice(call_texts.CLOSES),
    }
    voice = own.choice(voices)
    return voice.name, studio.say(voice, text.format(**filled), own), digits


def _message(rng: random.Random, part: int, studio: Studio) -> tuple[str, Bare, list[str]]:
    """Who leaves what, and of which other texts it is."""
    origin: list[str] = []
    said: tuple[str, ...]
    choice = rng.random()
    if choice < 0.5:
        name, sound, digits = _read(rng, texts.REPS, part, studio.reps, studio)
        said = (digits,)
    elif choice < 0.9:
        name, path, said = rng.choice(studio.left)
        sound, origin = levelled(trimmed(read_recording(path).samples)), ["talk"]
    else:
        said = (number(rng),)
        name, sound = recorded_number(rng, said[0])
    return (
        name,
        Bare(samples=sound, name="made", onset_s=0.0, offset_s=len(sound) / RATE_HZ, digits=said),
        origin,
    )


def _greeting(rng: random.Random, kind: str, part: int, studio: Studio) -> tuple[str, Samples]:
    """Who speaks for the mailbox, and what; a second voice may go on."""
    choice = rng.random()
    if kind == "full":
        return _read(rng, texts.FULL, part, studio.small, studio)[:2]
    if choice < PROMPTED_SHARE:
        folder = rng.choice(sorted(PEOPLE))
        return PEOPLE[folder], np.concatenate(_prompts(rng, folder, PROMPTS))
    if choice < PROMPTED_SHARE + FOREIGN_SHARE:
        language = rng.choice(sorted(texts.FOREIGN))
        return language, foreign(language, texts.FOREIGN[language], rng)
    own = rng.random() < CARRIER_SHARE
    voices = studio.small if own else [*studio.good, *studio.small]
    name, sound, _ = _read(rng, texts.CARRIERS if own else texts.GREETINGS, part, voices, studio)
    if rng.random() < MUSIC_SHARE:
        sound = sound + levelled(tune(rng, len(sound) / RATE_HZ + 0.1)[: len(sound)], rms=0.015)
    if rng.random() < SECOND_SHARE:
        more = _read(rng, texts.BEFORE_BEEP, part, studio.small, studio)[1]
        pause = np.zeros(round(rng.uniform(0.2, 1.5) * RATE_HZ), np.float32)
        sound = np.concatenate([sound, pause, more])
    return name, sound


def foreign(language: str, text: str, rng: random.Random) -> Samples:
    """A text read by espeak-ng's voice of its language."""
    voice = f"{language}+{rng.choice(('f2', 'm3', 'f4', 'm7'))}"
    command = ["espeak-ng", "-v", voice, "--stdout", text]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    samples, rate_hz = soundfile.read(io.BytesIO(wave), dtype="float32")
    return levelled(trimmed(soxr.resample(samples, rate_hz, RATE_HZ)))


def _prompts(rng: random.Random, folder: str, rows: Sequence[tuple[str, ...]]) -> list[Samples]:
    names = [name if name != "#" else f"digits/{rng.randint(0, 9)}" for name in rng.choice(rows)]
    pieces = [levelled(prompt(folder, name)) for name in names]
    return [piece for piece in pieces if len(piece)] or [levelled(prompt(folder, "vm-intro"))]


def main(
    work: Path,
    styles: Annotated[Path, typer.Option(help="Kokoro's styles, as of training.voices.")],
    messages: Annotated[Path, typer.Option(help="Messages, as of training.decision.")],
    calls: int = 90,
) -> None:
    """Build WORK with Kokoro's styles and the messages of `training.decision`."""
    voices = [*chain.from_iterable(kokoro_voices(styles)), *all_voices()]
    greeters = chosen(voices, GREETERS)
    rows = [json.loads(line) for line in (messages / "index.jsonl").read_text().splitlines()]
    left = [
        (str(row["speaker"]), messages / row["file"], tuple(row["sayings"]))
        for row in rows
        if str(row["speaker"]).startswith(REPS) and (messages / row["file"]).exists()
    ]
    studio = Studio(
        good=[voice for voice in greeters if voice.name.startswith("kokoro")],
        small=[voice for voice in greeters if not voice.name.startswith("kokoro")],
        reps=chosen(voices, REPS[:8]),
        left=left,
        say=speaker(work / "said"),
    )
    write_calls(work, studio, calls)


if __name__ == "__main__":
    typer.run(main)
