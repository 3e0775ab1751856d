"""The files that a batch writes."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

from voicecheck.errors import EngineError, ParameterError
from voicecheck.files import encoded, write_atomically
from voicecheck.report.html import to_html
from voicecheck.report.table import to_csv, to_line
from voicecheck.scorecard.across import Row, with_tips


class Output:
    """The files of a batch in one folder.

    A line is one write to the end of a file that is opened for it, and whole files are moved into place: two
    runs on one folder leave the complete result of the one that ends last.

    Parameters
    ----------
    folder : Path
        Made if need be.
    recordings : mapping of str to Path, or None
        Where the recording of each message's file lies, so that the page can play it.

    Raises
    ------
    ParameterError
        If it cannot be written to.
    """

    def __init__(self, folder: Path, recordings: Mapping[str, Path] | None = None) -> None:
        self.folder = folder
        self._recordings = recordings or {}
        try:
            write_atomically(self.scorecards, "")
        except OSError as error:
            raise ParameterError(f"{folder}: {error.strerror}; name another folder with --output") from error

    @property
    def scorecards(self) -> Path:
        """A line of JSON for each message."""
        return self.folder / "scorecards.jsonl"

    @property
    def summary(self) -> Path:
        """A row for each message."""
        return self.folder / "summary.csv"

    @property
    def report(self) -> Path:
        """The page to read."""
        return self.folder / "report.html"

    def add(self, row: Row) -> None:
        """Write down a message that is finished: a whole line or nothing.

        Parameters
        ----------
        row : Row
            Goes to the end of `scorecards`.

        Raises
        ------
        EngineError
            If the disk is full or gone.
        """
        line = encoded(f"{to_line(self._with_sound(row))}\n")
        with self._writing(self.scorecards), self.scorecards.open("ab", buffering=0) as file:
            start = file.tell()
            try:
                if file.write(line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError:
                file.truncate(start)
                raise

    def finish(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Write everything, in order and with the tips that need all messages.

        Parameters
        ----------
        rows : sequence of Row
            All messages, in the order of the results.

        Returns
        -------
        tuple of Row
            With these tips, and with where each recording lies.

        Raises
        ------
        EngineError
            If the disk is full or gone.
        """
        complete = with_tips([self._with_sound(row) for row in rows])
        sounds = {row.message.file: row.sound for row in complete if row.sound}
        texts = {
            self.scorecards: "".join(f"{to_line(row)}\n" for row in complete),
            self.summary: to_csv(complete),
            self.report: to_html(complete, made_on=date.today().isoformat(), sounds=sounds),
        }
        for file, text in texts.items():
            with self._writing(file):
                write_atomically(file, text)
        return complete

    def _with_sound(self, row: Row) -> Row:
        """Add where the recording lies as seen from here; nothing where no relative address leads there."""
        path = self._recordings.get(row.message.file)
        if path is None:
            return row
        try:
            inside = os.path.relpath(path, self.folder)
        except ValueError:  # on another drive
            return row
        return replace(row, sound=quote(os.fsencode(inside.replace(os.sep, "/"))))

    @contextmanager
    def _writing(self, file: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EngineError(
                f"{file}: {error.strerror}; make room, and the same command goes on from here"
            ) from error
