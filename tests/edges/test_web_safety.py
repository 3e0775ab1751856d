"""What strangers may not do, and what they are told."""

from __future__ import annotations

import asyncio
import io
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from fastapi.testclient import TestClient
from web_app import PASSWORD, add_user, running, send, server_of, sign_in, wait, wav

from voicecheck.errors import InputError, ParameterError
from voicecheck.web.auth import Passwords, Sessions, Throttle
from voicecheck.web.errors import (
    DiskFullError,
    TooLargeError,
    TooManyAttemptsError,
    TooSlowError,
    UnknownUserError,
)
from voicecheck.web.recordings import Recordings
from voicecheck.web.server import open_server
from voicecheck.web.settings import WebSettings

PAGES = ("/", "/progress", "/team", "/rubric")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Of a server with two reps and a coach, nobody signed in."""
    with running(tmp_path, public=True) as client:
        for name, role in (("ann", "rep"), ("bob", "rep"), ("carol", "coach")):
            add_user(client, name, role)
        yield client


@pytest.fixture(scope="module")
def _one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("served"), public=True) as client:
        for name, role in (("ann", "rep"), ("carol", "coach")):
            add_user(client, name, role)
        yield client


@pytest.fixture
def served(_one_server: TestClient) -> TestClient:
    """Of one server for all tests that ask and change nothing; nobody signed in."""
    _one_server.cookies.clear()
    return _one_server


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_to_sign_in(served: TestClient, path: str) -> None:
    answer = served.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={path}")
    assert served.get("/login").status_code == 200


@pytest.mark.parametrize("path", ["session", "messages", "messages.csv", "reps", "rubric", "trend"])
def test_the_api_answers_401(served: TestClient, path: str) -> None:
    answer = served.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


def test_an_upload_without_an_account_leaves_no_file(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/api/v1/messages", content=wav()).status_code == 401
    assert not [path for path in (tmp_path / "recordings").rglob("*") if path.is_file()]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = sign_in(client, "ann").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    client.base_url = "https://localhost"
    secure = sign_in(client, "ann")
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in secure.headers


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client: TestClient) -> None:
    wrong, unknown = sign_in(client, "ann", "wrong password"), sign_in(client, "zoe")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_guessing_is_stopped_even_with_the_right_password_then(client: TestClient) -> None:
    answers = [sign_in(client, "ann", f"guess number {at}").status_code for at in range(6)]
    assert answers == [401] * 5 + [429]
    right = sign_in(client, "ann")
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 15 * 60
    assert sign_in(client, "bob").status_code == 200, "others are not locked out"


def test_a_rep_cannot_reach_anothers_message(client: TestClient) -> None:
    sign_in(client, "ann")
    message_id = send(client)
    wait(client, message_id)
    sign_in(client, "bob")
    missing = client.get("/api/v1/messages/AAAAAAAAAAAAAAAAAAAAAA")
    for part in ("", "/card", "/audio", "/recording"):
        answer = client.get(f"/api/v1/messages/{message_id}{part}")
        assert answer.status_code == 404
        assert answer.json() == missing.json(), "the answer does not tell that there is one"
    assert client.get(f"/messages/{message_id}").status_code == 404
    assert client.delete(f"/api/v1/messages/{message_id}").status_code == 404
    body = {"verdict": "pass", "note": "mine"}
    assert client.put(f"/api/v1/messages/{message_id}/override", json=body).status_code == 404
    assert client.get("/api/v1/messages?rep=ann").json()["total"] == 0
    assert client.get("/api/v1/trend?rep=ann").json() == {"rep": "bob", "takes": []}
    assert "ann" not in client.get("/progress?rep=ann").text
    assert len(client.get("/api/v1/messages.csv?rep=ann").text.splitlines()) == 1
    sign_in(client, "ann")
    assert client.post(f"/api/v1/messages/{message_id}/hand-in").status_code == 200
    sign_in(client, "carol")
    assert client.get(f"/api/v1/messages/{message_id}").json()["rep"] == "ann"


def test_a_rep_may_not_do_what_a_coach_does(client: TestClient) -> None:
    sign_in(client, "ann")
    message_id = send(client)
    wait(client, message_id)
    own = client.put(f"/api/v1/messages/{message_id}/override", json={"verdict": "pass", "note": "please"})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "forbidden")
    assert client.put("/api/v1/rubric", json={"text": ""}).status_code == 403
    assert client.get("/api/v1/reps").status_code == 403
    assert client.get("/team").status_code == 403
    assert client.get("/rubric").status_code == 403
    assert client.post("/api/v1/messages?rep=bob", content=wav()).status_code == 403
    assert client.delete(f"/api/v1/messages/{message_id}").status_code == 204, "their own they may delete"


def test_signing_out_ends_a_copied_cookie_too(client: TestClient) -> None:
    sign_in(client, "ann")
    copied = client.cookies["voicecheck_session"]
    assert client.delete("/api/v1/session").status_code == 204
    client.cookies.clear()
    client.cookies.set("voicecheck_session", copied)
    assert client.get("/api/v1/session").status_code == 401


def test_guessing_from_afar_locks_neither_the_owner_nor_their_office_out(client: TestClient) -> None:
    assert sign_in(client, "ann").status_code == 200
    browser = client.cookies["voicecheck_browser"]
    throttle = server_of(client).throttle
    for at in range(Throttle.NAME_MAX):
        with suppress(TooManyAttemptsError):
            throttle.attempt("ann", f"10.0.{at}.1")
    for at in range(Throttle.ADDRESS_MAX):
        with suppress(TooManyAttemptsError):
            throttle.attempt(f"somebody{at}", "testclient")
    assert sign_in(client, "ann").status_code == 429, "a browser that nobody knows waits"
    client.cookies.set("voicecheck_browser", browser)
    known = client.post("/api/v1/session", json={"name": "Ann", "password": PASSWORD})
    assert known.status_code == 200
    body = {"name": "bob", "password": PASSWORD}
    assert client.post("/api/v1/session", json=body).status_code == 429, "it is known for ann alone"


def test_a_known_browser_may_not_guess_on_either(client: TestClient) -> None:
    sign_in(client, "ann")
    browser = client.cookies["voicecheck_browser"]
    found = []
    for at in range(Throttle.PAIR_MAX + 1):
        client.cookies.clear()
        client.cookies.set("voicecheck_browser", browser)
        body = {"name": "ann", "password": f"guess number {at}"}
        found.append(client.post("/api/v1/session", json=body).status_code)
    assert found == [401] * Throttle.PAIR_MAX + [429]


def login(client: TestClient, name: str, password: str = PASSWORD, goes: str = "/") -> Any:
    """Sign in as a browser without scripts does."""
    client.cookies.clear()
    return client.post("/login", data={"name": name, "password": password, "next": goes})


def test_the_login_form_posts_and_goes_where_one_wanted_to_go(client: TestClient) -> None:
    asked = client.get("/progress?rep=ann&x=a%20b")
    assert asked.headers["Location"] == "/login?next=/progress%3Frep%3Dann%26x%3Da%2520b"
    page = client.get(asked.headers["Location"]).text
    assert '<form method="post" action="/login">' in page
    assert 'value="/progress?rep=ann&amp;x=a%20b"' in page
    done = login(client, "Ann", goes="/progress?rep=ann&x=a%20b")
    assert (done.status_code, done.headers["Location"]) == (303, "/progress?rep=ann&x=a%20b")
    assert client.get("/api/v1/session").json()["name"] == "ann"
    wrong = login(client, "ann", "a wrong guess")
    assert wrong.status_code == 401
    assert "Name and password do not fit." in wrong.text
    assert "a wrong guess" not in wrong.text


@pytest.mark.parametrize(
    "goes",
    [
        "//evil.example",
        "/\t/evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\n/x",
        "",
        "evil",
        "/é",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(served: TestClient, goes: str) -> None:
    assert login(served, "ann", goes=goes).headers["Location"] == "/"
    assert 'name="next" value="/"' in served.get("/login", params={"next": goes}).text


def test_over_tls_the_cookie_belongs_to_this_host_alone(client: TestClient) -> None:
    client.base_url = "https://localhost"
    cookie = sign_in(client, "ann").headers["Set-Cookie"]
    assert cookie.startswith("__Host-voicecheck=")
    assert "Path=/" in cookie
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert client.get("/api/v1/session").status_code == 200
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/api/v1/session").status_code == 401


def test_people_change_their_own_password(client: TestClient) -> None:
    login(client, "ann")
    other = client.cookies["voicecheck_session"]
    body = {"password": "not the old one", "new_password": "seven green bottles"}
    assert client.post("/account", data=body).status_code == 401
    easy = client.post("/account", data={"password": PASSWORD, "new_password": "password123"})
    assert easy.status_code == 422
    assert "very common password" in easy.text
    body["password"] = PASSWORD
    changed = client.post("/account", data=body)
    assert "Your password is changed." in client.get(changed.headers["Location"]).text
    assert client.get("/api/v1/session").status_code == 200, "this session goes on"
    client.cookies.clear()
    client.cookies.set("voicecheck_session", other)
    assert client.get("/api/v1/session").status_code == 401, "every other one has ended"
    assert login(client, "ann", "seven green bottles").status_code == 303
    again = {"password": "seven green bottles", "new_password": "eight green bottles"}
    assert client.put("/api/v1/session/password", json=again).status_code == 204
    assert client.get("/api/v1/session").status_code == 200


def test_a_link_to_a_new_password_works_once_and_for_a_day(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = server_of(client)
    ann = server.store.users.get("ann")
    assert ann is not None
    token = server.sessions.reset_token(ann)
    assert "A new password for ann" in client.get("/reset", params={"token": token}).text
    body = {"token": token, "new_password": "seven green bottles"}
    with monkeypatch.context() as later:
        later.setattr("voicecheck.web.auth.RESET_MAX_S", -1)
        assert client.post("/reset", data=body).status_code == 404
    assert client.post("/reset", data={**body, "new_password": "1234567890"}).status_code == 422
    assert client.post("/reset", data=body).headers["Location"] == "/"
    assert client.get("/api/v1/session").json()["name"] == "ann"
    assert client.post("/reset", data=body).status_code == 404
    assert client.get("/reset", params={"token": token + "x"}).status_code == 404


def test_the_last_account_that_goes_does_not_open_a_running_server(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        add_user(client, "ann", "rep")
        assert client.get("/api/v1/session").status_code == 401
        server_of(client).store.users.remove("ann")
        assert client.get("/api/v1/session").status_code == 401


def test_what_a_coach_has_judged_a_rep_cannot_delete_and_the_log_tells_of_all(client: TestClient) -> None:
    sign_in(client, "ann")
    judged, other = send(client), send(client, "slip.wav")
    for each in (judged, other):
        wait(client, each)
        client.post(f"/api/v1/messages/{each}/hand-in")
    sign_in(client, "carol")
    body = {"verdict": "fail", "note": "Nobody writes 555 so fast."}
    assert client.put(f"/api/v1/messages/{judged}/override", json=body).status_code == 200
    assert client.put("/api/v1/rubric", json={"text": 'name = "ours"'}).status_code == 200
    sign_in(client, "ann")
    refused = client.delete(f"/api/v1/messages/{judged}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert client.delete(f"/api/v1/messages/{other}").status_code == 204
    assert client.get("/api/v1/log").status_code == 403
    sign_in(client, "carol")
    entries = client.get("/api/v1/log").json()["entries"]
    assert [(each["who"], each["what"], each["about"]) for each in entries] == [
        ("ann", "deleted a message", other),
        ("carol", "put a rubric in force", "ours"),
        ("carol", "overrode a verdict", judged),
    ]
    told = [{**each, "at": ""} for each in entries]  # a moment may hold any figures
    assert "555" not in str(told)
    assert client.delete(f"/api/v1/messages/{judged}").status_code == 204


def test_a_key_hands_recordings_in_and_does_nothing_else(client: TestClient) -> None:
    sign_in(client, "carol")
    secret = client.post("/api/v1/keys", json={"name": "dialer", "rep": "ann"}).json()["secret"]
    team = client.post("/api/v1/keys", json={"name": "all calls"}).json()["secret"]
    assert secret not in client.get("/api/v1/keys").text
    client.cookies.clear()

    def hand_in(secret: str, **query: str) -> Any:
        headers = {"Authorization": f"Bearer {secret}"}
        return client.post("/api/v1/messages", params=query, content=wav(), headers=headers)

    handed = hand_in(secret).json()
    assert (handed["rep"], handed["handed_in_at"] is not None) == ("ann", True)
    assert hand_in(secret, rep="bob").status_code == 403
    assert (hand_in(team).status_code, hand_in(team, rep="bob").json()["rep"]) == (422, "bob")
    assert hand_in("vck_nonsense").status_code == 401
    headers = {"Authorization": f"Bearer {secret}"}
    for path in ("messages", f"messages/{handed['id']}", "session", "keys", "rubric"):
        assert client.get(f"/api/v1/{path}", headers=headers).status_code == 401
    sign_in(client, "ann")
    assert client.get("/api/v1/keys").status_code == 403
    sign_in(client, "carol")
    keys = client.get("/api/v1/keys").json()["keys"]
    assert [(key["name"], key["used_at"] is not None) for key in keys] == [
        ("all calls", True),
        ("dialer", True),
    ]
    assert client.delete(f"/api/v1/keys/{keys[1]['id']}").status_code == 204
    client.cookies.clear()
    assert hand_in(secret).status_code == 401


def test_a_take_is_private_until_it_is_handed_in(client: TestClient) -> None:
    sign_in(client, "ann")
    message_id = send(client)
    wait(client, message_id)
    path = f"/api/v1/messages/{message_id}"
    sign_in(client, "carol")
    assert (client.get(path).status_code, client.get(f"/messages/{message_id}").status_code) == (404, 404)
    assert message_id not in client.get("/team").text
    for listed in ("messages", "reps"):
        assert "ann" not in client.get(f"/api/v1/{listed}").text
    assert len(client.get("/api/v1/messages.csv").text.splitlines()) == 1
    assert client.put("/api/v1/practice", json={"private": False}).status_code == 200
    assert client.get(path).status_code == 200
    client.put("/api/v1/practice", json={"private": True})
    sign_in(client, "ann")
    assert client.put("/api/v1/practice", json={"private": False}).status_code == 403
    assert client.post(f"{path}/hand-in").json()["handed_in_at"] is not None
    sign_in(client, "carol")
    assert client.get(path).status_code == 200


def test_many_are_chosen_moved_judged_and_deleted(client: TestClient) -> None:
    sign_in(client, "carol")
    ids = [send(client, rep="ann"), send(client, "slip.wav", rep="ann")]
    for each in ids:
        wait(client, each)
    gone = "A" * 22
    moved = client.post("/api/v1/chosen/rep", json={"ids": [*ids, gone], "rep": "BOB"})
    assert moved.json() == {"count": 2}
    assert {client.get(f"/api/v1/messages/{each}").json()["rep"] for each in ids} == {"bob"}
    table = client.get("/api/v1/messages.csv", params={"id": ids[:1]}).text.splitlines()
    assert [row.split(",")[0] for row in table] == ["file", "good.wav"]
    body = {"ids": ids, "override": {"verdict": "pass", "note": "fine"}}
    assert client.post("/api/v1/chosen/override", json=body).json() == {"count": 2}
    assert client.get("/api/v1/messages?verdict=pass").json()["total"] == 2
    assert client.post("/api/v1/chosen/deletion", json={"ids": ids[:1]}).json() == {"count": 1}
    assert client.get("/api/v1/messages").json()["total"] == 1
    sign_in(client, "ann")
    for path in ("rep", "override", "deletion"):
        assert client.post(f"/api/v1/chosen/{path}", json={"ids": ids, **body}).status_code == 403


def test_a_new_password_and_a_removed_account_end_sessions(client: TestClient) -> None:
    store = server_of(client).store
    sign_in(client, "ann")
    store.users.set_password_hash("ann", Passwords().hash("a new password"))
    assert client.get("/api/v1/session").status_code == 401
    sign_in(client, "bob")
    store.users.remove("bob")
    assert client.get("/api/v1/session").status_code == 401
    add_user(client, "bob", "coach")
    assert client.get("/api/v1/session").status_code == 401, "not by the earlier account's cookie"


def test_a_forged_cookie_is_nobody(client: TestClient) -> None:
    sign_in(client, "ann")
    store = server_of(client).store
    carol = store.users.get("carol")
    assert carol is not None
    client.cookies.clear()
    client.cookies.set("voicecheck_session", Sessions("x" * 40, store.users).cookie(carol))
    assert client.get("/api/v1/session").status_code == 401
    with pytest.raises(UnknownUserError):
        server_of(client).sessions.user("nonsense")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 202),
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({}, 202),
    ],
)
def test_another_sites_page_changes_nothing(served: TestClient, headers: dict[str, str], status: int) -> None:
    sign_in(served, "ann")
    assert served.post("/api/v1/messages", content=wav(), headers=headers).status_code == status


def test_without_accounts_only_this_machine_is_answered(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert client.get("/api/v1/session").json() == {"name": "me", "role": "coach", "local": True}
        assert client.get("/login").headers["Location"] == "/"
        rebound = client.get("/", headers={"Host": "evil.example"})
        assert (rebound.status_code, rebound.json()["error"]["code"]) == (421, "wrong_host")
        proxied = client.get("/", headers={"X-Forwarded-For": "10.0.0.7"})
        assert (proxied.status_code, proxied.json()["error"]["code"]) == (403, "proxied")
        for host in ("127.0.0.1:8765", "[::1]:8765", "localhost"):
            assert client.get("/", headers={"Host": host}).status_code == 200
        add_user(client, "ann", "rep")
        assert client.get("/api/v1/session").status_code == 401, "an account closes the open door at once"


@pytest.mark.parametrize("host", ["[::1", "[", "a]b"])
def test_a_host_that_is_none_is_no_mistake_of_ours(served: TestClient, host: str) -> None:
    for path in ("/", "/api/v1/messages", "/nonsense"):
        assert served.get(path, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_refused_in_words(served: TestClient, name: str, moment: str) -> None:
    sign_in(served, "carol")
    answer = served.get("/api/v1/messages", params={name: moment})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        (" \n# nothing but a remark\n", "is empty"),
        ("a." * 24_000 + "b = 1", "too many parts"),
        (" . ".join(["a"] * 12) + " = 1", "too many parts"),
        ("x = " + "[" * 24_000, "within too many brackets"),
        ("x = [\n" * 5_000, "within too many brackets"),
        ("x = " + "9" * 49_000, "more than 40 digits"),
        ("[checks.length]\nmax_s = " + "1" * 60, "line 2"),
        ("x = " + "'" * 3, "rubric"),
        ('name = "a\\ud800"', "rubric"),
    ],
)
def test_a_rubric_that_would_keep_the_parser_busy_is_refused(
    served: TestClient, text: str, complaint: str
) -> None:
    sign_in(served, "carol")
    for method, path in (("PUT", "/api/v1/rubric"), ("POST", "/api/v1/rubric/preview")):
        answer = served.request(method, path, json={"text": text})
        assert answer.status_code == 422
        assert complaint in answer.json()["error"]["message"]


def test_a_rubric_is_previewed_before_it_judges(client: TestClient) -> None:
    sign_in(client, "carol")
    ids = [send(client, name) for name in ("good.wav", "slip.wav")]
    for each in ids:
        wait(client, each)
    text = 'name = "short"\n[checks.length]\nmax_s = 3\ntarget_s = 2'
    found = client.post("/api/v1/rubric/preview", json={"text": text}).json()
    assert (found["name"], found["judged"], found["total"]) == ("short", 2, 2)
    (change,) = found["changes"]
    assert (change["id"], change["before"], change["after"]) == (ids[0], "pass", "fail")
    assert client.get("/api/v1/rubric").json()["name"] != "short"
    client.put("/api/v1/rubric", json={"text": text})
    names = [each["name"] for each in client.get("/api/v1/rubric/history").json()["rubrics"]]
    assert names == ["short", "sales-voicemail"]


@pytest.mark.parametrize("path", ["/", "/login", "/static/app.css", "/api/v1/health", "/nonsense", "/team"])
def test_every_answer_carries_the_security_headers(served: TestClient, path: str) -> None:
    headers = served.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert ("no-store" in headers.get("Cache-Control", "")) is not path.startswith("/static")


def test_no_page_has_a_script_or_a_style_inside(client: TestClient) -> None:
    sign_in(client, "carol")
    done = send(client, "slip.wav")
    wait(client, done)
    for path in (*PAGES, "/login", f"/messages/{done}", "/team?verdict=fail", "/nonsense"):
        text = client.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script type="module" src="/static/')
        assert "://" not in text.replace("http://www.w3.org/2000/svg", "")


HOSTILE = '<img src=x onerror=alert(1)>"\u202e\x00.wav'


def test_a_hostile_name_is_shown_as_text(client: TestClient) -> None:
    sign_in(client, "carol")
    message_id = send(client, f"../../../{HOSTILE}", rep="<b>ann</b>")
    message = wait(client, message_id)
    assert "/" not in message["name"]
    assert "\u202e" not in message["name"]
    for path in (f"/messages/{message_id}", "/team", "/progress?rep=<b>ann</b>"):
        text = client.get(path).text
        assert "<img src=x" not in text
        assert "<b>ann" not in text
    assert client.post("/api/v1/messages", params={"rep": "a\nb"}, content=wav()).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nonsense", 404),
        ("GET", "/api/v1/messages/short", 422),
        ("GET", "/api/v1/messages/..%2f..%2fetc%2fpasswd", 404),
        ("PATCH", "/api/v1/messages", 405),
        ("PATCH", "/api/v1/rubric", 405),
        ("GET", "/api/v1/messages?verdict=maybe", 422),
        ("PUT", "/api/v1/rubric", 422),
    ],
)
def test_every_error_has_one_shape(served: TestClient, method: str, path: str, status: int) -> None:
    sign_in(served, "carol")
    answer = served.request(method, path)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}
    assert "Traceback" not in answer.text


def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(client: TestClient) -> None:
    sign_in(client, "carol")
    assert client.patch("/api/v1/messages").headers["Allow"] == "GET, POST"
    assert client.patch("/api/v1/rubric").headers["Allow"] == "GET, PUT"


def test_a_large_upload_is_refused_before_and_while_it_arrives(tmp_path: Path) -> None:
    with running(tmp_path, upload_max_bytes=10_000) as client:

        def chunks() -> Iterator[bytes]:
            for _ in range(40):
                yield b"x" * 1000

        for content in (b"x" * 10_001, chunks()):
            answer = client.post("/api/v1/messages", content=content)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
        assert client.post("/api/v1/messages", content=b"").status_code == 422
        assert not [path for path in (tmp_path / "recordings").rglob("*") if path.is_file()]
        assert client.get("/api/v1/messages").json()["total"] == 0


def test_an_audio_bomb_is_refused_by_its_length_not_its_size(tmp_path: Path) -> None:
    """Eleven minutes of silence are 20 kB of FLAC and would be 42 MB of samples."""
    bomb = io.BytesIO()
    soundfile.write(bomb, np.zeros(11 * 60 * 8000, dtype=np.int16), 8000, format="FLAC")
    assert len(bomb.getvalue()) < 100_000
    with running(tmp_path) as client:
        message = wait(client, send(client, "bomb.flac", data=bomb.getvalue()))
        assert (message["state"], message["duration_s"]) == ("failed", None)
        assert "bomb.flac" in message["complaint"]
        assert "600 s" in message["complaint"] or "10 min" in message["complaint"]
        assert client.get(f"/api/v1/messages/{message['id']}/audio").status_code == 409


def test_a_large_body_elsewhere_is_refused(client: TestClient) -> None:
    for content in (b"x" * 300_000, iter([b"x" * 100_000] * 3)):
        answer = client.post("/api/v1/session", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_with_too_much_waiting_no_more_is_taken(tmp_path: Path) -> None:
    with running(tmp_path, waiting_max=2) as client:
        server = server_of(client)
        server.worker.stop()
        send(client)
        send(client)
        answer = client.post("/api/v1/messages", content=wav())
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")


async def _slowly(*pauses_s: float) -> AsyncIterator[bytes]:
    for pause_s in pauses_s:
        await asyncio.sleep(pause_s)
        yield b"sound"


@pytest.mark.parametrize(("pauses_s", "idle_s"), [((0.0, 5.0), 0.05), ((0.02,) * 100, 1.0)])
def test_a_slow_client_is_let_go(tmp_path: Path, pauses_s: tuple[float, ...], idle_s: float) -> None:
    recordings = Recordings(folder=tmp_path)
    with pytest.raises(TooSlowError, match="took too long"):
        asyncio.run(recordings.receive(_slowly(*pauses_s), max_bytes=10**6, idle_s=idle_s, max_s=0.3))
    assert not list((tmp_path / "incoming").iterdir())


def test_a_full_disk_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecheck.web.recordings.FREE_MIN_BYTES", 2**60)
    with running(tmp_path) as client:
        answer = client.post("/api/v1/messages", content=wav())
        assert (answer.status_code, answer.json()["error"]["code"]) == (507, "disk_full")
    recordings = Recordings(folder=tmp_path)
    with pytest.raises(DiskFullError):
        asyncio.run(recordings.receive(_slowly(0.0), max_bytes=9, idle_s=1, max_s=1))


def test_limits_of_an_upload_are_exact(tmp_path: Path) -> None:
    recordings = Recordings(folder=tmp_path)
    kept = asyncio.run(recordings.receive(_slowly(0.0, 0.0), max_bytes=10, idle_s=1, max_s=1))
    assert (kept.n_bytes, kept.path.read_bytes()) == (10, b"soundsound")
    with pytest.raises(TooLargeError):
        asyncio.run(recordings.receive(_slowly(0.0, 0.0), max_bytes=9, idle_s=1, max_s=1))
    with pytest.raises(InputError, match="empty"):
        asyncio.run(recordings.receive(_slowly(), max_bytes=9, idle_s=1, max_s=1))


def test_only_the_owner_can_read_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    open_server(WebSettings(folder=folder)).store.close()  # the server's own database, no copy
    with running(folder) as client:
        wait(client, send(client))
    for path in (folder, folder / "recordings"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for name in ("voicecheck.sqlite3", "signing-key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_logs_carry_no_transcript_and_no_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="voicecheck"), running(tmp_path) as client:
        wait(client, send(client, "bad-secret.wav", rep="ann"))
        wait(client, send(client, "letter.wav", data=b"no audio"))
    assert "message " in caplog.text
    for word in ("acme", "416", "secret", "letter", "ann"):
        assert word not in caplog.text


def test_passwords_have_a_least_length_and_are_hashed() -> None:
    passwords = Passwords()
    with pytest.raises(ParameterError, match="10 to 200"):
        passwords.hash("short")
    assert passwords.hash(PASSWORD).startswith("$argon2id$")
    assert not passwords.fits(PASSWORD, None)


def test_the_throttle_forgets_after_a_quarter_of_an_hour() -> None:
    now = [0.0]
    throttle = Throttle(now=lambda: now[0])
    for _ in range(Throttle.PAIR_MAX):
        throttle.attempt("ann", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        throttle.attempt("ann", "10.0.0.1")
    throttle.attempt("ann", "10.0.0.2")
    now[0] = 15 * 60.0
    throttle.attempt("ann", "10.0.0.1")


def test_one_address_cannot_try_many_names_nor_many_addresses_one_name() -> None:
    throttle = Throttle(now=lambda: 0.0)
    for at in range(Throttle.ADDRESS_MAX):
        throttle.attempt(f"user{at}", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        throttle.attempt("one more", "10.0.0.1")
    for at in range(Throttle.NAME_MAX):
        throttle.attempt("ann", f"10.1.0.{at}")
    with pytest.raises(TooManyAttemptsError):
        throttle.attempt("ann", "10.2.0.1")


def test_those_who_sign_in_use_nothing_up() -> None:
    throttle = Throttle(now=lambda: 0.0)
    for _ in range(100):
        throttle.attempt("ann", "10.0.0.1")
        throttle.succeeded("ann", "10.0.0.1")
