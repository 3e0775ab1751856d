"""faster-whisper, turned into our own types.

How it differs from ``WhisperModel.transcribe``
-----------------------------------------------
- Only what the voice activity detector takes for speech is heard, so nothing is invented on silence or
  after the end; the detector's stretches are kept in the transcript.
- The encoder gets the speech plus `PADDING_S` of silence, not 30 s: its cost falls with the message.
- The encoder runs once per window; language, words, word times and digits all read that one output.
- Decoding is without timestamp tokens and without sampling, so a file always reads the same. Word times
  come from the decoder's cross-attention [1]_, with none of the trimming that faster-whisper adds after.
- A window that loops is heard again in two halves rather than at a higher temperature.

References
----------
.. [1] Radford et al. (2022), "Robust Speech Recognition via Large-Scale Weak Supervision"; word times as
   in openai-whisper's ``timing.py``: dynamic time warping over cross-attention weights.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.errors import EngineError, ParameterError
from voicecheck.speech.activity import SPEECH_MIN_S, detect_speech
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import EncoderWindow, Transcript, Word
from voicecheck.speech.windows import BUCKET_S, FRAME_SAMPLES, Window, cut_in_halves, cut_windows
from voicecheck.speech.word_times import without_run_on
from voicecheck.system import n_cores
from voicecheck.timing import Interval

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

ENCODED_AT_ONCE = 4
"""Short pieces that go through the encoder together: a quarter faster than one by one on two cores."""

FULL_BATCH_BUCKET = 8
"""Windows of up to so many buckets (24 s) go through the model in whole batches."""

ENGLISH_MIN_PROBABILITY = 0.25
"""Below this, and with another language above one half, the message is taken for that language."""

NEVER_SPOKEN = "la"
"""Whisper takes English with an accent, or from a simple synthesiser, for Latin; nobody calls in Latin."""

TOKENS_PER_S = 12
"""More text tokens per second of window than anybody speaks; a decoder that gets there is looping."""

DECODER_TOKENS = 224
"""Half of Whisper's 448 positions: all that its decoder gives for one window."""

COMPRESSION_MAX = 2.4
"""A text that zlib shrinks by more than this repeats itself (the threshold of openai-whisper)."""


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What came out of one window."""

    window: Window
    words: tuple[Word, ...]
    frames: NDArray[np.float32]
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
        ``"cpu"``, ``"cuda"`` or ``"auto"``.
    compute_type : str
        As CTranslate2 names them; ``"int8"`` is the fast one on a CPU.
    threads : int >= 0
        CPU threads; 0 takes all cores, at most four.
    beam_size : int > 0
        1 is greedy.
    batch_size : int > 0
        Windows that go through the model together, across recordings; fewer of the longest.

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
        batch_size: int = 1,
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
    def _tokenizer(self) -> Tokenizer:
        from faster_whisper.tokenizer import Tokenizer

        whisper = self._whisper
        return Tokenizer(
            whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language="en"
        )

    @cached_property
    def _suppressed_tokens(self) -> list[int]:
        tokenizer = self._tokenizer
        never_said = (
            tokenizer.transcribe,
            tokenizer.translate,
            tokenizer.sot,
            tokenizer.sot_prev,
            tokenizer.sot_lm,
            tokenizer.no_speech,
        )
        return sorted({*tokenizer.non_speech_tokens, *never_said})

    def transcribe(self, recording: Recording) -> Transcript:
        """Hear one recording.

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
        activities = [detect_speech(recording.samples) for recording in recordings]
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

    def encode(self, pieces: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the encoder alone, on `ENCODED_AT_ONCE` pieces at a time or more.

        Raises
        ------
        EngineError
            If the model cannot be run.
        """
        import ctranslate2

        frames: list[NDArray[np.float32]] = []
        n_at_once = max(self.batch_size, ENCODED_AT_ONCE)
        for start in range(0, len(pieces), n_at_once):
            batch = pieces[start : start + n_at_once]
            longest = max(map(len, batch))
            features = [self._mel(piece, longest) for piece in batch]
            stacked = ctranslate2.StorageView.from_array(np.ascontiguousarray(features, dtype=np.float32))
            try:
                encoded = self._whisper.model.encode(stacked, to_cpu=self.device != "cpu")
            except (RuntimeError, ValueError) as error:
                raise EngineError(f"the model failed: {error}") from error
            rows = np.asarray(encoded, dtype=np.float32)
            frames += [
                row[: math.ceil(len(piece) / FRAME_SAMPLES)].copy()
                for row, piece in zip(rows, batch, strict=True)
            ]
        return frames

    def _mel(self, samples: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Compute the encoder's input for sound filled up with silence to `n_samples`."""
        padded = np.pad(samples, (0, n_samples - len(samples)))
        features: NDArray[np.float32] = self._whisper.feature_extractor(padded, padding=0)
        return features

    def _hear_all(self, windows: Sequence[Window]) -> list[_Heard]:
        """Hear windows in batches of one bucket; the result is in time order."""
        heard: list[_Heard] = []
        in_buckets = sorted(windows, key=lambda window: window.bucket)
        for _, same_bucket in groupby(in_buckets, key=lambda window: window.bucket):
            group = list(same_bucket)
            n_together = self._n_together(group[0].bucket)
            for start in range(0, len(group), n_together):
                heard += self._hear_batch(group[start : start + n_together])
        return sorted(heard, key=lambda each: (each.window.recording, each.window.onset_sample))

    def _n_together(self, bucket: int) -> int:
        """Fewer windows of the long buckets: the encoder's attention takes memory by the square of them."""
        return max(1, min(self.batch_size, self.batch_size * FULL_BATCH_BUCKET**2 // bucket**2))

    def _hear_batch(self, windows: Sequence[Window]) -> list[_Heard]:
        try:
            return self._hear_batch_unguarded(windows)
        except RuntimeError as error:  # CTranslate2's only exception: out of memory, device lost
            raise EngineError(f"the model failed: {error}") from error

    def _hear_batch_unguarded(self, windows: Sequence[Window]) -> list[_Heard]:
        encoded = self._whisper.model.encode(self._features(windows), to_cpu=self.device != "cpu")
        languages = self._languages(encoded, len(windows))
        hypotheses = self._decode(encoded, windows)
        tokens = [ranked[0] for ranked in hypotheses]
        words = self._time_words(encoded, windows, tokens)
        frames = np.asarray(encoded, dtype=np.float32)
        heard: list[_Heard] = []
        for row, window in enumerate(windows):
            if self._loops(tokens[row], window) and window.duration_s > 2 * SPEECH_MIN_S:
                heard += self._hear_all(cut_in_halves(window))
                continue
            n_frames = math.ceil(len(window.samples) / FRAME_SAMPLES)
            language, probability = languages[row]
            heard.append(
                _Heard(
                    window=window,
                    words=words[row],
                    frames=frames[row, :n_frames].copy(),
                    hypotheses=tuple(self._tokenizer.decode(each) for each in hypotheses[row][1:]),
                    language=language,
                    language_probability=probability,
                )
            )
        return heard

    def _features(self, windows: Sequence[Window]) -> Any:
        import ctranslate2

        n_samples = round(windows[0].bucket * BUCKET_S * SAMPLE_RATE_HZ)
        features = [self._mel(window.samples, n_samples) for window in windows]
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(features, dtype=np.float32))

    def _languages(self, encoded: Any, n_windows: int) -> list[tuple[str, float | None]]:
        """The likeliest language of each window, English in case of doubt."""
        if not self._whisper.model.is_multilingual:
            return [("en", None)] * n_windows
        return [
            _likeliest_language({token[2:-2]: float(p) for token, p in ranked})
            for ranked in self._whisper.model.detect_language(encoded)
        ]

    def _decode(self, encoded: Any, windows: Sequence[Window]) -> list[list[list[int]]]:
        """Find the tokens of each window's hypotheses, the likeliest first: the whole beam, at no cost."""
        tokenizer = self._tokenizer
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        results = self._whisper.model.generate(
            encoded,
            [prompt] * len(windows),
            beam_size=self.beam_size,
            num_hypotheses=self.beam_size,
            max_length=_max_length(max(_tokens_max(window) for window in windows)),
            suppress_tokens=self._suppressed_tokens,
            suppress_blank=True,
        )
        return [
            [[token for token in tokens if token < tokenizer.eot] for tokens in result.sequences_ids]
            for result in results
        ]

    def _loops(self, tokens: Sequence[int], window: Window) -> bool:
        text = self._tokenizer.decode(list(tokens)).encode()
        if len(tokens) >= _tokens_max(window):
            return True
        return bool(text) and len(text) / len(zlib.compress(text)) > COMPRESSION_MAX

    def _time_words(
        self, encoded: Any, windows: Sequence[Window], tokens: list[list[int]]
    ) -> list[tuple[Word, ...]]:
        from faster_whisper.transcribe import merge_punctuations

        n_mel_frames = [math.ceil(window.duration_s * 100) for window in windows]
        alignments = self._whisper.find_alignment(self._tokenizer, tokens, encoded, n_mel_frames)
        timed: list[tuple[Word, ...]] = []
        for window, alignment in zip(windows, alignments, strict=True):
            merge_punctuations(alignment, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")  # noqa: RUF001
            words = [_word(piece, window) for piece in alignment if piece["word"].strip()]
            timed.append(without_run_on(words))
        return timed


def _tokens_max(window: Window) -> int:
    """Count the text tokens that a window can hold, of those that a decoder can give."""
    return min(DECODER_TOKENS, 16 + math.ceil(window.duration_s * TOKENS_PER_S))


def _max_length(n_tokens: int) -> int:
    """Find the `max_length` with which CTranslate2, which keeps half of it for a prompt, gives `n_tokens`."""
    return 2 * min(DECODER_TOKENS, n_tokens)


def _likeliest_language(probabilities: dict[str, float]) -> tuple[str, float]:
    english = probabilities.get("en", 0.0)
    spoken = [code for code in probabilities if code != NEVER_SPOKEN]
    language = max(spoken, key=lambda code: probabilities[code])
    if english < ENGLISH_MIN_PROBABILITY and probabilities[language] > 0.5:
        return language, probabilities[language]
    return "en", english


def _word(piece: dict[str, Any], window: Window) -> Word:
    """Translate a piece of faster-whisper's alignment; times stay within the window."""
    onset_s = min(float(piece["start"]), window.duration_s)
    offset_s = min(max(float(piece["end"]), onset_s), window.duration_s)
    return Word(
        text=piece["word"],
        onset_s=window.onset_s + onset_s,
        offset_s=window.onset_s + offset_s,
        probability=min(1.0, max(0.0, float(piece["probability"]))),
    )


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
