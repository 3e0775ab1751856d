"""A rubric as a form: every value of every check, with its unit, range, source and default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from voicecheck.scorecard.check import Check
from voicecheck.scorecard.limits import note
from voicecheck.scorecard.rubric import Rubric, default_rubric

Kind = Literal["role", "number", "phrases", "text"]

LABELS = {
    "role": "What it does",
    "max": "At most",
    "min": "At least",
    "target": "Aim for",
    "error": "Too close to call within",
    "min_count": "At least",
    "min_share": "At least",
    "min_level": "Level at least",
    "min_snr": "Above the noise by at least",
    "max_clipped_share": "Share too loud and distorted, at most",
    "digits_per_s": "The pen writes",
    "digits_in_mind": "Kept in mind",
    "within_words": "Within the first",
    "max_other_words": "Other words at most",
    "max_per_100_words": "In 100 words at most",
    "min_confidence": "Confidence at least",
    "error_confidence": "Too close to call within",
    "sure_probability": "No digit in doubt from a probability of",
    "who": "Who you are",
    "where": "Where you are from",
    "addresses": "Ways to say their name",
    "empty": "Phrases that are no reason",
    "asks": "Asking for a call back",
    "promises": "Saying when you try again",
    "unless": "But not in",
    "closings": "Closing words",
    "phrases": "Phrases",
    "title": "Title",
    "rule": "must, or must_not, be said",
    "first_s": "Within the first seconds",
    "last_s": "Within the last seconds",
    "after": "After the entry",
    "advice": "Advice",
    "source": "Source",
}
"""What people call the keys of a rubric, with and without the unit that ends them."""

ROLES = {"required": "It counts", "tip": "A tip only", "off": "Off"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A value that can be changed.

    Parameters
    ----------
    key : str
        Check and key, such as ``length.max_s``.
    label, unit, source : str
        For people.
    kind : {"role", "number", "phrases", "text"}
        How it is entered.
    value, default : str
        As they are entered; a list of phrases has one a line.
    low, high : float or None
        Of a number.
    is_whole : bool
        Whether the number counts something.
    """

    key: str
    label: str
    unit: str
    source: str
    kind: Kind
    value: str
    default: str
    low: float | None = None
    high: float | None = None
    is_whole: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckFields:
    """A check of the form.

    Parameters
    ----------
    id, title, about : str
        The check, and what it looks at.
    role : Field
        Whether it counts.
    numbers, phrases : tuple of Field
        Its other values.
    """

    id: str
    title: str
    about: str
    role: Field
    numbers: tuple[Field, ...]
    phrases: tuple[Field, ...]


def form(rubric: Rubric) -> list[CheckFields]:
    """Lay a rubric out, in the order of the card; a value that no default has can be reset to what it is."""
    defaults = default_rubric()
    return [_part(check, rubric, defaults) for check in rubric.checks]


def _part(check: Check[Any], rubric: Rubric, defaults: Rubric) -> CheckFields:
    now = rubric.limits[check.id]
    default = defaults.limits.get(check.id, now)
    fields = [
        _field(check, name, getattr(now, name), getattr(default, name))
        for name in type(now).model_fields
        if name != "id"
    ]
    about = (check.limits.__doc__ or "").strip().partition("\n")[0]
    return CheckFields(
        id=check.id,
        title=check.title,
        about=about,
        role=next(each for each in fields if each.kind == "role"),
        numbers=tuple(each for each in fields if each.kind in ("number", "text")),
        phrases=tuple(each for each in fields if each.kind == "phrases"),
    )


def _field(check: Check[Any], name: str, value: Any, default: Any) -> Field:
    about = note(check.limits, name)
    stem = name.rpartition("_")[0]
    return Field(
        key=f"{check.id}.{name}",
        label=LABELS.get(name) or LABELS.get(stem) or name.replace("_", " ").capitalize(),
        unit=about.get("unit", ""),
        source=about.get("source", ""),
        kind=_kind(name, value, default),
        value=_written(value),
        default=_written(default),
        low=about.get("low"),
        high=about.get("high"),
        is_whole=isinstance(default, int),
    )


def _kind(name: str, value: Any, default: Any) -> Kind:
    if name == "role":
        return "role"
    if isinstance(default, tuple) or isinstance(value, tuple):
        return "phrases"
    return "number" if name in ("first_s", "last_s") or isinstance(default, int | float) else "text"


def _written(value: Any) -> str:
    r"""Write a value as it is entered.

    >>> _written(30.0), _written(("hi *", "hello")), _written(None)
    ('30', 'hi *\nhello', '')
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)
