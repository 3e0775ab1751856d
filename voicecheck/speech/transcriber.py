"""What a recogniser of words must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import Recording
from voicecheck.speech.transcript import Transcript


@dataclass(frozen=True, kw_only=True)
class EngineInfo:
    """What heard a recording.

    Parameters
    ----------
    model : str
        Name in the catalog, such as ``base``.
    compute_type : str
        As CTranslate2 names them.
    """

    model: str
    compute_type: str


class Transcriber(Protocol):
    """What an engine must offer the pipeline."""

    @property
    def info(self) -> EngineInfo:
        """What is hearing."""
        ...

    def start_loading(self) -> None:
        """Begin to load the model, if it is not loaded yet; returns at once."""
        ...

    def transcribe(self, recording: Recording) -> Transcript:
        """Hear one recording.

        Parameters
        ----------
        recording : Recording
            Decoded.

        Raises
        ------
        EngineError
            If the model cannot be run.
        """
        ...

    def transcribe_many(self, recordings: Sequence[Recording]) -> list[Transcript]:
        """Hear several recordings, each as if it were alone.

        Parameters
        ----------
        recordings : sequence of Recording
            Decoded.

        Raises
        ------
        EngineError
            If the model cannot be run.
        """
        ...

    def encode(self, pieces: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the encoder alone on pieces of sound.

        Parameters
        ----------
        pieces : sequence of np.ndarray, each shape=(n_samples,)
            At `SAMPLE_RATE_HZ`, at most 30 s each.

        Returns
        -------
        list of np.ndarray, each shape=(n_frames, width), dtype=float32
            One row per `ENCODER_FRAME_S`, as in `EncoderWindow`.

        Raises
        ------
        EngineError
            If the model cannot be run.
        """
        ...
