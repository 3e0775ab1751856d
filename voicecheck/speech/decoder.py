"""Whisper's decoder: what the encoder's output says, in which language, and when.

Word times come from the decoder's cross-attention [1]_, not trimmed as faster-whisper trims them.

References
----------
.. [1] Radford et al. (2022), "Robust Speech Recognition via Large-Scale Weak Supervision"; word times as
   in openai-whisper's ``timing.py``: dynamic time warping over cross-attention weights.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from voicecheck.speech.transcript import Word
from voicecheck.speech.windows import Window
from voicecheck.speech.word_times import without_run_on

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

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
class Writing:
    """What the decoder made of one window.

    Parameters
    ----------
    words : tuple of Word
        With their times in the recording.
    hypotheses : tuple of str
        What else it might have written, likeliest first.
    language : str
        ISO 639-1 code.
    language_probability : float or None
        None for a model that knows only one.
    loops : bool
        Whether it went round in circles, so that the words are worth nothing.
    """

    words: tuple[Word, ...]
    hypotheses: tuple[str, ...]
    language: str
    language_probability: float | None
    loops: bool


class Decoder:
    """Reads the encoder's output of windows.

    Parameters
    ----------
    whisper : WhisperModel
        Of faster-whisper.
    beam_size : int > 0
        1 is greedy.
    """

    def __init__(self, whisper: WhisperModel, *, beam_size: int) -> None:
        self._whisper = whisper
        self.beam_size = beam_size

    def write(self, frames: NDArray[np.float32], windows: Sequence[Window]) -> list[Writing]:
        """Write down what windows say.

        Parameters
        ----------
        frames : np.ndarray, shape=(n_windows, n_frames, width)
            The encoder's output.
        windows : sequence of Window
            Where it comes from.

        Returns
        -------
        list of Writing
            One for each window.
        """
        import ctranslate2

        encoded = ctranslate2.StorageView.from_array(np.ascontiguousarray(frames))
        languages = self._languages(encoded, len(windows))
        ranked = self._ranked(encoded, windows)
        words = self._time_words(encoded, windows, [tokens[0] for tokens in ranked])
        return [
            Writing(
                words=words[row],
                hypotheses=tuple(self._tokenizer.decode(each) for each in ranked[row][1:]),
                language=languages[row][0],
                language_probability=languages[row][1],
                loops=self._loops(ranked[row][0], window),
            )
            for row, window in enumerate(windows)
        ]

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

    def _languages(self, encoded: Any, n_windows: int) -> list[tuple[str, float | None]]:
        """The likeliest language of each window, English in case of doubt."""
        if not self._whisper.model.is_multilingual:
            return [("en", None)] * n_windows
        return [
            _likeliest_language({token[2:-2]: float(p) for token, p in ranked})
            for ranked in self._whisper.model.detect_language(encoded)
        ]

    def _ranked(self, encoded: Any, windows: Sequence[Window]) -> list[list[list[int]]]:
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
