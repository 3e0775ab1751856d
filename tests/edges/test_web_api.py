"""The JSON API, in-process, with a planted engine."""

from __future__ import annotations

import csv
import io
import wave
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient
from web_app import (
    BAD,
    GOOD,
    PLANTED,
    PlantedListener,
    PlantedProcess,
    rejudge,
    running,
    send,
    server_of,
    wait,
    wav,
)

from voicecheck.audio.decode import read_recording
from voicecheck.report.data import json_schema
from voicecheck.report.table import AFTER_CHECKS, BEFORE_CHECKS, row_of, to_csv
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.registry import titles
from voicecheck.scorecard.rubric import default_rubric


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with running(tmp_path) as client:
        yield client


def test_a_message_is_taken_in_heard_and_judged(client: TestClient) -> None:
    answer = client.post("/api/v1/messages", params={"name": "good.wav"}, content=wav(GOOD))
    assert answer.status_code == 202
    accepted = answer.json()
    assert (accepted["state"], accepted["verdict"], accepted["rep"]) == ("waiting", None, "me")
    assert answer.headers["Location"] == f"/api/v1/messages/{accepted['id']}"
    message = wait(client, accepted["id"])
    assert (message["state"], message["verdict"]) == ("done", "pass")
    assert message["card"]["recitations"][0]["display"] == "416-555-0198"
    assert message["duration_s"] == pytest.approx(GOOD[-1].offset_s + 0.5, abs=0.01)
    assert len(message["peaks"]) == pytest.approx(message["duration_s"] / message["peak_s"], abs=1)
    assert message["outcomes"]["number_repeated"] == {"verdict": "pass", "value": 2}


def test_the_card_is_what_the_schema_says(client: TestClient) -> None:
    message_id = send(client)
    wait(client, message_id)
    card = client.get(f"/api/v1/messages/{message_id}/card").json()
    jsonschema.validate(card, json_schema())
    assert card["source"]["name"] == "good.wav"


def test_the_expected_number_counts(client: TestClient) -> None:
    assert wait(client, send(client, expected="(416) 555-0198"))["verdict"] == "pass"
    assert wait(client, send(client, expected="416-555-0189"))["verdict"] == "fail"
    wrong = client.post("/api/v1/messages", params={"expected": "12"}, content=wav())
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "invalid")
    assert "12" in wrong.json()["error"]["message"]


def test_the_prospect_is_asked_for_by_name_and_listed(client: TestClient) -> None:
    message = wait(client, send(client, prospect=" Lee Wong "))
    assert message["prospect"] == "Lee Wong"
    assert "Greet Lee Wong by name" in " ".join(tip["text"] for tip in message["card"]["tips"])
    assert "for Lee Wong" in client.get(f"/messages/{message['id']}").text
    (row,) = csv.DictReader(io.StringIO(client.get("/api/v1/messages.csv").text))
    assert row["prospect"] == "Lee Wong"
    assert wait(client, send(client, prospect=" "))["prospect"] is None
    for wrong in ("", "x" * 81, "Lee\nWong"):
        answer = client.post("/api/v1/messages", params={"prospect": wrong}, content=wav())
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_what_is_no_audio_fails_with_the_reason_and_the_next_is_heard(client: TestClient) -> None:
    text = wait(client, send(client, "letter.wav", data=b"Dear Sir or Madam, this is no audio at all."))
    assert text["state"] == "failed"
    assert text["complaint"].startswith("letter.wav: ")
    assert text["card"] is None
    card = client.get(f"/api/v1/messages/{text['id']}/card")
    assert (card.status_code, card.json()["error"]["code"]) == (409, "not_ready")
    assert client.get(f"/messages/{text['id']}").status_code == 200
    assert wait(client, send(client))["state"] == "done"


def test_the_sound_can_be_played_and_fetched_as_it_was_sent(client: TestClient) -> None:
    message_id = send(client, "slip.wav")
    wait(client, message_id)
    audio = client.get(f"/api/v1/messages/{message_id}/audio")
    assert audio.headers["Content-Type"] == "audio/wav"
    with wave.open(io.BytesIO(audio.content)) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
    part = client.get(f"/api/v1/messages/{message_id}/audio", headers={"Range": "bytes=44-99"})
    assert (part.status_code, part.content) == (206, audio.content[44:100])
    original = client.get(f"/api/v1/messages/{message_id}/recording")
    assert original.headers["Content-Disposition"] == "attachment; filename*=UTF-8''slip.wav"
    assert original.headers["Content-Type"] == "application/octet-stream"
    with wave.open(io.BytesIO(original.content)) as file:
        assert file.getnframes() > 0


def test_lists_are_filtered_and_paged(client: TestClient) -> None:
    for name, rep in (("good.wav", "ann"), ("bad.wav", "ann"), ("slip.wav", "bob")):
        wait(client, send(client, name, rep=rep))

    def names(**query: str | int) -> list[str]:
        return [each["name"] for each in client.get("/api/v1/messages", params=query).json()["messages"]]

    assert names() == ["slip.wav", "bad.wav", "good.wav"]
    assert names(rep="ann") == ["bad.wav", "good.wav"]
    assert names(verdict="pass") == ["good.wav"]
    assert names(failed="number_agrees") == ["slip.wav"]
    assert names(failed="number_given", rep="bob") == []
    assert names(since="2999-01-01T00:00:00Z") == []
    assert names(until="2999-01-01T00:00:00Z", limit=1, offset=1) == ["bad.wav"]
    assert client.get("/api/v1/messages?limit=1").json()["total"] == 3
    assert client.get("/api/v1/messages?limit=0").status_code == 422


def test_csv_has_a_row_for_each_and_runs_no_formula(client: TestClient) -> None:
    wait(client, send(client, "=cmd|calc.wav", rep="@ann"))
    wait(client, send(client, "bad.wav", rep="bob"))
    answer = client.get("/api/v1/messages.csv?rep=@ann")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["file"], row["rep"], row["verdict"]) == ("'=cmd|calc.wav", "'@ann", "pass")
    assert (row["number_repeated_verdict"], row["times_said"], row["number"]) == ("pass", "2", "416-555-0198")
    assert (row["message_s"], row["rubric"]) == (
        f"{GOOD[-1].offset_s - GOOD[0].onset_s:.1f}",
        "sales-voicemail",
    )
    columns = answer.text.splitlines()[0].split(",")
    shared = (*BEFORE_CHECKS, *(f"{check_id}_verdict" for check_id in titles()), *AFTER_CHECKS)
    assert tuple(columns[: len(shared)]) == shared, "as in the summary of a batch"
    assert len(client.get("/api/v1/messages.csv").text.splitlines()) == 3


@pytest.mark.parametrize("name", ["good.wav", "slip.wav", "bad.wav"])
def test_a_message_fills_its_cells_on_the_page_as_in_a_batch(
    client: TestClient, tmp_path: Path, name: str
) -> None:
    wait(client, send(client, name))
    (shown,) = csv.DictReader(io.StringIO(client.get("/api/v1/messages.csv").text))
    file = tmp_path / name
    words = PLANTED[name.split(".")[0]]
    file.write_bytes(wav(words))
    heard = PlantedListener().hear(read_recording(file))
    card = judge(heard, Settings(rubric=default_rubric()))
    (written,) = csv.DictReader(io.StringIO(to_csv([row_of(card)])))
    of_the_page = ("rep", "date")
    assert written["message_starts_s"] == f"{words[0].onset_s:.1f}"
    assert {column: shown[column] for column in written if column not in of_the_page} == {
        column: cell for column, cell in written.items() if column not in of_the_page
    }


def test_deletion_leaves_neither_file_nor_word(client: TestClient, tmp_path: Path) -> None:
    twin = send(client, data=wav(GOOD, seed=5))
    message_id = send(client, data=wav(GOOD, seed=5))
    for each in (twin, message_id):
        wait(client, each)
    recordings = server_of(client).recordings
    sha256 = server_of(client).store.messages.get(message_id).sha256
    assert client.delete(f"/api/v1/messages/{message_id}").status_code == 204
    assert client.get(f"/api/v1/messages/{message_id}").status_code == 404
    assert recordings.original(sha256).exists(), "the twin still has it"
    assert client.delete(f"/api/v1/messages/{twin}").status_code == 204
    assert not recordings.original(sha256).exists()
    assert not recordings.playable(sha256).exists()
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"4165550198" not in held
    assert b" acme" not in held


def test_an_override_counts_and_survives_judging_again(client: TestClient) -> None:
    message_id = send(client, "bad.wav")
    wait(client, message_id)
    path = f"/api/v1/messages/{message_id}/override"
    assert client.put(path, json={"verdict": "pass", "note": "   "}).status_code == 422
    done = client.put(path, json={"verdict": "pass", "note": " He knows the number. "}).json()
    assert (done["verdict"], done["card_verdict"]) == ("pass", "fail")
    assert done["override"]["note"] == "He knows the number."
    rejudge(client, 'name = "short"\n[checks.length]\nmax_s = 3\ntarget_s = 2')
    message = client.get(f"/api/v1/messages/{message_id}").json()
    assert message["card"]["rubric"]["name"] == "short"
    assert (message["verdict"], message["override"]["note"]) == ("pass", "He knows the number.")
    assert client.delete(path).json()["verdict"] == "fail"


def test_another_rubric_judges_again_and_listens_to_nothing(client: TestClient) -> None:
    ids = [send(client, name) for name in ("good.wav", "slip.wav")]
    before = [wait(client, each) for each in ids]
    assert [each["verdict"] for each in before] == ["pass", "fail"]
    process = server_of(client).worker._process
    assert isinstance(process, PlantedProcess)
    process.tasks.clear()
    rejudge(client, 'name = "lax"\n[checks.number_agrees]\nrole = "off"\n[checks.pace]\nmin_wpm = 20')
    after = [client.get(f"/api/v1/messages/{each}").json() for each in ids]
    assert [each["verdict"] for each in after] == ["pass", "pass"]
    assert "number_agrees" not in after[1]["outcomes"]
    assert [task["hearing"] is not None for task in process.tasks] == [True, True]
    assert after[0]["card"]["transcript"] == before[0]["card"]["transcript"]


def test_a_wrong_rubric_is_refused_with_its_key_and_changes_nothing(client: TestClient) -> None:
    before = client.get("/api/v1/rubric").json()
    answer = client.put("/api/v1/rubric", json={"text": "[checks.length]\nmax_s = -3"})
    assert answer.status_code == 422
    assert "length.max_s must lie between 1 and 600, got -3" in answer.json()["error"]["message"]
    assert client.get("/api/v1/rubric").json() == before


def test_the_same_rubric_again_judges_nothing(client: TestClient) -> None:
    text = client.get("/api/v1/rubric").json()["text"]
    at = client.get("/api/v1/rubric").json()["at"]
    assert client.put("/api/v1/rubric", json={"text": f"# a comment\n{text}"}).json()["at"] == at


def test_a_trend_is_the_messages_with_a_card_the_oldest_first(client: TestClient) -> None:
    for name in ("bad.wav", "letter.wav", "good.wav"):
        wait(client, send(client, name, rep="ann", data=b"text" if name == "letter.wav" else None))
    takes = client.get("/api/v1/trend?rep=ann").json()["takes"]
    assert [(take["name"], take["verdict"]) for take in takes] == [("bad.wav", "fail"), ("good.wav", "pass")]
    (rep,) = client.get("/api/v1/reps").json()["reps"]
    assert (rep["name"], rep["messages"], rep["passed"]) == ("ann", 3, 1)


def test_health_tells_what_waits(client: TestClient) -> None:
    wait(client, send(client, "bad.wav", data=wav(BAD)))
    assert client.get("/healthz").json() == {"status": "ok"}
    health = client.get("/api/v1/health").json()
    assert (health["status"], health["listening"], health["waiting"]) == ("ok", "ready", 0)


def test_a_mistake_of_ours_is_told_without_its_traceback(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(server_of(client).store.messages, "find", broken)
    careless = TestClient(client.app, base_url="http://localhost", raise_server_exceptions=False)
    answer = careless.get("/api/v1/messages")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert careless.get("/healthz").status_code == 200
