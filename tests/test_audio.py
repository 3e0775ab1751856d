from __future__ import annotations

import numpy as np
import pytest
from sounds import recording, silence, tone

from voicecheck.audio.recording import Recording
from voicecheck.errors import ParameterError


def test_a_recording_knows_its_duration() -> None:
    assert recording(tone(1.5), silence(0.5)).duration_s == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("samples", "complaint"),
    [
        (np.zeros((2, 10), dtype=np.float32), "one row"),
        (np.zeros(10), "float32"),
        (np.array([0, np.nan], dtype=np.float32), "not finite"),
    ],
)
def test_a_recording_refuses_samples_that_nothing_else_could_measure(
    samples: np.ndarray, complaint: str
) -> None:
    with pytest.raises(ParameterError, match=complaint):
        Recording(samples=samples, source=recording().source)
