from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hearings import GOOD, decided, evidence_of, hearing, judged, recited
from hypothesis import given
from hypothesis import strategies as st

from voicecheck.audio.condition import Condition
from voicecheck.measures.message import Measures
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.check import CheckResult, Evidence, judge_band
from voicecheck.scorecard.judge import run_checks
from voicecheck.scorecard.rubric import default_rubric, parse_rubric
from voicecheck.scorecard.sentences import counted, ordinal, times
from voicecheck.speech.transcript import TimedDigit, Word
from voicecheck.timing import Interval


def evidence(
    *recitations: Recitation,
    length_s: float = 18.0,
    rate_wpm: float = 140.0,
    error_wpm: float = 2.0,
    expected: str | None = None,
    unheard: str | None = None,
    condition: Condition = GOOD,
    digit_runs: tuple[DecidedRun, ...] = (),
) -> Evidence:
    """A message that is fine but for what is said here."""
    measures = Measures(
        message=Interval(onset_s=0.5, offset_s=0.5 + length_s),
        n_words=round(rate_wpm * length_s / 60),
        speaking_rate_wpm=rate_wpm,
        articulation_rate_wpm=rate_wpm + 20,
        n_words_outside=round(rate_wpm * length_s / 60),
        outside_s=length_s,
        outside_rate_wpm=rate_wpm,
        outside_error_wpm=error_wpm,
        pauses=(),
        condition=condition,
    )
    return Evidence(
        hearing=replace(hearing(unheard=unheard, condition=condition), digit_runs=digit_runs),
        measures=measures,
        recitations=recitations,
        limits=default_rubric().limits,
        expected=expected,
    )


def check(check_id: str, what: Evidence, rubric: str = "") -> CheckResult:
    """The result of the check of that name."""
    return judged(what, rubric)[check_id]


def required(what: Evidence, rubric: str = "") -> list[CheckResult]:
    """The results that count for the verdict."""
    return [each for each in judged(what, rubric).values() if each.role == "required"]


NUMBER_CHECKS = {"number_given", "number_repeated", "number_agrees", "number_pace", "number_clear"}


TWICE = (recited("4165550198", 5.0), recited("4165550198", 13.0))


def test_a_message_that_does_all_is_passed_by_all() -> None:
    checks = required(evidence(*TWICE))
    assert [each.verdict for each in checks] == ["pass"] * 7
    assert [each.advice for each in checks] == [""] * 7


@pytest.mark.parametrize(
    ("length_s", "verdict"),
    [(12.0, "pass"), (29.8, "pass"), (29.81, "unsure"), (30.0, "unsure"), (30.19, "unsure"), (30.2, "fail")],
)
def test_length_is_unsure_within_its_error_of_the_limit(length_s: float, verdict: str) -> None:
    assert check("length", evidence(*TWICE, length_s=length_s)).verdict == verdict


def test_length_says_whether_it_is_on_target() -> None:
    assert check("length", evidence(length_s=20.0)).evidence == "on target"
    assert check("length", evidence(length_s=21.0)).evidence == "over the 20 s target"
    assert check("length", evidence(length_s=33.0)).evidence == "3.0 s over the limit"


@pytest.mark.parametrize(
    ("rate_wpm", "verdict", "advice"),
    [
        (80, "fail", "Speak a little faster"),
        (101, "unsure", "Speak a little faster"),
        (140, "pass", ""),
        (185, "pass", ""),
        (198, "unsure", "Slow down"),
        (215, "fail", "Slow down"),
    ],
)
def test_pace_has_two_edges(rate_wpm: float, verdict: str, advice: str) -> None:
    found = check("pace", evidence(rate_wpm=rate_wpm))
    assert found.verdict == verdict
    assert found.advice.startswith(advice)


def test_who_speaks_too_fast_is_told_how_many_words_can_be_followed() -> None:
    """75 words in 18 s are 250 a minute; at the target of 170 it would be 51."""
    fast = "you said 75 words where 51 can be followed. Leave some out."
    assert check("pace", evidence(rate_wpm=250)).advice == f"Slow down: {fast}"
    assert check("pace", evidence(*TWICE, rate_wpm=250)).advice == f"Slow down: besides the number {fast}"
    near = "[checks.pace]\nmax_wpm = 162\ntarget_wpm = 162"
    assert check("pace", evidence(rate_wpm=161), near).advice == "Slow down a little."


def test_pace_between_its_target_and_its_limit_is_brisk() -> None:
    assert check("pace", evidence(rate_wpm=171)).evidence.endswith("brisk")
    assert "brisk" not in check("pace", evidence(rate_wpm=170)).evidence


def test_a_pace_of_a_handful_of_words_is_not_judged_within_its_error() -> None:
    found = check("pace", evidence(rate_wpm=220, error_wpm=27))
    assert (found.verdict, found.value) == ("unsure", 220)
    assert "give or take 27" in found.evidence


def test_without_a_number_only_number_given_fails() -> None:
    verdicts = {each.id: each.verdict for each in required(evidence())}
    assert verdicts.pop("number_given") == "fail"
    assert {name for name, verdict in verdicts.items() if verdict == "not_measured"} == {
        "number_repeated",
        "number_agrees",
        "number_pace",
        "number_clear",
    }


def test_the_end_of_a_number_is_no_number() -> None:
    found = check("number_given", evidence(recited("0198", full=False)))
    assert (found.verdict, found.value) == ("fail", 0)


def test_a_partial_repeat_does_not_count_as_said_twice() -> None:
    found = check("number_repeated", evidence(recited("4165550198"), recited("0198", 12.0, full=False)))
    assert (found.verdict, found.value) == ("fail", 1)
    assert found.evidence == "said once, 1 more in part"


def test_a_slip_is_still_the_same_number_said_twice() -> None:
    found = check("number_repeated", evidence(recited("4165550198"), recited("4165550189", 12.0)))
    assert (found.verdict, found.value) == ("pass", 2)


def test_two_other_numbers_are_each_said_once() -> None:
    what = evidence(recited("4165550198"), recited("2125550147", 12.0))
    assert check("number_repeated", what).verdict == "fail"
    assert check("number_agrees", what).evidence == "different numbers: 416-555-0198 and 212-555-0147"


def test_swapped_digits_are_named_with_their_places() -> None:
    found = check("number_agrees", evidence(recited("4165550198"), recited("4165550189", 12.0)))
    assert found.verdict == "fail"
    assert found.evidence == "first 416-555-0198, then 416-555-0189; last two digits swapped"
    assert found.advice == "You said two numbers, 416-555-0198 and 416-555-0189: check which is yours."
    assert found.heard is not None
    assert found.heard.onset_s == 12.0


def test_a_swap_inside_the_number_is_named_by_its_places() -> None:
    found = check("number_agrees", evidence(recited("4165550198"), recited("4615550198", 12.0)))
    assert found.evidence.endswith("second and third digits swapped")


def test_a_number_said_once_has_nothing_to_agree_with() -> None:
    found = check("number_agrees", evidence(recited("4165550198")))
    assert (found.verdict, found.value) == ("not_measured", None)
    assert found.evidence == "said once, nothing to compare"
    told = check("number_agrees", evidence(recited("4165550198"), expected="4165550198"))
    assert (told.verdict, told.evidence) == ("pass", "as expected")


def test_a_number_is_found_with_how_often_it_was_said() -> None:
    assert check("number_given", evidence(*TWICE)).evidence == "416-555-0198, said twice"
    other = evidence(recited("4165550198"), recited("2125550147", 12.0))
    assert check("number_given", other).evidence == "416-555-0198, said once and 212-555-0147, said once"
    slip = evidence(recited("4165550198"), recited("4165550189", 12.0))
    assert check("number_given", slip).evidence == "416-555-0198 or 416-555-0189"
    assert check("number_repeated", slip).evidence == "said twice, but different"


def test_a_british_number_in_america_is_told_what_to_set() -> None:
    british = replace(recited("01632960772"), well_formed=False)
    assert check("number_clear", evidence(british)).advice == (
        "US numbers have 10 digits. Is it British? Use the region GB."
    )


def test_a_lost_digit_is_named() -> None:
    found = check("number_agrees", evidence(recited("4165550198"), recited("416555019", 12.0)))
    assert "10th digit (8) missing" in found.evidence


def test_country_code_and_trunk_prefix_do_not_disagree() -> None:
    found = check("number_agrees", evidence(recited("14165550198"), recited("4165550198", 14.0)))
    assert found.verdict == "pass"


@pytest.mark.parametrize(
    ("expected", "verdict"), [("4165550198", "pass"), ("+14165550198", "pass"), ("4165550189", "fail")]
)
def test_the_expected_number_is_what_all_sayings_must_be(expected: str, verdict: str) -> None:
    assert check("number_agrees", evidence(*TWICE, expected=expected)).verdict == verdict


def test_a_difference_that_a_doubt_explains_is_unsure() -> None:
    doubtful = recited("4165550195", 12.0, rivals={9: "9"})
    found = check("number_agrees", evidence(recited("4165550199"), doubtful))
    assert found.verdict == "unsure"
    other = check("number_agrees", evidence(recited("4165550198"), doubtful))
    assert other.verdict == "fail"


def test_number_pace_judges_the_fastest_saying() -> None:
    found = check("number_pace", evidence(TWICE[0], recited("4165550198", 13.0, rate_dps=3.0)))
    assert (found.verdict, found.value) == ("fail", pytest.approx(3.0))
    assert found.evidence == "fastest the second time"


@pytest.mark.parametrize(
    ("rate_dps", "advice"),
    [(3.0, "give its 10 digits at least 5.5 seconds, not 3.3,"), (1.96, "at least 5.5 seconds, not 5.1,")],
)
def test_the_time_that_a_number_is_to_be_given_is_enough(rate_dps: float, advice: str) -> None:
    """10 digits in 5.5 s are 1.82 a second: below the limit of 2 by more than its error of 0.05."""
    found = check("number_pace", evidence(recited("4165550198", rate_dps=rate_dps)))
    assert advice in found.advice


@pytest.mark.parametrize(("rate_dps", "verdict"), [(1.9, "pass"), (1.98, "unsure"), (2.1, "fail")])
def test_number_pace_is_unsure_near_its_limit(rate_dps: float, verdict: str) -> None:
    assert check("number_pace", evidence(recited("4165550198", rate_dps=rate_dps))).verdict == verdict


def test_a_digit_is_clear_if_one_saying_has_it_clear() -> None:
    mumbled = recited("4165550198", confidence=0.2)
    assert check("number_clear", evidence(recited("4165550198", confidence=0.6))).verdict == "unsure"
    assert check("number_clear", evidence(mumbled)).verdict == "fail"
    assert check("number_clear", evidence(mumbled, recited("4165550198", 14.0))).verdict == "pass"


@pytest.mark.parametrize(
    ("confidence", "evidence_text"),
    [(0.8, "every digit clear; least clear: the 7th, 0"), (0.3, "hardest to hear: the 7th, 0")],
)
def test_the_least_clear_digit_is_named_by_its_place_and_value(confidence: float, evidence_text: str) -> None:
    saying = recited("4165550198")
    digits = [
        replace(digit, confidence=confidence) if place == 6 else digit
        for place, digit in enumerate(saying.timed_digits)
    ]
    found = check("number_clear", evidence(replace(saying, timed_digits=tuple(digits))))
    assert (found.evidence, found.value) == (evidence_text, confidence)
    assert found.heard == digits[6].interval


@pytest.mark.parametrize(
    ("at_the_limit", "beyond"),
    [
        ({"snr_db": 15.0}, {"snr_db": 14.9}),
        ({"clipped_share": 0.001}, {"clipped_share": 0.0011}),
        ({"active_level_dbov": -40.0}, {"active_level_dbov": -40.1}),
    ],
)
def test_a_recording_at_a_limit_of_its_sound_gets_no_tip(
    at_the_limit: dict[str, float], beyond: dict[str, float]
) -> None:
    for values, verdict in ((at_the_limit, "pass"), (beyond, "fail")):
        condition = replace(GOOD, **values)
        assert check("sound_quality", evidence(*TWICE, condition=condition)).verdict == verdict


def test_a_doubt_that_no_saying_clears_up_is_unsure_and_named() -> None:
    doubtful = recited("4165550195", rivals={9: "9"})
    found = check("number_clear", evidence(doubtful))
    assert found.verdict == "unsure"
    assert found.evidence == "the 10th digit may be 5 or 9"
    assert "the 10th digit, 5," in found.advice
    assert found.heard == Interval(
        onset_s=doubtful.timed_digits[9].onset_s, offset_s=doubtful.timed_digits[9].offset_s
    )
    cleared = evidence(doubtful, recited("4165550195", 14.0))
    assert check("number_clear", cleared).verdict == "pass"


def test_a_doubt_is_cleared_up_by_a_saying_with_a_country_code() -> None:
    """The last digit is the tenth of one and the eleventh of the other."""
    doubtful = recited("4165550195", rivals={9: "9"})
    clear = recited("14165550195", 14.0)
    assert check("number_clear", evidence(doubtful, clear)).verdict == "pass"
    doubtful = recited("4165550195", confidence=0.6, rivals={9: "9"})
    still = recited("14165550195", 14.0, confidence=0.6, rivals={10: "9"})
    found = check("number_clear", evidence(doubtful, still))
    assert (found.verdict, found.evidence) == ("unsure", "the 10th digit may be 5 or 9")


def test_confidence_is_taken_from_the_saying_with_a_country_code_too() -> None:
    mumbled = recited("4165550198", confidence=0.2)
    found = check("number_clear", evidence(mumbled, recited("14165550198", 14.0, confidence=0.9)))
    assert found.verdict == "pass"
    assert found.value == pytest.approx(0.9)


def test_a_number_of_no_known_shape_is_unsure_not_clear() -> None:
    found = check("number_clear", evidence(replace(recited("416555019"), well_formed=False)))
    assert found.verdict == "unsure"
    assert "9 digits were heard" in found.evidence
    assert found.advice == "Say the number again, group by group: 9 digits were heard."


def test_a_saying_that_is_no_number_disagrees_unsurely() -> None:
    short = replace(recited("416555019", 14.0), well_formed=False)
    assert check("number_agrees", evidence(recited("4165550198"), short)).verdict == "unsure"


def test_what_cannot_be_judged_is_not_measured_and_says_why() -> None:
    checks = required(evidence(*TWICE, unheard="no speech was heard"))
    assert {each.verdict for each in checks} == {"not_measured"}
    assert {each.value for each in checks} == {None}
    assert {each.evidence for each in checks} == {"no speech was heard"}


def test_a_check_that_is_off_is_left_out_and_a_tip_keeps_its_role() -> None:
    rubric = parse_rubric('[checks.pace]\nrole = "off"\n[checks.length]\nrole = "tip"')
    roles = {each.id: each.role for each in run_checks(evidence(*TWICE), rubric)}
    assert "pace" not in roles
    assert roles["length"] == "tip"


@given(value=st.floats(-1e3, 1e3), low=st.floats(-1e3, 1e3), width=st.floats(0, 1e3))
def test_a_wider_band_never_fails_what_a_narrower_one_passed(value: float, low: float, width: float) -> None:
    if judge_band(value, low=low, high=low + width) == "pass":
        assert judge_band(value, low=low - 1, high=low + width + 1) == "pass"


def test_nan_is_not_measured() -> None:
    assert judge_band(math.nan, high=3.0) == "not_measured"


def test_evidence_keeps_full_recitations_apart() -> None:
    part = recited("0198", full=False)
    assert evidence(part, *TWICE).full == TWICE


def test_noise_leaves_a_number_that_was_read_alone_but_none_heard_is_no_proof() -> None:
    noisy = replace(GOOD, snr_db=7.4)
    assert {each.verdict for each in required(evidence(*TWICE, condition=noisy))} == {"pass"}
    silent = check("number_given", evidence(condition=noisy))
    assert silent.verdict == "unsure"
    assert silent.evidence == (
        "no phone number was heard, but there is a lot of noise behind the voice (7 dB below it)"
    )


def test_with_an_echo_the_number_checks_are_open_and_say_why() -> None:
    echoing = replace(GOOD, echo_delay_s=0.2, echo_db=-6.0)
    checks = required(evidence(*TWICE, condition=echoing))
    assert {each.id for each in checks if each.verdict == "unsure"} == NUMBER_CHECKS
    agrees = next(each for each in checks if each.id == "number_agrees")
    assert agrees.evidence.startswith(
        "an echo of the voice comes 0.20 s behind it, where digits are misheard"
    )
    assert agrees.advice == "Record it again without a loudspeaker."


def test_half_a_file_fails_for_nothing_that_may_have_been_said_in_the_other_half() -> None:
    """Nor is it short; what was said is as it was said."""
    whole = evidence(*TWICE)
    half = replace(whole, hearing=replace(whole.hearing, warnings=("the file is cut short",)))
    verdicts = {each.id: each.verdict for each in required(half)}
    assert verdicts["length"] == "unsure"
    assert {verdicts[each] for each in ("number_given", "number_repeated", "number_agrees", "pace")} == {
        "pass"
    }
    for heard, open_ones in ((half.full[:1], ["number_repeated"]), ((), ["number_given"])):
        checks = required(replace(half, recitations=heard))
        assert {each.id for each in checks if each.verdict == "fail"} == set()
        for each in checks:
            if each.id in open_ones:
                assert each.verdict == "unsure"
                assert "what is missing may have been said" in each.evidence


def test_digits_that_could_not_all_be_made_out_are_shown_with_the_place_in_doubt() -> None:
    found = check("number_given", evidence(digit_runs=(decided("9178889299", rivals={6: "5"}),)))
    assert found.verdict == "unsure"
    assert "917-888-?299" in found.evidence
    assert found.heard is not None
    assert found.heard.onset_s == 5.0


def test_a_few_digits_that_only_the_sound_has_leave_the_number_open() -> None:
    """The recogniser made up a sentence where they were said: the rest of the number may be lost."""
    run = replace(decided("8994"), heard_only=True)
    found = check("number_given", evidence(digit_runs=(run,)))
    assert found.verdict == "unsure"
    assert "899-4" in found.evidence
    assert check("number_given", evidence(digit_runs=(decided("8994"),))).verdict == "fail"


def test_many_doubts_are_counted_rather_than_listed() -> None:
    """Three are named; of more the card says how many."""
    named = check("number_clear", evidence(recited("4165550198", rivals=dict.fromkeys(range(3), "5"))))
    assert named.evidence.count("digit may be") == 3
    counted = check("number_clear", evidence(recited("4165550198", rivals=dict.fromkeys(range(4), "5"))))
    assert counted.evidence == "4 of 10 digits are in doubt"
    every = check("number_clear", evidence(recited("4165550198", rivals=dict.fromkeys(range(10), ""))))
    assert every.evidence == "all 10 digits are in doubt"
    given = check(
        "number_given", evidence(digit_runs=(decided("917888929", rivals=dict.fromkeys(range(9), "")),))
    )
    assert "perhaps 917-888-929" in given.evidence


def test_another_voice_is_named_as_the_reason() -> None:
    run = replace(decided("9178889299", rivals={6: "5"}), background=True)
    assert "another voice in the background" in check("number_given", evidence(digit_runs=(run,))).evidence


@pytest.mark.parametrize("rivals", [{}, {2: "9"}])
def test_digits_that_a_saying_lacks_are_no_other_number(rivals: dict[int, str]) -> None:
    """A rep may have broken off, but mostly our hearing lost them, be it sure of the others."""
    short = recited("3037256", 14.0, rivals=rivals)
    assert check("number_agrees", evidence(recited("3037256768"), short)).verdict == "unsure"


def test_a_digit_that_was_moved_is_another_number() -> None:
    """Each saying has all ten: nothing was lost in hearing."""
    found = check("number_agrees", evidence(recited("4165550198"), recited("4165501985", 14.0)))
    assert found.verdict == "fail"


def test_a_digit_that_is_another_one_beside_lost_ones_is_another_number() -> None:
    short = recited("3037259", 14.0)
    assert check("number_agrees", evidence(recited("3037256768"), short)).verdict == "fail"


def test_a_sure_order_number_is_on_the_card_and_no_phone_number() -> None:
    found = check("number_given", evidence(digit_runs=(decided("123456"),)))
    assert found.verdict == "fail"
    assert found.evidence == "123456 was heard, which is no phone number"


@pytest.mark.parametrize(
    ("digits", "verdict"), [("123456", "fail"), ("1234567", "unsure"), ("303725676830372567", "unsure")]
)
def test_many_sure_digits_may_be_a_number_after_all(digits: str, verdict: str) -> None:
    """Of two sayings in one breath the second lost two digits, and the card was certain of no number."""
    assert check("number_given", evidence(digit_runs=(decided(digits),))).verdict == verdict


def test_a_saying_that_lost_a_digit_leaves_open_whether_the_number_was_said_twice() -> None:
    lost = decided("416555019", 13.0)
    found = check("number_repeated", evidence(recited("4165550198"), digit_runs=(lost,)))
    assert found.verdict == "unsure"
    other = decided("2125550147", 13.0)
    assert check("number_repeated", evidence(recited("4165550198"), digit_runs=(other,))).verdict == "fail"


def test_a_saying_that_was_cut_off_may_be_a_second_one() -> None:
    found = check("number_repeated", evidence(recited("4165550198"), digit_runs=(decided("416555", 20.0),)))
    assert found.verdict == "unsure"
    assert "perhaps once more: 416-555 was heard" in found.evidence


def test_an_odd_number_with_digits_in_doubt_fails_nothing() -> None:
    """Nine digits, one of them doubtful: our hearing may have lost the tenth."""
    saying = replace(recited("416550198", rivals={4: "55"}), well_formed=False)
    heard = evidence(saying, digit_runs=(decided("416550198", rivals={4: "55"}),))
    given = check("number_given", heard)
    assert (given.verdict, given.value) == ("unsure", 0)
    assert "416-5?0-198" in given.evidence
    assert check("number_repeated", heard).verdict == "unsure"
    assert check("number_clear", heard).verdict == "unsure"


def test_from_which_probability_on_a_reading_is_sure_is_the_rubrics() -> None:
    """The same hearing, whose reading of nine in ten has a rival for the 8th digit."""
    run = decided("4165550198", rivals={7: "9"})
    digits = tuple(replace(digit, confidence=0.9 if digit.rival else 0.99) for digit in run.digits)
    run = replace(run, digits=digits, last_word=10, probability=0.9)
    words = [
        Word(text=f" {each.digit}", onset_s=each.onset_s, offset_s=each.offset_s, probability=0.9)
        for each in digits
    ]
    heard = replace(hearing(words), digit_runs=(run,))
    assert judged(evidence_of(heard))["number_clear"].verdict == "unsure"
    easy = "[checks.number_clear]\nsure_probability = 0.85\n"
    assert judged(evidence_of(heard, rubric=easy), easy)["number_clear"].verdict == "pass"


def test_an_odd_number_without_a_doubt_is_the_reps() -> None:
    saying = replace(recited("416550198"), well_formed=False)
    heard = evidence(saying, digit_runs=(decided("416550198"),))
    assert check("number_given", heard).verdict == "pass"
    assert check("number_repeated", heard).verdict == "fail"


@pytest.mark.parametrize(("at_s", "verdict"), [(6.0, "unsure"), (4.0, "pass")])
def test_a_hole_in_a_saying_leaves_its_digits_open(at_s: float, verdict: str) -> None:
    holed = replace(GOOD, dropouts=(Interval(onset_s=at_s, offset_s=at_s + 0.06),))
    checks = {each.id: each for each in required(evidence(*TWICE, condition=holed))}
    assert checks["number_agrees"].verdict == checks["number_clear"].verdict == verdict
    assert checks["number_pace"].verdict == "pass"


def test_a_clipped_number_is_not_called_clear() -> None:
    clipped = replace(GOOD, clipped_share=0.03)
    found = check("number_clear", evidence(*TWICE, condition=clipped))
    assert found.verdict == "unsure"
    assert "3 % of the sound is too loud and distorted" in found.evidence
    for share, verdict in ((0.01, "pass"), (0.0101, "unsure")):
        condition = replace(GOOD, clipped_share=share)
        assert check("number_clear", evidence(*TWICE, condition=condition)).verdict == verdict
    holed = replace(clipped, dropouts=(Interval(onset_s=6.0, offset_s=6.06),))
    assert check("number_agrees", evidence(*TWICE, condition=holed)).verdict == "unsure"


def paused(*silences_s: float, lead_s: float = 0.5) -> Evidence:
    """A word, then 416-555-0198 with such silences after the third and the sixth digit, each digit 0.3 s."""
    word = Word(text=" at", onset_s=1.0, offset_s=1.4, probability=0.9)
    at_s, sounds, timed = 1.4 + lead_s, [word.interval], []
    for place, digit in enumerate("4165550198"):
        at_s += dict(zip((3, 6), silences_s, strict=False)).get(place, 0.0)
        timed.append(TimedDigit(digit=digit, onset_s=at_s, offset_s=at_s + 0.3, confidence=0.9))
        sounds.append(Interval(onset_s=at_s, offset_s=at_s + 0.3))
        at_s += 0.3
    said = Recitation(digits="4165550198", extension=None, full=True, timed_digits=tuple(timed))
    return replace(evidence(said), hearing=hearing([word], sounds=sounds))


@pytest.mark.parametrize(
    ("silences_s", "lead_s", "verdict", "value", "where"),
    [
        ((0.7, 0.8), 0.9, "pass", 0.7, "shortest between the groups"),
        ((0.7, 0.8), 0.5, "pass", 0.5, "shortest before the number; 0.6 s is easier to follow"),
        ((0.5, 0.1), 0.9, "fail", 0.1, "shortest between the groups"),
        ((0.5,), 0.9, "fail", 0.0, "shortest between the groups"),
        ((0.5, 0.5), 0.1, "fail", 0.1, "shortest before the number"),
        (
            (0.5, 0.32),
            0.9,
            "unsure",
            0.32,
            "shortest between the groups of the number; 0.02 s from the limit, too",
        ),
        (
            (0.5, 0.9),
            0.26,
            "unsure",
            0.26,
            "shortest before the number; 0.04 s from the limit, too close to call",
        ),
    ],
)
def test_the_shortest_pause_that_a_number_needs_is_judged(
    silences_s: tuple[float, ...], lead_s: float, verdict: str, value: float, where: str
) -> None:
    found = check("number_pauses", paused(*silences_s, lead_s=lead_s))
    assert (found.verdict, found.value) == (verdict, pytest.approx(value, abs=1e-6))
    assert found.evidence.startswith(where)


def test_pauses_at_other_places_are_pauses_too() -> None:
    """Grouped 4-3-3: two long silences all the same."""
    what = paused(0.0, 0.0, lead_s=0.9)
    (said,) = what.recitations
    moved = [
        replace(each, onset_s=each.onset_s + shift, offset_s=each.offset_s + shift)
        for place, each in enumerate(said.timed_digits)
        for shift in [0.7 * ((place > 3) + (place > 6))]
    ]
    sounds = [Interval(onset_s=1.0, offset_s=1.4)]
    sounds += [Interval(onset_s=each.onset_s, offset_s=each.offset_s) for each in moved]
    what = replace(
        what,
        recitations=(replace(said, timed_digits=tuple(moved)),),
        hearing=replace(what.hearing, sounds=tuple(sounds)),
    )
    assert check("number_pauses", what).verdict == "pass"


def test_a_number_with_nothing_before_it_needs_no_pause_before() -> None:
    what = paused(0.7, 0.8, lead_s=0.1)
    what = replace(what, hearing=hearing([], sounds=what.hearing.sounds))
    assert check("number_pauses", what).verdict == "pass"


def test_two_lines_named_as_such_do_not_contradict_each_other() -> None:
    """The office twice and the cell once: the office agrees with itself."""
    office = [replace(each, label="office") for each in TWICE]
    cell = replace(recited("4165550177", 20.0), label="cell")
    assert check("number_agrees", evidence(*office, cell)).verdict == "pass"
    once = check("number_agrees", evidence(office[0], cell))
    assert (once.verdict, once.evidence) == ("not_measured", "said once, nothing to compare")
    assert check("number_agrees", evidence(*office, replace(cell, label=None))).verdict == "fail"


def test_a_word_that_is_dialled_has_no_pace_of_digits() -> None:
    """FLOWERS is seven digits in a second, and nobody writes it digit by digit."""
    fast = recited("18003569377", 5.0, rate_dps=8.0)
    assert check("number_pace", evidence(fast)).verdict == "fail"
    result = check("number_pace", evidence(replace(fast, lettered=True)))
    assert (result.verdict, result.evidence) == (
        "not_measured",
        "a number said as a word is not written digit by digit",
    )


def test_a_word_that_the_recogniser_glues_to_the_first_digit_hides_no_pause() -> None:
    """As heard in a recording: " a" where the six begins."""
    what = paused(0.7, 0.8, lead_s=0.9)
    onset_s = what.full[0].interval.onset_s
    glued = Word(text=" a", onset_s=onset_s, offset_s=onset_s + 0.05, probability=0.3)
    words = (*what.hearing.transcript.words, glued)
    what = replace(what, hearing=hearing(words, sounds=what.hearing.sounds))
    assert check("number_pauses", what).value == pytest.approx(0.7)


def test_words_before_the_beep_are_counted_and_quoted() -> None:
    """What the mailbox did not record; most messages lose none."""
    fine = evidence(*TWICE)
    assert "early" not in judged(fine)

    def early(lost: str) -> CheckResult:
        part = replace(fine.hearing.part, lost_words=lost)
        return judged(replace(fine, hearing=replace(fine.hearing, part=part)))["early"]

    two, one = early("hi dana"), early("hi")
    assert (two.verdict, two.quote, two.evidence) == ("fail", "hi dana", "2 words before the beep")
    assert two.advice == "Wait for the beep: your first 2 words fell before the beep."
    assert one.evidence == "1 word before the beep"
    assert one.advice == "Wait for the beep: your first word fell before the beep."


@pytest.mark.parametrize(
    ("place", "name"),
    [
        *((1, "first"), (2, "second"), (3, "third"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th")),
        *((13, "13th"), (14, "14th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"), (111, "111th")),
    ],
)
def test_a_place_is_named_as_people_do(place: int, name: str) -> None:
    assert ordinal(place) == name


def test_counts_are_said_as_people_do() -> None:
    assert [times(count) for count in (0, 1, 2, 3)] == ["0 times", "once", "twice", "3 times"]
    assert [counted(count, "word") for count in (0, 1, 2, 1.5)] == [
        "0 words",
        "1 word",
        "2 words",
        "1.5 words",
    ]


def test_part_of_a_number_is_told_from_none() -> None:
    """The last four digits are not a number that can be dialled."""
    part = check("number_given", evidence(recited("0198", full=False)))
    none = check("number_given", evidence())
    whole = check("number_given", evidence(recited("4165550198"), recited("0198", 12.0, full=False)))
    assert (part.verdict, part.evidence) == ("fail", "only part of a number was heard")
    assert (none.verdict, none.evidence) == ("fail", "no phone number was heard")
    assert (whole.verdict, whole.evidence) == ("pass", "416-555-0198, said once")


@pytest.mark.parametrize(
    ("lead_s", "tail_s", "value", "tips"),
    [
        (3.0, 3.0, 3.0, []),
        (3.6, 0.5, 3.6, ["Speak right after the tone: 4 seconds of silence at the start."]),
        (0.5, 3.1, 3.1, ["Hang up when you have said it: 3 seconds of silence at the end."]),
        (
            5.0,
            8.4,
            8.4,
            [
                "Speak right after the tone: 5 seconds of silence at the start.",
                "Hang up when you have said it: 8 seconds of silence at the end.",
            ],
        ),
    ],
)
def test_silence_is_allowed_up_to_its_limit_at_either_end(
    lead_s: float, tail_s: float, value: float, tips: list[str]
) -> None:
    found = check("dead_air", evidence(condition=replace(GOOD, lead_s=lead_s, tail_s=tail_s)))
    assert (found.verdict, found.value, found.limit_max) == ("fail" if tips else "pass", value, 3.0)
    assert [tip.text for tip in found.tips] == tips
    assert found.advice == " ".join(tips)
    assert found.evidence == f"{lead_s} s at the start, {tail_s} s at the end"


@pytest.mark.parametrize(
    ("length_s", "rate_wpm", "advice"),
    [
        (30.5, 140, "Leave a few words out"),
        (30.99, 140, "Leave a few words out"),
        (31.0, 120, "Leave at least 2 words out"),
        (33.0, 130, "Leave at least 7 words out"),
        (33.0, math.nan, "Leave a few words out"),
    ],
)
def test_who_is_too_long_is_told_how_many_words_to_leave_out(
    length_s: float, rate_wpm: float, advice: str
) -> None:
    """One second at 120 words a minute is two of them; three at 130 are 6.5, and so seven."""
    what = evidence()
    message = Interval(onset_s=0.5, offset_s=0.5 + length_s)
    measures = replace(what.measures, message=message, speaking_rate_wpm=rate_wpm)
    found = check("length", replace(what, measures=measures))
    assert found.advice == f"{advice}: 30 seconds is the limit, 20 the aim."


@pytest.mark.parametrize(
    ("length_s", "place"),
    [
        (29.85, "0.15 s from the limit, too close to call"),
        (30.12, "0.12 s from the limit, too close to call"),
        (20.0, "on target"),
        (20.01, "over the 20 s target"),
        (31.25, "1.2 s over the limit"),
    ],
)
def test_a_length_is_placed_by_its_target_and_its_limit(length_s: float, place: str) -> None:
    found = check("length", evidence(length_s=length_s))
    assert (found.evidence, found.value) == (place, pytest.approx(length_s))


@pytest.mark.parametrize(
    ("rate_dps", "facts"),
    [
        (1.5, ""),
        (1.51, "slower is easier to write down"),
        (1.98, "0.02 from the limit, too close to call"),
        (2.04, "0.04 from the limit, too close to call"),
        (2.5, ""),
    ],
)
def test_a_number_pace_is_placed_by_its_target_and_its_limit(rate_dps: float, facts: str) -> None:
    found = check("number_pace", evidence(recited("4165550198", rate_dps=rate_dps)))
    assert (found.evidence, found.target, found.limit_max) == (facts, 1.5, 2.0)


def test_the_fastest_saying_is_named_by_its_place_among_all() -> None:
    slow, fast = recited("4165550198", 5.0), recited("4165550198", 13.0, rate_dps=1.8)
    word = replace(recited("4165550198", 20.0, rate_dps=8.0), lettered=True)
    found = check("number_pace", evidence(word, slow, fast))
    assert found.evidence == "fastest the third time; slower is easier to write down"
    assert found.heard == fast.interval


@pytest.mark.parametrize(
    ("rate_wpm", "edge"), [(149.9, "Speak a little faster"), (150.0, "Speak a"), (150.1, "Slow down")]
)
def test_from_the_middle_of_the_band_on_a_pace_is_fast(rate_wpm: float, edge: str) -> None:
    """Between 100 and 200."""
    assert check("pace", evidence(rate_wpm=rate_wpm)).advice == ""
    narrow = "[checks.pace]\nerror_wpm = 60"
    assert check("pace", evidence(rate_wpm=rate_wpm), narrow).advice.startswith(edge)


def test_what_a_pace_is_told_with() -> None:
    """42 words in 18 s are 140 a minute; at the target of 170 it may be 51 words."""
    plain = check("pace", evidence(rate_wpm=140))
    assert (plain.evidence, plain.target, plain.limit_min, plain.limit_max) == ("42 words", 170, 100, 200)
    assert check("pace", evidence(*TWICE)).evidence == "42 words besides the number; 140 wpm with it"
    unsure = check("pace", evidence(rate_wpm=200, error_wpm=2.0))
    assert unsure.evidence == "60 words; give or take 3, too close to call"
    wide = check("pace", evidence(rate_wpm=200, error_wpm=7.0))
    assert wide.evidence == "60 words; give or take 7, too close to call"


def test_an_unread_word_count_tells_silence_from_a_bare_number() -> None:
    silent = evidence(rate_wpm=0)
    nothing = replace(silent.measures, outside_rate_wpm=math.nan)
    assert check("pace", replace(silent, measures=nothing)).evidence == "no words were heard"
    bare = replace(nothing, n_words=10)
    assert check("pace", replace(silent, measures=bare)).evidence == "nothing but the number was said"


def test_what_was_said_most_often_is_what_the_others_are_compared_with() -> None:
    """Also where the odd one comes first, and where it is no number at all."""
    odd = recited("4165550189", 1.0)
    found = check("number_agrees", evidence(odd, *TWICE))
    assert (found.verdict, found.value, found.heard) == ("fail", 1, odd.interval)
    assert found.evidence == "first 416-555-0189, then 416-555-0198; last two digits swapped"
    assert found.advice == "You said two numbers, 416-555-0198 and 416-555-0189: check which is yours."
    short = [replace(recited("416555019", at_s), well_formed=False) for at_s in (1.0, 20.0)]
    found = check("number_agrees", evidence(*short, TWICE[0]))
    assert found.evidence == "first 416-555-019, then 416-555-0198; 10th digit (8) missing"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_contradiction_outweighs_a_doubt_wherever_it_stands(order: tuple[int, int]) -> None:
    others = [recited("4165550195", 12.0, rivals={9: "8"}), recited("4165550145", 20.0)]
    found = check("number_agrees", evidence(*TWICE, *(others[at] for at in order)))
    assert (found.verdict, found.heard) == ("fail", others[1].interval)
    assert check("number_agrees", evidence(*TWICE, others[0])).verdict == "unsure"


def test_against_the_expected_number_each_saying_is_told_what_it_should_be() -> None:
    wrong = check("number_agrees", evidence(recited("4165550189"), expected="4165550198"))
    assert wrong.evidence == "416-555-0189 instead of 416-555-0198; last two digits swapped"
    assert wrong.advice == "Say 416-555-0198 each time, digit by digit."
    assert check("number_agrees", evidence(TWICE[0], expected="4165550198")).evidence == "as expected"
    twice = check("number_agrees", evidence(*TWICE, expected="4165550198"))
    assert twice.evidence == "the same each time, as expected"
    assert check("number_agrees", evidence(*TWICE)).evidence == "the same digits each time"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("4615550198", "second and third digits swapped"),
        ("4165505198", "6th and 7th digits swapped"),
        ("4165550196", "10th digit 8 or 6"),
        ("416555098", "8th digit (1) missing"),
        ("41655501988", "one 8 too many"),
    ],
)
def test_a_slip_is_named_by_its_place(said: str, what: str) -> None:
    found = check("number_agrees", evidence(TWICE[0], recited(said, 14.0)))
    assert found.evidence.endswith(f"; {what}")


def test_two_numbers_are_told_as_two() -> None:
    found = check("number_agrees", evidence(TWICE[0], recited("6475550133", 14.0)))
    assert found.evidence == "different numbers: 416-555-0198 and 647-555-0133"


@pytest.mark.parametrize(
    ("check_id", "value", "limit_min", "limit_max", "target"),
    [
        ("length", 18.0, None, 30.0, 20.0),
        ("pace", 140.0, 100.0, 200.0, 170.0),
        ("number_given", 2, 1, None, None),
        ("number_repeated", 2, 2, None, None),
        ("number_agrees", 0, None, 0, None),
        ("number_pace", 1.5, None, 2.0, 1.5),
        ("number_clear", 0.95, 0.5, None, None),
        ("dead_air", 0.5, None, 3.0, None),
    ],
)
def test_a_passed_check_tells_what_was_measured_and_its_limits(
    check_id: str, value: float, limit_min: float | None, limit_max: float | None, target: float | None
) -> None:
    found = check(check_id, evidence(*TWICE))
    assert found.verdict == "pass"
    assert found.value == pytest.approx(value)
    assert (found.limit_min, found.limit_max, found.target) == (limit_min, limit_max, target)


def test_each_check_of_the_number_says_where_it_was_heard() -> None:
    first, last = (each.interval for each in TWICE)
    heard = {each.id: each.heard for each in required(evidence(*TWICE))}
    assert (heard["number_given"], heard["number_repeated"]) == (first, last)
    assert heard["number_clear"] == TWICE[0].timed_digits[0].interval
    assert heard["length"] == heard["pace"] == Interval(onset_s=0.5, offset_s=18.5)
    assert check("number_given", evidence()).heard is None


def test_a_number_said_in_part_counts_for_nothing_but_is_told() -> None:
    part = recited("0198", 22.0, full=False)
    assert check("number_repeated", evidence(*TWICE, part)).evidence == "said twice, 1 more in part"
    alone = check("number_repeated", evidence(TWICE[0], part))
    assert (alone.verdict, alone.value, alone.evidence) == ("fail", 1, "said once, 1 more in part")
    assert alone.advice.startswith("Say your number twice.")
    three = "[checks.number_repeated]\nmin_count = 3"
    assert check("number_repeated", evidence(*TWICE), three).advice == "Say your number 3 times."


@pytest.mark.parametrize(
    ("snr_db", "verdict"), [(9.99, "unsure"), (10.0, "fail"), (34.0, "fail"), (math.nan, "fail")]
)
def test_under_much_noise_no_number_is_no_proof_that_none_was_said(snr_db: float, verdict: str) -> None:
    found = check("number_given", evidence(condition=replace(GOOD, snr_db=snr_db)))
    assert (found.verdict, found.value) == (verdict, 0)


@pytest.mark.parametrize(("n_doubts", "is_guess"), [(4, False), (5, False), (6, True)])
def test_digits_are_shown_as_a_guess_where_most_are_in_doubt(n_doubts: int, is_guess: bool) -> None:
    rivals = dict.fromkeys(range(n_doubts), "0")
    found = check("number_given", evidence(digit_runs=(decided("4165550198", rivals=rivals),)))
    assert found.verdict == "unsure"
    shown = found.evidence.partition("made out: ")[2].partition(" (")[0]
    assert (shown == "perhaps 416-555-0198") == is_guess
    assert shown.count("?") == (0 if is_guess else n_doubts)


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(0.24, "fail"), (0.26, "unsure"), (0.5, "unsure"), (0.74, "unsure"), (0.75, "pass"), (0.76, "pass")],
)
def test_a_digit_is_clear_from_its_limit_and_its_error_on(confidence: float, verdict: str) -> None:
    """Half, give or take a quarter."""
    assert check("number_clear", evidence(recited("4165550198", confidence=confidence))).verdict == verdict


@pytest.mark.parametrize(
    ("n_doubts", "told"), [(3, "the first digit may be"), (4, "4 of 10 digits are in doubt")]
)
def test_up_to_three_doubts_are_listed(n_doubts: int, told: str) -> None:
    doubtful = recited("4165550198", rivals=dict.fromkeys(range(n_doubts), "9"))
    found = check("number_clear", evidence(doubtful))
    assert found.evidence.startswith(told)
    assert found.evidence.count(";") == (n_doubts - 1 if n_doubts == 3 else 0)
    all_of_it = recited("4165550198", rivals=dict.fromkeys(range(10), "9"))
    assert check("number_clear", evidence(all_of_it)).evidence == "all 10 digits are in doubt"


@pytest.mark.parametrize(("at_s", "verdict"), [(5.0, "fail"), (11.0, "fail"), (20.0, "unsure")])
def test_doubtful_digits_in_the_time_of_a_saying_are_no_second_one(at_s: float, verdict: str) -> None:
    """The saying takes from 5 s to 11.7 s."""
    run = decided("4165550198", at_s, rivals={9: "9"})
    found = check("number_repeated", evidence(TWICE[0], digit_runs=(run,)))
    assert found.verdict == verdict
    assert ("perhaps once more: 416-555-0198 was heard" in found.evidence) == (verdict == "unsure")


@pytest.mark.parametrize(("place", "name"), [(6, "7th"), (7, "8th"), (0, "first"), (9, "10th")])
def test_a_digit_is_named_by_its_place_wherever_it_stands(place: int, name: str) -> None:
    saying = recited("4165550198")
    digit = saying.timed_digits[place].digit

    def clear(**changed: object) -> CheckResult:
        timed = [
            replace(each, **changed) if at == place else each for at, each in enumerate(saying.timed_digits)
        ]
        return check("number_clear", evidence(replace(saying, timed_digits=tuple(timed))))

    assert clear(confidence=0.8).evidence == f"every digit clear; least clear: the {name}, {digit}"
    assert clear(confidence=0.3).evidence == f"hardest to hear: the {name}, {digit}"
    assert clear(rival="2").evidence == f"the {name} digit may be {digit} or 2"
    doubted = clear(rival="")
    assert doubted.evidence == f"the {name} digit, {digit}, may be wrong or not there"
    assert doubted.advice.startswith(f"Say the {name} digit, {digit}, on its own")


@pytest.mark.parametrize(
    ("rate_dps", "n_behind", "told"),
    [
        (2.0, 0, "up to 0 digits behind"),
        (2.5, 2, "up to 2 digits behind"),
        (3.0, 3, "after 416-555-01 a listener who writes 2 digits a second is 3 digits behind"),
        (4.0, 4, "after 416-555-0 a listener who writes 2 digits a second cannot keep the 1 in mind"),
    ],
)
def test_how_far_a_writer_is_behind(rate_dps: float, n_behind: int, told: str) -> None:
    """When k more than the first were said, at r a second, 2k / r are on paper.

    So at 3 a second the eighth digit finds three unwritten, and at 2.5 none finds more than two.
    """
    found = check("pen", evidence(recited("4165550198", 0.0, rate_dps=rate_dps)))
    assert (found.value, found.evidence) == (n_behind, told)
    assert found.verdict == ("pass" if n_behind < 3 else "fail")
    if n_behind == 3:
        assert found.heard == Interval(onset_s=0.0, offset_s=8 / 3)


def test_the_saying_with_the_most_behind_is_told_and_all_of_a_mind_of_one_is_lost() -> None:
    slow, fast = recited("4165550198", 0.0, rate_dps=1.0), recited("4165550198", 20.0, rate_dps=3.0)
    assert check("pen", evidence(slow, fast)).value == 3
    one = check("pen", evidence(fast), "[checks.pen]\ndigits_in_mind = 1")
    assert "after 4 a listener who writes 2 digits a second cannot keep the 1 in mind" in one.evidence


@pytest.mark.parametrize(("rival_of_second", "verdict"), [("9", "unsure"), (None, "pass")])
def test_a_doubt_of_the_saying_with_a_country_code_is_shared_place_by_place(
    rival_of_second: str | None, verdict: str
) -> None:
    """The eleventh digit of one is the tenth of the other."""
    rivals = {} if rival_of_second is None else {9: rival_of_second}
    first, second = recited("14165550195", rivals={10: "9"}), recited("4165550195", 14.0, rivals=rivals)
    assert check("number_clear", evidence(first, second)).verdict == verdict
    elsewhere = recited("4165550195", 14.0, rivals={5: "9"})
    assert check("number_clear", evidence(first, elsewhere)).verdict == "pass"


@pytest.mark.parametrize(
    ("check_id", "what", "measured"),
    [
        ("length", evidence(length_s=33.0), (33.0, None, 30.0, 20.0)),
        ("pace", evidence(rate_wpm=250), (250, 100.0, 200.0, 170.0)),
        ("number_given", evidence(), (0, 1, None, None)),
        ("number_repeated", evidence(TWICE[0]), (1, 2, None, None)),
        (
            "number_agrees",
            evidence(TWICE[0], recited("6475550133", 14.0), expected="4165550198"),
            (5, None, 0, None),
        ),
        ("number_pace", evidence(recited("4165550198", rate_dps=3.0)), (3.0, None, 2.0, 1.5)),
        ("number_clear", evidence(recited("4165550198", confidence=0.2)), (0.2, 0.5, None, None)),
        ("number_pauses", paused(0.5, 0.1, lead_s=0.9), (0.1, 0.3, None, 0.6)),
    ],
)
def test_a_failed_check_tells_what_was_measured_and_its_limits(
    check_id: str, what: Evidence, measured: tuple[float | None, ...]
) -> None:
    found = check(check_id, what)
    assert found.verdict == "fail"
    assert (found.value, found.limit_min, found.limit_max, found.target) == pytest.approx(measured)


def test_an_open_check_tells_what_was_measured_and_its_limits() -> None:
    doubtful = check("number_given", evidence(digit_runs=(decided("4165550198", rivals={9: "9"}),)))
    assert (doubtful.verdict, doubtful.value, doubtful.limit_min) == ("unsure", 0, 1)
    noisy = check("number_given", evidence(condition=replace(GOOD, snr_db=5.0)))
    assert (noisy.verdict, noisy.value, noisy.limit_min) == ("unsure", 0, 1)


@pytest.mark.parametrize(("at_s", "n_unread"), [(5.0, 0), (11.0, 0), (11.67, 1), (20.0, 1)])
def test_digits_in_the_time_of_a_saying_were_read(at_s: float, n_unread: int) -> None:
    """The saying takes from 5 s to 11.67 s; what only touches it is another thing."""
    assert len(evidence(TWICE[0], digit_runs=(decided("4165550198", at_s),)).unread) == n_unread


def test_digits_that_were_not_made_out_take_nothing_from_two_numbers_that_were() -> None:
    two = evidence(*TWICE, digit_runs=(decided("4165550198", 30.0, rivals={9: "9"}),))
    assert len(two.unread) == 1
    assert check("number_given", two).verdict == "pass"
