"""Sayings of mailboxes, of those who leave a message, and of people who talk with each other.

Conventions
-----------
A saying is a row of plain words, lower case and without marks. They are gathered from what networks, firms
and people say, as sellers hear it day by day; no list of anybody is copied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from voicecheck.speech.transcript import Word

_WORD = re.compile(r"[a-z0-9']+")
_WHAT = r"(?:a |the |your |us |me |him |her |them |detailed |brief |short |quick |voice |callback )*"
_MESSAGE = _WHAT + r"(?:message|name|number|details|voicemail)"
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|zero|[0-9]|pound|star|hash)"
SAYINGS: dict[str, tuple[str, ...]] = {
    "instruct": (
        rf"(?:leave|leaving|record|speak) {_MESSAGE}",
        r"(?:after|at|following|wait for|until) (?:the |you hear the )?(?:sound of the )?"
        r"(?:tone|beep|signal|bip)",
        r"message (?:after|at) (?:the )?\w+",  # "tone" and "beep" are misheard on a narrow line
        r"(?:start|begin) (?:speaking|talking|recording)",
        r"you know what to do|you know the drill|tell me who you are|do your thing|talk after",
        r"(?:deje|dejen?) (?:un|su|el) mensaje|despues del? (?:tono|la senal)|laissez (?:un|votre) message",
        r"apres le (?:bip|signal|timbre)|lascia(?:te|re|ti)? (?:un |il )?messaggio|dopo il (?:segnale|bip)",
        r"(?:hinterlassen|sprechen) sie|nach dem (?:signal|ton|piep\w*)",
    ),
    "opening": (
        r"(?:you've|you have|you) (?:just )?reached(?! (?:the |your )?(?:max|end|limit|time))",
        r"(?:you are|you're) (?:through|connected) to",
        r"(?:thank you|thanks) for calling",
        r"you've got (?:the )?voice ?mail|you've got \w+(?: \w+)?'s",
        r"(?<!is )(?<!are )(?<!be )(?<!'re )welcome to",
        r"(?:the |my )(?:voice ?mail|mailbox|voice ?mailbox|voice mail box|office|desk|line) of",
    ),
    "absent": (
        r"(?:not|isn't|aren't|no one is|nobody is|neither) (?:currently |presently |able |\w+ is )?"
        r"(?:available|here|home|at home|to (?:get|come|take))",
        r"(?:is|am|are|i'm|we're|currently) (?:currently |presently )?(?:unavailable|closed)",
        r"(?:can't|cannot|can not|unable to|couldn't) (?:come to|take|answer|get to|pick up)",
        r"(?:away from|not at|not in) (?:my|the|our) (?:desk|phone|office)",
        r"(?:on|is on) (?:the other line|another (?:line|call)|the phone)",
        r"out of (?:the |my )?office",
        r"(?:our|the) (?:office|offices|hours) (?:is|are)",
        r"(?:i'll|i will|we'll|we will|somebody will|someone will|i shall) "
        r"(?:get|call|ring|return|be)(?: it| you| your call)?(?: right)?(?: back| as| by| when| the| your)?",
        r"as soon as (?:i|we|possible)",
        r"sorry (?:i|we) (?:missed|can't|could not|couldn't)(?: take| get)? your call|you missed me",
        r"if (?:it's|it is|this is|you need) (?:urgent|an emergency|help|immediate)|in an emergency",
    ),
    "menu": (
        rf"press(?:ing)? (?:the )?{_NUMBER}",
        r"(?:hang|hung) up",
        r"(?:forwarded|transferred) to",
        r"(?:automat\w+|voice) (?:voice )?(?:messag\w+|mail) (?:system|service)",
        r"(?:when|once) (?:you are |you're |you have |you've )?(?:finished|done)",
        r"(?:for|more|further) (?:more |further )?options",
        r"the (?:person|party|customer|subscriber|number|mailbox)(?: that)? (?:you|at|of|is)",
        r"(?:message|recording) (?:has been |was |is )?(?:sent|saved|deleted|delivered)",
        r"to (?:send|listen to|hear|re ?record|erase|delete|replay|deliver|mark) (?:it|this|your|the|and)",
        r"are you still there|maximum (?:recording|message)|satisfied with|as urgent",
        r"(?:you have|you've) reached the max\w*",
    ),
    "rep": (
        r"(?:calling|call) (?:from|about|on behalf|regarding|because|you|to)",
        r"my (?:direct |cell |phone |office )?(?:number|line) is",
        r"(?:call me|reach me|ring me|give me a (?:call|ring)|call) (?:back )?(?:at|on)",
        r"(?:again|once more|one more time),? (?:that's|my|the|it's)",
        r"following up|follow up|i left you|i saw|i noticed|(?:i|we) (?:help|helped|work|sent|spoke)",
        r"this message is for|message for",
        r"(?:try you|talk to you|talk soon|speak(?:ing)? (?:with|to) you|have a (?:great|good|nice))",
    ),
    "introduction": (
        r"(?:hi|hey|hello|good (?:morning|afternoon|evening))(?! you)",
        r"(?:this is|i'm|my name is|it's) \w+ (?:\w+ )?(?:with|from|at|over|calling|here|again)",
        r"(?:\w+ )?calling (?:from|about|for|you)|my name is|this message is for",
    ),
    "talk": (
        r"(?:how )?(?:can|may) i help|who(?:'s| is) (?:this|calling)|speaking",
        r"(?:uh huh|mm ?hmm|yeah|okay|ok|sure|right|great|perfect|all right)",
        r"(?:is this|did i catch|do you|what is|what's|would you|could you)",
        r"hello",
    ),
}
"""By whose they are: "instruct", "opening", "absent" and "menu" are a mailbox's."""


def find_sayings(words: Sequence[Word]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Find all sayings in a row of words.

    Parameters
    ----------
    words : sequence of Word
        In time order.

    Returns
    -------
    dict of tuple of (first, last)
        By kind; the words of each saying, counted from 0.

    Examples
    --------
    >>> texts = (" After", " the", " tone.")
    >>> said = [Word(text=text, onset_s=0, offset_s=1, probability=1) for text in texts]
    >>> find_sayings(said)["instruct"]
    ((0, 2),)
    """
    text, owner = "", []
    for place, word in enumerate(words):
        plain = " ".join(_WORD.findall(word.text.lower().replace("’", "'")))  # noqa: RUF001
        if plain:
            text += f"{plain} "
            owner += [place] * (len(plain) + 1)
    return {
        kind: tuple((owner[found.start()], owner[found.end() - 1]) for found in _pattern(kind).finditer(text))
        for kind in SAYINGS
    }


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(SAYINGS[kind]) + r")\b")


def plain_text(words: Sequence[Word]) -> str:
    """Write words in lower case and without marks.

    Parameters
    ----------
    words : sequence of Word
        In time order.

    Returns
    -------
    str
        Blanks between them.
    """
    return " ".join(_WORD.findall("".join(word.text for word in words).lower()))
