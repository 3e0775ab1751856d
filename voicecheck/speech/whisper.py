"""faster-whisper, turned into our own types.

How it differs from ``WhisperModel.transcribe``
-----------------------------------------------
- Only what the voice activity detector takes for speech is heard, so nothing is invented on silence or
  after the end; the detector's stretches are kept in the transcript.
- The encoder gets the speech plus `PADDING_S` of silence, at least `ENCODED_MIN_S` and not always 30 s.
- Windows of one length are decoded together, those of several recordings too: a step of the decoder costs
  little more for many than for one.
- The encoder runs once per window; language, words, word times and digits all read that one output.
- Decoding (`decoder`) is without timestamp tokens and without sampling, so a file always reads the same.
- A window that loops is heard again in two halves rather than at a higher temperature.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.errors import EngineError, ParameterError
from voicecheck.speech.activity import SPEECH_MIN_S, detect_speech
from voicecheck.speech.choice import load_cublas
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import EncoderWindow, Transcript, Word
from voicecheck.speech.windows import BUCKET_S, FRAME_SAMPLES, Window, cut_in_halves, cut_windows
from voicecheck.system import keep_freed_memory, n_cores
from voicecheck.timing import Interval

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from voicecheck.speech.decoder import Decoder

Samples = NDArray[np.float32]

Frames = NDArray[np.float32]

BATCH_SIZE = 16
"""Windows that are decoded together where nothing else is said; more save little."""

ENCODED_AT_ONCE = 4
"""Pieces that go through the encoder together. More save nothing and take much memory."""

PIECE_STEP = SAMPLE_RATE_HZ
"""Pieces that only the digit head reads are filled up to a multiple of so many samples. With 3 s the line
test took a third more of the encoder; with the one network of that day, the sayings of eight samples came
through whole on the same 59 of 64 lines, and 32 strings of seven digits on 224 of 256 against 220. With less
they come through less: 16 strings on 121 of 128 lines with 1 s, on 118 with 0.5 s, on 110 with 0.1 s, which
takes up to a seventh less of the time."""

DECODED_AT_ONCE_S = 160.0
"""Sound whose windows are decoded together at most; the decoder of base keeps 200 MB for as much. More saves
nothing: fifteen windows as ten and five took 16.4 s of CPU, as six, four, two and three 15.6 s."""

ADVICE = {
    "libcublas": '; pip install "voicecheck-coach[gpu]" brings it',
    "CUDA failed with error out of memory": "; take fewer --jobs or a smaller --model",
}
"""What to do about some of CTranslate2's complaints, by their wording."""


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What came out of one window."""

    window: Window
    words: tuple[Word, ...]
    frames: Frames
    hypotheses: tuple[str, ...]
    language: str
    language_probability: float | None


class FasterWhisper:
    """A `Transcriber` on faster-whisper and CTranslate2.

    Parameters
    ----------
    model_dir : Path
        A folder with a CTranslate2 conversion of a Whisper model.
    name : str
        The model's name, for the card.
    device : str
        ``"cpu"`` or ``"cuda"``.
    compute_type : str
        As CTranslate2 names them; ``"int8"`` is the fast one on a CPU.
    threads : int >= 0
        CPU threads; 0 takes all cores, at most four.
    beam_size : int > 0
        1 is greedy: a quarter less of the decoder's time, and worse. Of the words of 86 s of speech 4.1 %
        were wrong instead of 2.7, and in mu-law 7.3 instead of 5.5.
    batch_size : int > 0
        Windows that are decoded together, across recordings; fewer of long ones (`DECODED_AT_ONCE_S`).

    Raises
    ------
    ParameterError
        If a number is out of its range.
    EngineError
        If the model cannot be loaded.
    """

    def __init__(
        self,
        model_dir: Path,
        *,
        name: str,
        device: str = "cpu",
        compute_type: str = "int8",
        threads: int = 0,
        beam_size: int = 5,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        for setting, value, least in (
            ("threads", threads, 0),
            ("beam_size", beam_size, 1),
            ("batch_size", batch_size, 1),
        ):
            if value < least:
                raise ParameterError(f"{setting} must be at least {least}, got {value}")
        self.model_dir = model_dir
        self.info = EngineInfo(model=name, compute_type=compute_type)
        self.device = device
        self.compute_type = compute_type
        self.threads = threads or min(4, n_cores())
        self.beam_size = beam_size
        self.batch_size = batch_size
        self._loading: Future[WhisperModel] | None = None

    def start_loading(self) -> None:
        """Load the model in a thread, beside whatever comes before the first recording is heard."""
        if self._loading is None:
            executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load-whisper")
            self._loading = executor.submit(self._loaded)
            executor.shutdown(wait=False)

    @cached_property
    def _whisper(self) -> WhisperModel:
        return self._loading.result() if self._loading is not None else self._loaded()

    def _loaded(self) -> WhisperModel:
        from faster_whisper import WhisperModel

        keep_freed_memory()
        if self.device != "cpu":
            load_cublas()
        try:
            return WhisperModel(
                str(self.model_dir),
                device=self.device,
                compute_type=self.compute_type,
                cpu_threads=self.threads,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"{self.model_dir}: the model cannot be loaded: {error}") from error

    @cached_property
    def _decoder(self) -> Decoder:
        from voicecheck.speech.decoder import Decoder

        return Decoder(self._whisper, beam_size=self.beam_size)

    def transcribe(self, recording: Recording) -> Transcript:
        """Hear one recording.

        Parameters
        ----------
        recording : Recording
            Decoded audio.

        Returns
        -------
        Transcript
            With the encoder's output.

        Raises
        ------
        EngineError
            If the model cannot be loaded or run.
        """
        return self.transcribe_many([recording])[0]

    def transcribe_many(self, recordings: Sequence[Recording]) -> list[Transcript]:
        """Hear several recordings, their windows batched together.

        Parameters
        ----------
        recordings : sequence of Recording
            None gives an empty list.

        Returns
        -------
        list of Transcript
            One per recording, in the same order, each as if it had been heard alone.

        Raises
        ------
        EngineError
            If the model cannot be loaded or run.
        """
        activities = [detect_speech(recording.samples, recording.breaks_s) for recording in recordings]
        windows = [
            window
            for index, (recording, activity) in enumerate(zip(recordings, activities, strict=True))
            for window in cut_windows(index, recording.samples, activity.heard, recording.breaks_s)
        ]
        heard = self._hear_all(windows)
        return [
            _transcript([each for each in heard if each.window.recording == index], activity.speech)
            for index, activity in enumerate(activities)
        ]

    def encode(self, pieces: Sequence[Samples]) -> list[Frames]:
        """Run the encoder alone, on each piece filled up to a multiple of `PIECE_STEP`.

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
        n_samples = [PIECE_STEP * math.ceil(len(piece) / PIECE_STEP) for piece in pieces]
        in_order = sorted(range(len(pieces)), key=lambda place: n_samples[place])
        groups = [
            same[at : at + ENCODED_AT_ONCE]
            for _, places in groupby(in_order, key=lambda place: n_samples[place])
            for same in [list(places)]
            for at in range(0, len(same), ENCODED_AT_ONCE)
        ]
        encoded = [self._encoded([pieces[place] for place in group], n_samples[group[0]]) for group in groups]
        found = {
            place: frames[: math.ceil(len(pieces[place]) / FRAME_SAMPLES)].copy()
            for group, rows in zip(groups, encoded, strict=True)
            for place, frames in zip(group, rows, strict=True)
        }
        return [found[place] for place in range(len(pieces))]

    def _encoded(self, pieces: Sequence[Samples], n_samples: int) -> Frames:
        """Encode pieces filled up with silence to one length; shape=(n_pieces, n_frames, width)."""
        import ctranslate2

        rows: list[Frames] = []
        for start in range(0, len(pieces), ENCODED_AT_ONCE):
            features = [self._mel(piece, n_samples) for piece in pieces[start : start + ENCODED_AT_ONCE]]
            stacked = ctranslate2.StorageView.from_array(np.ascontiguousarray(features, dtype=np.float32))
            try:
                encoded = self._whisper.model.encode(stacked, to_cpu=self.device != "cpu")
            except (RuntimeError, ValueError) as error:
                raise _failed(error) from error
            if encoded.dtype != ctranslate2.DataType.float32:  # NumPy knows no bfloat16
                encoded = encoded.to(ctranslate2.DataType.float32)
            rows.append(np.asarray(encoded))
        return rows[0] if len(rows) == 1 else np.concatenate(rows)

    def _mel(self, samples: Samples, n_samples: int) -> NDArray[np.float32]:
        """Compute the encoder's input for sound filled up with silence to `n_samples`."""
        padded = np.pad(samples, (0, n_samples - len(samples)))
        features: NDArray[np.float32] = self._whisper.feature_extractor(padded, padding=0)
        return features

    def _hear_all(self, windows: Sequence[Window]) -> list[_Heard]:
        """Hear windows in batches of one bucket; the result is in time order."""
        heard = [each for batch in self._batches(windows) for each in self._hear_batch(batch)]
        return sorted(heard, key=lambda each: (each.window.recording, each.window.onset_sample))

    def _batches(self, windows: Sequence[Window]) -> list[list[Window]]:
        """Put windows of one bucket together."""
        in_buckets = sorted(windows, key=lambda window: window.bucket)
        batches: list[list[Window]] = []
        for bucket, same_bucket in groupby(in_buckets, key=lambda window: window.bucket):
            group = list(same_bucket)
            n_together = min(self.batch_size, max(1, int(DECODED_AT_ONCE_S / (bucket * BUCKET_S))))
            batches += [group[start : start + n_together] for start in range(0, len(group), n_together)]
        return batches

    def _hear_batch(self, windows: Sequence[Window]) -> list[_Heard]:
        try:
            return self._hear_batch_unguarded(windows)
        except RuntimeError as error:  # CTranslate2's only exception: out of memory, device lost
            raise _failed(error) from error

    def _hear_batch_unguarded(self, windows: Sequence[Window]) -> list[_Heard]:
        n_samples = round(windows[0].bucket * BUCKET_S * SAMPLE_RATE_HZ)
        frames = self._encoded([window.samples for window in windows], n_samples)
        written = self._decoder.write(frames, windows)
        heard: list[_Heard] = []
        for row, (window, writing) in enumerate(zip(windows, written, strict=True)):
            if writing.loops and window.duration_s > 2 * SPEECH_MIN_S:
                halves = cut_in_halves(window)
                heard += [each for half in halves for each in self._hear_batch([half])]
                continue
            n_frames = math.ceil(len(window.samples) / FRAME_SAMPLES)
            heard.append(
                _Heard(
                    window=window,
                    words=writing.words,
                    frames=frames[row, :n_frames].copy(),
                    hypotheses=writing.hypotheses,
                    language=writing.language,
                    language_probability=writing.language_probability,
                )
            )
        return heard


def _failed(error: Exception) -> EngineError:
    """Say that the model failed, and what to do where that is known."""
    advice = next((then for sign, then in ADVICE.items() if sign in str(error)), "")
    return EngineError(f"the model failed: {error}{advice}")


def _transcript(heard: Sequence[_Heard], speech: tuple[Interval, ...]) -> Transcript:
    """Put the windows of one recording together; the longest one decides the language."""
    if not heard:
        return Transcript(words=(), language=None)
    longest = max(heard, key=lambda each: each.window.duration_s)
    return Transcript(
        words=tuple(word for each in heard for word in each.words),
        language=longest.language,
        language_probability=longest.language_probability,
        speech=speech,
        windows=tuple(
            EncoderWindow(
                frames=each.frames,
                onset_s=each.window.onset_s,
                language=each.language,
                language_probability=each.language_probability,
                hypotheses=each.hypotheses,
            )
            for each in heard
        ),
    )
