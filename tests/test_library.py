"""What `import voicecheck` offers to a program or a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hearings import hearing
from sounds import said

import voicecheck
from voicecheck import listener
from voicecheck.hearing.hearing import Hearing
from voicecheck.scorecard.rubric import find_rubric

NUMBER = "four one six five five five zero one nine eight"
WORDS = said(f"hi <b>dana</b> joe here call {NUMBER} again {NUMBER}", word_s=0.3, gap_s=0.2)


@pytest.fixture
def card() -> voicecheck.Scorecard:
    return voicecheck.judge(hearing(WORDS), voicecheck.Settings(rubric=voicecheck.default_rubric()))


def test_a_card_is_short_in_a_notebook(card: voicecheck.Scorecard) -> None:
    assert repr(card).startswith("<Scorecard made.wav: ")
    assert "of 7 checks" in repr(card)
    assert len(repr(card)) < 250
    assert repr(card.rubric) == f"<Rubric sales-voicemail, {card.rubric.sha256[:12]}>"


def test_a_card_shows_itself_with_all_text_escaped(card: voicecheck.Scorecard) -> None:
    shown = card._repr_html_()
    assert "Number found" in shown
    assert "416-555-0198, said twice" in shown
    assert "<b>dana" not in shown


def test_a_card_gives_what_the_command_line_prints(card: voicecheck.Scorecard) -> None:
    from voicecheck.report.data import to_dict
    from voicecheck.report.text import to_text

    assert card.to_dict() == to_dict(card)
    assert card.to_text(width=60) == to_text(card, width=60)


def test_a_rubric_is_given_as_a_person_would(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('name = "ours"\n[checks.length]\nmax_s = 25')
    for wanted in (file, str(file), file.read_text()):
        assert find_rubric(wanted).name == "ours"
    assert find_rubric("email-first").name == "email-first"
    assert find_rubric(None) == voicecheck.default_rubric()
    assert find_rubric(find_rubric("drop")).name == "drop"


def test_a_path_is_never_read_as_toml(tmp_path: Path) -> None:
    """`a.toml` alone is a key without a value in TOML, which would be complained of instead."""
    with pytest.raises(voicecheck.ParameterError, match=r"nothing\.toml: No such file"):
        voicecheck.parse_rubric(str(tmp_path / "nothing.toml"))
    with pytest.raises(voicecheck.ParameterError, match="no rubric 'jokes' comes with voicecheck"):
        find_rubric("jokes")


def test_score_takes_names_and_a_number_and_keeps_its_listener(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[listener.Listener] = []

    def hear(self: listener.Listener, path: Path, region: str = "US") -> Hearing:
        made.append(self)
        assert (path.name, region) == ("call.wav", "CA")
        return hearing(WORDS)

    monkeypatch.setattr(listener.Listener, "hear_file", hear)
    listener._listener.cache_clear()
    given: dict[str, Any] = {"expect": "(416) 555-0189", "region": "ca", "rep": "Joe", "prospect": "Dana"}
    for _ in range(2):
        card = voicecheck.score(tmp_path / "call.wav", **given)
    assert made[0] is made[1]
    assert made[0].cache is not None
    assert card.settings.expected == "4165550189"
    assert (card.settings.rep, card.settings.prospect) == ("Joe", "Dana")
    assert {each.id: each.verdict for each in card.checks}["number_agrees"] == "fail"
