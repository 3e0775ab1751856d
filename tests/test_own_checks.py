"""The pages on adding a check are followed to the letter."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hearings import hearing
from jsonschema import Draft202012Validator
from sounds import said

from voicecheck.errors import ParameterError
from voicecheck.report.data import json_schema
from voicecheck.report.html import to_html
from voicecheck.report.table import row_of, to_csv
from voicecheck.scorecard import registry
from voicecheck.scorecard.card import Scorecard, Settings
from voicecheck.scorecard.check import Check, CheckResult, Limits
from voicecheck.scorecard.checks import CHECKS
from voicecheck.scorecard.judge import judge
from voicecheck.scorecard.rubric import default_rubric, parse_rubric, to_toml

ROOT = Path(__file__).parents[1]
NUMBER = "four one six five five five zero one nine eight"
PITY = "sorry to bother you dana this is joe from acme"


@pytest.fixture(autouse=True)
def none_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts without checks of its own, and leaves none."""
    monkeypatch.setattr(registry, "_own", {})


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_blocks(text: str, language: str) -> list[str]:
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, flags=re.M | re.S)
    return ["\n".join(line.removeprefix(indent) for line in body.split("\n")) for indent, body in blocks]


def card_of(text: str, rubric: str = "") -> Scorecard:
    words = said(f"{text} {NUMBER} again {NUMBER}", word_s=0.3, gap_s=0.2)
    return judge(hearing(words), Settings(rubric=parse_rubric(rubric)))


@pytest.fixture
def my_checks(tmp_path: Path) -> Path:
    """The file that docs/own-check.md has a team write."""
    file = tmp_path / "my_checks.py"
    file.write_text(code_blocks(page("docs/own-check.md"), "python")[0], encoding="utf-8")
    return file


@pytest.mark.parametrize(("text", "verdict"), [(PITY, "fail"), ("hi dana this is joe from acme", "pass")])
def test_a_check_of_ones_own_is_in_rubric_card_json_csv_and_report(
    my_checks: Path, text: str, verdict: str
) -> None:
    registry.load_checks(my_checks)
    card = card_of(text)
    (mine,) = [each for each in card.checks if each.id == "no_apology"]
    assert (mine.verdict, mine.role, mine.title) == (verdict, "required", "No apology")
    assert "[checks.no_apology]  # Apologies in the message." in to_toml(card.rubric)
    assert "max_count = 0  # our sales handbook, page 12" in to_toml(card.rubric)
    data = card.to_dict()
    Draft202012Validator(json_schema()).validate(data)
    assert {each["id"]: each["verdict"] for each in data["checks"]}["no_apology"] == verdict
    (row,) = csv.DictReader(to_csv([row_of(card)]).splitlines())
    assert row["no_apology_verdict"] == verdict
    assert "No apology" in card.to_text()
    assert "No apology" in to_html([row_of(card)])
    if verdict == "fail":
        assert (mine.value, mine.evidence) == (1, "sorry to bother")
        assert card.verdict == "fail"
        assert "Leave the apology out" in mine.advice


def test_a_rubric_can_set_a_check_of_ones_own(my_checks: Path) -> None:
    with pytest.raises(ParameterError, match="unknown key 'no_apology'"):
        parse_rubric("[checks.no_apology]\nmax_count = 1")
    registry.load_checks(my_checks)
    assert parse_rubric(to_toml(default_rubric())).limits == default_rubric().limits
    own_phrases = card_of(PITY, '[checks.no_apology]\nphrases = ["...", "this is joe"]')
    assert {each.id: each.value for each in own_phrases.checks}["no_apology"] == 2
    lenient = card_of(PITY, "[checks.no_apology]\nmax_count = 1")
    assert {each.id: each.verdict for each in lenient.checks}["no_apology"] == "pass"
    as_tip = card_of(PITY, '[checks.no_apology]\nrole = "tip"')
    assert "Leave the apology out: say what is in it for them." in [tip.text for tip in as_tip.tips]
    with pytest.raises(ParameterError, match="max_count must lie between 0 and 10, got 11"):
        parse_rubric("[checks.no_apology]\nmax_count = 11")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import voicecheck", "registers no check"),
        ("def", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_file_of_checks_that_is_none_is_told_in_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(ParameterError, match=rf"mine\.py: .*{complaint}"):
        registry.load_checks(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"no such Python file"):
        registry.load_checks(tmp_path / "nothing.py")


@pytest.mark.parametrize("name", ["length", "source", "No Spaces", ""])
def test_an_id_that_is_taken_or_is_none_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match=f"check '{name}'"):
        registry.register(Check(id=name, title="x", limits=Limits, judge=lambda _e, _l: None))


def installed(folder: Path, point: str) -> str:
    """What `voicecheck rubric` prints where a package with this entry point is installed."""
    home = folder / "our_checks-1.0.dist-info"
    home.mkdir()
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: our-checks\nVersion: 1.0\n")
    (home / "entry_points.txt").write_text(f"[voicecheck.checks]\nno_apology = {point}\n")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); from voicecheck.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "rubric"], capture_output=True, text=True, check=False, cwd=folder
    )
    return done.stdout or done.stderr


def test_an_installed_package_brings_its_checks(tmp_path: Path, my_checks: Path) -> None:
    (point,) = re.findall(r'^no_apology = "(.*)"$', page("docs/own-check.md"), flags=re.M)
    my_checks.rename(tmp_path / f"{point.split(':')[0]}.py")
    assert "[checks.no_apology]  # Apologies in the message." in installed(tmp_path, point)


def test_an_installed_check_that_cannot_be_had_is_one_line(tmp_path: Path) -> None:
    told = installed(tmp_path, "nowhere:no_apology")
    assert told == (
        "voicecheck: the check nowhere:no_apology: ModuleNotFoundError: No module named 'nowhere'\n"
    )


def test_a_bug_in_somebodys_check_is_told_and_takes_nothing_with_it() -> None:
    def broken(_evidence: object, _limits: Limits) -> CheckResult:
        raise ZeroDivisionError("nobody thought of silence")

    registry.register(Check(id="broken", title="Broken", unit="s", limits=Limits, judge=broken))
    card = card_of("hi dana this is joe")
    found = {each.id: each for each in card.checks}
    assert found["broken"].verdict == "not_measured"
    assert "ZeroDivisionError: nobody thought of silence" in found["broken"].evidence
    assert found["number_given"].verdict == "pass"


def test_a_check_is_added_as_the_page_says(tmp_path: Path) -> None:
    """A copy of the package, the new file, the import and the line: then it is everywhere."""
    shutil.copytree(
        ROOT / "voicecheck", tmp_path / "voicecheck", ignore=shutil.ignore_patterns("__pycache__")
    )
    checks = tmp_path / "voicecheck" / "scorecard" / "checks"
    (file,) = code_blocks(page("CONTRIBUTING.md"), "python")
    (line,) = code_blocks(page("CONTRIBUTING.md"), "text")
    (checks / "shouting.py").write_text(file, encoding="utf-8")
    listing = (checks / "__init__.py").read_text(encoding="utf-8")
    listing = listing.replace("    sound_quality,\n", "    shouting,\n    sound_quality,\n")
    listing = listing.replace("    sound_quality.CHECK,\n", f"{line.rstrip()}\n    sound_quality.CHECK,\n")
    (checks / "__init__.py").write_text(listing, encoding="utf-8")
    code = f"""
import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT / "tests")!r}]
import json, voicecheck
assert voicecheck.__file__.startswith({str(tmp_path)!r})
from dataclasses import replace
from hearings import GOOD, hearing
from sounds import said
from voicecheck.report.table import row_of, to_csv
from voicecheck.scorecard.rubric import default_rubric, to_toml
heard = hearing(said("hello dana"), condition=replace(GOOD, active_level_dbov=-6.0))
card = voicecheck.judge(heard, voicecheck.Settings(rubric=default_rubric()))
csv = to_csv([row_of(card)])
toml = to_toml(card.rubric)
print(json.dumps({{"toml": toml, "data": card.to_dict(), "text": card.to_text(), "csv": csv}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert "[checks.shouting]  # Level of the speech." in shown["toml"]
    assert ("shouting", "fail", "tip") in [
        (each["id"], each["verdict"], each["role"]) for each in shown["data"]["checks"]
    ]
    assert "Speak as if they sat beside you." in [tip["text"] for tip in shown["data"]["tips"]]
    assert "shouting_verdict" in shown["csv"].splitlines()[0]
    assert "Shouting" in shown["text"]


def test_the_page_tells_when_each_check_is_mended() -> None:
    _, _, told = page("docs/own-check.md").partition("the lowest first:")
    listed = re.findall(r"`(\w+)` (\d+)", told.partition("\n- ")[0])
    assert sorted((name, int(priority)) for name, priority in listed) == sorted(
        (check.id, check.priority) for check in CHECKS
    )
