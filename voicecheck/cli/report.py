"""`voicecheck report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecheck.cli import options
from voicecheck.cli.app import app, complaining, print_now, read_settings
from voicecheck.errors import ParameterError


@app.command()
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="The folder that a batch wrote to.")],
    rubric_file: options.Rubric = None,
    region: options.Region = "US",
    company: options.Company = None,
) -> None:
    """Make the page and the table of a batch again, from what was heard then.

    No recording is needed: after an update of voicecheck's page, or with another rubric.

    Example: voicecheck report results/
    """
    from voicecheck.batch.again import judge_again, read_results
    from voicecheck.batch.output import Output
    from voicecheck.hearing.cache import default_cache
    from voicecheck.listener import Listener
    from voicecheck.scorecard.rubric import ready_rubric, ready_rubrics

    with complaining():
        kept = read_results(results)
        settings = read_settings(rubric_file, region, None, company=company)
        known = [] if rubric_file else [ready_rubric(name) for name in ready_rubrics()]
        then = {card["rubric"]["sha256"]: card["rubric"]["name"] for each in kept if (card := each.card)}
        missing = sorted(
            name for sha256, name in then.items() if sha256 not in {each.sha256 for each in known}
        )
        if missing and rubric_file is None:
            raise ParameterError(
                f"the messages were judged by {', '.join(missing)}; give that file with --rubric"
            )
        rows = judge_again(kept, Listener(threads=1, cache=default_cache()), known, settings)
        Output(results).finish(rows)
    for name in ("report.html", "summary.csv", "scorecards.jsonl"):
        print_now(str(results / name))
