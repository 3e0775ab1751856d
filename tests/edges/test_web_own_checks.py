"""A team's own check on the web page: in the rubric, on the card, in JSON, CSV, filters and preview."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from web_app import judged_again, rejudge, running, send, wait

from voicecheck.errors import ParameterError
from voicecheck.scorecard import registry

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "own-check.md"


@pytest.fixture(autouse=True)
def none_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_own", {})


@pytest.fixture
def my_checks(tmp_path: Path) -> Path:
    """The file that docs/own-check.md has a team write: nobody calls back out of pity."""
    block = re.search(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert block is not None
    file = tmp_path / "my_checks.py"
    file.write_text(block[1], encoding="utf-8")
    return file


def test_a_check_of_ones_own_passes_and_fails_on_the_page(tmp_path: Path, my_checks: Path) -> None:
    """The listening process, which is another one, has the check, too."""
    with running(tmp_path / "data", own_process=True, checks_file=my_checks) as client:
        verdicts = {}
        for name in ("good.wav", "pity.wav"):
            message = wait(client, send(client, name))
            found = {check["id"]: check for check in message["card"]["checks"]}
            verdicts[name] = (message["id"], found["no_apology"]["verdict"])
            shown = client.get(f"/messages/{message['id']}").text
            assert "No apology" in shown
            assert ("Leave the apology out" in shown) == (name == "pity.wav")
        assert [verdict for _, verdict in verdicts.values()] == ["pass", "fail"]

        rows = csv.DictReader(io.StringIO(client.get("/api/v1/messages.csv").text))
        assert {row["file"]: row["no_apology_verdict"] for row in rows} == {
            name: verdict for name, (_, verdict) in verdicts.items()
        }
        team = client.get("/team?failed=no_apology").text
        assert "pity.wav" in team
        assert "good.wav" not in team
        assert "No apology" in team

        rejudge(client, "[checks.no_apology]\nmax_count = 1")
        again = client.get(f"/api/v1/messages/{verdicts['pity.wav'][0]}").json()
        assert {check["id"]: check["verdict"] for check in again["card"]["checks"]}["no_apology"] == "pass"


def test_messages_that_are_there_already_get_the_check(tmp_path: Path, my_checks: Path) -> None:
    with running(tmp_path / "data") as client:
        message_id = send(client, "pity.wav")
        assert "no_apology" not in {check["id"] for check in wait(client, message_id)["card"]["checks"]}
    with running(tmp_path / "data", checks_file=my_checks) as client:
        judged_again(client)
        card = client.get(f"/api/v1/messages/{message_id}").json()["card"]
        assert {check["id"]: check["verdict"] for check in card["checks"]}["no_apology"] == "fail"


def test_a_file_of_checks_that_is_none_stops_the_server_before_it_starts(tmp_path: Path) -> None:
    with (
        pytest.raises(ParameterError, match=r"nothing\.py: no such Python file"),
        running(tmp_path / "data", checks_file=tmp_path / "nothing.py"),
    ):
        pass
