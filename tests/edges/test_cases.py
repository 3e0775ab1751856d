"""What people reported about files, names, lists and places comes out as ``cases.jsonl`` says.

Small ones of each kind, made in the tests, run everywhere: `test_cli`, `test_batch`, `test_places`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from planted import GOOD, write

from voicecheck.scorecard.judge import Settings
from voicecheck.scorecard.rubric import default_rubric

CASES = Path(__file__).parents[3] / "shared/data/cases"
ALL: list[dict[str, Any]] = (
    [json.loads(line) for line in (CASES / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    if CASES.is_dir()
    else []
)
OF_FILES = ("wav-codec-tag", "sound-behind-header", "several-tracks", "echo")
PLANTED = Path(__file__).with_name("planted.py")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not ALL, reason="needs ../shared/data/cases")]


def about(*keys: str) -> Any:
    """The cases that have one of these keys, or are of one of these kinds."""
    found = [case for case in ALL if set(keys) & {*case, case["kind"]}]
    return pytest.mark.parametrize("case", found, ids=[case["kind"] for case in found])


def run(case: dict[str, Any], folder: Path, *files: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The program with a planted listener; it may write no traceback, and nothing but JSON with --json."""
    environment = {**os.environ, "PLANTED_LOG": "log", "VOICECHECK_CACHE": "cache", **case.get("env", {})}
    done = subprocess.run(
        [sys.executable, str(PLANTED), *case["args"], *files],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        cwd=folder,
        check=False,
        timeout=240,
        **options,
    )
    assert "Traceback" not in done.stderr
    return done


@about("csv")
def test_a_column_is_read_or_refused_and_never_passed_over(case: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path / "a.flac", GOOD)
    (tmp_path / "who.csv").write_text(case["csv"])
    done = run(case, tmp_path, ".", "--json", "-o", "out")
    if done.returncode == 2:
        assert len(done.stderr.splitlines()) == 1
        return
    (card,) = [json.loads(line) for line in done.stdout.splitlines()]
    (agrees,) = [check["verdict"] for check in card["checks"] if check["id"] == "number_agrees"]
    assert agrees == ("pass" if case["kind"] == "number-as-float" else "fail")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@about("name_hex")
def test_a_name_costs_no_card(case: dict[str, Any], tmp_path: Path) -> None:
    name = os.fsdecode(bytes.fromhex(case["name_hex"]))
    write(tmp_path / "calls" / name, GOOD)
    for _ in range(2):
        if "batch" in case["args"]:
            assert run(case, tmp_path, "calls", "-o", "out").returncode == 0
            results = {path.name for path in (tmp_path / "out").iterdir()}
            assert {"scorecards.jsonl", "summary.csv", "report.html"} <= results
            table = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8", errors="surrogateescape")
        else:
            done = run(case, tmp_path, f"calls/{name}")
            assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr
            table = done.stdout
        if "csv" in case["args"] or "batch" in case["args"]:
            assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == 1


@about("uid")
def test_an_unknown_user_without_a_home(case: dict[str, Any], tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root becomes somebody else")
    write(tmp_path / "good.wav", GOOD)
    place = {"PLANTED_LOG": "/dev/null", "VOICECHECK_CACHE": None, "XDG_CACHE_HOME": None}
    try:
        done = run(
            {**case, "env": {**case["env"], **place}}, Path("/"), str(tmp_path / "good.wav"), user=case["uid"]
        )
    except PermissionError:
        pytest.skip("this Python lies where another user may not go")
    lines = done.stderr.splitlines()
    assert done.returncode == 0 or (len(lines) == 1 and "VOICECHECK_CACHE" in lines[0])


@about("folder")
def test_a_folder_is_scored_or_its_files_are_named(case: dict[str, Any], tmp_path: Path) -> None:
    for name in case["folder"]:
        write(tmp_path / "calls" / name, GOOD)
        if name.startswith("._"):
            (tmp_path / "calls" / name).write_bytes(bytes.fromhex("00051607") + bytes(4096))
    done = run(case, tmp_path, "calls", "-o", "out")
    assert done.returncode == 0
    table = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    scored = {row["file"] for row in csv.DictReader(io.StringIO(table, newline=""))}
    wanted = {name for name in case["folder"] if not name.startswith("._")}
    assert {name for name in wanted - scored if name not in done.stderr} == set()
    assert not [name for name in scored if name.startswith("._")]


@pytest.mark.model
@about(*OF_FILES)
def test_a_reported_recording_is_heard_or_in_doubt(case: dict[str, Any], listener: Any) -> None:
    card = listener.score_file(CASES / case["file"], Settings(rubric=default_rubric()))
    said = [each.digits for each in card.recitations if each.full]
    verdicts = {check.id: check.verdict for check in card.checks}
    assert all(verdicts[name] in allowed.split("|") for name, allowed in case["checks"].items())
    if case["kind"] == "echo" and said != case["digits"]:
        assert card.verdict == "review", "a second saying that was not made out is open, not failed"
    elif case["digits"]:
        assert said == case["digits"]
