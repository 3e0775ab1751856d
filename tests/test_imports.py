"""Folders stand in the order of the work: each imports only what stands above it, and so do its files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import voicecheck

PACKAGE = Path(voicecheck.__file__).parent

FLOORS = [
    {"version", "errors", "system"},
    {"timing", "files", "english"},
    {"audio"},
    {"speech"},
    {"numbers"},
    {"linetest"},
    {"hearing", "measures"},
    {"scorecard"},
    {"report", "listener"},
    {"batch"},
    {"web"},
    {"cli"},
    {"__main__"},
]
"""A room imports itself and what stands on a floor above (earlier in the list)."""

OUTSIDE = {
    "av": {"audio"},
    "soundfile": {"audio"},
    "soxr": {"audio"},
    "librosa": {"audio"},
    "ctranslate2": {"speech"},
    "faster_whisper": {"speech"},
    "huggingface_hub": {"speech"},
    "phonenumbers": {"numbers"},
    "typer": {"cli"},
    "fastapi": {"web", "cli"},
    "sqlalchemy": {"web"},
    "loky": {"batch"},
    "ray": {"batch"},
    "fsspec": {"batch"},
}
"""Libraries that only some rooms know."""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(path: Path) -> set[str]:
    """Full names of all that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
MODULES = {module_of(path) for path in FILES}


def modules_imported(path: Path) -> set[str]:
    """Our own modules among the imports."""
    ours: set[str] = set()
    for name in imported(path):
        if not name.startswith("voicecheck."):
            continue
        dotted = name.removeprefix("voicecheck.")
        while dotted and dotted not in MODULES:
            dotted = dotted.rpartition(".")[0]
        ours |= {dotted} if dotted else set()
    return ours


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_a_room_imports_only_what_stands_above_it() -> None:
    heights = {room: height for height, floor in enumerate(FLOORS) for room in floor}
    nowhere = {room_of(path) for path in FILES} - set(heights)
    assert nowhere == set(), "on no floor: put them into FLOORS"
    upwards = [
        f"{shown(path)} imports {name}"
        for path in FILES
        for name in sorted(modules_imported(path))
        if (other := name.split(".")[0]) != room_of(path) and heights[other] >= heights[room_of(path)]
    ]
    assert upwards == []


def test_nothing_is_imported_from_the_face_of_the_package() -> None:
    """It hands on names of all rooms, so that whoever imports it stands below every one of them."""
    rooms = {room_of(path) for path in FILES}
    from_the_face = [
        f"{shown(path)} imports {name}"
        for path in FILES
        for name in sorted(imported(path))
        if name == "voicecheck" or (name.startswith("voicecheck.") and name.split(".")[1] not in rooms)
    ]
    assert from_the_face == []


def test_no_import_runs_in_a_circle() -> None:
    """Modules can be put in an order in which each imports only earlier ones."""
    needs = {module_of(path): modules_imported(path) - {module_of(path)} for path in FILES}
    rest = {name: {other for other in others if other in needs} for name, others in needs.items()}
    while free := {name for name, others in rest.items() if not others}:
        rest = {name: others - free for name, others in rest.items() if name not in free}
    assert not rest, f"in a circle: {sorted(rest)}"


def types_of(path: Path) -> dict[str, str]:
    """The classes of a file and the names that it gives to types, each with what it stands for."""
    tree = ast.parse(path.read_text("utf-8"))
    found = {node.name: f"class of {path}" for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id.lstrip("_")
            if name[:1].isupper() and not name.isupper():
                found[name] = ast.unparse(node.value)
    return {name.lstrip("_"): meaning for name, meaning in found.items()}


def test_the_name_of_a_type_has_one_meaning() -> None:
    """But for the limits that every check has, and the command line's options, named as they are typed."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        if path.name != "options.py":
            for name, meaning in types_of(path).items():
                meanings[name].add(meaning)
    assert len(meanings) > 150
    assert {name for name, several in meanings.items() if len(several) > 1} == {"Limits"}


def test_a_library_is_known_only_where_it_belongs() -> None:
    astray = [
        f"{shown(path)} imports {name}"
        for path in FILES
        for name in sorted(imported(path))
        if room_of(path) not in OUTSIDE.get(name.split(".")[0], {room_of(path)})
    ]
    assert astray == []


@pytest.mark.parametrize(
    "statement", ["import voicecheck", "import voicecheck.cli", "voicecheck.find_numbers('hi')"]
)
def test_what_is_light_loads_no_heavy_library(statement: str) -> None:
    code = (
        f"import sys, voicecheck; {statement}; "
        "print(sorted({'faster_whisper', 'ctranslate2', 'av', 'scipy', 'onnxruntime', 'loky', 'jinja2', "
        "'librosa'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had() -> None:
    for name in voicecheck.__all__:
        assert getattr(voicecheck, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        voicecheck.nonsense  # noqa: B018


def test_the_page_about_the_house_names_every_room_on_its_floor() -> None:
    """The table of docs/architecture.md, floor by floor, is the list that the imports are held against."""
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| ([^|]+) \|", text, re.MULTILINE)
    assert [set(re.findall(r"`(\w+)/?`", row)) for row in rows] == FLOORS


LINES_MAX = 400


def test_a_long_file_is_on_the_page_about_the_house_with_its_reason() -> None:
    """And none that was parted since."""
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    _, _, told = page.partition("## Files over 400 lines")
    long = {
        module_of(path).replace(".", "/")
        for path in FILES
        if len(path.read_text("utf-8").splitlines()) > LINES_MAX
    }
    assert set(re.findall(r"`([a-z_/]+)`", told)) == long
