"""Numpy and librosa measure alike, and no measure knows which of them did."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"

MEASURED = """
import sys
from pathlib import Path
from voicecheck.audio.condition import measure_condition
from voicecheck.audio.decode import read_recording
from voicecheck.audio.levels import frame_levels_dbfs, load_librosa, sounding

if {librosa}:
    load_librosa()
for name in {names}:
    recording = read_recording(Path({folder!r}) / name)
    levels_dbfs = frame_levels_dbfs(recording)
    sounds = sounding(levels_dbfs)
    print(levels_dbfs.tolist())
    print(measure_condition(recording, levels_dbfs, sounds), sounds)
assert ("librosa" in sys.modules) == {librosa}
"""


def measured(*, librosa: bool) -> str:
    names = ["pass_male.flac", "pass_phone_gsm.wav", "hold_music.flac"]
    code = MEASURED.format(librosa=librosa, names=names, folder=str(SAMPLES))
    run = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_librosa_and_numpy_measure_the_same() -> None:
    """Levels to the last bit, and all that is measured with them and with spectra."""
    pytest.importorskip("librosa")
    assert measured(librosa=True) == measured(librosa=False) != ""
