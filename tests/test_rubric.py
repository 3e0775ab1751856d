from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from voicecheck.errors import ParameterError
from voicecheck.scorecard.checks import length, pace, worn_out
from voicecheck.scorecard.rubric import (
    default_rubric,
    parse_rubric,
    ready_rubrics,
    to_data,
    to_toml,
    with_values,
)
from voicecheck.scorecard.toml import read_toml, toml_value


def test_the_default_rubric_has_the_published_limits() -> None:
    checks = to_data(default_rubric())["checks"]
    assert (checks["length"]["target_s"], checks["length"]["max_s"]) == (20.0, 30.0)
    assert (checks["pace"]["min_wpm"], checks["pace"]["max_wpm"]) == (100.0, 200.0)
    assert (checks["number_given"]["min_count"], checks["number_repeated"]["min_count"]) == (1, 2)
    assert checks["pace"]["target_wpm"] == 170.0
    assert (checks["number_pace"]["target_dps"], checks["number_pace"]["max_dps"]) == (1.5, 2.0)
    assert (checks["number_pauses"]["min_s"], checks["number_pauses"]["target_s"]) == (0.3, 0.6)
    assert [name for name, values in checks.items() if values["role"] == "required"] == [
        *("length", "pace", "number_given", "number_repeated", "number_agrees", "number_pace"),
        "number_clear",
    ]


def test_what_a_rubric_leaves_out_keeps_its_default() -> None:
    rubric = parse_rubric('name = "short"\n[checks.length]\nmax_s = 25\n')
    assert rubric.name == "short"
    assert rubric.of(length.CHECK).max_s == 25
    assert rubric.of(length.CHECK).target_s == 20.0
    assert rubric.of(pace.CHECK) == default_rubric().of(pace.CHECK)


def test_a_default_gives_way_to_what_was_written() -> None:
    """Who wants at least 300 words a minute sets no upper limit; who allows 15 s aims for no more."""
    assert parse_rubric("[checks.pace]\nmin_wpm = 300").of(pace.CHECK).max_wpm == 1000
    assert parse_rubric("[checks.length]\nmax_s = 15").of(length.CHECK).target_s == 15


def test_an_empty_rubric_is_the_default_under_another_name() -> None:
    assert parse_rubric("").limits == default_rubric().limits


def test_comments_do_not_change_the_hash_and_values_do() -> None:
    plain = parse_rubric("[checks.length]\nmax_s = 25")
    assert parse_rubric("# why\n[checks.length]\nmax_s = 25.0 # s").sha256 == plain.sha256
    assert parse_rubric("[checks.length]\nmax_s = 26").sha256 != plain.sha256


def test_a_teams_list_replaces_the_default_or_adds_to_it() -> None:
    default = default_rubric().of(worn_out.CHECK).phrases
    theirs = parse_rubric('[checks.worn_out]\nphrases = ["low and behold"]').of(worn_out.CHECK)
    assert theirs.phrases == ("low and behold",)
    assert theirs.unless == default_rubric().of(worn_out.CHECK).unless
    more = parse_rubric('[checks.worn_out]\nphrases = ["...", "low and behold"]').of(worn_out.CHECK)
    assert more.phrases == (*default, "low and behold")


def test_a_rubric_survives_writing_and_reading() -> None:
    rubric = parse_rubric('name = "a \\"b\\""\n[checks.pace]\nrole = "tip"\nmax_wpm = 150.5')
    assert parse_rubric(to_toml(rubric)) == rubric


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("max_s = ", "not valid TOML"),
        ("limit = 3", "unknown key 'limit'; allowed: name, checks"),
        ("[checks.lenght]\nmax_s = 3", "unknown key 'lenght'; allowed: length, pace"),
        ("[checks.length]\nmax = 3", "checks.length: unknown key 'max'"),
        ('[checks.length]\nmax_s = "3"', r"checks\.length\.max_s must be a number, got '3'"),
        ("[checks.length]\nmax_s = true", "must be a number, got True"),
        ("[checks.length]\nmax_s = -1", r"length\.max_s must lie between 1 and 600, got -1"),
        ("[checks.length]\nmax_s = nan", "must lie between 1 and 600, got nan"),
        ("[checks.length]\ntarget_s = 40\nmax_s = 35", "target_s must be at most max_s, 35, got 40"),
        ("[checks.pace]\nmin_wpm = 200\nmax_wpm = 90", "min_wpm must be at most max_wpm, 90, got 200"),
        ("[checks.number_repeated]\nmin_count = 1.5", "must be a whole number, got 1.5"),
        ('[checks.pace]\nrole = "maybe"', "must be one of required, tip, off, got 'maybe'"),
        ("checks = 3", "checks must be tables"),
        ("[checks.fillers]\nphrases = 'um'", "checks.fillers.phrases must be a list of phrases, got 'um'"),
        ('[checks.fillers]\nphrases = ["um", 3]', "must be a list of phrases"),
        ('[checks.fillers]\nphrases = [" "]', "must be a list of phrases"),
        ("[checks.fillers]\nmin_count = 0", "min_count must lie between 1 and 100, got 0"),
        ("[checks.pen]\ndigits_per_s = 0", "digits_per_s must lie between 0.5 and 10, got 0"),
        (
            "[checks.pen]\ndigits_in_mind = 2.5",
            r"pen\.digits_in_mind must be a whole number, got 2.5",
        ),
        ("[pen]\ndigits_per_s = 1.5", "unknown key 'pen'; allowed: name, checks"),
        ("[checks]\nlength = 3", r"checks\.length must be a table, got 3"),
        ('name = ""', "name must be a text that is not empty"),
    ],
)
def test_a_wrong_rubric_names_the_key_the_value_and_what_is_allowed(text: str, complaint: str) -> None:
    with pytest.raises(ParameterError, match=complaint):
        parse_rubric(text)


def test_an_error_as_large_as_its_limit_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"error_dps must lie between 0 and 0\.25"):
        parse_rubric("[checks.number_pace]\nmax_dps = 0.5\nerror_dps = 0.5")


def test_a_phrase_in_any_script_survives_being_written() -> None:
    rubric = parse_rubric('[checks.worn_out]\nphrases = ["caf\u00e9 \U0001f600"]')
    assert parse_rubric(to_toml(rubric)) == rubric


LINES = ("#" * 19_999 + "\n") * 10
"""As many letters as a rubric may have: 200,000, in lines of 20,000 with their ends."""


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        "#" * 20_000 + "\n# and more",
        "[a.b.c.d.e.f.g]\nx = 1",
        "x = " + "[" * 7 + "1" + "]" * 7,
        "x = 1e15\ny = -1e15\nz = [1_000_000_000_000_000]",
    ],
)
def test_toml_is_read_up_to_its_limits(text: str) -> None:
    assert read_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LINES + "#", "rubric: 200001 letters, more than 200000"),
        ("\n" + "#" * 20_001, "rubric: line 2 has 20001 letters, more than 20000"),
        ("[a.b.c.d.e.f.g.h]\nx = 1", "rubric: more than 8 tables or lists stand in each other"),
        ("x = " + "[" * 8 + "1" + "]" * 8, "rubric: more than 8 tables or lists stand in each other"),
        ("x = " + "[" * 9_000 + "]" * 9_000, "rubric: tables or lists stand too deep in each other"),
        ("x = 1.1e15", "rubric: a number is beyond 1e+15; give a smaller one"),
        ("x = [0, -1.1e15]", "rubric: a number is beyond 1e+15; give a smaller one"),
        ("x = ", "rubric: not valid TOML: "),
    ],
)
def test_toml_beyond_its_limits_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ParameterError, match="^" + re.escape(complaint)):
        read_toml(text)


def test_a_file_may_have_as_many_letters_as_a_text(tmp_path: Path) -> None:
    """Even where each of them takes four bytes."""
    file = tmp_path / "wide.toml"
    end = 'name = "wide"\n'
    wide = ("#" + "\N{GRINNING FACE}" * 19_998 + "\n") * 10
    file.write_text(wide[: 200_000 - 1 - len(end)] + "\n" + end, "utf-8")
    assert file.stat().st_size > 799_000
    assert parse_rubric(file).name == "wide"


def test_a_long_list_is_written_in_lines_of_110_columns() -> None:
    """Thirteen entries of seven signs and the twelve blanks between them are 103 behind a margin of two."""
    line = "  " + " ".join(['"abcd",'] * 13)
    assert toml_value(["abcd"] * 40) == "\n".join(["[", line, line, line, '  "abcd",', "]"])
    accented = "\N{LATIN SMALL LETTER E WITH ACUTE} b"
    assert toml_value(accented) == f'"{accented}"'
    assert toml_value([accented]) == f'["{accented}"]'
    assert toml_value([accented] * 40).count(accented) == 40
    assert toml_value(["a b" * 29]) == f'["{"a b" * 29}"]'  # 89 signs
    assert toml_value(["a b" * 29 + "c"]) == f'[\n  "{"a b" * 29}c",\n]'


def test_the_rubrics_that_come_with_voicecheck_are_named_once_the_default_first() -> None:
    assert ready_rubrics() == ("sales-voicemail", "drop", "email-first", "limited-content")


def test_values_are_changed_one_by_one_and_the_rest_stays() -> None:
    said = '[[say]]\nid = "greet"\ntitle = "Greeting"\nphrases = ["hi"]'
    rubric = with_values(
        parse_rubric(said), {"length.max_s": 25, "greet.first_s": 3.0, "score.pass_mark": 80.0}, name="ours"
    )
    assert (rubric.name, rubric.of(length.CHECK).max_s, rubric.score.pass_mark) == ("ours", 25, 80.0)
    assert rubric.of(length.CHECK).target_s == 20
    assert to_data(rubric)["say"][0]["first_s"] == 3.0
    again = with_values(rubric, {"score.pass_mark": None, "greet.first_s": None})
    assert (again.name, again.of(length.CHECK).max_s) == ("ours", 25)
    assert again.score == default_rubric().score
    assert "first_s" not in to_data(again)["say"][0] or to_data(again)["say"][0]["first_s"] is None
    with pytest.raises(ParameterError, match="rubric: there is no check 'nope'"):
        with_values(rubric, {"nope.max_s": 1})
