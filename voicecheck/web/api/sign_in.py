"""Signing in and out, and one's own password."""

from __future__ import annotations

from fastapi import Request, Response

from voicecheck.web.api.schemas import NewPassword, Session, SignIn, api_router, errors
from voicecheck.web.errors import ForbiddenError
from voicecheck.web.requests import BROWSER_COOKIE, admit, client_address, dismiss
from voicecheck.web.server import AnyVisitor, TheServer

router = api_router()


@router.post("/session", responses=errors(429), tags=["session"])
def sign_in(body: SignIn, request: Request, response: Response, server: TheServer) -> Session:
    """Sign in; the answer sets a cookie."""
    user = server.sign_in(
        body.name,
        body.password,
        address=client_address(request),
        browser_cookie=request.cookies.get(BROWSER_COOKIE),
    )
    admit(request, response, server, user)
    return Session(name=user.name, role=user.role, local=False)


@router.get("/session", tags=["session"])
def who_am_i(visitor: AnyVisitor) -> Session:
    """Tell who is signed in."""
    return Session(name=visitor.name, role=visitor.role, local=visitor.local)


@router.delete("/session", status_code=204, tags=["session"])
def sign_out(visitor: AnyVisitor, request: Request, server: TheServer, response: Response) -> None:
    """Sign out, everywhere."""
    if not visitor.local:
        server.store.users.end_sessions(visitor.name)
    dismiss(request, response)


@router.put("/session/password", status_code=204, responses=errors(429), tags=["session"])
def change_password(
    body: NewPassword, visitor: AnyVisitor, request: Request, server: TheServer, response: Response
) -> None:
    """Change one's own password; every other session ends."""
    if visitor.local:
        raise ForbiddenError("without accounts there is no password")
    server.sign_in(
        visitor.name,
        body.password,
        address=client_address(request),
        browser_cookie=request.cookies.get(BROWSER_COOKIE),
    )
    admit(request, response, server, server.give_password(visitor.name, body.new_password, who=visitor.name))
