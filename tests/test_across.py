from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from fake import FakeTranscriber
from hearings import hearing
from sounds import said, spoken, transcript

from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing, with_part
from voicecheck.scorecard.across import Message, Row, by_rep, natural_key, with_tips
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import parse_rubric
from voicecheck.speech.transcript import Word

NUMBER = "four one six five five five zero one nine eight"
OPENING = "hi dana this is joe from acme we repair cold rooms overnight call me at"


@cache
def card_of(text: str) -> Scorecard:
    words = said(text, word_s=0.35, gap_s=0.2)
    heard = listen(spoken(words), FakeTranscriber(transcript=transcript(words)))
    # Planted sounds are no speech: nobody could tell where a message begins among them.
    return judge(with_part(heard), Settings(rubric=parse_rubric("[checks.pace]\nmin_wpm = 50")))


def row(file: str, text: str, *, rep: str | None = "joe", prospect: str | None = None) -> Row:
    return Row(message=Message(file=file, rep=rep, prospect=prospect), card=card_of(text))


def tips(rows: Sequence[Row], id_: str) -> dict[str, str]:
    return {
        each.message.file: tip.text
        for each in with_tips(rows)
        if each.card
        for tip in each.card.tips
        if tip.id == id_
    }


def test_names_are_ordered_as_people_do() -> None:
    assert sorted(["b10", "B9", "a", "10", "9"], key=natural_key) == ["9", "10", "a", "B9", "b10"]


def test_the_same_words_again_are_told_to_the_later_message_alone() -> None:
    rows = [
        row("10.wav", f"{OPENING} 416-555-0198"),
        row("9.wav", f"{OPENING} 416-555-0198, 416-555-0198"),
        row("11.wav", "good morning robert here about the drivers that you are hiring for the winter season"),
    ]
    assert set(tips(rows, "same_words")) == {"10.wav"}
    assert "9.wav" in tips(rows, "same_words")["10.wav"]


def test_two_reps_may_use_the_same_words() -> None:
    rows = [row("1.wav", OPENING, rep="joe"), row("2.wav", OPENING, rep="ann")]
    assert tips(rows, "same_words") == {}


def test_a_prospect_who_heard_it_before_is_named() -> None:
    rows = [row(f"{n}.wav", OPENING, prospect="Brian") for n in (1, 2)]
    assert "Brian has heard it before" in tips(rows, "same_words")["2.wav"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("no number here", NUMBER, "Getting better"), (NUMBER, "no number here", "Slipping")],
)
def test_a_trend_is_told_to_the_latest_message(first: str, last: str, expected: str) -> None:
    """Three messages with the number said twice, and three without any: a failed check comes or goes."""
    texts = [f"call {first} again {first}"] * 3 + [f"call {last} again {last}"] * 3
    rows = dated([row(f"{5 - n}.wav", text) for n, text in enumerate(texts)])
    assert list(tips(rows, "trend")) == ["0.wav"]
    assert tips(rows, "trend")["0.wav"].startswith(expected)


@pytest.mark.parametrize(
    "minutes",
    [[None] * 6, [0] * 6, [0, 2, 4, 4, 6, 30], [0, 0.1, 0.2, 0.3, 0.4, 0.5], [0, 10, 20, 30, 40, None]],
    ids=["no time", "one time", "halves that meet", "copied in half a minute", "one without a time"],
)
def test_no_trend_is_told_where_time_does_not_tell_early_from_late(minutes: list[float | None]) -> None:
    texts = [f"call {NUMBER} again {NUMBER}"] * 3 + ["call no number here again no number here"] * 3
    rows = [row(f"{n}.wav", text) for n, text in enumerate(texts)]
    assert tips(dated(rows, minutes), "trend") == {}


def dated(rows: list[Row], minutes: Sequence[float | None] = (0, 10, 20, 30, 40, 50)) -> list[Row]:
    """Rows with a time each, in minutes after the first."""
    start = datetime(2026, 11, 25, 9)
    return [
        replace(
            each, message=replace(each.message, date=None if at is None else start + timedelta(minutes=at))
        )
        for each, at in zip(rows, minutes, strict=True)
    ]


def test_of_an_odd_count_the_message_in_the_middle_belongs_to_no_half() -> None:
    """Four without a failure, then three that all fail the same."""
    texts = [f"call {NUMBER} again {NUMBER}"] * 4 + ["call no number here again no number here"] * 3
    rows = dated([row(f"{n}.wav", text) for n, text in enumerate(texts)], [0, 10, 20, 30, 40, 50, 60])
    (rep,) = by_rep(rows)
    assert rep.failed_checks[:4] == (0, 0, 0, 0)
    assert rep.change == rep.failed_checks[-1] > 0
    assert tips(rows, "trend")["6.wav"].startswith("Slipping: ")


def test_ten_minutes_are_enough_for_a_trend_and_nine_are_not() -> None:
    texts = [f"call {NUMBER} again {NUMBER}"] * 3 + ["call no number here again no number here"] * 3
    rows = [row(f"{n}.wav", text) for n, text in enumerate(texts)]
    assert set(tips(dated(rows, (0, 2, 4, 6, 8, 10)), "trend")) == {"5.wav"}
    assert tips(dated(rows, (0, 2, 4, 6, 8, 9)), "trend") == {}


def test_five_messages_make_no_trend() -> None:
    rows = [row(f"{n}.wav", "no number" if n < 3 else f"call {NUMBER} again {NUMBER}") for n in range(5)]
    assert tips(dated(rows, (0, 10, 20, 30, 40)), "trend") == {}


def test_failed_rows_stay_where_they_are_and_belong_to_no_rep() -> None:
    rows = [Row(message=Message(file="a.wav", rep="joe"), error="not audio"), row("b.wav", OPENING)]
    assert with_tips(rows)[0] is rows[0]
    assert [each.message.file for each in by_rep(rows)[0].rows] == ["b.wav"]


def failing(n_failed: int) -> Scorecard:
    """A card of which so many required checks fail, and a tip that does not count."""
    card = card_of(f"call {NUMBER} again {NUMBER}")
    checks = [
        replace(each, verdict="fail" if place < n_failed else "pass", role="required")
        for place, each in enumerate(card.checks)
    ]
    return replace(card, checks=(*checks, replace(checks[0], id="extra", role="tip", verdict="fail")))


@pytest.mark.parametrize(
    ("counts", "change", "told"),
    [
        (
            [2, 2, 2, 0, 0, 0],
            -2.0,
            "Getting better: 0.0 failed checks a message in the last 3, 2.0 in the first 3.",
        ),
        ([0, 0, 0, 1, 1, 1], 1.0, "Slipping: 1.0 failed checks a message in the last 3, 0.0 in the first 3."),
        ([0, 1, 0, 1, 1, 0], 1 / 3, None),
        ([1, 0, 0, 0, 0, 0], -1 / 3, None),
        ([0, 0, 0, 0, 0, 0], 0.0, None),
        (
            [0, 0, 0, 0, 1, 0, 1, 0],
            0.5,
            "Slipping: 0.5 failed checks a message in the last 4, 0.0 in the first 4.",
        ),
        ([1, 1, 0, 5, 0, 0, 1], -1 / 3, None),
    ],
)
def test_a_trend_is_half_a_failed_check_more_or_less(
    counts: list[int], change: float, told: str | None
) -> None:
    rows = [
        Row(message=Message(file=f"{n}.wav", rep="joe"), card=failing(count))
        for n, count in enumerate(counts)
    ]
    rows = dated(rows, [10 * n for n in range(len(counts))])
    (rep,) = by_rep(rows)
    assert rep.failed_checks == tuple(counts)
    assert rep.change == pytest.approx(change)
    assert tips(rows, "trend") == (
        {} if told is None else {rows[-1].message.file: told.format("failed checks a message")}
    )


def test_messages_of_nobody_have_no_trend_and_come_last() -> None:
    rows = [Row(message=Message(file=f"{n}.wav"), card=failing(n // 3)) for n in range(6)]
    rows = dated(rows)
    rows += [Row(message=Message(file="z.wav", rep="Zoe"), card=failing(0))]
    assert [rep.name for rep in by_rep(rows)] == ["Zoe", None]
    assert tips(rows, "trend") == {}


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ("a" * 36 + "b" * 4, True),  # 90 % of the letters of both
        ("a" * 35 + "b" * 5, False),
        ("a" * 40, True),
        ("a" * 39, False),  # fewer letters are alike by chance
    ],
)
def test_texts_of_forty_letters_are_the_same_from_ninety_per_cent_on(other: str, is_same: bool) -> None:
    rows = [
        Row(message=Message(file=file, rep="joe"), card=replace(card_of("hi"), hearing=heard_as(text)))
        for file, text in (("1.wav", "a" * 40), ("2.wav", other))
    ]
    assert (set(tips(rows, "same_words")) == {"2.wav"}) == is_same


def heard_as(text: str) -> Hearing:
    """A hearing of one word."""
    word = Word(text=text, onset_s=1.0, offset_s=2.0, probability=0.9)
    return hearing([word])
