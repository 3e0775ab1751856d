"""A card as a notebook shows it: verdict, next step and a row a check."""

from __future__ import annotations

from html import escape

from voicecheck.report.words import VERDICTS, shown_verdict, told_once
from voicecheck.scorecard.card import Scorecard

COLOURS = {"pass": "#1a7f37", "fail": "#cf222e", "review": "#9a6700", "unsure": "#9a6700"}


def to_snippet(card: Scorecard) -> str:
    """Write a piece of HTML that needs no style sheet.

    Parameters
    ----------
    card : Scorecard
        What to show.

    Returns
    -------
    str
        With all text escaped.
    """
    told = told_once((check.verdict, check.evidence) for check in card.checks)
    rows = "".join(
        f"<tr><td>{_badge(shown_verdict(check.role, check.verdict))}</td><td>{escape(check.title)}</td>"
        f"<td>{escape(evidence)}</td></tr>"
        for check, evidence in zip(card.checks, told, strict=True)
    )
    tips = "".join(f"<li>{escape(tip.text)}</li>" for tip in card.other_tips)
    return (
        f"<div><p>{_badge(card.verdict)} <b>{escape(card.source.name)}</b><br>{escape(card.next_step)}</p>"
        f"<table>{rows}</table>{f'<ul>{tips}</ul>' if tips else ''}</div>"
    )


def _badge(verdict: str) -> str:
    return f'<b style="color:{COLOURS.get(verdict, "#57606a")}">{escape(VERDICTS[verdict])}</b>'
