"""Connections that never get on are ended, so that a few hundred of them leave the page to the others.

uvicorn waits for a request's headers as long as a client likes. Here a connection that has not sent a whole
request in time is closed, and with too many such connections the oldest is closed at once. TLS is spoken
here, too, so that the handshake counts as a part of that wait.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from voicecheck.errors import EngineError
from voicecheck.web.logs import Discreet

HEADERS_MAX_S = 10.0
"""The headers of a request must have come after so long."""
FILES_KEPT = 64
"""Descriptors for the database, recordings and libraries."""
HALF_OPEN_MAX = 512
BACKLOG = 64
"""So many connections are accepted in one go, before any of them can be closed again."""
FEWEST_FILES = 256


def file_limit() -> int:
    """How many files and connections this process may have open."""
    if sys.platform == "win32":  # which has no such limit
        return 8192
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 8192 if soft == resource.RLIM_INFINITY else int(soft)


def check_port(host: str, port: int) -> None:
    """See that a port is free.

    Parameters
    ----------
    host : str
        Name or address.
    port : int
        1 to 65535.

    Raises
    ------
    EngineError
        If it is not, with one that is near, or if the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise EngineError(f"port {port} is taken; try --port {port % 65535 + 1}") from None
            raise EngineError(f"{host}:{port} cannot be listened on: {error.strerror or error}") from None


class Impatient(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a limit on how long headers take and on how many are awaited."""

    half_open: dict[Impatient, asyncio.TimerHandle] = {}  # noqa: RUF012  of all connections, the oldest first
    tls: ssl.SSLContext | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request, and with TLS for the handshake first."""
        self._early: list[bytes] | None = None
        if self.tls is not None and transport.get_extra_info("sslcontext") is None:
            self.transport, self._early = transport, []
            transport.pause_reading()
            self._handshake = asyncio.get_running_loop().create_task(self._shake_hands(transport, self.tls))
        else:
            super().connection_made(transport)
        self._wait()
        most = min(HALF_OPEN_MAX, max(16, file_limit() - FILES_KEPT - BACKLOG) // 2)
        while len(self.half_open) > most:
            next(iter(self.half_open))._give_up()

    async def _shake_hands(self, plain: asyncio.Transport, tls: ssl.SSLContext) -> None:
        try:
            loop = asyncio.get_running_loop()
            transport = await loop.start_tls(
                plain, self, tls, server_side=True, ssl_handshake_timeout=HEADERS_MAX_S
            )
        except (OSError, RuntimeError):  # it speaks no TLS, or was closed meanwhile
            self._give_up()
            return
        if transport is None:  # closed at the very moment
            return
        early, self._early = self._early or [], None
        super().connection_made(transport)
        for data in early:
            self.data_received(data)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; once the headers are there, the limits of the request itself count."""
        if self._early is not None:  # the client's first request came with the end of its handshake
            self._early.append(data)
            return
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._settle()
        elif self not in self.half_open:  # the next request on this connection drips in
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._settle()
        if self._early is None:
            super().connection_lost(exc)

    def _wait(self) -> None:
        self.half_open[self] = asyncio.get_running_loop().call_later(HEADERS_MAX_S, self._give_up)

    def _settle(self) -> None:
        timer = self.half_open.pop(self, None)
        if timer is not None:
            timer.cancel()

    def _give_up(self) -> None:
        self._settle()
        if not self.transport.is_closing():
            self.transport.abort()


def _tls(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise EngineError(f"{certificate} and its key cannot be used: {reason}") from error
    return context


def serve(
    app: FastAPI,
    *,
    host: str,
    port: int,
    proxy: str | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    app : FastAPI
        What is served.
    host, port : str, int
        Where.
    proxy : str or None
        Address of the proxy whose X-Forwarded headers are believed; nobody else's are.
    certificate, key : Path or None
        For TLS.

    Raises
    ------
    EngineError
        If the certificate or its key cannot be used.
    """
    logging.getLogger("uvicorn.error").addFilter(Discreet())
    Impatient.tls = None if certificate is None else _tls(certificate, key)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=Impatient,
        ws="none",
        backlog=BACKLOG,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
