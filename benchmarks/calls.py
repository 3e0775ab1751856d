r"""Calls as a dialer records them: is the rep's part found, and the number in it, and nothing else cut?

    apt-get install asterisk-core-sounds-{en,fr}-wav asterisk-moh-opsound-wav espeak-ng
    pip install -e '.[training,offline,dev]'
    python -m benchmarks.calls --styles FOLDER --messages FOLDER [--calls 66]  # with a mailbox in front
    python -m benchmarks.calls --whole [--every 1]            # recordings without: how often is anything cut

Nothing here was there when the weights were fitted (`training/greeting.py`): greetings and messages by other
voices in other words, Debian's Canadian prompts, espeak-ng in four more languages, other beeps, and numbers
of people on real telephone lines. Start and end are those of the rep's first and last word, as heard
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

from training.calls import Bare, build, chosen, levelled, number, speaker, spoken, tone, tune
from training.voices import RATE_HZ, Voice, all_voices, kokoro_voices, trimmed
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
    "Hi, you're through to {name}'s cell. I'm probably on a job site and can't hear it ring. Drop me a "
    "message and I'll ring you tonight.",
    "{name}, Whitcomb Insurance. I'm with a client at the moment. For claims, please dial {number}. For "
    "everything else, speak when you hear the beep.",
    "Hello and thanks for ringing. This is the Castleton Surgery. Nobody can come to the phone just now. "
    "Please say your name and date of birth, and one of our nurses will be back with you.",
    "Yo, this is {name}. You missed me. Text me, or say something nice.",
    "You've dialed {number}. The owner of this mailbox, {name}, is away until Monday the twenty second. "
    "Messages are not checked before then.",
    "Hi, {name} from accounts payable. Invoices go to our web page, not to me. If it is about anything "
    "else, I'm all ears after the tone.",
    "This call may be recorded. We're sorry, all lines at Ridgeway Supply are in use. Please hold for "
    "voicemail, and speak slowly.",
    "Good afternoon, this is {name}, I look after the fleet here. It's easiest to get me before nine. "
    "Tell me what it is about and where I find you.",
)
NAMES = ("Bernard Cole", "Yuki Tan", "Monica Falk", "Stuart Beal", "Ines Duarte", "Leon Abbot")
FOREIGN = {
    "sv": "Hej, du har kommit till Anders Berg. Jag kan inte svara just nu. Lämna ett meddelande efter "
    "pipet, så ringer jag upp.",
    "pl": "Dzień dobry, tu poczta głosowa firmy Nowak. Proszę zostawić wiadomość po sygnale.",
    "fr-fr": "Bonjour, vous êtes bien chez Garage Martin. Nous sommes fermés jusqu'à lundi. Merci de nous "
    "laisser un message après le bip.",
    "it": "Salve, questo è il numero di Paola. In questo momento sono occupata. Lasciate un messaggio dopo "
    "il segnale acustico.",
}
"""Language of espeak-ng, and what is said in it."""

GREETERS = ("kokoro-af_jessica", "kokoro-zm_yunjian", "kokoro-bm_lewis", "kokoro-im_nicola")
GREETERS += ("flite-slt", "flite-rms", "espeak-*-john", "espeak-*-shelby")
REPS = ("af_sky", "hm_psi", "bf_alice", "zm_yunxi", "pm_alex", "zf_xiaoxiao", "ff_siwis", "hf_beta")
"""Voices of the greetings, and styles of Kokoro that leave messages: those of `training.decision`. The
weights were fitted on no call of theirs."""

MENUS = (
    "To change your recording, press the star key. To add to it, stay on the line.",
    "Your message was delivered to {name}. Goodbye.",
    "You have one minute left. To finish, press the hash key.",
)
KINDS = (
    *("usual", "usual", "usual", "quiet_beep", "under", "early"),
    *("no_beep", "beep_only", "no_message", "person", "greeting_only"),
)
ANSWERS = (
    "Ridgeway Supply, Monica here.",
    "Not really, but go ahead.",
    "Who did you say you were with?",
    "We have somebody for that already. What makes you cheaper?",
    "Hm, how would that work with our own trucks?",
    "Put it in writing and I'll have a look.",
)
TURNS = (
    "Hello Monica, Owen Pratt. Is it a bad time?",
    "It's about the pallets that you send to Ohio each week.",
    "Osprey Freight. We run that road twice a day.",
    "We come back full, so you would only pay for one way.",
    "You'd keep them for the short trips. I could send you an example.",
)


def beeps() -> dict[str, Callable[[random.Random], Samples]]:
    """Ten kinds."""
    kinds: dict[str, Callable[[random.Random], Samples]] = {
        f"{hz} Hz {seconds} s": lambda rng, hz=hz, seconds=seconds: tone((hz,), seconds)
        for hz, seconds in ((880, 0.3), (1100, 0.18), (587, 0.9), (660, 0.15), (2050, 0.4), (350, 0.6))
    }
    kinds["740+1250 Hz 0.35 s"] = lambda rng: tone((740, 1250), 0.35)
    kinds["bell 1175 Hz"] = lambda rng: tone((1175,), 0.7, peak=0.4, decay=6.0)
    kinds["two notes"] = lambda rng: np.concatenate([tone((784,), 0.15), tone((1047,), 0.3)])
    kinds["Asterisk"] = lambda rng: read_recording(PROMPTS / "en_US_f_Allison" / "beep.wav").samples
    return kinds


def foreign_greetings(rng: random.Random) -> dict[str, Samples]:
    """What is said in other languages: Debian's Canadian prompts, and texts by espeak-ng."""
    greetings = {}
    for kind in ("vm-isunavail", "vm-isonphone"):
        names = ["vm-theperson", *(f"digits/{rng.randint(0, 9)}" for _ in range(4)), kind, "vm-intro"]
        paths = [PROMPTS / "fr_CA_f_June" / f"{name}.wav" for name in names]
        pieces = [levelled(read_recording(path).samples) for path in paths if path.exists()]
        if pieces:
            greetings[f"fr-CA {kind}"] = np.concatenate(pieces)
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
    for place, voice in enumerate(voices):
        text = PERSONAL[place % len(PERSONAL)]
        said = say(voice, text.format(name=rng.choice(NAMES), number=spoken(number(rng))), rng)
        if place % 4 == 3:
            behind = (
                read_recording(music[place % len(music)]).samples if music else tune(rng, len(said) / RATE_HZ)
            )
            said = said + levelled(np.resize(behind[: len(said)], len(said)).astype(np.float32), rms=0.015)
        greetings[f"{voice.name} {place}{' music' * (place % 4 == 3)}"] = said
    return greetings


def bare_messages(folder: Path, work: Path) -> list[Bare]:
    """Messages by synthetic voices, two of each, and numbers of people; each is kept, to be heard alone."""
    messages = []
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
    for name in REPS:
        for row in [row for row in rows if row["speaker"] == f"kokoro-{name}"][:2]:
            sound = levelled(trimmed(read_recording(folder / row["file"]).samples))
            messages.append(_kept(row["file"], sound, tuple(row["sayings"]), work))
    for name, path, digits in recorded_numbers():
        messages.append(_kept(name, levelled(read_recording(path).samples), (digits,), work))
    return messages


def recorded_numbers() -> list[tuple[str, Path, str]]:
    """Numbers of people: every eighth string of one natural speaker, and Indian telephone lines."""
    strings, lines = DATA / "recitations", DATA / "real" / "measure"
    rows = [json.loads(line) for line in (strings / "truth.jsonl").read_text().splitlines()][1::8]
    found = [(row["file"], strings / row["file"], row["digits"]) for row in rows]
    rows = [json.loads(line) for line in (lines / "index.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["kind"] == "connected" and 7 <= len(row["digits"]) <= 13]
    return found + [(Path(row["file"]).name, lines / row["file"], row["digits"]) for row in rows[1::5]]


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


def make(work: Path, n_calls: int, styles: Path, messages: Path) -> None:
    """Build the calls: the truth, one a line, and the sound beside it."""
    rng = random.Random(4177)
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    greeters = chosen([*chain.from_iterable(kokoro_voices(styles)), *all_voices()], GREETERS)
    foreign, personal = foreign_greetings(rng), personal_greetings(rng, greeters, work)
    left, say = bare_messages(messages, work), speaker(work / "said")
    people = list(zip(greeters[4:6], greeters[6:], strict=True))
    menus = [say(greeters[4 + place], MENUS[place].format(name=NAMES[0]), rng) for place in range(3)]
    tests = beeps()
    lines = []
    for place in range(n_calls):
        kind = KINDS[place % len(KINDS)]
        greetings = foreign if place % 4 == 1 else personal
        name = rng.choice(sorted(greetings))
        message, beep = rng.choice(left), rng.choice(sorted(tests))
        greeting: Samples | None = greetings[name]
        turns: list[Samples] = []
        if kind == "person":
            pairs = zip(ANSWERS, (*TURNS, ""), strict=True)
            both = people[place // len(KINDS) % len(people)]
            turns = [say(v, t, rng) for pair in pairs for v, t in zip(both, pair, strict=True) if t]
        if kind in ("person", "beep_only"):
            greeting = None
        samples, truth = build(
            rng,
            kind=kind,
            greeting=greeting,
            message=None if kind in ("no_message", "greeting_only", "person") else message,
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
    calls: Annotated[int, typer.Option(help="How many calls to build.")] = 66,
    styles: Annotated[Path | None, typer.Option(help="Kokoro's styles, as of training.voices.")] = None,
    messages: Annotated[Path | None, typer.Option(help="Messages, as of training.decision.")] = None,
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
        if styles is None or messages is None:
            raise typer.BadParameter("give --styles and --messages to build the calls")
        make(work, calls, styles, messages)
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
