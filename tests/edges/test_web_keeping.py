"""Nothing is lost: another database, a locked or a missing one, a full disk, a clock that jumps."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result
from web_app import running, send, server_of, until, wait, wav

from voicecheck.cli import app
from voicecheck.errors import ParameterError
from voicecheck.web.archive import HeldBackError
from voicecheck.web.store.statements import change_message

pytestmark = pytest.mark.slow


def run(*arguments: str | Path, text: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def files_of(folder: Path) -> set[Path]:
    return {path for path in (folder / "recordings").rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two messages that were heard."""
    folder = tmp_path / "data"
    with running(folder) as client:
        for seed in (1, 2):
            wait(client, send(client, data=wav(seed=seed)))
    return folder


def test_another_database_deletes_no_recording_and_is_refused_with_the_way_out(
    folder: Path, tmp_path: Path
) -> None:
    before = files_of(folder)
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    with pytest.raises(ParameterError, match=r"belong to another database \(sqlite.*store adopt"):
        running(folder, database_url=other).__enter__()
    assert files_of(folder) == before
    with running(folder) as client:
        assert client.get("/api/v1/messages").json()["total"] == 2


def test_a_folder_from_before_the_mark_is_not_given_to_a_database_that_knows_nothing_of_it(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "database-id").unlink()
    before = files_of(folder)
    with pytest.raises(ParameterError, match="knows none of the 2 recordings"):
        running(folder, database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}").__enter__()
    assert files_of(folder) == before


def test_a_database_is_not_given_to_a_second_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="belongs to another folder"):
        running(tmp_path / "new", database_url=f"sqlite:///{folder / 'voicecheck.sqlite3'}").__enter__()


def test_adopting_makes_messages_of_the_recordings_and_ends_the_refusal(folder: Path, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    options = ["--folder", folder, "--database", other]
    refused = run("users", "list", *options)
    assert refused.exit_code == 2
    assert "store adopt" in refused.stderr
    adopted = run("store", "adopt", "--rep", "ann", *options)
    assert (adopted.exit_code, adopted.stdout) == (0, "2 recordings became messages\n")
    with running(folder, database_url=other) as client:
        until(lambda: client.get("/api/v1/health").json()["waiting"] == 0)
        listed = client.get("/api/v1/messages").json()["messages"]
        assert [(each["rep"], each["state"]) for each in listed] == [("ann", "done")] * 2


def test_files_without_a_message_are_kept_told_and_purged_only_on_request(folder: Path) -> None:
    stranger = folder / "recordings" / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"of another database")
    assert run("store", "check", "--folder", folder).stdout.splitlines()[:3] == [
        "2 messages, 3 recordings",
        "1 recordings belong to no message:",
        f"  {'ab' * 32}",
    ]
    with running(folder) as client:
        assert "1 recordings belong to no message" in client.get("/api/v1/health").json()["notice"]
    assert stranger.exists()
    assert run("store", "purge", "--folder", folder, text="n\n").exit_code != 0
    assert stranger.exists()
    assert run("store", "purge", "--folder", folder, "--yes").exit_code == 0
    assert not stranger.exists()
    assert run("store", "check", "--folder", folder).exit_code == 0


def test_a_recording_that_is_gone_is_told(folder: Path) -> None:
    (recording,) = [path for path in files_of(folder) if not path.suffix][:1]
    recording.unlink()
    found = run("store", "check", "--folder", folder)
    assert found.exit_code == 1
    assert "is missing" in found.stdout


def test_a_clock_that_jumps_a_year_purges_nothing_before_it_is_confirmed(folder: Path) -> None:
    with running(folder) as client:
        server = server_of(client)
        for message in client.get("/api/v1/messages").json()["messages"]:
            change_message(
                server.store.engine, message["id"], received_at=datetime.now(UTC) - timedelta(days=365)
            )
        with pytest.raises(HeldBackError, match="2 of 2 messages are older than 30 days"):
            server.archive.delete_older_than(30)
    with running(folder, keep_days=30) as client:
        until(lambda: client.get("/api/v1/health").json()["notice"] is not None)
        assert "store purge --keep-days 30" in client.get("/api/v1/health").json()["notice"]
        assert client.get("/api/v1/messages").json()["total"] == 2
    assert run("store", "purge", "--folder", folder, "--keep-days", "30", "--yes").exit_code == 0
    with running(folder) as client:
        assert client.get("/api/v1/messages").json()["total"] == 0
    assert files_of(folder) == set()


def lock(folder: Path) -> sqlite3.Connection:
    """Hold the database as another program's long write would."""
    connection = sqlite3.connect(folder / "voicecheck.sqlite3", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecheck.web.store.database.BUSY_MAX_S", 0.1)
    monkeypatch.setattr("voicecheck.web.listening.worker.WRITE_AGAIN_S", (0.1,))


@pytest.mark.usefixtures("_impatient")
def test_what_was_heard_while_the_database_was_locked_is_written_once_it_is_free(tmp_path: Path) -> None:
    holds: list[sqlite3.Connection] = []
    with running(tmp_path) as client:
        process = server_of(client).worker._process
        hear = process.ask

        def ask(*arguments: object, **more: object) -> dict[str, object]:
            heard = hear(*arguments, **more)  # type: ignore[arg-type]
            holds.append(lock(tmp_path))
            return heard

        process.ask = ask  # type: ignore[method-assign,assignment]
        message_id = send(client)
        until(lambda: client.get("/healthz").status_code == 503)
        health = client.get("/api/v1/health").json()
        assert (health["status"], health["complaint"]) == (
            "degraded",
            "what was heard cannot be written; trying again",
        )
        assert client.get(f"/api/v1/messages/{message_id}").json()["state"] == "listening"
        process.ask = hear  # type: ignore[method-assign]
        holds.pop().close()
        assert wait(client, message_id)["state"] == "done"
        until(lambda: client.get("/healthz").status_code == 200)


@pytest.mark.usefixtures("_impatient")
def test_an_upload_and_a_deletion_while_locked_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        before = files_of(tmp_path)
        holder = lock(tmp_path)
        refused = client.post("/api/v1/messages", content=wav(seed=9))
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
        assert client.delete(f"/api/v1/messages/{message_id}").status_code == 503
        assert client.post("/api/v1/messages", content=wav()).status_code == 503, "of the same recording"
        assert files_of(tmp_path) == before
        holder.close()
        assert client.post("/api/v1/messages", content=wav(seed=9)).status_code == 202
        assert client.delete(f"/api/v1/messages/{message_id}").status_code == 204


@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_that_is_taken_away_takes_no_more_messages(tmp_path: Path, replaced: bool) -> None:
    with running(tmp_path) as client:
        wait(client, send(client))
        path = tmp_path / "voicecheck.sqlite3"
        path.rename(tmp_path / "away.sqlite3")
        if replaced:
            path.write_bytes(b"")
        refused = client.post("/api/v1/messages", content=wav(seed=3))
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unable")
        assert "removed or replaced" in refused.json()["error"]["message"]
        assert client.get("/healthz").status_code == 503
        path.unlink(missing_ok=True)
        (tmp_path / "away.sqlite3").rename(path)
        until(lambda: client.get("/healthz").status_code == 200)
        assert wait(client, send(client, data=wav(seed=3)))["state"] == "done"


def test_a_deletion_on_a_full_disk_is_told_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(server_of(client).store.messages, "delete", full)
            refused = client.delete(f"/api/v1/messages/{message_id}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (507, "disk_full")
        assert client.get(f"/api/v1/messages/{message_id}").status_code == 200
        assert client.delete(f"/api/v1/messages/{message_id}").status_code == 204


def test_a_message_that_waits_tells_its_place_and_can_be_cancelled(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        server_of(client).worker.stop()
        first, second, third = send(client), send(client), send(client, rep="bob")

        def ahead(client: TestClient, message_id: str) -> int:
            return int(client.get(f"/api/v1/messages/{message_id}").json()["ahead"])

        assert [ahead(client, each) for each in (first, third, second)] == [0, 1, 2]
        assert client.delete(f"/api/v1/messages/{first}").status_code == 204
        assert [ahead(client, each) for each in (second, third)] == [0, 1]
        page = client.get(f"/messages/{second}")
        assert "Cancel" in page.text


def test_a_message_that_is_being_heard_tells_how_far_it_is(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        process = server_of(client).worker._process
        hear, go_on = process.ask, threading.Event()

        def ask(task: dict[str, Any], max_s: float, *, on_decoded: Callable[[float], None]) -> dict[str, Any]:
            on_decoded(20.0)
            go_on.wait(240)
            return hear(task, max_s)

        process.ask = ask  # type: ignore[method-assign,assignment]
        message_id = send(client)

        def progress() -> float | None:
            share = client.get(f"/api/v1/messages/{message_id}").json()["progress"]
            return None if share is None else float(share)

        until(lambda: (progress() or 0.0) > 0.01)
        assert 0.0 < (progress() or 0.0) <= 0.95, "of what is not finished it is a guess, and never all"
        go_on.set()
        wait(client, message_id)
        assert progress() is None
