from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest
from planted import BAD, GOOD, PlantedListener, write
from typer.testing import CliRunner, Result

from voicecheck.batch import pool, worker
from voicecheck.batch import run as batch_run
from voicecheck.batch.find import find_messages, find_remote
from voicecheck.batch.lists import read_list
from voicecheck.batch.run import Workers
from voicecheck.cli import app
from voicecheck.cli.progress import Tally
from voicecheck.errors import VoicecheckError
from voicecheck.hearing.hearing import Hearing
from voicecheck.listener import Listener
from voicecheck.scorecard.across import Message, Row

WHOLE = ["scorecards.jsonl", "summary.csv", "report.html"]


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No model; a cache of one's own; the names of the files that were listened to."""
    monkeypatch.setattr("voicecheck.listener.Listener", PlantedListener)
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLANTED_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


class ThisProcess:
    """Hears as a worker does, in this process: a worker takes a second to start."""

    def __init__(self, listener: Listener, region: str, _workers: Workers) -> None:
        worker._listener, worker._region = listener, region

    def __enter__(self) -> ThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def run(self, batches: Sequence[Sequence[Path]]) -> Iterator[tuple[Path, Hearing | VoicecheckError]]:
        for batch in batches:
            yield from zip(batch, worker.hear(batch), strict=True)


@pytest.fixture(autouse=True)
def _workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No processes but in the tests that are about them."""
    if not request.node.get_closest_marker("slow") and "real_workers" not in request.fixturenames:
        monkeypatch.setattr(batch_run, "listening_pool", ThisProcess)


@pytest.fixture
def real_workers() -> None:
    """Asks for workers in processes of their own."""


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Two reps, three good messages and a bad one."""
    folder = tmp_path / "calls"
    for name in ("dana/good_2.wav", "dana/good_10.wav", "bo/bad_1.wav", "bo/good_1.wav"):
        write(folder / name, BAD if "bad" in name else GOOD)
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["batch", *map(str, arguments)])


def lines(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "scorecards.jsonl").read_text().splitlines()]


def rows_of_table(output: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((output / "summary.csv").read_text().splitlines()))


def heard(log: Path) -> Counter[str]:
    return Counter(log.read_text().splitlines() if log.exists() else [])


@pytest.mark.usefixtures("real_workers")
def test_a_folder_becomes_lines_a_table_and_a_page(calls: Path, tmp_path: Path) -> None:
    done = run(calls, "-o", tmp_path / "out", "--jobs", "1")
    assert done.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(WHOLE)
    found = [
        (line["message"]["file"], line["message"]["rep"], line["verdict"]) for line in lines(tmp_path / "out")
    ]
    assert found == [
        ("bo/bad_1.wav", "bo", "fail"),
        ("bo/good_1.wav", "bo", "pass"),
        ("dana/good_2.wav", "dana", "pass"),
        ("dana/good_10.wav", "dana", "pass"),
    ]
    table = rows_of_table(tmp_path / "out")
    assert [(row["file"], row["verdict"], row["number_given_verdict"]) for row in table][:2] == [
        ("bo/bad_1.wav", "fail", "fail"),
        ("bo/good_1.wav", "pass", "pass"),
    ]
    assert "4 messages: 3 pass, 0 review, 1 fail, 0 not analysed" in done.stdout
    assert "4 of 4 done, 0 failed" in done.stderr


def test_all_passed_is_zero(tmp_path: Path) -> None:
    write(tmp_path / "calls" / "good.wav", GOOD)
    assert run(tmp_path / "calls", "-o", tmp_path / "out", "--jobs", "1").exit_code == 0


def test_a_second_run_listens_to_nothing_and_says_the_same(calls: Path, tmp_path: Path, log: Path) -> None:
    for output in ("one", "two"):
        run(calls, "-o", tmp_path / output, "--jobs", "1")
    assert set(heard(log).values()) == {1}
    assert lines(tmp_path / "one") == lines(tmp_path / "two")


def test_another_rubric_judges_again_without_listening(calls: Path, tmp_path: Path, log: Path) -> None:
    run(calls, "-o", tmp_path / "out", "--jobs", "1")
    (tmp_path / "strict.toml").write_text("[checks.length]\nmax_s = 5\ntarget_s = 5")
    run(calls, "-o", tmp_path / "out", "--rubric", tmp_path / "strict.toml")
    assert {line["verdict"] for line in lines(tmp_path / "out")} == {"fail"}
    assert sum(heard(log).values()) == 4


def test_a_copy_under_another_name_is_known_and_keeps_its_name(
    calls: Path, tmp_path: Path, log: Path
) -> None:
    run(calls, "-o", tmp_path / "out", "--jobs", "1")
    copy = tmp_path / "copy" / "renamed.wav"
    copy.parent.mkdir()
    copy.write_bytes((calls / "bo" / "good_1.wav").read_bytes())
    run(copy, "-o", tmp_path / "out")
    assert [line["source"]["name"] for line in lines(tmp_path / "out")] == ["renamed.wav"]
    assert sum(heard(log).values()) == 4


def test_without_the_cache_everything_is_heard_again(calls: Path, tmp_path: Path, log: Path) -> None:
    for _ in range(2):
        run(calls, "-o", tmp_path / "out", "--jobs", "1", "--no-cache")
    assert set(heard(log).values()) == {2}


@pytest.mark.slow
def test_damaged_files_crashes_and_hangs_are_rows_and_every_good_file_is_scored(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "START_MAX_S", 20.0)
    good = calls / "bo" / "good_1.wav"
    (calls / "empty.wav").touch()
    (calls / "text.wav").write_text("Dear Sir or Madam, this is a letter and no recording.")
    (calls / "cut.flac").write_bytes(b"fLaC" + bytes(30))
    (calls / "folder.wav").mkdir()
    (calls / "=crash.wav").write_bytes(good.read_bytes() + b"1")
    (calls / "hang.wav").write_bytes(good.read_bytes() + b"2")
    done = run(calls, "-o", tmp_path / "out", "--time-limit", "5", "--jobs", "2")
    assert done.exit_code == 3
    failures = {line["message"]["file"]: line["error"] for line in lines(tmp_path / "out") if "error" in line}
    assert set(failures) == {"empty.wav", "text.wav", "cut.flac", "folder.wav", "=crash.wav", "hang.wav"}
    assert "SIGSEGV" in failures["=crash.wav"]
    assert "took more than 5 s" in failures["hang.wav"]
    assert "'=crash.wav" in (tmp_path / "out" / "summary.csv").read_text()
    assert Counter(line.get("verdict") for line in lines(tmp_path / "out")) == {None: 6, "pass": 3, "fail": 1}
    complaints = done.stderr.splitlines()[-7:]
    assert complaints[-1] == "6 of 10 files could not be analysed"
    assert all(line.startswith("voicecheck: ") for line in complaints[:-1])
    assert sum("hang.wav" in line for line in complaints) == 1


def test_a_list_names_reps_prospects_and_numbers(calls: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "\ufefffile,rep,company,prospect,expected_number\n"
        "calls/bo/good_1.wav,Bo Larsen,Acme Tools,Ann,416-555-0189\n"
        "calls/dana/good_2.wav,,,Brian,(416) 555-0198\n",
        encoding="utf-8",
    )
    done = run(calls, "--list", tmp_path / "list.csv", "-o", tmp_path / "out", "--jobs", "1")
    by_file = {line["message"]["file"]: line for line in lines(tmp_path / "out")}
    message = by_file["bo/good_1.wav"]["message"]
    when = datetime.fromtimestamp(int((calls / "bo" / "good_1.wav").stat().st_mtime))
    assert message == {
        "file": "bo/good_1.wav",
        "rep": "Bo Larsen",
        "company": "Acme Tools",
        "date": when.isoformat(sep=" "),
        "prospect": "Ann",
        "expected_number": "4165550189",
        "sound": "../calls/bo/good_1.wav",
    }
    assert by_file["bo/good_1.wav"]["verdict"] == "fail"
    assert by_file["dana/good_2.wav"]["message"]["rep"] == "dana"
    assert by_file["dana/good_2.wav"]["verdict"] == "pass"
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\n,,,\nfile,rep,expected_number,date\nbo/good_1.wav,José,416-555-0189,2026-11-02\n", "utf-8"),
        ("file,rep,expected_number,date\nbo/good_1.wav,José,416-555-0189,2026-11-02\n", "utf-8"),
        ("\ufeffFile; Rep ;Expected Number;Date\r\nbo\\good_1.wav;José;4165550189.0;2026-11-02\r\n", "utf-8"),
        ("FILENAME\tAgent\tPhone\tRecorded at\ngood_1.wav\tJosé\t416-555-0189\t2026-11-02 00:00", "cp1252"),
        ("file,rep,number,date,\n\ncalls/bo/good_1.wav,José,+1 (416) 555-0189,2026-11-02,\n", "utf-16"),
        ("sep=;\r\nfile;rep;number;date\r\ngood_1.wav;José;4165550189,0;2026-11-02\r\n", "cp1252"),
        ('"sep=|"\nfile, name|rep|number|date\ngood_1.wav|José|\'4165550189|2026-11-02\n', "utf-8-sig"),
        ('file,rep,phone,date\n="good_1.wav",="José","=""4165550189""",="2026-11-02"\n', "utf-8"),
        ("file,rep,phone,date\rgood_1.wav,José,tel:+1-416-555-0189,2026-11-02\r", "utf-8"),
    ],
    ids=[
        "behind empty lines",
        "plain",
        "semicolons, a mark, Windows",
        "tabs, Latin-1",
        "UTF-16, an empty column",
        "the separator told, decimal comma",
        "an odd separator told in quotes, an apostrophe",
        "cells as formulas",
        "a link, lines as old Macs end them",
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(
    calls: Path, tmp_path: Path, text: str, encoding: str
) -> None:
    """No column is passed over, and its file is one of the four in the folder."""
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    found = find_messages([calls], read_list(tmp_path / "list.csv"))
    assert len(found) == 4
    (message,) = (each.message for each in found if each.message.file == "bo/good_1.wav")
    assert (message.rep, message.date) == ("José", datetime(2026, 11, 2))
    assert (message.expected or "").removeprefix("+1") == "4165550189"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("rep\nx.wav\n", "no column file"),
        ("file,expected_number\nx.wav,12\n", "line 2: '12' is not a phone number"),
        ("file,expected_number\nx.wav,4.16E+09\n", "line 2: '4.16E+09' lost its last digits"),
        ("file,nummer,wer\nx.wav,1,2\n", "unknown columns 'nummer', 'wer'; columns are file, rep,"),
        ("file,phone,number\nx.wav,1,2\n", "two columns expected_number: 'phone' and 'number'"),
        ("file,date\nx.wav,25.11.26\n", "line 2: '25.11.26' is not a date: write it as 2026-11-25"),
        ("file,rep\nana/x.flac,Ana\n", "line 2: no ana/x.flac in calls or beside list.csv"),
        ("file\nbo/good_1.wav\ncalls/bo/good_1.wav\n", "lines 2 and 3: both name calls/bo/good_1.wav"),
        (
            "file,rep,\nbo/good_1.wav,Bo,416-555-0198\n",
            "line 2: '416-555-0198' stands in a column without a heading",
        ),
        ("file,rep\nbo/good_1.wav,Larsen, Bo\n", "line 2: more cells than headings"),
        ("file,rep\n,Bo\n", "line 2: names no file"),
        ("file\nbo/good\0_1.wav\n", "not a text file"),
        ('file\n"bo/good_1.wav\n', "not CSV"),
        ("file,rep\nbo/good_1.wav,\x1b[2Jx\n", "holds a character that is not text"),
        ("", "no column file"),
    ],
)
def test_a_wrong_list_is_one_line_before_anything_is_heard(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, text: str, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(text)
    done = run("calls", "--list", "list.csv", "-o", tmp_path / "out")
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, complaint in line) == (2, True), line
    assert (heard(log), (tmp_path / "out").exists()) == ({}, False)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "nothing to score"),
        (["*.nothing"], "no file matches this pattern"),
        (["empty"], "no audio files in this folder"),
        (["cals"], "cals: there is no such file or folder"),
        (["calls", "-o", " "], "--output must name a folder"),
        (["calls", "--time-limit", "inf"], "time limit must be"),
        (["calls", "--time-limit", "nan"], "time"),
        (["calls", "--jobs", "99999"], "--jobs"),
        (["calls", "--region", "Narnia"], "unknown region"),
        (["calls", "-o", "calls/bo/good_1.wav"], "name another folder with --output"),
    ],
)
def test_wrong_usage_is_told_in_one_line(
    calls: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], complaint: str
) -> None:
    monkeypatch.chdir(calls.parent)
    (calls.parent / "empty").mkdir()
    done = run(*arguments)
    assert done.exit_code == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", ["cals", "empty"])
def test_a_wrong_folder_touches_no_earlier_result(calls: Path, tmp_path: Path, wrong: str) -> None:
    (tmp_path / "empty").mkdir()
    run(calls, "-o", tmp_path / "out", "--jobs", "1")
    before = {file: (tmp_path / "out" / file).read_bytes() for file in WHOLE}
    assert run(tmp_path / wrong, "-o", tmp_path / "out").exit_code == 2
    assert {file: (tmp_path / "out" / file).read_bytes() for file in WHOLE} == before


def test_hidden_files_and_copies_are_passed_over_and_others_are_named(tmp_path: Path) -> None:
    """macOS puts ``._x.wav`` beside a file on another disk; Asterisk keeps each message in three formats."""
    folder = tmp_path / "calls"
    write(folder / "msg0000.wav", GOOD)
    write(folder / "msg0000.WAV", GOOD)
    write(folder / ".trash" / "old.wav", GOOD)
    for name in ("msg0000.gsm", "msg0000.txt", "list.xlsx"):
        (folder / name).write_bytes(b"x")
    (folder / "._msg0000.wav").write_bytes(b"\x00\x05\x16\x07" + bytes(100))
    done = run(folder, "-o", tmp_path / "out", "--jobs", "1")
    assert done.exit_code == 0
    assert [line["message"]["file"] for line in lines(tmp_path / "out")] == ["msg0000.wav"]
    assert "passed over, as no recordings or as copies: 4 files (list.xlsx, " in done.stderr


@pytest.mark.parametrize("place", ["memory://calls", "memory://calls/**"])
def test_hidden_files_and_copies_are_passed_over_at_an_address_too(place: str) -> None:
    files = fsspec.filesystem("memory")
    for name in (
        "dana/msg0000.wav",
        "dana/msg0000.WAV",
        "dana/msg0000.gsm",
        "dana/._msg0000.wav",
        ".old/a.wav",
    ):
        files.pipe_file(f"/calls/{name}", b"x")
    assert [each.url for each in find_remote([place])] == ["memory:///calls/dana/msg0000.wav"]


def test_a_folder_and_a_line_of_the_list_may_bring_a_rubric_of_their_own(calls: Path, tmp_path: Path) -> None:
    (calls / "bo" / "rubric.toml").write_text('name = "bo"\n[checks.length]\nmax_s = 5\ntarget_s = 5')
    (tmp_path / "d.toml").write_text('name = "dana"\n[checks.length]\nmax_s = 5\ntarget_s = 5')
    (tmp_path / "list.csv").write_text("file,rubric\ndana/good_2.wav,d.toml\nbo/good_1.wav,sales-voicemail\n")
    run(calls, "--list", tmp_path / "list.csv", "-o", tmp_path / "out", "--jobs", "1")
    table = {row["file"]: (row["rubric"], row["verdict"]) for row in rows_of_table(tmp_path / "out")}
    assert table == {
        "bo/bad_1.wav": ("bo", "fail"),
        "bo/good_1.wav": ("sales-voicemail", "pass"),
        "dana/good_2.wav": ("dana", "fail"),
        "dana/good_10.wav": ("sales-voicemail", "pass"),
    }


def test_patterns_folders_and_files_give_each_file_once(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("calls/*/good_1*.wav", "calls/dana", "calls/dana/good_2.wav", "-o", "out", "--jobs", "1")
    assert [line["message"]["file"] for line in lines(tmp_path / "out")] == [
        "bo/good_1.wav",
        "dana/good_2.wav",
        "dana/good_10.wav",
    ]


def test_the_page_is_made_again_without_a_recording(calls: Path, tmp_path: Path, log: Path) -> None:
    (calls / "text.wav").write_text("Dear Sir or Madam, this is a letter and no recording.")
    out = tmp_path / "out"
    run(calls, "-o", out, "--jobs", "1")
    before = {file: (out / file).read_bytes() for file in WHOLE}
    shutil.rmtree(calls)
    for file in WHOLE[1:]:
        (out / file).unlink()
    done = CliRunner().invoke(app, ["report", str(out)])
    assert done.exit_code == 0, done.stderr
    assert {file: (out / file).read_bytes() for file in WHOLE} == before
    (tmp_path / "strict.toml").write_text('name = "strict"\n[checks.length]\nmax_s = 5\ntarget_s = 5')
    CliRunner().invoke(app, ["report", str(out), "--rubric", str(tmp_path / "strict.toml")])
    assert Counter(row["verdict"] for row in rows_of_table(out)) == {"fail": 4, "not_analysed": 1}
    refused = CliRunner().invoke(app, ["report", str(out)])
    assert (refused.exit_code, "judged by strict" in refused.stderr) == (2, True)
    assert sum(heard(log).values()) == 4


@pytest.mark.parametrize("text", [None, "", "{}\n", "no json\n", "[1]\n"])
def test_what_is_no_batchs_result_is_told_in_one_line(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "scorecards.jsonl").write_text(text)
    done = CliRunner().invoke(app, ["report", str(tmp_path)])
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, "scorecards.jsonl: " in line) == (2, True)


def test_limit_takes_the_first(calls: Path, tmp_path: Path) -> None:
    run(calls, "-o", tmp_path / "out", "--limit", "2", "--jobs", "1")
    assert [line["message"]["file"] for line in lines(tmp_path / "out")] == ["bo/bad_1.wav", "bo/good_1.wav"]


def test_json_is_alone_on_stdout(calls: Path, tmp_path: Path) -> None:
    done = run(calls, "-o", tmp_path / "out", "--json", "--jobs", "1")
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(line["message"]["file"] for line in printed) == [
        line["message"]["file"]
        for line in sorted(lines(tmp_path / "out"), key=lambda each: each["message"]["file"])
    ]
    assert "4 messages" in done.stderr


# ---- cut off, and beside each other: real processes ----


def start(calls: Path, output: Path, *, wait_s: float = 0.0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("planted.py")),
            "batch",
            str(calls),
            "-o",
            str(output),
            "--jobs",
            "2",
        ],
        env={**os.environ, "PLANTED_WAIT_S": str(wait_s)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def wait_for(log: Path, n_heard: int) -> None:
    deadline_s = time.monotonic() + 240
    while sum(heard(log).values()) < n_heard:
        assert time.monotonic() < deadline_s, "nothing is heard"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
def test_a_disk_that_fills_up_leaves_whole_lines_and_the_next_run_goes_on(
    many: Path, tmp_path: Path, log: Path
) -> None:
    """No file may grow beyond 64 kB: about three cards."""
    import resource

    program = str(Path(__file__).with_name("planted.py"))
    done = subprocess.run(
        [sys.executable, program, "batch", str(many), "-o", str(tmp_path / "out"), "-q", "--jobs", "1"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 3
    (complaint,) = done.stderr.splitlines()
    assert "scorecards.jsonl: " in complaint
    assert "the same command goes on from here" in complaint
    assert 0 < len(lines(tmp_path / "out")) < 40
    second = start(many, tmp_path / "out")
    second.communicate(timeout=240)
    assert (second.returncode, len(lines(tmp_path / "out"))) == (0, 40)


@pytest.mark.parametrize("batch", [1, 8])
def test_the_time_left_is_never_a_wild_guess(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """200 messages, eight in ten seconds, after twenty seconds of loading the model."""
    now_s = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    tally = Tally(n_all=200)
    for number in range(200):
        now_s = 20 + (number // batch + 1) * batch * 10 / 8
        tally.count(Row(message=Message(file="x"), error="x"), True)
        found = re.search(r"(\d+):(\d+) left", tally.line())
        assert found or number * 10 / 8 < 2 * 10 + 5
        left_s = (199 - number) * 10 / 8
        if found and left_s > 30:
            told_s = 60 * int(found[1]) + int(found[2])
            assert left_s / 2 < told_s < left_s * 2


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    for number in range(40):
        write(folder / f"good_{number}.wav", GOOD)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_cut_off_goes_on_where_it_was(many: Path, tmp_path: Path, log: Path, how: int) -> None:
    """Only the two batches of eight in hand may be heard twice."""
    first = start(many, tmp_path / "out", wait_s=0.2)
    wait_for(log, 20)
    assert first.poll() is None, "the run was over before it was cut off"
    if how == signal.SIGINT:
        os.killpg(first.pid, how)  # as a terminal does: to everyone
    else:
        first.send_signal(how)
    _, complaints = first.communicate(timeout=120)
    if how == signal.SIGKILL:
        assert first.returncode == -how
        time.sleep(2.5)  # orphans look for their parent once a second
        orphans_heard = heard(log)
        time.sleep(0.5)
        assert heard(log) == orphans_heard
    else:
        assert first.returncode == 130
        assert "the same command goes on from here" in complaints
        assert "Traceback" not in complaints
    second = start(many, tmp_path / "out")
    second.communicate(timeout=240)
    assert second.returncode == 0
    assert len(lines(tmp_path / "out")) == 40
    assert sum(heard(log).values()) <= 40 + 16
    assert len(heard(log)) == 40


@pytest.mark.slow
def test_two_runs_at_once_leave_one_complete_result(many: Path, tmp_path: Path) -> None:
    both = [start(many, tmp_path / "out", wait_s=0.01) for _ in range(2)]
    for each in both:
        _, complaints = each.communicate(timeout=240)
        assert each.returncode == 0, complaints
    assert (
        len({line["message"]["file"] for line in lines(tmp_path / "out")})
        == len(lines(tmp_path / "out"))
        == 40
    )
    assert len(rows_of_table(tmp_path / "out")) == 40
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(WHOLE)


@pytest.mark.parametrize(("n_files", "n_processes"), [(24, 2), (40, 2), (7, 3), (2, 4), (1, 1), (100, 3)])
def test_every_process_gets_as_much_to_hear(tmp_path: Path, n_files: int, n_processes: int) -> None:
    # Files of 100, 200, ... bytes: the round of the process that hears most is the time that all take.
    paths = [tmp_path / f"{size}.wav" for size in range(1, n_files + 1)]
    for size, path in enumerate(paths, start=1):
        path.write_bytes(bytes(100 * size))
    workers = Workers(n_processes=n_processes, files_per_batch=16)
    batches = batch_run._batches(paths, workers)
    assert sorted(path for batch in batches for path in batch) == sorted(paths)
    assert max(map(len, batches)) <= 16
    for first in range(0, len(batches), n_processes):
        turn = [sum(path.stat().st_size for path in batch) for batch in batches[first : first + n_processes]]
        largest = max(path.stat().st_size for batch in batches[first : first + n_processes] for path in batch)
        assert max(turn) - min(turn) <= largest
