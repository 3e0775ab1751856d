"""Rubrics side by side: each message keeps its own; forms, names and complaints at the line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_app import rejudge, running, send, server_of, until, wait

from voicecheck.hearing.hearing import from_json
from voicecheck.report.table import AFTER_CHECKS, BEFORE_CHECKS
from voicecheck.report.table import to_csv as report_csv
from voicecheck.scorecard.across import Message, Row
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric, parse_rubric, ready_rubric, with_values
from voicecheck.web.pages.rubric_form import form
from voicecheck.web.rubric_text import line_of, read_rubric
from voicecheck.web.store.rubrics import with_name

pytestmark = pytest.mark.slow

SHORT = 'name = "short"\n[checks.length]\ntarget_s = 2\nmax_s = 3\n'


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with running(tmp_path) as opened:
        yield opened


def add(client: TestClient, text: str) -> int:
    added = client.post("/api/v1/rubrics", json={"text": text})
    assert added.status_code == 201, added.text
    line: int = added.json()["line"]
    return line


def judged_by(client: TestClient, message_id: str) -> str:
    name: str = wait(client, message_id)["card"]["rubric"]["name"]
    return name


def test_a_message_is_judged_by_the_rubric_that_is_chosen_and_keeps_it(client: TestClient) -> None:
    line = add(client, SHORT)
    chosen, plain = send(client, rubric="short"), send(client)
    assert (judged_by(client, chosen), judged_by(client, plain)) == ("short", "sales-voicemail")
    assert (wait(client, chosen)["verdict"], wait(client, plain)["verdict"]) == ("fail", "pass")
    assert client.put("/api/v1/rubric/default", json={"line": line}).json()["name"] == "short"
    rejudge(client, 'name = "shorter"\n[checks.length]\ntarget_s = 1\nmax_s = 2')
    assert judged_by(client, chosen) == "shorter", "its own rubric got a new version"
    assert judged_by(client, plain) == "sales-voicemail", "another default leaves it alone"
    assert judged_by(client, send(client)) == "shorter"
    back = client.put(f"/api/v1/messages/{chosen}/rubric", json={"line": 1})
    assert (back.json()["rubric_line"], back.json()["verdict"]) == (1, "pass")
    refused = client.post("/api/v1/messages", params={"rubric": "none"}, content=b"x")
    assert (refused.status_code, "there is no rubric 'none' here" in refused.text) == (422, True)


def test_a_team_has_a_rubric(client: TestClient) -> None:
    line = add(client, SHORT)
    teams = {"teams": [{"name": "North", "reps": ["Ann", "bob"], "rubric": line}]}
    assert client.put("/api/v1/teams", json=teams).json() == teams
    assert client.get("/api/v1/teams").json() == teams
    ann, cy = send(client, rep="ann"), send(client, rep="cy")
    assert (judged_by(client, ann), judged_by(client, cy)) == ("short", "sales-voicemail")
    assert judged_by(client, send(client, rep="ann", rubric="sales-voicemail")) == "sales-voicemail"
    nowhere = {"teams": [{"name": "South", "reps": ["cy"], "rubric": 99}]}
    assert client.put("/api/v1/teams", json=nowhere).status_code == 404


def test_many_are_judged_by_another_rubric(client: TestClient) -> None:
    ids = [send(client), send(client)]
    for each in ids:
        wait(client, each)
    line = add(client, SHORT)
    assert client.post("/api/v1/chosen/rubric", json={"ids": ids, "line": line}).json() == {"count": 2}
    until(lambda: client.get("/api/v1/rubric").json()["to_judge"] == 0)
    assert [judged_by(client, each) for each in ids] == ["short", "short"]


def test_what_is_in_use_is_not_removed(client: TestClient) -> None:
    line = add(client, SHORT)
    message_id = send(client, rubric="short")
    wait(client, message_id)
    for reason in ("1 message is judged", "is the default", "a team is judged"):
        refused = client.delete(f"/api/v1/rubrics/{line}")
        assert (refused.status_code, reason in refused.text) == (422, True), refused.text
        if reason.startswith("1"):
            client.delete(f"/api/v1/messages/{message_id}")
            client.put("/api/v1/rubric/default", json={"line": line})
        elif reason.startswith("is"):
            client.put("/api/v1/rubric/default", json={"line": 1})
            client.put("/api/v1/teams", json={"teams": [{"name": "N", "reps": ["a"], "rubric": line}]})
        else:
            client.put("/api/v1/teams", json={"teams": []})
    assert client.delete(f"/api/v1/rubrics/{line}").status_code == 204
    assert [each["name"] for each in client.get("/api/v1/rubrics").json()["rubrics"]] == ["sales-voicemail"]
    assert client.get("/api/v1/rubric", params={"line": line}).status_code == 404


def test_a_changed_rubric_has_another_name_and_an_old_one_its_own(client: TestClient) -> None:
    changed = with_values(default_rubric(), {"length.max_s": 40})
    previewed = client.post("/api/v1/rubric/preview", json={"text": changed.text})
    assert previewed.json()["name"] == "sales-voicemail 2"
    assert client.put("/api/v1/rubric", json={"text": changed.text}).json()["name"] == "sales-voicemail 2"
    again = with_values(changed, {"length.max_s": 50})
    assert client.put("/api/v1/rubric", json={"text": again.text}).json()["name"] == "sales-voicemail 3"
    back = client.put("/api/v1/rubric", json={"text": default_rubric().text}).json()
    assert back["name"] == "sales-voicemail"
    names = [each["name"] for each in client.get("/api/v1/rubric/history").json()["rubrics"]]
    assert names == ["sales-voicemail", "sales-voicemail 3", "sales-voicemail 2"]
    assert add(client, SHORT)
    taken = client.post("/api/v1/rubrics", json={"text": SHORT.replace("3", "4")})
    assert (taken.status_code, "'short' already" in taken.text) == (422, True)
    ready = client.post("/api/v1/rubrics", json={"ready": "email-first"})
    assert ready.json()["name"] == "email-first"


def test_a_name_is_written_where_it_stands() -> None:
    comment = '# name = "no"\nname = "a" # ours\n[checks.length]\n'
    assert parse_rubric(with_name(comment, 'b "c"')).name == 'b "c"'
    assert parse_rubric(with_name("[[say]]\nid = 'x'\ntitle = 'x'\nphrases = ['x']", "b")).name == "b"


def test_the_form_holds_every_value_with_unit_source_and_default() -> None:
    changed = with_values(default_rubric(), {"length.max_s": 40, "length.role": "tip"})
    parts = {part.id: part for part in form(changed)}
    assert set(parts) == set(changed.limits)
    length = parts["length"]
    found = {each.key: (each.value, each.default, each.unit) for each in (length.role, *length.numbers)}
    assert found["length.max_s"] == ("40", "30", "s")
    assert found["length.role"] == ("tip", "required", "")
    assert "coaches" in length.numbers[0].source
    assert parts["fillers"].phrases[0].value.splitlines()[0]
    say = next(
        part for part in form(ready_rubric("limited-content")) if part.id not in default_rubric().limits
    )
    assert {each.label for each in say.phrases} == {"Phrases"}


def test_the_form_is_written_into_the_text(client: TestClient) -> None:
    body: dict[str, Any] = {"text": "", "name": "ours"}
    body["text"] = client.get("/api/v1/rubric").json()["text"]
    body["changes"] = {
        "length.max_s": 40,
        "pace.role": "off",
        "fillers.phrases": ["um", "uh"],
        "score.pass_mark": 80,
    }
    written = client.post("/api/v1/rubric/form", json=body).json()
    rubric = parse_rubric(written["text"])
    assert (written["name"], rubric.name, rubric.score.pass_mark) == ("ours", "ours", 80)
    assert rubric.limits["length"].model_dump()["max_s"] == 40
    assert rubric.limits["fillers"].model_dump()["phrases"] == ("um", "uh")
    body = {"text": written["text"], "changes": {"score.pass_mark": None}}
    assert parse_rubric(client.post("/api/v1/rubric/form", json=body).json()["text"]).score.pass_mark is None
    body["changes"] = {"length.max_s": 4000}
    refused = client.post("/api/v1/rubric/form", json=body)
    assert (refused.status_code, "length.max_s must lie between 1 and 600" in refused.text) == (422, True)
    body["changes"] = {"nonsense.max_s": 4}
    assert client.post("/api/v1/rubric/form", json=body).status_code == 422


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "a"\n\n[checks.length]\n# long\nmax_s = 900\n', 5),
        ('name = "a"\n[checks.pace]\n[checks.length]\nmax_s = "x"\n', 4),
        ("[checks.length]\nmaxs = 3\n", 2),
        ("# ours\n[checks.nonsense]\n", 2),
        ("nonsense = 3\n", 1),
        ("[checks.length]\nmax_s = 3\ntarget_s = 9\n", 2),
        ("name = 3\n", 1),
        ("[checks.length\n", 1),
        (
            "[[say]]\nid='a'\ntitle='a'\nphrases=['a']\n\n[[say]]\nid='b'\ntitle=''\nphrases=['b']\n",
            8,
        ),
        ("[score]\npass_mark = 120\n", 2),
    ],
)
def test_a_complaint_names_its_line(text: str, line: int) -> None:
    with pytest.raises(Exception, match=rf"^line {line}: "):
        read_rubric(text)
    assert line_of(text, "something else") is None


def test_names_are_told_later_and_judged_at_once(client: TestClient) -> None:
    message_id = send(client, speaker="Joe Smith", company="Acme", prospect="Dana")
    message = wait(client, message_id)
    assert (message["speaker"], message["company"], message["prospect"]) == ("Joe Smith", "Acme", "Dana")
    told = client.put(
        f"/api/v1/messages/{message_id}/names",
        json={"speaker": " Joe ", "company": "", "prospect": None, "expected": "647-555-0100"},
    ).json()
    assert (told["speaker"], told["company"], told["prospect"]) == ("Joe", None, None)
    assert (told["expected"], told["verdict"], told["passed"]) == ("6475550100", "fail", 6)
    wrong = client.put(f"/api/v1/messages/{message_id}/names", json={"expected": "555"})
    assert wrong.status_code == 422
    assert client.get(f"/api/v1/messages/{message_id}").json()["expected"] == "6475550100", "as it was"


def test_names_reach_the_checks(client: TestClient) -> None:
    rubric = """
name = "names"
[[say]]
id = "company_said"
title = "Company"
phrases = ["{company}"]
role = "required"
"""
    rejudge(client, rubric)
    said, unsaid = send(client, company="Acme"), send(client, company="Brightwater")
    verdicts = [wait(client, each)["outcomes"]["company_said"]["verdict"] for each in (said, unsaid)]
    assert verdicts == ["pass", "fail"]


def test_a_card_lists_and_trend_say_how_many_checks_passed(client: TestClient) -> None:
    first, second = send(client, "slip.wav"), send(client, "good.wav")
    scores = [(wait(client, each)["passed"], wait(client, each)["counted"]) for each in (first, second)]
    assert scores == [(6, 7), (7, 7)]
    page = client.get(f"/messages/{second}").text
    assert "7 of 7 checks" in page
    assert "7 of 7 checks passed, 6 before" in page
    assert "6 of 7" in client.get("/team?show=all").text
    progress = client.get("/progress?rep=me").text
    assert "Checks passed" in progress
    assert "100 %" in progress


def test_the_csv_says_what_a_batchs_summary_says(client: TestClient) -> None:
    message_id = send(client, "slip.wav", expected="4165550198", prospect="Dana")
    wait(client, message_id)
    store = server_of(client).store
    hearing = from_json(store.messages.hearing(message_id))
    settings = Settings(rubric=default_rubric(), expected="4165550198", prospect="Dana")
    known = Message(file="slip.wav", rep="me", prospect="Dana", expected="4165550198")
    (theirs,) = csv.DictReader(io.StringIO(report_csv([Row(message=known, card=judge(hearing, settings))])))
    (ours,) = csv.DictReader(io.StringIO(client.get("/api/v1/messages.csv").text))
    assert list(ours)[: len(theirs)] == list(theirs)
    assert {*BEFORE_CHECKS, *AFTER_CHECKS} <= set(theirs)
    del theirs["date"]
    assert {name: ours[name] for name in theirs} == theirs
