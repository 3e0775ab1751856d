"""What every request has to pass, and what every answer carries."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voicecheck.web.errors import error_response
from voicecheck.web.settings import is_loopback

BODY_MAX_BYTES = 256 * 1024
"""For every request but an upload, which has its own limit."""

BODY_MAX_S = 20.0
"""It must have come after so long."""

TOO_LARGE = f"the request is larger than {BODY_MAX_BYTES // 1024} KiB"
UPLOAD_PATH = "/api/v1/messages"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses foreign hosts and foreign pages; adds the security headers.

    Parameters
    ----------
    app : ASGIApp
        What it guards.
    public : bool
        Whether other machines may ask.
    """

    def __init__(self, app: ASGIApp, *, public: bool) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer[name] = value
                if not scope["path"].startswith("/static/"):
                    answer.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    answer["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await error_response(*refusal)(scope, receive, send_with_headers)
            return
        if scope["path"] != UPLOAD_PATH:
            receive = _limited(receive)
        await self._app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        name = _host_name(host)
        if name is None:
            return 400, "malformed", f"no host has the name {host[:100]!r} that the request asks for"
        if not self._public:
            # A page elsewhere may have pointed its own name at this machine (DNS rebinding).
            if not is_loopback(name):
                return 421, "wrong_host", f"this server answers to localhost only, not to {host[:100]!r}"
            if any(name in headers for name in _FORWARDED):
                return 403, "proxied", "behind a proxy the server needs accounts: start it with --public"
        if scope["method"] not in _SAFE_METHODS and _is_foreign(scope, headers):
            return 403, "foreign_origin", "the request comes from another site"
        length = headers.get("content-length", "0")
        if scope["path"] != UPLOAD_PATH and (not length.isdigit() or int(length) > BODY_MAX_BYTES):
            return 413, "too_large", TOO_LARGE
        return None


def _host_name(host: str) -> str | None:
    """Read the name in a Host header; None if it cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as "[::1"
        return None


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page is asking.

    Every browser sends Origin, Sec-Fetch-Site or both with a request that changes something; what sends
    neither is a program, which no other site can steer.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin != f"{scope['scheme']}://{headers.get('host', '')}"
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def _limited(receive: Receive) -> Receive:
    """Refuse a body that turns out to be too large, whatever it said, or that drips in."""
    n_bytes = 0
    ends_s = time.monotonic() + BODY_MAX_S

    async def limited() -> Message:
        nonlocal n_bytes
        if n_bytes is None:
            return await receive()
        try:
            async with asyncio.timeout(max(0.0, ends_s - time.monotonic())):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "the request took too long") from None
        n_bytes += len(message.get("body", b""))
        if n_bytes > BODY_MAX_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return limited
