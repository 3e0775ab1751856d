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

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voicecheck.batch import worker
from voicecheck.batch.find import Found
from voicecheck.batch.pool import Pool
from voicecheck.errors import ParameterError, VoicecheckError, guarding
from voicecheck.hearing.hearing import Hearing
from voicecheck.listener import Listener
from voicecheck.scorecard.across import Row
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import Rubric

FILE_MAX_S = 120.0
"""How long one file may take; ten minutes of speech take less than one on a slow core."""

FILE_LONGEST_S = 86_400.0
"""A longer limit is none; a day is more than any file takes."""

WORKER_MEMORY_MAX_BYTES = 3 * 2**30
"""Four times what a worker with the base model needs for its usual batch."""

HeardFile = tuple[Found, Hearing | VoicecheckError]

Hear = Callable[[Sequence[Found], Listener, str, "Workers"], Iterator[HeardFile]]


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


def recall_all(
    found: Sequence[Found], listener: Listener, region: str
) -> tuple[list[HeardFile], list[Found]]:
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
    known : list of HeardFile
        With their hearings.
    unheard : list of Found
        The others.
    """
    kept = [(each, None if each.url else listener.recall(each.path, region)) for each in found]
    known: list[HeardFile] = [(each, hearing) for each, hearing in kept if hearing is not None]
    return known, [each for each, hearing in kept if hearing is None]


def hear_all(
    found: Sequence[Found], listener: Listener, region: str, workers: Workers
) -> Iterator[HeardFile]:
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
    HeardFile
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
        worker.hear,
        n_workers=workers.n_processes,
        item_max_s=workers.file_max_s,
        initializer=worker.start,
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


def judged(heard: HeardFile, settings: Settings, rubrics: Mapping[Path | str, Rubric]) -> Row:
    """Turn what was heard of a message into its row.

    Parameters
    ----------
    heard : HeardFile
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
