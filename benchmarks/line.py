"""How much the second saying of a number adds on bad lines.

    python -m benchmarks.line [--model base] [--draws 5]

Samples      every sample, copies in other codecs aside, in which the number is said twice or more: what comes
             through whole from the first saying alone, and from all of them.
Strings      connected digits by a natural speaker whom nothing was trained on (`../shared/data/recitations`).
             Each was said once; the second saying is the same sound on the same line with other losses.

Each number goes through the lines of `linetest.packets`, so many draws of losses for each; the share
of numbers that come through whole is printed by rate of loss, with its 95 % interval, numbers and draws taken
as independent. What is not there is skipped with a line that says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from threadpoolctl import threadpool_limits

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import Recording
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.linetest.send import sayings_of_one_number, send
from voicecheck.linetest.survival import LineTest, wilson_interval
from voicecheck.listener import Listener
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.judge import Settings
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.digit_paths import align

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "recitations"
SAMPLES = ROOT / "samples"

Number = tuple[Recording, tuple[Recitation, ...]]


def samples_said_twice(listener: Listener) -> Iterator[Number]:
    """Samples with two sayings or more of the same digits."""
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    for name, truth in expected.items():
        if truth.get("copy_of"):
            continue
        recording = read_recording(SAMPLES / name)
        card = listener.score(recording, Settings(rubric=default_rubric(), region=truth["region"]))
        if len(sayings_of_one_number(card.recitations)) > 1:
            yield recording, card.recitations


def strings(listener: Listener) -> Iterator[Number]:
    """Strings whose digits the head can place, each as if said twice."""
    for line in (SHARED / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        recording = read_recording(SHARED / truth["file"])
        (frames,) = listener.transcriber.encode([recording.samples])
        timed = tuple(align(listener.head.log_posteriors(frames), truth["digits"]))
        if timed:
            sayings = [
                Recitation(digits=truth["digits"], extension=None, full=True, timed_digits=timed)
                for _ in range(2)
            ]
            yield recording, tuple(sayings)


def tests(numbers: Iterable[Number], listener: Listener, n_draws: int) -> Iterator[LineTest]:
    """Send every number through all lines, `n_draws` times."""
    for recording, recitations in numbers:
        for draw in range(n_draws):
            yield send(
                recording,
                recitations,
                head=listener.head,
                encode=listener.transcriber.encode,
                telephone=TelephoneNetwork(),
                seed=1000 + draw,
            )


def table(name: str, found: Iterable[LineTest]) -> None:
    """Print the shares by codec and rate of loss."""
    counts: dict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0, 0])
    n_untested = 0
    for test in found:
        n_untested += not test.n_lines
        for result in test.results:
            one = LineTest(digits=test.digits, n_sayings=test.n_sayings, results=(result,))
            count = counts[result.line.codec, result.line.loss]
            count[0] += 1
            count[1] += one.n_whole_first
            count[2] += one.n_whole_all
    print(f"{name} (not tested: {n_untested})")
    print(f"  {'line':18}{'sent':>6}  {'whole, first alone':22}{'whole, all together':22}")
    counts["all lines", 0.0] = [sum(column) for column in zip(*counts.values(), strict=True)]
    for (codec, loss), (n_sent, n_first, n_all) in counts.items():
        line = f"{codec}, {100 * loss:.0f} % lost" if loss else codec
        print(f"  {line:18}{n_sent:6}  {share(n_first, n_sent):22}{share(n_all, n_sent):22}".rstrip())


def share(n_hits: int, n_trials: int) -> str:
    """A share with its interval, in per cent."""
    low, high = wilson_interval(n_hits, n_trials)
    return f"{100 * n_hits / n_trials:5.1f} ({100 * low:.1f}-{100 * high:.1f})"


def main(
    model: Annotated[str, typer.Option()] = "base",
    draws: Annotated[int, typer.Option(min=1, help="Draws of losses for each line.")] = 5,
) -> None:
    """Print both tables."""
    listener = Listener(model=model)
    sources: list[tuple[str, Callable[[Listener], Iterator[Number]]]] = [
        ("Samples said twice or more", samples_said_twice)
    ]
    if SHARED.is_dir():
        sources.append(("Natural strings of 5 to 8 digits, as if said twice", strings))
    else:
        print(f"skipped: no strings at {SHARED}")
    with threadpool_limits(limits=1, user_api="blas"):
        for name, numbers in sources:
            table(f"{name}, {model}, {draws} draws a line", tests(numbers(listener), listener, draws))


if __name__ == "__main__":
    typer.run(main)
