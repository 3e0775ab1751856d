"""`voicecheck rubric` and `voicecheck schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voicecheck.cli import options
from voicecheck.cli.app import app, complaining, print_json, print_now, read_rubric
from voicecheck.errors import ParameterError


@app.command()
def rubric(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A rubric to check and complete with the defaults."),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Name the rubrics that come with voicecheck.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print one of them, such as email-first.")
    ] = None,
    checks_file: options.Checks = None,
    as_json: options.Json = False,
) -> None:
    """Print what messages are judged by: the default rubric, a ready one, or FILE over the defaults.

    To make your own, write it to a file, change that, and score with --rubric ours.toml

    Example: voicecheck rubric > ours.toml
    """
    from voicecheck.scorecard.registry import load_checks
    from voicecheck.scorecard.rubric import default_rubric, ready_rubric, ready_rubrics, to_data, to_toml

    with complaining():
        if checks_file is not None:
            load_checks(checks_file)
        if listed:
            for each in ready_rubrics():
                print_now(each)
            return
        if file is not None and name is not None:
            raise ParameterError("give a file or --name, not both")
        chosen = read_rubric(file) if name is None else ready_rubric(name)
    if as_json:
        print_json(json.dumps(to_data(chosen)))
    elif file is None and name is None:
        print_now(default_rubric().text.rstrip("\n"))
    else:
        print_now(to_toml(chosen).rstrip("\n"))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a card, for programs that read `voicecheck score --json`.

    Example: voicecheck schema > card.schema.json
    """
    from voicecheck.report.data import json_schema

    print_json(json.dumps(json_schema(), indent=2))
