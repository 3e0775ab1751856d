"""Arrows point one way: rooms import the ground floor and the rooms before them; edges import rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import voicecheck

PACKAGE = Path(voicecheck.__file__).parent

FLOORS = [
    {"errors"},
    {"timing"},
    {"audio"},
    {"transcript"},
    {"digits", "numbers", "phone_format", "rubric"},
    {"measures.rate", "measures.pauses", "measures.pen", "digit_times", "line.packets"},
    {"measures.condition", "measures.length", "decision", "line.survival"},
    {"recitations", "hearing"},
    {"measures.repeats", "measures.summary"},
    {"checks", "line.sending"},
    {"scorecard"},
    {"across", "advice", "report.condition", "report.json", "report.survival", "report.tracks"},
    {"report.text"},
    {"report.table", "report.html"},
    {"pipeline"},
]
ROOMS = sorted(room for floor in FLOORS for room in floor)
NO_ROOM_IMPORTS = {"typer", "faster_whisper", "ctranslate2", "av", "soundfile", "fastapi", "huggingface_hub"}


def imports_of(path: Path) -> set[str]:
    """Names of all modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files_of(room: str) -> list[Path]:
    base = PACKAGE.joinpath(*room.split("."))
    return sorted(base.glob("*.py")) if base.is_dir() else [base.with_suffix(".py")]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    height = next(at for at, floor in enumerate(FLOORS) if room in floor)
    allowed = {name for floor in FLOORS[:height] for name in floor} | {room}
    for path in files_of(room):
        ours = {name.removeprefix("voicecheck.") for name in imports_of(path) if "voicecheck." in name}
        strangers = {
            name for name in ours if not any(name == ok or name.startswith(f"{ok}.") for ok in allowed)
        }
        assert strangers - {"__version__"} <= {"measures", "report"}, f"{path.name} imports {strangers}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_no_framework_and_no_model(room: str) -> None:
    for path in files_of(room):
        outside = {name.split(".")[0] for name in imports_of(path)}
        assert not outside & NO_ROOM_IMPORTS


def test_every_module_is_a_room_or_an_edge() -> None:
    """A new module has to be put into the order above, or among the edges."""
    edges = {
        "batch",
        "batch_cli",
        "cli",
        "cluster",
        "engines",
        "listener",
        "messages",
        "pool",
        "storage",
        "web",
        "web_cli",
    }
    found = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }
    outside = {
        name
        for name in found
        if name.split(".")[0] not in edges
        and not any(name == room or name.startswith(f"{room}.") for room in ROOMS)
    }
    assert outside == set()


@pytest.mark.parametrize(
    "statement", ["import voicecheck", "import voicecheck.cli", "voicecheck.find_numbers('hi')"]
)
def test_what_is_light_loads_no_heavy_library(statement: str) -> None:
    code = (
        f"import sys, voicecheck; {statement}; "
        "print(sorted({'faster_whisper', 'ctranslate2', 'av', 'scipy', 'onnxruntime', 'loky', 'jinja2'} "
        "& set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had() -> None:
    for name in voicecheck.__all__:
        assert getattr(voicecheck, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        voicecheck.nonsense  # noqa: B018
