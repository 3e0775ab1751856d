"""Hears waiting messages one after another, and judges old ones again when the rubric changes.

A thread of the server that keeps one listening process alive. What was heard is written until it is kept: a
locked database or a full disk holds the next message up, and loses nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Literal

from sqlalchemy.exc import DatabaseError

from voicecheck.errors import EngineError, InputError, VoicecheckError
from voicecheck.web.archive import Archive, HeldBackError
from voicecheck.web.errors import ListenerDiedError, NotFoundError
from voicecheck.web.listening.client import STOP_MAX_S, ListenerProcess
from voicecheck.web.logs import where
from voicecheck.web.recordings import Recordings
from voicecheck.web.settings import WebSettings
from voicecheck.web.store.rows import StoredMessage
from voicecheck.web.store.store import Store

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0
"""Work that another process put into the store is seen after so long."""
START_AGAIN_S = 5.0
SWEEP_S = 3600.0
WRITE_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Waits between attempts to keep what was heard; the last one again and again."""
LONG_S = 60.0
"""A cancelled recording that is longer is broken off; the model takes longer to load than a shorter one."""
FIRST_PACE = 0.3
"""Seconds of work for a second of sound, before any was measured."""

WorkerState = Literal["starting", "ready", "unable"]


@dataclass(frozen=True, kw_only=True)
class InHand:
    """The message that is being heard.

    Parameters
    ----------
    message_id : str
        Which.
    started_s : float
        When, on the monotonic clock.
    duration_s : float or None
        Of its sound, once it has been decoded.
    """

    message_id: str
    started_s: float
    duration_s: float | None = None


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
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="voicecheck-worker", daemon=True)
        self._swept_at = -SWEEP_S
        self._in_hand: InHand | None = None
        self._pace = FIRST_PACE
        self.state: WorkerState = "starting"
        self.complaint: str | None = None
        self.notice: str | None = None

    def start(self) -> None:
        """Take up what was left unfinished, and begin."""
        self._recordings.sweep_incoming()
        strangers = len(self._archive.inventory().strangers)
        if strangers:
            self.notice = f"{strangers} recordings belong to no message; see voicecheck store check"
            log.warning("%s", self.notice)
        resumed = self._store.queue.resume()
        if resumed:
            log.info("%d unfinished messages taken up again", resumed)
        if self._store.rubrics.renew_cards():
            log.info("the cards are another version's: every message is judged again")
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a message that is being heard waits for the next start."""
        self._stopped.set()
        self._wake.set()
        self._process.stop()
        self._thread.join(STOP_MAX_S)
        self._process.stop()

    def wake(self) -> None:
        """Say that there is work."""
        self._wake.set()

    def cancel(self, message_id: str) -> None:
        """Break off a long recording that was deleted while it is being heard.

        Parameters
        ----------
        message_id : str
            Of the message that was deleted.
        """
        in_hand = self._in_hand
        if in_hand and in_hand.message_id == message_id and (in_hand.duration_s or 0.0) > LONG_S:
            self._process.stop()

    def progress(self, message_id: str) -> float | None:
        """Guess which share of a message has been heard, from how long the last ones took.

        Parameters
        ----------
        message_id : str
            Of any message.

        Returns
        -------
        float or None
            0 to 1; None if it is not the one that is being heard.
        """
        in_hand = self._in_hand
        if in_hand is None or in_hand.message_id != message_id or in_hand.duration_s is None:
            return None
        passed_s = time.monotonic() - in_hand.started_s
        return min(0.95, passed_s / max(0.1, in_hand.duration_s * self._pace))

    @property
    def listener_pid(self) -> int | None:
        """Process id of the listening process."""
        return self._process.pid

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if not self._step():
                    self._wake.wait(LOOK_AGAIN_S)
                    self._wake.clear()
            except Exception as error:  # a bug, or a database that is away: say so, and go on serving
                self.state, self.complaint = "unable", "the database cannot be used"
                log.error("the worker stumbled\n%s", where(error))
                self._stopped.wait(LOOK_AGAIN_S)

    def _step(self) -> bool:
        """Do one piece of work; false if there is none."""
        try:
            self._store.place.check()
            self._sweep()
            self._process.start()
        except VoicecheckError as error:
            if not self._stopped.is_set():
                self.state, self.complaint = "unable", str(error)
                log.error("cannot listen: %s", error)
                self._wake.wait(START_AGAIN_S)
                self._wake.clear()
            return True
        message = self._store.queue.claim()
        stale = None if message else self._store.queue.next_to_judge()
        self.state, self.complaint = "ready", None
        if message is not None:
            self._listen(message)
            return True
        if stale is not None:
            self._judge(*stale)
            return True
        return False

    def _listen(self, message: StoredMessage) -> None:
        queue = self._store.queue
        rubric = self._store.rubrics.of(message.rubric_line)
        task = self._task(message, rubric.rubric.text, hearing=None)
        started = time.monotonic()
        self._in_hand = InHand(message_id=message.id, started_s=started)

        def decoded(duration_s: float) -> None:
            self._in_hand = InHand(message_id=message.id, started_s=started, duration_s=duration_s)

        try:
            heard = self._process.ask(task, self._settings.listen_max_s, on_decoded=decoded)
        except InputError as error:
            complaint = str(error)
            self._write(lambda: queue.fail(message.id, complaint))
        except ListenerDiedError as error:
            if self._stopped.is_set():
                queue.put_back(message.id)
            else:
                log.warning("message %s: %s", message.id, error)
                self._write(
                    lambda: queue.crashed(message.id, "listening to this recording failed; record it again")
                )
        except EngineError as error:
            complaint = str(error)
            log.warning("message %s: %s", message.id, type(error).__name__)
            self._write(lambda: queue.crashed(message.id, complaint))
        else:
            self._measure_pace()
            card, hearing = heard["card"], heard["hearing"]
            self._write(lambda: queue.finish(message.id, card=card, rubric_id=rubric.id, hearing=hearing))
        finally:
            self._in_hand = None
        log.info("message %s: %.1f s", message.id, time.monotonic() - started)
        self._archive.tidy(message)

    def _judge(self, message: StoredMessage, hearing: str) -> None:
        queue = self._store.queue
        rubric = self._store.rubrics.of(message.rubric_line)
        try:
            judged = self._process.ask(
                self._task(message, rubric.rubric.text, hearing=hearing), self._settings.listen_max_s
            )
        except VoicecheckError as error:
            if not self._stopped.is_set() and message.phone == "wanted":
                log.warning("message %s: no phone can be asked: %s", message.id, type(error).__name__)
                self._write(lambda: self._store.messages.want_phone(message.id, wanted=False))
            elif not self._stopped.is_set():
                log.warning(
                    "message %s cannot be judged again and will be heard again: %s",
                    message.id,
                    type(error).__name__,
                )
                self._write(lambda: queue.hear_again(message.id))
            return
        card, printed = judged["card"], judged["hearing"] if message.phone == "wanted" else None
        self._write(lambda: queue.rejudged(message.id, card=card, rubric_id=rubric.id, printed=printed))

    def _write(self, write: Callable[[], object]) -> None:
        """Write until it is written, or the server stops: what was heard is not thrown away."""
        for wait_s in chain(WRITE_AGAIN_S, repeat(WRITE_AGAIN_S[-1])):
            try:
                self._store.place.check()
                write()
            except NotFoundError:  # it was deleted meanwhile
                return
            except (DatabaseError, OSError, EngineError) as error:
                self.state, self.complaint = "unable", "what was heard cannot be written; trying again"
                log.warning("what was heard cannot be written: %s", type(error).__name__)
            else:
                self.state, self.complaint = "ready", None
                return
            if self._stopped.wait(wait_s):
                return

    def _measure_pace(self) -> None:
        in_hand = self._in_hand
        if in_hand is not None and in_hand.duration_s:
            pace = (time.monotonic() - in_hand.started_s) / in_hand.duration_s
            self._pace = 0.7 * self._pace + 0.3 * pace

    def _task(self, message: StoredMessage, rubric: str, *, hearing: str | None) -> dict[str, Any]:
        return {
            "rubric": rubric,
            "region": message.region or self._settings.region,
            "start_s": message.start_s,
            "end_s": message.end_s,
            "phone": message.phone,
            "expected": message.expected,
            "prospect": message.prospect,
            "rep": message.speaker,
            "company": message.company,
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
        try:
            n_deleted = self._archive.delete_older_than(self._settings.keep_days)
        except HeldBackError as error:
            self.notice = str(error)
            log.warning("%s", error)
            return
        if n_deleted:
            log.info("%d messages older than %d days deleted", n_deleted, self._settings.keep_days)
