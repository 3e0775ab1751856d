"""Signing in and out, one's own password, and the link to a new one; all of it works without scripts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from voicecheck.errors import ParameterError
from voicecheck.web.errors import TooManyAttemptsError, UnknownUserError
from voicecheck.web.pages.render import render
from voicecheck.web.requests import BROWSER_COOKIE, Form, admit, client_address, dismiss, own_path
from voicecheck.web.server import AnyVisitor, TheServer

router = APIRouter(include_in_schema=False)

NextPage = Annotated[str, Query(max_length=2000, alias="next")]
ResetToken = Annotated[str, Query(max_length=1000)]


@router.get("/login")
def login_page(request: Request, server: TheServer, goes: NextPage = "/") -> Response:
    """Ask for name and password."""
    if not server.wants_accounts():
        return RedirectResponse("/", status_code=303)
    return render(request, "login.html", next=own_path(goes), name="", problem="")


@router.post("/login")
def sign_in(request: Request, server: TheServer, form: Form) -> Response:
    """Sign in, and go where one wanted to go."""
    name, goes = form.get("name", "").strip(), own_path(form.get("next", "/"))
    try:
        user = server.sign_in(
            name,
            form.get("password", ""),
            address=client_address(request),
            browser_cookie=request.cookies.get(BROWSER_COOKIE),
        )
    except (UnknownUserError, TooManyAttemptsError) as error:
        status = 429 if isinstance(error, TooManyAttemptsError) else 401
        problem = _sentence(error)
        return render(request, "login.html", status=status, next=goes, name=name, problem=problem)
    response = RedirectResponse(goes, status_code=303)
    admit(request, response, server, user)
    return response


@router.post("/logout")
def sign_out(request: Request, visitor: AnyVisitor, server: TheServer) -> Response:
    """Sign out, everywhere."""
    if not visitor.local:
        server.store.users.end_sessions(visitor.name)
    response = RedirectResponse("/login", status_code=303)
    dismiss(request, response)
    return response


@router.get("/account")
def account_page(request: Request, visitor: AnyVisitor, done: bool = False) -> Response:
    """Let people change their own password."""
    if visitor.local:
        return RedirectResponse("/", status_code=303)
    return render(request, "account.html", problem="", done=done)


@router.post("/account")
def change_password(request: Request, visitor: AnyVisitor, server: TheServer, form: Form) -> Response:
    """Change one's own password; every other session ends."""
    if visitor.local:
        return RedirectResponse("/", status_code=303)
    try:
        server.sign_in(
            visitor.name,
            form.get("password", ""),
            address=client_address(request),
            browser_cookie=request.cookies.get(BROWSER_COOKIE),
        )
        user = server.give_password(visitor.name, form.get("new_password", ""), who=visitor.name)
    except UnknownUserError:
        problem = "That is not your old password."
        return render(request, "account.html", status=401, problem=problem, done=False)
    except (ParameterError, TooManyAttemptsError) as error:
        return render(request, "account.html", status=422, problem=_sentence(error), done=False)
    response = RedirectResponse("/account?done=yes", status_code=303)
    admit(request, response, server, user)
    return response


@router.get("/reset")
def reset_page(request: Request, server: TheServer, token: ResetToken) -> Response:
    """Let somebody choose a new password who was given a link."""
    user = server.sessions.user_to_reset(token)
    return render(request, "reset.html", name=user.name, token=token, problem="")


@router.post("/reset")
def reset_password(request: Request, server: TheServer, form: Form) -> Response:
    """Take the new password, and sign in."""
    token = form.get("token", "")
    user = server.sessions.user_to_reset(token)
    try:
        user = server.give_password(user.name, form.get("new_password", ""), who=user.name)
    except ParameterError as error:
        problem = _sentence(error)
        return render(request, "reset.html", status=422, name=user.name, token=token, problem=problem)
    response = RedirectResponse("/", status_code=303)
    admit(request, response, server, user)
    return response


def _sentence(error: Exception) -> str:
    """Write an error for the eye."""
    text = str(error)
    return f"{text[0].upper()}{text[1:]}."
