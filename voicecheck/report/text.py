"""The card for a terminal: readable in 80 columns, without colour, and in a narrow window."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicecheck.linetest.survival import LineTest
from voicecheck.report.alignment import digit_grids, spelled
from voicecheck.report.data import line_test_dict, to_dict
from voicecheck.report.words import (
    VERDICTS,
    allowed,
    clock,
    measured,
    part_line,
    phone_line,
    said_parts,
    shown_verdict,
    sound_line,
    survival_line,
    survival_rows,
    told_once,
)
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.check import CheckResult, Tip
from voicecheck.speech.choice import DEFAULT_MODEL
from voicecheck.timing import Interval

STYLES = {
    "pass": "bold green",
    "fail": "bold red",
    "review": "bold yellow",
    "unsure": "yellow",
    "not_measured": "dim",
    "tip": "dim",
}
MARKS = {"^": "differs", "?": "hard to make out"}
INDENT = 13
"""Columns before a check's title: two blanks, the longest verdict, and a blank."""


def to_text(card: Scorecard, *, width: int = 80, colour: bool = False) -> str:
    """Print a card.

    Parameters
    ----------
    card : Scorecard
        What to print.
    width : int >= 20
        Columns.
    colour : bool
        Whether to use terminal colours.

    Returns
    -------
    str
        Lines of at most `width` columns, each ended by a newline.
    """
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=max(20, width),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    console.print(_card(card, console.width))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _card(card: Scorecard, width: int) -> Group:
    data = to_dict(card)
    parts: list[RenderableType] = [_headline(card), Text(card.next_step, style="bold"), Text("")]
    heard_by = "" if card.engine.model == DEFAULT_MODEL else f" Heard by: {card.engine.model}."
    parts += [Text(f"{sound_line(data)}.{heard_by} Judged by: {card.rubric.name}", style="dim")]
    part = part_line(card.part, card.measures.message)
    parts += [Text(part)] if part else []
    parts += [*_tips([tip for tip in card.other_tips if tip.heard is None]), Text("")]
    parts.append(_check_lines(card.checks, width))
    if card.recitations:
        parts += [Text(""), Text("Number as heard"), _number_table(data, card.settings.expected, card.region)]
    if card.line_test is not None:
        parts += [Text(""), *_line_test(card.line_test, card.region)]
    if data["phone"] is not None:
        shown = _wrapped(f'"{data["phone"]["text"]}"', width - 2)
        parts += [Text(""), Text(f"On their phone: {phone_line(data['phone'])}")]
        parts += [Padding(Text(shown, style="italic"), (0, 0, 0, 2))]
    if card.measures.message is not None:
        parts += [Text(""), Padding(_timeline(card, width - 2), (0, 0, 0, 2))]
    spoken = [tip for tip in card.other_tips if tip.heard is not None]
    if spoken:
        parts += [Text(""), *_tips(spoken)]
    if card.transcript.words:
        parts += [Text(""), *_transcript(card, width)]
    return Group(*parts)


def _transcript(card: Scorecard, width: int) -> list[RenderableType]:
    """All that was said; what is not the rep's stands dim, in brackets."""
    parts: list[RenderableType] = []
    for part, said in said_parts(card):
        is_message = part == "message"
        text = f'"{said}"' if is_message else f"[{said}]"
        parts.append(Text(_wrapped(text, width), style="italic" if is_message else "dim"))
    return parts


def _headline(card: Scorecard) -> Text:
    source = card.source
    channels = {1: "mono", 2: "stereo"}.get(source.channels, f"{source.channels} channels")
    channels += f", {source.side} channel" if source.side else ""
    facts = f"{card.duration_s:.1f} s, {source.codec}, {source.sample_rate_hz / 1000:g} kHz {channels}"
    return Text.assemble(
        (VERDICTS[card.status].upper(), STYLES.get(card.status, "bold")),
        (f"  {source.name}", "bold"),
        (f"  {card.score}" if card.score.of else ""),
        (f"  ({facts})", "dim"),
    )


def _tips(tips: Sequence[Tip]) -> list[RenderableType]:
    quotes = [f' "{tip.quote}"' if tip.quote else "" for tip in tips]
    return [Text(f"! {tip.text}{quote}{_when(tip.heard)}") for tip, quote in zip(tips, quotes, strict=True)]


def _when(heard: Interval | None) -> str:
    return f" (at {clock(heard.onset_s)})" if heard else ""


def _check_lines(checks: Sequence[CheckResult], width: int) -> Text:
    """Write one line a check; evidence that does not fit beside it goes under it."""
    lines = Text()
    groups = _told_together(checks)
    told = told_once((mates[0].verdict, mates[0].evidence) for mates in groups)
    for mates, evidence in zip(groups, told, strict=True):
        check = mates[0]
        heard = f"{clock(check.heard.onset_s)}-{clock(check.heard.offset_s)}" if check.heard else ""
        value = measured(check.value, check.unit)
        band = allowed(check.limit_min, check.limit_max, check.unit)
        facts = f"{check.title:17}{value:>8}  {band:7} {heard:13}".rstrip()
        if len(mates) > 1:
            facts = ", ".join(mate.title for mate in mates)
        fits = INDENT + len(facts) + 2 + len(evidence) <= width and len(mates) == 1
        body = f"{facts}  {evidence}" if fits else f"{facts}\n{evidence}"
        verdict = shown_verdict(check.role, check.verdict)
        word = VERDICTS[verdict].upper() if verdict == "fail" else VERDICTS[verdict]
        lines.append(f"  {word:{INDENT - 2}}", style=STYLES[verdict])
        lines.append(_indented(body, width) + "\n")
    lines.rstrip()
    return lines


def _told_together(checks: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Gather neighbours that could not be judged for the same reason: it is told once."""
    groups: list[list[CheckResult]] = []
    for check in checks:
        last = groups[-1][-1] if groups else None
        if last and check.verdict == last.verdict == "not_measured" and check.evidence == last.evidence:
            groups[-1].append(check)
        else:
            groups.append([check])
    return groups


def _indented(body: str, width: int) -> str:
    """Wrap each line of `body`, and set all but the first in by `INDENT`."""
    room = max(10, width - INDENT)
    wrapped = [part for line in body.splitlines() for part in _lines(line, room)]
    return f"\n{' ' * INDENT}".join(wrapped)


def _wrapped(text: str, width: int) -> str:
    return "\n".join(_lines(text, width))


def _lines(text: str, width: int) -> list[str]:
    """Wrap a text, but no number at its hyphens."""
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _number_table(card: Mapping[str, Any], expected: str | None, region: str) -> Table:
    """The sayings digit over digit, a mark under each digit that differs or is in doubt."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=8)
    table.add_column(no_wrap=True, min_width=15)
    table.add_column()
    for grid in digit_grids(card, expected, region):
        for saying in grid:
            digits, marks = spelled(saying, region)
            when = saying.title.lower() if saying.onset_s is None else clock(saying.onset_s)
            table.add_row(f"  {when}", digits, saying.note)
            if marks.strip():
                said = " and ".join(text for mark, text in MARKS.items() if mark in marks)
                table.add_row("", Text(marks, style=STYLES["fail"]), said)
    return table


def _line_test(test: LineTest, region: str) -> list[RenderableType]:
    """Say how often the number came through whole, and what was lost where it did not."""
    data = line_test_dict(test, region)
    if line := survival_line(data):
        return [Text(f"On bad phone lines: {line}")]
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column()
    for row in survival_rows(data):
        table.add_row(f"  {row.heard}", row.whole, f"hardest: {row.lost}" if row.lost else "")
    return [Text("On bad phone lines, the whole number"), table]


def _timeline(card: Scorecard, width: int) -> Text:
    """Draw the recording to scale: speech, pauses, recitations, the pen, and a ruler in seconds."""
    columns = max(10, min(width, 72))
    total_s = max(card.duration_s, 1e-3)
    row = [" "] * columns

    def paint(interval: Interval, mark: str) -> None:
        start = int(interval.onset_s / total_s * columns)
        stop = max(start + 1, round(interval.offset_s / total_s * columns))
        row[start : min(stop, columns)] = [mark] * (min(stop, columns) - start)

    if card.measures.message is not None:
        paint(card.measures.message, "-")
    for pause in card.measures.pauses:
        paint(pause, ".")
    for recitation in card.recitations:
        paint(recitation.interval, "#")
    lines, legend = ["".join(row)], "- speech   . pause   # number"
    pen = _pen_row(card, total_s, columns)
    if pen:
        lines, legend = [*lines, pen], f"{legend}   1 2 3 digits not yet written down"
    return Text("\n".join([*lines, _ruler(total_s, columns), *textwrap.wrap(legend, max(10, width))]))


def _pen_row(card: Scorecard, total_s: float, columns: int) -> str:
    """In each column the most digits not yet written down; empty if there never are any."""
    row = [0] * columns
    for wait in card.waits:
        start = int(wait.interval.onset_s / total_s * columns)
        stop = max(start + 1, round(wait.interval.offset_s / total_s * columns))
        for column in range(start, min(stop, columns)):
            row[column] = max(row[column], wait.n_digits)
    return "".join(str(min(count, 9)) if count else " " for count in row).rstrip()


def _ruler(total_s: float, columns: int) -> str:
    step_s = next(step for step in (1, 2, 5, 10, 20, 60, 120, 300) if total_s / step * 6 <= columns)
    ruler = [" "] * columns
    for tick in range(int(total_s // step_s) + 1):
        label = f"|{tick * step_s}" + ("s" if tick == 0 else "")
        at = int(tick * step_s / total_s * columns)
        if at + len(label) <= columns:
            ruler[at : at + len(label)] = label
    return "".join(ruler).rstrip()
