"""The limits that a message is judged by: a TOML file, read over the checks' defaults and validated."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from voicecheck.errors import ParameterError
from voicecheck.files import read_at_most
from voicecheck.scorecard.check import Check, L, Limits
from voicecheck.scorecard.limits import complaint, note
from voicecheck.scorecard.registry import all_checks
from voicecheck.scorecard.say import Say
from voicecheck.scorecard.score import ScoreRule
from voicecheck.scorecard.toml import BYTES_MAX, read_toml, toml_lines, toml_value

DEFAULT_NAME = "sales-voicemail"

SAYS_MAX = 50
"""Entries of phrases in one rubric."""

HEAD = """\
# A rubric of voicecheck. What a file leaves out keeps the value that `voicecheck rubric` prints. Each check
# has a role: "required" counts for the card's verdict, "tip" gives advice only, "off" leaves it out. Where a
# check has an `error`, a value within it of the limit is "unsure", not pass or fail. In a list of phrases
# "..." stands for the package's own list, * for any one word, {name} for one to three words with a capital,
# a comma for a comma and a full stop for the end of a sentence; "I'll" is "I will".
"""


@dataclass(frozen=True, kw_only=True, repr=False)
class Rubric:
    """A named set of limits.

    Parameters
    ----------
    name : str
        Shown on the card.
    limits : mapping of str to Limits
        Of every check by its id, in the order of the card.
    score : ScoreRule
        How the checks add up.
    checks : tuple of Check
        What the limits are for.
    text : str
        The TOML that it was read from, comments included; not part of equality.
    """

    name: str
    limits: Mapping[str, Limits]
    score: ScoreRule
    checks: tuple[Check[Any], ...] = field(compare=False, repr=False)
    text: str = field(compare=False, repr=False)

    def __repr__(self) -> str:
        return f"<Rubric {self.name}, {self.sha256[:12]}>"

    def of(self, check: Check[L]) -> L:
        """The limits of a check.

        Parameters
        ----------
        check : Check[L]
            That the rubric was read with.

        Returns
        -------
        L
            Every value in force.
        """
        found = self.limits[check.id]
        assert isinstance(found, check.limits), f"{check.id} has other limits"
        return found

    @property
    def sha256(self) -> str:
        """Of the values in force, so that comments and order do not matter."""
        values = json.dumps({"name": self.name, **_tables(self)}, sort_keys=True)
        return hashlib.sha256(values.encode()).hexdigest()


def default_rubric() -> Rubric:
    """Read the rubric `sales-voicemail`, which comes with the package."""
    return ready_rubric(DEFAULT_NAME)


def ready_rubrics() -> tuple[str, ...]:
    """Name the rubrics that come with the package, the default first."""
    folder = files("voicecheck").joinpath("rubrics/ready")
    names = sorted(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )
    return (DEFAULT_NAME, *(name for name in names if name != DEFAULT_NAME))


def ready_rubric(name: str) -> Rubric:
    """Read a rubric that comes with the package.

    Parameters
    ----------
    name : str
        One of `ready_rubrics`.

    Returns
    -------
    Rubric
        Its `text` holds every value in force.

    Raises
    ------
    ParameterError
        If there is none of that name.
    """
    if name not in ready_rubrics():
        raise ParameterError(
            f"no rubric {name!r} comes with voicecheck; there are {', '.join(ready_rubrics())}"
        )
    text = files("voicecheck").joinpath(f"rubrics/ready/{name}.toml").read_text(encoding="utf-8")
    return parse_rubric(to_toml(parse_rubric(text)))


def find_rubric(wanted: Rubric | Path | str | None) -> Rubric:
    """Give the rubric that somebody names.

    Parameters
    ----------
    wanted : Rubric, Path, str or None
        A rubric, the path of a file, the name of a rubric that comes with the package, or TOML; None is the
        default.

    Returns
    -------
    Rubric
        What to judge by.

    Raises
    ------
    ParameterError
        If there is none, or it is wrong.
    """
    if wanted is None:
        return default_rubric()
    if isinstance(wanted, Rubric):
        return wanted
    is_name = isinstance(wanted, str) and re.fullmatch(r"[\w-]+", wanted)
    return ready_rubric(str(wanted)) if is_name else parse_rubric(wanted)


def parse_rubric(source: str | Path) -> Rubric:
    """Read a rubric; what it leaves out keeps its default.

    Parameters
    ----------
    source : str or Path
        TOML with an optional `name`, a table ``[checks.ID]`` for each check that differs, ``[[say]]`` for
        each phrase to listen for, and ``[score]``; or the path of such a file, as a `Path` or as one line of
        text that ends in ``.toml``.

    Returns
    -------
    Rubric
        With a value for every check.

    Raises
    ------
    ParameterError
        If the text is not TOML, or a key is unknown, or a value has the wrong type or range; the message
        names the file, the key, the value and what is allowed.
    """
    if isinstance(source, Path) or ("\n" not in source and source.strip().endswith(".toml")):
        return _read_file(Path(source))
    return _read(source)


def _read_file(path: Path) -> Rubric:
    try:
        return _read(read_at_most(path, BYTES_MAX).decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise ParameterError(f"{path}: {reason}; give a rubric in TOML") from error
    except ParameterError as error:
        raise ParameterError(f"{path}: {error}") from error


def _read(text: str) -> Rubric:
    return _of_data(read_toml(text), text=text)


def _of_data(data: dict[str, Any], *, text: str) -> Rubric:
    _refuse_unknown("rubric", data, ["name", "checks", "say", "score"])
    name = data.get("name", "custom")
    if not isinstance(name, str) or not name.strip():
        raise ParameterError(f"rubric: name must be a text that is not empty, got {name!r}")
    changes = data.get("checks", {})
    if not isinstance(changes, dict):
        raise ParameterError(f"rubric: checks must be tables [checks.ID], got {changes!r}")
    checks = all_checks()
    _refuse_unknown("rubric: checks", changes, [check.id for check in checks])
    limits = {check.id: _read_table(check, changes.get(check.id, {})) for check in checks}
    for say in _read_says(data.get("say", []), taken=set(limits)):
        limits[say.id] = say
        checks = (*checks, say.check())
    return Rubric(
        name=name, limits=limits, score=_read_score(data.get("score", {}), limits), checks=checks, text=text
    )


def _read_says(entries: Any, *, taken: set[str]) -> list[Say]:
    if not isinstance(entries, list) or len(entries) > SAYS_MAX:
        raise ParameterError(f"rubric: say must be at most {SAYS_MAX} tables [[say]]")
    says: list[Say] = []
    for place, entry in enumerate(entries, start=1):
        key = f"say {place}"
        if not isinstance(entry, dict):
            raise ParameterError(f"rubric: {key} must be a table [[say]], got {entry!r}")
        _refuse_unknown(f"rubric: {key}", entry, list(Say.model_fields))
        try:
            says.append(Say.model_validate(entry))
        except ValidationError as error:
            raise ParameterError(f"rubric: {key}{_plain_complaint(error)}") from error
        if says[-1].id in taken:
            raise ParameterError(f"rubric: {key}: there is a check {says[-1].id!r} already")
        taken.add(says[-1].id)
    known = {each.id for each in says}
    for each in says:
        if each.after is not None and each.after not in known:
            raise ParameterError(f"rubric: say {each.id!r} comes after {each.after!r}, which is not said")
    return says


def _read_score(table: Any, limits: Mapping[str, Limits]) -> ScoreRule:
    try:
        rule = ScoreRule.model_validate(table)
    except ValidationError as error:
        raise ParameterError(f"rubric: score{_plain_complaint(error)}") from error
    for name in (*rule.knock_outs, *rule.weights):
        if name not in limits:
            raise ParameterError(f"rubric: score: there is no check {name!r}")
    return rule


def _plain_complaint(error: ValidationError) -> str:
    """Say what is wrong with a value that has no range of its own."""
    worst = error.errors()[0]
    place = ".".join(str(part) for part in worst["loc"])
    what = worst["msg"].removeprefix("Value error, ")
    return f".{place}: {what}" if place else f": {what}"


def _refuse_unknown(where: str, data: dict[str, Any], allowed: list[str]) -> None:
    for key in data:
        if key not in allowed:
            raise ParameterError(f"{where}: unknown key {key!r}; allowed: {', '.join(allowed)}")


def _read_table(check: Check[L], changes: Any) -> L:
    key = f"checks.{check.id}"
    if not isinstance(changes, dict):
        raise ParameterError(f"rubric: {key} must be a table, got {changes!r}")
    fields = check.limits.model_fields
    _refuse_unknown(f"rubric: {key}", changes, list(fields))
    given = {name: _with_defaults(value, fields[name].default) for name, value in changes.items()}
    try:
        return check.limits.model_validate(given)
    except ValidationError as error:
        worst = min(error.errors(), key=lambda each: each["loc"][:1] not in [(name,) for name in given])
        raise ParameterError(f"rubric: {key}{complaint(check.limits, worst)}") from error


def _with_defaults(value: Any, default: Any) -> Any:
    """Make TOML's list the tuple that limits hold, with the default phrases in the place of ``"..."``."""
    if not isinstance(value, list) or not isinstance(default, tuple):
        return value
    return tuple(each for item in value for each in (default if item == "..." else [item]))


def to_data(rubric: Rubric) -> dict[str, Any]:
    """Turn a rubric into plain data: name, hash, and every value in force.

    Parameters
    ----------
    rubric : Rubric
        In force.

    Returns
    -------
    dict
        Tables as in TOML.
    """
    return {"name": rubric.name, "sha256": rubric.sha256, **_tables(rubric)}


def with_values(rubric: Rubric, changes: Mapping[str, Any], *, name: str | None = None) -> Rubric:
    """Change some values of a rubric.

    Parameters
    ----------
    rubric : Rubric
        What they are changed in.
    changes : mapping of str to Any
        New values by check and key, such as ``{"length.max_s": 25}``, or ``score.pass_mark``; None takes a
        value away.
    name : str or None
        Another name; None leaves it.

    Returns
    -------
    Rubric
        Its `text` holds every value.

    Raises
    ------
    ParameterError
        If a key is unknown, or a value has the wrong type or range.
    """
    data = {"name": name or rubric.name, **_tables(rubric)}
    for place, value in changes.items():
        check_id, _, key = place.partition(".")
        says = {each["id"]: each for each in data.get("say", [])}
        table = data.setdefault("score", {}) if check_id == "score" else says.get(check_id)
        table = data["checks"].get(check_id) if table is None else table
        if table is None:
            raise ParameterError(f"rubric: there is no check {check_id!r}")
        table[key] = value
        if value is None:
            del table[key]
    return parse_rubric(to_toml(_of_data(data, text="")))


def _tables(rubric: Rubric) -> dict[str, Any]:
    values = {name: limits.model_dump(mode="json") for name, limits in rubric.limits.items()}
    says = [values.pop(name) for name, limits in rubric.limits.items() if isinstance(limits, Say)]
    score = rubric.score.model_dump(mode="json", exclude_defaults=True)
    return {"checks": values, **({"say": says} if says else {}), **({"score": score} if score else {})}


def to_toml(rubric: Rubric) -> str:
    """Write every value in force as TOML, each with its unit and source.

    Parameters
    ----------
    rubric : Rubric
        In force.

    Returns
    -------
    str
        `parse_rubric` reads the same values from it.

    Examples
    --------
    >>> parse_rubric(to_toml(default_rubric())) == default_rubric()
    True
    """
    lines = [HEAD, f"name = {toml_value(rubric.name)}"]
    says = [limits for limits in rubric.limits.values() if isinstance(limits, Say)]
    for check in rubric.checks:
        if not isinstance(rubric.limits[check.id], Say):
            lines += ["", *_table_lines(check, rubric.limits[check.id])]
    for say in says:
        lines += ["", "[[say]]", *toml_lines(say.model_dump(mode="json", exclude_none=True))]
    score = rubric.score.model_dump(mode="json", exclude_defaults=True)
    weights = score.pop("weights", {})
    if score:
        lines += ["", "[score]", *toml_lines(score)]
    if weights:
        lines += ["", "[score.weights]", *toml_lines(weights)]
    return "\n".join(lines) + "\n"


def _table_lines(check: Check[Any], limits: Limits) -> Iterator[str]:
    about = (check.limits.__doc__ or check.title).strip().splitlines()[0]
    yield f"[checks.{check.id}]  # {about}"
    for name, value in limits.model_dump(mode="json").items():
        noted = note(check.limits, name)
        comment = "; ".join(filter(None, [noted.get("unit"), noted.get("source")]))
        line = f"{name} = {toml_value(value)}"
        yield f"{line}  # {comment}" if comment else line
