"""How pages are made: one Jinja environment, escaped, with the words of the console."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from outreach.flow import wording
from outreach.web.session import csrf_token

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _moment(at: datetime | None) -> Markup:
    """An instant as a <time> element, in UTC as the console says."""
    if at is None:
        return Markup("–")
    shown = escape(f"{at:%d %b %Y, %H:%M} UTC")
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)


_PAGES.filters.update(
    money=wording.money,
    moment=_moment,
    plain=wording.plain,
    waits_for=wording.waits_for,
    sentence=wording.sentence,
    detail=wording.detail,
)
_PAGES.globals.update(STATE=wording.STATE, TONE=wording.TONE, CHANNEL=wording.CHANNEL)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; every one knows the user, the CSRF token and where it is."""
    common = {
        "user": getattr(request.state, "user", None),
        "csrf": csrf_token(request) if "session" in request.scope else "",
        "path": request.url.path,
        "sandbox_url": request.app.state.services.sandbox_url,
    }
    return HTMLResponse(_PAGES.get_template(template).render(common | values), status)
