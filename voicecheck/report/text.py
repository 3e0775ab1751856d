"""The card for a terminal: readable in 80 columns, without colour, and in a narrow window."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicecheck.linetest.survival import LineTest
from voicecheck.numbers.compare import Difference, differences
from voicecheck.numbers.plan import display
from voicecheck.numbers.recitations import Recitation
from voicecheck.report.data import condition_dict, line_test_dict
from voicecheck.report.words import condition_line, survival_rows
from voicecheck.scorecard.card import Scorecard, Tip
from voicecheck.scorecard.check import Check
from voicecheck.timing import Interval

STYLES = {
    "pass": "bold green",
    "fail": "bold red",
    "review": "bold yellow",
    "unsure": "yellow",
    "not_measured": "dim",
}
WORDS = {"fail": "FAIL", "not_measured": "open"}
UNITS = {"s": " s", "words/min": " wpm", "digits/s": " /s"}
INDENT = 9
"""Columns before a check's title: two blanks and the longest verdict."""


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
    parts: list[RenderableType] = [_headline(card), Text(card.next_step, style="bold"), Text("")]
    condition = condition_dict(card.measures.condition)
    line = condition_line(condition, is_speech=bool(card.transcript.words))
    parts += [Text(f"Recording: {line}", style="dim")]
    parts += [*_tips([tip for tip in card.other_tips if tip.heard is None]), Text("")]
    parts.append(_check_lines(card.checks, width))
    if card.recitations:
        parts += [Text(""), Text("Number as heard"), _number_table(card)]
    if card.line_test is not None:
        parts += [Text(""), *_line_test(card.line_test, card.region)]
    if card.measures.message is not None:
        parts += [Text(""), Padding(_timeline(card, width - 2), (0, 0, 0, 2))]
    spoken = [tip for tip in card.other_tips if tip.heard is not None]
    if spoken:
        parts += [Text(""), *_tips(spoken)]
    if card.transcript.words:
        parts += [Text(""), Text(f'"{card.transcript.text}"', style="italic")]
    return Group(*parts)


def _headline(card: Scorecard) -> Text:
    source = card.source
    channels = {1: "mono", 2: "stereo"}.get(source.channels, f"{source.channels} channels")
    facts = f"{card.duration_s:.1f} s, {source.codec}, {source.sample_rate_hz / 1000:g} kHz {channels}"
    return Text.assemble(
        (card.verdict.upper(), STYLES[card.verdict]),
        (f"  {source.name}", "bold"),
        (f"  ({facts})", "dim"),
    )


def _tips(tips: Sequence[Tip]) -> list[RenderableType]:
    quotes = [f' "{tip.quote}"' if tip.quote else "" for tip in tips]
    return [Text(f"! {tip.text}{quote}{_when(tip.heard)}") for tip, quote in zip(tips, quotes, strict=True)]


def _when(heard: Interval | None) -> str:
    return f" (at {_clock(heard.onset_s)})" if heard else ""


def _clock(time_s: float) -> str:
    return f"{int(time_s // 60)}:{time_s % 60:04.1f}"


def _check_lines(checks: Sequence[Check], width: int) -> Text:
    """Write one line a check; evidence that does not fit beside it goes under it."""
    shared = all(check.evidence == checks[0].evidence for check in checks)
    lines = Text()
    for check in checks:
        heard = f"{_clock(check.heard.onset_s)}-{_clock(check.heard.offset_s)}" if check.heard else ""
        facts = f"{check.title:17}{_value(check):>8}  {_limit(check):7} {heard:13}"
        evidence = "" if shared else check.evidence
        fits = INDENT + len(facts) + 2 + len(evidence) <= width
        body = f"{facts}  {evidence}" if fits else f"{facts}\n{evidence}"
        lines.append(f"  {WORDS.get(check.verdict, check.verdict):{INDENT - 2}}", style=STYLES[check.verdict])
        lines.append(_indented(body, width) + "\n")
    lines.rstrip()
    return lines


def _indented(body: str, width: int) -> str:
    """Wrap each line of `body`, and set all but the first in by `INDENT`."""
    room = max(10, width - INDENT)
    wrapped = [part for line in body.splitlines() for part in textwrap.wrap(line, room)]
    return f"\n{' ' * INDENT}".join(wrapped)


def _value(check: Check) -> str:
    if check.value is None:
        return ""
    decimals = {"s": 1, "words/min": 0, "digits/s": 2, "confidence": 2}.get(check.unit, 0)
    return f"{check.value:.{decimals}f}{UNITS.get(check.unit, '')}"


def _limit(check: Check) -> str:
    low, high = check.limit_min, check.limit_max
    if low is not None and high is not None:
        return f"{low:g}-{high:g}"
    if high is not None:
        return f"max {high:g}"
    return "" if low is None else f"min {low:g}"


def _number_table(card: Scorecard) -> Table:
    """The recitations digit over digit, a mark under each digit that differs from the first saying."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(no_wrap=True)
    first = next((each for each in card.recitations if each.full), card.recitations[0])
    shown = [display(each.digits, region=card.region) for each in card.recitations]
    n_columns = max(map(len, shown))
    for recitation, text in zip(card.recitations, shown, strict=True):
        rate = "" if recitation.rate_dps != recitation.rate_dps else f"{recitation.rate_dps:.2f} digits/s"
        when = _clock(recitation.interval.onset_s)
        extension = f" ext. {recitation.extension}" if recitation.extension else ""
        kind = "" if recitation.full else "in part"
        table.add_row(f"  {when}", text.rjust(n_columns) + extension, rate, kind)
        marks = _marks(first, recitation, text)
        if marks.strip():
            table.add_row("", Text(marks.rjust(n_columns), style=STYLES["fail"]), "differs", "")
    return table


def _marks(first: Recitation, recitation: Recitation, text: str) -> str:
    """Carets under the digits of `text` that differ from the first saying or are in doubt."""
    found: Sequence[Difference] = ()
    if recitation.full:
        found = differences(first.digits.lstrip("+"), recitation.digits.lstrip("+"))
    marked = {
        place for each in found for place in range(each.second_at, each.second_at + max(1, len(each.second)))
    }
    columns = [column for column, letter in enumerate(text) if letter.isdigit()]
    under = {columns[min(place, len(columns) - 1)] for place in marked}
    return "".join("^" if column in under else " " for column in range(len(text)))


def _line_test(test: LineTest, region: str) -> list[RenderableType]:
    """Say how often the number came through whole, and what was lost where it did not."""
    if test.why_not:
        return [Text(f"On bad lines: not tested, {test.why_not}")]
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column()
    for row in survival_rows(line_test_dict(test, region)):
        table.add_row(f"  {row.heard}", row.whole, f"most lost: {row.lost}" if row.lost else "")
    return [Text(f"On {test.n_lines} simulated bad lines"), table]


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
        lines, legend = [*lines, pen], f"{legend}   1 2 3 digits that wait for a pen"
    return Text("\n".join([*lines, _ruler(total_s, columns), *textwrap.wrap(legend, max(10, width))]))


def _pen_row(card: Scorecard, total_s: float, columns: int) -> str:
    """In each column the most digits that wait for a pen; empty if none ever does."""
    row = [0] * columns
    for wait in card.waits:
        start = int(wait.interval.onset_s / total_s * columns)
        stop = max(start + 1, round(wait.interval.offset_s / total_s * columns))
        for column in range(start, min(stop, columns)):
            row[column] = max(row[column], wait.n_digits)
    return "".join(str(min(count, 9)) if count else " " for count in row).rstrip()


def _ruler(total_s: float, columns: int) -> str:
    step_s = next(step for step in (1, 2, 5, 10, 20, 60, 120, 300) if total_s / step * 6 <= columns)
    ruler = [" "] * (columns + 6)
    for tick in range(int(total_s // step_s) + 1):
        label = f"|{tick * step_s}" + ("s" if tick == 0 else "")
        at = int(tick * step_s / total_s * columns)
        ruler[at : at + len(label)] = label
    return "".join(ruler)[:columns].rstrip()
