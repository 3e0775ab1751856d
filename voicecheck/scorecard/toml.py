"""TOML: read within limits, so that no file can hang or crash what reads it, and written for people."""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Mapping
from typing import Any

from voicecheck.errors import ParameterError

LETTERS_MAX = 200_000
"""Twenty times the default rubric."""

BYTES_MAX = 4 * LETTERS_MAX
"""So many letters in UTF-8, at most."""

LINE_MAX = 20_000

DEPTH_MAX = 8
"""Tables in tables; a rubric has three."""

WIDTH = 110
"""Columns of what is written."""

NUMBER_MAX = 1e15
"""Far beyond any limit, and still a number that can be computed with."""


def read_toml(text: str) -> dict[str, Any]:
    """Read TOML that somebody wrote.

    Parameters
    ----------
    text : str
        The whole file.

    Returns
    -------
    dict
        Its tables.

    Raises
    ------
    ParameterError
        If it is too long or too deep, holds a number beyond all use, or is not TOML.
    """
    if len(text) > LETTERS_MAX:
        raise ParameterError(f"rubric: {len(text)} letters, more than {LETTERS_MAX}")
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LINE_MAX:
            raise ParameterError(f"rubric: line {number} has {len(line)} letters, more than {LINE_MAX}")
    try:
        data = tomllib.loads(text)
        _check(data, depth=0)
    except ParameterError:
        raise
    except RecursionError as error:
        raise ParameterError("rubric: tables or lists stand too deep in each other") from error
    except ValueError as error:  # TOMLDecodeError, and a number with too many digits
        raise ParameterError(f"rubric: not valid TOML: {error}") from error
    return data


def _check(value: Any, *, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise ParameterError(f"rubric: more than {DEPTH_MAX} tables or lists stand in each other")
    if isinstance(value, int | float) and abs(value) > NUMBER_MAX:
        raise ParameterError(f"rubric: a number is beyond {NUMBER_MAX:g}; give a smaller one")
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        _check(each, depth=depth + 1)


def toml_lines(values: Mapping[str, Any]) -> list[str]:
    """Write the values of a table.

    Parameters
    ----------
    values : mapping of str to Any
        Numbers, texts, truth values, and lists of texts.

    Returns
    -------
    list of str
        One line a value.
    """
    return [f"{name} = {toml_value(value)}" for name, value in values.items()]


def toml_value(value: Any) -> str:
    """Write a value; a long list over several lines.

    Parameters
    ----------
    value : Any
        A number, a text, a truth value or a list of texts.

    Returns
    -------
    str
        As it stands behind the sign of equality.

    Examples
    --------
    >>> toml_value(30.0), toml_value(["hi *", "hello"])
    ('30.0', '["hi *", "hello"]')
    """
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    items = ", ".join(json.dumps(each, ensure_ascii=False) for each in value)
    if len(items) < WIDTH - 20:
        return f"[{items}]"
    wrapped = textwrap.wrap(
        ", ".join(json.dumps(each, ensure_ascii=False).replace(" ", "\0") for each in value),
        WIDTH - 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "[\n" + "\n".join(f"  {line}".replace("\0", " ") for line in wrapped) + ",\n]"
