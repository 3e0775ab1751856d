r"""Calls as a dialer records them: is the rep's part found, and the number in it, and nothing else cut?

    apt-get install asterisk-core-sounds-{en,es,fr,it}-wav asterisk-moh-opsound-wav espeak-ng flite \
        asterisk-prompt-it-menardi-wav
    pip install -e '.[training,offline,dev]'
    python -m benchmarks.calls [--calls 200] [--model base]   # calls with a mailbox in front
    python -m benchmarks.calls --whole [--every 1]            # recordings without: how often is anything cut

The reps are the project's samples and the recordings in `../shared/data`. The mailboxes are the prompts of
Debian's Asterisk packages in four languages and personal greetings by synthetic voices; neither these voices
nor these texts were there when the weights were fitted (`training/greeting.py`). Start and end are those of
the rep's first and last word: of a sample as it was made, of a recorded person as heard without a mailbox.
What was made and heard is kept in `--work`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import typer
from numpy.typing import NDArray

from training.calls import Bare, build, chosen, levelled, number, speaker, spoken, tone, tune
from training.voices import RATE_HZ, all_voices
from voicecheck.audio.decode import read_recording
from voicecheck.listener import Listener
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric

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
    ):
        for kind in ("vm-isunavail", "vm-isonphone"):
            names = ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(3)), kind, "vm-intro"]
            paths = [PROMPTS / folder / f"{name}.wav" for name in names]
            pieces = [levelled(read_recording(path).samples) for path in paths if path.exists()]
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
    lines = (DATA / "recitations" / "truth.jsonl").read_text().splitlines()
    spoken_digits = {each["file"]: (each["digits"],) for each in map(json.loads, lines)}
    spoken_files = [
        *sorted((DATA / "speech").glob("*.flac")),
        *sorted((DATA / "recitations").glob("*.flac"))[::8],
    ]
    for path in spoken_files:
        samples = levelled(read_recording(path).samples)
        loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
        messages.append(
            Bare(
                samples=samples,
                name=path.name,
                onset_s=loud[0] / RATE_HZ,
                offset_s=loud[-1] / RATE_HZ,
                digits=spoken_digits.get(path.name, ()),
            )
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


def hear(path: Path, listener: Listener, work: Path) -> dict[str, Any]:
    """Hear one file, or recall it: outcome, start, end, numbers, and what was called sure."""
    kept = work / "heard" / f"{listener.model}-{path.parent.name}-{path.stem}.json"
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    hearing = listener.hear(read_recording(path))
    card = judge(hearing, Settings(rubric=default_rubric()))
    words = [word for word in hearing.transcript.words if word.part == "message"]
    found = {
        "outcome": hearing.part.outcome,
        "probability": hearing.part.probability,
        "sure": hearing.part.sure,
        "start_s": words[0].onset_s if words else None,
        "end_s": words[-1].offset_s if words else None,
        "n_cut": sum(word.part != "message" for word in hearing.transcript.words),
        "lost": hearing.part.lost_words,
        "digits": [each.digits for each in card.recitations if each.full],
        "all_digits": "".join(run.text for run in hearing.of_message().digit_runs),
        "numbers_sure": all(check.verdict == "pass" for check in card.checks if check.id == "number_clear"),
        "verdict": card.verdict,
    }
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found))
    return found


def near(found_s: float | None, true_s: float | None) -> bool:
    return found_s is not None and true_s is not None and abs(found_s - true_s) <= NEAR_S


def is_sure_and_wrong(truth: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether a part is called certain that is another one, or a number that was not said by the rep."""
    if not found["sure"]:
        return False
    if found["outcome"] != truth["outcome"]:
        return True
    if truth["outcome"] != "message":
        return False
    is_near = near(found["start_s"], truth["start_s"]) and near(found["end_s"], truth["end_s"])
    other = set(found["digits"]) - set(truth["digits"])
    return not is_near or bool(truth["digits"] and other and found["numbers_sure"])


def show(name: str, rows: list[tuple[dict[str, Any], dict[str, Any]]], bare: dict[str, str]) -> None:
    """Print one line about some calls."""
    right = [found["outcome"] == truth["outcome"] for truth, found in rows]
    line = f"{name:28} {len(rows):4}   {np.mean(right):6.3f}"
    told = [(t, f) for t, f in rows if t["outcome"] == "message"]
    if told:
        off = {
            key: np.array([abs((f[key] if f[key] is not None else 99) - t[key]) for t, f in told])
            for key in ("start_s", "end_s")
        }
        for errors in off.values():
            median, p95 = np.percentile(errors, [50, 95])
            line += f"   {median:5.2f} {p95:6.2f} {np.mean(errors <= NEAR_S):6.3f}"
        read = [(t, f) for t, f in told if t["digits"] and bare.get(t["message"]) == "".join(t["digits"])]
        numbers = [f["all_digits"] == "".join(t["digits"]) for t, f in read]
        line += f"   {np.mean(numbers):6.3f} of {len(read):3}" if read else "        - of   0"
    wrong = [is_sure_and_wrong(t, f) for t, f in rows]
    print(f"{line}   {np.mean([f['sure'] for _, f in rows]):6.3f} {sum(wrong):4}")


def main(
    work: Annotated[Path, typer.Option(help="Folder for what is made and heard.")] = Path("calls-work"),
    calls: Annotated[int, typer.Option(help="How many calls to build.")] = 200,
    model: Annotated[str, typer.Option(help="Whisper model.")] = "base",
    whole: Annotated[bool, typer.Option(help="Only recordings without a mailbox.")] = False,
    every: Annotated[int, typer.Option(help="With --whole: only every n-th of the large folders.")] = 20,
    list_wrong: Annotated[bool, typer.Option(help="Name the calls that came out wrong.")] = False,
) -> None:
    listener = Listener(model=model, threads=1)
    if whole:
        show_whole(listener, work, every)
        return
    if not (work / "calls.jsonl").exists():
        make(work, calls)
    truths = [json.loads(line) for line in (work / "calls.jsonl").read_text().splitlines()]
    rows = [(truth, hear(work / "calls" / truth["file"], listener, work)) for truth in truths]
    named = sorted({truth["message"] for truth in truths if "message" in truth})
    folders = (ROOT / "samples", DATA / "recitations", DATA / "speech")
    places = [folder / name for name in named for folder in folders]
    alone = {path.name: hear(path, listener, work) for path in places if path.exists()}
    bare = {name: found["all_digits"] for name, found in alone.items()}
    for truth in truths:
        if truth["outcome"] == "message" and not (ROOT / "samples" / truth["message"]).exists():
            heard = alone[truth["message"]]
            truth["start_s"] = max(truth["at_s"] + heard["start_s"], truth["start_s"] - NEAR_S)
            truth["end_s"] = truth["at_s"] + heard["end_s"]
    rows = [(truth, found) for truth, (_, found) in zip(truths, rows, strict=True)]
    heads = ("n", "outcome", "start: median, 95 %, near", "end: the same", "numbers right", "sure", "wrong")
    print(f"{'':28} {'   '.join(heads)}")
    for key, values in (
        ("kind", sorted({truth["kind"] for truth in truths})),
        ("beep", sorted({truth["beep"] for truth in truths if "beep_end_s" in truth})),
    ):
        for value in values:
            show(
                value,
                [row for row in rows if row[0][key] == value and (key == "kind" or "beep_end_s" in row[0])],
                bare,
            )
    for prompt in ("Debian's prompts", "personal greetings"):
        some = [
            row
            for row in rows
            if row[0]["greeting"] and ("vm-is" in row[0]["greeting"]) == (prompt[0] == "D")
        ]
        show(prompt, some, bare)
    show("all", rows, bare)
    if list_wrong:
        for truth, found in rows:
            is_near = near(found["start_s"], truth["start_s"]) and near(found["end_s"], truth["end_s"])
            if found["outcome"] != truth["outcome"] or (truth["outcome"] == "message" and not is_near):
                print(json.dumps(truth), json.dumps(found))


def show_whole(listener: Listener, work: Path, every: int) -> None:
    """Count the recordings without a mailbox from which anything was cut, and those in doubt."""
    groups = {
        "samples": sorted(
            path for path in (ROOT / "samples").iterdir() if path.suffix in (".flac", ".wav", ".mp3", ".m4a")
        )
    }
    for name, pattern, step in (
        ("speech", "speech/*.flac", 1),
        ("recitations", "recitations/*.flac", 1),
        ("cases", "cases/*.opus", 1),
        ("digits", "digits/*/*.flac", every),
        ("real/train", "real/train/**/*.*", every),
        ("real/measure", "real/measure/**/*.*", every),
    ):
        paths = sorted(path for path in DATA.glob(pattern) if path.suffix != ".jsonl")
        groups[name] = [path for path in paths if path.name != "greeting_first.opus"][::step]
    print("recordings without a mailbox    n   cut  another outcome  in doubt")
    for name, paths in groups.items():
        found = [hear(path, listener, work / "whole") for path in paths]
        cut = [path.name for path, each in zip(paths, found, strict=True) if each["n_cut"]]
        other = [path.name for path, each in zip(paths, found, strict=True) if each["outcome"] != "message"]
        doubt = [path.name for path, each in zip(paths, found, strict=True) if not each["sure"]]
        print(f"{name:28} {len(found):4}  {len(cut):4}  {len(other):15}  {len(doubt):8}", end="")
        print(f"  {[*cut, *other, *doubt][:5]}")


if __name__ == "__main__":
    typer.run(main)
