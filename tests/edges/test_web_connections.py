"""Connections that never get on, and ports that are taken."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from web_app import start_server, unused_port, wav

from voicecheck.errors import EngineError
from voicecheck.web.connections import _tls, check_port, serve
from voicecheck.web.logs import Discreet

N_HALF_OPEN = 300


@pytest.mark.slow
def test_with_256_descriptors_and_300_half_open_connections_the_page_still_answers(tmp_path: Path) -> None:
    port = unused_port()
    process = start_server(tmp_path, port, max_files=256)
    try:
        with ExitStack() as stack:
            half_open = []
            for _ in range(N_HALF_OPEN):
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
                half_open.append(connection)
            base = f"http://127.0.0.1:{port}"
            assert httpx2.get(f"{base}/", timeout=60).status_code == 200
            sent = httpx2.post(f"{base}/api/v1/messages", content=wav(), timeout=60)
            assert sent.status_code == 202
            ended = 0
            for connection in half_open:
                try:
                    ended += connection.recv(1) == b""
                except ConnectionError:
                    ended += 1
            assert ended == N_HALF_OPEN, "each is ended in the end"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of our own, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = [
        program,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


@pytest.mark.slow
@pytest.mark.parametrize("says", [b"", b"\x16\x03\x01\x02", b"GET / HTTP/1.1\r\n\r\n"])
def test_half_a_handshake_is_ended_and_holds_nobody_up(
    tmp_path: Path, tls: tuple[Path, Path], says: bytes
) -> None:
    port = unused_port()
    process = start_server(tmp_path / "data", port, max_files=256, tls=tls)
    try:
        with ExitStack() as stack:
            half_open = []
            for _ in range(N_HALF_OPEN):
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
                connection.sendall(says)
                half_open.append(connection)
            with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=False, timeout=60) as client:
                assert client.get("/").status_code == 200
                assert client.post("/api/v1/messages", content=wav()).status_code == 202
            assert sum(_was_ended(connection) for connection in half_open) == N_HALF_OPEN
    finally:
        process.terminate()
        process.wait(20)


def _was_ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) in (b"", b"\x15")  # a TLS alert: it was told why
    except ConnectionError:
        return True


def test_a_certificate_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, tls: tuple[Path, Path]
) -> None:
    certificate, key = tls

    assert _tls(certificate, key)
    with pytest.raises(EngineError, match="cannot be used: No such file"):
        _tls(tmp_path / "none.pem", key)
    with pytest.raises(EngineError, match="cannot be used"):
        _tls(key, certificate)


@pytest.mark.slow
def test_a_second_request_that_drips_in_is_ended_too(tmp_path: Path) -> None:
    port = unused_port()
    process = start_server(tmp_path, port)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            connection.sendall(b"GET /healthz HTTP/1.1\r\n")
            received = b"?"
            try:
                while received:
                    received = connection.recv(4096)
            except ConnectionError:
                received = b""
            assert received == b""
    finally:
        process.terminate()
        process.wait(20)


def test_only_the_proxy_that_was_named_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may write X-Forwarded-For; who guesses passwords would write another address each time."""
    served: list[Any] = []
    seen: list[tuple[str, str]] = []

    async def app(scope: dict[str, Any], *_: object) -> None:
        seen.append((scope["client"][0], scope["scheme"]))

    def run(app: Any, **options: Any) -> None:
        config = uvicorn.Config(app, log_config=None, **options)
        config.load()
        served.append(config.loaded_app)

    monkeypatch.setattr(uvicorn, "run", run)
    for proxy, client in (("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "192.0.2.5"), (None, "127.0.0.1")):
        serve(app, host="127.0.0.1", port=1, proxy=proxy)  # type: ignore[arg-type]
        scope = {
            "type": "http",
            "scheme": "http",
            "client": (client, 5),
            "headers": [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")],
        }
        asyncio.run(served[-1](scope, None, None))
    assert seen == [("203.0.113.9", "https"), ("192.0.2.5", "http"), ("127.0.0.1", "http")]


def test_a_taken_port_is_told_with_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match=rf"port {port} is taken; try --port {port + 1}"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)
    with pytest.raises(EngineError, match="cannot be listened on"):
        check_port("192.0.2.7", port)


def test_what_a_library_logs_of_an_error_loses_its_message(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("test.discreet")
    log.addFilter(Discreet())
    said = "-".join(["call me at 416", "555", "0198"])
    try:
        raise ValueError(said)
    except ValueError:
        log.exception("Exception in ASGI application")
    assert "416-555" not in caplog.text
    assert "ValueError" in caplog.text
    assert "test_web_connections.py" in caplog.text
