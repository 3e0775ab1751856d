"""`voicecheck models`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from voicecheck.cli import options
from voicecheck.cli.app import app, complaining, print_json, print_now
from voicecheck.cli.progress import progress_line

models_app = typer.Typer(
    help="Speech models: what is there, fetch one, verify one.\n\nExample: voicecheck models",
    no_args_is_help=False,
)
app.add_typer(models_app, name="models")


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: options.Json = False) -> None:
    """List the speech models: which are here, where from, and whether their bytes were verified."""
    if context.invoked_subcommand is not None:
        return
    from dataclasses import asdict

    from voicecheck.speech.weights import model_status

    with complaining():
        found = model_status()
    for status in found:
        if as_json:
            print_json(json.dumps(asdict(status), default=str))
            continue
        where = f"{status.source}: {status.path}" if status.path else "not here"
        state = "verified" if status.verified else ("not verified yet" if status.path else "")
        print_now(f"{status.name:10} {status.bytes / 1e6:6.0f} MB  {where}  {state}".rstrip())


@models_app.command()
def fetch(name: Annotated[str, typer.Argument(help="Such as base or tiny.en.")]) -> None:
    """Download a model from its hub and verify it.

    Example: voicecheck models fetch tiny.en
    """
    from voicecheck.speech.weights import fetch_model

    with complaining(), progress_line(f"fetching {name}", quiet=False):
        path = fetch_model(name)
    print_now(str(path))


@models_app.command()
def verify(name: Annotated[str, typer.Argument(help="Such as base or tiny.en.")]) -> None:
    """Read every byte of a model again and compare it with the catalog.

    Example: voicecheck models verify base
    """
    from voicecheck.speech.weights import verify_model

    with complaining(), progress_line(f"verifying {name}", quiet=False):
        status = verify_model(name)
    print_now(f"Every byte of {name} is as it should be: {status.path}")
