"""Who is signed in, what they may do, and that a form was ours.

The session is a signed cookie; the user is read anew for each request, so disabling a user or changing a password
ends open sessions.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request

from outreach.flow.signin import fingerprint
from outreach.store import users
from outreach.store.engine import reading
from outreach.store.users import Role, User
from outreach.web.services import Services


class NotSignedIn(Exception):
    """The page is for users; `back` is where to go after signing in."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back

    @property
    def sign_in_url(self) -> str:
        """The sign-in page that returns here."""
        return f"/sign-in?next={quote(self.back)}"


def open_session(request: Request, user: User) -> None:
    """Start anew, so that nothing planted before signing in stays."""
    request.session.clear()
    request.session.update(user=user.id, password=fingerprint(user), csrf=secrets.token_urlsafe(24))


def csrf_token(request: Request) -> str:
    """The token that each form of this session carries."""
    token: str = request.session.setdefault("csrf", secrets.token_urlsafe(24))
    return token


def form_is_ours(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that another site made the browser post."""
    expected = request.session.get("csrf", "")
    if not expected or not hmac.compare_digest(csrf.encode(), expected.encode()):
        raise HTTPException(403, "This form is out of date. Go back, reload the page and send it again.")


def signed_in(request: Request, services: Services) -> User:
    """The user of the request. Raises NotSignedIn."""
    user = None
    if "user" in request.session:
        with reading(services.engine) as connection:
            user = users.by_id(connection, request.session["user"])
    if user is None or user.disabled or fingerprint(user) != request.session.get("password"):
        request.session.clear()
        raise NotSignedIn(_here(request))
    request.state.user = user
    return user


def needs(role: Role) -> Callable[[User], User]:
    """A dependency: the user of the request, who has `role` or one above it."""

    def allowed(user: Annotated[User, Depends(signed_in)]) -> User:
        if not user.role.may(role):
            raise HTTPException(403, f"This needs the role {role.value}. You are signed in as {user.role.value}.")
        return user

    return allowed


def safe_path(target: str) -> str:
    """`target` if it is a path on this site, else the front page: sign-in must not send people elsewhere."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_path else "/"


def _here(request: Request) -> str:
    if request.method != "GET" or "hx-request" in request.headers:
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


Viewer = Annotated[User, Depends(signed_in)]
Agent = Annotated[User, Depends(needs(Role.AGENT))]
Operator = Annotated[User, Depends(needs(Role.OPERATOR))]
OurForm = Depends(form_is_ours)
