"""A transcriber that hears what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import Recording
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.hearing.hear import listen
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.transcriber import EngineInfo, Transcriber
from voicecheck.speech.transcript import Transcript


@dataclass(frozen=True, kw_only=True)
class FakeTranscriber:
    """A `Transcriber` that returns a planted transcript, whatever the recording holds.

    Parameters
    ----------
    transcript : Transcript
        What it claims to hear.
    frames : np.ndarray, shape=(n_frames, width)
        What its encoder gives for any sound.
    """

    transcript: Transcript
    frames: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    info: EngineInfo = field(default=EngineInfo(model="fake", compute_type="none"))

    def start_loading(self) -> None:
        """Nothing has to be loaded."""

    def transcribe(self, recording: Recording) -> Transcript:
        """Return the planted transcript."""
        del recording
        return self.transcript

    def transcribe_many(self, recordings: Sequence[Recording]) -> list[Transcript]:
        """Return the planted transcript for each."""
        return [self.transcribe(recording) for recording in recordings]

    def encode(self, pieces: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Return the planted frames for each."""
        return [self.frames for _ in pieces]


def analyse(
    recording: Recording,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: TelephoneNetwork | None = None,
    settings: Settings | None = None,
) -> Scorecard:
    """Score one recording, as `Listener.score` does with a real model."""
    settings = settings or Settings(rubric=default_rubric())
    return judge(
        listen(recording, transcriber, head=head, telephone=telephone, region=settings.region), settings
    )
