from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hearings import GOOD, evidence_of, hearing, recited, tips
from hearings import judged as judged_checks
from sounds import spans

from voicecheck.audio.condition import Condition
from voicecheck.linetest.packets import BAD_LINES
from voicecheck.linetest.survival import LineResult, LineTest
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.check import CheckResult, Role, Tip, Verdict
from voicecheck.scorecard.checks import CHECKS
from voicecheck.scorecard.judge import Settings, judge, next_step, tips_of
from voicecheck.scorecard.rubric import default_rubric
from voicecheck.scorecard.score import ScoreRule, card_verdict
from voicecheck.timing import Interval


def judged(check_id: str, verdict: Verdict, role: Role = "required") -> CheckResult:
    return CheckResult(
        id=check_id,
        title=check_id,
        role=role,
        verdict=verdict,
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
    assert card_verdict([judged("pace", verdict) for verdict in verdicts], ScoreRule()) == card


def test_a_tip_never_counts_for_the_verdict() -> None:
    checks = [judged("pace", "fail", "tip"), judged("length", "pass")]
    assert card_verdict(checks, ScoreRule()) == "pass"
    assert [tip.text for tip in tips_of(checks[0])] == ["Mend pace."]


def test_the_next_step_is_the_failure_that_costs_the_listener_most() -> None:
    checks = [judged("length", "fail"), judged("pace", "unsure"), judged("number_agrees", "fail")]
    assert next_step(checks, CHECKS) == "Mend number_agrees."
    assert next_step(checks[1:2], CHECKS) == "Mend pace."


def test_where_all_passes_the_best_tip_is_the_next_step() -> None:
    due = [judged("fillers", "fail", "tip"), judged("pen", "fail", "tip")]
    assert next_step([judged("pace", "pass"), *due], CHECKS) == "Ready to send. To improve: mend pen."
    assert next_step([judged("pace", "fail"), *due], CHECKS) == "Mend pace."


def test_the_next_step_says_when_there_is_nothing_to_judge_or_to_mend() -> None:
    nothing = replace(judged("pace", "not_measured"), advice="")
    assert "no speech was heard" in next_step([nothing], CHECKS)
    assert next_step([judged("pace", "pass")], CHECKS).startswith("Ready to send")


def test_of_several_open_questions_the_next_step_is_the_first_on_the_card() -> None:
    opens = [replace(judged(each, "not_measured"), advice=f"See {each}.") for each in ("pace", "length")]
    assert next_step(opens, CHECKS) == "See pace."


def condition_tips(condition: Condition) -> list[Tip]:
    return [
        tip
        for tip in tips(evidence_of(hearing(condition=condition)))
        if tip.id in ("sound_quality", "dead_air")
    ]


def test_a_good_recording_needs_no_tip_and_unmeasured_levels_make_none() -> None:
    assert condition_tips(GOOD) == []
    assert condition_tips(replace(GOOD, active_level_dbov=math.nan, snr_db=math.nan)) == []


@pytest.mark.parametrize(
    ("bad", "tip_id", "figure"),
    [
        (replace(GOOD, clipped_share=0.02), "sound_quality", "2.0 % of the sound is too loud and distorted"),
        (replace(GOOD, active_level_dbov=-47.0), "sound_quality", "very quiet (-47 dB)"),
        (replace(GOOD, snr_db=9.0), "sound_quality", "9 dB below"),
        (replace(GOOD, dropouts=spans((1.0, 1.05), (2.0, 2.06))), "sound_quality", "2 places, 0.11 seconds"),
        (replace(GOOD, dropouts=spans((1.0, 1.05))), "sound_quality", "1 place, 0.05 seconds"),
        (replace(GOOD, lead_s=4.2), "dead_air", "4 seconds of silence at the start"),
        (replace(GOOD, tail_s=5.0), "dead_air", "5 seconds of silence at the end"),
    ],
)
def test_a_bad_condition_is_told_with_its_figure(bad: Condition, tip_id: str, figure: str) -> None:
    (tip,) = condition_tips(bad)
    assert tip.id == tip_id
    assert figure in tip.text


def test_each_fault_of_a_recording_is_a_tip_the_worst_first() -> None:
    bad = replace(GOOD, snr_db=9.0, clipped_share=0.02, dropouts=spans((1.0, 1.05)))
    assert [tip.text.split(":")[0] for tip in condition_tips(bad)] == [
        "Find a better connection",
        "Move away from the microphone or turn it down",
        "Record in a quieter place",
    ]


def test_a_damaged_file_is_told_as_a_sentence_and_first() -> None:
    damaged = hearing(warnings=("the file is cut short: 12.3 s of 20.0 s could be read",))
    card = judge(damaged, Settings(rubric=default_rubric()))
    assert card.tips[0].text == "The file is cut short: 12.3 s of 20.0 s could be read."
    assert card.next_step.startswith("The file is damaged")


def tips_on(said: list[Recitation], tip_id: str, rubric: str = "", test: LineTest | None = None) -> list[Tip]:
    what = replace(evidence_of(hearing(line_test=test), rubric=rubric), recitations=tuple(said))
    return [tip for tip in tips(what, rubric) if tip.id == tip_id]


def pen_tip(rate_dps: float, rubric: str = "") -> list[Tip]:
    return tips_on([recited("4165550198", 0.0, rate_dps=rate_dps)], "pen", rubric)


def test_the_pen_says_where_the_writer_has_fallen_behind() -> None:
    """At four a second the eighth digit finds four before it unwritten, and is lost."""
    (tip,) = pen_tip(4.0)
    assert "after 416-555-0 a listener who writes 2 digits a second cannot keep the 1 in mind" in tip.text
    assert tip.heard == Interval(onset_s=0.0, offset_s=2.0)


def test_a_slow_number_a_fast_pen_and_no_pen_give_no_tip() -> None:
    assert pen_tip(2.0) == []
    assert pen_tip(1.0, "[checks.pen]\ndigits_in_mind = 1") == []
    assert pen_tip(4.0, "[checks.pen]\ndigits_per_s = 4.0") == []
    assert pen_tip(4.0, '[checks.pen]\nrole = "off"') == []
    assert tips_on([], "pen") == []


def line_test(first: list[str], together: list[str]) -> LineTest:
    results = [
        LineResult(line=line, first=one, all_sayings=both)
        for line, one, both in zip(BAD_LINES, first, together, strict=False)
    ]
    return LineTest(digits="4165550198", n_sayings=2, results=tuple(results))


def test_a_number_that_only_the_second_saying_saves_is_told() -> None:
    test = line_test(["416?550198", "416?550198", "416?55?198", "4165550198"], ["4165550198"] * 4)
    said = [recited("4165550198", 0.0, rate_dps=2.0)] * 2
    (tip,) = tips_on(said, "line_test", test=test)
    assert tip.text == (
        "Say the 5 in 416-555-0198 more clearly the first time: said once, the number gets through on 1 of "
        "4 bad lines, said twice on 4."
    )
    assert tip.heard == Interval(onset_s=1.5, offset_s=2.0)


def test_a_number_that_is_lost_all_the_same_is_told_otherwise_and_a_sound_one_not() -> None:
    said = [recited("4165550198", 0.0, rate_dps=2.0)]
    (tip,) = tips_on(said, "line_test", test=line_test(["4165550??8"] * 4, ["41655501?8"] * 4))
    assert (
        tip.text
        == "Say the 9 in 416-555-0198 more clearly: the number gets through on only 0 of 4 bad lines."
    )
    assert tips_on(said, "line_test", test=line_test(["4165550198"] * 4, ["4165550198"] * 4)) == []
    assert tips_on(said, "line_test") == []


def test_a_line_test_judged_in_a_region_where_no_number_is_found_points_nowhere() -> None:
    test = line_test(["4165550??8"] * 4, ["41655501?8"] * 4)
    for said in ([], [recited("5550198")], [recited("65550198")]):  # the ninth digit is lost most often
        (tip,) = tips_on(said, "line_test", test=test)
        assert tip.heard is None
    (tip,) = tips_on([recited("165550198", 5.0, rate_dps=2.0)], "line_test", test=test)
    assert tip.heard == Interval(onset_s=9.0, offset_s=9.5)


@pytest.mark.parametrize(("n_whole", "verdict"), [(2, "fail"), (3, "pass"), (5, "pass")])
def test_the_first_saying_has_to_get_through_on_its_share_of_the_lines(n_whole: int, verdict: str) -> None:
    """Three of five are 60 %."""
    lost, whole = "416?550198", "4165550198"
    first = [whole] * n_whole + [lost] * (5 - n_whole)
    what = evidence_of(hearing(line_test=line_test(first, [whole] * 5)))
    found = judged_checks(what)["line_test"]
    assert (found.verdict, found.value, found.limit_min) == (verdict, n_whole / 5, 0.6)
    assert found.evidence == f"heard once, it got through on {n_whole} of 5 test lines"


@pytest.mark.parametrize(
    ("n_full", "how"), [(1, "with what is said again"), (2, "said twice"), (3, "said twice")]
)
def test_what_saves_a_number_is_that_it_was_said_again(n_full: int, how: str) -> None:
    """Another number may be said as well; what was sent is one, said twice."""
    test = line_test(["416?550198"] * 4, ["4165550198"] * 4)
    said = [recited("4165550198", 10.0 * n) for n in range(n_full)]
    (tip,) = tips_on(said, "line_test", test=test)
    assert tip.text.endswith(f"gets through on 0 of 4 bad lines, {how} on 4.")
