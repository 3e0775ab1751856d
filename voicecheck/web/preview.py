"""Which verdicts another rubric would change, worked out from what was heard and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecheck.errors import VoicecheckError
from voicecheck.hearing.hearing import from_json, with_part
from voicecheck.scorecard.card import CardVerdict, Scorecard
from voicecheck.scorecard.judge import Settings, judge
from voicecheck.scorecard.rubric import Rubric
from voicecheck.web.server import Server
from voicecheck.web.store.rows import Filter, StoredMessage

JUDGED_MAX = 300
"""So many of the newest messages are judged: a coach waits for the answer."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What another version of a rubric would change.

    Parameters
    ----------
    name : str
        Of the rubric.
    judged : int
        How many messages were looked at.
    total : int
        How many have a card.
    changes : tuple of (StoredMessage, verdict, verdict)
        Whose verdict changes, from which to which.
    """

    name: str
    judged: int
    total: int
    changes: tuple[tuple[StoredMessage, CardVerdict, CardVerdict], ...]


def preview(server: Server, rubric: Rubric, *, line: int, viewer: str | None) -> Changes:
    """Judge the newest messages of a line by another version, and compare with the verdicts they have.

    Parameters
    ----------
    server : Server
        Where the messages are.
    rubric : Rubric
        That may become the version that counts.
    line : int
        Of which.
    viewer : str or None
        Who asks, where others' practice is private.

    Returns
    -------
    Changes
        Each message whose verdict would change, with both verdicts.
    """
    wanted = Filter(viewer=viewer, is_judged=True, rubric_line=line)
    found = server.store.messages.find(wanted, limit=JUDGED_MAX)
    changes = []
    for message in found:
        after = _verdict(server, message, rubric)
        if after is not None and message.card_verdict is not None and after != message.card_verdict:
            changes.append((message, message.card_verdict, after))
    total = server.store.messages.count(wanted)
    return Changes(name=rubric.name, judged=len(found), total=total, changes=tuple(changes))


def _verdict(server: Server, message: StoredMessage, rubric: Rubric) -> CardVerdict | None:
    """Judge one message; None if another version heard it."""
    try:
        return judge_again(server, message, rubric).verdict
    except (VoicecheckError, ValueError):
        return None


def judge_again(server: Server, message: StoredMessage, rubric: Rubric) -> Scorecard:
    """Judge what was heard in a message; nothing is kept.

    Parameters
    ----------
    server : Server
        With its store.
    message : StoredMessage
        That was heard.
    rubric : Rubric
        To judge by.

    Returns
    -------
    Scorecard
        As it would be.

    Raises
    ------
    ValueError
        If another version kept what was heard.
    """
    settings = Settings(
        rubric=rubric,
        region=message.region or server.settings.region,
        expected=message.expected,
        rep=message.speaker,
        company=message.company,
        prospect=message.prospect,
    )
    hearing = from_json(server.store.messages.hearing(message.id))
    if message.phone is None:  # of another part than the one that was told since
        hearing = replace(hearing, phone=None)
    if message.start_s is not None or message.end_s is not None:
        hearing = with_part(hearing, message.start_s, message.end_s)
    return judge(hearing, settings)
