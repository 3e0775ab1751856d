"""What runs in a worker process: files in, hearings out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voicecheck import system
from voicecheck.errors import VoicecheckError, guarding
from voicecheck.hearing.hearing import Hearing
from voicecheck.listener import Listener

_listener: Listener

_region: str


def start(listener: Listener, region: str, memory_max_bytes: int | None, parent: int) -> None:
    """Make a new process a worker.

    Parameters
    ----------
    listener : Listener
        Who listens; the model is loaded at the first file.
    region : str
        ISO 3166 code.
    memory_max_bytes : int or None
        What the process may allocate; None for no limit.
    parent : int
        The process that started this one, which ends with it.
    """
    import faulthandler

    global _listener, _region
    _listener, _region = listener, region
    system.leave_interrupts_to_the_parent()
    faulthandler.disable()  # a crash is one line of the report, not a stack on the screen
    system.limit_memory(memory_max_bytes)
    system.end_with(parent)


def hear(paths: Sequence[Path]) -> list[Hearing | VoicecheckError]:
    """Hear files together.

    Parameters
    ----------
    paths : sequence of Path
        Files on this machine.

    Returns
    -------
    list of Hearing or VoicecheckError
        In the same order; one that cannot be read gives its error.
    """
    from voicecheck.audio.recording import Recording

    def read(path: Path) -> Recording | VoicecheckError:
        try:
            with guarding(path.name):
                return _listener.read(path)
        except VoicecheckError as error:
            return error

    read_ones = [read(path) for path in paths]
    hearings = iter(_listener.hear_many([each for each in read_ones if isinstance(each, Recording)], _region))
    heard = [each if isinstance(each, VoicecheckError) else next(hearings) for each in read_ones]
    for each in heard:
        if isinstance(each, Hearing):
            _listener.keep(each, _region)
    return heard
