"""All checks there are: those that come with voicecheck, and a team's own.

A check of one's own comes from a file (`--checks my_checks.py`, `load_checks`), from a package with an entry
point in the group ``voicecheck.checks``, or from a notebook; it is registered with `check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from voicecheck.errors import ParameterError
from voicecheck.scorecard.check import Check, Judge, L
from voicecheck.scorecard.checks import CHECKS

ENTRY_POINTS = "voicecheck.checks"

RESERVED = frozenset({"source", "same_words", "trend"})
"""Ids of tips that no check gives."""

_own: dict[str, Check[Any]] = {}


def check(
    id: str,  # noqa: A002
    *,
    title: str,
    limits: type[L],
    unit: str = "",
    priority: int = 100,
    of_words: bool = False,
) -> Callable[[Judge[L]], Check[L]]:
    """Register a judge as a check of one's own.

    Parameters
    ----------
    id : str
        For rubrics, JSON and CSV: small letters, digits and underscores.
    title : str
        For people.
    limits : type
        A subclass of `Limits` with what a rubric can set.
    unit : str
        Of the value; a tip without a unit has no row on the card.
    priority : int
        Failures and tips are mended in this order, the lowest first.
    of_words : bool
        Whether it judges words, so that it is left out without any and for half a file.

    Returns
    -------
    callable
        Takes ``judge(evidence, limits) -> CheckResult | None``, gives the `Check`.

    Raises
    ------
    ParameterError
        If the id is not one, or belongs to a check that comes with voicecheck.
    """

    def registered(judge: Judge[L]) -> Check[L]:
        made = Check(
            id=id,
            title=title,
            unit=unit,
            priority=priority,
            limits=limits,
            judge=judge,
            of_words=of_words,
        )
        register(made)
        return made

    return registered


def register(made: Check[Any]) -> None:
    """Take a check in; one of the same id that was registered before gives way.

    Parameters
    ----------
    made : Check
        Of one's own.

    Raises
    ------
    ParameterError
        If its id is not one, or belongs to a check that comes with voicecheck.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", made.id):
        raise ParameterError(f"check {made.id!r}: an id has small letters, digits and underscores only")
    if made.id in RESERVED or made.id in {each.id for each in CHECKS}:
        raise ParameterError(f"check {made.id!r}: voicecheck has one of this id; choose another")
    _own[made.id] = made


def load_checks(file: Path) -> None:
    """Run a file that registers checks.

    Parameters
    ----------
    file : Path
        Python; its code runs with all rights of the user.

    Raises
    ------
    ParameterError
        If it cannot be run, or registers none.
    """
    before = dict(_own)
    spec = spec_from_file_location(f"voicecheck_own_{re.sub(r'[^0-9A-Za-z]', '_', file.stem)}", file)
    if file.suffix != ".py" or not file.is_file() or spec is None or spec.loader is None:
        raise ParameterError(f"{file}: no such Python file; give a file of checks that ends in .py")
    module = module_from_spec(spec)
    sys.modules[module.__name__] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # somebody else's code
        raise ParameterError(f"{file}: {type(error).__name__}: {error}") from error
    if _own == before:
        raise ParameterError(f"{file}: registers no check; put @voicecheck.check(...) before its judge")


def all_checks() -> tuple[Check[Any], ...]:
    """List every check in the order of the card: voicecheck's, then a team's own.

    Raises
    ------
    ParameterError
        If an installed package offers a check that cannot be had.
    """
    _load_entry_points()
    return (*CHECKS, *_own.values())


def is_own(made: Check[Any]) -> bool:
    """Whether a check is somebody's own, so that a bug in it is theirs.

    Parameters
    ----------
    made : Check[Any]
        Any check.

    Returns
    -------
    bool
        False for those that come with voicecheck.
    """
    return all(made is not each for each in CHECKS)


@cache
def _load_entry_points() -> None:
    for point in entry_points(group=ENTRY_POINTS):
        try:
            found = point.load()
        except Exception as error:  # somebody else's code
            raise ParameterError(f"the check {point.value}: {type(error).__name__}: {error}") from error
        if isinstance(found, Check):
            register(found)


def titles() -> dict[str, str]:
    """Title every check that has a row on a card as long as no rubric says otherwise, by id."""
    return {each.id: each.title for each in all_checks() if each.unit or each.limits().role == "required"}
