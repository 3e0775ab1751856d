"""What is cut for the encoder, and which windows are heard together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.speech.whisper import FasterWhisper
from voicecheck.speech.windows import BUCKET_S, PADDING_S, Window, cut_windows
from voicecheck.timing import Interval


def window(duration_s: float, recording: int = 0) -> Window:
    samples = np.zeros(round(duration_s * SAMPLE_RATE_HZ), np.float32)
    return Window(recording=recording, onset_sample=0, samples=samples)


@pytest.mark.parametrize(("duration_s", "encoded_s"), [(0.5, 24.0), (22.0, 24.0), (22.1, 27.0), (27.8, 30.0)])
def test_the_encoder_gets_a_window_and_its_padding_in_steps_of_three_seconds(
    duration_s: float, encoded_s: float
) -> None:
    assert window(duration_s).bucket * BUCKET_S == encoded_s


@pytest.mark.parametrize("speech_s", [26.9, 27.0, 27.1, 53.9, 100.0])
def test_speech_without_any_pause_fits_the_encoder_with_its_padding(speech_s: float) -> None:
    """All of it is cut into windows; the longest Whisper was made for is 30 s."""
    samples = np.zeros(round((speech_s + 2.0) * SAMPLE_RATE_HZ), np.float32)
    windows = cut_windows(0, samples, [Interval(onset_s=1.0, offset_s=1.0 + speech_s)])
    assert all(each.duration_s + PADDING_S <= each.bucket * BUCKET_S <= 30.0 for each in windows)
    assert sum(each.duration_s for each in windows) >= speech_s


def test_windows_of_one_length_are_heard_together_as_many_as_memory_allows() -> None:
    """160 s of sound at once: six inputs of 24 s or five of 27, whatever recordings they come from."""
    transcriber = FasterWhisper(Path("none"), name="none")
    short = [window(5.0, recording) for recording in range(12)]
    long = [window(25.0, recording) for recording in range(9)]
    batches = transcriber._batches([*long[:4], *short, *long[4:]])
    assert [[each.bucket * BUCKET_S for each in batch] for batch in batches] == [
        [24.0] * 6,
        [24.0] * 6,
        [27.0] * 5,
        [27.0] * 4,
    ]
    assert [each.recording for batch in batches for each in batch] == [*range(12), *range(9)]
