"""The commands `voicecheck serve` and `voicecheck users`: options in, the work is done in `web`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecheck.cli.app import ModelDirOption, ModelOption, RegionOption, app, complaining
from voicecheck.errors import EngineError, ParameterError

if TYPE_CHECKING:
    from voicecheck.web.settings import WebSettings
    from voicecheck.web.store.users import Users

users_app = typer.Typer(help="Accounts for the web page: reps see their own messages, coaches everyone's.")


app.add_typer(users_app, name="users", no_args_is_help=True)


class Role(StrEnum):
    """What a user may do."""

    REP = "rep"
    COACH = "coach"


FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", metavar="FOLDER", help="Holds recordings and database; yours if not given."),
]

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="Such as postgresql+psycopg://USER@HOST/NAME."),
]

NameArgument = Annotated[str, typer.Argument(help="Also the rep whose messages they see.")]


@app.command()
def serve(
    folder: FolderOption = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; all but loopback needs accounts.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8765,
    public: Annotated[
        bool, typer.Option("--public", help="Want accounts on loopback too: a proxy passes requests on.")
    ] = False,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TLS certificate; without TLS, browsers elsewhere do not record."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's key.")] = None,
    database: DatabaseOption = None,
    keep_days: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Delete messages that are older.")
    ] = None,
    max_upload_mb: Annotated[int, typer.Option(min=1, help="Refuse larger files.")] = 64,
    region: RegionOption = "US",
    model: ModelOption = "base",
    model_dir: ModelDirOption = None,
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0 takes all cores, at most four.")] = 0,
) -> None:
    """Serve the web page: record or drop a message, see its card.

    Stop it with Ctrl-C; what has not been heard by then is heard after the next start.
    """
    _require_web()
    import uvicorn

    from voicecheck.files import lock_folder
    from voicecheck.numbers.plan import check_region
    from voicecheck.speech.weights import find_model
    from voicecheck.web.app import create_app
    from voicecheck.web.settings import MIB, WebSettings, is_loopback

    with complaining():
        if (certificate is None) != (key is None):
            raise ParameterError("--certificate and --key go together")
        settings = WebSettings(
            folder=folder or _default_folder(),
            database_url=database,
            public=public or not is_loopback(host),
            model=model,
            model_dir=model_dir,
            threads=threads,
            region=check_region(region),
            upload_max_bytes=max_upload_mb * MIB,
            keep_days=keep_days,
        )
        find_model(model, folder=model_dir)
        with lock_folder(settings.folder):
            app = create_app(settings)
            if settings.public and not app.state.server.store.users.any():
                raise ParameterError(
                    f"{host}:{port} can be reached by others, and there are no accounts; "
                    "make one first: voicecheck users add NAME --role coach"
                )
            scheme = "http" if certificate is None else "https"
            shown = f"[{host}]" if ":" in host else host
            typer.echo(f"voicecheck: {scheme}://{shown}:{port}  (Ctrl-C stops it)", err=True)
            if settings.public and certificate is None and not is_loopback(host):
                typer.echo(
                    "voicecheck: without TLS passwords travel in clear, and browsers elsewhere do not record",
                    err=True,
                )
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_level="warning",
                server_header=False,
                ssl_certfile=certificate,
                ssl_keyfile=key,
                timeout_graceful_shutdown=5,
            )


@users_app.command("add")
def add_user(
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.REP,
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    _require_web()
    from voicecheck.web.auth import new_user

    with complaining():
        new_user(_users(folder, database), name, role.value, _password())
    typer.echo(f"{name}: {role.value}")


@users_app.command("list")
def list_users(folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """List the accounts."""
    _require_web()
    with complaining():
        found = _users(folder, database).all()
    for user in found:
        typer.echo(f"{user.name}: {user.role}")


@users_app.command("password")
def change_password(name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Change a password; whoever is signed in has to sign in again."""
    _require_web()
    from voicecheck.web.auth import Passwords

    with complaining():
        _users(folder, database).set_password_hash(name, Passwords().hash(_password()))


@users_app.command("remove")
def remove_user(name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Remove an account; the messages stay, for the coaches."""
    _require_web()
    with complaining():
        _users(folder, database).remove(name)


def _users(folder: Path | None, database: str | None) -> Users:
    from voicecheck.web.store.store import open_store

    settings = _store_settings(folder, database)
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_store(settings.store_url).users


def _store_settings(folder: Path | None, database: str | None) -> WebSettings:
    from voicecheck.web.settings import WebSettings

    return WebSettings(folder=folder or _default_folder(), database_url=database)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _default_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("voicecheck", appauthor=False) / "web"


def _require_web() -> None:
    """Say in one line what is missing."""
    try:
        import fastapi  # noqa: F401
    except ImportError:
        with complaining():
            raise EngineError('the web page is not installed: pip install "voicecheck[web]"') from None
