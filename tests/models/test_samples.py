"""Each sample gets the card that its README promises, from the real default model."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.listener import Listener
from voicecheck.report.data import json_schema, to_dict
from voicecheck.report.text import to_text
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings
from voicecheck.scorecard.rubric import default_rubric

pytestmark = pytest.mark.model

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
TIME_TOLERANCE_S = 0.2
"""The truth is where the synthesiser's sound starts and ends; a digit's last vowel fades before that."""


@pytest.fixture(scope="session")
def cards(listener: Listener) -> dict[str, Scorecard]:
    """Every sample's card, each heard once per test run."""
    return {
        name: listener.score_file(
            SAMPLES / name, Settings(rubric=default_rubric(), region=expected["region"])
        )
        for name, expected in EXPECTED.items()
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_the_card_that_its_readme_promises(name: str, cards: dict[str, Scorecard]) -> None:
    card, expected = cards[name], EXPECTED[name]
    assert [each.digits for each in card.recitations if each.full] == expected["digits"]
    verdicts = {check.id: check.verdict for check in card.checks}
    wrong = {
        check_id: (verdicts[check_id], wanted)
        for check_id, wanted in expected["checks"].items()
        if verdicts[check_id] not in wanted.split("|")
    }
    assert wrong == {}
    assert card.verdict in expected["verdict"].split("|")


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["digits"]])
def test_a_recitation_is_timed_from_its_first_digit_to_its_last(
    name: str, cards: dict[str, Scorecard]
) -> None:
    full = [each.interval for each in cards[name].recitations if each.full]
    expected = EXPECTED[name]
    assert [each.onset_s for each in full] == pytest.approx(
        expected["recitation_onsets_s"], abs=TIME_TOLERANCE_S
    )
    assert [each.offset_s for each in full] == pytest.approx(
        expected["recitation_offsets_s"], abs=TIME_TOLERANCE_S
    )


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["message_s"]])
def test_length_and_words_are_what_was_said(name: str, cards: dict[str, Scorecard]) -> None:
    card, expected = cards[name], EXPECTED[name]
    assert card.measures.message is not None
    assert card.measures.message.duration_s == pytest.approx(expected["message_s"], abs=0.2)
    assert card.measures.n_words == pytest.approx(expected["words"], abs=2)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_card_meets_the_published_schema(name: str, cards: dict[str, Scorecard]) -> None:
    Draft202012Validator(json_schema()).validate(to_dict(cards[name]))


def test_a_recording_reads_the_same_alone_and_in_a_batch(listener: Listener) -> None:
    from voicecheck.speech.weights import find_model
    from voicecheck.speech.whisper import FasterWhisper

    recordings = [read_recording(SAMPLES / name) for name in ("pass_male.flac", "pass_female.flac")]
    engine = FasterWhisper(find_model(listener.model), name=listener.model, batch_size=2)
    together = engine.transcribe_many(recordings)
    alone = [listener.transcriber.transcribe(recording) for recording in recordings]
    assert [each.text for each in together] == [each.text for each in alone]


@pytest.mark.parametrize("level", [0.001, 0.02, 0.2])
def test_noise_is_not_speech_and_no_words_are_made_up_for_it(listener: Listener, level: float) -> None:
    noise = (level * np.random.default_rng(7).standard_normal(8 * SAMPLE_RATE_HZ)).astype(np.float32)
    recording = read_recording(SAMPLES / "silence.flac")
    card = listener.score(replace(recording, samples=noise))
    assert card.verdict == "review"
    assert card.transcript.words == ()


def test_a_faint_telephone_message_is_heard(listener: Listener) -> None:
    recording = read_recording(SAMPLES / "pass_phone.wav")
    card = listener.score(replace(recording, samples=recording.samples * np.float32(0.03)))
    assert [each.digits for each in card.recitations] == EXPECTED["pass_phone.wav"]["digits"]
    assert any("very quiet" in tip.text for tip in card.tips)


def test_silence_after_the_end_adds_no_words(listener: Listener, cards: dict[str, Scorecard]) -> None:
    """Whisper likes to say "Thank you." into silence."""
    recording = read_recording(SAMPLES / "pass_male.flac")
    tail = np.zeros(15 * SAMPLE_RATE_HZ, dtype=np.float32)
    longer = listener.score(replace(recording, samples=np.concatenate([recording.samples, tail])))
    assert longer.transcript.text == cards["pass_male.flac"].transcript.text


def test_a_number_gets_through_more_bad_lines_for_being_said_twice(listener: Listener) -> None:
    card = replace(listener, line=True).score_file(SAMPLES / "saved_by_repeat.flac")
    test = card.line_test
    assert test is not None
    assert test.n_lines == 8
    assert test.n_whole_first < test.n_whole_all
    assert test.n_whole_all == 8
    assert card.verdict == "pass"
    readme = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.split("samples/saved_by_repeat.flac\n```\n\n```text\n")[1].split("\n```")[0]
    assert set(shown.splitlines()) - {"..."} <= set(to_text(card).splitlines())


def test_the_card_in_the_readme_is_the_one_that_is_printed(cards: dict[str, Scorecard]) -> None:
    readme = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.split("$ voicecheck score samples/swapped.flac\n```\n\n```text\n")[1].split("\n```")[0]
    assert words_of(shown) == words_of(to_text(cards["swapped.flac"]))


def words_of(text: str) -> list[str]:
    """Words and figures: processors round differently, and a comma may fall elsewhere."""
    return re.findall(r"[a-z0-9]+", text.lower())
