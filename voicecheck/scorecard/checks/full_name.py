"""Does the caller say first and last name?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, said
from voicecheck.scorecard.names import is_heard_as, name_parts, own_names
from voicecheck.scorecard.phrases import ordinary_words


class Limits(check.Limits):
    """Your first and your last name."""

    role: check.Role = "tip"


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Look for both names of the rep; for two names where somebody is introduced, if theirs are not known.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the names that were given.
    limits : Limits
        Nothing but its role.

    Returns
    -------
    CheckResult or None
        None where no name was said, or where it is not certain that one is missing.
    """
    del limits
    parts = name_parts(evidence.rep)
    missing = _missing(evidence, parts) if parts else _missing_unknown(evidence)
    if missing is None:
        return None
    if not missing:
        return CheckResult(verdict="pass")
    names = list(own_names(evidence))
    first, last = (names[0][0], names[0][-1] + 1) if names else (0, evidence.text.nth_word(6))
    return said(
        "fail",
        evidence.text.quote(first, last),
        f"Say your {missing} too: there may be more than one of that name.",
        evidence=f"no {missing} was heard",
    )


def _missing(evidence: Evidence, parts: list[str]) -> str | None:
    """Which of two known names is missing; None if there is one only, or none is said."""
    wanted = (parts[0], parts[-1])
    is_said = [any(is_heard_as(part, token) for token in evidence.text.tokens) for part in wanted]
    if len(parts) == 1 or not any(is_said):
        return None
    return "" if all(is_said) else "last name" if is_said[0] else "first name"


def _missing_unknown(evidence: Evidence) -> str | None:
    """Whether only one name is introduced; None where the next word may be one that got no capital."""
    names = list(own_names(evidence))
    if any(len(name) > 1 for name in names):
        return ""
    tokens = [*evidence.text.tokens, None]
    nexts = [tokens[name[-1] + 1] for name in names]
    is_certain = all(each is None or each.is_mark or each.text in ordinary_words() for each in nexts)
    return "last name" if names and is_certain else None


CHECK = Check(id="full_name", title="Full name", priority=92, limits=Limits, judge=judge, of_words=True)
