from __future__ import annotations

import builtins
import csv
import io
import json
import os
import struct
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake import FakeTranscriber
from planted import BAD, GOOD, write
from sounds import transcript
from typer.testing import CliRunner, Result

from voicecheck import __version__
from voicecheck.batch.lists import read_list
from voicecheck.cli import app
from voicecheck.errors import EngineError, ParameterError
from voicecheck.hearing.cache import ReadingCache
from voicecheck.listener import Listener
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.weights import ModelStatus


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "voicecheck.hearing.cache.default_cache", lambda: ReadingCache(folder=tmp_path / "readings")
    )
    monkeypatch.setattr("voicecheck.speech.quantized.quantized_folder", lambda: tmp_path / "int8")


@pytest.fixture
def _hears_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model: every file is heard as the good message."""
    monkeypatch.setattr(Listener, "transcriber", FakeTranscriber(transcript=transcript(GOOD)))


@pytest.fixture
def _hears_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listener, "transcriber", FakeTranscriber(transcript=transcript(BAD)))


def test_help_and_version() -> None:
    assert run("--version").stdout.strip() == f"voicecheck {__version__}"
    for command in (
        [],
        ["score"],
        ["batch"],
        ["rubric"],
        ["schema"],
        ["models"],
        ["models", "fetch"],
        ["models", "verify"],
        ["demo"],
        ["cache"],
        ["cache", "clear"],
        ["report"],
    ):
        done = run(*command, "--help")
        assert done.exit_code == 0
        assert "Usage" in done.stdout
        assert ("Example: voicecheck " if command else "Start here: voicecheck demo") in done.stdout


@pytest.mark.usefixtures("_hears_good")
def test_a_passing_message_exits_with_zero(tmp_path: Path) -> None:
    done = run("score", write(tmp_path / "good.wav", GOOD))
    assert done.exit_code == 0
    assert done.stdout.startswith("PASS  good.wav")
    assert "416-555-0198" in done.stdout
    assert "good.wav" in done.stderr


@pytest.mark.usefixtures("_hears_bad")
def test_a_failing_message_exits_with_one(tmp_path: Path) -> None:
    done = run("score", write(tmp_path / "bad.wav", BAD))
    assert done.exit_code == 1
    assert done.stdout.startswith("FAIL  bad.wav")


@pytest.mark.usefixtures("_hears_good")
def test_json_is_one_object_a_line_on_stdout_alone(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.wav", GOOD) for name in "ab"]
    done = run("score", "--json", "--quiet", *files)
    cards = [json.loads(line) for line in done.stdout.splitlines()]
    assert [card["source"]["name"] for card in cards] == ["a.wav", "b.wav"]
    assert {card["schema"] for card in cards} == {"voicecheck.scorecard/1"}
    assert done.stderr == ""


@pytest.mark.usefixtures("_hears_good")
@pytest.mark.parametrize(
    ("format_", "start"),
    [
        ("json", '{"schema": "voicecheck.scorecard/1"'),
        ("csv", "file,rep,company,date,prospect"),
        ("srt", "1\n00:00:00,5"),
        ("vtt", "WEBVTT"),
        ("textgrid", 'File type = "ooTextFile"'),
        ("labels", "0.5"),
    ],
)
def test_a_card_can_be_had_for_other_tools(tmp_path: Path, format_: str, start: str) -> None:
    done = run("score", "--quiet", "--format", format_, write(tmp_path / "good.wav", GOOD))
    assert done.exit_code == 0
    assert done.stdout.startswith(start)


@pytest.mark.usefixtures("_hears_good")
def test_several_cards_are_one_table_and_no_subtitles(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.wav", GOOD) for name in "ab"]
    assert [line.split(",")[0] for line in run("score", "--format", "csv", *files).stdout.splitlines()] == [
        "file",
        "a.wav",
        "b.wav",
    ]
    done = run("score", "--format", "srt", *files)
    assert done.exit_code == 2
    assert "takes one file, got 2" in done.stderr


def test_score_recalls_what_it_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    for words, options in ((GOOD, []), (BAD, []), (BAD, ["--no-cache"])):
        monkeypatch.setattr(Listener, "transcriber", FakeTranscriber(transcript=transcript(words)))
        done = run("score", path, *options)
        assert done.exit_code == (1 if options else 0)


@pytest.mark.usefixtures("_hears_good")
def test_a_folder_means_its_audio_files(tmp_path: Path) -> None:
    (folder := tmp_path / "calls").mkdir()
    write(folder / "b.wav", GOOD)
    write(folder / "deep" / "a.wav", GOOD)
    (folder / "notes.txt").write_text("no audio")
    done = run("score", "--json", folder)
    assert [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()] == ["b.wav", "a.wav"]
    assert done.stderr.splitlines()[-1] == "passed over, as no recordings or as copies: 1 file (notes.txt)"


@pytest.mark.usefixtures("_hears_good")
def test_a_bad_file_never_stops_the_others_and_shows_in_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a_text.wav").write_text("Dear Sir or Madam, this is no audio at all.")
    (tmp_path / "b_empty.wav").write_bytes(b"")
    write(tmp_path / "c_good.wav", GOOD)
    done = run("score", "--json", tmp_path, tmp_path / "missing.wav")
    assert done.exit_code == 3
    assert [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()] == ["c_good.wav"]
    complaints = [line for line in done.stderr.splitlines() if line.startswith("voicecheck: ")]
    assert len(complaints) == 3
    for name, line in zip(("a_text.wav", "b_empty.wav", "missing.wav"), complaints, strict=True):
        assert name in line
    assert "3 of 4 files could not be analysed" in done.stderr


@pytest.mark.usefixtures("_hears_good")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--expect", "12"], "'12' is not a phone number"),
        (["--region", "Narnia"], "unknown region"),
        (["--rubric", "missing.toml"], "missing.toml: No such file"),
        (["--model", "enormous"], "enormous"),
    ],
)
def test_a_wrong_setting_is_wrong_usage_in_one_line(
    arguments: list[str], complaint: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if "--model" in arguments:
        request.getfixturevalue("monkeypatch").undo()
    done = run("score", write(tmp_path / "good.wav", GOOD), *arguments)
    assert done.exit_code == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("_hears_good")
def test_a_wrong_rubric_names_the_file_and_the_key(tmp_path: Path) -> None:
    rubric = tmp_path / "ours.toml"
    rubric.write_text("[checks.length]\nmax_s = -3")
    done = run("score", write(tmp_path / "good.wav", GOOD), "--rubric", rubric)
    assert done.exit_code == 2
    assert "ours.toml" in done.stderr
    assert "length.max_s must lie between 1 and 600, got -3" in done.stderr


@pytest.mark.usefixtures("_hears_good")
def test_a_rubric_changes_the_verdict(tmp_path: Path) -> None:
    rubric = tmp_path / "strict.toml"
    rubric.write_text('name = "strict"\n[checks.length]\nmax_s = 10\ntarget_s = 8')
    done = run("score", "--json", write(tmp_path / "good.wav", GOOD), "--rubric", rubric)
    card = json.loads(done.stdout)
    assert (done.exit_code, card["verdict"], card["rubric"]["name"]) == (1, "fail", "strict")


@pytest.mark.usefixtures("_hears_good")
def test_the_expected_number_may_be_written_as_people_do(tmp_path: Path) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    assert run("score", path, "--expect", "(416) 555-0198").exit_code == 0
    assert run("score", path, "--expect", "416.555.0189").exit_code == 1


def test_a_folder_without_audio_is_wrong_usage(tmp_path: Path) -> None:
    done = run("score", tmp_path)
    assert done.exit_code == 2
    assert "no audio files in this folder" in done.stderr


def test_a_missing_model_is_told_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise EngineError("model base: not found; three ways to get it")

    monkeypatch.setattr("voicecheck.speech.weights.find_model", nowhere)
    done = run("score", write(tmp_path / "good.wav", GOOD))
    assert done.exit_code == 3
    assert done.stderr == "voicecheck: model base: not found; three ways to get it\n"


def test_rubric_prints_the_one_in_force(tmp_path: Path) -> None:
    assert 'name = "sales-voicemail"' in run("rubric").stdout
    short = tmp_path / "short.toml"
    short.write_text("[checks.length]\nmax_s = 25")
    shown = run("rubric", short).stdout
    assert "max_s = 25.0" in shown
    assert "max_wpm = 200.0" in shown
    data = json.loads(run("rubric", short, "--json").stdout)
    assert data["checks"]["length"]["max_s"] == 25.0


def test_the_demo_needs_no_file_and_names_the_next_command(monkeypatch: pytest.MonkeyPatch) -> None:
    stretch = 22.0 / BAD[-1].offset_s  # words all through the demo's recording, whose voice must be read
    words = [replace(word, onset_s=stretch * word.onset_s, offset_s=stretch * word.offset_s) for word in BAD]
    monkeypatch.setattr(Listener, "transcriber", FakeTranscriber(transcript=transcript(words)))
    done = run("demo")
    assert done.exit_code == 0
    assert done.stdout.startswith("FAIL  swapped.flac")
    assert done.stdout.rstrip().endswith("voicecheck score FILE")


def test_the_cache_tells_what_it_keeps_and_can_be_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listener, "transcriber", FakeTranscriber(transcript=transcript(GOOD)))
    run("score", write(tmp_path / "good.wav", GOOD))
    assert run("cache").stdout == f"{tmp_path / 'readings'}: what was heard in 1 recording\n"
    assert run("cache", "clear").stdout == "what was heard in 1 recording deleted\n"
    assert run("cache", "clear").stdout == "what was heard in 0 recordings deleted\n"
    assert not list((tmp_path / "readings").rglob("*.json"))


def test_copies_of_models_are_told_and_cleared(tmp_path: Path) -> None:
    copy = tmp_path / "int8" / "0123"
    copy.mkdir(parents=True)
    (copy / "model.bin").write_bytes(b"weights")
    assert run("cache").stdout.splitlines()[1] == f"{copy}: a model made ready to load"
    assert "models made ready to load: 1 deleted" in run("cache", "clear").stdout
    assert not copy.exists()


def test_schema_prints_the_schema() -> None:
    assert json.loads(run("schema").stdout)["title"] == "voicecheck scorecard"


def test_a_verified_model_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status = ModelStatus(
        name="base", path=tmp_path, source="cache", bytes=147_882_941, verified=True, checked=True
    )
    monkeypatch.setattr("voicecheck.speech.weights.verify_model", lambda _name: status)
    done = run("models", "verify", "base")
    assert (done.exit_code, done.stdout) == (0, f"Every byte of base is as it should be: {tmp_path}\n")


def test_models_lists_the_catalog() -> None:
    names = {json.loads(line)["name"] for line in run("models", "--json").stdout.splitlines()}
    assert {"tiny.en", "base"} <= names


def test_the_default_model_has_a_head() -> None:
    assert isinstance(Listener().head, DigitHead)


# ---- names, consoles, and what nobody foresaw ----


def every_exception() -> list[type[BaseException]]:
    """All of Python's own, and one as no library should raise it."""

    class Panic(BaseException):
        """What a library in another language raises when it gives up."""

    ours = (KeyboardInterrupt, SystemExit, GeneratorExit)
    own = [each for each in vars(builtins).values() if isinstance(each, type)]
    raised = [each for each in own if issubclass(each, Exception) and not issubclass(each, (*ours, Warning))]
    return [*raised, wave.Error, struct.error, subprocess.SubprocessError, Panic]


def made(error: type[BaseException]) -> BaseException:
    if issubclass(error, UnicodeDecodeError):
        return error("utf-8", b"\xff", 0, 1, "bad\nbyte")
    if issubclass(error, UnicodeEncodeError):
        return error("ascii", "\udce9", 0, 1, "bad")
    if issubclass(error, UnicodeTranslateError):
        return error("\udce9", 0, 1, "bad")
    if issubclass(error, BaseExceptionGroup):
        return error("two", [ValueError("one")])
    return error("one\ntwo")


@pytest.mark.usefixtures("_hears_good")
def test_whatever_the_decoder_raises_is_one_line_and_the_next_file_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file for each exception, and a good one behind them all."""
    from voicecheck.audio import decode

    read, errors = (
        decode.read_recording,
        {f"{each.__name__}-{at}.wav": each for at, each in enumerate(every_exception())},
    )

    def broken(path: Path, **options: object) -> object:
        if path.name in errors:
            raise made(errors[path.name])
        return read(path)

    monkeypatch.setattr(decode, "read_recording", broken)
    for name in errors:
        (tmp_path / name).write_bytes(name.encode())
    done = run(
        "score", "--json", "--quiet", *(tmp_path / name for name in errors), write(tmp_path / "z.wav", GOOD)
    )
    assert done.exit_code == 3
    assert [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()] == ["z.wav"]
    *complaints, total = done.stderr.splitlines()
    assert len(errors) > 50
    for name, complaint in zip(errors, complaints, strict=True):
        assert complaint.startswith(f"voicecheck: {name}: ")
    assert total == f"{len(errors)} of {len(errors) + 1} files could not be analysed"


ODD_NAMES = [
    b"caf\xe9.wav",
    "emoji \U0001f600.wav".encode(),
    "\u05e9\u05dc\u05d5\u05dd.wav".encode(),
    b"line\nbreak.wav",
    "form\x0cfeed \u2028 \x85.wav".encode(),
    b"\x1b[2J\x1b[31mred.wav",
    b"a\rreturn.wav",
    ("n" * 251 + ".wav").encode(),
]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_any_name_is_scored_on_any_console(tmp_path: Path, encoding: str) -> None:
    """A stand-in is shown, no control character is sent, and the name in JSON is the name."""
    folder = tmp_path / "calls"
    good = write(folder / "good.wav", GOOD).read_bytes()
    for name in ODD_NAMES:
        (folder / os.fsdecode(name)).write_bytes(good)
    names = [os.fsdecode(name) for name in ODD_NAMES]
    for arguments in (
        ["score"],
        ["score", "--json"],
        ["score", "--format", "csv"],
        ["batch", "-o", tmp_path / "out"],
    ):
        done = in_a_process(*arguments, folder, encoding=encoding, tmp_path=tmp_path)
        shown = done.stdout.decode(encoding) + done.stderr.decode(encoding)
        assert done.returncode == 0, shown
        assert "Traceback" not in shown
        if "csv" in arguments:
            table = io.StringIO(done.stdout.decode(encoding), newline="")
            assert len(list(csv.DictReader(table))) == len(names) + 1
            assert not set(shown) & {"\x1b", "\x0c", "\r"}
        elif "--json" in arguments:
            cards = [json.loads(line) for line in done.stdout.decode(encoding).splitlines()]
            assert {card["source"]["name"] for card in cards} == {*names, "good.wav"}
        else:
            assert not set(shown) & {"\x1b", "\x0c", "\u2028", "\x85"}
    lines = (tmp_path / "out" / "scorecards.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert {json.loads(line)["message"]["file"] for line in lines} == {*names, "good.wav"}
    table = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == len(lines)


def in_a_process(
    *arguments: object, encoding: str, tmp_path: Path, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """The real program, with a planted listener."""
    environment = {
        **os.environ,
        "PYTHONIOENCODING": encoding,
        "VOICECHECK_CACHE": str(tmp_path / "cache"),
        "PLANTED_LOG": str(tmp_path / "log"),
    }
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    command = [sys.executable, str(Path(__file__).with_name("planted.py")), *map(str, arguments)]
    return subprocess.run(command, env=environment, timeout=240, check=False, **options)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [["score", "--json"], ["score"], ["score", "--format", "csv"]])
def test_a_full_output_is_told_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    with Path("/dev/full").open("wb") as full:
        done = in_a_process(*arguments, "--quiet", path, encoding="utf-8", tmp_path=tmp_path, stdout=full)
    assert done.returncode == 3
    assert done.stderr.decode().splitlines() == [
        "voicecheck: standard output cannot be written: No space left on device"
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a shell's way to close it")
def test_a_closed_output_is_told_in_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    program = Path(__file__).with_name("planted.py")
    done = subprocess.run(
        ["sh", "-c", '"$0" "$1" score "$2" >&-', sys.executable, program, path],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PLANTED_LOG": str(tmp_path / "log")},
        check=False,
        timeout=240,
    )
    assert done.returncode == 3
    assert done.stderr.splitlines() == ["voicecheck: standard output is closed, so no result can be printed"]


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_ends_the_run_quietly(tmp_path: Path) -> None:
    path = write(tmp_path / "good.wav", GOOD)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = in_a_process(
            "score", "--json", "--quiet", path, encoding="utf-8", tmp_path=tmp_path, stdout=pipe
        )
    assert done.returncode == 1
    assert done.stderr == b""


ENDLESS = pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no file without an end here")


@ENDLESS
def test_a_list_without_an_end_is_not_read_to_it() -> None:
    with pytest.raises(ParameterError, match="over 64 MB"):
        read_list(Path("/dev/zero"))


@pytest.mark.usefixtures("_hears_good")
def test_a_name_that_no_system_takes_costs_no_other_file_its_card(tmp_path: Path) -> None:
    done = run("score", tmp_path / ("x" * 300 + ".wav"), write(tmp_path / "good.wav", GOOD), "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["source"]["name"] == "good.wav"
    assert "name too long" in done.stderr.lower()


@pytest.mark.usefixtures("_hears_good")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--threads", "100000"], "--threads"),
        (["--threads", "9" * 400], "--threads"),
        (["--region", ""], "--region must be one line"),
        (["--expect", "416-555-0198\n416-555-0198"], "--expect must be one line"),
        (["--expect", "4" * 5000], "phone number"),
        (["--format", "x" * 500], "--format"),
        (["--nonsense"], "--nonsense"),
        pytest.param(["--rubric", "/dev/zero"], "letters, more than", marks=ENDLESS),
    ],
)
def test_an_odd_option_is_one_line(tmp_path: Path, arguments: list[str], complaint: str) -> None:
    done = run("score", write(tmp_path / "good.wav", GOOD), *arguments)
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, line[:12]) == (2, "voicecheck: ")
    assert complaint in line
    assert max(map(len, line.split())) <= 110


@pytest.mark.parametrize(
    "text",
    [
        "[checks.length]\nmax_s = " + "9" * 400,
        "[checks.length]\nmax_s = " + "9" * 5000,
        "name = " + "[" * 500 + "]" * 500,
        "name = " + "[" * 50 + "]" * 50,
        "a" + ".a" * 50_000 + " = 1",
        ("a" + ".a" * 9_000 + " = 1\n") * 2,
        "name = '" + "x" * 15_000 + "'\nnonsense = 1",
        "[checks.length]\nmax_s = inf",
        "[checks.length]\nmax_s = nan",
        "[checks.length]\nrole = '" + "r" * 3000 + "'",
        "x" * 300_000,
        "\x00",
    ],
    ids=range(12),
)
def test_a_hostile_rubric_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    done = run("rubric", tmp_path / "r.toml")
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, "r.toml: " in line) == (2, True)
    assert max(map(len, line.split("r.toml: ")[1].split())) <= 80


def test_a_bug_of_ours_is_one_line_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LookupError("nobody\nforesaw this")

    monkeypatch.setattr("voicecheck.report.data.json_schema", broken)
    done = run("schema")
    assert done.exit_code == 3
    assert done.stderr.startswith("voicecheck: unexpected LookupError: nobody foresaw this (at rubric.py:")


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "{}/none.wav"],
        ["score", "--rubric", "{}/none.toml", "x.wav"],
        ["batch", "{}/none"],
        ["batch", "--list", "{}/none.csv", "."],
        ["report", "{}/none"],
        ["models", "fetch", "{}"],
    ],
)
def test_of_a_long_path_the_end_is_told(arguments: list[str]) -> None:
    """No value is repeated beyond 80 letters; a path's name stands at its end."""
    done = run(*(each.format("d" * 120) for each in arguments))
    *_, line = done.stderr.splitlines()
    assert done.exit_code != 0
    assert max(len(word) for word in line.split()) <= 82  # with a mark behind it
    assert "none" in line or "there is no model" in line
