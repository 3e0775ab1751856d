"""Hears waiting messages one after another, and judges old ones again when the rubric changes.

A thread of the server that keeps one listening process alive.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Literal

from voicecheck.errors import EngineError, InputError, VoicecheckError
from voicecheck.web.archive import Archive
from voicecheck.web.errors import ListenerDiedError
from voicecheck.web.listening.client import STOP_MAX_S, ListenerProcess
from voicecheck.web.recordings import Recordings
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.rows import StoredMessage
from voicecheck.web.store.store import Store

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0
"""Work that another process put into the store is seen after so long."""
START_AGAIN_S = 5.0
SWEEP_S = 3600.0

WorkerState = Literal["starting", "ready", "unable"]


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
    archive : Archive
        Throws both away.
    process : ListenerProcess
        The listening process.
    """

    def __init__(
        self,
        settings: WebSettings,
        store: Store,
        recordings: Recordings,
        archive: Archive,
        process: ListenerProcess,
    ) -> None:
        self._settings = settings
        self._store = store
        self._recordings = recordings
        self._archive = archive
        self._process = process
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="voicecheck-worker", daemon=True)
        self._swept_at = -SWEEP_S
        self.state: WorkerState = "starting"
        self.complaint: str | None = None

    def start(self) -> None:
        """Take up what was left unfinished, and begin."""
        self._archive.sweep()
        resumed = self._store.queue.resume()
        if resumed:
            log.info("%d unfinished messages taken up again", resumed)
        if self._store.rubrics.renew_cards():
            log.info("the cards are another version's: every message is judged again")
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a message that is being heard waits for the next start."""
        self._stopping = True
        self._wake.set()
        self._process.stop()
        self._thread.join(STOP_MAX_S)
        self._process.stop()

    def wake(self) -> None:
        """Say that there is work."""
        self._wake.set()

    @property
    def listener_pid(self) -> int | None:
        """Process id of the listening process."""
        return self._process.pid

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
            self._process.start()
        except VoicecheckError as error:
            if not self._stopping:
                self.state, self.complaint = "unable", str(error)
                log.error("cannot listen: %s", error)
                self._wake.wait(START_AGAIN_S)
                self._wake.clear()
            return True
        self.state, self.complaint = "ready", None
        message = self._store.queue.claim()
        if message is not None:
            self._listen(message)
            return True
        stale = self._store.queue.next_to_judge()
        if stale is not None:
            self._judge(*stale)
            return True
        return False

    def _listen(self, message: StoredMessage) -> None:
        rubric = self._store.rubrics.in_force()
        started = time.monotonic()
        try:
            heard = self._process.ask(
                self._task(message, rubric.rubric.text, hearing=None), self._settings.listen_max_s
            )
        except InputError as error:
            self._store.queue.fail(message.id, str(error))
        except ListenerDiedError as error:
            if self._stopping:
                self._store.queue.put_back(message.id)
            else:
                log.warning("message %s: %s", message.id, error)
                self._store.queue.crashed(message.id, "listening to this recording failed; record it again")
        except EngineError as error:
            log.warning("message %s: %s", message.id, error)
            self._store.queue.crashed(message.id, str(error))
        else:
            self._store.queue.finish(
                message.id, card=heard["card"], rubric_id=rubric.id, hearing=heard["hearing"]
            )
        log.info("message %s: %.1f s", message.id, time.monotonic() - started)
        self._archive.tidy(message)

    def _judge(self, message: StoredMessage, hearing: str) -> None:
        rubric = self._store.rubrics.in_force()
        try:
            judged = self._process.ask(
                self._task(message, rubric.rubric.text, hearing=hearing), self._settings.listen_max_s
            )
        except VoicecheckError as error:
            if not self._stopping:
                log.warning(
                    "message %s cannot be judged again and will be heard again: %s", message.id, error
                )
                self._store.queue.hear_again(message.id)
            return
        self._store.queue.rejudged(message.id, card=judged["card"], rubric_id=rubric.id)

    def _task(self, message: StoredMessage, rubric: str, *, hearing: str | None) -> dict[str, Any]:
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
        n_deleted = self._archive.delete_older_than(self._settings.keep_days)
        if n_deleted:
            log.info("%d messages older than %d days deleted", n_deleted, self._settings.keep_days)
