"""How precise the tips from the words are.

    python -m benchmarks.advice [FILE] [--verbose]

Reads messages with the tips that a careful coach would give, gives each word a plausible time, and prints for
each tip how often it was due, given, and right. `benchmarks/advice_messages.jsonl` is held out: written by
writers who had not seen the phrase lists, and nothing was set by its texts. What the lists were mended on is
`benchmarks/advice_dev_messages.jsonl`, written in the same way.

A line of the file: ``{"id", "region", "text", "prospect", "tips", "debatable"}``; what is debatable counts
neither way.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.scorecard.advice import advise
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.transcript import Word

MESSAGES = Path(__file__).with_name("advice_messages.jsonl")
WORD_S, DIGIT_S = 0.35, 0.5


def timed(text: str) -> list[Word]:
    """The blank-parted words of a text, each digit half a second long."""
    words: list[Word] = []
    at_s = 0.5
    for piece in text.split():
        lasts_s = DIGIT_S * sum(map(str.isdigit, piece)) or WORD_S
        words.append(Word(text=f" {piece}", onset_s=at_s, offset_s=at_s + lasts_s, probability=0.9))
        at_s += lasts_s
    return words


def tips_of(text: str, prospect: str | None, region: str) -> set[str]:
    """The tips that a text gets."""
    words = timed(text)
    sounds = [word.interval for word in words]
    tips = advise(
        words, find_recitations(words, sounds, region=region), default_rubric().advice, prospect=prospect
    )
    return {tip.id for tip in tips}


def main(
    file: Annotated[Path, typer.Argument(help="Messages with their tips.")] = MESSAGES,
    verbose: Annotated[bool, typer.Option(help="Print each message that is judged otherwise.")] = False,
) -> None:
    """Print precision and recall of each tip."""
    due, given, right = Counter[str](), Counter[str](), Counter[str]()
    messages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for message in messages:
        debatable = set(message["debatable"])
        wanted = set(message["tips"]) - debatable
        found = tips_of(message["text"], message["prospect"], message["region"]) - debatable
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
