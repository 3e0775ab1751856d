"""A listener without a model, for tests of many messages; it is loaded by worker processes, too.

Run as a program it is the command line with this listener in the place of the real one.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake import FakeTranscriber
from sounds import said, spoken, transcript

import voicecheck.listener
from voicecheck.audio.recording import Recording
from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing
from voicecheck.listener import Listener
from voicecheck.speech.transcript import Transcript, Word

NUMBER = "four one six five five five zero one nine eight"


def one_after_another(*texts: str) -> list[Word]:
    """Words at the pace of talk, and numbers at one that can be written down."""
    words: list[Word] = []
    for text in texts:
        slow = text.split()[0] == NUMBER.split()[0]
        onset_s = words[-1].offset_s + 0.3 if words else 0.5
        words += said(text, onset_s=onset_s, word_s=0.35 if slow else 0.3, gap_s=0.2 if slow else 0.1)
    return words


GOOD = one_after_another("hi dana this is joe from acme call me at", NUMBER, "that is", NUMBER, "thanks")
BAD = said("hi dana this is joe from acme please call me back thanks a lot", word_s=0.35, gap_s=0.2)


@dataclass(frozen=True, kw_only=True)
class PlantedListener(Listener):
    """Hears in a file what its name says: good, bad, crash, hang; notes each in the file `PLANTED_LOG`."""

    @property
    def transcriber(self) -> FakeTranscriber:  # type: ignore[override]
        return FakeTranscriber(transcript=Transcript(words=(), language=None))

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return "planted"

    def hear(self, recording: Recording, region: str = "US") -> Hearing:
        name = recording.source.name
        if "crash" in name:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "hang" in name:
            time.sleep(600)
        time.sleep(float(os.environ.get("PLANTED_WAIT_S", "0")))
        with Path(os.environ["PLANTED_LOG"]).open("a", encoding="utf-8", errors="surrogateescape") as log:
            log.write(f"{name}\n")
        words = BAD if "bad" in name else GOOD
        return listen(recording, FakeTranscriber(transcript=transcript(words)), region=region)

    def hear_many(self, recordings: Sequence[Recording], region: str = "US") -> list[Hearing]:
        return [self.hear(recording, region) for recording in recordings]


@cache
def _sound(words: tuple[Word, ...]) -> NDArray[np.int16]:
    """The sound of a message, made once."""
    return (spoken(list(words)).samples * 32767).astype(np.int16)


def write(path: Path, words: list[Word]) -> Path:
    """A real file that sounds where the words are, and like no other file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = _sound(tuple(words)).copy()
    samples[:32] = np.frombuffer(os.fsencode(path.name).ljust(32)[:32], dtype=np.uint8)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


if __name__ == "__main__":
    # Workers look classes up by module, and this module's name is not __main__ to them.
    import planted

    voicecheck.listener.Listener = planted.PlantedListener  # type: ignore[misc]
    from voicecheck.__main__ import main

    main()
