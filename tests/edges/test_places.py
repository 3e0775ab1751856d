"""Folders that are missing, locked or in the way: a card without a cache, or one line with the way out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from planted import GOOD, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the places of other systems")

PLANTED = Path(__file__).with_name("planted.py")


def run(*arguments: str | Path, log: Path, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """The program with a planted listener; None takes a variable away."""
    changed = {**os.environ, "PLANTED_LOG": str(log), **environment}
    return subprocess.run(
        [sys.executable, str(PLANTED), *map(str, arguments)],
        env={name: value for name, value in changed.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def locked(folder: Path) -> str:
    folder.mkdir()
    folder.chmod(0o500)
    return str(folder)


def in_the_way(folder: Path) -> str:
    folder.write_text("a file")
    return str(folder)


def dangling(folder: Path) -> str:
    folder.symlink_to(folder.with_name("nowhere") / "deep")
    return str(folder)


@pytest.mark.slow
@pytest.mark.parametrize("place", [locked, in_the_way, dangling])
def test_a_cache_that_cannot_be_written_costs_no_card(tmp_path: Path, place: Callable[[Path], str]) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    for command in (
        ["score", "--json", "-q"],
        ["batch", "-o", tmp_path / "out", "-q", "--jobs", "1", "--json"],
    ):
        cache = tmp_path / f"cache-{command[0]}"
        done = run(*command, path, log=tmp_path / "log", VOICECHECK_CACHE=place(cache))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["verdict"] == "pass"


@pytest.mark.slow
@pytest.mark.parametrize("home", [None, "/nonexistent", ""])
def test_no_home_costs_no_card(tmp_path: Path, home: str | None) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    nowhere = {"VOICECHECK_CACHE": None, "XDG_CACHE_HOME": None, "TMPDIR": "/nonexistent", "HOME": home}
    done = run("score", "--json", "-q", path, log=tmp_path / "log", **nowhere)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "pass"


def test_a_user_without_any_home_has_a_cache_that_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No HOME, and a user id that the system does not know."""
    from voicecheck.files import cache_folder
    from voicecheck.hearing.cache import ReadingCache

    def unknown(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("VOICECHECK_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", unknown)
    cache = ReadingCache(folder=cache_folder() / "readings")
    assert cache.get("ab" * 32) is None
    with pytest.raises(OSError, match=r"[Nn]ot"):
        cache.folder.mkdir(parents=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits as a shell sets them on Linux")
@pytest.mark.parametrize(
    ("command", "limit"),
    [
        *(("score", limit) for limit in ("-v 150000", "-v 200000", "-v 250000", "-v 300000", "-n 5", "-n 6")),
        *(("batch", limit) for limit in ("-v 150000", "-v 200000", "-v 280000", "-v 310000", "-n 5", "-n 6")),
    ],
)
def test_too_little_memory_or_too_few_files_is_one_line(tmp_path: Path, command: str, limit: str) -> None:
    """Wherever it hits: in a library's own start, in the decoder, in the pool; or it is enough."""
    path = write(tmp_path / "good.wav", GOOD)
    arguments = {"score": ["-q", "--no-cache"], "batch": ["-q", "--jobs", "1", "-o", str(tmp_path / "out")]}
    program = [sys.executable, str(PLANTED), command, *arguments[command], str(path)]
    done = subprocess.run(
        ["sh", "-c", f'ulimit {limit}; exec "$0" "$@"', *program],
        env={**os.environ, "PLANTED_LOG": str(tmp_path / "log"), "VOICECHECK_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert "Traceback" not in done.stderr
    if done.returncode:
        (line,) = done.stderr.splitlines()
        assert line.startswith(("voicecheck: ", "OpenBLAS error: ")) or "rror" in line, line
    else:
        assert done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("place", [in_the_way, dangling])
def test_an_output_in_the_place_of_something_else_is_one_line(
    tmp_path: Path, place: Callable[[Path], str]
) -> None:
    write(tmp_path / "calls" / "good.wav", GOOD)
    out = Path(place(tmp_path / "out")) / "results"
    done = run(
        "batch",
        tmp_path / "calls",
        "-o",
        out,
        "-q",
        log=tmp_path / "log",
        VOICECHECK_CACHE=str(tmp_path / "c"),
    )
    if done.returncode == 0:
        assert place is dangling  # the folder that the link means can be made
        return
    (line,) = done.stderr.splitlines()
    assert (done.returncode, "name another folder with --output" in line) == (2, True)
