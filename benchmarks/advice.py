"""How precise the tips from the words are.

    python -m benchmarks.advice [FILE] [--verbose]

Reads messages with the tips that a careful coach would give, gives each word a plausible time, and prints for
each tip how often it was due, given, and right. `benchmarks/advice_messages.jsonl` is held out: written by
writers who had not seen the phrase lists, and nothing was set by its texts. What the lists were mended on is
`benchmarks/advice_dev_messages.jsonl`, written in the same way.

A line of the file: ``{"id", "region", "text", "prospect", "tips", "debatable"}``; what is debatable counts
neither way, and neither does a tip that the file was not looked through for (`full_name` is younger).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.hearing.hearing import Hearing
from voicecheck.scorecard.judge import Settings, gather, run_checks, tips_of
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.greeting import Part
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import Transcript, Word

MESSAGES = Path(__file__).with_name("advice_messages.jsonl")
WORD_S, DIGIT_S = 0.35, 0.5

CLEAR = Condition(
    active_level_dbov=-26.0,
    activity=0.7,
    noise_floor_dbfs=-60.0,
    snr_db=34.0,
    clipped_share=0.0,
    bandwidth_hz=7500.0,
    dropouts=(),
    lead_s=0.5,
    tail_s=0.5,
)


def timed(text: str) -> list[Word]:
    """The blank-parted words of a text, each digit half a second long."""
    words: list[Word] = []
    at_s = 0.5
    for piece in text.split():
        lasts_s = DIGIT_S * sum(map(str.isdigit, piece)) or WORD_S
        words.append(Word(text=f" {piece}", onset_s=at_s, offset_s=at_s + lasts_s, probability=0.9))
        at_s += lasts_s
    return words


def tips_from(text: str, prospect: str | None, region: str) -> set[str]:
    """The tips that a text gets."""
    words = timed(text)
    settings = Settings(rubric=default_rubric(), region=region, prospect=prospect)
    evidence = gather(heard(words), settings)
    return {result.id for result in run_checks(evidence, settings.rubric) if result.quote and tips_of(result)}


def heard(words: Sequence[Word]) -> Hearing:
    """A clear recording of these words."""
    sounds = tuple(word.interval for word in words)
    return Hearing(
        source=Source(
            name="text", sha256="0" * 64, duration_s=60.0, sample_rate_hz=16000, channels=1, codec="none"
        ),
        duration_s=60.0,
        warnings=(),
        transcript=Transcript(words=tuple(words), language="en", speech=sounds),
        unheard=None,
        sounds=sounds,
        condition=CLEAR,
        whole_condition=CLEAR,
        tones=(),
        part=Part(outcome="message", onset_s=0.0, offset_s=60.0, probability=1.0),
        peaks=(),
        engine=EngineInfo(model="none", compute_type="none"),
        line_test=None,
        digit_runs=(),
        phone=None,
    )


def main(
    file: Annotated[Path, typer.Argument(help="Messages with their tips.")] = MESSAGES,
    verbose: Annotated[bool, typer.Option(help="Print each message that is judged otherwise.")] = False,
) -> None:
    """Print precision and recall of each tip."""
    due, given, right = Counter[str](), Counter[str](), Counter[str]()
    messages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    looked_for = {tip for message in messages for tip in (*message["tips"], *message["debatable"])}
    for message in messages:
        debatable = set(message["debatable"])
        wanted = set(message["tips"]) - debatable
        found = tips_from(message["text"], message["prospect"], message["region"]) & looked_for - debatable
        due.update(wanted)
        given.update(found)
        right.update(wanted & found)
        if verbose and wanted != found:
            print(f"{message['id']}: missed {sorted(wanted - found)}, wrong {sorted(found - wanted)}")
            print(f"    {message['text']}")
    print(f"{len(messages)} messages")
    print(f"{'tip':16}{'due':>6}{'given':>7}{'right':>7}{'precision':>11}{'recall':>9}")
    for name in [*sorted(due | given), "all"]:
        counts = [sum(each.values()) if name == "all" else each[name] for each in (due, given, right)]
        n_due, n_given, n_right = counts
        precision = f"{100 * n_right / n_given:.0f} %" if n_given else "-"
        recall = f"{100 * n_right / n_due:.0f} %" if n_due else "-"
        print(f"{name:16}{n_due:6}{n_given:7}{n_right:7}{precision:>11}{recall:>9}")


if __name__ == "__main__":
    typer.run(main)
