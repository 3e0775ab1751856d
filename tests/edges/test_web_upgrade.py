"""A server over what an earlier version kept: its pages hold, and its cards are made again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_app import (
    OLD_ID,
    PlantedListener,
    PlantedProcess,
    leave_behind,
    running,
    server_of,
    until,
    wait,
    wav,
)

from voicecheck.audio.decode import read_recording
from voicecheck.hearing.hearing import to_json
from voicecheck.web.app import create_app
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.statements import change_message

pytestmark = pytest.mark.slow

NEW_KEYS = ("condition", "line_test")
OLD_CARD = {
    "verdict": "pass",
    "next_step": "Nothing.",
    "source": {"duration_s": 9.0},
    "checks": [],
    "tips": [],
    "recitations": [],
    "transcript": {"text": "Hi Dana.", "words": []},
    "engine": {"model": "base", "voicecheck": "0.0.1"},
    "rubric": {"name": "ours"},
}
"""Without the keys that came later."""


@pytest.fixture
def hearing(tmp_path: Path) -> dict[str, Any]:
    """What was heard in a good message, as this version keeps it."""
    file = tmp_path / "good.wav"
    file.write_bytes(wav())
    data: dict[str, Any] = json.loads(to_json(PlantedListener().hear(read_recording(file))))
    return data


def left_behind(folder: Path, hearing: dict[str, Any]) -> Path:
    """Fill a folder as the first version would have left it; gives where the recording is."""
    sha256 = hashlib.sha256(wav()).hexdigest()
    recording = folder / "recordings" / sha256[:2] / sha256
    recording.parent.mkdir(parents=True)
    recording.write_bytes(wav())
    url = f"sqlite:///{folder / 'voicecheck.sqlite3'}"
    leave_behind(url, sha256=sha256, hearing=json.dumps(hearing), card=OLD_CARD)
    return recording


def tasks_of(client: TestClient) -> list[dict[str, Any]]:
    """What the server asked the listening process."""
    process: ListenerProcess = server_of(client).worker._process
    assert isinstance(process, PlantedProcess)
    return process.tasks


def wait_for_card(client: TestClient) -> dict[str, Any]:
    def card() -> dict[str, Any] | None:
        made: dict[str, Any] | None = client.get(f"/api/v1/messages/{OLD_ID}").json()["card"]
        return made

    return until(card, "the card is not made again") or {}


def test_an_earlier_card_breaks_no_page_before_it_is_made_again(
    tmp_path: Path, hearing: dict[str, Any]
) -> None:
    folder = tmp_path / "data"
    left_behind(folder, hearing)
    settings = WebSettings(folder=folder)
    # Not entered, so that its worker does not start.
    client = TestClient(create_app(settings, process=PlantedProcess(settings)), base_url="http://localhost")
    page = client.get(f"/messages/{OLD_ID}")
    assert page.status_code == 200
    assert "Bringing its card up to date" in page.text
    message = client.get(f"/api/v1/messages/{OLD_ID}").json()
    assert (message["state"], message["verdict"], message["card"]) == ("done", "pass", None)
    refused = client.get(f"/api/v1/messages/{OLD_ID}/card")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_ready")
    for path in ("/", "/team", "/progress?rep=ann", "/rubric"):
        assert client.get(path).status_code == 200
    server_of(client).store.close()


def test_an_earlier_card_is_made_again_and_nothing_is_heard_again(
    tmp_path: Path, hearing: dict[str, Any]
) -> None:
    folder = tmp_path / "data"
    left_behind(folder, hearing)
    with running(folder) as client:
        assert set(NEW_KEYS) <= set(wait_for_card(client))
        assert [task["hearing"] is not None for task in tasks_of(client)] == [True]
        assert "speech at " in client.get(f"/messages/{OLD_ID}").text
        rubric = client.get("/api/v1/rubric").json()
        assert (rubric["by"], rubric["at"]) == ("carol", "2026-03-01T12:00:00Z"), "the same is in force"
    with running(folder) as client:
        assert wait(client, OLD_ID)["card"] is not None
        assert tasks_of(client) == [], "the next start has nothing to do"


def test_what_cannot_be_read_any_more_is_heard_again(tmp_path: Path, hearing: dict[str, Any]) -> None:
    folder = tmp_path / "data"
    del hearing["condition"], hearing["peaks"]
    left_behind(folder, hearing)
    with running(folder) as client:
        wait_for_card(client)
        assert [task["hearing"] is not None for task in tasks_of(client)] == [True, False]
        assert client.get(f"/messages/{OLD_ID}").status_code == 200
        assert client.get(f"/api/v1/messages/{OLD_ID}").json()["peaks"] != []


def test_what_can_neither_be_read_nor_heard_says_so_and_can_be_tried_again(
    tmp_path: Path, hearing: dict[str, Any]
) -> None:
    folder = tmp_path / "data"
    del hearing["line_test"]
    recording = left_behind(folder, hearing)
    away = recording.rename(tmp_path / "away")
    with running(folder) as client:
        message = wait(client, OLD_ID)
        assert message["state"] == "failed"
        assert message["complaint"] == "the recording is not on the server any more"
        page = client.get(f"/messages/{OLD_ID}")
        assert page.status_code == 200
        assert message["complaint"] in page.text
        assert "Try again" in page.text
        away.rename(recording)
        assert client.post(f"/api/v1/messages/{OLD_ID}/hearing").json()["state"] == "waiting"
        assert wait(client, OLD_ID)["state"] == "done"
        assert client.get(f"/messages/{OLD_ID}").status_code == 200
        assert client.post(f"/api/v1/messages/{OLD_ID}/hearing").json()["state"] == "done", "left as it is"


def test_a_hearing_of_another_version_costs_a_current_card_only_its_drawing(
    tmp_path: Path, hearing: dict[str, Any]
) -> None:
    folder = tmp_path / "data"
    left_behind(folder, hearing)
    with running(folder) as client:
        wait_for_card(client)
        change_message(server_of(client).store.engine, OLD_ID, hearing="{}")
        assert client.get(f"/messages/{OLD_ID}").status_code == 200
        assert client.get(f"/api/v1/messages/{OLD_ID}").json()["peaks"] == []
