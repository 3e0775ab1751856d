"""Write `sentences.md`: every sentence that somebody may read, in one place, to be read aloud.

The sentences of a check stand in its file, so that a check is one file and one line, those of the page in its
templates, those of the help at their options; this page gathers them from there. Run it from the project's
folder after a sentence was changed:

    python docs/make_sentences.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click
import typer

from voicecheck.cli import app

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sentences.md"

ROOMS = {
    "What a check says": ["scorecard/checks", "scorecard/say.py", "scorecard/check.py"],
    "What the card says": ["scorecard/judge.py", "scorecard/score.py", "scorecard/reliability.py"],
    "What a rep's messages say together": ["scorecard/across.py"],
    "What was heard": ["hearing/hear.py", "hearing/hearing.py", "linetest/send.py", "speech/greeting.py"],
    "What is wrong with a file": ["audio"],
    "Words that they share": ["scorecard/sentences.py", "report/words.py"],
    "What only the text card says": ["report/text.py"],
    "What only the page and the report say": ["report/alignment.py", "report/drawing.py", "report/html.py"],
}

NO_SENTENCES = ("STYLES", "COLOURS")
"""Tables of what is no text."""

HEAD = """# Every sentence

Made by `python docs/make_sentences.py` from the code, where each stands beside what it is about. What stands
in braces is filled in. Not here are complaints about input, each where it is raised, and the few words of the
page's scripts.
"""


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, places in ROOMS.items():
        parts.append(f"\n## {title}\n")
        files = [file for place in places for file in _files(ROOT / "voicecheck" / place)]
        for file in files:
            found = list(dict.fromkeys(sentences(file)))
            if found:
                parts.append(f"\n`{file.relative_to(ROOT / 'voicecheck').as_posix()}`\n\n")
                parts += [f"- {each}\n" for each in found]
    parts.append("\n## What the page and the report say around a card\n")
    for file in sorted((ROOT / "voicecheck").glob("*/templates/*")):
        found = list(dict.fromkeys(template_sentences(file.read_text(encoding="utf-8"))))
        if found:
            parts.append(f"\n`{file.relative_to(ROOT / 'voicecheck').as_posix()}`\n\n")
            parts += [f"- {each}\n" for each in found]
    parts.append("\n## What the help says\n")
    for name, found in help_sentences(typer.main.get_command(app), "voicecheck"):
        parts.append(f"\n`{name}`\n\n")
        parts += [f"- {each}\n" for each in found]
    return "".join(parts)


def template_sentences(text: str) -> Iterator[str]:
    """Every text of a template with a space in it, and what its marks say to those who hear the page."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|<(script|style|svg)\b.*?</\1>", "\n", text, flags=re.DOTALL)
    text = re.sub(r"\{\{(.*?)\}\}", lambda filled: "{" + filled[1].strip().replace("<", "&lt;") + "}", text)
    said = re.findall(r'(?:title|placeholder|aria-label)="([^"]*)"', text)
    said += re.sub(r"<[^>]*>", "\n", text).splitlines()
    for each in said:
        sentence = " ".join(unescape(each).split())
        bare = re.sub(r"\{[^}]*\}", "", sentence)
        if " " in bare.strip() and any(letter.isalpha() for letter in bare):
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
    """Every text with a space in it, in the order of the file, that somebody may read on a card."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent = set(_silent(tree))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    for node in sorted(texts, key=lambda node: (node.lineno, node.col_offset)):
        text = " ".join(_template(node).split())
        if node not in silent and " " in text and any(letter.isalpha() for letter in text):
            yield text


def _silent(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, parts of another text, sources of limits, patterns, colours, marks, complaints."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in ast.walk(node) if part is not node)
        if isinstance(node, ast.Constant | ast.JoinedStr) and set("<>\\\t") & set(_template(node)):
            yield node
        if isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg == "source"):
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
