"""Does the caller say their name again at the end?"""

from __future__ import annotations

from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, said
from voicecheck.scorecard.names import is_heard_as, name_parts, own_names


class Limits(check.Limits):
    """Your name once more in the second half, for one who had no pen when you said it first.

    Off unless a team asks for it: of the checklists that want a name, few want it twice.
    """

    role: check.Role = "off"


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Look for the caller's name in the second half of the message, other than where they say it first.

    Parameters
    ----------
    evidence : Evidence
        The words of the message, and the name of the rep if it was given.
    limits : Limits
        Nothing but its role.

    Returns
    -------
    CheckResult or None
        None where no name is said at all.
    """
    del limits
    text, message = evidence.text, evidence.measures.message
    introduced = list(own_names(evidence))
    parts = name_parts(evidence.rep) or [text.tokens[at].text for name in introduced[:1] for at in name]
    places = [at for at, token in enumerate(text.tokens) if any(is_heard_as(part, token) for part in parts)]
    if not places or message is None:
        return None
    onsets_s = {at: text.words[text.tokens[at].word].onset_s for at in places}
    middle_s = (message.onset_s + message.offset_s) / 2
    first = next((name for name in introduced if places[0] in name), (places[0],))
    again = [at for at in places if at not in first and onsets_s[at] >= middle_s]
    if again:
        return CheckResult(
            verdict="pass", evidence="said again", heard=text.quote(again[0], again[0] + 1).heard
        )
    return said(
        "fail",
        text.quote(places[0], places[0] + 1),
        "Say your name again at the end, beside the number: nobody writes down the first words.",
        evidence="said at the start only" if onsets_s[places[0]] < middle_s else "said once only",
    )


CHECK = Check(id="name_again", title="Name again", priority=94, limits=Limits, judge=judge, of_words=True)
