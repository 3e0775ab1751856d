r"""Calls as a dialer records them: is the rep's part found, and the number in it, and nothing else cut?

    apt-get install asterisk-core-sounds-{en,es,fr,it}-wav asterisk-moh-opsound-wav espeak-ng flite \
        asterisk-prompt-{fr-armelle,es-co,it-menardi-wav}
    pip install -e '.[training,offline,dev]'
    python -m benchmarks.calls [--calls 200] [--model base]   # calls with a mailbox in front
    python -m benchmarks.calls --whole [--every 1]            # recordings without one: how often is anything cut

The reps are the project's samples and the recordings in `../shared/data`. The mailboxes are the prompts of
Debian's Asterisk packages in four languages and personal greetings by synthetic voices; neither these voices
nor these texts were there when the weights were fitted (`training/greeting.py`). Start and end are those of
the rep's first and last word. What was made and heard is kept in `--work`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import typer
from numpy.typing import NDArray

from training.calls import Bare, build, chosen, levelled, number, speaker, spoken, tone, tune
from training.voices import RATE_HZ, all_voices
from voicecheck.audio import Recording
from voicecheck.engines.decoder import read_recording
from voicecheck.listener import Listener

Samples = NDArray[np.float32]
PROMPTS = Path("/usr/share/asterisk/sounds")
MUSIC = Path("/usr/share/asterisk/moh")
ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
NEAR_S = 0.5

PERSONAL = (
    "Hi, this is {name}. I'm not able to get to my phone. Leave your name and a number where I can "
    "reach you, and "
    "I'll ring you back. Thanks.",
    "Hello. You have reached the desk of {name} at Harbor Freight Lines. On Monday, June second, I "
    "will be travelling. "
    "If you need help right away, dial my assistant Rosa at {number}. Or leave me a message and have "
    "a great day.",
    "Hey, you've got {name}'s cell phone. I can't pick up right now. Do your thing after the beep.",
    "Hi, you have reached {name}. I'm either on the phone or in a meeting. Your call is important to "
    "me. Please leave "
    "a message, and I will return it by the end of the day.",
    "You've reached the voice mail box of {name}. To reach me on my mobile, call {number}. At the "
    "sound of the tone, "
    "please leave your message.",
    "Good afternoon. This is {name}, regional manager for Copper Ridge Supply. Please leave your "
    "name, your company "
    "and the reason for your call.",
    "It's {name}. You missed me. Try {number}, or talk after the tone.",
    "Thank you for calling Greenfield Animal Clinic. We are closed for the holiday and open again on "
    "July the fifth "
    "at eight a.m. In an emergency call {number}. To leave a message, stay on the line.",
)
NAMES = ("Rachel Adler", "Omar Haddad", "Stephanie Cole", "Bill Yamamoto", "Wendy Park", "Luis Ortega")
VOICES = ("flite-slt", "flite-rms", "espeak-*-quincy", "espeak-*-sandro", "espeak-*-steph", "espeak-*-f2")
VOICES += ("kokoro-blend-5", "kokoro-blend-6", "hibari")
MENUS = (
    "To hear your message, press one. To continue recording, press two. To send it, press pound.",
    "Your message has been delivered. Goodbye.",
    "If you would like to re-record your message, press star. When you are done, hang up.",
)
KINDS = (
    "usual",
    "usual",
    "usual",
    "quiet_beep",
    "under",
    "early",
    "no_beep",
    "beep_only",
    "no_message",
    "person",
)
ANSWERS = (
    "Harbor Freight, Rachel speaking.",
    "Oh, hi. I have maybe a minute.",
    "We already have somebody for that, honestly.",
    "Well, what would it cost us?",
    "Sure, put it in an email.",
    "Okay, bye.",
)
TURNS = (
    "Hi Rachel, this is Dana from Summit Office Supply, how are you today?",
    "I'll be quick. We deliver paper and toner the same day.",
    "That's fair. Most of our customers did too, before they saw the prices.",
    "About twelve hundred a month for an office like yours.",
    "Will do. Thanks for your time, Rachel.",
)


def beeps() -> dict[str, Callable[[random.Random], Samples]]:
    """Ten kinds."""
    kinds: dict[str, Callable[[random.Random], Samples]] = {
        f"{hz} Hz {seconds} s": lambda rng, hz=hz, seconds=seconds: tone((hz,), seconds)
        for hz, seconds in ((1000, 0.5), (1400, 0.25), (425, 0.9), (620, 0.15), (2050, 0.4), (330, 0.6))
    }
    kinds["853+960 Hz 0.5 s"] = lambda rng: tone((853, 960), 0.5)
    kinds["bell 1200 Hz"] = lambda rng: tone((1200,), 0.8, peak=0.4, decay=5.0)
    kinds["two notes"] = lambda rng: np.concatenate([tone((880,), 0.18), tone((1175,), 0.22)])
    kinds["Asterisk"] = lambda rng: read_recording(PROMPTS / "en_US_f_Allison" / "beep.wav").samples
    return kinds


def prompt_greetings(rng: random.Random) -> dict[str, Samples]:
    """What Asterisk says when nobody picks up, in the voices of its packages."""
    greetings = {}
    for folder in (
        "en_US_f_Allison",
        "fr_CA_f_June",
        "es_MX_f_Allison",
        "it_IT_f_Menardi",
        "it_IT_m_Carlo",
        "fr",
        "es",
    ):
        for kind in ("vm-isunavail", "vm-isonphone"):
            names = ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(3)), kind, "vm-intro"]
            paths = [
                next(
                    (path for end in ("wav", "gsm") if (path := PROMPTS / folder / f"{name}.{end}").exists()),
                    None,
                )
                for name in names
            ]
            pieces = [levelled(read_recording(path).samples) for path in paths if path]
            if len(pieces) >= 3:
                greetings[f"{folder} {kind}"] = np.concatenate(pieces)
    return greetings


def personal_greetings(rng: random.Random, work: Path) -> dict[str, Samples]:
    """Synthetic greetings with names, numbers and dates, some over music."""
    say = speaker(work / "said")
    music = sorted(MUSIC.glob("*.wav"))
    greetings = {}
    for place, voice in enumerate(chosen(all_voices(), VOICES) * 2):
        text = PERSONAL[place % len(PERSONAL)]
        said = say(voice, text.format(name=rng.choice(NAMES), number=spoken(number(rng))), rng)
        if place % 4 == 3:
            behind = (
                read_recording(music[place % len(music)]).samples if music else tune(rng, len(said) / RATE_HZ)
            )
            said = said + levelled(np.resize(behind[: len(said)], len(said)).astype(np.float32), rms=0.015)
        greetings[f"{voice.name} {place % len(PERSONAL)}{' music' * (place % 4 == 3)}"] = said
    return greetings


def bare_messages(work: Path) -> list[Bare]:
    """The samples with a truth, and read speech and numbers of people."""
    truth = json.loads((ROOT / "samples" / "expected.json").read_text())
    messages = []
    for name, each in truth.items():
        if each.get("message_onset_s") is None or each.get("copy_of") or each.get("region") != "US":
            continue
        messages.append(
            Bare(
                samples=levelled(read_recording(ROOT / "samples" / name).samples),
                name=name,
                onset_s=each["message_onset_s"],
                offset_s=each["message_offset_s"],
                digits=tuple(each["digits"]),
            )
        )
    spoken_files = [
        *sorted((DATA / "speech").glob("*.flac")),
        *sorted((DATA / "recitations").glob("*.flac"))[::8],
    ]
    for path in spoken_files:
        samples = levelled(read_recording(path).samples)
        loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
        messages.append(
            Bare(samples=samples, name=path.name, onset_s=loud[0] / RATE_HZ, offset_s=loud[-1] / RATE_HZ)
        )
    return messages


def make(work: Path, n_calls: int) -> None:
    """Build the calls: the truth, one a line, and the sound beside it."""
    rng = random.Random(2024)
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    prompts, personal = prompt_greetings(rng), personal_greetings(rng, work)
    messages, say = bare_messages(work), speaker(work / "said")
    voices = chosen(all_voices(), VOICES)
    tests = beeps()
    lines = []
    for place in range(n_calls):
        kind = KINDS[place % len(KINDS)]
        greetings = prompts if place % 2 else personal
        name = rng.choice(sorted(greetings))
        message, beep = rng.choice(messages), rng.choice(sorted(tests))
        greeting: Samples | None = greetings[name]
        turns: list[Samples] = []
        if kind == "person":
            one, other = rng.sample(voices[:6], 2)
            pairs = zip(ANSWERS, (*TURNS, ""), strict=True)
            turns = [say(v, t, rng) for pair in pairs for v, t in zip((one, other), pair, strict=True) if t]
        if kind in ("person", "beep_only"):
            greeting = None
        samples, truth = build(
            rng,
            kind=kind,
            greeting=greeting,
            message=None if kind in ("no_message", "person") else message,
            beep=None if kind == "no_beep" else tests[beep],
            menu=say(voices[place % 6], rng.choice(MENUS), rng),
            turns=turns,
        )
        soundfile.write(folder / f"{place}.flac", samples, RATE_HZ)
        truth |= {"file": f"{place}.flac", "greeting": name if greeting is not None else "", "beep": beep}
        lines.append(json.dumps(truth))
    (work / "calls.jsonl").write_text("\n".join(lines) + "\n")
