"""When two names are the same."""

from __future__ import annotations

import unicodedata


def name_key(name: str) -> str:
    """Write a name as it is compared: without case, and however its accents were typed.

    Parameters
    ----------
    name : str
        Of a person.

    Returns
    -------
    str
        Equal for two spellings of one name.

    Examples
    --------
    >>> name_key("Zoë") == name_key("ZOË"), name_key(" ann ") == name_key("Ann")
    (True, True)
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
