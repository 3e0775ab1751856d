from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fake import FakeTranscriber, analyse
from hearings import hearing
from jsonschema import Draft202012Validator
from sounds import recording, said, silence, spoken, transcript

from voicecheck.linetest.phone import PhonePreview
from voicecheck.report.data import json_schema, to_dict, to_json
from voicecheck.report.html import to_html
from voicecheck.report.table import row_of
from voicecheck.report.text import to_text
from voicecheck.report.words import condition_line, survival_line, survival_rows
from voicecheck.scorecard.card import Scorecard, Tip
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import default_rubric, parse_rubric
from voicecheck.speech.transcript import Transcript

SWAPPED = (
    "hi dana this is joe from acme call me at four one six five five five zero one nine eight "
    "that is four one six five five five zero one eight nine thanks"
)


@pytest.fixture(scope="module")
def swapped() -> Scorecard:
    """Two sayings that differ by a swap, one word every 0.55 s."""
    words = said(SWAPPED, word_s=0.35, gap_s=0.2)
    return analyse(spoken(words), FakeTranscriber(transcript=transcript(words)))


@pytest.fixture(scope="module")
def silent() -> Scorecard:
    """A recording of nothing."""
    return analyse(recording(silence(4.0)), FakeTranscriber(transcript=Transcript(words=(), language=None)))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", ["swapped", "silent"])
def test_a_card_meets_its_schema(name: str, request: pytest.FixtureRequest) -> None:
    card = request.getfixturevalue(name)
    Draft202012Validator(json_schema()).validate(json.loads(to_json(card)))


def test_json_is_one_line_and_holds_what_was_measured(swapped: Scorecard) -> None:
    assert "\n" not in to_json(swapped)
    data = to_dict(swapped)
    assert data["verdict"] == "fail"
    assert [each["display"] for each in data["recitations"]] == ["416-555-0198", "416-555-0189"]
    assert data["recitations"][0]["timed_digits"][0]["onset_s"] == pytest.approx(5.5, abs=0.02)
    (agrees,) = (check for check in data["checks"] if check["id"] == "number_agrees")
    assert (agrees["verdict"], agrees["value"], agrees["limit"]) == (
        "fail",
        1,
        {"min": None, "max": 0, "target": None},
    )


def test_what_was_not_measured_is_null_never_zero(silent: Scorecard) -> None:
    data = to_dict(silent)
    assert {check["value"] for check in data["checks"]} == {None}
    measures = data["measures"]
    assert measures["message_s"] is measures["words"] is measures["pause_count"] is None
    assert measures["speaking_rate_wpm"] is None


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", ["swapped", "silent"])
def test_no_line_of_the_text_is_wider_than_asked(
    name: str, width: int, request: pytest.FixtureRequest
) -> None:
    text = to_text(request.getfixturevalue(name), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text


def test_the_text_marks_the_differing_digits_under_the_number(swapped: Scorecard) -> None:
    lines = to_text(swapped).splitlines()
    (second,) = (line for line in lines if line.startswith("  0:11.5") or "416-555-0189  " in line)
    marks = lines[lines.index(second) + 1]
    assert second[marks.index("^") : marks.rindex("^") + 1] == "89"


def test_the_text_says_the_verdict_first_and_then_what_to_do(swapped: Scorecard) -> None:
    first, second, *_ = to_text(swapped).splitlines()
    assert first.startswith("FAIL  made.wav")
    assert swapped.next_step.startswith(second)
    assert len(second) > 40


def test_colour_is_only_there_when_asked(swapped: Scorecard) -> None:
    assert "\x1b[" in to_text(swapped, colour=True)


def test_a_pen_that_is_behind_is_drawn_under_the_digits() -> None:
    words = said("call me at four one six five five five zero one nine eight", word_s=0.2, gap_s=0.05)
    card = analyse(spoken(words), FakeTranscriber(transcript=transcript(words)))
    lines = to_text(card).splitlines()
    number = next(at for at, line in enumerate(lines) if "#" in line)
    pen = lines[number + 1]
    assert lines[number].index("#") < pen.index("1") < pen.index("2") < pen.index("3")
    assert "digits not yet written down" in to_text(card)
    off = analyse(
        spoken(words),
        FakeTranscriber(transcript=transcript(words)),
        settings=Settings(rubric=parse_rubric('[checks.pen]\nrole = "off"')),
    )
    assert "written down" not in to_text(off)
    assert to_dict(card)["recitations"][0]["waits"]
    assert to_dict(off)["recitations"][0]["waits"] == []


def test_a_tip_that_is_the_next_step_is_told_once(swapped: Scorecard) -> None:
    tip = Tip(id="reason", text="Say why you call.")
    card = replace(swapped, tips=(tip,), next_step="Ready to send. To improve: say why you call.")
    assert to_text(card).lower().count("say why you call.") == 1
    assert "! Say why you call." in to_text(replace(card, next_step="Slow down."))


def test_the_condition_says_only_what_was_measured() -> None:
    nothing = {
        **dict.fromkeys(("active_level_dbov", "snr_db", "band")),
        "clipped_share": 0.0,
        "dropouts": [],
    }
    assert condition_line(nothing, is_speech=True) == "nothing distorted"
    full = {
        "active_level_dbov": -27.46,
        "snr_db": 32.4,
        "band": "telephone",
        "clipped_share": 0.0123,
        "dropouts": [{}],
    }
    assert condition_line(full, is_speech=True) == (
        "speech at -27.5 dB, 32 dB above the noise, telephone band, 1.2 % too loud and distorted, "
        "drops out once"
    )


def test_the_rows_of_a_line_test_say_what_survives() -> None:
    survives = {"whole": 8, "share_low": 0.676, "share_high": 1.0, "misses": [0, 0], "most_missed": "42"}
    lost = {"whole": 0, "share_low": 0.0, "share_high": 0.324, "misses": [8, 1], "most_missed": "?2"}
    test = {"lines": 8, "sayings": 2, "first": lost, "all": survives}
    first, both = survival_rows(test)
    assert (first.heard, first.whole, first.range, first.lost) == (
        "the first time alone",
        "got through on 0 of 8 test lines",
        "0-32 %",
        "?2",
    )
    assert (both.heard, both.whole, both.lost) == ("said twice", "got through on 8 of 8 test lines", "")
    assert [row.heard for row in survival_rows({**test, "sayings": 1})] == ["heard once"]
    assert survival_line(test) == survival_line({**test, "sayings": 1}) == ""
    assert survival_rows({**test, "sayings": 3})[1].heard == "said 3 times"
    untested = {**test, "lines": 0, "why_not": "no phone number was heard"}
    assert survival_rows(untested) == []
    assert survival_line(untested) == "not tested, no phone number was heard"


def test_a_number_said_once_is_not_praised_for_coming_through() -> None:
    """The card fails for saying it once; beside that "8 of 8 lines" would tell that once is enough."""
    whole = {"whole": 8, "share_low": 0.676, "share_high": 1.0, "misses": [0, 0], "most_missed": "42"}
    test = {"lines": 8, "sayings": 1, "first": whole, "all": whole, "why_not": None}
    assert survival_rows(test) == []
    assert survival_line(test) == "heard once, so a digit that a line loses is lost"
    assert len(survival_rows({**test, "sayings": 2})) == 2


def test_where_no_number_was_said_one_line_says_so() -> None:
    """Five checks have nothing to go by; on the terminal, in the report and in a notebook."""
    card = judge(hearing(said("hi dana this is joe please call me back")), Settings(rubric=default_rubric()))
    assert [each.evidence for each in card.checks].count("no phone number was heard") == 5
    assert to_text(card).count("no phone number was heard") == 1
    assert to_html([row_of(card)]).count("no phone number was heard") == 1
    assert card._repr_html_().count("no phone number was heard") == 1


def test_a_card_says_whether_their_phone_shows_the_number(swapped: Scorecard) -> None:
    right = PhonePreview(text="Hi, call me at 416-555-0198.", numbers=("4165550198",))
    card = replace(swapped, hearing=replace(swapped.hearing, phone=right))
    Draft202012Validator(json_schema()).validate(json.loads(to_json(card)))
    assert to_dict(card)["phone"]["shows_number"] is True
    assert "On their phone: the number is right and can be tapped" in to_text(card)
    garbled = replace(
        swapped,
        hearing=replace(swapped.hearing, phone=PhonePreview(text="Hi, call me at 416-55.", numbers=())),
    )
    assert "On their phone: there is no number to tap" in to_text(garbled)
    assert "On their phone" not in to_text(swapped)


def test_the_text_sets_the_expected_number_above_what_was_said() -> None:
    """The rep's own number ends in 98; both sayings end in 89, and differ from it in two digits."""
    words = said("call four one six five five five zero one eight nine", word_s=0.35, gap_s=0.2)
    settings = Settings(rubric=default_rubric(), expected="4165550198")
    lines = to_text(
        analyse(spoken(words), FakeTranscriber(transcript=transcript(words)), settings=settings)
    ).splitlines()
    expected = next(at for at, line in enumerate(lines) if line.startswith("  expected"))
    assert lines[expected].endswith("416-555-0198")
    assert "416-555-0189" in lines[expected + 1]
    assert lines[expected + 2].split() == ["^^", "differs"]


def test_a_country_code_makes_no_digit_differ() -> None:
    digits = "four one six five five five zero one nine eight"
    words = said(f"call one {digits} again {digits}", word_s=0.35, gap_s=0.2)
    text = to_text(analyse(spoken(words), FakeTranscriber(transcript=transcript(words))))
    assert "differs" not in text
    assert "1-416-555-0198" in text


@pytest.mark.parametrize(
    ("noise", "line"), [(0.0, "Good sound quality"), (0.15, "Sound quality could be better")]
)
def test_the_sound_is_called_good_only_where_it_is(noise: float, line: str) -> None:
    words = said(SWAPPED, word_s=0.35, gap_s=0.2)
    card = analyse(spoken(words, noise=noise), FakeTranscriber(transcript=transcript(words)))
    assert line in to_text(card)


def test_a_number_is_whole_in_a_narrow_window(swapped: Scorecard) -> None:
    """In 40 columns what is said beside the number gives way, never the number."""
    text = to_text(swapped, width=40)
    assert text.count("416-555-0198") >= 2
    assert "\N{HORIZONTAL ELLIPSIS}" not in text


def test_counts_are_said_in_words_and_not_as_a_value_with_a_limit(swapped: Scorecard) -> None:
    (line,) = (line for line in to_text(swapped).splitlines() if "Number said twice" in line)
    assert "min" not in line
    assert "max" not in line
