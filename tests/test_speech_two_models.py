"""Words by one model, digits by another, with transcribers that hear what they are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake import FakeTranscriber
from sounds import recording, said, tone, transcript

from voicecheck.errors import ParameterError
from voicecheck.listener import Listener
from voicecheck.speech.transcript import EncoderWindow
from voicecheck.speech.two_models import TwoModels


def test_words_are_one_models_and_frames_the_others() -> None:
    """A window of 40 frames (0.8 s) keeps its place, its length and the decoder's other hypotheses."""
    window = EncoderWindow(frames=np.ones((40, 3), np.float32), onset_s=0.5, hypotheses=("four won six",))
    heard = replace(transcript(said("four one six")), windows=(window,))
    wide = np.full((55, 5), 7, np.float32)
    ears = TwoModels(
        words=FakeTranscriber(transcript=heard), digits=FakeTranscriber(transcript=heard, frames=wide)
    )
    (found,) = ears.transcribe_many([recording(tone(2.0))])
    assert found.words == heard.words
    (again,) = found.windows
    assert (again.onset_s, again.offset_s, again.hypotheses) == (0.5, window.offset_s, ("four won six",))
    assert again.frames.shape == (40, 5)
    assert (again.frames == 7).all()


def test_a_model_with_a_head_of_its_own_is_heard_once() -> None:
    assert Listener(model="tiny.en").digit_model == "tiny.en"
    assert Listener(model="base").digit_model == "base"


def test_any_other_model_has_its_digits_read_by_the_default_one() -> None:
    assert Listener(model="large-v3").digit_model == "base"
    assert Listener(model="somebody/their-whisper").digit_model == "base"
    assert Listener(model="tiny.en", digits_by="base").digit_model == "base"


def test_an_ear_without_a_head_is_refused() -> None:
    with pytest.raises(ParameterError, match="no digit head for the model small"):
        _ = Listener(model="base", digits_by="small").head
