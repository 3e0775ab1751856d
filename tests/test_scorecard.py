from __future__ import annotations

import math

import pytest
from conftest import spans

from voicecheck.audio.condition import Condition
from voicecheck.linetest.packets import BAD_LINES
from voicecheck.linetest.survival import LineResult, LineTest
from voicecheck.measures.pen import write_down
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.card import (
    Tip,
    card_verdict,
    check_tips,
    condition_tips,
    file_tips,
    line_tips,
    next_step,
    pen_tips,
)
from voicecheck.scorecard.check import Check, Verdict
from voicecheck.scorecard.rubric import Role, parse_rubric
from voicecheck.speech.transcript import TimedDigit
from voicecheck.timing import Interval


def judged(check_id: str, verdict: Verdict, role: Role = "required") -> Check:
    return Check(
        id=check_id,
        title=check_id,
        role=role,
        verdict=verdict,
        value=None,
        unit="",
        evidence="no speech was heard",
        advice=f"Mend {check_id}.",
    )


@pytest.mark.parametrize(
    ("verdicts", "card"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "unsure"], "review"),
        (["pass", "not_measured"], "review"),
        (["not_measured", "fail"], "fail"),
        ([], "pass"),
    ],
)
def test_the_card_fails_if_any_check_fails_else_is_open_if_any_is(verdicts: list[Verdict], card: str) -> None:
    assert card_verdict([judged("pace", verdict) for verdict in verdicts]) == card


def test_a_tip_never_counts_for_the_verdict() -> None:
    checks = [judged("pace", "fail", "tip"), judged("length", "pass")]
    assert card_verdict(checks) == "pass"
    assert [tip.text for tip in check_tips(checks)] == ["Mend pace."]


def test_the_next_step_is_the_failure_that_costs_the_listener_most() -> None:
    checks = [judged("length", "fail"), judged("pace", "unsure"), judged("number_agrees", "fail")]
    assert next_step(checks) == "Mend number_agrees."
    assert next_step(checks[1:2]) == "Mend pace."


def test_where_all_passes_the_best_tip_is_the_next_step() -> None:
    passed = [judged("pace", "pass")]
    tips = [Tip(id="fillers", text="Leave out the ums."), Tip(id="pen", text="Pause after 555.")]
    assert next_step(passed, tips) == "Nothing to mend. Better still: pause after 555."
    assert next_step([judged("pace", "fail")], tips) == "Mend pace."


def test_the_next_step_says_when_there_is_nothing_to_judge_or_to_mend() -> None:
    assert "no speech was heard" in next_step([judged("pace", "not_measured")])
    assert next_step([judged("pace", "pass")]).startswith("Nothing to mend")


def condition(
    *,
    level_dbov: float = -26.0,
    snr_db: float = 30.0,
    clipped_share: float = 0.0,
    dropouts: tuple[Interval, ...] = (),
    lead_s: float = 0.5,
    tail_s: float = 0.5,
) -> Condition:
    return Condition(
        active_level_dbov=level_dbov,
        activity=0.7,
        noise_floor_dbfs=level_dbov - snr_db,
        snr_db=snr_db,
        clipped_share=clipped_share,
        bandwidth_hz=7500.0,
        dropouts=dropouts,
        lead_s=lead_s,
        tail_s=tail_s,
    )


def test_a_good_recording_needs_no_tip_and_unmeasured_levels_make_none() -> None:
    assert condition_tips(condition()) == ()
    assert condition_tips(condition(level_dbov=math.nan, snr_db=math.nan)) == ()


@pytest.mark.parametrize(
    ("bad", "tip_id", "figure"),
    [
        (condition(clipped_share=0.02), "clipped", "2.0 %"),
        (condition(level_dbov=-47.0), "quiet", "-47 dBov"),
        (condition(snr_db=9.0), "noisy", "9 dB"),
        (condition(dropouts=spans((1.0, 1.05), (2.0, 2.06))), "dropouts", "2 places, 110 ms"),
        (condition(dropouts=spans((1.0, 1.05))), "dropouts", "1 place, 50 ms"),
        (condition(lead_s=4.2), "dead_air", "4.2 s of dead air before"),
        (condition(tail_s=5.0), "dead_air", "5.0 s of dead air follow"),
    ],
)
def test_a_bad_condition_is_told_with_its_figure(bad: Condition, tip_id: str, figure: str) -> None:
    (tip,) = condition_tips(bad)
    assert tip.id == tip_id
    assert figure in tip.text


def test_a_damaged_file_is_told_as_a_sentence() -> None:
    (tip,) = file_tips(["the file is cut short: 12.3 s of 20.0 s could be read"])
    assert tip.text == "The file is cut short: 12.3 s of 20.0 s could be read."


def recited(digits: str, *, rate_dps: float) -> Recitation:
    step_s = 1 / rate_dps
    return Recitation(
        digits=digits,
        extension=None,
        full=True,
        timed_digits=tuple(
            TimedDigit(digit=digit, onset_s=at * step_s, offset_s=(at + 1) * step_s, confidence=0.9)
            for at, digit in enumerate(digits)
        ),
    )


def pen_tip(rate_dps: float, rubric: str = "") -> tuple[Tip, ...]:
    pen = parse_rubric(rubric).pen
    said = recited("4165550198", rate_dps=rate_dps)
    intervals = [Interval(onset_s=each.onset_s, offset_s=each.offset_s) for each in said.timed_digits]
    writing = write_down(intervals, digits_per_s=pen.digits_per_s, digits_in_mind=pen.digits_in_mind)
    return pen_tips([said], [writing], pen, region="US")


def test_the_pen_says_where_the_writer_has_fallen_behind() -> None:
    """At four a second the eighth digit finds four before it unwritten, and is lost."""
    (tip,) = pen_tip(4.0)
    assert "after 416-555-0 a listener who writes 2 digits a second has no room in mind for the 1" in tip.text
    assert tip.heard == Interval(onset_s=0.0, offset_s=2.0)


def test_a_slow_number_a_fast_pen_and_no_pen_give_no_tip() -> None:
    assert pen_tip(2.0) == ()
    assert pen_tip(1.0, "[pen]\ndigits_in_mind = 1") == ()
    assert pen_tip(4.0, "[pen]\ndigits_per_s = 4.0") == ()
    assert pen_tip(4.0, '[pen]\nrole = "off"') == ()
    assert pen_tips([], [], parse_rubric("").pen, region="US") == ()


def line_test(first: list[str], together: list[str]) -> LineTest:
    results = [
        LineResult(line=line, first=one, all_sayings=both)
        for line, one, both in zip(BAD_LINES, first, together, strict=False)
    ]
    return LineTest(digits="4165550198", n_sayings=2, results=tuple(results))


def test_a_number_that_only_the_second_saying_saves_is_told() -> None:
    test = line_test(["416?550198", "416?550198", "416?55?198", "4165550198"], ["4165550198"] * 4)
    said = [recited("4165550198", rate_dps=2.0)] * 2
    (tip,) = line_tips(test, said, region="US")
    assert tip.text == (
        "Say the 5 in 416-555-0198 more clearly the first time: said once, the number survives 1 of 4 bad "
        "lines, said twice 4."
    )
    assert tip.heard == Interval(onset_s=1.5, offset_s=2.0)


def test_a_number_that_is_lost_all_the_same_is_told_otherwise_and_a_sound_one_not() -> None:
    said = [recited("4165550198", rate_dps=2.0)]
    (tip,) = line_tips(line_test(["4165550??8"] * 4, ["41655501?8"] * 4), said, region="US")
    assert tip.text == "Say the 9 in 416-555-0198 more clearly: the number survives only 0 of 4 bad lines."
    assert line_tips(line_test(["4165550198"] * 4, ["4165550198"] * 4), said, region="US") == ()
    assert line_tips(None, said, region="US") == ()
