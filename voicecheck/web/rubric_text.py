"""A rubric as a stranger writes it: read within limits, and complained of at its line."""

from __future__ import annotations

import re
from itertools import accumulate

from voicecheck.errors import ParameterError
from voicecheck.scorecard.rubric import Rubric, parse_rubric

RUBRIC_MAX = 50_000
DEPTH_MAX = 12
DOTS_MAX = 8


def read_rubric(text: str) -> Rubric:
    """Read a stranger's TOML as a rubric.

    A few kilobytes of brackets, dots or digits would keep the parser busy for minutes; no rubric has them.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    Rubric
        With every value in force.

    Raises
    ------
    ParameterError
        If it is empty, too deep, or no rubric; it names the line, where there is one.
    """
    try:
        return _read(text)
    except ParameterError as error:
        line = line_of(text, str(error))
        raise ParameterError(f"line {line}: {error}" if line else str(error)) from error


def line_of(text: str, complaint: str) -> int | None:
    r"""Find the line that a complaint about a rubric is about: of the key that it names, else of its table.

    Parameters
    ----------
    text : str
        The rubric.
    complaint : str
        What `parse_rubric` says of it.

    Returns
    -------
    int or None
        Counted from 1; None if it tells of no place.

    Examples
    --------
    >>> line_of('name = "a"\n[checks.length]\nmax_s = 900\n', "rubric: checks.length.max_s must lie ...")
    3
    """
    told = re.search(r"at line (\d+)", complaint)
    if told:
        return int(told[1])
    named = set(re.findall(r"\w+", complaint.partition(";")[0]))
    is_at_top = complaint.startswith(("rubric: unknown key", "rubric: name"))
    table, n_says, first = "", 0, None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([\w.]+)", line):
            table = header[1].rpartition(".")[2]
            n_says += table == "say"
        is_here = table in named and (table != "say" or str(n_says) in named) if table else is_at_top
        if header and is_here:
            first = first or number
        key = re.match(r"\s*(\w+)\s*=", line)
        if key and is_here and key[1] in named:
            return number
    return first


def _read(text: str) -> Rubric:
    if not re.sub(r"(?m)^\s*#.*$", "", text).strip():
        raise ParameterError("the rubric is empty; take an old one back, or write one")
    if len(text) > RUBRIC_MAX:
        raise ParameterError(f"the rubric is longer than {RUBRIC_MAX} characters")
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(r"\d{40}", line):
            raise ParameterError(f"line {number} of the rubric holds a number of more than 40 digits")
        if line.split("=")[0].count(".") > DOTS_MAX and not line.lstrip().startswith("#"):
            raise ParameterError(f"line {number} of the rubric has a key of too many parts")
    if max(accumulate({"[": 1, "{": 1, "]": -1, "}": -1}.get(letter, 0) for letter in text)) > DEPTH_MAX:
        raise ParameterError("the rubric holds brackets within too many brackets")
    return parse_rubric(text)
