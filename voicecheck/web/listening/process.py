"""The listening process: it loads the model once and then hears one recording after another.

A recording is a stranger's file, and decoding it is the riskiest thing the server does; so it happens here,
where a crash, endless work or greed for memory harms nobody else.

Conventions
-----------
One JSON object a line. The first line in says how to start, and ``{"ready": true}`` comes out, or an error.
After that each line in is a task. ``{"decoded_s": 12.3}`` comes out once its sound is there, then its answer:
``{"ok": ...}``, or
``{"error": {"ours": bool, "message": str}}``, where `ours` means that the recording is not at fault.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from voicecheck.audio.decode import read_recording
from voicecheck.audio.levels import load_librosa
from voicecheck.audio.write import write_playable
from voicecheck.errors import EngineError, InputError, VoicecheckError, guarding
from voicecheck.hearing.hearing import Hearing, from_json, to_json, with_part
from voicecheck.listener import Listener
from voicecheck.report.data import to_dict
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.registry import load_checks
from voicecheck.scorecard.rubric import parse_rubric
from voicecheck.system import limit_memory, lower_priority

NICENESS = 5
"""Pages come before listening when both want the processor."""


def listener_for(start: dict[str, Any]) -> Listener:
    """Load the model that the server asks for.

    Parameters
    ----------
    start : dict
        The first line of the server: ``model``, ``model_dir``, ``threads``.

    Returns
    -------
    Listener
        With the model loaded.
    """
    folder = start["model_dir"]
    listener = Listener(
        model=start["model"],
        model_dir=None if folder is None else Path(folder),
        threads=start["threads"],
        line=True,
    ).settled()
    listener.prepare()
    listener.transcriber.start_loading()
    load_librosa()
    return listener


def run(make_listener: Callable[[dict[str, Any]], Listener] = listener_for) -> None:
    """Answer tasks until there are no more.

    Parameters
    ----------
    make_listener : callable
        Takes the server's first line.
    """
    answers = _private_stdout()

    def answer(**what: Any) -> None:
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    start = json.loads(sys.stdin.readline())
    limit_memory(start["memory_max_bytes"])
    lower_priority(NICENESS)
    try:
        if start["checks_file"] is not None:
            load_checks(Path(start["checks_file"]))
        listener = make_listener(start)
    except VoicecheckError as error:
        answer(error={"ours": True, "message": str(error)})
        return
    answer(ready=True)
    for line in sys.stdin:
        task = json.loads(line)
        try:
            with guarding(task["name"]):
                done = do_task(task, listener, lambda decoded_s: answer(decoded_s=decoded_s))
        except InputError as error:
            answer(error={"ours": False, "message": str(error)})
        except EngineError as error:
            if isinstance(error.__cause__, MemoryError):
                answer(error={"ours": False, "message": "the recording needs more memory than is allowed"})
            else:
                answer(error={"ours": True, "message": str(error)})
        else:
            answer(ok=done)


def do_task(
    task: dict[str, Any], listener: Listener, on_decoded: Callable[[float], None] = lambda decoded_s: None
) -> dict[str, Any]:
    """Listen and judge, or judge again what was heard before; `on_decoded` is told the length in seconds.

    Where it is wanted, what a phone would print is added to what was heard before; nothing else is heard.

    Parameters
    ----------
    task : dict
        A line of the server: rubric, names, part, whether a phone is asked, a path, what was heard before.
    listener : Listener
        With its model loaded.
    on_decoded : callable
        Called before the listening.

    Returns
    -------
    dict
        ``card``, and ``hearing`` as JSON.

    Raises
    ------
    InputError
        If the recording is at fault.
    EngineError
        If the model or the disk is, or another version kept what was heard.
    """
    settings = Settings(
        rubric=parse_rubric(task["rubric"]),
        region=task["region"],
        expected=task["expected"],
        rep=task["rep"],
        company=task["company"],
        prospect=task["prospect"],
    )
    told = (task["start_s"], task["end_s"])
    kept = None if task["hearing"] is None else _kept(task["hearing"])
    if kept is not None and task["phone"] != "wanted":
        return _judged(kept if task["phone"] else replace(kept, phone=None), settings, told)
    path = Path(task["path"])
    if not path.exists():  # the decoder's complaint would name the server's folder
        raise InputError("the recording is not on the server any more")
    recording = read_recording(
        path,
        name=task["name"],
        max_bytes=task["max_bytes"],
        max_duration_s=task["max_duration_s"],
    )
    if kept is not None:
        printed = listener.with_phone(_of_part(kept, told), recording, settings.region).phone
        return _judged(replace(kept, phone=printed), settings, told)
    on_decoded(recording.source.duration_s)
    write_playable(recording, Path(task["playable"]))
    return _judged(listener.hear(recording, settings.region), settings, told)


def _kept(hearing: str) -> Hearing:
    """Read what was heard before."""
    try:
        return from_json(hearing)
    except ValueError as error:
        raise EngineError("this version cannot read what was heard then") from error


def _judged(hearing: Hearing, settings: Settings, told: tuple[float | None, float | None]) -> dict[str, Any]:
    """Judge the part that a person told, else the one that was found; what was heard stays as it was."""
    return {"card": to_dict(judge(_of_part(hearing, told), settings)), "hearing": to_json(hearing)}


def _of_part(hearing: Hearing, told: tuple[float | None, float | None]) -> Hearing:
    return hearing if told == (None, None) else with_part(hearing, *told)


def _private_stdout() -> TextIO:
    """Take the pipe to the server for answers alone; what a library prints goes to stderr."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(descriptor, "w", encoding="utf-8")


if __name__ == "__main__":
    run()
