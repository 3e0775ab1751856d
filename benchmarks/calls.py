r"""Calls as a dialer records them: is the rep's part found, and the number in it, and nothing else cut?

    apt-get install asterisk-core-sounds-en-wav asterisk-moh-opsound-wav espeak-ng
    pip install -e '.[training,offline,dev]'
    python -m benchmarks.calls --styles FOLDER [--calls 64]  # with a mailbox in front
    python -m benchmarks.calls --whole [--every 1]           # recordings without: how often is anything cut

Nothing here was there when the weights were fitted (`training/greeting.py`): greetings, menus and messages
by other voices in other words (`call_texts`), Debian's English prompts, espeak-ng in four more languages,
other beeps, and numbers of people on real telephone lines. Start and end are those of the rep's first and
last word, as heard without a mailbox; of a rep who begins before the beep, its end. What was made and heard
is kept in `--work`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import typer
from numpy.typing import NDArray

from benchmarks import call_texts as texts
from training.calls import Bare, build, chosen, levelled, number, prompt, speaker, spoken, tone, tune
from training.mailboxes import Say, foreign
from training.voices import RATE_HZ, Voice, all_voices, kokoro_voices
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

GREETERS = ("kokoro-af_river", "kokoro-ef_dora", "kokoro-hm_omega", "kokoro-zm_yunyang")
GREETERS += ("espeak-*-travis", "espeak-*-victor")
REPS = ("kokoro-af_nicole", "kokoro-zf_xiaobei", "kokoro-zf_xiaoyi", "kokoro-zm_yunxia", "kokoro-pm_santa")
REPS += ("kokoro-hf_alpha",)
"""Voices of the mailboxes and of the messages. The weights were fitted on no call of theirs."""

ALLISON = (
    ("vm-theperson", "#", "#", "#", "vm-isunavail", "vm-intro"),
    ("vm-theperson", "#", "#", "#", "#", "vm-isonphone", "vm-intro"),
    ("queue-thankyou", "vm-nobodyavail", "vm-intro"),
    ("priv-recordintro",),
)
"""Debian's English prompts, read by a person of whom no call was fitted on; `#` is any digit."""

ALLISON_MENUS = (("vm-review",), ("vm-msgsaved", "vm-goodbye"))
KINDS = (
    *("usual", "menu_after", "no_beep", "early", "usual", "greeting_only", "screened", "under"),
    *("no_message", "quiet_beep", "person", "two_beeps", "full", "beep_only", "usual", "bare"),
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


def prompted(rng: random.Random, rows: Sequence[tuple[str, ...]]) -> Samples:
    """Something that Asterisk says in English."""
    names = [name if name != "#" else f"digits/{rng.randint(0, 9)}" for name in rng.choice(rows)]
    return np.concatenate([levelled(prompt("en_US_f_Allison", name)) for name in names])


def read_by_each(say: Say, voices: Sequence[Voice], every: Sequence[str]) -> list[tuple[str, Samples]]:
    """Texts, each read by one voice in turn: who reads it, and what is heard."""
    found = []
    for place, text in enumerate(every):
        rng, voice = random.Random(text), voices[place % len(voices)]
        filled = text.format(name=rng.choice(texts.NAMES), number=spoken(number(rng)))
        found.append((f"{voice.name} {place}", say(voice, filled, rng)))
    return found


def greetings(rng: random.Random, say: Say, voices: Sequence[Voice]) -> dict[str, list[tuple[str, Samples]]]:
    """What mailboxes say, by kind."""
    music = sorted(MUSIC.glob("*.wav"))
    own = read_by_each(say, voices, texts.GREETINGS)
    for place in range(3, len(own), 4):
        name, sound = own[place]
        behind = (
            read_recording(music[place % len(music)]).samples if music else tune(rng, len(sound) / RATE_HZ)
        )
        behind = np.resize(behind[: len(sound)], len(sound)).astype(np.float32)
        own[place] = f"{name} music", sound + levelled(behind, rms=0.015)
    first = read_by_each(say, voices[::-1], (*texts.CARRIERS, *texts.GREETINGS[::3]))
    then = read_by_each(say, voices[1:], texts.BEFORE_BEEP)
    pause = np.zeros(RATE_HZ // 2, np.float32)
    carriers = [
        (name, np.concatenate([sound, pause, then[place % len(then)][1]]) if place % 2 else sound)
        for place, (name, sound) in enumerate(first)
    ]
    return {
        "own": own,
        "carrier": carriers,
        "foreign": [(language, foreign(language, text, rng)) for language, text in texts.FOREIGN.items()],
        "Allison": [(f"Allison {place}", prompted(rng, [row])) for place, row in enumerate(ALLISON)],
        "full": read_by_each(say, voices, texts.FULL),
    }


def bare_messages(say: Say, voices: Sequence[Voice], work: Path) -> list[Bare]:
    """Messages by synthetic voices, and numbers of people; each is kept, to be heard alone."""
    messages = []
    for place, text in enumerate(texts.REPS):
        rng, voice = random.Random(text), voices[place % len(voices)]
        digits = number(rng)
        filled = text.format(
            other=rng.choice(texts.NAMES).split()[0], rep=rng.choice(texts.REP_NAMES), spoken=spoken(digits)
        )
        messages.append(_kept(f"{voice.name}_{place}.flac", say(voice, filled, rng), (digits,), work))
    for name, path, digits in recorded_numbers():
        messages.append(_kept(name, levelled(read_recording(path).samples), (digits,), work))
    return messages


def recorded_numbers() -> list[tuple[str, Path, str]]:
    """Numbers of people: every eighth string of one natural speaker, and Indian telephone lines."""
    strings, lines = DATA / "recitations", DATA / "real" / "measure"
    rows = [json.loads(line) for line in (strings / "truth.jsonl").read_text().splitlines()][3::8]
    found = [(row["file"], strings / row["file"], row["digits"]) for row in rows]
    rows = [json.loads(line) for line in (lines / "index.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["kind"] == "connected" and 7 <= len(row["digits"]) <= 13]
    return found + [(Path(row["file"]).name, lines / row["file"], row["digits"]) for row in rows[3::5]]


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
    rng = random.Random(7031)
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    every = [*chain.from_iterable(kokoro_voices(styles)), *all_voices()]
    voices, reps, say = chosen(every, GREETERS), chosen(every, REPS), speaker(work / "said")
    mailboxes, left, tests = greetings(rng, say, voices), bare_messages(say, reps, work), beeps()
    menus = [sound for _, sound in read_by_each(say, voices[::-1], texts.AFTER)]
    menus += [prompted(rng, [row]) for row in ALLISON_MENUS]
    asked = read_by_each(say, voices, texts.SCREENS)
    lines = []
    for place in range(n_calls):
        kind = KINDS[place % len(KINDS)]
        origin = (
            "full"
            if kind == "full"
            else ("own", "own", "Allison", "own", "carrier", "foreign", "carrier")[place % 7]
        )
        name, greeting = mailboxes[origin][place // 7 % len(mailboxes[origin])]
        message, beep = left[place * 5 % len(left)], rng.choice(sorted(tests))
        screen, turns = None, []
        if kind == "screened":
            answer = texts.REP_NAMES[place % len(texts.REP_NAMES)]
            screen = (
                asked[place // 16 % len(asked)][1],
                say(rng.choice(reps), f"{answer}.", random.Random(answer)),
            )
            origin, name = "screened", voices[0].name
            greeting = say(voices[0], texts.SCREENED, random.Random(0))
        if kind == "person":
            both = voices[place // 16 % len(voices)], reps[place // 16 % len(reps)]
            pairs = zip(texts.ANSWERS, (*texts.TURNS, ""), strict=True)
            turns = [
                say(v, t, random.Random(t)) for pair in pairs for v, t in zip(both, pair, strict=True) if t
            ]
        alone = kind in ("person", "beep_only", "bare")
        samples, truth = build(
            rng,
            kind="usual" if kind == "screened" else kind,
            greeting=None if alone else greeting,
            message=None if kind in ("no_message", "greeting_only", "full", "person") else message,
            beep=None if kind in ("no_beep", "bare") else tests[beep],
            menu=menus[place % len(menus)],
            turns=turns,
            screen=screen,
        )
        soundfile.write(folder / f"{place}.flac", samples, RATE_HZ)
        truth |= {"file": f"{place}.flac", "kind": kind, "beep": beep}
        truth |= {"origin": "" if alone else origin, "greeting": "" if alone else name}
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
        "said_s": [hearing.transcript.words[0].onset_s, hearing.transcript.words[-1].offset_s]
        if hearing.transcript.words
        else None,
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
    calls: Annotated[int, typer.Option(help="How many calls to build.")] = 64,
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
            raise typer.BadParameter("give --styles to build the calls")
        make(work, calls, styles)
    truths = [json.loads(line) for line in (work / "calls.jsonl").read_text().splitlines()]
    rows = [(truth, hear(work / "calls" / truth["file"], listener, work)) for truth in truths]
    named = sorted({truth["message"] for truth in truths if "message" in truth})
    alone = {name: hear(work / "messages" / name, listener, work) for name in named}
    bare = {name: found["all_digits"] for name, found in alone.items()}
    for truth, found in rows:
        if truth["outcome"] != "message":
            continue
        said_s = alone[truth["message"]]["said_s"]  # all of it is the rep's, whatever it is taken for
        truth["end_s"] = truth["at_s"] + said_s[1]
        if truth["kind"] == "early":  # what was said before the beep is lost: the part begins there
            found["start_s"] = found["part_s"]
        else:
            truth["start_s"] = truth["at_s"] + said_s[0]
    heads = ("n", "outcome", "start: median, 95 %, near", "end: the same", "numbers right", "sure", "wrong")
    print(f"{'':28} {'   '.join(heads)}")
    for key, values in (
        ("kind", sorted({truth["kind"] for truth in truths})),
        ("origin", sorted({truth["origin"] for truth in truths} - {""})),
        ("beep", sorted({truth["beep"] for truth in truths if "beep_end_s" in truth})),
    ):
        for value in values:
            show(
                value,
                [row for row in rows if row[0][key] == value and (key != "beep" or "beep_end_s" in row[0])],
                bare,
            )
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
