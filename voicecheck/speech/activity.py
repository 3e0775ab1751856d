"""Where speech is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval, merged

FAINT_SPEECH, FAINT_SILENCE = 0.1, 0.05
"""What the detector finds from this probability, and until this one, counts beside speech that it is sure of:
a hoarse voice on a narrow line may start and end so."""

FAINT_REACH_S = 0.5
"""How near to that speech it must be."""

SPEECH_MIN_S = 0.3
"""Less detected speech than this in a whole recording is taken for none."""

SPEECH_SHARE_LOW = 0.3
"""With less detected speech than this share of the recording, the detector listens again, louder."""

LOUD_RMS = 0.3
"""How loud the sound is turned up for that; full scale is 1.0."""


def detect_speech(samples: NDArray[np.float32]) -> tuple[Interval, ...]:
    """Where Silero's detector hears speech; empty when that is less than `SPEECH_MIN_S` in all.

    The detector misses some soft voices on narrow lines altogether, so where it finds little it listens
    again, with the sound turned up. Noise, tones and music do not fool it then either.
    """
    found = _stretches_of_speech(samples)
    if _total_s(found) < SPEECH_SHARE_LOW * len(samples) / SAMPLE_RATE_HZ:
        found = merged([*found, *_stretches_of_speech(_turned_up(samples))])
    return tuple(found) if _total_s(found) >= SPEECH_MIN_S else ()


def _stretches_of_speech(samples: NDArray[np.float32], **thresholds: float) -> list[Interval]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if not len(samples):
        return []
    options = VadOptions(**thresholds, min_silence_duration_ms=100, speech_pad_ms=30)
    return merged(
        Interval(
            onset_s=max(0, stretch["start"]) / SAMPLE_RATE_HZ,
            offset_s=min(len(samples), stretch["end"]) / SAMPLE_RATE_HZ,
        )
        for stretch in get_speech_timestamps(samples, options)
    )


def with_faint_edges(speech: Sequence[Interval], samples: NDArray[np.float32]) -> tuple[Interval, ...]:
    """Extend speech backwards from its start and onwards from its end, as far as faint speech reaches."""
    if not speech:
        return ()
    onset_s, offset_s = speech[0].onset_s, speech[-1].offset_s
    faint = _stretches_of_speech(samples, threshold=FAINT_SPEECH, neg_threshold=FAINT_SILENCE)
    for stretch in reversed(faint):
        if onset_s - FAINT_REACH_S <= stretch.offset_s:
            onset_s = min(onset_s, stretch.onset_s)
    for stretch in faint:
        if stretch.onset_s <= offset_s + FAINT_REACH_S:
            offset_s = max(offset_s, stretch.offset_s)
    before = Interval(onset_s=onset_s, offset_s=speech[0].offset_s)
    after = Interval(onset_s=speech[-1].onset_s, offset_s=offset_s)
    return tuple(merged([before, *speech, after]))


def _turned_up(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring the loud parts (the 95th percentile of 25 ms frames) to `LOUD_RMS`; peaks are cut off."""
    frame = SAMPLE_RATE_HZ // 40
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    loud = float(np.percentile(np.sqrt(np.square(frames).mean(axis=1)), 95)) if len(frames) else 0.0
    gain = LOUD_RMS / loud if loud > 0 else 1.0
    turned_up: NDArray[np.float32] = np.clip(samples * np.float32(gain), -1.0, 1.0)
    return turned_up


def _total_s(stretches: Sequence[Interval]) -> float:
    return sum(stretch.duration_s for stretch in stretches)
