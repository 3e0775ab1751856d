"""Words of a transcript as people read them: a number in them looks as it does everywhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicecheck.numbers.plan import display
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.transcript import Word


def shown_words(words: Sequence[Word], recitations: Sequence[Recitation], *, region: str = "US") -> list[str]:
    """Write each word; the first word of a saying writes all of the number, and its others write nothing.

    A saying whose words hold anything but its digits and marks (1-800-FLOWERS, an extension) stays as it is.

    Parameters
    ----------
    words : sequence of Word
        Of a message, or of a part of it.
    recitations : sequence of Recitation
        Those of the whole message.
    region : str
        ISO 3166 code.

    Returns
    -------
    list of str
        One for each word, with the blank before it.
    """
    shown = [word.text for word in words]
    for recitation in recitations:
        heard = recitation.interval
        inside = [
            at
            for at, word in enumerate(words)
            if heard.onset_s <= (word.onset_s + word.offset_s) / 2 <= heard.offset_s
        ]
        written = "".join(words[at].text for at in inside)
        if re.sub(r"\D", "", written) != recitation.digits.lstrip("+") or re.search(r"[^\W\d]", written):
            continue
        blank, mark = re.match(r"\s*", written), re.search(r"[^\d)]*$", written)
        number = display(recitation.digits, region=region)
        shown[inside[0]] = f"{blank[0] if blank else ''}{number}{mark[0] if mark else ''}"
        for at in inside[1:]:
            shown[at] = ""
    return shown
