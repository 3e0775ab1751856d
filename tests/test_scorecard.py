from __future__ import annotations

import math

import pytest

from voicecheck.checks import Check, Verdict
from voicecheck.measures.level import Levels
from voicecheck.rubric import Role
from voicecheck.scorecard import card_verdict, check_tips, condition_tips, file_tips, next_step


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


def test_the_next_step_says_when_there_is_nothing_to_judge_or_to_mend() -> None:
    assert "no speech was heard" in next_step([judged("pace", "not_measured")])
    assert next_step([judged("pace", "pass")]).startswith("Nothing to mend")


def levels(*, speech_dbfs: float = -26.0, snr_db: float = 30.0, clipped_share: float = 0.0) -> Levels:
    return Levels(
        speech_dbfs=speech_dbfs,
        noise_floor_dbfs=speech_dbfs - snr_db,
        snr_db=snr_db,
        clipped_share=clipped_share,
    )


def test_a_good_recording_needs_no_tip_and_unmeasured_levels_make_none() -> None:
    assert condition_tips(levels()) == ()
    assert condition_tips(levels(speech_dbfs=math.nan, snr_db=math.nan)) == ()


@pytest.mark.parametrize(
    ("condition", "tip_id", "figure"),
    [
        (levels(clipped_share=0.02), "clipped", "2.0 %"),
        (levels(speech_dbfs=-47.0), "quiet", "-47 dBFS"),
        (levels(snr_db=9.0), "noisy", "9 dB"),
    ],
)
def test_a_bad_condition_is_told_with_its_figure(condition: Levels, tip_id: str, figure: str) -> None:
    (tip,) = condition_tips(condition)
    assert tip.id == tip_id
    assert figure in tip.text


def test_a_damaged_file_is_told_as_a_sentence() -> None:
    (tip,) = file_tips(["the file is cut short: 12.3 s of 20.0 s could be read"])
    assert tip.text == "The file is cut short: 12.3 s of 20.0 s could be read."
