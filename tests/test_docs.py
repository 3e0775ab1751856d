"""What the documents say exists: commands, options, links, figures' sources."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from voicecheck.cli import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"))
    if not path.relative_to(ROOT).parts[0].startswith((".", "build", "node_modules"))
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUP = typer.main.get_command(app)


def commands(group: object, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands with their names, sub-commands included."""
    for name, command in getattr(group, "commands", {}).items():
        yield (*prefix, name), command
        yield from commands(command, (*prefix, name))


COMMANDS = dict(commands(GROUP))


def quoted() -> list[list[str]]:
    """Every `voicecheck ...` that the README tells a user to type."""
    lines = re.findall(r"voicecheck (?:[a-z-]+)[^`|\n&]*", README)
    return [
        shlex.split(line.split("#")[0])[1:] for line in lines if line.split()[1] in {c[0] for c in COMMANDS}
    ]


@pytest.mark.parametrize("arguments", quoted(), ids=" ".join)
def test_a_command_in_the_readme_has_the_options_that_it_shows(arguments: list[str]) -> None:
    name = next(name for name in (tuple(arguments[:2]), tuple(arguments[:1])) if name in COMMANDS)
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    shown = {argument.split("=")[0] for argument in arguments if argument.startswith("-")}
    assert shown <= known


def test_every_command_is_in_the_readme_and_has_a_help_text() -> None:
    for name, command in COMMANDS.items():
        assert command.help, name
        assert f"Example: voicecheck {' '.join(name)}" in command.help
        assert f"voicecheck {name[0]}" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [
        link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if not link.startswith(("http", "mailto"))
    ]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_the_readme_quotes_no_figure_without_the_command_that_printed_it() -> None:
    figures = README.split("## Accuracy and speed")[1].split("\n## ")[0]
    assert "python -m benchmarks.numbers" in figures
    assert "python -m benchmarks.speed" in figures


def test_the_sizing_page_quotes_the_figures_of_the_readme() -> None:
    """One machine, one run, one figure everywhere."""
    sizing = (ROOT / "docs" / "cluster-sizing.md").read_text(encoding="utf-8")

    def cells(text: str, row: str) -> list[str]:
        line = next(line for line in text.splitlines() if line.startswith(f"| {row}"))
        return [cell.strip() for cell in line.strip("| ").split("|")]

    here, there = cells(sizing, "`voicecheck batch`"), cells(README, "`voicecheck batch`, from the prompt")
    assert here[1:4] == there[1:4]
    per_hour_and_core = round(float(there[3]) * 60 / 2)
    assert here[4] == f"{per_hour_and_core:,}"
    assert f"At {per_hour_and_core:,} per hour and core" in sizing


def test_the_page_of_sentences_is_what_the_code_says() -> None:
    """If not, run `python docs/make_sentences.py`, and read aloud what is new."""
    made = runpy.run_path(str(ROOT / "docs" / "make_sentences.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()
