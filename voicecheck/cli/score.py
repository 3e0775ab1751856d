"""`voicecheck score`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecheck.cli import options
from voicecheck.cli.app import (
    EXIT_NOT_ANALYSED,
    EXIT_NOT_PASSED,
    app,
    complain,
    complaining,
    print_json,
    print_now,
    read_settings,
    tell,
)
from voicecheck.cli.progress import progress_line, tell_what_was_passed_over
from voicecheck.errors import ParameterError, VoicecheckError, guarding
from voicecheck.files import printable
from voicecheck.system import THREADS_MAX

if TYPE_CHECKING:
    from voicecheck.scorecard.card import Scorecard

PRETTY_COLUMNS_MAX = 100


class CardFormat(StrEnum):
    """What `score` prints a card as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    SRT = "srt"
    VTT = "vtt"
    TEXTGRID = "TextGrid"
    LABELS = "labels"


@app.command()
def score(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Recordings; a folder means the audio files in it."),
    ],
    as_json: options.Json = False,
    output_format: Annotated[
        CardFormat,
        typer.Option("--format", case_sensitive=False, help="The last four hold words and digits in time."),
    ] = CardFormat.TEXT,
    rubric_file: options.Rubric = None,
    checks_file: options.Checks = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="The number that should be said, such as 416-555-0198."),
    ] = None,
    prospect: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whom the message is for, such as 'Laura Chen'.")
    ] = None,
    rep: options.Rep = None,
    company: options.Company = None,
    start_s: Annotated[
        float | None,
        typer.Option("--start", metavar="SECONDS", min=0, help="Where the message starts in the recording."),
    ] = None,
    end_s: Annotated[
        float | None, typer.Option("--end", metavar="SECONDS", min=0, help="Where the message ends.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="All of the recording is the message: cut nothing off.")
    ] = False,
    region: options.Region = "US",
    line: options.Line = False,
    phone: options.Phone = False,
    channel: options.Channel = None,
    model: options.Model = "base",
    model_dir: options.ModelDir = None,
    threads: Annotated[
        int, typer.Option(min=0, max=THREADS_MAX, help="CPU threads; 0 takes all cores, at most four.")
    ] = 0,
    device: options.Device = None,
    compute_type: options.ComputeType = None,
    use_cache: options.Cache = True,
    quiet: options.Quiet = False,
) -> None:
    """Score recordings and print a card for each.

    Example: voicecheck score call.m4a --expect 416-555-0198

    Exit code: 0 all passed, 1 some card is fail or review, 2 wrong usage, 3 something could not be analysed.
    """
    from voicecheck.hearing.cache import default_cache
    from voicecheck.listener import Listener
    from voicecheck.report.formats import SOUND_FORMATS

    output_format = CardFormat.JSON if as_json else output_format
    with complaining():
        settings = read_settings(
            rubric_file,
            region,
            expect,
            rep=rep,
            company=company,
            prospect=prospect,
            checks_file=checks_file,
        )
        if whole and (start_s is not None or end_s is not None):
            raise ParameterError("--whole goes without --start and --end")
        settings = replace(settings, start_s=0.0 if whole else start_s, end_s=end_s)
        files = _audio_files(paths)
        if output_format in SOUND_FORMATS and len(files) != 1:
            raise ParameterError(f"--format {output_format} takes one file, got {len(files)}")
        listener = Listener(
            model=model,
            model_dir=model_dir,
            threads=threads,
            device=device,
            compute_type=compute_type,
            line=line,
            phone=phone,
            side=channel,
            cache=default_cache() if use_cache else None,
        ).settled()
        listener.prepare()
    verdicts: list[str] = []
    for index, path in enumerate(files, start=1):
        try:
            with progress_line(f"{index}/{len(files)} {path.name}", quiet=quiet), guarding(path.name):
                card = listener.score_file(path, settings)
                text = _formatted(card, output_format, first=not verdicts, last=index == len(files))
        except VoicecheckError as error:
            complain(error)
            continue
        verdicts.append(card.verdict)
        with complaining():
            (print_json if output_format is CardFormat.JSON else print_now)(text)
    tell_what_was_passed_over(paths, files)
    n_failed = len(files) - len(verdicts)
    if n_failed and len(files) > 1:
        tell(f"{n_failed} of {len(files)} files could not be analysed")
    if n_failed:
        raise typer.Exit(EXIT_NOT_ANALYSED)
    if set(verdicts) - {"pass"}:
        raise typer.Exit(EXIT_NOT_PASSED)


def _audio_files(paths: Sequence[Path]) -> list[Path]:
    """Replace each folder by the audio files in it and below."""
    from voicecheck.batch.find import audio_files, is_folder

    return [file for path in paths for file in (audio_files(path) if is_folder(path) else [path])]


def _formatted(card: Scorecard, output_format: CardFormat, *, first: bool, last: bool) -> str:
    """Write a card; one of several in a row, where the format has a first and a last."""
    from voicecheck.report.formats import writer

    if output_format is CardFormat.TEXT:
        return pretty(card, last=last)
    written = writer(output_format)(card).rstrip("\n")
    return written if first or output_format is not CardFormat.CSV else written.split("\n", 1)[1]


def pretty(card: Scorecard, *, last: bool) -> str:
    """Write a card for this terminal.

    Parameters
    ----------
    card : Scorecard
        Its file's name is shown with a stand-in for what a terminal would not show.
    last : bool
        Whether nothing follows; else a blank line does.

    Returns
    -------
    str
        Coloured where the terminal takes colours.
    """
    from voicecheck.report.text import to_text

    card = replace(card, hearing=card.hearing.named(printable(card.source.name)))
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size().columns, PRETTY_COLUMNS_MAX)
    return to_text(card, width=width, colour=colour).rstrip("\n") + ("" if last else "\n")
