"""Hears waiting messages one after another, and judges old ones again when the rubric changes.

A thread of the server that keeps one listening process (`voicecheck.web.ear`) alive.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import threading
import time
from contextlib import suppress
from typing import Any, Literal

from voicecheck.errors import EngineError, InputError, VoicecheckError
from voicecheck.web.recordings import Recordings
from voicecheck.web.settings import WebSettings
from voicecheck.web.shelf import Shelf
from voicecheck.web.store import Message, Store

log = logging.getLogger(__name__)

START_MAX_S = 300.0
"""Loading the model may take so long: the first time every byte of it is read and hashed."""
STOP_MAX_S = 5.0
LOOK_AGAIN_S = 1.0
"""Work that another process put into the store is seen after so long."""
START_AGAIN_S = 5.0
SWEEP_S = 3600.0

# CTranslate2's buffers would go back to the system and be faulted in again at every call.
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "8589934592"}

Condition = Literal["starting", "ready", "unable"]


class DeafError(EngineError):
    """The listening process cannot be started, or has died."""


class TooLongError(InputError):
    """A message that would not be heard in the time allowed."""


class Ear:
    """The listening process, started when it is first needed.

    Parameters
    ----------
    settings : WebSettings
        How to start it, and its limits.
    """

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Start it unless it runs, and wait until it has loaded the model.

        Raises
        ------
        DeafError
            If it says why it cannot, or dies.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        settings = self._settings
        try:
            self._process = subprocess.Popen(
                settings.ear_command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the server, which ends it
                env={**os.environ, **ALLOCATOR},
            )
        except OSError as error:
            raise DeafError(f"the listening process cannot be started: {error.strerror}") from error
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()
        answer = self._exchange(
            {
                "model": settings.model,
                "model_dir": None if settings.model_dir is None else str(settings.model_dir),
                "threads": settings.threads,
                "memory_max_bytes": settings.memory_max_bytes,
            },
            START_MAX_S,
        )
        if "error" in answer:
            self.stop()
            raise DeafError(answer["error"]["message"])

    def ask(self, task: dict[str, Any], max_s: float) -> dict[str, Any]:
        """Give it a task and wait for the answer.

        Raises
        ------
        TooLongError
            If that takes longer than `max_s`; the process is ended.
        DeafError
            If it cannot be started, or dies over the task.
        InputError
            If the recording is at fault.
        EngineError
            If anything else is.
        """
        self.start()
        answer = self._exchange(task, max_s)
        if "error" in answer:
            error = answer["error"]
            raise (EngineError if error["ours"] else InputError)(error["message"])
        ok: dict[str, Any] = answer["ok"]
        return ok

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait(STOP_MAX_S)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return None if self._process is None else self._process.pid

    def _exchange(self, what: dict[str, Any], max_s: float) -> dict[str, Any]:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(what) + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=max_s)
        except queue.Empty:
            self.stop()
            raise TooLongError(f"listening was given up after {max_s:g} s") from None
        except OSError:
            line = None
        if line is None:
            self.stop()
            raise DeafError(f"the listening process ended (exit code {process.returncode})")
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            self.stop()
            raise DeafError("the listening process does not answer as it should") from error
        return answer


def _pass_on(process: subprocess.Popen[str], answers: queue.SimpleQueue[str | None]) -> None:
    """Move lines from the pipe to a queue, which can be waited on for a limited time everywhere."""
    assert process.stdout is not None
    with suppress(ValueError, OSError):  # the pipe is closed under us when the process is stopped
        for line in process.stdout:
            answers.put(line)
    answers.put(None)


class Worker:
    """The thread that does the work.

    Parameters
    ----------
    settings : WebSettings
        Limits.
    store : Store
        Where the work is, and where its results go.
    recordings : Recordings
        Where the sound is.
    shelf : Shelf
        Throws both away.
    ear : Ear
        The listening process.
    """

    def __init__(
        self, settings: WebSettings, store: Store, recordings: Recordings, shelf: Shelf, ear: Ear
    ) -> None:
        self._settings = settings
        self._store = store
        self._recordings = recordings
        self._shelf = shelf
        self._ear = ear
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="voicecheck-worker", daemon=True)
        self._swept_at = -SWEEP_S
        self.condition: Condition = "starting"
        self.complaint: str | None = None

    def start(self) -> None:
        """Take up what was left unfinished, and begin."""
        self._shelf.sweep()
        resumed = self._store.resume()
        if resumed:
            log.info("%d unfinished messages taken up again", resumed)
        if self._store.renew_cards():
            log.info("the cards are another version's: every message is judged again")
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a message that is being heard waits for the next start."""
        self._stopping = True
        self._wake.set()
        self._ear.stop()
        self._thread.join(STOP_MAX_S)
        self._ear.stop()

    def wake(self) -> None:
        """Say that there is work."""
        self._wake.set()

    @property
    def ear_pid(self) -> int | None:
        """Process id of the listening process."""
        return self._ear.pid

    def _run(self) -> None:
        while not self._stopping:
            try:
                if not self._step():
                    self._wake.wait(LOOK_AGAIN_S)
                    self._wake.clear()
            except Exception:  # a bug, or a database that is away: say so, and go on serving
                log.exception("the worker stumbled")
                time.sleep(LOOK_AGAIN_S)

    def _step(self) -> bool:
        """Do one piece of work; false if there is none."""
        self._sweep()
        try:
            self._ear.start()
        except VoicecheckError as error:
            if not self._stopping:
                self.condition, self.complaint = "unable", str(error)
                log.error("cannot listen: %s", error)
                self._wake.wait(START_AGAIN_S)
                self._wake.clear()
            return True
        self.condition, self.complaint = "ready", None
        message = self._store.claim()
        if message is not None:
            self._listen(message)
            return True
        stale = self._store.next_to_judge()
        if stale is not None:
            self._judge(*stale)
            return True
        return False

    def _listen(self, message: Message) -> None:
        rubric = self._store.rubric_in_force()
        started = time.monotonic()
        try:
            heard = self._ear.ask(
                self._task(message, rubric.rubric.text, hearing=None), self._settings.listen_max_s
            )
        except InputError as error:
            self._store.fail(message.id, str(error))
        except DeafError as error:
            if self._stopping:
                self._store.put_back(message.id)
            else:
                log.warning("message %s: %s", message.id, error)
                self._store.crashed(message.id, "listening to this recording failed; record it again")
        except EngineError as error:
            log.warning("message %s: %s", message.id, error)
            self._store.crashed(message.id, str(error))
        else:
            self._store.finish(message.id, card=heard["card"], rubric_id=rubric.id, hearing=heard["hearing"])
        log.info("message %s: %.1f s", message.id, time.monotonic() - started)
        self._shelf.tidy(message)

    def _judge(self, message: Message, hearing: str) -> None:
        rubric = self._store.rubric_in_force()
        try:
            judged = self._ear.ask(
                self._task(message, rubric.rubric.text, hearing=hearing), self._settings.listen_max_s
            )
        except VoicecheckError as error:
            if not self._stopping:
                log.warning(
                    "message %s cannot be judged again and will be heard again: %s", message.id, error
                )
                self._store.hear_again(message.id)
            return
        self._store.rejudged(message.id, card=judged["card"], rubric_id=rubric.id)

    def _task(self, message: Message, rubric: str, *, hearing: str | None) -> dict[str, Any]:
        return {
            "rubric": rubric,
            "region": self._settings.region,
            "expected": message.expected,
            "prospect": message.prospect,
            "hearing": hearing,
            "path": str(self._recordings.original(message.sha256)),
            "playable": str(self._recordings.playable(message.sha256)),
            "name": message.name,
            "max_bytes": self._settings.upload_max_bytes,
            "max_duration_s": self._settings.duration_max_s,
        }

    def _sweep(self) -> None:
        """Once an hour, delete what has been kept long enough."""
        if time.monotonic() - self._swept_at < SWEEP_S:
            return
        self._swept_at = time.monotonic()
        if self._settings.keep_days is None:
            return
        n_deleted = self._shelf.delete_older_than(self._settings.keep_days)
        if n_deleted:
            log.info("%d messages older than %d days deleted", n_deleted, self._settings.keep_days)
