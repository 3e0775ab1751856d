"""What Linux, macOS and Windows do differently: one guard each, and nothing of the kind elsewhere.

Where a system lacks something that only makes things better (a lower priority, a limit on memory), nothing
happens; what must hold everywhere (children end with their parent) has a way on each.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

THREADS_MAX = 256
"""More threads than this help on no machine; CTranslate2 crashes at a hundred thousand."""

MALLOC_OPTIONS: Mapping[int, int] = {-8: 1, -4: 0, -1: 2**31 - 1}
"""For glibc's ``mallopt``: one arena (M_ARENA_MAX), no block mapped by itself (M_MMAP_MAX), nothing given
back to the system (M_TRIM_THRESHOLD)."""

ONE_THREAD: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""Environment of one of several processes that share the cores, so that none needs threads of its own."""

SPINS = "10000"
"""How often one of several threads looks for work before it sleeps (libgomp's own default is 300,000). On two
idle cores a card takes as long with either, and a fifth less of the processor with this; where other programs
kept both cores busy a message of 20 s took 7 s of the processor instead of 89."""

EXIT_INTERRUPTED = 130
"""What a shell gives for a program that Ctrl-C ended."""

PARENT_LOOK_S = 1.0
"""How often a child looks whether its parent is still there, where the system cannot wait for that."""


def n_cores() -> int:
    """Count the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def let_idle_threads_sleep() -> None:
    """Let the threads of a model that is still to be loaded wait for each other `SPINS` times, then sleep.

    They meet thousands of times a second. Where another program has one of the cores, those that are through
    burn theirs until the system lets the last one run. Whoever has set how threads wait knows better.
    """
    if not {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"} & set(os.environ):
        os.environ["GOMP_SPINCOUNT"] = SPINS


def room_bytes() -> int | None:
    """Tell how much memory this process may ever map (``ulimit -v``); None if there is no limit."""
    if sys.platform == "win32":
        return None
    with suppress(ImportError, AttributeError, OSError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        return None if limit == resource.RLIM_INFINITY else limit
    return None


def limit_memory(max_bytes: int | None) -> None:
    """Let this process allocate no more than so much, where the system can see to that.

    Parameters
    ----------
    max_bytes : int or None
        None for no limit. A stricter one that is in force already stays.
    """
    if max_bytes is None or sys.platform == "win32":
        return
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (max_bytes, max_bytes))


def keep_freed_memory() -> None:
    """Let the C library keep what is freed, where it knows such a thing.

    glibc gives the big buffers of a model back to the system after every call and has them cleared and mapped
    again at the next, which costs a quarter of the encoder's time. A process so set never shrinks.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            mallopt = ctypes.CDLL(None).mallopt
            for option, value in MALLOC_OPTIONS.items():
                mallopt(option, value)


def lower_priority(niceness: int) -> None:
    """Let other processes go first, where the system knows such a thing.

    Parameters
    ----------
    niceness : int
        From 0 to 19: how much to step back.
    """
    if sys.platform != "win32":
        with suppress(AttributeError, OSError):
            os.nice(niceness)


def own_group() -> dict[str, Any]:
    """Give the arguments of `subprocess.Popen` for a child that Ctrl-C in the terminal does not reach."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def leave_interrupts_to_the_parent() -> None:
    """Ignore Ctrl-C, which a terminal sends to every process; the parent then ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end_with(parent: int) -> None:
    """End this process when its parent is gone: killed, that one cannot say so.

    Parameters
    ----------
    parent : int
        The parent's process id.
    """
    threading.Thread(target=_end_after, args=(parent,), name="voicecheck-parent", daemon=True).start()


def _end_after(parent: int) -> NoReturn:
    if sys.platform == "win32":
        _wait_on_windows(parent)
    else:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOK_S)
    os._exit(1)


def _wait_on_windows(parent: int) -> None:
    """Return when the parent is gone. A child's parent id does not change there when the parent dies."""
    if sys.platform == "win32":
        import _winapi

        with suppress(OSError):  # no such process: it is gone already
            handle = _winapi.OpenProcess(_winapi.SYNCHRONIZE, False, parent)
            _winapi.WaitForSingleObject(handle, _winapi.INFINITE)


def end_at_interrupt() -> None:
    """Let Ctrl-C and a polite request to end (SIGTERM) end this process at once, without a traceback.

    Wherever it is: in an import, in a callback of a library, half-way through a file. What must be put in
    order first runs under `interruptible`.
    """
    _on_interrupt(_leave)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt inside, for a caller that has to clear up."""
    before = _on_interrupt(_interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_interrupt(handler: Any) -> dict[signal.Signals, Any]:
    """Set a handler, and give the ones before; only the main thread can.

    A program that was started with a signal ignored, as in the background of a shell, goes on ignoring it.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    heeded = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) != signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heeded}


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _leave(number: int, frame: object) -> NoReturn:
    with suppress(OSError, ValueError):
        if os.isatty(2):
            os.write(2, b"\x1b[?25h\r\x1b[K")  # a progress line hides the cursor
        os.write(2, b"voicecheck: interrupted\n")
    os._exit(EXIT_INTERRUPTED)
