"""The command line: each command reads, calls one library function, prints.

Exit codes: 0 all passed, 1 some card is fail or review, 2 wrong usage, 3 something could not be analysed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecheck import __version__
from voicecheck.errors import ParameterError, VoicecheckError

if TYPE_CHECKING:
    from voicecheck.pipeline import Settings
    from voicecheck.rubric import Rubric
    from voicecheck.scorecard import Scorecard

EXIT_NOT_PASSED = 1
EXIT_USAGE = 2
EXIT_NOT_ANALYSED = 3

PRETTY_COLUMNS_MAX = 100

app: typer.Typer = typer.Typer(
    name="voicecheck",
    help="Could the person who hears this voicemail write down the number and call back?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="Speech models: what is there, fetch one, verify one.", no_args_is_help=False)
app.add_typer(models_app, name="models")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"voicecheck {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


RubricOption = Annotated[
    Path | None,
    typer.Option("--rubric", metavar="FILE", help="Judge by this rubric (TOML), not the default."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
RegionOption = Annotated[
    str, typer.Option(metavar="CODE", help="Country whose numbers need no country code: US, CA, GB, ...")
]
ModelOption = Annotated[str, typer.Option(help="Speech model; see `voicecheck models`.")]
ModelDirOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Take the model's files from this folder.")
]
DeviceOption = Annotated[str, typer.Option(help="cpu, cuda or auto.")]
ComputeTypeOption = Annotated[str, typer.Option(help="int8, int8_float16, float16, float32, ...")]
CacheOption = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Recall what was heard before, and keep what is heard now.")
]
LineOption = Annotated[
    bool, typer.Option("--line", help="Test the number on bad telephone lines too; takes twice as long.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")]


class Format(StrEnum):
    """What `score` prints a card as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    SRT = "srt"
    VTT = "vtt"
    TEXTGRID = "TextGrid"
    LABELS = "labels"


TRACKS = (Format.SRT, Format.VTT, Format.TEXTGRID, Format.LABELS)


@app.command()
def score(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Recordings; a folder means the audio files in it."),
    ],
    as_json: JsonOption = False,
    output_format: Annotated[
        Format,
        typer.Option("--format", case_sensitive=False, help="The last four hold words and digits in time."),
    ] = Format.TEXT,
    rubric_file: RubricOption = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="The number that should be said, such as 416-555-0198."),
    ] = None,
    prospect: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whom the message is for, such as 'Laura Chen'.")
    ] = None,
    region: RegionOption = "US",
    line: LineOption = False,
    model: ModelOption = "base",
    model_dir: ModelDirOption = None,
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0 takes all cores, at most four.")] = 0,
    device: DeviceOption = "cpu",
    compute_type: ComputeTypeOption = "int8",
    use_cache: CacheOption = True,
    quiet: QuietOption = False,
) -> None:
    """Score recordings and print a card for each.

    Exit code: 0 all passed, 1 some card is fail or review, 2 wrong usage, 3 something could not be analysed.
    """
    from voicecheck.listener import Listener
    from voicecheck.storage import default_cache

    output_format = Format.JSON if as_json else output_format
    with complaining():
        settings = read_settings(rubric_file, region, expect, prospect)
        files = _audio_files(paths)
        if output_format in TRACKS and len(files) != 1:
            raise ParameterError(f"--format {output_format} takes one file, got {len(files)}")
        listener = Listener(
            model=model,
            model_dir=model_dir,
            threads=threads,
            device=device,
            compute_type=compute_type,
            line=line,
            cache=default_cache() if use_cache else None,
        )
        listener.prepare()
    verdicts: list[str] = []
    for index, path in enumerate(files, start=1):
        try:
            with _progress(f"{index}/{len(files)} {path.name}", quiet=quiet):
                card = listener.score_file(path, settings)
        except VoicecheckError as error:
            complain(error)
            continue
        verdicts.append(card.verdict)
        print_now(_formatted(card, output_format, first=len(verdicts) == 1, last=index == len(files)))
    n_failed = len(files) - len(verdicts)
    if n_failed and len(files) > 1:
        typer.echo(f"{n_failed} of {len(files)} files could not be analysed", err=True)
    if n_failed:
        raise typer.Exit(EXIT_NOT_ANALYSED)
    if set(verdicts) - {"pass"}:
        raise typer.Exit(EXIT_NOT_PASSED)


@app.command()
def rubric(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A rubric to check and complete with the defaults."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the rubric in force: the default one, or FILE over the default."""
    from voicecheck.rubric import default_rubric, to_data, to_toml

    with complaining():
        chosen = _read_rubric(file)
    if as_json:
        typer.echo(json.dumps(to_data(chosen)))
    else:
        typer.echo(default_rubric().text if file is None else to_toml(chosen), nl=file is not None)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a card."""
    from voicecheck.report.json import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the speech models: which are here, where from, and whether their bytes were verified."""
    if context.invoked_subcommand is not None:
        return
    from dataclasses import asdict

    from voicecheck.engines.weights import model_status

    with complaining():
        found = model_status()
    for status in found:
        if as_json:
            typer.echo(json.dumps(asdict(status), default=str))
            continue
        where = f"{status.source}: {status.path}" if status.path else "not here"
        state = "verified" if status.verified else ("not verified yet" if status.path else "")
        typer.echo(f"{status.name:10} {status.bytes / 1e6:6.0f} MB  {where}  {state}".rstrip())


@models_app.command()
def fetch(name: Annotated[str, typer.Argument(help="Such as base or tiny.en.")]) -> None:
    """Download a model from its hub and verify it."""
    from voicecheck.engines.weights import fetch_model

    with complaining(), _progress(f"fetching {name}", quiet=False):
        path = fetch_model(name)
    typer.echo(path)


@models_app.command()
def verify(name: Annotated[str, typer.Argument(help="Such as base or tiny.en.")]) -> None:
    """Read every byte of a model again and compare it with the catalog."""
    from voicecheck.engines.weights import verify_model

    with complaining(), _progress(f"verifying {name}", quiet=False):
        path = verify_model(name)
    typer.echo(f"{name}: as in the catalog: {path}")


def read_settings(
    rubric_file: Path | None, region: str, expect: str | None, prospect: str | None = None
) -> Settings:
    """Turn options into settings.

    Raises
    ------
    ParameterError
        If one of them is wrong.
    """
    from voicecheck.numbers.plan import check_region
    from voicecheck.pipeline import Settings, parse_expected

    return Settings(
        rubric=_read_rubric(rubric_file),
        region=check_region(region),
        expected=None if expect is None else parse_expected(expect),
        prospect=prospect,
    )


def _read_rubric(file: Path | None) -> Rubric:
    from voicecheck.rubric import default_rubric, parse_rubric

    if file is None:
        return default_rubric()
    try:
        return parse_rubric(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise ParameterError(f"{file}: {reason}; give a rubric in TOML") from error
    except ParameterError as error:
        raise ParameterError(f"{file}: {error}") from error


def _audio_files(paths: Sequence[Path]) -> list[Path]:
    """Replace each folder by the audio files in it and below."""
    from voicecheck.messages import audio_files

    return [file for path in paths for file in (audio_files(path) if path.is_dir() else [path])]


def _formatted(card: Scorecard, output_format: Format, *, first: bool, last: bool) -> str:
    """Write a card; one of several in a row, where the format has a first and a last."""
    from voicecheck.report import json, table, tracks

    if output_format is Format.JSON:
        return json.to_json(card)
    if output_format is Format.CSV:
        header, row = table.to_csv([table.row_of(card)]).splitlines()
        return f"{header}\n{row}" if first else row
    if output_format in TRACKS:
        return tracks.FORMATS[output_format](card).rstrip("\n")
    return _pretty(card, last=last)


def _pretty(card: Scorecard, *, last: bool) -> str:
    from voicecheck.report.text import to_text

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size().columns, PRETTY_COLUMNS_MAX)
    return to_text(card, width=width, colour=colour).rstrip("\n") + ("" if last else "\n")


def print_now(text: str) -> None:
    """Print and flush, so that Ctrl-C loses no finished card."""
    typer.echo(text)
    sys.stdout.flush()


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[None]:
    """Show what is being done on stderr: a moving line on a terminal, else one plain line."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(what):
            yield
    else:
        typer.echo(what, err=True)
        yield


@contextmanager
def complaining() -> Iterator[None]:
    """Turn our own errors into one line and the right exit code."""
    try:
        yield
    except VoicecheckError as error:
        complain(error)
        code = EXIT_USAGE if isinstance(error, ParameterError) else EXIT_NOT_ANALYSED
        raise typer.Exit(code) from error


def complain(error: VoicecheckError) -> None:
    """Tell an error on stderr, in one line."""
    typer.echo(f"voicecheck: {error}", err=True)


import voicecheck.batch_cli  # noqa: E402  registers its command in `app`
import voicecheck.web_cli  # noqa: E402, F401  registers its commands in `app`
