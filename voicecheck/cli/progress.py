"""Progress on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import typer

if TYPE_CHECKING:
    from voicecheck.scorecard.across import Row


@contextmanager
def progress_line(what: str, *, quiet: bool) -> Iterator[None]:
    """Show what is being done on stderr: a moving line on a terminal, else one plain line."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(what):
            yield
    else:
        typer.echo(what, err=True)
        yield


LINE_EVERY_S = 5.0
"""How often a plain line tells how far the run is, where there is no terminal for a moving one."""


class _Show(Protocol):
    def __call__(self, row: Row, is_new: bool) -> None: ...


@contextmanager
def shown(n_all: int, *, quiet: bool) -> Iterator[_Show]:
    """Show on stderr how far the run is: a moving line on a terminal, else a plain one now and then."""
    tally = _Tally(n_all=n_all)
    if quiet:
        yield lambda row, is_new: None
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(tally.line()) as status:

            def move(row: Row, is_new: bool) -> None:
                tally.count(row, is_new)
                status.update(tally.line())

            yield move
    else:

        def tell(row: Row, is_new: bool) -> None:
            tally.count(row, is_new)
            if tally.due():
                typer.echo(tally.line(), err=True)

        yield tell


class _Tally:
    """Counts messages, and guesses from those that were listened to how long the others will take."""

    def __init__(self, *, n_all: int) -> None:
        self.n_all = n_all
        self.n_done = self.n_failed = self.n_new = 0
        self.started_s = self.told_s = time.monotonic()

    def count(self, row: Row, is_new: bool) -> None:
        self.n_done += 1
        self.n_failed += row.card is None
        self.n_new += is_new

    def due(self) -> bool:
        now_s = time.monotonic()
        if self.n_done < self.n_all and now_s - self.told_s < LINE_EVERY_S:
            return False
        self.told_s = now_s
        return True

    def line(self) -> str:
        parts = [f"{self.n_done} of {self.n_all} done", f"{self.n_failed} failed"]
        if self.n_new:
            per_s = self.n_new / max(1e-3, time.monotonic() - self.started_s)
            left_s = (self.n_all - self.n_done) / per_s
            parts += [f"{60 * per_s:.0f} a minute", f"{int(left_s // 60)}:{int(left_s % 60):02} left"]
        return ", ".join(parts)
