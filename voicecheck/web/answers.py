"""The one shape of an error, for programs and for people."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from voicecheck.errors import EngineError, InputError, VoicecheckError
from voicecheck.web.auth import ForbiddenError, TooManyAttemptsError, UnknownUserError
from voicecheck.web.recordings import DiskFullError, TooLargeError, TooSlowError
from voicecheck.web.store import NotFoundError


class NotReadyError(InputError):
    """The message has no card yet."""


class BusyError(EngineError):
    """Too much is waiting."""


STATUS: tuple[tuple[type[VoicecheckError], int, str], ...] = (
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
"""Which answer each of our errors becomes; the first that fits."""

_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def error_response(status: int, code: str, message: str) -> JSONResponse:
    """Write an error for a program."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def install(app: FastAPI) -> None:
    """Turn every error into an answer of the one shape."""

    @app.exception_handler(VoicecheckError)
    def _ours(request: Request, error: VoicecheckError) -> Response:
        status, code = next((status, code) for kind, status, code in STATUS if isinstance(error, kind))
        if isinstance(error, UnknownUserError) and not _is_api(request):
            return RedirectResponse(f"/login?next={quote(request.url.path)}", status_code=303)
        response = _answer(request, status, code, str(error))
        if isinstance(error, TooManyAttemptsError):
            response.headers["Retry-After"] = str(error.wait_s)
        return response

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "request"
        return _answer(request, 422, "invalid", f"{where}: {first['msg']}")

    @app.exception_handler(ClientDisconnect)
    def _gone(request: Request, error: ClientDisconnect) -> Response:
        del error  # nobody reads the answer
        return _answer(request, 400, "broken_off", "the request was broken off")

    @app.exception_handler(Exception)
    def _bug(request: Request, error: Exception) -> Response:
        del error  # the server logs it with its traceback
        return _answer(request, 500, "internal", "the server made a mistake; its log says which")

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        response = _answer(
            request, error.status_code, _CODES.get(error.status_code, "refused"), str(error.detail)
        )
        response.headers.update(error.headers or {})
        return response


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, code: str, message: str) -> Response:
    if _is_api(request):
        return error_response(status, code, message)
    from voicecheck.web.pages import render

    return render(request, "error.html", status=status, message=message)
