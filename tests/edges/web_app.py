"""A server for tests: it hears what is planted, in this process or in one of its own.

Run as a program it is a listening process whose fate the recording's name decides.
"""

from __future__ import annotations

import io
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx2
import numpy as np
from alembic.migration import MigrationContext
from alembic.operations import Operations
from argon2 import PasswordHasher
from fake import FakeTranscriber
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from planted import one_after_another
from sounds import said, spoken, transcript
from sqlalchemy import create_engine, insert, text

from voicecheck.audio.recording import Recording
from voicecheck.hearing.hearing import Hearing, with_part
from voicecheck.listener import Listener
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.transcript import Word
from voicecheck.web import auth
from voicecheck.web.app import create_app
from voicecheck.web.auth import Passwords
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.listening.process import do_task, run
from voicecheck.web.server import Server
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.migrations.versions import first_tables
from voicecheck.web.store.rows import User, UserRole
from voicecheck.web.store.store import open_store
from voicecheck.web.store.tables import messages, rubrics

T = TypeVar("T")

NUMBER = "four one six five five five zero one nine eight"
SWAPPED = "four one six five five five zero one eight nine"
GOOD = one_after_another("hi dana this is joe from acme call me at", NUMBER, "that is", NUMBER, "thanks")
SLIP = one_after_another("hi dana this is joe from acme call me at", NUMBER, "that is", SWAPPED, "thanks")
BAD = said("hi dana this is joe from acme please call me back thanks a lot", word_s=0.3, gap_s=0.1)
PITY = one_after_another("sorry to bother you dana this is joe from acme call", NUMBER, "that is", NUMBER)
PLANTED = {"good": GOOD, "slip": SLIP, "bad": BAD, "pity": PITY}
PASSWORD = "correct horse"
PROCESS = (sys.executable, __file__)

# The tests hash more passwords in a minute than people in a year: with argon2's least work, in this process.
auth.PasswordHasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)  # type: ignore[misc]


@cache
def _sound(words: tuple[Word, ...]) -> NDArray[np.int16]:
    """The sound of a message, made once."""
    return (spoken(list(words)).samples * 32000).astype(np.int16)


def wav(words: Sequence[Word] = GOOD, *, seed: int = 0) -> bytes:
    """A file that sounds where the words are; another seed makes other bytes."""
    samples = _sound(tuple(words)).copy()
    samples[-1] = seed
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


HEARD: dict[Any, Hearing] = {}
"""What was heard in this process, by the words, all samples but the last one, and the region."""


class PlantedListener(Listener):
    """Hears by the recording's name: ``slip.wav`` is heard as `SLIP`."""

    def hear(self, recording: Recording, region: str = "US") -> Hearing:
        stem = recording.source.name.split(".")[0].split("-")[0]
        if stem == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        if stem == "hang":
            time.sleep(60)
        if stem == "greed":
            np.ones(3 * 2**30, dtype=np.uint8)
        words = tuple(PLANTED.get(stem, GOOD))
        key = (words, sha256(recording.samples[:-1].tobytes()).digest(), recording.line is None, region)
        if key not in HEARD:  # a hundred tests send the same three sounds
            planted = FakeTranscriber(transcript=transcript(words))
            object.__setattr__(self, "transcriber", planted)
            # Planted sounds are no speech: nobody could tell where a message begins among them, nor an echo.
            heard = with_part(super().hear(recording, region))
            HEARD[key] = replace(heard, condition=replace(heard.condition, echo_delay_s=None, echo_db=None))
        return replace(HEARD[key], source=recording.source, warnings=recording.warnings)

    @property
    def phone_transcriber(self) -> FakeTranscriber:
        """A phone that prints the number in figures."""
        return FakeTranscriber(transcript=transcript(said("hi dana this is joe call me at 416-555-0198")))


class PlantedProcess(ListenerProcess):
    """Hears in this process."""

    def __init__(self, settings: WebSettings) -> None:
        super().__init__(settings)
        self.tasks: list[dict[str, Any]] = []

    def start(self) -> None:
        """Nothing to start."""

    def ask(self, task: dict[str, Any], max_s: float, **_: Any) -> dict[str, Any]:
        del max_s
        self.tasks.append(task)
        return do_task(task, PlantedListener())


@cache
def new_database() -> bytes:
    """The file of a store that holds nothing yet: made once, for all its tables take their time."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "voicecheck.sqlite3")
        open_store(f"sqlite:///{file}").close()
        return file.read_bytes()


@contextmanager
def running(folder: Path, *, own_process: bool = False, **options: Any) -> Iterator[TestClient]:
    """A client of a running server."""
    settings = WebSettings(folder=folder, listener_command=PROCESS, **options)
    if not folder.exists() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # as the server makes it
        (folder / "voicecheck.sqlite3").write_bytes(new_database())
    app = create_app(settings, process=None if own_process else PlantedProcess(settings))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def server_of(client: TestClient) -> Server:
    return client.app.state.server


def send(client: TestClient, name: str = "good.wav", *, data: bytes | None = None, **query: str) -> str:
    """Send a message and give its id."""
    body = wav(PLANTED.get(name.split(".")[0].split("-")[0], GOOD)) if data is None else data
    answer = client.post("/api/v1/messages", params={"name": name, **query}, content=body)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def until(happens: Callable[[], T], what: str = "it did not happen") -> T:
    """Look until something is there, and give it: in a moment, however long a busy machine takes for that."""
    ends = time.monotonic() + 240
    while not (found := happens()):
        assert time.monotonic() < ends, what
        time.sleep(0.02)
    return found


def wait(client: TestClient, message_id: str) -> dict[str, Any]:
    """Follow a message until it is done or failed."""

    def heard() -> dict[str, Any] | None:
        message: dict[str, Any] = client.get(f"/api/v1/messages/{message_id}").json()
        return message if message["state"] in ("done", "failed") else None

    return until(heard, "not heard") or {}


def rejudge(client: TestClient, rubric: str) -> None:
    """Put a rubric in force and wait until every message is judged by it."""
    assert client.put("/api/v1/rubric", json={"text": rubric}).status_code == 200
    judged_again(client)


def judged_again(client: TestClient) -> None:
    """Wait until every message is judged by the rubric in force."""
    for _ in range(500):
        if client.get("/api/v1/rubric").json()["to_judge"] == 0:
            return
        server_of(client).worker.wake()
    raise AssertionError("not judged again")


def add_user(client: TestClient, name: str, role: UserRole) -> None:
    server_of(client).store.users.add(User(name=name, role=role, password_hash=_hash()))


@cache
def _hash() -> str:
    """Once: it takes its time, as it should."""
    return Passwords().hash(PASSWORD)


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    client.cookies.clear()
    return client.post("/api/v1/session", json={"name": name, "password": password})


OLD_ID = "A" * 22
LONG_AGO = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def leave_behind(
    url: str, *, sha256: str, hearing: str, card: dict[str, Any], users: Sequence[str] = ()
) -> None:
    """Make a database with one message, `OLD_ID`, as the first version of voicecheck left it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            first_tables.upgrade()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
        for name in users:
            columns = "name, role, password_hash, epoch"
            connection.execute(
                text(f"INSERT INTO users ({columns}) VALUES (:name, 'rep', 'x', 1)"), {"name": name}
            )
        rubric = {"name": "ours", "sha256": "x", "text": default_rubric().text}
        adopted = insert(rubrics).values(**rubric, adopted_by="carol", adopted_at=LONG_AGO)
        message = {"rep": "ann", "name": "good.wav", "sha256": sha256, "n_bytes": 9, "received_at": LONG_AGO}
        judged = {
            "state": "done",
            "verdict": "pass",
            "next_step": "Nothing.",
            "hearing": hearing,
            "card": card,
        }
        rubric_id = connection.execute(adopted).inserted_primary_key[0]
        connection.execute(
            insert(messages).values(id=OLD_ID, **message, **judged, crashes=0, rubric_id=rubric_id)
        )
    engine.dispose()


SERVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from web_app import PROCESS
from voicecheck.web import connections
from voicecheck.web.app import create_app
from voicecheck.web.settings import WebSettings
planted = {"listener_command": PROCESS} if sys.argv[4] == "planted" else {}
settings = WebSettings(folder=Path(sys.argv[2]), **planted)
connections.HEADERS_MAX_S = 2.0
certificate, key = [Path(each) for each in sys.argv[5:7]] or (None, None)
connections.serve(
    create_app(settings), host="127.0.0.1", port=int(sys.argv[3]), certificate=certificate, key=key
)
"""


STDERR: list[Path] = []
"""Where servers of their own write."""

SAID = ("416", "5550198", "acme", "dana", "thanks", ".wav", "lee wong", "ann & co", PASSWORD)
"""Words, numbers, files, people and passwords that the tests plant."""


class Collected(logging.Handler):
    """Keeps every line of the page's logs as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []
        for name in ("voicecheck.web", "sqlalchemy", "alembic", "uvicorn", "asyncio"):
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


COLLECTED = Collected()


def told_in_logs() -> list[str]:
    """The lines of all logs of this test run that hold what was said; `conftest` asks at the end."""
    written = [path.read_text(errors="replace") for path in STDERR if path.exists()]
    lines = [*COLLECTED.lines, *written]
    return [line for line in lines if any(word in line.lower() for word in SAID)]


def start_server(
    folder: Path,
    port: int,
    *,
    hears: str = "planted",
    max_files: int | None = None,
    tls: Sequence[Path] = (),
) -> subprocess.Popen[bytes]:
    """Run a server of its own until it answers; with a real model unless what it hears is planted."""
    arguments = [str(Path(__file__).parent), str(folder), str(port), hears, *map(str, tls)]
    command = [sys.executable, "-c", SERVER, *arguments]
    if max_files is not None:
        command = ["sh", "-c", f'ulimit -n {max_files}; exec "$0" "$@"', *command]
    folder.mkdir(parents=True, exist_ok=True)
    STDERR.append(folder / f"stderr-{port}.txt")
    with STDERR[-1].open("ab") as stderr:
        process = subprocess.Popen(command, stderr=stderr)
    for _ in range(4_800):  # a busy machine takes its time
        try:
            httpx2.get(f"http{'s' if tls else ''}://127.0.0.1:{port}/healthz", verify=not tls)
        except httpx2.TransportError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
        else:
            return process
    process.kill()
    raise AssertionError("the server did not start")


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    run(lambda start: PlantedListener())
