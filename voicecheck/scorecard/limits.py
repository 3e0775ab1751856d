"""What a team can set of a check: its role, its values with their ranges, and its lists of phrases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import ErrorDetails

from voicecheck.scorecard.phrases import default_phrases

Role = Literal["required", "tip", "off"]

Phrase = Annotated[str, StringConstraints(pattern=r"\S")]
Phrases = Annotated[
    tuple[Phrase, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
]
"""Phrases as `rubrics/phrases.toml` explains them: words, ``*``, ``{name}``, commas."""


class Limits(BaseModel):
    """What a team can set of a check: its role, and in a class of its own each value with its range.

    The first line of the docstring stands above the check's table in `voicecheck rubric`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    role: Role = "required"

    @model_validator(mode="before")
    @classmethod
    def _unwritten_values_follow(cls, given: Any) -> Any:
        """Move a default out of the way of a value that was written, rather than refuse what nobody wrote."""
        if not isinstance(given, dict):
            return given
        values = dict(given)
        for name, rule in _bounds(cls).items():
            other = values.get(rule.other, cls.model_fields[rule.other].default)
            if (
                name not in values
                and _is_number(other)
                and not rule.holds(cls.model_fields[name].default, other)
            ):
                values[name] = other if rule.otherwise is None else rule.otherwise
        return values

    @model_validator(mode="after")
    def _values_fit_together(self) -> Self:
        for name, rule in _bounds(type(self)).items():
            value, other = getattr(self, name), getattr(self, rule.other)
            if not rule.holds(value, other):
                which = "most" if rule.is_upper else "least"
                raise ValueError(f"{name} must be at {which} {rule.other}, {other:g}, got {value:g}")
        return self


@dataclass(frozen=True, kw_only=True)
class _Bound:
    """A limit that another one bounds."""

    other: str
    is_upper: bool
    otherwise: float | None

    def holds(self, value: float, other: float) -> bool:
        return value <= other if self.is_upper else value >= other


def _bounds(limits: type[Limits]) -> dict[str, _Bound]:
    noted = {name: note(limits, name) for name in limits.model_fields}
    return {
        name: _Bound(other=about["bounded_by"], is_upper=about["is_upper"], otherwise=about["otherwise"])
        for name, about in noted.items()
        if about.get("bounded_by")
    }


def note(limits: type[Limits], name: str) -> dict[str, Any]:
    """Tell what `limit` noted of a value: its range, unit and source; empty for values that are no limits.

    Parameters
    ----------
    limits : type[Limits]
        Of a check.
    name : str
        One of its values.

    Returns
    -------
    dict
        Keys ``low``, ``high``, ``unit``, ``source``, and those of a bound by another value.
    """
    extra = limits.model_fields[name].json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def limit(
    default: float,
    *,
    low: float,
    high: float,
    unit: str = "",
    source: str = "",
    at_most: str | None = None,
    at_least: str | None = None,
    otherwise: float | None = None,
) -> Any:
    """Declare a value of `Limits`.

    Parameters
    ----------
    default : float
        In force where a rubric says nothing.
    low, high : float
        What a rubric may set.
    unit, source : str
        Stand beside the value in `voicecheck rubric`.
    at_most, at_least : str or None
        Another value of the same limits, beyond which this one makes no sense. Where only the other one is
        written, the default gives way to it.
    otherwise : float or None
        What the default gives way to; None for the other value.

    Returns
    -------
    object
        What pydantic takes for a field.
    """
    about: dict[str, Any] = {"low": low, "high": high, "unit": unit, "source": source}
    bound: dict[str, Any] = {
        "bounded_by": at_most or at_least,
        "is_upper": at_most is not None,
        "otherwise": otherwise,
    }
    return Field(default, ge=low, le=high, json_schema_extra={**about, **bound})


def phrase_list(check_id: str, name: str) -> Any:
    """Declare a list of phrases of `Limits`, with the package's own as default.

    Parameters
    ----------
    check_id : str
        Of a check that comes with voicecheck.
    name : str
        Of the list.

    Returns
    -------
    object
        What pydantic takes for a field.
    """
    return Field(default_phrases(check_id, name))


def complaint(limits: type[Limits], error: ErrorDetails) -> str:
    """Say in plain words what is wrong with a value.

    Parameters
    ----------
    limits : type[Limits]
        That refused it.
    error : ErrorDetails
        Why, as pydantic has it.

    Returns
    -------
    str
        What follows the name of the check: the key, what it must be, and what it is.
    """
    if not error["loc"]:
        return f": {error['msg'].removeprefix('Value error, ')}"
    name, got = str(error["loc"][0]), error["input"]
    about, default = note(limits, name), limits.model_fields[name].default
    if name == "role":
        wanted = f"one of {', '.join(get_args(Role))}"
    elif isinstance(default, tuple):
        wanted = "a list of phrases"
    elif error["type"] in ("greater_than_equal", "less_than_equal", "finite_number"):
        return f".{name} must lie between {about['low']:g} and {about['high']:g}, got {got:g}"
    else:
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}.get(
            type(default), "a text"
        )
    return f".{name} must be {wanted}, got {got!r}"


L = TypeVar("L", bound=Limits)
