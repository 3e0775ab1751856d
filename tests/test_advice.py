from __future__ import annotations

from dataclasses import replace

import pytest
from hearings import evidence_of, hearing, judged, recited
from hearings import tips as tips_of_words
from hypothesis import given
from hypothesis import strategies as st

from voicecheck.scorecard.check import Evidence, Tip
from voicecheck.speech.transcript import Word

GOOD = (
    "Hi Laura, this is Bob Lee from Acme Tools. The saw that you ordered came in two weeks early. "
    "My number is 416-555-0198, again 416-555-0198. I'll try you again on Thursday."
)


def words_of(text: str) -> list[Word]:
    """The blank-parted words, a third of a second each, digits half a second."""
    words, at_s = [], 1.0
    for piece in text.split():
        lasts_s = 0.5 * sum(map(str.isdigit, piece)) or 0.35
        words.append(Word(text=f" {piece}", onset_s=at_s, offset_s=at_s + lasts_s, probability=0.9))
        at_s += lasts_s
    return words


WORDS = {
    *("introduction", "prospect_name", "reason", "next_try", "number_last", "worn_out", "fillers"),
}


def word_tips(what: Evidence, rubric: str = "") -> list[Tip]:
    """The tips that quote words."""
    return [tip for tip in tips_of_words(what, rubric) if tip.id in WORDS]


def tips(text: str, *, prospect: str | None = None, rubric: str = "") -> list[Tip]:
    return word_tips(evidence_of(hearing(words_of(text)), rubric=rubric, prospect=prospect), rubric)


def ids(text: str, **given: str) -> set[str]:
    return {tip.id for tip in tips(text, **given)}


def test_a_good_message_gets_no_tip() -> None:
    assert tips(GOOD) == []


def test_no_words_no_tips() -> None:
    assert tips("") == []


@pytest.mark.parametrize(
    ("opening", "is_due"),
    [
        ("Hi Ann, this is Bob Lee from Acme Tools.", False),
        ("Hi Ann, Bob Lee, Acme Tools.", False),
        ("Hi Ann, it's Bob over at the Ford dealership.", False),
        ("Hi Ann, Acme Tools, Bob speaking.", False),
        ("Hi Ann, my name's Bob and I'm calling from Acme.", False),
        ("Hi Ann, it's Bob.", True),
        ("Hi Ann, it's me again.", True),
        ("Hi Ann, this is Bob.", True),
        ("Hi Ann, calling from Acme Tools.", True),
        ("Hi, Ann calling from Acme Tools.", False),
        ("Hi, Dr. Ann Marsh.", True),
    ],
)
def test_who_and_where_from_belong_to_the_opening(opening: str, is_due: bool) -> None:
    rest = "the saw that you ordered came in early and it is yours. I will call you on Monday about it."
    assert ("introduction" in ids(f"{opening} Now {rest}")) == is_due


def test_an_introduction_that_comes_late_is_late() -> None:
    late = "Hi Ann, so I drove past your roof this morning and the tarp on the north corner is loose now, "
    late += "and somebody should see to it before the rain comes. This is Pete Cole with Garden Roofing."
    (tip,) = [each for each in tips(late) if each.id == "introduction"]
    assert tip.quote.startswith("Hi Ann, so I drove past your roof")


@pytest.mark.parametrize(
    ("text", "is_due"),
    [
        ("Hi there, this is Bob from Acme, your saw is in.", True),
        ("Hello, this is Bob from Acme, your saw is in.", True),
        ("Hi Laura, this is Bob from Acme, your saw is in.", False),
        ("Laura, this is Bob from Acme, your saw is in.", False),
        ("hi, um, laura, this is bob from acme, your saw is in.", False),
        ("Hello, this is Bob from Acme for Doctor Lee, your saw is in.", False),
        ("Hello, this is Bob from Acme, your saw is in. Thanks, Laura.", False),
    ],
)
def test_the_listener_wants_a_name(text: str, is_due: bool) -> None:
    assert ("prospect_name" in ids(text)) == is_due
    assert all(text.startswith(tip.quote) for tip in tips(text) if tip.id == "prospect_name")


@pytest.mark.parametrize(
    ("said", "prospect", "is_due"),
    [
        ("Laura", "Laura Chen", False),
        ("Mrs. Chen", "Laura Chen", False),
        ("Kathryn", "Catherine Bell", False),
        ("Jeff", "Geoff Tate", False),
        ("there", "Laura Chen", True),
        ("Tom", "Victor Hale", True),
        ("Carmen", "Raymond Ochoa", True),
        ("Dan", "Tina Ruiz", True),
        ("there", "Theo Park", True),
    ],
)
def test_a_known_name_is_looked_for_by_its_sound(said: str, prospect: str, is_due: bool) -> None:
    found = ids(f"Hi {said}, this is Bob from Acme, your saw is in.", prospect=prospect)
    assert ("prospect_name" in found) == is_due


@pytest.mark.parametrize(
    ("text", "is_due"),
    [
        ("Hi Ann, this is Bob from Acme. Please call me back at 416-555-0198. Thanks.", True),
        ("Hi Ann, this is Bob from Acme. I have something important to discuss. Call me.", True),
        ("Hi Ann, this is Bob from Acme. Your invoice from March was paid twice. Call me.", False),
        ("Hi Ann, this is Bob from Acme. I can cut your bookkeeping time in half. Call me.", False),
    ],
)
def test_a_message_wants_a_reason(text: str, is_due: bool) -> None:
    assert ("reason" in ids(text)) == is_due


@pytest.mark.parametrize(
    ("ending", "is_due"),
    [
        ("Give me a call.", True),
        ("Call me and I'll hold it for you.", True),
        ("416-555-0198, again 416-555-0198, any day before noon is fine.", True),
        ("Call me, or I'll try you again Thursday.", False),
        ("Call me. If I don't hear back I'll give you another ring at two.", False),
        ("No need to call back.", False),
        ("It ships on Monday.", False),
    ],
)
def test_who_asks_for_a_call_says_when_they_try_again(ending: str, is_due: bool) -> None:
    assert ("next_try" in ids(f"Hi Ann, this is Bob from Acme. Your blue saw is in. {ending}")) == is_due


@pytest.mark.parametrize(
    ("ending", "is_due"),
    [
        ("My number is 416-555-0198.", True),
        ("My number is 416-555-0198. Thanks so much, bye.", True),
        ("My number is 416-555-0198. We close at six tonight.", False),
        ("My number is 416-555-0198, again 416-555-0198.", False),
        ("It ships on Monday.", False),
    ],
)
def test_the_number_is_not_the_last_word(ending: str, is_due: bool) -> None:
    found = [tip for tip in tips(f"Hi Ann, this is Bob from Acme. {ending}") if tip.id == "number_last"]
    assert bool(found) == is_due
    assert all("416-555-0198" in tip.quote for tip in found)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("I'm just checking in, and I wanted to pick your brain.", ["checking in", "pick your brain"]),
        ("We provide printing solutions.", ["provide printing solutions"]),
        ("The second base you ordered is in.", []),
        ("This is Win-Win Tile about the check in the mail.", []),
        ("Just, um, just checking in about the trial.", ["checking in"]),
    ],
)
def test_worn_out_phrases_are_quoted(text: str, quotes: list[str]) -> None:
    found = [tip.quote for tip in tips(text) if tip.id == "worn_out"]
    assert len(found) == len(quotes)
    assert all(wanted in got for wanted, got in zip(quotes, found, strict=True))


@pytest.mark.parametrize(
    ("text", "is_due"),
    [
        ("Um, hi Ann, uh, it's, um, about the saw.", True),
        ("So, you know, it is, like, forty a day, and, I mean, that adds up.", True),
        (
            "Do you know what kind of roof looks like that? You know that kind of tile.",
            False,
        ),
        ("Um, hi Ann.", False),
    ],
)
def test_fillers_are_counted_where_they_mean_nothing(text: str, is_due: bool) -> None:
    assert ("fillers" in ids(text)) == is_due


def test_a_tip_quotes_its_words_and_says_when_they_were_said() -> None:
    """Sixteen words of 0.35 s come before "call", from 1.0 s on."""
    text = "Hi Ann, this is Bob from Acme. Your blue saw is in and paid for. Call me today."
    (tip,) = [each for each in tips(text) if each.id == "next_try"]
    assert tip.quote == "Call me"
    assert tip.heard is not None
    assert (tip.heard.onset_s, tip.heard.offset_s) == pytest.approx((1.0 + 15 * 0.35, 1.0 + 17 * 0.35))


def test_numbers_in_pieces_as_whisper_writes_them_are_quoted_whole() -> None:
    pieces = [" Hi", " Ann,", " it's", " Bob", " from", " Acme.", " Call", " 416-", "555-", "0198."]
    words = [
        Word(text=piece, onset_s=1.0 + at, offset_s=2.0 + at, probability=0.9)
        for at, piece in enumerate(pieces)
    ]
    found = word_tips(evidence_of(hearing(words)))
    assert [tip.quote for tip in found if tip.id == "number_last"] == ["416-555-0198."]


@pytest.mark.parametrize("name", ["introduction", "prospect_name", "reason", "next_try", "number_last"])
def test_what_is_off_is_silent(name: str) -> None:
    text = "Hi there. Call me at 416-555-0198."
    assert name in ids(text)
    assert name not in ids(text, rubric=f'[checks.{name}]\nrole = "off"')


def test_a_team_can_add_a_phrase() -> None:
    rubric = '[checks.worn_out]\nphrases = ["...", "win the day"]'
    assert "worn_out" not in ids("This will win the day.")
    assert "worn_out" in ids("This will win the day.", rubric=rubric)
    assert "worn_out" in ids("Just checking in.", rubric=rubric)


@given(st.text(alphabet="aA bI'\N{RIGHT SINGLE QUOTATION MARK},.?-5 ,like um call me Hi Bob", max_size=120))
def test_whatever_is_said_a_quote_is_of_the_message(text: str) -> None:
    words = words_of(text)
    said = "".join(word.text for word in words)
    for tip in tips(text):
        assert tip.heard is not None
        assert tip.quote.removesuffix(" ...") in said
        assert 1.0 <= tip.heard.onset_s <= tip.heard.offset_s <= words[-1].offset_s


@pytest.mark.parametrize(
    ("said", "is_due"),
    [
        ("I'll stop by on Friday.", False),
        ("We'll have it at your door by four.", False),
        ("I'm texting you a picture now.", False),
        ("I'll be quick.", True),
        ("I'll be in the office all day.", True),
        ("I'll tell you all about it.", True),
    ],
)
def test_what_counts_is_what_the_caller_will_do(said: str, is_due: bool) -> None:
    assert (
        "next_try" in ids(f"Hi Ann, this is Bob from Acme about your saw. {said} Call me back.")
    ) == is_due


@pytest.mark.parametrize(
    ("after", "is_due"),
    [
        ("", True),
        ("God bless, my dear.", True),
        ("Have an awesome day!", True),
        ("Ask for Jim in the yard.", False),
    ],
)
def test_a_few_words_do_not_save_a_number_from_a_cut_off(after: str, is_due: bool) -> None:
    found = ids(f"Hi Ann, this is Bob from Acme about your saw. I'm at 416-555-0198. {after}")
    assert ("number_last" in found) == is_due


def test_a_worn_out_phrase_is_named_in_its_tip() -> None:
    texts = [tip.text for tip in tips("Just checking in and touching base, Ann.") if tip.id == "worn_out"]
    assert len(set(texts)) == 2
    assert all("everybody says it" in text for text in texts)
    assert any("touching base" in text for text in texts)


def with_name_probability(text: str, name: str, *probabilities: float) -> list[Tip]:
    """The tips on a text in which a name was heard so surely, once after the other."""
    left = list(probabilities)
    words = [
        replace(word, probability=left.pop(0)) if word.text.strip(" .,") == name else word
        for word in words_of(text)
    ]
    return tips_of_words(evidence_of(hearing(words)), "")


@pytest.mark.parametrize(
    ("probabilities", "is_due"), [((0.2, 0.25), True), ((0.2, 0.3), False), ((0.9, 0.1), False)]
)
def test_a_name_that_is_never_clear_gets_a_tip(probabilities: tuple[float, float], is_due: bool) -> None:
    text = "Hi Ann, this is Zbigniew from Acme Tools, your saw is in. This is Zbigniew from Acme, bye."
    found = [tip for tip in with_name_probability(text, "Zbigniew", *probabilities) if tip.id == "name_clear"]
    assert bool(found) == is_due
    assert all("Zbigniew" in tip.quote for tip in found)


def test_a_firm_that_is_hard_to_make_out_is_no_name() -> None:
    text = "Hi Ann, this is Bob from Zbigniew, your saw is in."
    assert "name_clear" not in {tip.id for tip in with_name_probability(text, "Zbigniew", 0.1)}


def test_without_a_name_nothing_is_said_of_its_clarity() -> None:
    assert "name_clear" not in {
        tip.id for tip in tips_of_words(evidence_of(hearing(words_of("Call us."))), "")
    }


@pytest.mark.parametrize(
    ("text", "rep", "is_due"),
    [
        ("Hi Ann, this is Bob Lee from Acme Tools, your saw is in.", None, False),
        ("Hi Ann, this is Bob from Acme Tools, your saw is in.", None, True),
        ("Hi Ann, it's Bob.", None, True),
        ("Hi Ann, this is Bob walshe from Acme Tools, your saw is in.", None, False),
        ("Hi Ann, your saw is in.", None, False),
        ("Hi Ann, this is Bob from Acme Tools, your saw is in.", "Bob Lee", True),
        ("Hi Ann, Lee here, Acme Tools, your saw is in.", "Bob Lee", True),
        ("Hi Ann, Catherine Lee here, Acme Tools, your saw is in.", "Kathryn Leigh", False),
        ("Hi Ann, this is Bob from Acme Tools, your saw is in.", "Bob", False),
        ("Hi Ann, your saw is in.", "Bob Lee", False),
    ],
)
def test_a_caller_has_two_names(text: str, rep: str | None, is_due: bool) -> None:
    found = [
        tip for tip in tips_of_words(evidence_of(hearing(words_of(text)), rep=rep)) if tip.id == "full_name"
    ]
    assert bool(found) == is_due
    missing = "first name" if "Lee here" in text else "last name"
    assert all(tip.text.startswith(f"Say your {missing} too") for tip in found)


@pytest.mark.parametrize(
    ("ending", "rep", "verdict"),
    [
        ("Again, this is Bob Lee, 416-555-0198. Thanks.", None, "pass"),
        ("That's Bob at 416-555-0198. Thanks.", "Bob Lee", "pass"),
        ("Call me at 416-555-0198, again 416-555-0198.", None, "fail"),
        ("Call me at 416-555-0198, again 416-555-0198.", "Bob Lee", "fail"),
    ],
)
def test_a_name_may_be_wanted_again_at_the_end(ending: str, rep: str | None, verdict: str) -> None:
    text = f"Hi Ann, this is Bob Lee from Acme Tools. The saw that you ordered came in early. {ending}"
    rubric = '[checks.name_again]\nrole = "required"'
    found = judged(evidence_of(hearing(words_of(text)), rubric=rubric, rep=rep), rubric)["name_again"]
    assert found.verdict == verdict
    if verdict == "fail":
        assert found.quote.rstrip(",.") == "Bob"
        assert found.evidence == "said at the start only"
    assert "name_again" not in judged(evidence_of(hearing(words_of(text)), rep=rep))


def test_a_name_that_is_not_said_is_not_missed_at_the_end() -> None:
    rubric = '[checks.name_again]\nrole = "tip"'
    text = "Hi, the saw that you ordered came in. Call us at 416-555-0198."
    assert "name_again" not in judged(evidence_of(hearing(words_of(text)), rubric=rubric), rubric)


def test_it_is_told_how_soon_name_company_and_reason_come() -> None:
    """Words of 0.35 s: "Hi Ann," and then "this"; "from" is the seventh; "saw" the tenth."""
    rubric = "".join(f'[checks.{name}]\nrole = "required"\n' for name in ("introduction", "reason"))
    found = judged(evidence_of(hearing(words_of(GOOD)), rubric=rubric), rubric)
    assert found["introduction"].evidence == "name after 0.7 s, company after 2.1 s"
    assert found["reason"].evidence == "after 3.5 s"


@pytest.mark.parametrize(
    ("at_s", "verdict", "evidence"),
    [(9.99, "fail", "said at the start only"), (10.0, "pass", "said again"), (12.0, "pass", "said again")],
)
def test_the_end_of_a_message_is_its_second_half(at_s: float, verdict: str, evidence: str) -> None:
    """From 2 to 18 s it lasts, so that its second half begins at 10 s."""
    words = [
        Word(text=text, onset_s=onset_s, offset_s=onset_s + 0.2, probability=0.9)
        for text, onset_s in ((" Hi,", 2.0), (" Bob", 3.0), (" here,", 4.0), (" Bob,", at_s), (" bye.", 17.8))
    ]
    words.sort(key=lambda word: word.onset_s)
    rubric = '[checks.name_again]\nrole = "required"'
    (found,) = [
        each
        for each in judged(evidence_of(hearing(words), rubric=rubric, rep="Bob"), rubric).values()
        if each.id == "name_again"
    ]
    assert (found.verdict, found.evidence) == (verdict, evidence)


def test_a_name_of_two_words_that_comes_late_is_said_once() -> None:
    """Its second word is not the name again."""
    text = "Hi Ann, the saw that you ordered came in early and it is yours. This is Bob Lee from Acme Tools."
    rubric = '[checks.name_again]\nrole = "required"'
    for rep in (None, "Bob Lee"):
        found = judged(evidence_of(hearing(words_of(text)), rubric=rubric, rep=rep), rubric)["name_again"]
        assert (found.verdict, found.evidence) == ("fail", "said once only")


def test_a_number_without_words_of_its_own_is_quoted_as_it_is_shown() -> None:
    """As where the recogniser skipped it and the digits were heard all the same."""
    what = replace(evidence_of(hearing(words_of("Hi Ann, this is Bob from Acme."))), recitations=())
    number = recited("4165550198", 12.0)
    (tip,) = [tip for tip in word_tips(replace(what, recitations=(number,))) if tip.id == "number_last"]
    assert (tip.quote, tip.heard) == ("416-555-0198", number.interval)


@pytest.mark.parametrize(
    ("text", "is_worn_out"),
    [
        ("we are the fruit", True),
        ("we are the Fruit", True),
        ("we are the Fruit. Company policy", True),
        ("we are the Fruit Company", False),
        ("we are the fruit Company", True),
        ("with Big Fruit", False),
        ("with big Fruit", True),
    ],
)
def test_words_of_a_companys_name_are_not_worn_out(text: str, is_worn_out: bool) -> None:
    """All with a capital, or the last and the next one."""
    rubric = '[checks.worn_out]\nphrases = ["the fruit", "big fruit"]'
    assert ("worn_out" in ids(f"Hi, {text}", rubric=rubric)) == is_worn_out


def test_fillers_are_told_as_a_share_of_the_words() -> None:
    """So, you know, like, I mean: four of the fourteen words and phrases."""
    said = "So, you know, it is, like, forty a day, and, I mean, that adds."
    found = judged(evidence_of(hearing(words_of(said))))["fillers"]
    assert (found.evidence, found.value) == ("4 in 14 words", pytest.approx(400 / 14))
    assert found.limit_max == 3.0


@pytest.mark.parametrize(
    ("n_fillers", "n_words", "is_due"),
    [(3, 100, False), (3, 99, True), (2, 10, False), (3, 10, True), (4, 133, True), (4, 134, False)],
)
def test_fillers_are_too_many_beyond_three_in_a_hundred_words(
    n_fillers: int, n_words: int, is_due: bool
) -> None:
    said = " ".join(["um"] * n_fillers + ["saw"] * (n_words - n_fillers))
    assert ("fillers" in judged(evidence_of(hearing(words_of(said))))) == is_due


@pytest.mark.parametrize(
    ("said", "n_before", "is_due"),
    [
        ("this is Bob from Acme", 0, False),
        ("this is Bob from Acme", 21, False),
        ("this is Bob from Acme", 22, True),
        ("from Acme, this is Bob", 22, False),
        ("from Acme, this is Bob", 23, True),
    ],
)
def test_who_calls_is_said_within_the_first_25_words(said: str, n_before: int, is_due: bool) -> None:
    """The later of the two phrases begins with the 25th word, or with the one behind it."""
    assert ("introduction" in ids("so " * n_before + said + ".")) == is_due


@pytest.mark.parametrize(("prospect", "whom"), [("Dana", "Dana"), (None, "the listener")])
def test_who_is_not_greeted_is_named(prospect: str | None, whom: str) -> None:
    said = tips("Hello, we mend cold rooms overnight.", prospect=prospect)
    (tip,) = [tip for tip in said if tip.id == "prospect_name"]
    assert f"Greet {whom} by name" in tip.text
