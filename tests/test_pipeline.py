from __future__ import annotations

import pytest
from fake import FakeTranscriber, analyse
from sounds import recording, said, silence, spoken, tone, transcript

from voicecheck.errors import ParameterError
from voicecheck.numbers.plan import parse_expected
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.speech.transcript import Transcript, Word

NUMBER = "four one six five five five zero one nine eight"
MESSAGE = f"hi dana this is joe from acme call me at {NUMBER} that is {NUMBER} thanks"


def slowly() -> list[Word]:
    """The message: thirteen words at 150 a minute, the number twice at 1.9 digits a second."""
    words: list[Word] = []
    for part in MESSAGE.split(NUMBER):
        at_s = words[-1].offset_s + 0.4 if words else 0.5
        words += said(part, onset_s=at_s, word_s=0.3, gap_s=0.1)
        if part.strip() != "thanks":
            words += said(NUMBER, onset_s=words[-1].offset_s + 0.4, word_s=0.35, gap_s=0.2)
    return words


def card_of(words: list[Word], **settings: str | None) -> Scorecard:
    return analyse(
        spoken(words),
        FakeTranscriber(transcript=transcript(words)),
        settings=Settings(rubric=default_rubric(), **settings),
    )


def verdicts(card: Scorecard) -> dict[str, str]:
    return {check.id: check.verdict for check in card.checks}


def test_a_message_with_the_number_said_twice_slowly_passes() -> None:
    """Thirteen words and twice ten digits, with the seconds that each of them takes."""
    card = card_of(slowly())
    assert card.verdict == "pass"
    assert [each.digits for each in card.recitations] == ["4165550198", "4165550198"]
    assert card.measures.n_words == 33
    assert card.measures.message is not None
    assert card.measures.message.onset_s == pytest.approx(0.5, abs=0.02)
    pitch_s, number_s, between_s = 13 * 0.4 - 3 * 0.1, 10 * 0.55 - 0.2, 4 * 0.4
    length_s = pitch_s + 2 * number_s + between_s
    assert card.measures.message.duration_s == pytest.approx(length_s, abs=0.05)
    assert card.measures.speaking_rate_wpm == pytest.approx(60 * 33 / length_s, rel=0.02)
    assert card.measures.n_words_outside == 13
    assert card.measures.outside_rate_wpm == pytest.approx(60 * 13 / (pitch_s + between_s), rel=0.02)
    assert card.recitations[0].rate_dps == pytest.approx(10 / (10 * 0.55 - 0.2), rel=0.02)


def test_the_same_message_said_faster_fails_for_its_pace_alone() -> None:
    card = card_of(said(MESSAGE, word_s=0.2, gap_s=0.1))
    assert {check for check, verdict in verdicts(card).items() if verdict == "fail"} == {
        "number_pace",
        "number_pauses",
    }


def test_the_expected_number_is_compared() -> None:
    card = card_of(said(MESSAGE, word_s=0.35, gap_s=0.2), expected=parse_expected("416-555-0189"))
    assert verdicts(card)["number_agrees"] == "fail"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [([silence(5.0)], "only silence"), ([tone(0.5), silence(1.0), tone(3.0)], "only other sound")],
)
def test_no_speech_is_not_measured_and_never_scored(parts: list, reason: str) -> None:
    nothing = FakeTranscriber(transcript=Transcript(words=(), language=None))
    card = analyse(recording(*parts), nothing)
    assert card.verdict == "review"
    assert set(verdicts(card).values()) == {"not_measured"}
    assert reason in card.next_step
    assert card.measures.message is None


def test_another_language_is_not_judged() -> None:
    words = said("buenos dias llame al cuatro uno seis")
    heard = FakeTranscriber(transcript=transcript(words, language="es"))
    card = analyse(spoken(words), heard)
    assert card.verdict == "review"
    assert "Spanish" in card.next_step
    assert card.transcript.words == ()


def test_a_warning_about_the_file_is_the_first_tip() -> None:
    words = said(MESSAGE)
    made = recording(spoken(words).samples, warnings=("the file is cut short",))
    card = analyse(made, FakeTranscriber(transcript=transcript(words)))
    assert card.tips[0].text == "The file is cut short."
    assert card.next_step.startswith("The file is damaged")


@pytest.mark.parametrize("text", ["", "123", "hello", "416-555-0198 ext 5", "1" * 16])
def test_an_expected_number_must_be_a_number(text: str) -> None:
    with pytest.raises(ParameterError, match="is not a phone number"):
        parse_expected(text)


def test_what_is_missing_from_half_a_message_is_no_advice() -> None:
    words = said("hi dana this is joe from acme and i wanted to", word_s=0.3, gap_s=0.1)
    for warnings in ((), ("the file is cut short",)):
        card = analyse(
            recording(spoken(words).samples, warnings=warnings), FakeTranscriber(transcript=transcript(words))
        )
        assert ("reason" in {tip.id for tip in card.tips}) == (not warnings)
