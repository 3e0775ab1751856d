"""A recording written again, as a file that any browser plays."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.errors import EngineError


def write_playable(recording: Recording, path: Path) -> None:
    """Write the samples that are judged as 16-bit WAV; the file is whole or not there.

    Parameters
    ----------
    recording : Recording
        Samples beyond -1 and 1 are clipped.
    path : Path
        In a folder that exists; a file of this name is replaced.

    Raises
    ------
    EngineError
        If the disk is full.
    """
    unfinished = path.with_suffix(".part")
    samples = (np.clip(recording.samples, -1.0, 1.0) * 32767).astype("<i2")
    try:
        with wave.open(str(unfinished), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
        unfinished.replace(path)
    except OSError as error:
        raise EngineError(f"the recording cannot be kept: {error.strerror}") from error
