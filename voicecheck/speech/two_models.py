"""Words by one model, digits by another: a digit head knows one encoder, words may be any Whisper's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.speech.transcriber import EngineInfo, Transcriber
from voicecheck.speech.transcript import EncoderWindow, Transcript
from voicecheck.speech.windows import BUCKET_S


@dataclass(frozen=True, kw_only=True)
class TwoModels:
    """A `Transcriber` whose encoder output is another's.

    Parameters
    ----------
    words : Transcriber
        Writes the words.
    digits : Transcriber
        Its encoder runs over the same windows once more, for the digit head.
    """

    words: Transcriber
    digits: Transcriber

    @property
    def info(self) -> EngineInfo:
        """What writes the words."""
        return self.words.info

    def start_loading(self) -> None:
        """Begin to load both models."""
        self.words.start_loading()
        self.digits.start_loading()

    def transcribe(self, recording: Recording) -> Transcript:
        """Hear one recording.

        Parameters
        ----------
        recording : Recording
            Decoded audio.

        Returns
        -------
        Transcript
            Words of the one model, windows of the other.

        Raises
        ------
        EngineError
            If a model cannot be run.
        """
        return self.transcribe_many([recording])[0]

    def transcribe_many(self, recordings: Sequence[Recording]) -> list[Transcript]:
        """Hear several recordings, each as if it were alone.

        Parameters
        ----------
        recordings : sequence of Recording
            None gives an empty list.

        Returns
        -------
        list of Transcript
            One a recording, in the same order.

        Raises
        ------
        EngineError
            If a model cannot be run.
        """
        transcripts = self.words.transcribe_many(recordings)
        return [
            replace(transcript, windows=self._heard_again(recording, transcript.windows))
            for recording, transcript in zip(recordings, transcripts, strict=True)
        ]

    def encode(self, pieces: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the encoder that the digit head knows.

        Parameters
        ----------
        pieces : sequence of np.ndarray, shape=(n_samples,)
            Samples at `SAMPLE_RATE_HZ`.

        Returns
        -------
        list of np.ndarray, shape=(n_frames, width)
            One a piece, `ENCODER_FRAME_S` a frame.

        Raises
        ------
        EngineError
            If the model cannot be run.
        """
        return self.digits.encode(pieces)

    def _heard_again(
        self, recording: Recording, windows: Sequence[EncoderWindow]
    ) -> tuple[EncoderWindow, ...]:
        """Give windows the frames of the other encoder; what the words' decoder made of them stays."""
        edges = [
            (round(each.onset_s * SAMPLE_RATE_HZ), round(each.offset_s * SAMPLE_RATE_HZ)) for each in windows
        ]
        frames = self.digits.encode([_filled(recording.samples[first:last]) for first, last in edges])
        return tuple(
            replace(window, frames=heard[: len(window.frames)])
            for window, heard in zip(windows, frames, strict=True)
        )


def _filled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fill a window up with silence to a multiple of `BUCKET_S`."""
    n_step = round(BUCKET_S * SAMPLE_RATE_HZ)
    return np.pad(samples, (0, -len(samples) % n_step))
