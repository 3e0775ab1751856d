"""Listening on a Ray cluster of two workers on this machine, bound to loopback; no model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from planted import GOOD, write
from typer.testing import CliRunner

from voicecheck.cli import app

pytestmark = pytest.mark.cluster


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head that does no work, and two workers; what they hear is noted in the log."""
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # read at import: loopback stays loopback
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PLANTED_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("PLANTED_WAIT_S", "0.1")
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, Path(__file__).parents[:2])))
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    loopback = {"node_ip_address": "127.0.0.1", "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **loopback})
    try:
        for _ in range(2):
            made.add_node(num_cpus=1, node_ip_address="127.0.0.1")
        yield made
    finally:
        made.shutdown()


def heard(log: Path) -> Counter[str]:
    return Counter(log.read_text().splitlines() if log.exists() else [])


def kill_one_worker() -> None:
    """Kill one of the processes in which Ray runs the listening; they are grandchildren of this one."""
    import psutil

    names = ((each, " ".join(each.cmdline())) for each in psutil.Process().children(recursive=True))
    next(each for each, name in names if name.startswith("ray::") and "Hearer" in name).kill()


def test_a_worker_that_is_lost_in_the_middle_loses_no_message(cluster: Any, tmp_path: Path) -> None:
    """Sixty files of a tenth of a second each; a worker is killed once twenty have been heard."""
    folder, log = tmp_path / "calls", tmp_path / "log"
    for number in range(60):
        write(folder / f"rep{number % 3}" / f"good_{number}.wav", GOOD)
    (folder / "text.wav").write_text("Dear Sir or Madam, this is a letter and no recording.")
    output = tmp_path / "out"
    command = [
        "batch",
        folder.as_uri(),
        "-o",
        output.as_uri(),
        "--engine",
        "ray",
        "--address",
        cluster.address,
    ]
    program = Path(__file__).with_name("planted.py")
    running = subprocess.Popen(
        [sys.executable, str(program), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline_s = time.monotonic() + 60
    while sum(heard(log).values()) < 20:
        assert running.poll() is None, running.communicate()[1]
        assert time.monotonic() < deadline_s, "nothing is heard"
        time.sleep(0.05)
    kill_one_worker()
    _, complaints = running.communicate(timeout=90)
    assert running.returncode == 3, complaints
    lines = [json.loads(line) for line in (output / "scorecards.jsonl").read_text().splitlines()]
    assert Counter(line.get("verdict") for line in lines) == {"pass": 60, None: 1}
    assert {line["message"]["rep"] for line in lines} == {"rep0", "rep1", "rep2", None}
    assert "this is not audio" in next(line["error"] for line in lines if "error" in line)
    assert (output / "report.html").stat().st_size > 10_000
    assert len(heard(log)) == 60


def test_no_cluster_at_the_address_is_told_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    write(tmp_path / "good.wav", GOOD)
    done = CliRunner().invoke(
        app,
        ["batch", str(tmp_path), "-o", str(tmp_path / "out"), "--engine", "ray", "--address", "127.0.0.1:1"],
    )
    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1].startswith("voicecheck: no cluster at 127.0.0.1:1: ")


@pytest.mark.parametrize("options", [["-o", "file:///tmp/x"], []])
def test_addresses_need_the_engine_that_reads_them(tmp_path: Path, options: list[str]) -> None:
    place = str(write(tmp_path / "good.wav", GOOD)) if options else f"file://{tmp_path}"
    done = CliRunner().invoke(app, ["batch", place, *options])
    assert done.exit_code == 2
    assert "--engine ray" in done.stderr
