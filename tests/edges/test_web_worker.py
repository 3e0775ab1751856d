"""The listening process: it may crash, hang or grow, and the server goes on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from test_cli import every_exception, made
from web_app import (
    GOOD,
    PlantedListener,
    running,
    send,
    server_of,
    start_server,
    until,
    unused_port,
    wait,
    wav,
)

from voicecheck.errors import EngineError
from voicecheck.files import lock_folder
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.web.errors import ListenerDiedError
from voicecheck.web.listening import process
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.statements import change_message


@pytest.mark.slow
def test_the_server_survives_whatever_a_recording_does(tmp_path: Path) -> None:
    """One crashes the process, one hangs it, one wants 3 GiB; a good one after each is heard."""
    limit = 1024 * 2**20
    with running(tmp_path, own_process=True, listen_max_s=30.0, memory_max_bytes=limit) as client:
        wait(client, send(client, "good-1.wav"))
        first_pid = server_of(client).worker.listener_pid
        ids = {name: send(client, f"{name}.wav") for name in ("crash", "hang", "greed", "good-2")}
        after = {name: wait(client, each) for name, each in ids.items()}
        assert {name: each["state"] for name, each in after.items()} == {
            "crash": "failed",
            "hang": "failed",
            "greed": "failed",
            "good-2": "done",
        }
        assert "failed" in after["crash"]["complaint"]
        assert "given up after 30 s" in after["hang"]["complaint"]
        assert "more memory than is allowed" in after["greed"]["complaint"]
        assert server_of(client).worker.listener_pid != first_pid
        last_pid = server_of(client).worker.listener_pid
    assert last_pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(last_pid, 0)


def test_whatever_the_decoder_raises_is_one_line_and_the_next_recording_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One task for each exception, and a good one behind them all; the process lives through them."""
    errors = dict(enumerate(every_exception()))
    good = tmp_path / "good.wav"
    good.write_bytes(wav())
    read = process.read_recording

    def broken(path: Path, **options: Any) -> Any:
        if options["name"].isdigit():
            raise made(errors[int(options["name"])])
        return read(path, **options)

    task = {
        **dict.fromkeys(("expected", "rep", "company", "prospect", "start_s", "end_s", "hearing")),
        **{"rubric": default_rubric().text, "region": "US", "path": str(good)},
        **{"playable": str(tmp_path / "playable.wav"), "max_bytes": 10**7, "max_duration_s": 60.0},
    }
    start = {"memory_max_bytes": None, "checks_file": None}
    tasks = [{**task, "name": str(at)} for at in errors] + [{**task, "name": "good.wav"}]
    answers = io.StringIO()
    monkeypatch.setattr(process, "read_recording", broken)
    monkeypatch.setattr(process, "limit_memory", lambda n_bytes: None)
    monkeypatch.setattr(process, "lower_priority", lambda by: None)
    monkeypatch.setattr(process, "_private_stdout", lambda: answers)
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("".join(f"{json.dumps(each)}\n" for each in (start, *tasks)))
    )
    process.run(lambda start: PlantedListener())
    ready, *told, decoded, last = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert (ready, set(decoded), last["ok"]["card"]["verdict"]) == ({"ready": True}, {"decoded_s"}, "pass")
    assert len(told) == len(errors) > 50
    for at, each in enumerate(told):
        message = each["error"]["message"]
        assert "\n" not in message
        is_memory = issubclass(errors[at], MemoryError)
        assert message.startswith("the recording needs more memory" if is_memory else f"{at}: unexpected ")
        assert each["error"]["ours"] is not is_memory


def test_a_model_that_is_missing_is_told_by_health_and_loses_nothing(tmp_path: Path) -> None:
    settings = WebSettings(folder=tmp_path, model="enormous")
    with pytest.raises(ListenerDiedError, match="enormous"):
        ListenerProcess(settings).start()


def test_a_process_that_cannot_start_is_an_error_of_ours(tmp_path: Path) -> None:
    process = ListenerProcess(
        WebSettings(folder=tmp_path, listener_command=(sys.executable, "-c", "print('hello', flush=True)"))
    )
    with pytest.raises(ListenerDiedError):
        process.start()
    process = ListenerProcess(WebSettings(folder=tmp_path, listener_command=(str(tmp_path / "missing"),)))
    with pytest.raises(ListenerDiedError, match="cannot be started"):
        process.start()


@pytest.mark.slow
def test_a_kill_loses_no_accepted_message(tmp_path: Path) -> None:
    """Killed with messages waiting, one in hand and one half sent, it takes up the accepted ones."""
    port = unused_port()
    base = f"http://127.0.0.1:{port}"
    process = start_server(tmp_path, port)
    try:
        accepted = [
            httpx2.post(
                f"{base}/api/v1/messages", params={"name": f"good-{at}.wav"}, content=wav(GOOD, seed=at)
            )
            for at in range(6)
        ]
        assert [each.status_code for each in accepted] == [202] * 6
        (tmp_path / "recordings" / "incoming" / "half").write_bytes(b"half of a")
        (tmp_path / "recordings" / "ab").mkdir(exist_ok=True)
        (tmp_path / "recordings" / "ab" / ("ab" * 32)).write_bytes(b"kept, but never accepted")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process = start_server(tmp_path, port)
        ids = {each.json()["id"] for each in accepted}

        def found() -> list[dict[str, Any]]:
            listed: list[dict[str, Any]] = httpx2.get(f"{base}/api/v1/messages").json()["messages"]
            return listed

        until(lambda: all(each["state"] == "done" for each in found()))
        assert {each["id"] for each in found()} == ids
        assert not (tmp_path / "recordings" / "incoming" / "half").exists()
        assert (tmp_path / "recordings" / "ab" / ("ab" * 32)).exists(), "it may be another database's"
    finally:
        process.terminate()
        process.wait(10)


def test_one_server_a_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from voicecheck.files import lock_folder\n"
        "with lock_folder(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(EngineError, match="another voicecheck serve"), lock_folder(tmp_path):
            pass
        other.kill()
    with lock_folder(tmp_path):
        pass


def test_old_messages_are_deleted_when_the_server_starts(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        sha256 = server_of(client).store.messages.get(message_id).sha256
        change_message(
            server_of(client).store.engine, message_id, received_at=datetime.now(UTC) - timedelta(days=31)
        )
        young, *_ = ids = [send(client, "bad.wav") for _ in range(3)]
        for each in ids:
            wait(client, each)
    with running(tmp_path, keep_days=30) as client:
        until(lambda: client.get("/api/v1/messages").json()["total"] == 3)
        assert client.get(f"/api/v1/messages/{message_id}").status_code == 404
        assert client.get(f"/api/v1/messages/{young}").status_code == 200
        assert not server_of(client).recordings.original(sha256).exists()


def test_a_process_that_is_slow_to_die_is_left_to_the_system(tmp_path: Path) -> None:
    """On a busy machine even a killed process may take longer than anybody waits."""

    class SlowToDie(subprocess.Popen[str]):
        def wait(self, timeout: float | None = None) -> int:
            if timeout is not None:
                raise subprocess.TimeoutExpired(self.args, timeout)
            return super().wait()

    process = ListenerProcess(WebSettings(folder=tmp_path))
    child = SlowToDie(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process._process = child
    process.stop()
    assert process.pid is None
    assert child.wait() != 0
