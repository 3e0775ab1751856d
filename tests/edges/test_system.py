"""What other systems lack: the tool runs without it, and the types hold on all three."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from lacking import with_less
from planted import GOOD, write

from voicecheck import system

PLANTED = str(Path(__file__).with_name("planted.py"))
ROOT = Path(__file__).parents[2]


def run_with_less(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    less = with_less(
        tmp_path / "less", PLANTED_LOG=str(tmp_path / "log"), VOICECHECK_CACHE=str(tmp_path / "c")
    )
    return subprocess.run(
        [sys.executable, PLANTED, *arguments],
        env=less,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_a_python_with_less_really_lacks_it(tmp_path: Path) -> None:
    code = "import os, sys; print(hasattr(os, 'sched_getaffinity'), hasattr(os, 'fork')); import fcntl"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=with_less(tmp_path / "less"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "False False\n"
    assert "ModuleNotFoundError" in done.stderr


def test_one_file_is_scored_where_linux_is_not(tmp_path: Path) -> None:
    done = run_with_less(tmp_path, "score", "--json", str(write(tmp_path / "good.wav", GOOD)))
    assert (done.returncode, done.stderr) == (0, "good.wav\n".replace("good", "1/1 good"))
    assert json.loads(done.stdout)["verdict"] == "pass"


@pytest.mark.slow
def test_a_batch_of_two_workers_runs_where_linux_is_not(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write(tmp_path / "calls" / name, GOOD)
    out = tmp_path / "out"
    done = run_with_less(tmp_path, "batch", str(tmp_path / "calls"), "-o", str(out), "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert len((out / "scorecards.jsonl").read_text().splitlines()) == 2


@pytest.mark.slow
def test_the_web_pages_listener_runs_where_linux_is_not(tmp_path: Path) -> None:
    from voicecheck.scorecard.rubric import default_rubric

    start = {"model": "base", "model_dir": None, "threads": 1, "memory_max_bytes": 2**32, "checks_file": None}
    task = {
        "rubric": default_rubric().text,
        "region": "US",
        "expected": None,
        "rep": None,
        "company": None,
        "prospect": None,
        "hearing": None,
        "start_s": None,
        "end_s": None,
        "path": str(write(tmp_path / "good.wav", GOOD)),
        "playable": str(tmp_path / "playable.wav"),
        "name": "good.wav",
        "max_bytes": 10**8,
        "max_duration_s": 600.0,
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("web_app.py"))],
        input=f"{json.dumps(start)}\n{json.dumps(task)}\n",
        env=with_less(tmp_path / "less"),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    ready, *_, answer = (json.loads(line) for line in done.stdout.splitlines())
    assert ready == {"ready": True}
    assert answer["ok"]["card"]["verdict"] == "pass"


def test_cores_are_counted_with_and_without_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert system.n_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert system.n_cores() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert system.n_cores() == 1


@pytest.mark.parametrize(
    ("told", "spins"),
    [({}, system.SPINS), ({"GOMP_SPINCOUNT": "5"}, "5"), ({"OMP_WAIT_POLICY": "active"}, None)],
)
def test_threads_sleep_soon_unless_somebody_has_said_how_they_wait(
    told: dict[str, str], spins: str | None
) -> None:
    # Set in time: before CTranslate2, which brings OpenMP along, is imported.
    script = "import os, sys, voicecheck.speech.activity, voicecheck.speech.choice\n"
    script += "print('ctranslate2' in sys.modules, os.environ.get('GOMP_SPINCOUNT'))"
    kept = {
        name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env={**kept, **told}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", str(spins)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")
def test_memory_is_limited_where_the_system_can() -> None:
    code = "from voicecheck.system import limit_memory; limit_memory(2**28); bytearray(2**30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "MemoryError" in done.stderr


def test_a_child_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent is gone once its id is no longer the child's parent's."""
    ended = threading.Event()
    monkeypatch.setattr(system, "PARENT_LOOK_S", 0.01)
    monkeypatch.setattr(os, "_exit", lambda code: ended.set())
    parents = iter([41, 41, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    system.end_with(41)
    assert ended.wait(10)
    assert next(parents, None) is None


def test_interrupts_are_raised_inside_and_put_back_after() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), system.interruptible():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_was_ignored_at_the_start_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with system.interruptible():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.slow
def test_the_types_hold_on_every_platform(platform: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--platform", platform],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout
