"""What the signal tells of a call before anything is recognised: tones, voices, and where to part it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.levels import HOP_S, SOUND_MIN_S, frame_levels_dbfs, sounding
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.audio.sides import LINE_TONES
from voicecheck.audio.tones import PURE, Tone, find_tones
from voicecheck.audio.voice import VoiceTrack, voice_changes, voice_track
from voicecheck.speech.scene import HUM_S
from voicecheck.timing import Interval

TURNED_UP_MAX_DB, TURNED_UP_FROM_DBFS = 24.0, -50.0
"""The parts of a call are recognised at one level, but for those that are quieter than speech."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Signal:
    """What the signal tells of a call before anything is recognised.

    Parameters
    ----------
    tones : tuple of Tone
        On the line, and on the rep's channel where that is another; in time order.
    track : VoiceTrack
        How the rep's channel sounds.
    levels_dbfs : np.ndarray, shape=(n_frames,)
        From `frame_levels_dbfs`.
    """

    tones: tuple[Tone, ...]
    track: VoiceTrack
    levels_dbfs: NDArray[np.float64]

    @property
    def sounds(self) -> tuple[Interval, ...]:
        """Where it sounds, but for tones of the line."""
        return without_tones(sounding(self.levels_dbfs), self.tones)


def signal_of(recording: Recording) -> Signal:
    """Measure what tells the parts of a call.

    Parameters
    ----------
    recording : Recording
        Of a whole call.

    Returns
    -------
    Signal
        Of all its channels.
    """
    channels = [recording.samples] if recording.line is None else [recording.samples, recording.line]
    tones = (tone for channel in channels for tone in find_tones(channel))
    return Signal(
        tones=tuple(sorted(tones, key=lambda tone: tone.interval.onset_s)),
        track=voice_track(recording.samples),
        levels_dbfs=frame_levels_dbfs(recording),
    )


def broken(recording: Recording, signal: Signal) -> Recording:
    """Let no recogniser read on from one who speaks to another: from a mailbox to the rep it would skip one.

    After a beep another speaks, and where the sound tells that the voice has changed.

    Parameters
    ----------
    recording : Recording
        Of a whole call.
    signal : Signal
        Of the same.

    Returns
    -------
    Recording
        The same sound, with a break noted where another begins to speak.
    """
    beeps_s = [tone.interval.offset_s for tone in signal.tones if tone.kind == "beep"]
    short = [tone.interval for tone in signal.tones if tone.interval.duration_s <= HUM_S]
    changes_s = voice_changes(signal.track, sounding(signal.levels_dbfs), short)
    breaks_s = tuple(sorted([*beeps_s, *changes_s]))
    return replace(recording, samples=_levelled(recording.samples, signal, breaks_s), breaks_s=breaks_s)


def _levelled(samples: NDArray[np.float32], signal: Signal, breaks_s: Sequence[float]) -> NDArray[np.float32]:
    """Turn up what is quiet beside the loudest voice: a rep behind a loud mailbox is missed."""
    levels_dbfs = signal.levels_dbfs.copy()
    for tone in signal.tones:
        first, last = (round(each / HOP_S) for each in (tone.interval.onset_s, tone.interval.offset_s))
        levels_dbfs[first : last + 1] = -math.inf
    by_part = np.split(levels_dbfs, [round(each / HOP_S) for each in breaks_s])
    parts = np.split(samples, [round(each * SAMPLE_RATE_HZ) for each in breaks_s])
    speech_dbfs = [_level_of_speech(levels) for levels in by_part]
    loudest_dbfs = max(speech_dbfs)
    gains_db = [
        min(TURNED_UP_MAX_DB, loudest_dbfs - level) if level > TURNED_UP_FROM_DBFS else 0.0
        for level in speech_dbfs
    ]
    if not any(gains_db):
        return samples
    turned = [part * np.float32(10 ** (gain / 20)) for part, gain in zip(parts, gains_db, strict=True)]
    return np.concatenate(turned)


def _level_of_speech(levels_dbfs: NDArray[np.float64]) -> float:
    """The 95th percentile of those frames that are no tone's."""
    own = levels_dbfs[np.isfinite(levels_dbfs)]
    return float(np.percentile(own, 95)) if len(own) else -math.inf


def without_tones(sounds: Sequence[Interval], tones: Sequence[Tone]) -> tuple[Interval, ...]:
    """Cut tones of the line out of what sounds: a word begins when its beep is over.

    Parameters
    ----------
    sounds : sequence of Interval
        In time order.
    tones : sequence of Tone
        Of the same recording.

    Returns
    -------
    tuple of Interval
        In time order.
    """
    pure = [tone.interval for tone in tones if tone.kind in LINE_TONES and tone.purity >= PURE]
    pieces = list(sounds)
    for tone in pure:
        pieces = [
            Interval(onset_s=onset_s, offset_s=offset_s)
            for each in pieces
            for onset_s, offset_s in (
                (each.onset_s, min(each.offset_s, tone.onset_s)),
                (max(each.onset_s, tone.offset_s), each.offset_s),
            )
            if offset_s - onset_s >= SOUND_MIN_S or (onset_s, offset_s) == (each.onset_s, each.offset_s)
        ]
    return tuple(dict.fromkeys(pieces))
