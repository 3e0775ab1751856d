"""`voicecheck demo`: a first look, without a recording of one's own."""

from __future__ import annotations

from pathlib import Path

from voicecheck.cli import options
from voicecheck.cli.app import app, complaining, print_now
from voicecheck.cli.progress import progress_line
from voicecheck.cli.score import pretty
from voicecheck.errors import EngineError

WHAT_ONE_SEES = """\
What you see: the verdict, and below it the one thing to do next. Then each check, with what was measured
and its limit. This caller said the number twice, but two digits changed places: a caret marks them.
Lines that start with ! are tips, and never count for the verdict.

Next, a recording of your own:  voicecheck score FILE"""


@app.command()
def demo(model: options.Model = "base") -> None:
    """Start here: score a message that comes with voicecheck, and see what a card tells.

    Example: voicecheck demo
    """
    from voicecheck.hearing.cache import default_cache
    from voicecheck.listener import Listener

    with complaining():
        sample = _sample()
        listener = Listener(model=model, cache=default_cache()).settled()
        listener.prepare()
        with progress_line("listening to a message of 23 seconds", quiet=False):
            card = listener.score_file(sample)
        print_now(pretty(card, last=False))
        print_now(WHAT_ONE_SEES)


def _sample() -> Path:
    """Find the message: in the package, where a wheel puts it, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_demo", package.parent / "samples"):
        if (place / "swapped.flac").is_file():
            return place / "swapped.flac"
    raise EngineError("voicecheck is not installed completely (no swapped.flac); install it again")
