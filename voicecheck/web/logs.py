"""Logs that say what went wrong and where, but nothing that anybody said."""

from __future__ import annotations

import logging
import traceback


def where(error: BaseException) -> str:
    """Write the kind of an error and the lines that led to it; its message may quote what somebody said.

    Parameters
    ----------
    error : BaseException
        With its traceback.

    Returns
    -------
    str
        One line.
    """
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])


class Discreet(logging.Filter):
    """Takes the messages of exceptions out of what a library logs of them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record; none is dropped."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text, record.exc_info = where(record.exc_info[1]), None
        return True
