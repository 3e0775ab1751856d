"""What a team wants to hear, the score, and the ready rubrics."""

from __future__ import annotations

from typing import Any

import pytest
from hearings import hearing
from test_advice import words_of

from voicecheck.errors import ParameterError
from voicecheck.scorecard.card import Scorecard, Settings
from voicecheck.scorecard.check import CheckResult
from voicecheck.scorecard.judge import judge
from voicecheck.scorecard.rubric import parse_rubric, ready_rubric, ready_rubrics, to_toml
from voicecheck.scorecard.score import ScoreRule, card_verdict, count

BODY = "We mend cold rooms overnight. My number is 416-555-0198. Again, 416-555-0198."


def card_of(text: str, rubric: str, **names: Any) -> Scorecard:
    return judge(hearing(words_of(text)), Settings(rubric=parse_rubric(rubric), **names))


def say(phrases: str, more: str = "") -> str:
    return f'[[say]]\nid = "it"\ntitle = "It"\nphrases = [{phrases}]\n{more}'


def heard(text: str, phrases: str, more: str = "", **names: Any) -> CheckResult:
    """The result of the one entry."""
    (found,) = [each for each in card_of(text, say(phrases, more), **names).checks if each.id == "it"]
    return found


@pytest.mark.parametrize(
    ("text", "phrases", "verdict"),
    [
        ("Hi Ann, we mend cold rooms overnight.", '"cold rooms"', "pass"),
        ("Hi Ann, we mend cold, um, rooms overnight.", '"cold rooms"', "pass"),
        ("Hi Ann, we mend cold storage rooms.", '"cold rooms"', "fail"),
        ("Hi Ann, we mend cold storage rooms.", '"cold * rooms"', "pass"),
        ("Hi Ann, we mend cold old and small rooms.", '"cold ... rooms"', "pass"),
        ("Hi Ann, we mend cold a b c d e f rooms.", '"cold ... rooms"', "fail"),
        ("Hi Ann, we mend warm rooms.", '"cold rooms", "warm rooms"', "pass"),
        ("Hi Ann, I'll send the brochure.", '"I will send"', "pass"),
        ("Hi Ann, refrigerater repair.", '"refrigerator repair"', "pass"),
        ("Hi Ann, call 416-555-0198.", '"call {number}"', "pass"),
        ("Hi Ann, call the office.", '"call {number}"', "fail"),
    ],
)
def test_a_phrase_is_found_as_it_is_written(text: str, phrases: str, verdict: str) -> None:
    assert heard(text, phrases).verdict == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Brightwater Logistics", "pass"),
        ("bright water logistics", "pass"),
        ("Brightwaters Logistic", "pass"),
        ("Redstone Fleet", "fail"),
    ],
)
def test_a_company_is_heard_as_recognisers_spell_it(said: str, verdict: str) -> None:
    found = heard(f"Hi Ann, Bob from {said} here.", '"{company}"', company="Brightwater Logistics")
    assert found.verdict == verdict


def test_a_name_that_nobody_gave_is_left_open_not_failed() -> None:
    found = heard("Hi Ann, Bob here.", '"{company}"')
    assert (found.verdict, found.evidence) == ("not_measured", "the company to listen for is not known")
    assert heard("Hi Ann, Bob here.", '"{company}", "hi ann"').verdict == "pass"


def test_what_must_not_be_said_is_quoted_and_a_near_miss_is_unsure() -> None:
    never = 'rule = "must_not"'
    assert heard("Hi Ann, about your payment.", '"payment"', never).verdict == "fail"
    assert heard("Hi Ann, about your payment.", '"payment"', never).quote == "payment."
    assert heard("Hi Ann, about your payments.", '"payment"', never).verdict == "unsure"
    assert heard("Hi Ann, about your saw.", '"payment"', never).verdict == "pass"


def test_where_and_in_which_order_it_is_said_counts() -> None:
    """Words of 0.35 s from 1.0 s on: "cold" starts 1.4 s after the first word."""
    text = "Hi Ann we mend cold rooms"
    assert heard(text, '"cold"', "first_s = 1.5").value == pytest.approx(1.4)
    assert heard(text, '"cold"', "first_s = 1.5").verdict == "pass"
    late = heard(text, '"cold"', "first_s = 1.0")
    assert (late.verdict, late.evidence) == ("fail", "only at 1.4 s")
    assert heard(text, '"cold"', "last_s = 1.0").verdict == "pass"
    assert heard(text, '"hi"', "last_s = 1.0").verdict == "fail"
    other = '\n[[say]]\nid = "that"\ntitle = "That"\nphrases = ["mend"]'
    assert heard(text, '"cold"', f'after = "that"{other}').verdict == "pass"
    assert heard(text, '"ann"', f'after = "that"{other}').verdict == "fail"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[say]]\nid = "a"', r"say 1\.title: Field required"),
        ('[[say]]\nid = "a b"\ntitle = "A"\nphrases = ["x"]', r"say 1\.id"),
        ('[[say]]\nid = "length"\ntitle = "A"\nphrases = ["x"]', "there is a check 'length' already"),
        ('[[say]]\nid = "a"\ntitle = "A"\nphrases = []', r"say 1\.phrases"),
        ('[[say]]\nid = "a"\ntitle = "A"\nphrases = ["{boss}"]', r"phrase '\{boss\}' must have words"),
        (
            '[[say]]\nid = "a"\ntitle = "A"\nphrases = ["x"]\nafter = "b"',
            "comes after 'b', which is not",
        ),
        ('[[say]]\nid = "a"\ntitle = "A"\nphrases = ["x"]\nloud = true', "unknown key 'loud'"),
        ("say = 3", "say must be at most 50 tables"),
        ('[score]\nknock_outs = ["jokes"]', "there is no check 'jokes'"),
        ("[score]\npass_mark = 0", r"score\.pass_mark: Input should be greater than 0"),
    ],
)
def test_a_wrong_entry_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ParameterError, match=complaint):
        parse_rubric(text)


def result(check_id: str, verdict: Any, role: Any = "required") -> CheckResult:
    return CheckResult(id=check_id, verdict=verdict, role=role)


def test_the_score_counts_the_required_checks() -> None:
    results = [result("a", "pass"), result("b", "fail"), result("c", "unsure"), result("d", "fail", "tip")]
    assert str(count(results, ScoreRule())) == "1 of 3 checks"
    weighted = count(results, ScoreRule(weights={"a": 2.0}))
    assert weighted.percent == pytest.approx(50.0)
    assert count([], ScoreRule()).percent is None


@pytest.mark.parametrize(
    ("verdicts", "mark", "knock_outs", "card"),
    [
        (["pass", "pass", "pass", "fail"], 75.0, (), "pass"),
        (["pass", "pass", "pass", "fail"], 76.0, (), "fail"),
        (["pass", "pass", "unsure", "fail"], 75.0, (), "review"),
        (["pass", "pass", "pass", "fail"], 75.0, ("d",), "fail"),
        (["pass", "pass", "pass", "unsure"], 75.0, ("d",), "review"),
        (["pass", "pass", "pass", "unsure"], 75.0, (), "pass"),
    ],
)
def test_a_pass_mark_and_knock_outs_decide(
    verdicts: list[str], mark: float, knock_outs: tuple[str, ...], card: str
) -> None:
    results = [result(name, verdict) for name, verdict in zip("abcd", verdicts, strict=True)]
    assert card_verdict(results, ScoreRule(pass_mark=mark, knock_outs=knock_outs)) == card


@pytest.mark.parametrize("name", ready_rubrics())
def test_a_ready_rubric_survives_writing_and_names_itself(name: str) -> None:
    rubric = ready_rubric(name)
    assert rubric.name == name
    assert parse_rubric(to_toml(rubric)) == rubric
    assert parse_rubric(rubric.text) == rubric


def ready(text: str, name: str, **names: Any) -> dict[str, str]:
    card = judge(hearing(words_of(text)), Settings(rubric=ready_rubric(name), **names))
    return {each.id: each.verdict for each in card.checks if each.role == "required"}


def test_email_first_wants_an_email_with_a_name_and_no_number() -> None:
    good = "Hi Ann, Bob from Acme about your saw. I sent you an email, the subject line is Acme saws."
    assert set(ready(good, "email-first").values()) == {"pass"}
    bare = ready("Hi Ann, Bob from Acme about your blue saw, please call me back any time.", "email-first")
    assert (bare["email"], bare["subject"]) == ("fail", "fail")
    assert "number_given" not in bare


def test_limited_content_says_who_and_nothing_of_a_debt() -> None:
    names = {"company": "Harbor Lane Services", "rep": "Steven Brooks"}
    text = "Hello, this is Steven Brooks from Harbor Lane Services. Please call me at 416-555-0198."
    good = ready(text, "limited-content", **names)
    assert {good[name] for name in ("business_name", "person", "reply", "nothing_of_debts")} == {"pass"}
    bad = ready(f"{text} It is about your balance.", "limited-content", **names)
    assert bad["nothing_of_debts"] == "fail"
    assert ready(text, "limited-content")["business_name"] == "not_measured"


def test_a_drop_must_not_go_stale_and_wants_the_line_test() -> None:
    found = ready(f"Hi, Bob from Acme, I just called you today. {BODY}", "drop")
    assert found["no_stale_time"] == "fail"
    assert found["line_test"] == "not_measured"


@pytest.mark.parametrize(
    ("text", "phrases", "verdict"),
    [
        ("Hi Ann, this is Bob here.", '"this is {name} here"', "pass"),
        ("Hi Ann, this is fine here.", '"this is {name} here"', "fail"),
        ("Hi Ann, this is fine.", '"this is {name}"', "fail"),
        ("Hi Ann, this is", '"this is {name}"', "fail"),
        ("cold a b c d e rooms", '"cold ... rooms"', "pass"),
        ("cold a b c d e f rooms", '"cold ... rooms"', "fail"),
        ("cold rooms", '"cold ... rooms"', "pass"),
        ("cold", '"cold *"', "fail"),
        ("cold, rooms", '"cold rooms"', "pass"),
        ("so cold just rooms", '"cold rooms"', "pass"),
        ("just rooms", '"just rooms"', "pass"),
        ("call 416-555-0198 now", '"call {number} now"', "pass"),
        ("so call 416-555-0198 now", '"call {number} now"', "pass"),
        ("call 416 555 0198 now", '"call {number} now"', "pass"),
        ("so call 416 555 0198 now", '"call {number} now"', "pass"),
        ("call 416-555-0198 soon now", '"call {number} now"', "fail"),
        ("call us 416-555-0198 now", '"call {number} now"', "fail"),
        ("the refrigerater", '"refrigerator"', "pass"),
        ("the coat", '"cost"', "fail"),  # words of four letters are heard or not
        ("the coats", '"costs"', "fail"),  # four of five letters are too few
    ],
)
def test_each_part_of_a_phrase_stands_for_what_it_says(text: str, phrases: str, verdict: str) -> None:
    assert heard(text, phrases).verdict == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Bright Water", "pass"),
        ("Brightwater", "pass"),
        ("Bright Wat Ter", "pass"),
        ("Brigh Twa Ter", "pass"),
        ("Br Ight Wa Ter", "fail"),
        ("Bright", "fail"),
        ("Brait Water", "pass"),
        ("Dark Water", "fail"),
    ],
)
def test_a_name_of_two_words_is_heard_as_one_or_three(said: str, verdict: str) -> None:
    assert heard(f"Bob from {said} here", '"from {company} here"', company="Bright Water").verdict == verdict


@pytest.mark.parametrize(
    ("first_s", "last_s", "verdict"),
    [(1.4, None, "pass"), (1.39, None, "fail"), (None, 0.7, "pass"), (None, 0.69, "fail")],
)
def test_a_phrase_is_in_time_up_to_the_very_limit(
    first_s: float | None, last_s: float | None, verdict: str
) -> None:
    """Words of 0.35 s: "cold" starts 1.4 s after the first one and 0.7 s before the end."""
    more = "" if first_s is None else f"first_s = {first_s + 1e-9}"
    more += "" if last_s is None else f"last_s = {last_s + 1e-9}"
    assert heard("Hi Ann we mend cold rooms", '"cold"', more).verdict == verdict
