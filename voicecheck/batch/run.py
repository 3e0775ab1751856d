"""A folder of messages: hear those that were never heard, judge all, write it down.

The output folder holds `scorecards.jsonl` (a line as each message finishes, put in order at the end),
`summary.csv` and `report.html`. What was heard goes to the cache as soon as it has been heard, so that a run
that is cut off, however, goes on where it was: the next one only judges what is there.

Workers
-------
A worker hears up to `Workers.files_per_batch` files at a time, so that the model gets stretches of sound of
one size together; all workers get as much to hear. It has a limit on its memory, ends when the run that
started it is gone, and leaves Ctrl-C to it.
"""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

from voicecheck import system
from voicecheck.batch.find import Found
from voicecheck.batch.pool import Pool
from voicecheck.errors import EngineError, ParameterError, VoicecheckError, guarding
from voicecheck.files import encoded, write_atomically
from voicecheck.hearing.hearing import Hearing
from voicecheck.listener import Listener
from voicecheck.report.html import to_html
from voicecheck.report.table import to_csv, to_line
from voicecheck.scorecard.across import Row, with_tips
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import Rubric

FILE_MAX_S = 120.0
"""How long one file may take; ten minutes of speech take less than one on a slow core."""

FILE_LONGEST_S = 86_400.0
"""A longer limit is none; a day is more than any file takes."""

WORKER_MEMORY_MAX_BYTES = 3 * 2**30
"""Four times what a worker with the base model needs for its usual batch."""

Heard = tuple[Found, Hearing | VoicecheckError]

Hear = Callable[[Sequence[Found], Listener, str, "Workers"], Iterator[Heard]]


@dataclass(frozen=True, kw_only=True)
class Workers:
    """How many processes listen, and how much each takes at a time.

    Parameters
    ----------
    n_processes : int > 0
        With one thread each.
    files_per_batch : int > 0
        Files that a worker hears together, at most.
    file_max_s : float > 0
        How long one file may take, in seconds.
    memory_max_bytes : int or None
        What a worker may allocate; None for no limit.
    """

    n_processes: int
    files_per_batch: int = 16
    file_max_s: float = FILE_MAX_S
    memory_max_bytes: int | None = WORKER_MEMORY_MAX_BYTES

    def __post_init__(self) -> None:
        if self.n_processes < 1:
            raise ParameterError(f"jobs must be at least 1, got {self.n_processes}")
        if not 0 < self.file_max_s <= FILE_LONGEST_S:
            raise ParameterError(f"time limit must be up to {FILE_LONGEST_S:g} s, got {self.file_max_s:g}")


def recall_all(found: Sequence[Found], listener: Listener, region: str) -> tuple[list[Heard], list[Found]]:
    """Part the messages that the cache knows, with their hearings, from those still to be heard.

    Parameters
    ----------
    found : sequence of Found
        Messages.
    listener : Listener
        Who listens, and knows the cache.
    region : str
        ISO 3166 code.

    Returns
    -------
    known : list of Heard
        With their hearings.
    unheard : list of Found
        The others.
    """
    kept = [(each, None if each.url else listener.recall(each.path, region)) for each in found]
    known: list[Heard] = [(each, hearing) for each, hearing in kept if hearing is not None]
    return known, [each for each, hearing in kept if hearing is None]


def hear_all(found: Sequence[Found], listener: Listener, region: str, workers: Workers) -> Iterator[Heard]:
    """Hear messages in worker processes; each comes as it is done, with its hearing or its error.

    Parameters
    ----------
    found : sequence of Found
        Messages.
    listener : Listener
        Who listens, and knows the cache.
    region : str
        ISO 3166 code.
    workers : Workers
        How many, and how much each takes at a time.

    Yields
    ------
    Heard
        A message with its hearing or its error.
    """
    homes = {each.path: each for each in found}
    with listening_pool(listener, region, workers) as pool:
        for path, heard in pool.run(_batches(list(homes), workers)):
            yield homes[path], heard


def listening_pool(listener: Listener, region: str, workers: Workers) -> Pool[Path, Hearing]:
    """Make the processes that hear files; they start when they are needed.

    Parameters
    ----------
    listener : Listener
        Is sent to every process, which loads its model.
    region : str
        ISO 3166 code.
    workers : Workers
        How many, and their limits.

    Returns
    -------
    Pool
        To be closed after use.
    """
    return Pool(
        _hear,
        n_workers=workers.n_processes,
        item_max_s=workers.file_max_s,
        initializer=_start_worker,
        arguments=(listener, region, workers.memory_max_bytes, os.getpid()),
    )


def score_all(
    found: Sequence[Found],
    listener: Listener,
    settings: Settings,
    workers: Workers,
    *,
    hear: Hear = hear_all,
    rubrics: Mapping[Path | str, Rubric] | None = None,
) -> Iterator[tuple[Row, bool]]:
    """Score messages: first all that the cache knows, then the others as they are heard.

    Parameters
    ----------
    found, listener, settings, workers
        What to score, who listens, what to judge by, and how many at a time.
    hear : callable
        On this machine (`hear_all`) or on many (`cluster.hear_all`).
    rubrics : mapping or None
        What the messages are judged by that name a rubric of their own (`Found.rubric`).

    Yields
    ------
    row : Row
        The card or the error.
    is_new : bool
        Whether it had to be listened to.
    """
    known, unheard = recall_all(found, listener, settings.region)
    for each in known:
        yield judged(each, settings, rubrics or {}), False
    for each in hear(unheard, listener, settings.region, workers):
        yield judged(each, settings, rubrics or {}), True


def judged(heard: Heard, settings: Settings, rubrics: Mapping[Path | str, Rubric]) -> Row:
    """Turn what was heard of a message into its row.

    Parameters
    ----------
    heard : Heard
        The message, with its hearing or its error.
    settings : Settings
        What to judge by, but for what is known of the message itself.
    rubrics : mapping of Path or str to Rubric
        By what `Found.rubric` names.

    Returns
    -------
    Row
        With a card, or with the error in one line.
    """
    found, hearing = heard
    if found.rubric is not None:
        settings = replace(settings, rubric=rubrics[found.rubric])
    if isinstance(hearing, VoicecheckError):
        name, reason = found.path.name, str(hearing)
        return Row(message=found.message, error=reason if name in reason else f"{name}: {reason}")
    own = replace(
        settings,
        expected=found.message.expected or settings.expected,
        rep=found.message.rep,
        company=found.message.company or settings.company,
        prospect=found.message.prospect,
    )
    try:
        with guarding(found.path.name):
            card = judge(hearing, own)
    except VoicecheckError as error:
        return Row(message=found.message, error=str(error))
    return Row(message=found.message, card=card, peaks=hearing.peaks)


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


def _batches(paths: Sequence[Path], workers: Workers) -> list[tuple[Path, ...]]:
    """Deal files out like cards, the long ones first and the round to and fro: every process gets as much.

    A file's size stands for its length: opening it to see is the workers' business.
    """
    n = workers.n_processes
    share = math.ceil(len(paths) / n) or 1
    n_turns = math.ceil(share / workers.files_per_batch)
    per_turn = math.ceil(share / n_turns) * n
    in_order = sorted(paths, key=lambda path: (path.suffix.lower(), _size(path)), reverse=True)
    turns = [in_order[start : start + per_turn] for start in range(0, len(in_order), per_turn)]
    return [
        tuple(turn[at :: 2 * n] + turn[2 * n - 1 - at :: 2 * n])
        for turn in turns
        for at in range(min(n, len(turn)))
    ]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


_listener: Listener

_region: str


def _start_worker(listener: Listener, region: str, memory_max_bytes: int | None, parent: int) -> None:
    import faulthandler

    global _listener, _region
    _listener, _region = listener, region
    system.leave_interrupts_to_the_parent()
    faulthandler.disable()  # a crash is one line of the report, not a stack on the screen
    system.limit_memory(memory_max_bytes)
    system.end_with(parent)


def _hear(paths: Sequence[Path]) -> list[Hearing | VoicecheckError]:
    """Hear files together; one that cannot be read gives its error."""
    from voicecheck.audio.recording import Recording

    def read(path: Path) -> Recording | VoicecheckError:
        try:
            with guarding(path.name):
                return _listener.read(path)
        except VoicecheckError as error:
            return error

    read_ones = [read(path) for path in paths]
    hearings = iter(_listener.hear_many([each for each in read_ones if isinstance(each, Recording)], _region))
    heard = [each if isinstance(each, VoicecheckError) else next(hearings) for each in read_ones]
    for each in heard:
        if isinstance(each, Hearing):
            _listener.keep(each, _region)
    return heard
