r"""Calls as a dialer records them: is the rep's part found, and the number in it, and nothing else cut?

    apt-get install asterisk-core-sounds-{en,ru}-wav asterisk-moh-opsound-wav espeak-ng
    pip install -e '.[training,offline,dev]'
    python -m benchmarks.calls --styles FOLDER [--calls 120]  # calls with a mailbox in front
    python -m benchmarks.calls --whole [--every 1]            # recordings without: how often is anything cut

Nothing here was there when the weights were fitted (`training/greeting.py`): greetings and messages by other
styles of Kokoro in other words, Debian's Russian prompts, espeak-ng in four more languages, other beeps, and
numbers of people on real telephone lines. Start and end are those of the rep's first and last word, as heard
without a mailbox; of a rep who begins before the beep, its end. What was made and heard is kept in `--work`.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import soxr
import typer
from numpy.typing import NDArray

from training.calls import Bare, build, levelled, number, speaker, spoken, tone, tune
from training.voices import RATE_HZ, Voice, kokoro_voices, trimmed
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
    "Hello, this is {name} with Pine Street Realty. I am showing a house at the moment. Give me your details "
    "and I will be in touch this afternoon.",
    "Hi. {name} here. You can text me on {number}, which is quicker than this. If you would rather talk, "
    "wait for the tone.",
    "Thanks for calling the sales office of Union Valve. All of us are busy with other callers. Your "
    "message will be heard by {name}, so please speak clearly.",
    "This is the mailbox of {name}. I am on vacation from the third of August to the nineteenth. My "
    "colleague Dominic stands in for me, his number is {number}. Messages are welcome after the signal.",
    "Hey, {name}. Can't talk. Beep's coming.",
    "Good morning, Dr. Farrow's practice. The desk is open from nine until four on weekdays. Patients in "
    "need should dial {number}. All others may record a message now.",
    "You have called {name}. I do not answer numbers that I don't know. Say who you are.",
    "Hi, it's {name}'s phone, and this is the machine. I'd love to hear from you, so leave word and I'll "
    "give you a shout when I'm free.",
)
NAMES = ("Gordon Pike", "Aisha Rahman", "Teresa Lund", "Victor Osei", "Hannah Blum", "Ray Castillo")
FOREIGN = {
    "de": "Guten Tag, hier ist der Anschluss von Familie Weber. Wir sind im Moment nicht zu Hause. Bitte "
    "sprechen Sie nach dem Ton.",
    "es": "Hola, soy Marcela. Ahora no puedo contestar. Por favor, deja tu mensaje y te llamo luego.",
    "pt-br": "Você ligou para o escritório da Luciana. Deixe o seu recado depois do sinal.",
    "nl": "Dit is de voicemail van Pieter. Ik kan nu niet opnemen. Spreek een bericht in na de piep.",
}
"""Language of espeak-ng, and what is said in it."""

GREETERS = ("af_aoede", "af_kore", "am_liam", "am_santa", "bf_emma", "bm_george", "em_alex", "pf_dora")
REPS = ("af_alloy", "af_sarah", "am_echo", "am_onyx", "bf_lily", "bm_fable", "if_sara", "em_santa")
"""Styles of Kokoro; no greeting and no message that the weights were fitted on was made with them."""

MESSAGES = (
    "Good afternoon {other}. {rep} from Larkspur Signs, we spoke in June about the lettering for your "
    "vans. The samples are ready, and I can drop them off on Wednesday. My number is {spoken}. That was "
    "{spoken}.",
    "Hi {other}, {rep} at Beacon Freight. Two of your pallets are in the wrong depot, and I need an "
    "address from you before noon. Ring me on {spoken}, again, {spoken}. Thanks a lot.",
    "Hello, {rep} here, Old Mill Catering. You wanted a price for eighty guests, and I have it. {spoken} "
    "is where you find me, {spoken}. I am in until six, and otherwise I call you on Friday.",
    "{other}, this is {rep}. The part for your boiler came in today, so we could fit it tomorrow at ten. "
    "Would you let me know on {spoken}? One more time: {spoken}.",
)
OTHERS, OWN_NAMES = (
    ("Gordon", "Aisha", "Teresa", "Victor"),
    ("Ellen Moss", "Jack Rivera", "Nadia Cole", "Paul Hearn"),
)
MENUS = (
    "If you wish to hear what you have said, dial one. To start over, dial two. Otherwise, simply hang up.",
    "Thanks. {name} will get your message.",
    "Recording time is over. To save your message, press seven.",
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
    "Union Valve, Gordon Pike.",
    "Which order do you mean?",
    "Ah, that one. We got it yesterday, but a box was missing.",
    "Blue, I think. Let me look. Yes, the blue ones.",
    "That would be fine.",
    "Cheers. Goodbye.",
)
TURNS = (
    "Hello Mr. Pike, my name is Ellen Moss, I call about your order.",
    "The one from last Monday, four boxes of fittings.",
    "I am sorry to hear that. Do you know which?",
    "Then I send them today, and they are with you on Thursday.",
    "All right. Have a nice afternoon.",
)


def beeps() -> dict[str, Callable[[random.Random], Samples]]:
    """Ten kinds."""
    kinds: dict[str, Callable[[random.Random], Samples]] = {
        f"{hz} Hz {seconds} s": lambda rng, hz=hz, seconds=seconds: tone((hz,), seconds)
        for hz, seconds in ((950, 0.35), (1250, 0.2), (523, 0.8), (700, 0.15), (1900, 0.45), (310, 0.7))
    }
    kinds["620+1180 Hz 0.4 s"] = lambda rng: tone((620, 1180), 0.4)
    kinds["bell 880 Hz"] = lambda rng: tone((880,), 0.8, peak=0.4, decay=5.0)
    kinds["two notes"] = lambda rng: np.concatenate([tone((990,), 0.2), tone((660,), 0.25)])
    kinds["Asterisk"] = lambda rng: read_recording(PROMPTS / "en_US_f_Allison" / "beep.wav").samples
    return kinds


def foreign_greetings(rng: random.Random) -> dict[str, Samples]:
    """What is said in other languages: Debian's Russian prompts, and texts by espeak-ng."""
    greetings = {}
    for kind in ("vm-isunavail", "vm-isonphone"):
        names = ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(4)), kind, "vm-intro"]
        paths = [PROMPTS / "ru_RU_f_IvrvoiceRU" / f"{name}.wav" for name in names]
        pieces = [levelled(read_recording(path).samples) for path in paths if path.exists()]
        if pieces:
            greetings[f"ru {kind}"] = np.concatenate(pieces)
    for language, text in FOREIGN.items():
        command = ["espeak-ng", "-v", f"{language}+f2", "--stdout", text]
        wave = subprocess.run(command, check=True, capture_output=True).stdout
        samples, rate_hz = soundfile.read(io.BytesIO(wave), dtype="float32")
        greetings[language] = levelled(trimmed(soxr.resample(samples, rate_hz, RATE_HZ)))
    return greetings


def personal_greetings(rng: random.Random, voices: Sequence[Voice], work: Path) -> dict[str, Samples]:
    """Synthetic greetings with names, numbers and dates, some over music."""
    say = speaker(work / "said")
    music = sorted(MUSIC.glob("*.wav"))
    greetings = {}
    for place, voice in enumerate(list(voices) * 2):
        text = PERSONAL[(place + place // len(PERSONAL)) % len(PERSONAL)]
        said = say(voice, text.format(name=rng.choice(NAMES), number=spoken(number(rng))), rng)
        if place % 4 == 3:
            behind = (
                read_recording(music[place % len(music)]).samples if music else tune(rng, len(said) / RATE_HZ)
            )
            said = said + levelled(np.resize(behind[: len(said)], len(said)).astype(np.float32), rms=0.015)
        greetings[f"{voice.name} {place}{' music' * (place % 4 == 3)}"] = said
    return greetings


def bare_messages(rng: random.Random, voices: Sequence[Voice], work: Path) -> list[Bare]:
    """Messages by synthetic voices, and numbers of people; each is kept, to be heard alone."""
    say = speaker(work / "said")
    messages = []
    for place, voice in enumerate([*voices, *voices]):
        digits, which = number(rng), (place + place // len(voices)) % len(MESSAGES)
        text = MESSAGES[which].format(
            other=rng.choice(OTHERS), rep=OWN_NAMES[place % len(OWN_NAMES)], spoken=spoken(digits)
        )
        n_said = MESSAGES[which].count("{spoken}")
        messages.append(_kept(f"{voice.name}-{which}.flac", say(voice, text, rng), (digits,) * n_said, work))
    for name, path, digits in recorded_numbers():
        messages.append(_kept(name, levelled(read_recording(path).samples), (digits,), work))
    return messages


def recorded_numbers() -> list[tuple[str, Path, str]]:
    """Numbers of people: every eighth string of one natural speaker, and Indian telephone lines."""
    strings, lines = DATA / "recitations", DATA / "real" / "measure"
    rows = [json.loads(line) for line in (strings / "truth.jsonl").read_text().splitlines()][5::8]
    found = [(row["file"], strings / row["file"], row["digits"]) for row in rows]
    rows = [json.loads(line) for line in (lines / "index.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["kind"] == "connected" and 7 <= len(row["digits"]) <= 13]
    return found + [(Path(row["file"]).name, lines / row["file"], row["digits"]) for row in rows[2::5]]


def _kept(name: str, samples: Samples, digits: tuple[str, ...], work: Path) -> Bare:
    folder = work / "messages"
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / name, samples, RATE_HZ)
    loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
    return Bare(
        samples=samples,
        name=name,
        onset_s=loud[0] / RATE_HZ,
        offset_s=loud[-1] / RATE_HZ,
        digits=digits,
    )


def make(work: Path, n_calls: int, styles: Path) -> None:
    """Build the calls: the truth, one a line, and the sound beside it."""
    rng = random.Random(2031)
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    found = chain.from_iterable(kokoro_voices(styles))
    voices = {voice.name.removeprefix("kokoro-"): voice for voice in found}
    greeters, reps = [voices[name] for name in GREETERS], [voices[name] for name in REPS]
    foreign, personal = foreign_greetings(rng), personal_greetings(rng, greeters, work)
    messages, say = bare_messages(rng, reps, work), speaker(work / "said")
    people = list(zip(greeters[:2], reps[:2], strict=True))
    menus = [say(greeters[place], MENUS[place % 3].format(name=NAMES[0]), rng) for place in range(6)]
    tests = beeps()
    lines = []
    for place in range(n_calls):
        kind = KINDS[place % len(KINDS)]
        greetings = foreign if place % 4 == 1 or (place // 10 % 2 and place % 10 == 5) else personal
        name = rng.choice(sorted(greetings))
        message, beep = rng.choice(messages), rng.choice(sorted(tests))
        greeting: Samples | None = greetings[name]
        turns: list[Samples] = []
        if kind == "person":
            pairs = zip(ANSWERS, (*TURNS, ""), strict=True)
            both = people[place // 10 % len(people)]
            turns = [say(v, t, rng) for pair in pairs for v, t in zip(both, pair, strict=True) if t]
        if kind in ("person", "beep_only"):
            greeting = None
        samples, truth = build(
            rng,
            kind=kind,
            greeting=greeting,
            message=None if kind in ("no_message", "person") else message,
            beep=None if kind == "no_beep" else tests[beep],
            menu=menus[place % len(menus)],
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
        "part_s": hearing.part.onset_s,
        "start_s": words[0].onset_s if words else None,
        "end_s": words[-1].offset_s if words else None,
        "n_cut": sum(word.part != "message" for word in hearing.transcript.words),
        "lost": hearing.part.lost_words,
        "digits": [each.digits for each in card.recitations if each.full],
        "all_digits": "".join(each.digit for run in hearing.of_message().digit_runs for each in run.digits),
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
    styles: Annotated[Path | None, typer.Option(help="Kokoro's styles, as of training.voices.")] = None,
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
        if styles is None:
            raise typer.BadParameter("give --styles, the folder with Kokoro's styles, to build the calls")
        make(work, calls, styles)
    truths = [json.loads(line) for line in (work / "calls.jsonl").read_text().splitlines()]
    rows = [(truth, hear(work / "calls" / truth["file"], listener, work)) for truth in truths]
    named = sorted({truth["message"] for truth in truths if "message" in truth})
    alone = {name: hear(work / "messages" / name, listener, work) for name in named}
    bare = {name: found["all_digits"] for name, found in alone.items()}
    for truth, found in rows:
        if truth["outcome"] != "message":
            continue
        heard = alone[truth["message"]]
        truth["end_s"] = truth["at_s"] + heard["end_s"]
        if truth["kind"] == "early":  # what was said before the beep is lost: the part begins there
            found["start_s"] = found["part_s"]
        else:
            truth["start_s"] = truth["at_s"] + heard["start_s"]
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
    some = [row for row in rows if row[0]["greeting"]]
    show("foreign greetings", [row for row in some if "_" not in row[0]["greeting"]], bare)
    show("English greetings", [row for row in some if "_" in row[0]["greeting"]], bare)
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
