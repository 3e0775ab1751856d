"""Where speech is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval, merged

FRAME_SAMPLES = 512
"""What Silero's detector looks at, at 16 kHz."""

SPEECH, SILENCE = 0.5, 0.35
"""Speech starts at this probability and ends below that one: the detector's own defaults."""

PAUSE_SAMPLES = SAMPLE_RATE_HZ // 10
PAD_SAMPLES = 30 * SAMPLE_RATE_HZ // 1000
"""A pause that parts speech, in samples, and what speech is widened by, as the detector's authors have it."""

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


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Where a recording holds speech.

    Parameters
    ----------
    speech : tuple of Interval
        What the detector is sure of, in time order; empty when that is less than `SPEECH_MIN_S` in all.
    heard : tuple of Interval
        The same with the faint speech that the start and the end of each part reach into.
    """

    speech: tuple[Interval, ...]
    heard: tuple[Interval, ...]


def detect_speech(samples: NDArray[np.float32], breaks_s: Sequence[float] = ()) -> Activity:
    """Find where Silero's detector hears speech; it runs once.

    It misses some soft voices on narrow lines altogether, so where it finds little it listens again, with the
    sound turned up. Noise, tones and music do not fool it then either. It also goes by what it has heard
    before: behind another voice it misses some that it finds alone. So each part of a call is for itself.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,), dtype=float32
        At `SAMPLE_RATE_HZ`.
    breaks_s : sequence of float
        Where another begins to speak, in time order.

    Returns
    -------
    Activity
        In seconds from the start.
    """
    borders = [0, *(round(at_s * SAMPLE_RATE_HZ) for at_s in breaks_s), len(samples)]
    parts = [(start, _detected(samples[start:stop])) for start, stop in pairwise(borders) if start < stop]
    speech = [_later(each, start) for start, part in parts for each in part.speech]
    if _total_s(speech) < SPEECH_MIN_S:
        return Activity(speech=(), heard=())
    heard = [_later(each, start) for start, part in parts for each in part.heard]
    return Activity(speech=tuple(speech), heard=tuple(heard))


def _detected(samples: NDArray[np.float32]) -> Activity:
    """Speech in one part of a recording, however little it is."""
    probabilities = _probabilities(samples)
    sure = stretches(probabilities, len(samples), threshold=SPEECH, until=SILENCE)
    if _total_s(sure) < SPEECH_SHARE_LOW * len(samples) / SAMPLE_RATE_HZ:
        louder = _probabilities(_turned_up(samples))
        sure = merged([*sure, *stretches(louder, len(samples), threshold=SPEECH, until=SILENCE)])
    faint = stretches(probabilities, len(samples), threshold=FAINT_SPEECH, until=FAINT_SILENCE)
    return Activity(speech=tuple(sure), heard=with_faint_edges(sure, faint))


def _later(interval: Interval, n_samples: int) -> Interval:
    """The same interval in a recording that began so much earlier."""
    by_s = n_samples / SAMPLE_RATE_HZ
    return Interval(onset_s=interval.onset_s + by_s, offset_s=interval.offset_s + by_s)


def _probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ask the detector for each `FRAME_SAMPLES` of sound, the last frame filled up with silence."""
    from faster_whisper.vad import get_vad_model

    padded = np.pad(samples, (0, FRAME_SAMPLES - len(samples) % FRAME_SAMPLES))
    probabilities: NDArray[np.float32] = np.asarray(get_vad_model()(padded)).reshape(-1)
    return probabilities


def stretches(
    probabilities: NDArray[np.float32], n_samples: int, *, threshold: float, until: float
) -> list[Interval]:
    """Part a recording into speech and silence, with hysteresis.

    Speech starts where its probability reaches `threshold` and ends where it falls below `until` for at least
    `PAUSE_SAMPLES`; it is widened by `PAD_SAMPLES` on both sides, and neighbours meet half way. That is what
    faster-whisper's ``get_speech_timestamps`` does, which would run the detector anew for each threshold.

    Parameters
    ----------
    probabilities : np.ndarray, shape=(n_frames,)
        One for each `FRAME_SAMPLES`.
    n_samples : int
        Of the recording.
    threshold, until : float
        Probabilities, ``until <= threshold``.

    Returns
    -------
    list of Interval
        In time order, none touching another.
    """
    found: list[list[int]] = []
    onset = silent_since = -1
    for frame, probability in enumerate(probabilities.tolist()):
        at = frame * FRAME_SAMPLES
        if probability >= threshold:
            silent_since = -1
            onset = at if onset < 0 else onset
        elif probability < until and onset >= 0:
            silent_since = at if silent_since < 0 else silent_since
            if at - silent_since >= PAUSE_SAMPLES:
                found.append([onset, silent_since])
                onset = silent_since = -1
    if onset >= 0:
        found.append([onset, n_samples])
    found = [edges for edges in found if edges[1] > edges[0]]
    for early, late in pairwise(found):
        room = min(PAD_SAMPLES, (late[0] - early[1]) // 2)
        early[1], late[0] = early[1] + room, late[0] - room
    if found:
        found[0][0] = max(0, found[0][0] - PAD_SAMPLES)
        found[-1][1] = min(n_samples, found[-1][1] + PAD_SAMPLES)
    return merged(
        Interval(onset_s=onset / SAMPLE_RATE_HZ, offset_s=min(n_samples, offset) / SAMPLE_RATE_HZ)
        for onset, offset in found
    )


def with_faint_edges(speech: Sequence[Interval], faint: Sequence[Interval]) -> tuple[Interval, ...]:
    """Extend speech backwards from its start and onwards from its end, as far as faint speech reaches.

    Parameters
    ----------
    speech : sequence of Interval
        What is surely speech, in time order.
    faint : sequence of Interval
        What may be speech, in time order.

    Returns
    -------
    tuple of Interval
        In time order, without overlap.
    """
    if not speech:
        return ()
    onset_s, offset_s = speech[0].onset_s, speech[-1].offset_s
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
