"""Whole voicemails with hard numbers, by many synthetic voices: how often each saying is read exactly.

    pip install -e '.[training,offline,dev]'       # and the Debian packages that training/README.md names
    python -m benchmarks.voicemails [--half dev] [--condition clean --condition gsm ...] [--model base]

Every voice leaves `--per-voice` messages: a greeting, a reason, the number, mostly once more, a goodbye. The
number is said in groups or in one go, with "zero" or "oh", "double", tens, "eight hundred", a leading "one";
the second saying may be swapped in two digits or give the last seven only. The truth is what was written.

The digit heads were trained on these voices, saying other things, so this measures the finding, the deciding
and the words around a number, not strange voices. Constants may be set on the half ``dev`` of the voices; the
half ``test`` judges. What is made is kept in `--work`.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import soundfile
import typer
from rapidfuzz.distance import LCSseq

from benchmarks.words import CONDITIONS, normal
from voicecheck import find_numbers
from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import Recording
from voicecheck.listener import Listener
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.weights import find_model

AREAS = "212 303 312 404 408 415 416 480 503 512 602 604 617 646 702 713 720 773 802 905 917 972".split()  # noqa: SIM905
UNITS = "zero one two three four five six seven eight nine".split()  # noqa: SIM905
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
GREETINGS = (
    "Hi Marta, it's Colin with Brightwater Logistics.",
    "Good morning, this is Denise Okafor over at Lindqvist Roofing.",
    "Hello, my name is Anton and I work for Palisade Payroll.",
    "Hey Greg, Sofia here from Quarry Street Media.",
    "This is a message for the office manager from Harlan at Tidewater Copiers.",
)
REASONS = (
    "I noticed that you opened a second warehouse, and I have an idea that might save you some trucks.",
    "Your colleague said that you look after the insurance, and yours runs out soon.",
    "I'm following up on the quote, and the discount ends on Friday.",
    "We fixed a problem with late invoices for a firm down the road from you.",
    "I would love to hear how you handle returns today.",
    "It's about the booth you asked for at the fair.",
)
FIRST = (
    "My number is",
    "You can call me at",
    "I'm at",
    "Reach me on",
    "The best number is",
    "Call me back on",
)
AGAIN = ("Again, that's", "Once more:", "I'll say it again,", "That's", "So it is", "One more time,")
GOODBYES = (
    "I'll try you again on Monday. Take care.",
    "Thanks, and talk to you soon.",
    "Looking forward to it. Bye bye.",
    "Have a good weekend.",
    "",
)


def compose(rng: random.Random) -> tuple[str, list[str], list[str]]:
    """Make up a message: its text, its whole sayings, and the endings that are said alone."""
    digits = _number(rng)
    say = _style(rng, digits)
    again = digits
    kind = rng.choices(("twice", "once", "swapped", "ending"), (6, 2, 1, 1))[0]
    if kind == "swapped":
        at = rng.choice([at for at in range(3, 9) if digits[at] != digits[at + 1]] or [8])
        again = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    parts = [rng.choice(GREETINGS), rng.choice(REASONS), f"{rng.choice(FIRST)} {say(digits)}."]
    if kind in ("twice", "swapped"):
        parts.append(f"{rng.choice(AGAIN)} {say(again)}.")
    if kind == "ending":
        parts.append(f"{rng.choice(AGAIN)} {_spelled(rng, [digits[3:6], digits[6:]], 'zero', ', ')}.")
    parts.append(rng.choice(GOODBYES))
    sayings = [digits, again] if kind in ("twice", "swapped") else [digits]
    return " ".join(parts).strip(), sayings, [digits[3:]] if kind == "ending" else []


def _number(rng: random.Random) -> str:
    exchange = str(rng.randint(2, 9)) + "".join(rng.choice("0123456789") for _ in "..")
    if exchange.endswith("11"):
        exchange = exchange[0] + "55"
    line = rng.choice("0123456789")
    while len(line) < 4:
        line += line[-1] if rng.random() < 0.25 else rng.choice("0123456789")
    area = rng.choices((rng.choice(AREAS), "800", "866"), (8, 1, 1))[0]
    return area + exchange + line


def _style(rng: random.Random, digits: str) -> Any:
    """Choose how the number is said; both sayings are said alike."""
    zero, pause = rng.choice(("zero", "oh")), rng.choice((", ", ", ", "; ", " "))
    kind = rng.choices(("plain", "double", "tens", "one"), (6, 2, 1, 1))[0]

    def say(number: str) -> str:
        area, exchange, line = number[:3], number[3:6], number[6:]
        state = random.Random(digits)
        first = "eight hundred" if area == "800" else _spelled(state, [area], zero, pause)
        rest = [exchange, line]
        if kind == "double":
            spoken = pause.join(_doubled(group, zero) for group in rest)
        elif kind == "tens" and line[0] != "0" and line[2] != "0":
            spoken = f"{_spelled(state, [exchange], zero, pause)}{pause}{_tens(line[:2])} {_tens(line[2:])}"
        else:
            spoken = _spelled(state, rest, zero, pause)
        return f"{'one, ' if kind == 'one' else ''}{first}{pause}{spoken}"

    return say


def _spelled(rng: random.Random, groups: Sequence[str], zero: str, pause: str) -> str:
    inner = rng.choice((" ", " ", ", "))
    return pause.join(inner.join(zero if d == "0" else UNITS[int(d)] for d in group) for group in groups)


def _doubled(group: str, zero: str) -> str:
    said, at = [], 0
    while at < len(group):
        run = len(group[at:]) - len(group[at:].lstrip(group[at]))
        n = min(run, 3)
        word = zero if group[at] == "0" else UNITS[int(group[at])]
        said.append({1: "", 2: "double ", 3: "triple "}[n] + word)
        at += n
    return " ".join(said)


def _tens(pair: str) -> str:
    if pair[0] == "1":
        return TEENS[int(pair[1])]
    return TENS[int(pair[0]) - 2] + ("" if pair[1] == "0" else f"-{UNITS[int(pair[1])]}")


def make(work: Path, per_voice: int) -> None:
    """Let every installed voice say its messages, as far as they are not there yet."""
    from training.voices import RATE_HZ, all_voices, read_aloud

    for voice in all_voices():
        folder = work / voice.name
        if (folder / "truth.jsonl").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for take in range(per_voice):
            rng = random.Random(f"{voice.name} {take}")
            text, sayings, endings = compose(rng)
            samples = read_aloud(voice, text, rng.uniform(0.85, 1.25), rng)
            if len(samples) < 5 * RATE_HZ:
                continue
            soundfile.write(folder / f"{take}.flac", samples, RATE_HZ)
            truth = {"file": f"{take}.flac", "text": text, "sayings": sayings, "endings": endings}
            lines.append(json.dumps(truth) + "\n")
        (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
        typer.echo(f"{voice.name}: {len(lines)}", err=True)


def messages(work: Path, half: str, condition: str) -> Iterator[tuple[Recording, dict[str, Any]]]:
    """Read the messages of a half of the voices in one condition."""
    folders = sorted(work.iterdir())
    chosen = {"dev": folders[::2], "test": folders[1::2], "all": folders}[half]
    for folder in chosen:
        for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
            truth = json.loads(line)
            recording = read_recording(folder / truth["file"])
            yield replace(recording, samples=CONDITIONS[condition](recording.samples)), truth


def national(digits: str) -> str:
    """Drop the country code."""
    digits = digits.removeprefix("+")
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def matched(found: Sequence[str], truth: Sequence[str]) -> list[bool]:
    """Tell which of the found strings are true ones in their order (longest common subsequence)."""
    blocks = LCSseq.editops(found, truth).as_matching_blocks()
    chosen = {block.a + at for block in blocks for at in range(block.size)}
    return [place in chosen for place in range(len(found))]


def is_sure(saying: Recitation) -> bool:
    """Whether the card would stand by it."""
    return not saying.doubts and saying.well_formed and saying.confidence >= 0.75


def main(
    model: Annotated[str, typer.Option()] = "base",
    half: Annotated[str, typer.Option(help="dev, test or all of the voices.")] = "all",
    condition: Annotated[list[str] | None, typer.Option(help=", ".join(CONDITIONS))] = None,
    per_voice: Annotated[int, typer.Option()] = 2,
    work: Annotated[Path, typer.Option(help="Where the messages are kept.")] = Path("voicemail-work"),
    verbose: Annotated[bool, typer.Option(help="Print every message that is not exact.")] = False,
) -> None:
    """Print a line for each condition."""
    from faster_whisper import WhisperModel

    make(work, per_voice)
    listener = Listener(model=model, threads=2)
    whisper = WhisperModel(str(find_model(model)), compute_type="int8", cpu_threads=2)
    for each in condition or ["clean"]:
        n: Counter[str] = Counter()
        for recording, truth in messages(work, half, each):
            segments, _ = whisper.transcribe(recording.samples, language="en")
            found = find_numbers("".join(segment.text for segment in segments))
            card = listener.score(recording)
            full = [saying for saying in card.recitations if saying.full]
            right = matched([national(saying.digits) for saying in full], truth["sayings"])
            is_exact = len(full) == sum(right) == len(truth["sayings"])
            n["messages"] += 1
            n["sayings"] += len(truth["sayings"])
            n["plain"] += sum(matched([national(number.digits) for number in found], truth["sayings"]))
            n["ours"] += sum(right)
            n["wrong"] += len(full) - sum(right)
            n["exact"] += is_exact
            n["sure"] += sum(map(is_sure, full))
            n["sure right"] += sum(ok and is_sure(saying) for saying, ok in zip(full, right, strict=True))
            if verbose and not is_exact:
                heard = [f"{saying.digits}{'' if is_sure(saying) else '?'}" for saying in full]
                typer.echo(f"  said {truth['sayings']} heard {heard}: {normal(card.transcript.text)}")
        typer.echo(
            f"{model} {each}, {half} voices: {n['messages']} messages, {n['sayings']} sayings: exact plain "
            f"{n['plain']}, voicecheck {n['ours']}; wrong ones {n['wrong']}; whole messages {n['exact']}; "
            f"right when sure {n['sure right']}/{n['sure']}"
        )


if __name__ == "__main__":
    typer.run(main)
