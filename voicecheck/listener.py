"""A file in, its card out: the decoder, a model and its digit head, put together once and used often."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voicecheck.audio import Recording
from voicecheck.digits import DigitHead
from voicecheck.pipeline import Settings, analyse
from voicecheck.scorecard import Scorecard
from voicecheck.transcript import Transcriber

DEFAULT_MODEL = "base"


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Scores files; the model is loaded at the first one.

    Parameters
    ----------
    model : str
        Name in the catalog.
    model_dir : Path or None
        A folder with the model's files; None looks in the usual places.
    device, compute_type : str
        As CTranslate2 names them.
    threads : int >= 0
        CPU threads; 0 takes all cores, at most four.
    """

    model: str = DEFAULT_MODEL
    model_dir: Path | None = None
    device: str = "cpu"
    compute_type: str = "int8"
    threads: int = 0

    @cached_property
    def transcriber(self) -> Transcriber:
        """The engine.

        Raises
        ------
        ParameterError
            If the model is unknown.
        EngineError
            If it is nowhere to be found.
        """
        from voicecheck.engines.weights import find_model
        from voicecheck.engines.whisper import FasterWhisper

        return FasterWhisper(
            find_model(self.model, folder=self.model_dir),
            name=self.model,
            device=self.device,
            compute_type=self.compute_type,
            threads=self.threads,
        )

    @cached_property
    def head(self) -> DigitHead:
        """The digit head that was trained on this model's encoder."""
        from voicecheck.engines.weights import resource_path

        return DigitHead.load(resource_path(f"digit-head-{self.model}.npz"))

    def prepare(self) -> None:
        """Find the model and its head now, so that a missing one is told before any work.

        Raises
        ------
        ParameterError
            If the model is unknown.
        EngineError
            If a part is nowhere to be found.
        """
        _ = self.transcriber, self.head

    def score(self, recording: Recording, settings: Settings | None = None) -> Scorecard:
        """Score a decoded recording."""
        return analyse(recording, self.transcriber, head=self.head, settings=settings)

    def score_file(self, path: Path, settings: Settings | None = None) -> Scorecard:
        """Decode and score a file.

        Raises
        ------
        InputError
            If the file cannot be read as audio.
        EngineError
            If the model fails.
        """
        from voicecheck.engines.decoder import read_recording

        return self.score(read_recording(path), settings)


def score(path: Path | str, *, settings: Settings | None = None, model: str = DEFAULT_MODEL) -> Scorecard:
    """Score one file: the whole of voicecheck in one call.

    For several files, make one `Listener` and call its `score`, so that the model is loaded once.

    Parameters
    ----------
    path : Path or str
        A recording in any format that `voicecheck score` reads.
    settings : Settings or None
        Rubric, region and expected number; None takes the defaults.
    model : str
        ``"base"`` or ``"tiny.en"``.

    Raises
    ------
    InputError
        If the file cannot be read as audio.
    EngineError
        If the model is missing or fails.
    """
    return Listener(model=model).score_file(Path(path), settings)
