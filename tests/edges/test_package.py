"""The package as it is installed: its name, what it declares, what its wheel brings."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = PROJECT["name"]


BROUGHT = {"pydantic_core": "pydantic"}
"""Imported parts that another distribution always brings, in the version that it needs."""


def plain(requirement: str) -> str:
    """The distribution that a requirement names, as the index spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement)[0]).lower()


def test_everything_that_is_imported_is_declared() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = {plain(each) for each in PROJECT["dependencies"]}
    declared |= {plain(each) for extra in ("web", "cluster", "postgres") for each in extras[extra]}
    homes = importlib.metadata.packages_distributions()
    for path in (ROOT / "voicecheck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                top = name.split(".")[0]
                if top in sys.stdlib_module_names or top in ("voicecheck", "ray", "fsspec", ""):
                    continue
                found = {plain(each) for each in homes.get(BROUGHT.get(top, top), [])}
                assert found & declared, f"{path.relative_to(ROOT)} imports {name}: declare {sorted(found)}"


def test_the_distribution_does_not_take_another_projects_name() -> None:
    assert NAME != "voicecheck"
    assert PROJECT["scripts"] == {"voicecheck": "voicecheck.__main__:main"}
    for file in [*(ROOT / "voicecheck").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        assert not re.search(r"\bvoicecheck\[", file.read_text(encoding="utf-8")), file


def pip(*arguments: str | Path, python: Path | str = sys.executable) -> str:
    """Run pip; skip where no package index can be reached."""
    command = [sys.executable, "-m", "pip", "--python", str(python), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    if done.returncode and re.search(
        r"connection|resolve host|No module named pip|timed out", done.stderr, re.I
    ):
        pytest.skip("no package index here")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_built_wheel_is_installed_by_its_name_from_a_folder(tmp_path: Path) -> None:
    pip("wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith(NAME.replace("-", "_"))
    venv.create(tmp_path / "new", with_pip=False)
    new = tmp_path / "new" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip("install", "--quiet", "--no-deps", "--no-index", "--find-links", tmp_path, NAME, python=new)
    shared = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [new.with_name("voicecheck"), "--version"],
        env={**os.environ, "PYTHONPATH": shared},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("voicecheck ")
    resolved = pip("install", "--dry-run", "--find-links", tmp_path, f"{NAME}[web,offline]", python=new)
    assert "Would install" in resolved
    assert "fastapi" in resolved.lower()
