"""What a team wants to hear, or never to hear: `[[say]]` entries of a rubric as checks.

A phrase is words, `*` for any one word, `...` for up to `BETWEEN_MAX` of them, `{name}` for any name,
`{rep}`, `{company}` and `{prospect}` for names that are known, `{rep_first}` and `{prospect_first}` for
their first word, and `{number}` for the saying of a number. Recognisers mishear, so a word of five letters or
more matches one that shares `WORD_ALIKE_MIN` per cent of its letters, and a name matches words that together
share `NAME_ALIKE_MIN` per cent of its letters or sound the same (Metaphone). Words that change nothing, such
as "um" and "just", are passed over. What must not be said has to be heard to the letter to fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Phrases, not_measured
from voicecheck.scorecard.phrases import PASSED_OVER, Match, Quote, SpokenText

BETWEEN_MAX = 5

WORD_ALIKE_MIN = 85.0

NAME_ALIKE_MIN = 80.0

FILLED = {
    "rep": "rep",
    "rep_first": "rep",
    "company": "company",
    "prospect": "prospect",
    "prospect_first": "prospect",
}
"""What a phrase may name, and which of the names that are known it is."""

_PART = re.compile(r"\{\w+\}|\.\.\.|\*|[^\W_]+(?:'[^\W_]+)*")


class Say(check.Limits):
    """A phrase that must be said, or must not."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, StringConstraints(pattern=r"\S")]
    phrases: Annotated[Phrases, Field(min_length=1)]
    rule: Literal["must", "must_not"] = "must"
    first_s: Annotated[float, Field(gt=0, le=600)] | None = None
    last_s: Annotated[float, Field(gt=0, le=600)] | None = None
    after: str | None = None
    advice: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _parts_are_known(self) -> Self:
        for phrase in self.phrases:
            unknown = set(re.findall(r"\{(\w+)\}", phrase)) - {*FILLED, "name", "number"}
            if unknown or not _PART.findall(phrase):
                known = ", ".join(f"{{{name}}}" for name in ("name", "number", *FILLED))
                raise ValueError(f"phrase {phrase!r} must have words, *, ... or {known}")
        return self

    def check(self) -> Check[Say]:
        """Make the check that looks for it."""
        return Check(
            id=self.id,
            title=self.title,
            unit="s" if self.first_s is not None else "",
            priority=72,
            limits=Say,
            judge=judge,
            of_words=True,
        )


@dataclass(frozen=True, kw_only=True)
class _Quoted:
    """Where a phrase was heard, and whether to the letter."""

    match: Match
    quote: Quote
    is_exact: bool


def judge(evidence: Evidence, limits: Say) -> CheckResult | None:
    """Look for the phrases of an entry in the part of the message that it names.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the names that were given.
    limits : Say
        The entry of the rubric.

    Returns
    -------
    CheckResult or None
        None where a name that it needs was not given.
    """
    unknown = _unknown_names(evidence, limits)
    if len(unknown) == len(limits.phrases):
        return not_measured(f"the {' and the '.join(sorted(set(unknown)))} to listen for is not known")
    message = evidence.measures.message
    if message is None:
        return not_measured("no words were heard")
    found = list(_heard(evidence, limits))
    inside = [each for each in found if _is_in_place(each.quote, evidence, limits)]
    first = inside[0] if inside else None
    if limits.rule == "must_not":
        return _must_not(limits, inside)
    if first is None:
        late = f"only at {found[0].quote.heard.onset_s - message.onset_s:.1f} s" if found else "not heard"
        return CheckResult(
            verdict="fail",
            limit_max=limits.first_s,
            evidence=late,
            advice=limits.advice or f"{limits.title}: say {_quoted(limits.phrases[0])}{_where(limits)}.",
        )
    return CheckResult(
        verdict="pass",
        value=first.quote.heard.onset_s - message.onset_s,
        limit_max=limits.first_s,
        evidence=_quoted(first.quote.text),
        heard=first.quote.heard,
        quote=first.quote.text,
    )


def _must_not(limits: Say, found: list[_Quoted]) -> CheckResult:
    if not found:
        return CheckResult(verdict="pass")
    worst = next((each for each in found if each.is_exact), found[0])
    return CheckResult(
        verdict="fail" if worst.is_exact else "unsure",
        evidence=_quoted(worst.quote.text),
        heard=worst.quote.heard,
        quote=worst.quote.text,
        advice=limits.advice or f"Leave out {_quoted(worst.quote.text)}.",
    )


def _where(limits: Say) -> str:
    if limits.first_s is not None:
        return f" within the first {limits.first_s:g} seconds"
    return "" if limits.last_s is None else f" in the last {limits.last_s:g} seconds"


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text.rstrip('.!?,')}\N{RIGHT DOUBLE QUOTATION MARK}"


def _unknown_names(evidence: Evidence, limits: Say) -> list[str]:
    """For each phrase that wants a name that nobody gave, that name's kind."""
    return [
        FILLED[name]
        for phrase in limits.phrases
        for name in re.findall(r"\{(\w+)\}", phrase)[:1]
        if name in FILLED and not getattr(evidence, FILLED[name])
    ]


def _is_in_place(quote: Quote, evidence: Evidence, limits: Say) -> bool:
    message, at_s = evidence.measures.message, quote.heard.onset_s
    assert message is not None
    if limits.first_s is not None and at_s - message.onset_s > limits.first_s:
        return False
    if limits.last_s is not None and message.offset_s - at_s > limits.last_s:
        return False
    other = evidence.limits.get(limits.after or "")
    if not isinstance(other, Say) or other is limits:
        return True
    before = next(_heard(evidence, other), None)
    return before is None or at_s >= before.quote.heard.onset_s


def _heard(evidence: Evidence, limits: Say) -> Iterator[_Quoted]:
    """Find the phrases, in the order in which they were said."""
    text = evidence.text
    spelled = [_spelled(phrase, evidence) for phrase in limits.phrases]
    for start, token in enumerate(text.tokens):
        if token.is_mark:
            continue
        for phrase, parts in zip(limits.phrases, spelled, strict=True):
            for is_exact in (True, False):
                end = _end(text, parts, start, evidence, is_exact=is_exact) if parts else 0
                if end:
                    match = Match(phrase=phrase, start=start, end=end)
                    yield _Quoted(match=match, quote=text.quote(start, end), is_exact=is_exact)
                    break


def _spelled(phrase: str, evidence: Evidence) -> tuple[str, ...]:
    """Part a phrase, with the names filled in; nothing if one of them is not known."""
    parts: list[str] = []
    for part in _PART.findall(phrase.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        name = part.strip("{}")
        if name not in FILLED or part == name:
            parts += [part] if part[0] in "{.*" else SpokenText.parts(part)
            continue
        known = getattr(evidence, FILLED[name])
        if not known:
            return ()
        parts.append("=" + (known.split()[0] if name.endswith("_first") else known))
    return tuple(parts)


def _end(text: SpokenText, parts: tuple[str, ...], at: int, evidence: Evidence, *, is_exact: bool) -> int:
    """Where a phrase that starts at a token ends; 0 if it does not stand there."""
    if not parts:
        return at
    tokens, part = text.tokens, parts[0]
    go_on = partial(_end, text, parts[1:], evidence=evidence, is_exact=is_exact)
    while at < len(tokens) and (tokens[at].is_mark or tokens[at].text in PASSED_OVER - {part}):
        at += 1
    if at >= len(tokens):
        return 0
    if part == "...":
        return next((end for n in range(BETWEEN_MAX + 1) if (end := go_on(at=at + n))), 0)
    if part == "{number}":
        after = _after_number(text, at, evidence)
        return go_on(at=after) if after else 0
    if part.startswith("="):
        sizes = _name_sizes(text, part[1:], at, is_exact=is_exact)
        return next((end for n in sizes if (end := go_on(at=at + n))), 0)
    if part == "{name}":
        return go_on(at=at + 1) if tokens[at].is_name else 0
    if part == "*" or _is_word(part, tokens[at].text, is_exact=is_exact):
        return go_on(at=at + 1)
    return 0


def _is_word(wanted: str, heard: str, *, is_exact: bool) -> bool:
    from rapidfuzz.fuzz import ratio

    wanted = wanted.lower()
    return wanted == heard or (not is_exact and len(wanted) > 4 and ratio(wanted, heard) >= WORD_ALIKE_MIN)


def _name_sizes(text: SpokenText, name: str, at: int, *, is_exact: bool) -> list[int]:
    """How many tokens from here may be a name: as many as it has words, one more or one less."""
    import jellyfish
    from rapidfuzz.fuzz import ratio

    words = re.findall(r"[^\W_]+", name.lower())
    wanted = "".join(words)
    sizes: list[int] = []
    for n in (len(words), len(words) + 1, len(words) - 1):
        heard = "".join(token.text for token in text.tokens[at : at + n] if not token.is_mark)
        if n < 1 or not heard:
            continue
        is_alike = ratio(wanted, heard) >= NAME_ALIKE_MIN or jellyfish.metaphone(
            wanted
        ) == jellyfish.metaphone(heard)
        if wanted == heard or (is_alike and not is_exact):
            sizes.append(n)
    return sizes


def _after_number(text: SpokenText, at: int, evidence: Evidence) -> int:
    """Index of the token after the recitation that a token lies in; 0 if it lies in none."""
    words, home = text.words, text.tokens[at].word
    middle_s = (words[home].onset_s + words[home].offset_s) / 2
    number = next(
        (
            each.interval
            for each in evidence.recitations
            if each.interval.onset_s <= middle_s < each.interval.offset_s
        ),
        None,
    )
    if number is None:
        return 0
    inside = [index for index, token in enumerate(text.tokens) if words[token.word].onset_s < number.offset_s]
    return inside[-1] + 1
