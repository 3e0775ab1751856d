"""`voicecheck rubric` and `voicecheck schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voicecheck.cli.app import JsonOption, app, complaining, print_json, print_now, read_rubric


@app.command()
def rubric(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A rubric to check and complete with the defaults."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the rubric in force: the default one, or FILE over the default."""
    from voicecheck.scorecard.rubric import default_rubric, to_data, to_toml

    with complaining():
        chosen = read_rubric(file)
    if as_json:
        print_json(json.dumps(to_data(chosen)))
    else:
        print_now(default_rubric().text.rstrip("\n") if file is None else to_toml(chosen))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a card."""
    from voicecheck.report.data import json_schema

    print_json(json.dumps(json_schema(), indent=2))
