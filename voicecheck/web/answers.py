"""The one shape of an error, for programs and for people."""

from __future__ import annotations

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DatabaseError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from voicecheck.errors import VoicecheckError
from voicecheck.web.errors import ANSWERS, TooManyAttemptsError, UnknownUserError, error_response
from voicecheck.web.pages.render import render
from voicecheck.web.store.rows import NO_MESSAGE

log = logging.getLogger(__name__)

_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}


def install(app: FastAPI) -> None:
    """Turn every error into an answer of the one shape.

    Parameters
    ----------
    app : FastAPI
        Every route of it.
    """

    @app.exception_handler(VoicecheckError)
    def _ours(request: Request, error: VoicecheckError) -> Response:
        status, code = next((status, code) for kind, status, code in ANSWERS if isinstance(error, kind))
        if isinstance(error, UnknownUserError) and not _is_api(request):
            return RedirectResponse(f"/login?next={quote(_asked(request), safe='/')}", status_code=303)
        response = _answer(request, status, code, str(error))
        if isinstance(error, TooManyAttemptsError):
            response.headers["Retry-After"] = str(error.wait_s)
        return response

    @app.exception_handler(DatabaseError)
    def _database(request: Request, error: DatabaseError) -> Response:
        log.warning("the database does not answer: %s", type(error).__name__)
        return _answer(request, 503, "busy", "the database does not answer now; try again in a moment")

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        if not _is_api(request):
            return _answer(request, 404, "not_found", NO_MESSAGE)
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
        detail = "there is no page at this address" if error.status_code == 404 else str(error.detail)
        response = _answer(request, error.status_code, _CODES.get(error.status_code, "refused"), detail)
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["Allow"] = _allowed(request)
        return response


def _is_api(request: Request) -> bool:
    return str(request.scope["path"]).startswith("/api/")


def _asked(request: Request) -> str:
    """The page that was asked for, with its query; the start page where something was to be done."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    query = request.url.query
    return f"{quote(request.scope['path'])}{'?' if query else ''}{query}"


def _allowed(request: Request) -> str:
    """The methods of a path, of whichever routes it has."""
    methods: set[str] = set()
    for included in request.app.routes:
        router = getattr(included, "original_router", None)  # as FastAPI keeps what it includes
        for route in [included] if router is None else router.routes:
            if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
                methods |= route.methods or set()
    return ", ".join(sorted(methods))


def _answer(request: Request, status: int, code: str, message: str) -> Response:
    if _is_api(request):
        return error_response(status, code, message)
    sentence = f"{message[:1].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"
    return render(request, "error.html", status=status, message=sentence)
