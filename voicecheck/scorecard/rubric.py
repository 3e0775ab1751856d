"""The limits that a message is judged by: a TOML file, read over the defaults and validated key by key."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from typing import Any, Literal, get_args

from voicecheck.errors import ParameterError
from voicecheck.scorecard.toml import read_toml

Role = Literal["required", "tip", "off"]


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ParameterError(f"{name} must lie between {low:g} and {high:g}, got {value:g}")


@dataclass(frozen=True, kw_only=True)
class LengthLimits:
    """Limits of the check `length`, in seconds."""

    role: Role
    target_s: float
    max_s: float
    error_s: float

    def __post_init__(self) -> None:
        _check_range("length.max_s", self.max_s, 1, 600)
        _check_range("length.target_s", self.target_s, 0, self.max_s)
        _check_range("length.error_s", self.error_s, 0, self.max_s)


@dataclass(frozen=True, kw_only=True)
class PaceLimits:
    """Limits of the check `pace`, in spoken words per minute."""

    role: Role
    min_wpm: float
    max_wpm: float
    error_wpm: float

    def __post_init__(self) -> None:
        _check_range("pace.max_wpm", self.max_wpm, 1, 1000)
        _check_range("pace.min_wpm", self.min_wpm, 0, self.max_wpm)
        _check_range("pace.error_wpm", self.error_wpm, 0, self.max_wpm)


@dataclass(frozen=True, kw_only=True)
class CountLimits:
    """Limit of the checks `number_given` and `number_repeated`."""

    role: Role
    min_count: int

    def __post_init__(self) -> None:
        _check_range("min_count", self.min_count, 1, 10)


@dataclass(frozen=True, kw_only=True)
class AgreementLimits:
    """The check `number_agrees` has a role and no limit."""

    role: Role


@dataclass(frozen=True, kw_only=True)
class NumberPaceLimits:
    """Limit of the check `number_pace`, in digits per second."""

    role: Role
    max_dps: float
    error_dps: float

    def __post_init__(self) -> None:
        _check_range("number_pace.max_dps", self.max_dps, 0.1, 20)
        _check_range("number_pace.error_dps", self.error_dps, 0, self.max_dps / 2)


@dataclass(frozen=True, kw_only=True)
class ClarityLimits:
    """Limit of the check `number_clear`, as a confidence from 0 to 1."""

    role: Role
    min_confidence: float
    error_confidence: float

    def __post_init__(self) -> None:
        _check_range("number_clear.min_confidence", self.min_confidence, 0, 1)
        _check_range("number_clear.error_confidence", self.error_confidence, 0, 1)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """All checks of a rubric, in the order of the card."""

    length: LengthLimits
    pace: PaceLimits
    number_given: CountLimits
    number_repeated: CountLimits
    number_agrees: AgreementLimits
    number_pace: NumberPaceLimits
    number_clear: ClarityLimits


@dataclass(frozen=True, kw_only=True)
class PenLimits:
    """The listener with a pen: how fast they write, and how many digits they keep in mind."""

    role: Role
    digits_per_s: float
    digits_in_mind: int

    def __post_init__(self) -> None:
        _check_range("digits_per_s", self.digits_per_s, 0.5, 10)
        _check_range("digits_in_mind", self.digits_in_mind, 1, 20)


Phrases = tuple[str, ...]
"""Phrases as the rubric's comments explain them: words, ``*``, ``{name}``, commas."""


@dataclass(frozen=True, kw_only=True)
class IntroductionAdvice:
    """Ways to say who you are and where you are from, and within how many words both should be said."""

    role: Role
    within_words: int
    who: Phrases
    where: Phrases

    def __post_init__(self) -> None:
        _check_range("within_words", self.within_words, 5, 200)


@dataclass(frozen=True, kw_only=True)
class ReasonAdvice:
    """What says nothing about why you call; a message with no more than so many other words has no reason."""

    role: Role
    max_other_words: int
    empty: Phrases

    def __post_init__(self) -> None:
        _check_range("max_other_words", self.max_other_words, 0, 50)


@dataclass(frozen=True, kw_only=True)
class NextTryAdvice:
    """Ways to ask for a call back, but for where nothing is asked, and to say that you will try again."""

    role: Role
    asks: Phrases
    promises: Phrases
    unless: Phrases


@dataclass(frozen=True, kw_only=True)
class FillersAdvice:
    """Words that fill a gap, but for where they mean something, and how many are too many."""

    role: Role
    max_per_100_words: float
    min_count: int
    phrases: Phrases
    unless: Phrases

    def __post_init__(self) -> None:
        _check_range("max_per_100_words", self.max_per_100_words, 0, 100)
        _check_range("min_count", self.min_count, 1, 100)


@dataclass(frozen=True, kw_only=True)
class WornOutAdvice:
    """Phrases that everybody uses, but for where they mean something."""

    role: Role
    phrases: Phrases
    unless: Phrases


@dataclass(frozen=True, kw_only=True)
class NumberLastAdvice:
    """What may follow the number without protecting it from a cut-off."""

    role: Role
    max_other_words: int
    closings: Phrases

    def __post_init__(self) -> None:
        _check_range("max_other_words", self.max_other_words, 0, 50)


@dataclass(frozen=True, kw_only=True)
class ProspectNameAdvice:
    """Ways to call the listener by name."""

    role: Role
    addresses: Phrases


@dataclass(frozen=True, kw_only=True)
class Advice:
    """All tips from the words, in the order of the card."""

    introduction: IntroductionAdvice
    prospect_name: ProspectNameAdvice
    reason: ReasonAdvice
    next_try: NextTryAdvice
    number_last: NumberLastAdvice
    worn_out: WornOutAdvice
    fillers: FillersAdvice


_ADVICE_TYPES: dict[str, type[Any]] = {
    "introduction": IntroductionAdvice,
    "prospect_name": ProspectNameAdvice,
    "reason": ReasonAdvice,
    "next_try": NextTryAdvice,
    "number_last": NumberLastAdvice,
    "worn_out": WornOutAdvice,
    "fillers": FillersAdvice,
}

_LIMIT_TYPES: dict[str, type[Any]] = {
    "length": LengthLimits,
    "pace": PaceLimits,
    "number_given": CountLimits,
    "number_repeated": CountLimits,
    "number_agrees": AgreementLimits,
    "number_pace": NumberPaceLimits,
    "number_clear": ClarityLimits,
}


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """A named set of limits.

    Parameters
    ----------
    name : str
        Shown on the card.
    limits : Limits
        One entry per check.
    pen : PenLimits
        The listener who writes the number down.
    advice : Advice
        What the tips from the words go by.
    text : str
        The TOML that it was read from, comments included; not part of equality.
    """

    name: str
    limits: Limits
    pen: PenLimits
    advice: Advice
    text: str = field(compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """Of the values in force, so that comments and order do not matter."""
        values = json.dumps({"name": self.name, **_tables(self)}, sort_keys=True)
        return hashlib.sha256(values.encode()).hexdigest()


def default_rubric() -> Rubric:
    """Read the rubric `sales-voicemail`, which comes with the package."""
    return _read(_default_text(), base={})


def parse_rubric(text: str) -> Rubric:
    """Read a rubric; what it leaves out keeps its default.

    Parameters
    ----------
    text : str
        TOML with an optional `name` and a table ``[checks.ID]`` for each check that differs.

    Raises
    ------
    ParameterError
        If the text is not TOML, or a key is unknown, or a value has the wrong type or range; the message
        names the key, the value and what is allowed.
    """
    return _read(text, base=tomllib.loads(_default_text()))


def _default_text() -> str:
    return files("voicecheck").joinpath("rubrics/sales-voicemail.toml").read_text(encoding="utf-8")


def _read(text: str, *, base: dict[str, Any]) -> Rubric:
    data = read_toml(text)
    _refuse_unknown("rubric", data, ["name", "checks", "pen", "advice"])
    name = data.get("name", "custom")
    if not isinstance(name, str) or not name.strip():
        raise ParameterError(f"rubric: name must be a text that is not empty, got {name!r}")
    return Rubric(
        name=name,
        limits=Limits(**_read_tables("checks", _LIMIT_TYPES, base, data)),
        pen=_read_table("pen", PenLimits, base.get("pen", {}), data.get("pen", {})),
        advice=Advice(**_read_tables("advice", _ADVICE_TYPES, base, data)),
        text=text,
    )


def _read_tables(
    key: str, types: dict[str, type[Any]], base: dict[str, Any], data: dict[str, Any]
) -> dict[str, Any]:
    changes = data.get(key, {})
    if not isinstance(changes, dict):
        raise ParameterError(f"rubric: {key} must be tables [{key}.ID], got {changes!r}")
    _refuse_unknown(f"rubric: {key}", changes, list(types))
    return {
        name: _read_table(f"{key}.{name}", table, base.get(key, {}).get(name, {}), changes.get(name, {}))
        for name, table in types.items()
    }


def _read_table(key: str, limit_type: type[Any], base: dict[str, Any], changes: Any) -> Any:
    if not isinstance(changes, dict):
        raise ParameterError(f"rubric: {key} must be a table, got {changes!r}")
    kinds = {each.name: str(each.type) for each in fields(limit_type)}
    _refuse_unknown(f"rubric: {key}", changes, list(kinds))
    given = {
        name: _with_defaults(value, base.get(name)) if kinds[name] == "Phrases" else value
        for name, value in changes.items()
    }
    values = {name: _typed(f"{key}.{name}", kinds[name], value) for name, value in {**base, **given}.items()}
    if not key.startswith("checks.") and values["role"] == "required":
        raise ParameterError(f"rubric: {key}.role must be one of tip, off, got 'required'")
    try:
        return limit_type(**values)
    except ParameterError as error:
        raise ParameterError(f"rubric: {key}: {error}") from error


def _with_defaults(phrases: Any, default: list[str] | None) -> Any:
    """Put the default phrases in the place of ``"..."``."""
    if not isinstance(phrases, list):
        return phrases
    return [each for item in phrases for each in ((default or []) if item == "..." else [item])]


def _typed(key: str, kind: str, value: Any) -> Any:
    """Give a value in the type that its key wants, so that 25 and 25.0 are the same limit."""
    if kind == "Role":
        if value not in get_args(Role):
            allowed = ", ".join(get_args(Role))
            raise ParameterError(f"rubric: {key} must be one of {allowed}, got {value!r}")
        return value
    if kind == "Phrases":
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise ParameterError(f"rubric: {key} must be a list of phrases, got {value!r}")
        return tuple(value)
    whole = kind == "int"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        wanted = "a whole number" if whole else "a number"
        raise ParameterError(f"rubric: {key} must be {wanted}, got {value!r}")
    return value if whole else float(value)


def _refuse_unknown(where: str, data: dict[str, Any], allowed: list[str]) -> None:
    for key in data:
        if key not in allowed:
            raise ParameterError(f"{where}: unknown key {key!r}; allowed: {', '.join(allowed)}")


def to_data(rubric: Rubric) -> dict[str, Any]:
    """Turn a rubric into plain data: name, hash, and every value in force."""
    return {"name": rubric.name, "sha256": rubric.sha256, **_tables(rubric)}


def _tables(rubric: Rubric) -> dict[str, Any]:
    return {"checks": asdict(rubric.limits), "pen": asdict(rubric.pen), "advice": asdict(rubric.advice)}


def to_toml(rubric: Rubric) -> str:
    """Write every value in force as TOML.

    >>> parse_rubric(to_toml(default_rubric())) == default_rubric()
    True
    """
    tables = {f"checks.{name}": values for name, values in asdict(rubric.limits).items()}
    tables["pen"] = asdict(rubric.pen)
    tables |= {f"advice.{name}": values for name, values in asdict(rubric.advice).items()}
    lines = [f"name = {json.dumps(rubric.name, ensure_ascii=False)}"]
    for key, values in tables.items():
        lines += [
            "",
            f"[{key}]",
            *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()),
        ]
    return "\n".join(lines)
