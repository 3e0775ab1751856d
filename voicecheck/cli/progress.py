"""Progress on stderr: a moving line on a terminal, else a plain one now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voicecheck.cli.app import tell
from voicecheck.files import printable
from voicecheck.scorecard.sentences import counted

if TYPE_CHECKING:
    from voicecheck.scorecard.across import Row

LINE_EVERY_S = 5.0
"""How often a plain line tells how far the run is, where there is no terminal for a moving one."""

NAMED_MAX = 5
"""Files that are named where there are more of a kind."""


@contextmanager
def progress_line(what: str, *, quiet: bool) -> Iterator[None]:
    """Show what is being done: a moving line on a terminal, else one plain line.

    Parameters
    ----------
    what : str
        One thing, such as the file in hand.
    quiet : bool
        Show nothing.
    """
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True).status(Text(printable(what))):
            yield
    else:
        tell(what)
        yield


class _Show(Protocol):
    def __call__(self, row: Row, is_new: bool) -> None: ...


@contextmanager
def shown(n_all: int, *, quiet: bool) -> Iterator[_Show]:
    """Show how far a run is.

    Parameters
    ----------
    n_all : int
        Messages in all.
    quiet : bool
        Show nothing.

    Yields
    ------
    callable
        To be called with each message's row as it is done, and whether it had to be listened to.
    """
    tally = Tally(n_all=n_all)
    if quiet:
        yield lambda row, is_new: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(tally.line(), total=n_all)

            def move(row: Row, is_new: bool) -> None:
                tally.count(row, is_new)
                progress.update(task, completed=tally.n_done, description=tally.line())

            yield move
    else:

        def now_and_then(row: Row, is_new: bool) -> None:
            tally.count(row, is_new)
            if tally.due():
                tell(tally.line())

        yield now_and_then


class Tally:
    """Counts messages, and guesses from those that were listened to how long the others will take.

    Workers bring a batch of messages at a time, and the first after they have loaded their model; so the
    guess goes by what came after the first, and is kept back until that has gone on for a while.

    Parameters
    ----------
    n_all : int
        Messages in all.
    """

    def __init__(self, *, n_all: int) -> None:
        self.n_all = n_all
        self.n_done = self.n_failed = self.n_new = 0
        self.first_s = self.last_s = self.told_s = time.monotonic()

    def count(self, row: Row, is_new: bool) -> None:
        """Take in a message."""
        self.n_done += 1
        self.n_failed += row.card is None
        if is_new:
            self.last_s = time.monotonic()
            self.first_s = self.first_s if self.n_new else self.last_s
            self.n_new += 1

    def due(self) -> bool:
        """Whether it is time for another plain line."""
        now_s = time.monotonic()
        if self.n_done < self.n_all and now_s - self.told_s < LINE_EVERY_S:
            return False
        self.told_s = now_s
        return True

    @property
    def per_s(self) -> float | None:
        """Messages a second, as long as they are listened to; None while that is a mere guess."""
        took_s = self.last_s - self.first_s
        return (self.n_new - 1) / took_s if took_s >= LINE_EVERY_S else None

    def line(self) -> str:
        """Tell how far it is."""
        parts = [f"{self.n_done} of {self.n_all} done", f"{self.n_failed} failed"]
        if self.per_s:
            left_s = (self.n_all - self.n_done) / self.per_s
            parts += [f"{60 * self.per_s:.0f} a minute", f"{int(left_s // 60)}:{int(left_s % 60):02} left"]
        return ", ".join(parts)


def tell_what_was_passed_over(places: Sequence[Path], besides: Collection[Path | None]) -> None:
    """Name what lies in the folders and was not scored, so that no recording is missed in silence.

    Parameters
    ----------
    places : sequence of Path
        Files and folders as they were given; only folders hold what may be passed over.
    besides : collection of Path or None
        What is not to be named: it was scored, or used.
    """
    from voicecheck.batch.find import is_folder, passed_over

    left = [file for place in places if is_folder(place) for file in passed_over(place)]
    left = [file for file in left if file not in besides and file.absolute() not in besides]
    if left:
        names = ", ".join(file.name for file in left[:NAMED_MAX]) + (", ..." if len(left) > NAMED_MAX else "")
        tell(f"passed over, as no recordings or as copies: {counted(len(left), 'file')} ({names})")
