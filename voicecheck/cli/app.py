"""The command line: each command reads, calls one library function, prints.

Exit codes: 0 all passed, 1 some card is fail or review, 2 wrong usage, 3 something could not be analysed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from voicecheck.errors import EngineError, ParameterError, VoicecheckError, unexpected
from voicecheck.files import printable
from voicecheck.version import __version__

if TYPE_CHECKING:
    from voicecheck.scorecard.judge import Settings
    from voicecheck.scorecard.rubric import Rubric

EXIT_NOT_PASSED = 1

EXIT_USAGE = 2

EXIT_NOT_ANALYSED = 3

VALUE_MAX = 80
"""Letters of a wrong value that are repeated."""


class _OneLineEach(TyperGroup):
    """Tells everything that goes wrong in one line, whatever it is, with the exit code for it."""

    def main(self, *arguments: Any, standalone_mode: bool = True, **more: Any) -> Any:
        more["standalone_mode"] = False
        if not standalone_mode:
            return super().main(*arguments, **more)
        try:
            code = super().main(*arguments, **more)
            sys.stdout.flush()
        except OSError as error:
            _give_up(f"cannot go on: {error}")
        except MemoryError as error:
            _give_up(unexpected(error))
        except typer.Abort:
            _give_up("stopped", EXIT_NOT_PASSED)
        except Exception as error:
            wrong_usage = getattr(
                error, "format_message", None
            )  # what click and typer's own copy of it share
            if wrong_usage is None:
                _give_up(f"{unexpected(error)} (at {_place(error)}); please report this")
            command = getattr(getattr(error, "ctx", None), "command_path", "voicecheck")
            _give_up(f"{short(wrong_usage())}; see {command} --help", EXIT_USAGE)
        sys.exit(code if isinstance(code, int) else 0)


def _give_up(reason: str, code: int = EXIT_NOT_ANALYSED) -> NoReturn:
    """Say why, and make sure that nothing more is tried on an output that cannot be written."""
    with suppress(OSError):
        complain(EngineError(reason))
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _place(error: BaseException) -> str:
    """Name the last line of ours that an error came through."""
    found, trace = "cli", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "voicecheck" in file.parts:
            found = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def short(text: str) -> str:
    """Shorten each long value in a message.

    >>> short("max_s: got " + "9" * 400)[-20:]
    '99999999999999999...'
    """
    long = rf"'[^']{{{VALUE_MAX},}}'|\"[^\"]{{{VALUE_MAX},}}\"|\S{{{VALUE_MAX + 1},}}"
    return re.sub(long, lambda match: f"{match[0][: VALUE_MAX - 3]}...", text)


app: typer.Typer = typer.Typer(
    name="voicecheck",
    cls=_OneLineEach,
    help="Could the person who hears this voicemail write down the number and call back?\n\n"
    "Start here: voicecheck demo. Then: voicecheck score FILE",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


def read_settings(
    rubric_file: Path | None,
    region: str,
    expect: str | None,
    *,
    rep: str | None = None,
    company: str | None = None,
    prospect: str | None = None,
    checks_file: Path | None = None,
) -> Settings:
    """Turn options into settings.

    Parameters
    ----------
    rubric_file, region, expect, rep, company, prospect, checks_file
        As on the command line.

    Returns
    -------
    Settings
        What a message is judged against.

    Raises
    ------
    ParameterError
        If one of them is wrong.
    """
    from voicecheck.numbers.plan import check_region
    from voicecheck.scorecard.judge import Settings
    from voicecheck.scorecard.registry import load_checks

    names = (("--rep", rep), ("--company", company), ("--prospect", prospect))
    for option, value in (("--region", region), ("--expect", expect), *names):
        if value is not None and (not value.strip() or printable(value) != value):
            raise ParameterError(f"{option} must be one line of text, got {short(repr(value))}")
    if checks_file is not None:
        load_checks(checks_file)
    return Settings(
        rubric=read_rubric(rubric_file),
        region=check_region(region),
        expected=None if expect is None else _number(expect),
        rep=rep,
        company=company,
        prospect=prospect,
    )


def _number(text: str) -> str:
    from voicecheck.numbers.plan import parse_expected

    try:
        return parse_expected(text)
    except ParameterError as error:
        raise ParameterError(short(str(error))) from error


def read_rubric(file: Path | None) -> Rubric:
    """Read a rubric, or give the default one.

    Parameters
    ----------
    file : Path or None
        A TOML file, or the name of a rubric that comes with voicecheck; a file of that name goes first.

    Returns
    -------
    Rubric
        What is to be judged by.

    Raises
    ------
    ParameterError
        If there is none, or a value in it is wrong.
    """
    from voicecheck.scorecard.rubric import default_rubric, parse_rubric, ready_rubric, ready_rubrics

    if file is None:
        return default_rubric()
    if str(file) in ready_rubrics() and not file.exists():
        return ready_rubric(str(file))
    try:
        return parse_rubric(file)
    except ParameterError as error:
        reason = short(str(error).removeprefix(f"{file}: "))
        raise ParameterError(f"{file}: {reason}") from error


def print_now(text: str) -> None:
    """Print and flush, so that Ctrl-C loses no finished card.

    Raises
    ------
    EngineError
        If standard output cannot be written.
    """
    try:
        print(text, flush=True)  # not typer.echo, which has ideas of its own about a console's encoding
    except BrokenPipeError:
        raise  # who reads has seen enough
    except OSError as error:
        raise EngineError(f"standard output cannot be written: {error.strerror}") from error


def print_json(text: str) -> None:
    """Print a line of JSON in ASCII, which is the same JSON on every console."""
    print_now(re.sub(r"[^\x00-\x7f]", lambda match: json.dumps(match[0])[1:-1], text))


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
    """Tell an error on stderr, in one line; of a long path its end, which holds the name."""
    tell(re.sub(rf"\S{{{VALUE_MAX + 1},}}", _end_of_path, f"voicecheck: {error}"))


def _end_of_path(match: re.Match[str]) -> str:
    value = match[0]
    return f"...{value[3 - VALUE_MAX :]}" if re.search(r"[/\\]", value) else short(value)


def tell(line: str) -> None:
    """Tell a line on stderr."""
    print(printable(line), file=sys.stderr, flush=True)
