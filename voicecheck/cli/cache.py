"""`voicecheck cache`: what is kept of recordings on this machine."""

from __future__ import annotations

import typer

from voicecheck.cli.app import app, complaining, print_now

cache_app = typer.Typer(
    help="What was heard and is kept on this machine, so that a recording is listened to once: where it "
    "is, and clear it.\n\nExample: voicecheck cache clear"
)
app.add_typer(cache_app, name="cache")


@cache_app.callback(invoke_without_command=True)
def cache(context: typer.Context) -> None:
    """Say where transcripts of what was heard are kept, and how many."""
    if context.invoked_subcommand is not None:
        return
    from voicecheck.hearing.cache import default_cache
    from voicecheck.speech.quantized import copies

    kept = default_cache()
    print_now(f"{kept.folder}: {_messages(len(kept.files()))}")
    for copy in copies():
        print_now(f"{copy}: a model made ready to load")


@cache_app.command()
def clear() -> None:
    """Delete what was heard in all recordings: transcripts and figures, no recording; and copies of models.

    Example: voicecheck cache clear
    """
    from voicecheck.hearing.cache import default_cache
    from voicecheck.speech.quantized import clear_copies

    with complaining():
        n_cleared = default_cache().clear()
        n_copies = clear_copies()
    print_now(f"{_messages(n_cleared)} deleted")
    if n_copies:
        print_now(f"models made ready to load: {n_copies} deleted; they are made again at the next start")


def _messages(n: int) -> str:
    return f"what was heard in {n} {'recording' if n == 1 else 'recordings'}"
