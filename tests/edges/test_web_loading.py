"""A batch's results in the web page's store."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web_app import PlantedListener, rejudge, running, wav

from voicecheck.batch.find import find_messages
from voicecheck.batch.lists import read_list
from voicecheck.errors import EngineError
from voicecheck.files import lock_folder
from voicecheck.hearing.cache import ReadingCache
from voicecheck.web.loading import load_messages
from voicecheck.web.settings import WebSettings

pytestmark = pytest.mark.slow


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Two reps' messages, a damaged file among them."""
    folder = tmp_path / "calls"
    for rep, name, data in (
        ("dana", "good.wav", wav()),
        ("lee", "good_2.wav", wav(seed=1)),
        ("lee", "broken.wav", b"no audio"),
    ):
        (folder / rep).mkdir(parents=True, exist_ok=True)
        (folder / rep / name).write_bytes(data)
    return folder


def listener(tmp_path: Path) -> PlantedListener:
    return PlantedListener(cache=ReadingCache(folder=tmp_path / "cache"))


def test_messages_come_with_rep_card_and_sound(calls: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    found = find_messages([calls])
    assert load_messages(found, listener(tmp_path), WebSettings(folder=data)) == 2
    with running(data) as client:
        listed = client.get("/api/v1/messages").json()["messages"]
        assert {(each["rep"], each["name"], each["state"]) for each in listed} == {
            ("dana", "good.wav", "done"),
            ("lee", "good_2.wav", "done"),
        }
        card = client.get(f"/api/v1/messages/{listed[0]['id']}").json()["card"]
        assert card["verdict"] == "pass"
        assert client.get(f"/api/v1/messages/{listed[0]['id']}/audio").status_code == 200


def test_the_prospect_of_the_list_is_kept_for_judging_again(calls: Path, tmp_path: Path) -> None:
    """The message greets Dana, and the list says that it is for Lee Wong."""
    names = tmp_path / "names.csv"
    names.write_text("file,prospect\ncalls/dana/good.wav,Lee Wong\n", encoding="utf-8")
    data = tmp_path / "data"
    load_messages(find_messages([], read_list(names)), listener(tmp_path), WebSettings(folder=data))
    with running(data) as client:
        (message,) = client.get("/api/v1/messages").json()["messages"]
        assert greetings(client, message["id"]) == [GREET_LEE]
        rejudge(client, 'name = "lax"\n[checks.pace]\nmin_wpm = 20')
        assert greetings(client, message["id"]) == [GREET_LEE]
        assert message["prospect"] == "Lee Wong"


GREET_LEE = "Greet Lee Wong by name: it tells them that the message is for them."


def greetings(client: TestClient, message_id: str) -> list[str]:
    """The tips about the prospect's name."""
    card = client.get(f"/api/v1/messages/{message_id}").json()["card"]
    return [tip["text"] for tip in card["tips"] if tip["id"] == "prospect_name"]


def test_loading_again_adds_nothing(calls: Path, tmp_path: Path) -> None:
    settings, found = WebSettings(folder=tmp_path / "data"), find_messages([calls])
    assert load_messages(found, listener(tmp_path), settings) == 2
    assert load_messages(found, listener(tmp_path), settings) == 0


def test_a_folder_that_is_being_served_is_left_alone(calls: Path, tmp_path: Path) -> None:
    settings = WebSettings(folder=tmp_path / "data")
    with lock_folder(settings.folder), pytest.raises(EngineError, match="another voicecheck serve"):
        load_messages(find_messages([calls]), listener(tmp_path), settings)
