"""Speech is found in each part of a call as if the part stood alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sounds import silence, tone

from voicecheck.speech import activity
from voicecheck.speech.activity import FRAME_SAMPLES, detect_speech


def deaf_to_a_second_voice(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """A detector that hears nothing behind the first silence after a sound."""
    n_frames = len(samples) // FRAME_SAMPLES + 1
    padded = np.pad(samples, (0, n_frames * FRAME_SAMPLES - len(samples)))
    loud = np.abs(padded.reshape(n_frames, -1)).max(axis=1) > 0.01
    first = int(loud.argmax())
    after = np.flatnonzero(~loud[first:])
    heard = loud & (np.arange(n_frames) < (first + after[0] if len(after) else n_frames))
    return np.where(heard, 0.9, 0.0).astype(np.float32)


# Time (s)   0    1    2    3    4
# Sound      |-----|     |-----|
def test_the_rep_is_heard_as_if_no_mailbox_spoke_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "_probabilities", deaf_to_a_second_voice)
    call = np.concatenate([tone(1.0), silence(1.0), tone(1.0), silence(0.5)])
    (whole,) = detect_speech(call).speech
    assert whole.onset_s == pytest.approx(0.0, abs=0.05)
    mailbox, rep = detect_speech(call, [1.5]).speech
    assert (mailbox.onset_s, mailbox.offset_s) == pytest.approx((0.0, 1.0), abs=0.1)
    assert (rep.onset_s, rep.offset_s) == pytest.approx((2.0, 3.0), abs=0.1)


def test_a_scrap_of_speech_in_all_parts_together_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "_probabilities", deaf_to_a_second_voice)
    scraps = np.concatenate([silence(1.0), tone(0.05), silence(1.0), tone(0.05), silence(1.0)])
    assert detect_speech(scraps, [1.5]).heard == ()
