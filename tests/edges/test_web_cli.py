"""`voicecheck serve` and `voicecheck users`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from voicecheck.cli import app
from voicecheck.web.settings import WebSettings, is_loopback


def run(*arguments: str | Path, text: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


@pytest.fixture
def _never_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is there, and the server ends as soon as it starts."""
    monkeypatch.setattr("voicecheck.listener.Listener.prepare", lambda _: None)
    monkeypatch.setattr("voicecheck.web.connections.serve", lambda *_, **__: None)


def test_help_names_every_command() -> None:
    assert "serve" in run("--help").stdout
    assert "--keep-days" in run("serve", "--help").stdout
    for command in ("add", "list", "password", "remove"):
        assert run("users", command, "--help").exit_code == 0


@pytest.mark.usefixtures("_never_serves")
def test_any_address_but_loopback_wants_accounts(tmp_path: Path) -> None:
    for arguments in (["--host", "0.0.0.0"], ["--host", "192.0.2.7"], ["--public"]):
        refused = run("serve", "--folder", tmp_path, *arguments)
        assert refused.exit_code == 2
        assert "voicecheck users add NAME --role coach" in refused.stderr
    assert run("serve", "--folder", tmp_path).exit_code == 0
    run("users", "add", "carol", "--role", "coach", "--folder", tmp_path, text="correct horse\n")
    served = run("serve", "--folder", tmp_path, "--host", "0.0.0.0")
    assert served.exit_code == 0
    assert "http://0.0.0.0:8765" in served.stderr
    assert "passwords travel in clear" in served.stderr


@pytest.mark.usefixtures("_never_serves")
def test_wrong_options_are_told_in_one_line(tmp_path: Path) -> None:
    for arguments, complaint in (
        (["--region", "Narnia"], "unknown region"),
        (["--database", "nonsense"], "database URL"),
        (["--certificate", "a.pem"], "--certificate and --key go together"),
    ):
        done = run("serve", "--folder", tmp_path, *arguments)
        assert done.exit_code == 2
        assert complaint in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_missing_model_is_told_before_anything_is_served(tmp_path: Path) -> None:
    done = run("serve", "--folder", tmp_path, "--model", "enormous")
    assert done.exit_code == 2
    assert "enormous" in done.stderr


def test_users_are_added_listed_changed_and_removed(tmp_path: Path) -> None:
    def users(*arguments: str, text: str = "") -> Result:
        return run("users", *arguments, "--folder", tmp_path, text=text)

    assert users("add", "ann", text="correct horse\n").stdout == "ann: rep\n"
    assert users("add", "carol", "--role", "coach", text="correct horse\n").exit_code == 0
    assert users("list").stdout == "ann: rep\ncarol: coach\n"
    assert "already" in users("add", "ann", text="correct horse\n").stderr
    assert "10 to 200" in users("add", "bob", text="short\n").stderr
    assert "is not a name" in users("add", " bob", text="correct horse\n").stderr
    assert users("password", "ann", text="another horse\n").exit_code == 0
    assert "no user 'bob'" in users("password", "bob", text="another horse\n").stderr
    assert users("remove", "ann").exit_code == 0
    assert users("list").stdout == "carol: coach\n"


def test_without_the_extra_the_mend_is_named() -> None:
    code = "import sys; sys.modules['fastapi'] = None\nfrom voicecheck.cli import app; app(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 3
    assert 'pip install "voicecheck-coach[web]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_help_loads_no_web_library() -> None:
    code = (
        "import sys, voicecheck.cli\n"
        "print(sorted({'fastapi', 'sqlalchemy', 'uvicorn', 'alembic', 'argon2', 'jinja2', 'pydantic'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_is_told(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "localhost.example.com", ""])
def test_from_the_rest(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("limit", [{"upload_max_bytes": 0}, {"listen_max_s": -1.0}, {"keep_days": 0}])
def test_impossible_limits_are_refused(tmp_path: Path, limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(limit))):
        WebSettings(folder=tmp_path, **limit)
