"""The commands `voicecheck serve` and `voicecheck users`: options in, the work is done in `web`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from voicecheck.cli import options
from voicecheck.cli.app import app, complaining
from voicecheck.errors import EngineError, ParameterError

if TYPE_CHECKING:
    from voicecheck.web.archive import Archive
    from voicecheck.web.settings import WebSettings
    from voicecheck.web.store.store import Store

store_app = typer.Typer(
    help="What the web page keeps: compare messages with recordings, and mend.\n\n"
    "Example: voicecheck store check"
)
app.add_typer(store_app, name="store", no_args_is_help=True)
users_app = typer.Typer(
    help="Accounts for the web page: reps see their own messages, coaches everyone's.\n\n"
    "Example: voicecheck users add ana --role coach"
)
app.add_typer(users_app, name="users", no_args_is_help=True)


FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="FOLDER", help="Folder with recordings and database; your own if not given."
    ),
]

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="Another database, such as postgresql+psycopg://USER@HOST/NAME."
    ),
]

NameArgument = Annotated[str, typer.Argument(help="Who signs in; also the rep whose messages they see.")]


@app.command()
def serve(
    folder: FolderOption = None,
    host: Annotated[
        str, typer.Option(help="Address to serve at; any but this machine's own needs accounts.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8765,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="Want accounts at this machine's own address too, where a proxy passes requests on.",
        ),
    ] = False,
    proxy: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="The proxy whose X-Forwarded headers are believed; implies --public."
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TLS certificate; without TLS, browsers elsewhere do not record."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's key.")] = None,
    database: DatabaseOption = None,
    keep_days: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Delete messages that are older than this.")
    ] = None,
    max_upload_mb: Annotated[int, typer.Option(min=1, help="Refuse larger files.")] = 64,
    checks_file: options.Checks = None,
    region: options.Region = "US",
    model: options.Model = "base",
    model_dir: options.ModelDir = None,
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0 takes all cores, at most four.")] = 0,
) -> None:
    """Serve the web page: record or drop a message, see its card.

    Example: voicecheck serve

    Stop it with Ctrl-C; what has not been heard by then is heard after the next start.
    """
    _require_web()
    from voicecheck.files import lock_folder
    from voicecheck.listener import Listener
    from voicecheck.numbers.plan import check_region
    from voicecheck.web.app import create_app
    from voicecheck.web.connections import check_port
    from voicecheck.web.connections import serve as serve_app
    from voicecheck.web.settings import MIB, WebSettings, is_loopback

    with complaining():
        if (certificate is None) != (key is None):
            raise ParameterError("--certificate and --key go together")
        settings = WebSettings(
            folder=folder or _default_folder(),
            database_url=database,
            public=public or proxy is not None or not is_loopback(host),
            model=model,
            model_dir=model_dir,
            threads=threads,
            region=check_region(region),
            upload_max_bytes=max_upload_mb * MIB,
            checks_file=checks_file,
            keep_days=keep_days,
        )
        Listener(model=model, model_dir=model_dir).settled().prepare()
        with lock_folder(settings.folder):
            app = create_app(settings)
            if settings.public and not app.state.server.store.users.any():
                raise ParameterError(
                    f"{host}:{port} can be reached by others, and there are no accounts; "
                    "make one first: voicecheck users add NAME --role coach"
                )
            check_port(host, port)
            scheme = "http" if certificate is None else "https"
            shown = f"[{host}]" if ":" in host else host
            typer.echo(f"voicecheck: {scheme}://{shown}:{port}  (Ctrl-C stops it)", err=True)
            if settings.public and certificate is None and not is_loopback(host):
                typer.echo(
                    "voicecheck: without TLS passwords travel in clear, and browsers elsewhere do not record",
                    err=True,
                )
            serve_app(app, host=host, port=port, proxy=proxy, certificate=certificate, key=key)


@users_app.command("add")
def add_user(
    name: NameArgument,
    role: Annotated[Literal["rep", "coach"], typer.Option(help="What they may do.")] = "rep",
    claim: Annotated[
        bool, typer.Option("--claim", help="Messages filed under this name already are theirs.")
    ] = False,
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make an account; the password is asked for, or read from standard input.

    Example: voicecheck users add ana --role coach
    """
    _require_web()
    from voicecheck.web.auth import new_user
    from voicecheck.web.store.audit import COMMAND_LINE

    with complaining():
        store = _store(folder, database)
        new_user(store.users, name, role, _password(), claim=claim)
        store.audit.write("made an account", who=COMMAND_LINE, about=name, detail=role)
    typer.echo(f"{name}: {role}")


@users_app.command("list")
def list_users(folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """List the accounts.

    Example: voicecheck users list
    """
    _require_web()
    with complaining():
        found = _store(folder, database).users.all()
    for user in found:
        typer.echo(f"{user.name}: {user.role}")


@users_app.command("password")
def change_password(name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Change a password; whoever is signed in has to sign in again.

    Example: voicecheck users password ana
    """
    _require_web()
    from voicecheck.web.auth import Passwords
    from voicecheck.web.store.audit import COMMAND_LINE

    with complaining():
        store = _store(folder, database)
        store.users.set_password_hash(name, Passwords().hash(_password(), name=name))
        store.audit.write("changed a password", who=COMMAND_LINE, about=name)


@users_app.command("reset-link")
def reset_link(
    name: NameArgument,
    address: Annotated[
        str, typer.Option(metavar="URL", help="Where people reach the page.")
    ] = "http://127.0.0.1:8765",
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print a link by which somebody chooses a new password: once, and within a day.

    Example: voicecheck users reset-link ana
    """
    _require_web()
    from urllib.parse import quote

    from voicecheck.web.auth import Sessions, signing_key
    from voicecheck.web.store.audit import COMMAND_LINE

    with complaining():
        settings = _store_settings(folder, database)
        store = _store(folder, database)
        user = store.users.get(name)
        if user is None:
            raise ParameterError(f"there is no user {name!r}")
        token = Sessions(signing_key(settings.folder), store.users).reset_token(user)
        store.audit.write("made a link to a new password", who=COMMAND_LINE, about=user.name)
    typer.echo(f"{address.rstrip('/')}/reset?token={quote(token)}")


@users_app.command("remove")
def remove_user(name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Remove an account; the messages stay, for the coaches.

    Example: voicecheck users remove ana
    """
    _require_web()
    from voicecheck.web.store.audit import COMMAND_LINE

    with complaining():
        store = _store(folder, database)
        aside = store.users.remove(name)
        store.audit.write("removed an account", who=COMMAND_LINE, about=name)
    typer.echo(f"{name} is removed; their messages are filed under {aside!r}")


@store_app.command("check")
def check_store(folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Compare messages with recordings; changes nothing. The exit code is 1 if they do not fit.

    Example: voicecheck store check
    """
    _require_web()
    with complaining():
        found = _archive(folder, database).inventory()
    typer.echo(f"{found.messages} messages, {found.recordings} recordings")
    for message_id in found.missing:
        typer.echo(f"the recording of message {message_id} is missing")
    if found.strangers:
        typer.echo(f"{len(found.strangers)} recordings belong to no message:")
        for sha256 in found.strangers:
            typer.echo(f"  {sha256}")
        typer.echo("make messages of them (voicecheck store adopt), or delete them (voicecheck store purge)")
    if found.missing or found.strangers:
        raise typer.Exit(1)


@store_app.command("adopt")
def adopt_store(
    rep: Annotated[str, typer.Option(help="Whose messages they become.")] = "unknown",
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Let folder and database belong together, and make messages of recordings that have none.

    The server must be stopped; it hears them when it starts again.

    Example: voicecheck store adopt --rep ana
    """
    _require_web()
    from voicecheck.files import lock_folder

    with complaining(), lock_folder(_store_settings(folder, database).folder):
        count = _archive(folder, database, adopt=True).adopt(rep)
    typer.echo(f"{count} recordings became messages")


@store_app.command("purge")
def purge_store(
    keep_days: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Delete older messages as well.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Delete recordings without a message, and messages that are too old; the server must be stopped.

    Example: voicecheck store purge --keep-days 90
    """
    _require_web()
    from voicecheck.files import lock_folder

    with complaining(), lock_folder(_store_settings(folder, database).folder):
        archive = _archive(folder, database)
        n_strangers = len(archive.inventory().strangers)
        n_old = 0 if keep_days is None else archive.n_older_than(keep_days)
        if not yes:
            typer.confirm(
                f"delete {n_strangers} recordings without a message and {n_old} messages?", abort=True
            )
        if keep_days is not None:
            archive.delete_older_than(keep_days, confirmed=True)
        archive.purge()
    typer.echo(f"{n_strangers} recordings and {n_old} messages deleted")


def _archive(folder: Path | None, database: str | None, *, adopt: bool = False) -> Archive:
    from voicecheck.web.archive import Archive
    from voicecheck.web.recordings import Recordings

    folder_used = _store_settings(folder, database).folder
    return Archive(_store(folder, database, adopt=adopt), Recordings(folder=folder_used / "recordings"))


def _store(folder: Path | None, database: str | None, *, adopt: bool = False) -> Store:
    from voicecheck.web.archive import pair
    from voicecheck.web.store.store import open_store

    settings = _store_settings(folder, database)
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(settings.store_url)
    pair(settings.folder, store, adopt=adopt)
    return store


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
            raise EngineError('the web page is not installed: pip install "voicecheck-coach[web]"') from None
