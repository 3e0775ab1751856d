"""Signing in and out."""

from __future__ import annotations

from fastapi import Request, Response

from voicecheck.web.api.schemas import Session, SignIn, api_router, errors
from voicecheck.web.auth import SESSION_MAX_S
from voicecheck.web.errors import UnknownUserError
from voicecheck.web.server import COOKIE, AnyVisitor, TheServer

router = api_router()


@router.post("/session", responses=errors(429), tags=["session"])
def sign_in(body: SignIn, request: Request, response: Response, server: TheServer) -> Session:
    """Sign in; the answer sets a cookie."""
    address = request.client.host if request.client else ""
    server.throttle.attempt(body.name, address)
    user = server.store.users.get(body.name)
    if not server.passwords.fits(body.password, user) or user is None:
        raise UnknownUserError("name and password do not fit")
    server.throttle.succeeded(body.name, address)
    response.set_cookie(
        COOKIE,
        server.sessions.cookie(user),
        max_age=SESSION_MAX_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return Session(name=user.name, role=user.role, local=False)


@router.get("/session", tags=["session"])
def who_am_i(visitor: AnyVisitor) -> Session:
    """Tell who is signed in."""
    return Session(name=visitor.name, role=visitor.role, local=visitor.local)


@router.delete("/session", status_code=204, tags=["session"])
def sign_out(visitor: AnyVisitor, server: TheServer, response: Response) -> None:
    """Sign out, everywhere."""
    if not visitor.local:
        server.store.users.end_sessions(visitor.name)
    response.delete_cookie(COOKIE)
