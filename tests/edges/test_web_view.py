"""What the pages show."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_app import PlantedListener, rejudge, running, send, server_of, until, wait

from voicecheck.errors import EngineError
from voicecheck.report.alignment import GridRow, digit_grids
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.web.api import messages as api_messages
from voicecheck.web.pages.card_view import better, channel_line, gauge, limit_text, value_text
from voicecheck.web.pages.charts import chart, score_chart
from voicecheck.web.store.rows import CheckOutcome, StoredMessage
from voicecheck.web.store.statements import change_message


def recitation(digits: str, *, full: bool = True, ordinal: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "digits": digits,
        "full": full,
        "ordinal": ordinal,
        "extension": None,
        "rate_dps": 1.5,
        "onset_s": 0.0,
        "offset_s": 9.0,
        "doubts": [],
        "waits": [],
        "timed_digits": [
            {"digit": digit, "onset_s": float(at), "offset_s": at + 0.5}
            for at, digit in enumerate(digits.lstrip("+"))
        ],
        **more,
    }


def grid(*recitations: dict[str, Any], expected: str | None = None) -> list[list[GridRow]]:
    return digit_grids({"recitations": recitations, "checks": []}, expected, "US")


def drawn(saying: GridRow) -> str:
    """A row as text: digits, ``.`` for none; what is marked as different in brackets, doubts with ``?``."""
    return "".join(
        {"differs": "[{}]", "doubt": "{}?", "": "{}"}[cell.mark].format(cell.digit or ".")
        for cell in saying.cells
    )


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        (["4165550198", "4165550198"], ["4165550198", "4165550198"]),
        (["4165550198", "4165550189"], ["4165550198", "41655501[8][9]"]),
        (["4165550198", "4165550197"], ["4165550198", "416555019[7]"]),
        (["4165550198", "416550198"], ["4165550198", "41655[.]0198"]),
        (["4165550198", "+14165550198"], [".4165550198", "14165550198"]),
    ],
)
def test_digits_stand_over_digits_and_differing_ones_are_marked(said: list[str], rows: list[str]) -> None:
    (sayings,) = grid(*(recitation(digits, ordinal=at) for at, digits in enumerate(said, start=1)))
    assert [drawn(each) for each in sayings] == rows


def test_doubts_that_the_sayings_clear_of_each_other_are_not_marked() -> None:
    doubtful = recitation("4165550198", doubts=[{"position": 9, "digit": "8", "rival": "9"}])
    said = [doubtful, recitation("4165550198", ordinal=2)]
    for verdict, rows in (("pass", ["4165550198"] * 2), ("unsure", ["4165550198?", "4165550198"])):
        checks = [{"id": "number_clear", "verdict": verdict}]
        (sayings,) = digit_grids({"recitations": said, "checks": checks}, None, "US")
        assert [drawn(each) for each in sayings] == rows


def test_an_extra_digit_makes_room_in_every_row() -> None:
    (sayings,) = grid(recitation("4165550198"), recitation("41655501998", ordinal=2))
    first, second = (drawn(each) for each in sayings)
    assert len(sayings[0].cells) == len(sayings[1].cells) == 11
    assert first.count(".") == 1
    assert second.count("[9]") == 1


def test_a_partial_saying_stands_under_the_end() -> None:
    (sayings,) = grid(recitation("4165550198"), recitation("0198", full=False, ordinal=2))
    assert drawn(sayings[1]) == "......0198"
    assert sayings[1].title == "In part"


def test_two_numbers_are_two_grids() -> None:
    assert len(grid(recitation("4165550198"), recitation("2125550147", ordinal=2))) == 2


def test_the_expected_number_is_what_sayings_are_held_against() -> None:
    (sayings,) = grid(recitation("4165550189"), recitation("4165550189", ordinal=2), expected="4165550198")
    assert [each.title for each in sayings] == ["Expected", "Saying 1", "Saying 2"]
    assert [drawn(each) for each in sayings] == ["4165550198", "41655501[8][9]", "41655501[8][9]"]


def test_cells_say_what_differs_and_what_is_in_doubt() -> None:
    doubt = {"position": 0, "digit": "4", "rival": "5"}
    (sayings,) = grid(recitation("4165550198", doubts=[doubt]), recitation("4165550197", ordinal=2))
    assert sayings[0].cells[0].label == "4, at 0:00.0, may be 5"
    assert sayings[1].cells[9].label == "7, at 0:09.0, differs: 8 elsewhere"
    assert [at for at, cell in enumerate(sayings[0].cells) if cell.starts_group] == [3, 6]


CHECK: dict[str, Any] = {
    "id": "length",
    "unit": "s",
    "value": 21.0,
    "limit": {"min": None, "max": 30.0, "target": 20.0},
}


def test_a_gauge_puts_value_target_and_limit_on_one_scale() -> None:
    found = gauge(CHECK)
    assert found is not None
    assert (found.value, found.high, found.low) == (50.0, pytest.approx(71.43), 0.0)
    assert found.target == pytest.approx(47.62)
    assert gauge({**CHECK, "value": None}) is None
    assert gauge({**CHECK, "unit": "times"}) is None
    aimless = gauge({**CHECK, "limit": {**CHECK["limit"], "target": None}})
    assert aimless is not None
    assert aimless.target is None


@pytest.mark.parametrize(
    ("n_channels", "side", "said"),
    [
        (1, None, ""),
        (2, None, "Both channels are judged together."),
        (3, None, "All 3 channels are judged together."),
        (2, "left", "The left channel is judged, where the rep speaks; the other one is the line's."),
    ],
)
def test_a_card_says_which_channel_was_judged(n_channels: int, side: str | None, said: str) -> None:
    assert channel_line({"source": {"channels": n_channels, "side": side}}) == said


def test_values_and_limits_read_well() -> None:
    assert (value_text(CHECK), limit_text(CHECK)) == ("21.0 s", "at most 30")
    band = {"unit": "words/min", "value": 134.2, "limit": {"min": 100.0, "max": 170.0}}
    assert (value_text(band), limit_text(band)) == ("134 wpm", "100 to 170")
    agrees = {"unit": "differences", "value": 1, "limit": {"min": None, "max": 0}}
    assert (value_text(agrees), limit_text(agrees)) == ("", ""), "its evidence says it in words"
    pace = {"unit": "digits/s", "value": 1.768, "limit": {"min": None, "max": 2.0}}
    assert (value_text(pace), limit_text(pace)) == ("1.77 digits/s", "at most 2")
    assert value_text({**band, "value": None}) == ""


def take(at: int, value: float | None) -> StoredMessage:
    return StoredMessage(
        id=f"take{at}",
        rep="ann",
        name="take.wav",
        sha256="0" * 64,
        n_bytes=1,
        expected=None,
        prospect=None,
        speaker=None,
        company=None,
        region=None,
        received_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=at),
        state="done",
        complaint=None,
        duration_s=20.0,
        card_verdict="pass",
        next_step="",
        passed=at,
        counted=7,
        rubric_line=1,
        override=None,
        outcomes={"length": CheckOutcome(verdict="pass", value=value)},
    )


def test_what_got_better_is_told_with_both_values() -> None:
    def with_outcomes(at: int, **outcomes: tuple[str, float | None]) -> StoredMessage:
        kept = {
            name: CheckOutcome(verdict=verdict, value=value) for name, (verdict, value) in outcomes.items()
        }
        return replace(take(at, None), outcomes=kept)

    before = with_outcomes(
        4, length=("fail", 35.9), number_repeated=("fail", 1), number_agrees=("fail", 1), pace=("pass", 120)
    )
    now = with_outcomes(
        7, length=("pass", 21.4), number_repeated=("pass", 2), number_agrees=("pass", 0), pace=("pass", 110)
    )
    assert better(before, now) == [
        "7 of 7 checks passed, 4 before",
        "Message length: was 35.9 s, now 21.4 s",
        "Number said twice: was once, now twice",
        "Numbers agree",
    ]
    assert better(now, before) == []


def test_a_chart_rises_with_the_value_and_skips_what_was_not_measured() -> None:
    rubric = default_rubric()
    found = chart("length", [take(0, 10.0), take(1, None), take(2, 20.0), take(3, 40.0)], rubric)
    assert found is not None
    assert [point.message_id for point in found.points] == ["take0", "take2", "take3"]
    assert all(before.y > after.y and before.x < after.x for before, after in pairwise(found.points))
    ten, twenty, forty = (point.y for point in found.points)
    assert twenty - forty == pytest.approx(2 * (ten - twenty))
    assert (found.high, found.latest) == (30.0, 40.0)
    assert forty < found.band_top < twenty
    assert chart("length", [take(0, 10.0)], rubric) is None


def test_a_chart_of_the_score_shows_progress_while_the_verdict_stays() -> None:
    found = score_chart([take(3, 10.0), take(6, 10.0)])
    assert found is not None
    assert [round(point.value) for point in found.points] == [43, 86]
    assert found.points[0].y > found.points[1].y > found.band_top
    assert (found.good, found.written(found.latest)) == ("Aim for 100 %", "86 %")
    assert score_chart([take(1, 1.0)]) is None


def test_every_page_shows_what_it_should(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        for name in ("good.wav", "slip.wav"):
            message_id = send(client, name, rep="Ann & Co", expected="416-555-0198")
            wait(client, message_id)
        card = client.get(f"/messages/{message_id}").text
        assert '<h1>Say <span class="unbroken">416-555-0198</span> each time' in card
        assert ">Expected<" in card
        assert card.count("differs: ") == 2
        assert "Earlier takes" in card
        assert "Your verdict" not in card, "who is alone overrides nobody"
        assert card.index("Fail</span>") < card.index("<h1>") < card.index("Checks")
        team = client.get("/team?verdict=fail").text
        assert "Ann &amp; Co" in team
        assert "1 message<" in team
        assert 'href="/api/v1/messages.csv?verdict=fail"' in team
        progress = client.get("/progress", params={"rep": "Ann & Co"}).text
        assert "1 of 2 messages passed" in progress
        assert progress.count("<figure") == 4
        assert "sales-voicemail" in client.get("/rubric").text
        assert client.get("/team?page=7&since=nonsense&failed=nonsense").status_code == 200
        assert client.get("/messages/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


def page_of(client: TestClient, message_id: str, card: dict[str, Any]) -> str:
    """The page of a message that is given another card."""
    store = server_of(client).store
    store.queue.rejudged(message_id, card=card, rubric_id=store.rubrics.in_force().id)
    return client.get(f"/messages/{message_id}").text


def test_where_no_number_was_said_one_row_of_the_page_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client, "bad.wav")
        wait(client, message_id)
        page = client.get(f"/messages/{message_id}").text
    assert page.count('<span class="evidence">no phone number was heard</span>') == 1


def test_a_page_shows_what_survives_bad_lines_and_what_the_recording_is_like(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        page = client.get(f"/messages/{message_id}").text
        assert "speech at " in page
        assert "ound quality" in page
        assert "On bad lines" not in page
        card = client.get(f"/api/v1/messages/{message_id}").json()["card"]
        survival = {"whole": 0, "share_low": 0.0, "share_high": 0.324, "misses": [8], "most_missed": "?42"}
        line = {"codec": "GSM", "loss": 0.05, "burst": 3.0, "first": "?42", "all": "442"}
        tested = {"why_not": None, "digits": "442", "sayings": 2, "lines": 8, "results": [line]}
        saved = {
            **survival,
            "whole": 8,
            "share_low": 0.676,
            "share_high": 1.0,
            "misses": [0],
            "most_missed": "442",
        }
        tip = {
            "id": "worn_out",
            "text": "Leave it out.",
            "quote": "touch <base>",
            "onset_s": 1.0,
            "offset_s": 2.0,
        }
        card |= {"line_test": {**tested, "first": survival, "all": saved}, "tips": [tip]}
        rendered = page_of(client, message_id, card)
        assert "got through on 0 of 8 test lines" in rendered
        assert 'hardest: <span class="lost">?42</span>' in rendered
        assert rendered.count("hardest: ") == 1
        assert "<td>Mobile</td><td>5 %</td>" in rendered
        assert "<q>touch &lt;base&gt;</q>" in rendered
        card["line_test"] = {
            **tested,
            "why_not": "no number was said in full",
            "lines": 0,
            "first": None,
            "all": None,
        }
        assert "Not tested, no number was said in full." in page_of(client, message_id, card)


def test_a_message_that_waits_has_a_page_that_survives_a_reload(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        client.app.state.server.worker.stop()
        first, second = send(client), send(client)
        for _ in range(2):
            page = client.get(f"/messages/{second}")
            assert "Waiting for its turn" in page.text
        assert client.get(f"/api/v1/messages/{second}").json()["ahead"] == 1
        assert client.get(f"/api/v1/messages/{first}").json()["ahead"] == 0


def received(client: TestClient, moment: str) -> str:
    """A message that came at a moment."""
    message_id = send(client)
    wait(client, message_id)
    change_message(server_of(client).store.engine, message_id, received_at=datetime.fromisoformat(moment))
    return message_id


def listed(client: TestClient, **query: str) -> set[str]:
    """The messages that the coach's table shows."""
    page = client.get("/team", params=query)
    assert page.status_code == 200
    return set(re.findall(r'href="/messages/([\w-]{22})"', page.text))


def test_a_coach_filters_by_the_days_of_their_own_zone(tmp_path: Path) -> None:
    """Half past eight in the evening in Toronto is the next day in UTC; a day there may have 23 hours."""
    with running(tmp_path) as client:
        evening = received(client, "2026-03-02T01:30:00Z")
        late = received(client, "2026-03-09T03:30:00Z")  # clocks went forward on the 8th
        toronto = {"zone": "America/Toronto"}
        assert listed(client, since="2026-03-01", until="2026-03-01", **toronto) == {evening}
        assert listed(client, since="2026-03-02", until="2026-03-02", **toronto) == set()
        assert listed(client, since="2026-03-02", until="2026-03-02", zone="Asia/Tokyo") == {evening}
        assert listed(client, since="2026-03-08", until="2026-03-08", **toronto) == {late}
        assert listed(client, since="2026-03-09", **toronto) == set()


@pytest.fixture
def _server_in_toronto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be changed here")
    monkeypatch.setenv("TZ", "America/Toronto")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_server_in_toronto")
def test_without_a_zone_the_servers_own_days_and_times_are_meant(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        evening = received(client, "2026-03-02T01:30:00Z")
        for zone in ("", "Nowhere/Atall", "../../etc/passwd", "America", "\0"):
            assert listed(client, since="2026-03-01", until="2026-03-01", zone=zone) == {evening}
        assert "01 Mar 2026, 20:30 EST" in client.get("/team").text


def test_the_csv_beside_the_table_has_the_same_messages(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        received(client, "2026-03-02T01:30:00Z")
        received(client, "2026-03-02T12:00:00Z")
        query = {"since": "2026-03-01", "until": "2026-03-01", "zone": "America/Toronto"}
        page = client.get("/team", params=query).text
        found = re.search(r'href="(/api/v1/messages\.csv\?[^"]*)"', page)
        assert found is not None
        answer = client.get(html.unescape(found[1]))
        assert answer.status_code == 200
        assert len(answer.text.splitlines()) == 2


def test_the_ends_of_the_calendar_are_no_filter_and_no_fault(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", ""):
            assert listed(client, since="0001-01-01", until="9999-12-31", zone=zone) == {message_id}


def test_a_call_shows_where_the_message_begins_and_plays_both_apart(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        page = client.get(f"/messages/{message_id}").text
        assert "Before the message" not in page, "it is all message"
        card = client.get(f"/api/v1/messages/{message_id}").json()["card"]
        card["part"] |= {"onset_s": 2.0}
        for word in card["transcript"]["words"]:
            word["part"] = "greeting" if word["offset_s"] < 2.0 else "message"
        greeting = [word for word in card["transcript"]["words"] if word["part"] == "greeting"]
        page = page_of(client, message_id, card)
        assert "The message begins at 0:02.0" in page
        assert 'data-onset="0" data-offset="2.0">Before the message' in page
        assert page.count(" outside") == len(greeting) > 0


def test_what_a_phone_would_print_is_added_when_it_is_asked_and_nothing_else_is_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One task more, with what was heard before; of another part that is told the print would be wrong."""
    monkeypatch.setattr(api_messages, "find_model", lambda name, **_: Path(name))
    with running(tmp_path) as client:
        message_id = send(client)
        assert wait(client, message_id)["phone"] is None
        path = f"/api/v1/messages/{message_id}"
        assert client.get(path).json()["card"]["phone"] is None
        assert "What would theirs print?" in client.get(f"/messages/{message_id}").text
        assert client.post(f"{path}/phone").json()["phone"] == "wanted"
        message = printed(client, path)
        assert message["card"]["phone"]["shows_number"] is True
        assert "The number is right and can be tapped." in client.get(f"/messages/{message_id}").text
        heard = [task for task in server_of(client).worker._process.tasks if task["hearing"] is None]
        assert len(heard) == 1
        rejudge(client, 'name = "lax"\n[checks.pace]\nmin_wpm = 20')
        assert client.get(path).json()["card"]["phone"]["shows_number"] is True, "another rubric leaves it"
        assert client.put(f"{path}/part", json={"start_s": 5.0}).json()["phone"] is None
        assert client.get(path).json()["card"]["phone"] is None


def test_a_phone_that_cannot_be_asked_leaves_the_card_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its model one sentence says so; where it fails later, the message is not heard again for it."""

    def lacking(name: str, **_: Any) -> Path:
        raise EngineError(f"the model {name} is not on this machine")

    def broken(self: Any, *_: Any) -> Any:
        raise EngineError("the model failed")

    with running(tmp_path) as client:
        message_id = send(client)
        card = wait(client, message_id)["card"]
        path = f"/api/v1/messages/{message_id}"
        monkeypatch.setattr(api_messages, "find_model", lacking)
        refused = client.post(f"{path}/phone")
        assert (refused.status_code, refused.json()["error"]["message"]) == (
            503,
            "the model tiny.en is not on this machine",
        )
        monkeypatch.setattr(api_messages, "find_model", lambda name, **_: Path(name))
        monkeypatch.setattr(PlantedListener, "with_phone", broken)
        client.post(f"{path}/phone")
        message = printed(client, path)
        assert (message["state"], message["phone"], message["card"]) == ("done", None, card)


def printed(client: TestClient, path: str) -> dict[str, Any]:
    """The message once its phone was asked."""
    until(lambda: client.get(path).json()["phone"] != "wanted", "no phone was asked")
    message: dict[str, Any] = client.get(path).json()
    return message


def test_a_person_tells_where_the_message_begins(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        message_id = send(client)
        wait(client, message_id)
        path = f"/api/v1/messages/{message_id}"
        assert client.put(f"{path}/part", json={"start_s": 5.0}).json()["start_s"] == 5.0
        message = client.get(path).json()
        assert message["card"]["part"]["onset_s"] == 5.0
        rejudge(client, 'name = "lax"\n[checks.pace]\nmin_wpm = 20')
        assert client.get(path).json()["card"]["part"]["onset_s"] == 5.0, "another rubric leaves it"
        assert client.put(f"{path}/part", json={"start_s": 5000.0}).status_code == 422
        assert client.put(f"{path}/part", json={}).json()["start_s"] is None
        assert client.get(path).json()["card"]["part"]["onset_s"] == 0.0
