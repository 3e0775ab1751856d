"""The web application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from voicecheck.scorecard.registry import load_checks
from voicecheck.version import __version__
from voicecheck.web import answers
from voicecheck.web.api import messages, sign_in, team
from voicecheck.web.guard import Guard
from voicecheck.web.listening.client import ListenerProcess
from voicecheck.web.pages import accounts, pages
from voicecheck.web.pages import team as team_pages
from voicecheck.web.server import Server, open_server
from voicecheck.web.settings import WebSettings


def create_app(settings: WebSettings, *, process: ListenerProcess | None = None) -> FastAPI:
    """Make the application; it starts listening to messages when it is started.

    Parameters
    ----------
    settings : WebSettings
        What this server is told.
    process : ListenerProcess or None
        What listens; None starts the process that `settings` names.

    Returns
    -------
    FastAPI
        To be given to a server; its state holds the `Server`.

    Raises
    ------
    ParameterError
        If the database URL cannot be understood, or the team's checks cannot be loaded.
    EngineError
        If the folder or the database cannot be used.
    """
    if settings.checks_file is not None:
        load_checks(settings.checks_file)
    server = open_server(settings, process)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        server.worker.start()
        yield
        server.worker.stop()
        server.store.close()

    app = FastAPI(
        title="voicecheck",
        version=__version__,
        description="Could the person who hears this voicemail write down the number and call back?",
        openapi_url="/api/v1/openapi.json",
        telemetry={"auto_configure": False},  # nothing leaves the machine, whatever its environment says
        docs_url=None,  # both load their scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.server = server
    for part in (sign_in, messages, team):
        app.include_router(part.router)
    app.include_router(pages.router)
    app.include_router(accounts.router)
    app.include_router(team_pages.router)
    app.add_api_route("/healthz", _healthz, include_in_schema=False)
    app.mount(
        "/static", StaticFiles(directory=str(files("voicecheck.web").joinpath("static"))), name="static"
    )
    answers.install(app)
    app.add_middleware(Guard, public=settings.public)
    return app


def _healthz(request: Request) -> JSONResponse:
    """Answer 200 while messages are taken in and heard, else 503."""
    server: Server = request.app.state.server
    complaint = server.state().complaint
    return JSONResponse({"status": "degraded" if complaint else "ok"}, status_code=503 if complaint else 200)
