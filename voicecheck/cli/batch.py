"""The command `voicecheck batch`: options in, progress and totals out; the work is done in `batch`."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
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
    read_rubric,
    read_settings,
    tell,
)
from voicecheck.cli.progress import shown, tell_what_was_passed_over
from voicecheck.errors import EngineError, ParameterError
from voicecheck.scorecard.sentences import counted
from voicecheck.system import EXIT_INTERRUPTED, interruptible, n_cores

if TYPE_CHECKING:
    from voicecheck.batch.find import Found
    from voicecheck.batch.output import Output
    from voicecheck.batch.run import Hear
    from voicecheck.listener import Listener
    from voicecheck.scorecard.across import Message, Row
    from voicecheck.scorecard.rubric import Rubric

ON_ONE_CARD = 4
"""Processes that share a graphics card where nothing is said. The processor has most of the work there: with
sixteen cores 160 messages took two processes 24 s, four 16.5 and six 16, and each takes 1 GB of the card."""


class Engine(StrEnum):
    """Where the listening is done."""

    LOCAL = "local"
    RAY = "ray"


@app.command()
def batch(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Folders, files, patterns; the first folder below is the rep.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the results go.")
    ] = "voicecheck-batch",
    list_file: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="CSV",
            help="Columns file, rep, company, prospect, expected_number, date, rubric.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many messages.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Worker processes; all cores if not given, four on a graphics card.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
    rubric_file: options.Rubric = None,
    checks_file: options.Checks = None,
    company: options.Company = None,
    region: options.Region = "US",
    line: options.Line = False,
    phone: options.Phone = False,
    channel: options.Channel = None,
    model: options.Model = "base",
    model_dir: options.ModelDir = None,
    device: options.Device = None,
    compute_type: options.ComputeType = None,
    time_limit_s: Annotated[
        float,
        typer.Option("--time-limit", metavar="SECONDS", min=1, help="Skip a file after this many seconds."),
    ] = 120.0,
    engine: Annotated[
        Engine, typer.Option(help="On this machine, or on a Ray cluster (the extra cluster).")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Address of the Ray cluster; without it, one starts here."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Put the messages into this folder of `voicecheck serve` too."),
    ] = None,
    use_cache: options.Cache = True,
    quiet: options.Quiet = False,
) -> None:
    """Score many messages: scorecards.jsonl, summary.csv and report.html in one folder.

    Cut off and started again, it goes on where it was; with another rubric, nothing is listened to again.

    Example: voicecheck batch calls/ --list who.csv --output results/

    Exit code: 0 all passed, 1 some card is fail or review, 2 wrong usage, 3 something could not be analysed.
    """
    from voicecheck.batch.run import Workers, score_all
    from voicecheck.hearing.cache import default_cache
    from voicecheck.listener import Listener

    with complaining():
        settings = read_settings(rubric_file, region, None, company=company, checks_file=checks_file)
        found = _find(paths or [], list_file, engine)[:limit]
        rubrics = {each.rubric: _own_rubric(each.rubric) for each in found if each.rubric is not None}
        listener = Listener(
            model=model,
            model_dir=model_dir,
            device=device,
            compute_type=compute_type,
            threads=1,
            line=line,
            phone=phone,
            side=channel,
            cache=default_cache() if use_cache else None,
        ).settled()
        listener.prepare()
        on_cpu = listener.device == "cpu"
        workers = Workers(
            n_processes=jobs or (n_cores() if on_cpu else min(n_cores(), ON_ONE_CARD)),
            files_per_batch=16 if on_cpu else 32,
            file_max_s=time_limit_s,
            memory_max_bytes=Workers.memory_max_bytes if on_cpu else None,
        )
        with _output(output, engine, found) as written:
            hear = _hear(engine, address, jobs)
            rows = score_all(found, listener, settings, workers, hear=hear, rubrics=rubrics)
            complete = _written(rows, found, written, quiet=quiet, as_json=as_json)
        if store is not None:
            _load(found, listener, store, region)
    tell_what_was_passed_over(
        [Path(path) for path in paths or []], [list_file, *(each.path for each in found)]
    )
    _conclude(complete, output, to_stderr=as_json)


def _load(found: Sequence[Found], listener: Listener, store: Path, region: str) -> None:
    """Put the messages into the web page's store, too."""
    try:
        from voicecheck.web.loading import load_messages
        from voicecheck.web.settings import WebSettings
    except ImportError as error:
        raise ParameterError('--store wants the web page: pip install "voicecheck-coach[web]"') from error
    settings = WebSettings(folder=store, region=region)
    n_loaded = load_messages([each for each in found if each.url is None], listener, settings)
    tell(f"{n_loaded} new messages in {store}")


def _written(
    rows: Iterator[tuple[Row, bool]], found: Sequence[Found], written: Output, *, quiet: bool, as_json: bool
) -> tuple[Row, ...]:
    """Write rows down as they come, and show how far that is."""
    from voicecheck.report.table import to_line

    done: dict[Message, Row] = {}
    try:
        with interruptible(), shown(len(found), quiet=quiet) as show:
            for row, is_new in rows:
                done[row.message] = row
                written.add(row)
                show(row, is_new)
                if as_json:
                    print_json(to_line(row))
            return written.finish([done[each.message] for each in found])
    except KeyboardInterrupt:
        tell(f"interrupted: {len(done)} of {len(found)} messages done; the same command goes on from here")
        raise typer.Exit(EXIT_INTERRUPTED) from None


def _hear(engine: Engine, address: str | None, jobs: int | None) -> Hear:
    if engine is Engine.LOCAL:
        from voicecheck.batch.run import hear_all

        return hear_all
    from voicecheck.batch import cluster

    return partial(cluster.hear_all, address=address, n_actors=jobs)


@contextmanager
def _output(place: str, engine: Engine, found: Sequence[Found]) -> Iterator[Output]:
    """Open the output folder; what is meant for an address is made here and sent there at the end."""
    from voicecheck.batch.find import is_url
    from voicecheck.batch.output import Output

    if not place.strip():
        raise ParameterError("--output must name a folder")
    if not is_url(place):
        yield Output(Path(place), {each.message.file: each.path for each in found if each.url is None})
        return
    if engine is Engine.LOCAL:
        raise ParameterError(f"{place}: addresses are written by --engine ray")
    from voicecheck.batch.cluster import deliver

    with tempfile.TemporaryDirectory() as scratch:
        yield Output(Path(scratch))
        deliver(Path(scratch), place)


def _find(places: Sequence[str], list_file: Path | None, engine: Engine) -> list[Found]:
    from voicecheck.batch.find import find_messages, find_remote, is_url
    from voicecheck.batch.lists import read_list

    listed = [] if list_file is None else read_list(list_file)
    if not places and not listed:
        raise ParameterError("nothing to score: name a folder, files, a pattern, or a list of files")
    urls = [place for place in places if is_url(place)]
    if urls and engine is Engine.LOCAL:
        raise ParameterError(f"{urls[0]}: addresses are read by --engine ray")
    if urls and (listed or len(urls) < len(places)):
        raise ParameterError(f"{urls[0]}: addresses go with addresses alone, and without a list")
    return find_remote(urls) if urls else find_messages([Path(place) for place in places], listed)


def _own_rubric(named: Path | str) -> Rubric:
    """Read the rubric that a folder or a line of the list names."""
    if isinstance(named, Path):
        return read_rubric(named)
    from voicecheck.scorecard.rubric import ready_rubric

    return ready_rubric(named)


def _conclude(rows: Sequence[Row], place: str, *, to_stderr: bool) -> None:
    """Say how it went, failures last, and exit with the code for it."""
    verdicts = Counter(row.card.verdict for row in rows if row.card)
    failures = [row for row in rows if row.error]
    totals = ", ".join(f"{verdicts[name]} {name}" for name in ("pass", "review", "fail"))
    say = tell if to_stderr else print_now
    say(f"{counted(len(rows), 'message')}: {totals}, {len(failures)} not analysed")
    for name in ("report.html", "summary.csv", "scorecards.jsonl"):
        say(f"  {place.rstrip('/')}/{name}")
    for row in failures:
        complain(EngineError(f"{row.message.file}: {_reason(row)}"))
    if failures:
        tell(f"{len(failures)} of {counted(len(rows), 'file')} could not be analysed")
        raise typer.Exit(EXIT_NOT_ANALYSED)
    if set(verdicts) - {"pass"}:
        raise typer.Exit(EXIT_NOT_PASSED)


def _reason(row: Row) -> str:
    """The error without the file's own name, which stands before it."""
    return (row.error or "").removeprefix(f"{Path(row.message.file).name}: ")
