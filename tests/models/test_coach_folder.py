"""A coach's morning with real messages: two reps, a list from a spreadsheet, from batch to report."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from voicecheck.listener import Listener

pytestmark = pytest.mark.model

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))

CALLS = {"ana": ["pass_male.flac", "swapped.flac"], "ben": ["no_number.flac", "pass_memo.m4a"]}

HEAD = "file;rep;prospect;expected_number;date"

LIST = [
    "ana/pass_male.flac;Ana Ruiz;Dana;;2026-11-02",
    "ana/swapped.flac;Ana Ruiz;Brian;415-555-0136;2026-11-03 09:30",
    "ben/no_number.flac;Ben Okoro;;;2026-11-04",
]


@pytest.fixture
def folder(tmp_path: Path, listener: Listener) -> Path:
    del listener  # whoever has no weights is skipped
    for rep, names in CALLS.items():
        (tmp_path / "calls" / rep).mkdir(parents=True)
        for name in names:
            shutil.copy(SAMPLES / name, tmp_path / "calls" / rep)
    (tmp_path / "calls" / "ben" / "notes.txt").write_text("call Dana again", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voicecheck", *arguments],
        cwd=folder,
        env={**os.environ, "VOICECHECK_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )


def write_list(folder: Path, *lines: str) -> None:
    (folder / "who.csv").write_text("\n".join([HEAD, *lines]), encoding="utf-8-sig")


def test_a_folder_with_a_list_becomes_a_report_that_can_be_made_again(folder: Path) -> None:
    batch = ("batch", "calls", "--list", "who.csv", "--output", "results", "--jobs", "1", "--quiet")

    write_list(folder, *LIST, "ana/swaped.flac;Ana Ruiz;;;2026-11-05")
    typo = run(folder, *batch)
    assert typo.returncode == 2
    assert typo.stderr == "voicecheck: who.csv, line 5: no ana/swaped.flac in calls or beside who.csv\n"
    assert not (folder / "results").exists()
    assert not (folder / "cache").exists(), "nothing was heard"

    write_list(folder, *LIST)
    done = run(folder, *batch)
    assert done.returncode == 1, done.stderr
    assert "notes.txt" in done.stderr
    table = (folder / "results" / "summary.csv").read_text(encoding="utf-8")
    rows = {row["file"]: row for row in csv.DictReader(table.splitlines())}
    assert set(rows) == {f"{rep}/{name}" for rep, names in CALLS.items() for name in names}
    for file, row in rows.items():
        assert row["verdict"] in EXPECTED[file.split("/")[1]]["verdict"].split("|"), file
    swapped = rows["ana/swapped.flac"]
    assert (swapped["rep"], swapped["prospect"]) == ("Ana Ruiz", "Brian")
    assert (swapped["date"], swapped["number"]) == ("2026-11-03 09:30:00", "415-555-0136 / 415-555-0163")
    assert swapped["number_agrees_verdict"] == "fail"
    assert rows["ben/no_number.flac"]["number_given_verdict"] == "fail"
    assert rows["ben/pass_memo.m4a"]["rep"] == "ben", "not in the list: its folder's name"

    page = (folder / "results" / "report.html").read_text(encoding="utf-8")
    assert page.index("<h3>ben/no_number.flac") < page.index("<h3>ana/pass_male.flac"), "the worst first"
    assert 'src="../calls/ana/swapped.flac"' in page
    assert "Slipping" not in page, "two or three messages make no trend"

    wrong = run(folder, "batch", "cals", "--output", "results")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert (folder / "results" / "summary.csv").read_text(encoding="utf-8") == table

    shutil.rmtree(folder / "calls")
    again = run(folder, "report", "results")
    assert again.returncode == 0, again.stderr
    assert (folder / "results" / "report.html").read_text(encoding="utf-8") == page
    assert (folder / "results" / "summary.csv").read_text(encoding="utf-8") == table
