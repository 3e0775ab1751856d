"""Every parameter and every result of a public function is described, and no other."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from numpydoc.validate import validate

import voicecheck

pytestmark = pytest.mark.slow  # style, as ruff is: where all is checked

ELSEWHERE = {
    "voicecheck.__main__": "run, not imported",
    "voicecheck.cli": "options are described by the command's help",
    "voicecheck.web.api": "parameters are described by the API's schema, which is made of the docstrings",
    "voicecheck.web.pages": "routes and what their templates need",
}
"""Rooms whose functions are described in another way."""

WANTED = {"PR01": "a parameter is not described", "PR02": "no such parameter", "RT01": "no Returns"}


def functions() -> Iterator[str]:
    """Every public function with arguments."""
    for found in pkgutil.walk_packages(voicecheck.__path__, "voicecheck."):
        if f"{found.name}.".startswith(tuple(f"{room}." for room in ELSEWHERE)):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != found.name:
                continue
            members = vars(thing).items() if inspect.isclass(thing) else [("", thing)]
            for inner, function in members:
                if not inspect.isfunction(function) or inner.startswith("_") or overrides(thing, inner):
                    continue
                if set(inspect.signature(function).parameters) - {"self"}:
                    yield f"{found.name}.{name}{inner and '.'}{inner}"


def overrides(thing: type, name: str) -> bool:
    """Whether a method takes the place of a library's, which is described there."""
    bases = thing.__mro__[1:] if inspect.isclass(thing) else ()
    return any(name in vars(base) for base in bases)


def test_every_public_function_describes_its_parameters_and_its_result() -> None:
    names = list(functions())
    wrong = [(name, text) for name in names for code, text in validate(name)["errors"] if code in WANTED]
    assert wrong == []
    assert len(names) > 400, "all rooms were walked through"
