"""Worker processes that may crash, hang or eat memory without taking the others along.

Each worker is a loky executor of one process, so that a death is known to be that of the batch in hand. Loky
starts workers afresh rather than forking (a fork of a process with a thread pool may lock up), and gives
them an environment of their own, in which no library starts threads of its own.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from voicecheck.errors import EngineError, VoicecheckError, unexpected
from voicecheck.system import ONE_THREAD

if TYPE_CHECKING:
    from loky.process_executor import ProcessPoolExecutor

START_MAX_S = 60.0
"""How long a new worker may take to import its libraries and load its model, on top of its first batch."""

Item = TypeVar("Item")

Result = TypeVar("Result")


class Pool(Generic[Item, Result]):
    """Runs a function over batches of items in worker processes, which live until `close`.

    Parameters
    ----------
    function : callable
        Takes the items of a batch, gives one result or `VoicecheckError` for each.
    n_workers : int > 0
        Processes.
    item_max_s : float > 0
        How long an item may take, in seconds; a batch may take that for each of its items.
    initializer, arguments : callable, tuple
        Called once in every new worker.
    environment : mapping
        Environment variables of the workers.
    """

    def __init__(
        self,
        function: Callable[[Sequence[Item]], Sequence[Result | VoicecheckError]],
        *,
        n_workers: int,
        item_max_s: float,
        initializer: Callable[..., None] | None = None,
        arguments: tuple[Any, ...] = (),
        environment: Mapping[str, str] = ONE_THREAD,
    ) -> None:
        self._workers = [
            _WorkerProcess(
                function=function,
                item_max_s=item_max_s,
                new_executor=partial(_new_executor, initializer, arguments, environment),
            )
            for _ in range(n_workers)
        ]

    def __enter__(self) -> Pool[Item, Result]:
        # What ends a thread of loky's ends its future, too, and is told there; its stack is for nobody.
        self._hook, threading.excepthook = threading.excepthook, lambda arguments: None
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        threading.excepthook = self._hook

    def close(self) -> None:
        """End all workers at once, whatever they do."""
        for worker in self._workers:
            worker.stop()

    def run(self, batches: Sequence[Sequence[Item]]) -> Iterator[tuple[Item, Result | VoicecheckError]]:
        """Give each item with its result, as they come.

        Where a worker dies or takes too long, its batch is tried again item by item, each in a batch of its
        own, so that only the item at fault is lost: it comes with an `EngineError`.

        Parameters
        ----------
        batches : sequence of sequences
            Given out in this order.

        Yields
        ------
        item : Item
            One of a batch.
        result : Result or VoicecheckError
            What became of it.
        """
        waiting = deque(batches)
        self._give_out(waiting)
        while any(worker.future for worker in self._workers):
            for worker in _settled(self._workers):
                batch, outcome = worker.finish()
                if isinstance(outcome, VoicecheckError) and len(batch) > 1:
                    waiting.extendleft([item] for item in reversed(batch))
                self._give_out(waiting)  # before anything is handed over, so that no worker waits for that
                if not isinstance(outcome, VoicecheckError):
                    yield from zip(batch, outcome, strict=True)
                elif len(batch) == 1:
                    yield batch[0], outcome

    def _give_out(self, waiting: deque[Sequence[Item]]) -> None:
        for worker in self._workers:
            if waiting and not worker.future:
                worker.start(waiting.popleft())


class _WorkerProcess(Generic[Item, Result]):
    """One process, started when it is needed and started again after its death."""

    def __init__(
        self,
        *,
        function: Callable[[Sequence[Item]], Sequence[Result | VoicecheckError]],
        item_max_s: float,
        new_executor: Callable[[], ProcessPoolExecutor],
    ) -> None:
        self.function = function
        self.item_max_s = item_max_s
        self.new_executor = new_executor
        self.batch: Sequence[Item] = ()
        self.future: Future[Sequence[Result | VoicecheckError]] | None = None
        self.deadline = 0.0
        self._executor: ProcessPoolExecutor | None = None

    def start(self, batch: Sequence[Item]) -> None:
        limit_s = self.item_max_s * len(batch)
        if self._executor is None:
            self._executor = self.new_executor()
            limit_s += START_MAX_S
        self.batch, self.deadline = batch, time.monotonic() + limit_s
        try:
            self.future = self._executor.submit(self.function, batch)
        except (OSError, RuntimeError) as error:  # no process or thread more can be had
            self.stop()
            self.future = Future()
            self.future.set_exception(EngineError(unexpected(error)))

    def finish(self) -> tuple[Sequence[Item], Sequence[Result | VoicecheckError] | VoicecheckError]:
        """Take the batch and what became of it; a dead or late worker is cleared away."""
        from loky.process_executor import BrokenProcessPool

        batch, future = self.batch, self.future
        assert future is not None
        self.future = None
        if not future.done():
            self.stop()
            return batch, EngineError(f"took more than {self.item_max_s:g} s and was stopped")
        try:
            return batch, future.result()
        except BrokenProcessPool as error:
            self.stop()
            return batch, EngineError(f"the worker process died{_cause(error)}")
        except VoicecheckError as error:
            return batch, error
        except MemoryError:
            self.stop()
            return batch, EngineError("needs more memory than a worker may take")
        except Exception as error:  # a bug of ours or of a library: named, and kept to its item
            return batch, EngineError(unexpected(error))

    def stop(self) -> None:
        if self._executor is not None:
            with suppress(OSError, RuntimeError):  # it may be dead already, or never have come to life
                self._executor.shutdown(wait=True, kill_workers=True)
            self._executor = None


def _new_executor(
    initializer: Callable[..., None] | None, arguments: tuple[Any, ...], environment: Mapping[str, str]
) -> ProcessPoolExecutor:
    from loky.process_executor import ProcessPoolExecutor

    return ProcessPoolExecutor(
        max_workers=1, initializer=_initialise, initargs=(initializer, arguments), env=dict(environment)
    )


def _initialise(initializer: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """Prepare a worker.

    Loky takes a worker that has grown by 300 MB for leaking, and starts it again. Ours grow to the size of
    the model's largest batch and stay there; a limit on their memory is the initializer's business.
    """
    from loky import process_executor

    process_executor._USE_PSUTIL = False
    if initializer is not None:
        initializer(*arguments)


def _settled(workers: Sequence[_WorkerProcess[Item, Result]]) -> list[_WorkerProcess[Item, Result]]:
    """Wait until a worker is done or late; give all that are."""
    busy = [worker for worker in workers if worker.future]
    left_s = min(worker.deadline for worker in busy) - time.monotonic()
    futures = [worker.future for worker in busy if worker.future]
    done, _ = wait(futures, timeout=max(0.0, left_s), return_when=FIRST_COMPLETED)
    now = time.monotonic()
    return [worker for worker in busy if worker.future in done or worker.deadline <= now]


def _cause(error: Exception) -> str:
    """Take the signal or exit code out of loky's message, such as " (SIGSEGV(-11))"."""
    found = re.search(r"\{(.+?)\}", str(error))
    return f" ({found[1]})" if found else ""
