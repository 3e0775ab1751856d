"""What a server is told when it starts."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from voicecheck.errors import ParameterError

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """One server.

    Parameters
    ----------
    folder : Path
        Holds the recordings, the signing key and, unless `database_url` says otherwise, the database.
    database_url : str or None
        As SQLAlchemy writes it; None takes SQLite in the folder.
    public : bool
        Whether other machines can reach the server; it then wants accounts.
    model, model_dir, threads
        As `Listener` takes them.
    region : str
        ISO 3166 code of the country whose numbers need no country code.
    upload_max_bytes : int
        A larger upload is broken off.
    upload_idle_s, upload_max_s : float
        An upload that sends nothing for so long, or takes so long in all, is broken off.
    duration_max_s : float
        A longer recording is refused.
    listen_max_s : float
        Listening to one message may take so long; it is given up then.
    memory_max_bytes : int
        What the listening process may use.
    waiting_max : int
        With so many messages waiting, no more are taken.
    checks_file : Path or None
        A team's own checks, in Python; whoever judges loads them first, this process and the listening one.
    keep_days : int or None
        Older messages are deleted; None keeps them.
    listener_command : tuple of str
        Starts the listening process.

    Raises
    ------
    ParameterError
        If a limit is not positive.
    """

    folder: Path
    database_url: str | None = None
    public: bool = False
    model: str = "base"
    model_dir: Path | None = None
    threads: int = 0
    region: str = "US"
    upload_max_bytes: int = 64 * MIB
    upload_idle_s: float = 20.0
    upload_max_s: float = 600.0
    duration_max_s: float = 600.0
    listen_max_s: float = 300.0
    memory_max_bytes: int = 3072 * MIB  # with 2 GiB the first message after a start takes a minute of CPU
    waiting_max: int = 1000
    checks_file: Path | None = None
    keep_days: int | None = None
    listener_command: tuple[str, ...] = (sys.executable, "-m", "voicecheck.web.listening.process")

    def __post_init__(self) -> None:
        for name in (
            *("upload_max_bytes", "upload_idle_s", "upload_max_s", "duration_max_s", "listen_max_s"),
            *("memory_max_bytes", "waiting_max"),
        ):
            if getattr(self, name) <= 0:
                raise ParameterError(f"{name} must be positive, got {getattr(self, name)}")
        if self.keep_days is not None and self.keep_days < 1:
            raise ParameterError(f"keep_days must be at least 1, got {self.keep_days}")

    @property
    def store_url(self) -> str:
        """Where the database is."""
        return self.database_url or f"sqlite:///{self.folder / 'voicecheck.sqlite3'}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`.

    Parameters
    ----------
    host : str
        Name or address.

    Returns
    -------
    bool
        False for a name other than localhost.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
