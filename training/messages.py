"""Voicemails to fit the decision about the digits on, and the truth of what is said in them.

Two kinds: what the synthetic voices read (numbers in every spoken form inside sentences, said once or twice,
rightly, wrongly, taken back), and isolated digits of recorded speakers joined into numbers at natural tempo,
with a synthetic voice around them. ``index.jsonl`` has a row a message: file, speaker, text and sayings
(every run of three digits or more, in the order said, as dialled).
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from training import recorded, texts
from training.voices import RATE_HZ, Samples, Voice, all_voices, kokoro_voices, read_aloud
from training.windows import joined

SHARED = Path(__file__).parents[2] / "shared" / "data"
AREAS = (
    "212",
    "303",
    "312",
    "415",
    "416",
    "480",
    "503",
    "617",
    "646",
    "720",
    "773",
    "802",
    "905",
    "917",
    "972",
)
AGAIN = ("again, that's", "once more,", "that's", "one more time,", "I repeat,", "so that is")
BARE = 0.3
"""How often joined digits are said again with nothing but a pause before."""
DIGITS_MIN = 6
"""A recorded speaker with fewer different digits is left out."""


@dataclass
class Script:
    """What is said: pieces of text, and the digits in them in the order said."""

    parts: list[str] = field(default_factory=list)
    sayings: list[str] = field(default_factory=list)

    def say(self, text: str, digits: str = "") -> None:
        """Go on with a text, which may say digits."""
        self.parts.append(text)
        if digits:
            self.sayings.append(digits)


def phone_number(rng: random.Random, known: str = "0123456789") -> str:
    """Ten digits of a possible North American number, as far as the known digits allow."""
    rest = "".join(rng.choice(known) for _ in range(7))
    equal = rng.randrange(6)
    if rng.random() < 0.4:
        rest = rest[: equal + 1] + rest[equal] + rest[equal + 2 :]
    area = rng.choice(AREAS)
    if not set(area) <= set(known):
        area = "".join(rng.choice([d for d in known if d not in "01"]) for _ in range(3))
    first = rest[0] if rest[0] not in "01" else rng.choice([d for d in known if d not in "01"])
    return area + first + rest[1:]


def _any_digits(rng: random.Random, known: str = "0123456789") -> str:
    """Digits that fit no plan: what is said must not be known from what is usual."""
    n_digits = rng.choice((5, 6, 7, 8, 9, 10, 10, 10, 10, 11))
    return "".join(rng.choice(known) for _ in range(n_digits))


def spoken(rng: random.Random, groups: list[str], *, double: float = 0.15) -> str:
    """Say groups of digits; equal neighbours are "double" now and then."""
    zero = rng.choice(("zero", "oh", "oh"))
    name = [zero, *texts.WORDS[1:10]]
    use_double = rng.random() < double
    said = []
    for group in groups:
        words, at = [], 0
        while at < len(group):
            alike = len(group[at:]) - len(group[at:].lstrip(group[at]))
            times = min(alike, 3) if use_double and alike > 1 else 1
            words.append({1: "", 2: "double ", 3: "triple "}[times] + name[int(group[at])])
            at += times
        said.append(rng.choices((" ", ", "), (8, 2))[0].join(words))
    return rng.choice((", ", ", ", " ", " ", "; ", "... ")).join(said)


def _tens(pair: str) -> str:
    teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
    if pair[0] == "1":
        return teens[int(pair[1])]
    return tens[int(pair[0]) - 2] + ("" if pair[1] == "0" else f" {texts.WORDS[int(pair[1])]}")


def number_words(rng: random.Random, digits: str) -> str:
    """One way to say a telephone number of ten or eleven digits."""
    lead, ten = digits[:-10], digits[-10:]
    groups = rng.choice(([ten[:3], ten[3:6], ten[6:]], [ten[:3], ten[3:6], ten[6:8], ten[8:]], [ten]))
    if len(groups) == 3 and "0" not in (ten[6], ten[8]) and rng.random() < 0.08:
        said = f"{spoken(rng, groups[:2])}, {_tens(ten[6:8])} {_tens(ten[8:])}"
    elif ten[1:3] == "00":
        said = f"{texts.WORDS[int(ten[0])]} hundred, {spoken(rng, [ten[3:6], ten[6:]])}"
    else:
        said = spoken(rng, groups)
    return f"one, {said}" if lead else said


def script(rng: random.Random) -> Script:
    """One voicemail."""
    made = Script()
    if rng.random() < 0.7:
        made.say(texts.talk(rng))
    digits = phone_number(rng)
    if rng.random() < 0.1:
        digits = rng.choice(("1800", "800", "1866", "1" + rng.choice(AREAS))) + digits[3:]
    kind = rng.choices(
        ("once", "twice", "bare", "swapped", "lost", "ending", "none", "quantity", "two", "extension", "any"),
        (18, 22, 8, 5, 8, 4, 10, 6, 4, 4, 15),
    )[0]
    if kind == "none":
        made.say(texts.talk(rng))
        return made
    if kind == "quantity":
        order = "".join(rng.choice("0123456789") for _ in range(rng.choice((4, 5, 6, 8))))
        made.say(f"The order number is {spoken(rng, [order])}.", order)
        made.say(texts.talk(rng))
        return made
    if kind == "any":
        digits = _any_digits(rng)
        made.say(f"{rng.choice(texts.OPENINGS)} {spoken(rng, texts.grouped(rng, digits))}.".strip(), digits)
        return made
    if kind == "extension":
        extra = "".join(rng.choice("0123456789") for _ in range(3))
        made.say(f"{rng.choice(texts.OPENINGS)} {number_words(rng, digits)},", digits)
        made.say(f"extension {spoken(rng, [extra])}.", extra)
        made.say(rng.choice(texts.CLOSINGS) + ".")
        return made
    made.say(f"{rng.choice(texts.OPENINGS)} {number_words(rng, digits)}.".strip(), digits)
    again = digits
    if kind == "swapped":
        at = rng.randrange(len(digits) - 6, len(digits) - 1)
        again = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if kind == "lost":
        at = rng.randrange(len(digits) - 6, len(digits))
        again = digits[:at] + digits[at + 1 :]
    if kind == "ending":
        again = digits[-7:]
    if kind == "two":
        again = phone_number(rng)
    if kind != "once":
        said = spoken(rng, [again]) if kind in ("lost", "ending") else number_words(rng, again)
        made.say(f"{rng.choice(AGAIN) if kind != 'bare' else ''} {said}.".strip(), again)
    if rng.random() < 0.5:
        made.say(rng.choice(texts.CLOSINGS) + ".")
    return made


def read_scripts(voice: Voice, n_messages: int) -> Iterator[tuple[Samples, Script]]:
    """Let a voice read messages of its own."""
    rng = random.Random(f"messages {voice.name}")
    for _ in range(n_messages):
        made = script(rng)
        samples = read_aloud(
            voice, " ".join(part for part in made.parts if part), rng.uniform(0.85, 1.35), rng
        )
        if len(samples) > RATE_HZ:
            yield samples, made


def recorded_clips() -> dict[str, dict[int, list[Samples]]]:
    """Isolated digits of the recorded speakers that may train, by speaker and digit."""
    speakers = recorded.isolated(recorded.recordings(SHARED))
    return {name: clips for name, clips in speakers.items() if len(clips) >= DIGITS_MIN}


def joined_number(
    clips: dict[int, list[Samples]], digits: str, rng: np.random.Generator, tempo: str
) -> Samples:
    """A number of joined clips, in groups with pauses or in one go."""
    sizes = ((3, 3, 5), (3, 3, 5), (11,), (3, 3, 2, 3))[int(rng.integers(4))]
    pieces, at = [], 0
    for size in sizes:
        group = digits[at : at + size]
        if group:
            pieces.append(joined(clips, rng, words=[int(d) for d in group], tempo=tempo)[0])
            pieces.append(np.zeros(int(rng.uniform(0.0, 0.45) * RATE_HZ), np.float32))
        at += size
    return np.concatenate(pieces)


def join_messages(
    clips: dict[int, list[Samples]], speaker: str, n_messages: int, say: Callable[[str], Samples]
) -> Iterator[tuple[Samples, Script]]:
    """Messages in which a recorded speaker says the number and a synthetic voice the rest."""
    state = random.Random(f"joined {speaker}")
    rng = np.random.default_rng(zlib.crc32(speaker.encode()))
    known = "".join(str(digit) for digit in sorted(clips))
    for _ in range(n_messages):
        digits = phone_number(state, known) if state.random() < 0.4 else _any_digits(state, known)
        tempo = state.choice(("slow", "normal", "normal", "fast"))
        made, pieces = Script(), []
        for turn in range(state.choice((1, 1, 2))):
            text = state.choice(AGAIN if turn else texts.OPENINGS) or "call me"
            if turn and state.random() < BARE:
                text = ""
            said = say(text) if text else np.zeros(0, np.float32)
            pieces += [said, np.zeros(int(state.uniform(0.05, 0.4) * RATE_HZ), np.float32)]
            number = joined_number(clips, digits, rng, tempo)
            pieces += [number, np.zeros(int(state.uniform(0.2, 0.6) * RATE_HZ), np.float32)]
            made.say(text, digits)
        yield np.concatenate(pieces).astype(np.float32), made


def write_messages(folder: Path, *, kokoro_folder: Path | None, share: float = 1.0) -> None:
    """Make all messages; what is there already stays.

    Parameters
    ----------
    folder : Path
        Where they go.
    kokoro_folder : Path or None
        Styles for `kokoro_voices`, of which those that no head learned from read; None leaves them out.
    share : float
        Of the messages that each voice reads.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "index.jsonl").open("a+", encoding="utf-8") as index:
        index.seek(0)
        done = {json.loads(line)["speaker"] for line in index}

        def keep(speaker: str, messages: Iterator[tuple[Samples, Script]]) -> None:
            rows = []
            for k, (samples, made) in enumerate(messages):
                name = f"{speaker.replace(':', '_')}_{k:02d}.flac"
                soundfile.write(folder / name, samples, RATE_HZ)
                rows.append(
                    {
                        "file": name,
                        "speaker": speaker,
                        "sayings": made.sayings,
                        "text": " ".join(made.parts),
                    }
                )
            index.write("".join(json.dumps(row) + "\n" for row in rows))
            index.flush()

        voices = [*all_voices(), *(kokoro_voices(kokoro_folder)[1] if kokoro_folder else [])]
        carriers = [voice for voice in voices if voice.name.startswith("flite")]
        for speaker, clips in recorded_clips().items():
            if speaker not in done:
                state = random.Random(speaker)
                carrier = state.choice(carriers)
                keep(
                    speaker,
                    join_messages(
                        clips,
                        speaker,
                        round(8 * share),
                        lambda text, carrier=carrier, state=state: read_aloud(carrier, text, 1.1, state),
                    ),
                )
        for voice in voices:
            if voice.name not in done:
                n = 3 if voice.name.startswith("espeak") else 8
                keep(voice.name, read_scripts(voice, max(1, round(n * share))))
