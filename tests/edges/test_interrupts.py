"""Ctrl-C, at whatever the program is doing: no traceback, and nothing but whole lines of JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from planted import GOOD, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no signal can be sent to a child there"),
]


def started(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """The program, which says on stderr what it has imported; as a shell's foreground job has its signals."""
    return subprocess.Popen(
        [sys.executable, "-X", "importtime", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize(
    "module", ["voicecheck.system", "typer", "voicecheck.cli.score", "numpy", "ctranslate2"]
)
def test_an_interrupt_in_the_imports_leaves_no_traceback(module: str, tmp_path: Path) -> None:
    """The signal is sent when the program says that it has just imported a module."""
    path = write(tmp_path / "good.wav", GOOD)
    log = {"VOICECHECK_CACHE": str(tmp_path / "cache")}
    running = started("-m", "voicecheck", "score", "--json", "--no-cache", path, **log)
    assert running.stderr is not None
    for line in running.stderr:
        if line.split("|")[-1].strip() == module:
            break
    running.send_signal(signal.SIGINT)
    shown, complaints = running.communicate(timeout=240)
    assert running.returncode in (-signal.SIGINT, 130)
    assert shown == ""
    assert "Traceback" not in complaints
    assert "Exception" not in complaints


def test_an_interrupt_between_two_files_leaves_whole_lines(tmp_path: Path) -> None:
    """The signal is sent when the first card is out."""
    files = [write(tmp_path / f"{number}.wav", GOOD) for number in range(50)]
    running = started(
        Path(__file__).with_name("planted.py"),
        *("score", "--json", "--quiet", "--no-cache"),
        *files,
        PLANTED_LOG=str(tmp_path / "log"),
        PLANTED_WAIT_S="0.05",
    )
    assert running.stdout is not None
    first = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    rest, complaints = running.communicate(timeout=240)
    cards = [json.loads(line) for line in [first, *rest.splitlines()]]
    assert 1 <= len(cards) < 50
    assert running.returncode == 130
    assert [line for line in complaints.splitlines() if not line.startswith("import time:")] == [
        "voicecheck: interrupted"
    ]
