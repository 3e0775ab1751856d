"""An engine that hears what it is told: for tests, and for trying a rubric without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voicecheck.audio import Recording
from voicecheck.transcript import EngineInfo, Transcript


@dataclass(frozen=True, kw_only=True)
class FakeTranscriber:
    """A `Transcriber` that returns a planted transcript, whatever the recording holds.

    Parameters
    ----------
    transcript : Transcript
        What it claims to hear.
    spelling : str
        What it claims to hear when it is asked to spell.
    """

    transcript: Transcript
    spelling: str = ""
    info: EngineInfo = field(default=EngineInfo(model="fake", compute_type="none"))

    def transcribe(self, recording: Recording) -> Transcript:
        """Return the planted transcript."""
        del recording
        return self.transcript

    def transcribe_many(self, recordings: Sequence[Recording]) -> list[Transcript]:
        """Return the planted transcript for each."""
        return [self.transcribe(recording) for recording in recordings]

    def spell(self, transcript: Transcript, before: str, onset_s: float) -> str:
        """Return the planted spelling."""
        del transcript, before, onset_s
        return self.spelling
