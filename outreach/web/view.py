"""How pages are made: one Jinja environment, escaped, with the words of the console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from outreach.flow import wording, words
from outreach.store.timeline import TimelineEntry
from outreach.web.session import csrf_token

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_NOTHING = Markup('<span class="nothing">–</span>')


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _moment(at: datetime | None) -> Markup:
    """An instant as a <time> element, in UTC as the console's foot says."""
    if at is None:
        return _NOTHING
    return Markup('<time datetime="{}">{}, {}</time>').format(at.isoformat(), _day(at), f"{at:%H:%M}")


def _age(due_on: date | None, now: datetime) -> Markup | int:
    """Days since a due date."""
    return _NOTHING if due_on is None else max((now.date() - due_on).days, 0)


def _by_day(entries: Iterable[TimelineEntry]) -> Iterator[tuple[date, list[TimelineEntry]]]:
    for day, of_day in groupby(entries, lambda entry: entry.at.date()):
        yield day, list(of_day)


def _address(where: Mapping[str, Any]) -> str:
    """A number, an e-mail address, or the parts of a postal address as one line."""
    parts = ("value", "name", "line1", "line2", "postal_code", "city", "region", "country")
    return ", ".join(str(where[part]) for part in parts if where.get(part))


def _language(tag: str) -> str:
    """A BCP 47 tag in words."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


class _Words(dict[Any, str]):
    """Plain words by code word; one that is not known stands for itself, so that no row hides a page's others."""

    def __missing__(self, word: object) -> str:
        return wording.plain(str(word))


_PAGES.filters.update(
    money=wording.money,
    moment=_moment,
    day=_day,
    age=_age,
    by_day=_by_day,
    address=_address,
    language=_language,
    plain=wording.plain,
    waits_for=wording.waits_for,
    intent=wording.intent,
    provider=wording.provider,
    sentence=wording.sentence,
    detail=wording.detail,
    by=wording.by,
    tone=wording.tone,
)
_PAGES.globals.update(
    STATE=_Words(words.STATE),
    TONE=words.TONE,
    CHANNEL=_Words(words.CHANNEL),
    POINT=_Words(words.POINT),
    STANDING=_Words(words.STANDING),
    VERDICT=_Words(words.VERDICT),
    SCOPE=_Words(words.SCOPE),
    CASE=_Words(words.CASE),
    DISPUTE=_Words(words.DISPUTE),
    DISPOSITION=_Words(words.DISPOSITION),
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; every one knows the user, where it is, and how to make a CSRF token, which only forms need."""
    common = {
        "user": getattr(request.state, "user", None),
        "csrf": partial(csrf_token, request),
        "path": request.url.path,
        "sandbox_url": request.app.state.services.sandbox_url,
    }
    return HTMLResponse(_PAGES.get_template(template).render(common | values), status)
