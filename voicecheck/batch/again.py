"""The results of a batch made again from what was kept: no recording is opened, nothing is listened to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from voicecheck.errors import ParameterError
from voicecheck.listener import Listener
from voicecheck.report.table import FAILURE_SCHEMA
from voicecheck.scorecard.across import Message, Row
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import Rubric


@dataclass(frozen=True, kw_only=True)
class KeptResult:
    """One line of `scorecards.jsonl`.

    Parameters
    ----------
    message : Message
        Which message.
    sound : str or None
        Where its recording lies, as seen from the results.
    error : str or None
        Why there is no card.
    card : dict
        The card as data; empty if there is none.
    """

    message: Message
    sound: str | None
    error: str | None
    card: dict[str, Any]


def read_results(folder: Path) -> list[KeptResult]:
    """Read what a batch wrote.

    Parameters
    ----------
    folder : Path
        Where it wrote to.

    Returns
    -------
    list of KeptResult
        In the order of the file.

    Raises
    ------
    ParameterError
        If there are none, or they are not a batch's.
    """
    file = folder / "scorecards.jsonl"
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
        results = [_result(json.loads(line)) for line in lines if line]
    except OSError as error:
        raise ParameterError(f"{file}: {error.strerror}; name the folder that a batch wrote to") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError(
            f"{file}: not the results of this version; run voicecheck batch again"
        ) from error
    if not results:
        raise ParameterError(f"{file}: holds no message; run voicecheck batch again")
    return results


def _result(line: dict[str, Any]) -> KeptResult:
    message = line["message"]
    failed = line["schema"] == FAILURE_SCHEMA
    date = message["date"]
    return KeptResult(
        message=Message(
            file=message["file"],
            rep=message["rep"],
            company=message["company"],
            prospect=message["prospect"],
            expected=message["expected_number"],
            date=None if date is None else datetime.fromisoformat(date),
        ),
        sound=message["sound"],
        error=line["error"] if failed else None,
        card={} if failed else line,
    )


def judge_again(
    results: Sequence[KeptResult], listener: Listener, rubrics: Iterable[Rubric], settings: Settings
) -> list[Row]:
    """Judge what was heard then.

    Parameters
    ----------
    results : sequence of KeptResult
        What the batch wrote.
    listener : Listener
        Knows the cache; takes each card's own model.
    rubrics : iterable of Rubric
        Each message is judged by the one that it was judged by.
    settings : Settings
        Its region and company; its rubric judges the messages of which none of those did.

    Returns
    -------
    list of Row
        One for each result.

    Raises
    ------
    ParameterError
        If what was heard of a message is not kept any more.
    """
    known = {rubric.sha256: rubric for rubric in rubrics}
    listeners: dict[tuple[str, str, bool, bool], Listener] = {}
    rows: list[Row] = []
    for result in results:
        if result.error is not None:
            rows.append(Row(message=result.message, error=result.error, sound=result.sound))
            continue
        card = result.card
        engine, tested, printed = card["engine"], card["line_test"] is not None, card["phone"] is not None
        key = engine["model"], engine["compute_type"], tested, printed
        same = listeners.setdefault(
            key,
            replace(
                listener,
                model=engine["model"],
                compute_type=engine["compute_type"],
                line=tested,
                phone=printed,
            ),
        )
        assert same.cache is not None
        kept = same.cache.get(same.reading_key(card["source"]["sha256"], settings.region))
        if kept is None:
            raise ParameterError(
                f"what was heard in {result.message.file} is not kept any more (or was heard with other "
                "options, such as --region); run voicecheck batch again"
            )
        own = replace(
            settings,
            rubric=known.get(card["rubric"]["sha256"], settings.rubric),
            expected=result.message.expected,
            rep=result.message.rep,
            company=result.message.company or settings.company,
            prospect=result.message.prospect,
        )
        hearing = kept.named(card["source"]["name"])
        rows.append(
            Row(message=result.message, card=judge(hearing, own), peaks=hearing.peaks, sound=result.sound)
        )
    return rows
