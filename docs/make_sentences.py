"""Write `sentences.md`: every sentence that somebody may read, in one place, to be read aloud.

The sentences of a check stand in its file, so that a check is one file and one line, those of the page in its
templates, those of the help at their options; this page gathers them from there. Run it from the project's
folder after a sentence was changed:

    python docs/make_sentences.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import click
import typer

from voicecheck.cli import app

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sentences.md"
PACKAGE = ROOT / "voicecheck"

ROOMS = {
    "What a check says": ["scorecard/checks", "scorecard/say.py", "scorecard/check.py"],
    "What the card says": ["scorecard/judge.py", "scorecard/score.py", "scorecard/reliability.py"],
    "What a rep's messages say together": ["scorecard/across.py"],
    "What was heard": ["hearing/hear.py", "hearing/hearing.py", "linetest/send.py", "speech/greeting.py"],
    "What is wrong with a file": ["audio"],
    "Words that they share": ["scorecard/sentences.py", "report/words.py"],
    "What only the text card says": ["report/text.py"],
    "What only the page and the report say": ["report/alignment.py", "report/drawing.py", "report/html.py"],
    "What the page says where it fills something in": ["web", "web/pages", "web/api"],
    "What the command line says": ["cli", "batch"],
}

NO_SENTENCES = ("STYLES", "COLOURS")
"""Tables of what is no text."""

FOR_MACHINES = re.compile(
    r"^[a-z-]+-(src|action|uri|ancestors) |^microphone=|filename|^\S+:///?\{|^/"
    r"|^(translate\(|M[0-9]|M\{[a-z]+ |M\{\(|M\{share|\(max-|input,|button, |\.|on clip|on hot)"
)
"""Texts with a space that a browser reads and nobody else."""

HEAD = """# Every sentence

Made by `python docs/make_sentences.py` from the code, where each stands beside what it is about. What stands
in braces is filled in.
"""


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, places in ROOMS.items():
        files = [file for place in places for file in _files(PACKAGE / place)]
        parts += _chapter(title, [(_shown(file), sentences(file)) for file in files])
    templates = sorted(PACKAGE.glob("*/templates/*"))
    around = [(_shown(file), template_sentences(file.read_text(encoding="utf-8"))) for file in templates]
    parts += _chapter("What the page and the report say around a card", around)
    scripts = sorted(PACKAGE.glob("web/static/*.js"))
    moving = [(_shown(file), script_sentences(file.read_text(encoding="utf-8"))) for file in scripts]
    parts += _chapter("What the page says when something is done there", moving)
    parts += _chapter("What the help says", help_sentences(typer.main.get_command(app), "voicecheck"))
    files = sorted(PACKAGE.rglob("*.py"))
    parts += _chapter("What is said of wrong input", [(_shown(file), complaints(file)) for file in files])
    return "".join(parts)


def _chapter(title: str, places: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    yield f"\n## {title}\n"
    for place, said in places:
        if found := list(dict.fromkeys(said)):
            yield f"\n`{place}`\n\n"
            yield from (f"- {each}\n" for each in found)


def _shown(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def script_sentences(text: str) -> Iterator[str]:
    """Every text of a script that somebody may read."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    for said in re.findall(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', text):
        sentence = " ".join("".join(said).replace("${", "{").split())
        bare = re.sub(r"\{[^}]*\}", "", sentence).strip()
        if _is_read(bare) and not (set("<>[]#=;") & set(bare) or FOR_MACHINES.search(sentence)):
            yield sentence


def _is_read(text: str) -> bool:
    return " " in text and any(letter.isalpha() for letter in text)


def template_sentences(text: str) -> Iterator[str]:
    """Every text of a template with a space in it, and what its marks say to those who hear the page."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|<(script|style|svg)\b.*?</\1>", "\n", text, flags=re.DOTALL)
    text = re.sub(r"\{\{(.*?)\}\}", lambda filled: "{" + filled[1].strip().replace("<", "&lt;") + "}", text)
    said = re.findall(r'(?:title|placeholder|aria-label)="([^"]*)"', text)
    said += re.sub(r"<[^>]*>", "\n", text).splitlines()
    for each in said:
        sentence = " ".join(unescape(each).split())
        bare = re.sub(r"\{[^}]*\}", "", sentence)
        if _is_read(bare.strip()):
            yield sentence


def help_sentences(command: click.Command, name: str) -> Iterator[tuple[str, list[str]]]:
    """The help of a command, of its options, and of the commands below it."""
    texts = [command.help, *(getattr(each, "help", None) for each in command.params)]
    found = [" ".join(text.split()) for text in texts if text]
    if found:
        yield name, found
    for below, each in sorted(getattr(command, "commands", {}).items()):
        yield from help_sentences(each, f"{name} {below}")


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.glob("*.py"))


def sentences(file: Path) -> Iterator[str]:
    """Every text with a space in it, in the order of the file, that is read where nothing is wrong."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    raised = [each for node in ast.walk(tree) if isinstance(node, ast.Raise) for each in ast.walk(node)]
    yield from _texts(tree, {*_silent(tree), *raised})


def complaints(file: Path) -> Iterator[str]:
    """Every text of an exception that is raised in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            yield from _texts(node, set(_silent(node)))


def _texts(tree: ast.AST, silent: set[ast.AST]) -> Iterator[str]:
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    for node in sorted(texts, key=lambda node: (node.lineno, node.col_offset)):
        text = " ".join(_template(node).split())
        if node not in silent and _is_read(text) and not FOR_MACHINES.search(text):
            yield text


def _silent(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, parts of another text, sources of limits, patterns, colours, marks, help."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in ast.walk(node) if part is not node)
        if isinstance(node, ast.Constant | ast.JoinedStr) and set("<>\\\t") & set(_template(node)):
            yield node
        if isinstance(node, ast.keyword) and node.arg in ("source", "help", "description", "pattern"):
            yield from ast.walk(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield from ast.walk(node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NO_SENTENCES:
            yield from ast.walk(node)


def _template(node: ast.Constant | ast.JoinedStr) -> str:
    """The text, with the names of what is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        _template(part) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
