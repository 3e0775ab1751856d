"""The server's side of the listening process: starts it, gives it tasks, and knows when it is gone."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from voicecheck.errors import EngineError, InputError
from voicecheck.system import own_group
from voicecheck.web.errors import ListenerDiedError, TooLongError
from voicecheck.web.settings import WebSettings

START_MAX_S = 300.0
"""Loading the model may take so long: the first time every byte of it is read and hashed."""
STOP_MAX_S = 5.0


class ListenerProcess:
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
        self._stopping = threading.Lock()

    def start(self) -> None:
        """Start it unless it runs, and wait until it has loaded the model.

        Raises
        ------
        ListenerDiedError
            If it says why it cannot, or dies.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        settings = self._settings
        try:
            self._process = subprocess.Popen(
                settings.listener_command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                **own_group(),  # Ctrl-C is for the server, which ends it
            )
        except OSError as error:
            raise ListenerDiedError(f"the listening process cannot be started: {error.strerror}") from error
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()
        answer = self._exchange(
            {
                "model": settings.model,
                "model_dir": None if settings.model_dir is None else str(settings.model_dir),
                "threads": settings.threads,
                "memory_max_bytes": settings.memory_max_bytes,
                "checks_file": None if settings.checks_file is None else str(settings.checks_file),
            },
            START_MAX_S,
        )
        if "error" in answer:
            self.stop()
            raise ListenerDiedError(answer["error"]["message"])

    def ask(
        self, task: dict[str, Any], max_s: float, *, on_decoded: Callable[[float], None] | None = None
    ) -> dict[str, Any]:
        """Give it a task and wait for the answer; `on_decoded` is told how long the sound is, in seconds.

        Parameters
        ----------
        task : dict
            As `do_task` takes it.
        max_s : float
            For the whole task, in seconds.
        on_decoded : callable
            Called once, before the listening.

        Returns
        -------
        dict
            As `do_task` gives it.

        Raises
        ------
        TooLongError
            If that takes longer than `max_s`; the process is ended.
        ListenerDiedError
            If it cannot be started, or dies over the task.
        InputError
            If the recording is at fault.
        EngineError
            If anything else is.
        """
        self.start()
        answer = self._exchange(task, max_s, on_decoded)
        if "error" in answer:
            error = answer["error"]
            raise (EngineError if error["ours"] else InputError)(error["message"])
        ok: dict[str, Any] = answer["ok"]
        return ok

    def stop(self) -> None:
        """End it."""
        with self._stopping:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # a busy machine takes its time to bury it
            process.wait(STOP_MAX_S)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return None if self._process is None else self._process.pid

    def _exchange(
        self, what: dict[str, Any], max_s: float, on_decoded: Callable[[float], None] | None = None
    ) -> dict[str, Any]:
        process, answers = self._process, self._answers
        if process is None or process.stdin is None:
            raise ListenerDiedError("the listening process was stopped")
        ends_s = time.monotonic() + max_s
        try:
            process.stdin.write(json.dumps(what) + "\n")
            process.stdin.flush()
            while True:
                answer = _read(answers.get(timeout=max(0.0, ends_s - time.monotonic())))
                if answer is None or "decoded_s" not in answer:
                    break
                if on_decoded is not None:
                    on_decoded(answer["decoded_s"])
        except queue.Empty:
            self.stop()
            raise TooLongError(f"listening was given up after {max_s:g} s") from None
        except (OSError, ValueError):  # the pipe broke, or was closed when the process was stopped
            answer = None
        if answer is None:
            self.stop()
            raise ListenerDiedError(f"the listening process ended (exit code {process.returncode})")
        return answer


def _read(line: str | None) -> dict[str, Any] | None:
    """Read an answer; None if there is none, or if it is not one."""
    answer = None if line is None else json.loads(line)
    return answer if isinstance(answer, dict) else None


def _pass_on(process: subprocess.Popen[str], answers: queue.SimpleQueue[str | None]) -> None:
    """Move lines from the pipe to a queue, which can be waited on for a limited time everywhere."""
    assert process.stdout is not None
    with suppress(ValueError, OSError):  # the pipe is closed under us when the process is stopped
        for line in process.stdout:
            answers.put(line)
    answers.put(None)
