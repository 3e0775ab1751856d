"""Why a request is refused: one tree of errors, one table of answers.

::

    InputError
    |- UnknownUserError       nobody is signed in
    |- ForbiddenError         not allowed to do this
    |- NotFoundError          no such thing, or not for this visitor
    |- NotReadyError          no card yet
    |- TooLargeError          an upload over the limit
    |- TooLongError           not heard in the time allowed
    |- TooSlowError           an upload that does not get on
    `- TooManyAttemptsError   guessing is slowed down
    EngineError
    |- BusyError              too much is waiting
    |- DiskFullError          no room for another recording
    `- ListenerDiedError      the listening process is not there
"""

from __future__ import annotations

from starlette.responses import JSONResponse

from voicecheck.errors import EngineError, InputError, VoicecheckError


class UnknownUserError(InputError):
    """Nobody is signed in, or name and password do not fit."""


class ForbiddenError(InputError):
    """Signed in, but not allowed to do this."""


class NotFoundError(InputError):
    """There is no such message, user or page, or not for this user."""


class NotReadyError(InputError):
    """The message has no card yet."""


class TooLargeError(InputError):
    """An upload over the limit."""


class TooLongError(InputError):
    """A message that would not be heard in the time allowed."""


class TooSlowError(InputError):
    """An upload that does not get on."""


class TooManyAttemptsError(InputError):
    """Guessing is slowed down.

    Parameters
    ----------
    wait_s : float
        When to try again.
    """

    def __init__(self, wait_s: float) -> None:
        self.wait_s = max(1, round(wait_s))
        super().__init__(f"too many failed attempts; try again in {max(1, round(wait_s / 60))} min")


class BusyError(EngineError):
    """Too much is waiting."""


class DiskFullError(EngineError):
    """There is no room for another recording."""


class ListenerDiedError(EngineError):
    """The listening process cannot be started, or has died."""


ANSWERS: tuple[tuple[type[VoicecheckError], int, str], ...] = (
    (UnknownUserError, 401, "not_signed_in"),
    (ForbiddenError, 403, "forbidden"),
    (NotFoundError, 404, "not_found"),
    (TooSlowError, 408, "too_slow"),
    (NotReadyError, 409, "not_ready"),
    (TooLargeError, 413, "too_large"),
    (TooManyAttemptsError, 429, "too_many_attempts"),
    (DiskFullError, 507, "disk_full"),
    (BusyError, 503, "busy"),
    (InputError, 422, "invalid"),
    (EngineError, 503, "unable"),
)
"""Which answer each of our errors becomes, as status and code; the first that fits."""


def error_response(status: int, code: str, message: str) -> JSONResponse:
    """Write an error for a program.

    Parameters
    ----------
    status : int
        Of HTTP.
    code : str
        For the program.
    message : str
        For a person: one sentence.

    Returns
    -------
    JSONResponse
        JSON, in the one shape of all errors.
    """
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
