from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence

import pytest

from voicecheck.batch import pool as pool_module
from voicecheck.batch.pool import Pool
from voicecheck.errors import DecodeError, EngineError, VoicecheckError


def square(items: Sequence[int | str]) -> list[int | VoicecheckError]:
    """Squares numbers, and does what a text says."""
    done: list[int | VoicecheckError] = []
    for item in items:
        if item == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif item == "hang":
            time.sleep(600)
        elif item == "exit":
            os._exit(3)
        elif item == "eat":
            done.append(len(bytearray(2**31)))
        elif item == "bug":
            raise ValueError("two\nlines")
        elif item == "refuse":
            done.append(DecodeError("not audio"))
        else:
            done.append(int(item) ** 2)
    return done


def start(memory_max_bytes: int) -> None:
    import faulthandler
    import resource

    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_DATA, (memory_max_bytes, memory_max_bytes))


def run(*batches: Sequence[int | str], n_workers: int = 2) -> dict[int | str, int | VoicecheckError]:
    with Pool(square, n_workers=n_workers, item_max_s=1.0, initializer=start, arguments=(2**30,)) as pool:
        return dict(pool.run(batches))


def test_every_item_comes_with_its_result() -> None:
    assert run([1, 2], [3], [4, 5, 6], n_workers=2) == {1: 1, 2: 4, 3: 9, 4: 16, 5: 25, 6: 36}


@pytest.mark.parametrize("n_threads", [0, 1])
def test_a_thread_that_cannot_be_had_is_told_by_each_item(
    n_threads: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this thread, or in loky's own, whose stack is for nobody."""
    start_thread = threading.Thread.start
    started: list[threading.Thread] = []

    def start_few(self: threading.Thread) -> None:
        started.append(self)
        if len(started) > n_threads:
            raise RuntimeError("can't start new thread")
        start_thread(self)

    monkeypatch.setattr(threading.Thread, "start", start_few)
    done = run([1], [2], n_workers=1)
    reason = "too little memory" if n_threads == 0 else "the worker process died"
    assert reason in str(done[1])
    assert "too little memory" in str(done[2])
    assert capfd.readouterr().err == ""


def test_no_batches_need_no_worker() -> None:
    assert run() == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("crash", r"the worker process died \(SIGSEGV"),
        ("exit", r"the worker process died"),
        ("eat", "needs more memory than a worker may take"),
        ("bug", "unexpected ValueError: two lines$"),
        ("refuse", "not audio"),
    ],
)
def test_only_the_item_at_fault_is_lost(item: str, reason: str) -> None:
    """Its mates in the batch are done all the same, and so is what comes after."""
    done = run([1, item, 2], [3], [4], n_workers=1)
    lost = done.pop(item)
    assert done == {1: 1, 2: 4, 3: 9, 4: 16}
    assert isinstance(lost, VoicecheckError)
    with pytest.raises(VoicecheckError, match=reason):
        raise lost


@pytest.mark.slow
def test_an_item_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It sleeps for longer than any test waits: without a limit there would be no result."""
    monkeypatch.setattr(pool_module, "START_MAX_S", 20.0)
    done = run([1, "hang"], [2])
    assert isinstance(done.pop("hang"), EngineError)
    assert done == {1: 1, 2: 4}


def grow(items: Sequence[int]) -> list[int | VoicecheckError]:
    """Keep 400 MB more with every batch but the first; tell which process this is."""
    kept.extend(bytearray(400_000_000) for item in items if item)
    time.sleep(1.1)  # loky looks once a second
    return [os.getpid() for _ in items]


kept: list[bytearray] = []


@pytest.mark.slow
def test_a_worker_that_grows_is_not_started_again() -> None:
    """Starting again means loading the model again."""
    with Pool(grow, n_workers=1, item_max_s=30.0) as pool:
        assert len({pid for _, pid in pool.run([[0], [1], [2], [3]])}) == 1
