"""Opens the database and brings its tables up to date."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from voicecheck.errors import EngineError, ParameterError
from voicecheck.web.store.search import forget_deleted
from voicecheck.web.store.tables import metadata

BUSY_MAX_S = 10


def open_database(url: str) -> Engine:
    """Connect, and migrate to the newest tables.

    Parameters
    ----------
    url : str
        As SQLAlchemy writes it.

    Returns
    -------
    Engine
        Ready for use.

    Raises
    ------
    ParameterError
        If the URL cannot be understood.
    EngineError
        If the database cannot be reached, or comes from a newer voicecheck.
    """
    try:
        engine = create_engine(
            make_url(url), connect_args=_connect_args(url), pool_pre_ping=True, hide_parameters=True
        )
    except (SQLAlchemyError, ImportError) as error:
        raise ParameterError(
            f"the database URL cannot be used: {_first_line(error)}; write sqlite:///FILE or "
            "postgresql+psycopg://USER@HOST/NAME (PostgreSQL needs pip install psycopg)"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        if engine.url.database:
            _make_private(Path(engine.url.database))
    try:
        _migrate(engine)
    except BaseException as error:
        engine.dispose()
        if not isinstance(error, SQLAlchemyError):
            raise
        raise EngineError(f"the database cannot be used: {_first_line(error)}") from error
    return engine


class Place:
    """Where SQLite's file is, and whether it still is the one that was opened.

    A file that was removed goes on taking rows that nobody will ever see again.

    Parameters
    ----------
    engine : Engine
        An open database; any other than SQLite is always in its place.
    """

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = Path(name) if name and name != ":memory:" else None
        self._file = self._look()

    def check(self) -> None:
        """See that it is the same file.

        Raises
        ------
        EngineError
            If it was removed, or replaced by another.
        """
        if self._look() != self._file:
            raise EngineError(
                "the database file was removed or replaced while the server ran; put it back, or start again"
            )

    def _look(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_dev, found.st_ino)


def erase_traces(engine: Engine) -> None:
    """Empty SQLite's index of words and its write-ahead log, which still hold what was deleted.

    Parameters
    ----------
    engine : Engine
        Of SQLite; another database is left as it is.
    """
    if engine.dialect.name == "sqlite":
        # Busy readers leave it for the next deletion, or the next start.
        with suppress(SQLAlchemyError):
            with engine.begin() as connection:
                forget_deleted(connection)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect_args(url: str) -> dict[str, Any]:
    return {"timeout": BUSY_MAX_S} if make_url(url).get_backend_name() == "sqlite" else {}


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    for pragma in (
        "journal_mode=WAL",  # readers go on while one writes
        "synchronous=FULL",  # a power cut loses nothing that was answered
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")


def _make_private(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its log the same rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise EngineError(f"the database {path} cannot be opened: {error.strerror}") from error


def _migrate(engine: Engine) -> None:
    with as_file(files("voicecheck").joinpath("web/store/migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("path_separator", "os")
        script = ScriptDirectory.from_config(config)
        head = script.get_current_head()
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return
        known = {each.revision for each in script.walk_revisions()}
        if current is not None and current not in known:
            raise EngineError(f"the database was made by a newer voicecheck (its tables are {current})")

        def upgrade(revision: Any, context: Any) -> Any:
            del context
            return script._upgrade_revs("head", revision)

        with EnvironmentContext(config, script, fn=upgrade) as environment, engine.connect() as connection:
            environment.configure(connection=connection, target_metadata=metadata)
            with environment.begin_transaction():
                environment.run_migrations()
            connection.commit()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
