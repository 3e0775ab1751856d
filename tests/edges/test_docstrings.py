"""Docstrings of the rooms that are done: every parameter and every result is described, and no other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from numpydoc.validate import validate

import voicecheck

DONE = ("voicecheck.batch", "voicecheck.errors", "voicecheck.files", "voicecheck.system")
"""Add a room when its last function is described; the command line's options are described by its help."""

WANTED = {"PR01": "a parameter is not described", "PR02": "no such parameter", "RT01": "no Returns"}


def functions() -> Iterator[str]:
    """Every public function with arguments in these rooms."""
    for found in pkgutil.walk_packages(voicecheck.__path__, "voicecheck."):
        if not f"{found.name}.".startswith(tuple(f"{room}." for room in DONE)):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != found.name:
                continue
            members = vars(thing).items() if inspect.isclass(thing) else [("", thing)]
            for inner, function in members:
                if not inspect.isfunction(function) or inner.startswith("_"):
                    continue
                if set(inspect.signature(function).parameters) - {"self"}:
                    yield f"{found.name}.{name}{inner and '.'}{inner}"


@pytest.mark.parametrize("name", list(functions()))
def test_a_public_function_describes_its_parameters_and_its_result(name: str) -> None:
    wrong = {text for code, text in validate(name)["errors"] if code in WANTED}
    assert wrong == set()
