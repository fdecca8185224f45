"""How the debtor's pages are made: one Jinja environment, escaped, in the debtor's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date, get_month_names
from babel.numbers import format_currency
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.responses import Response

from outreach.domain.money import Money
from outreach.rendering.environment import phone_in
from outreach.rendering.locales import babel
from outreach.web.debtor.texts import LANGUAGES, Texts, language_of
from outreach.web.debtor.visit import keep_visit, services_of, visit_of

#: No script, no frame, nothing from elsewhere. A form may go on to `{more}`: Chromium holds redirects against it, too.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'{more}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a form: at which field (its id), in words."""

    field: str
    words: str


@pass_context
def _money(context: Context, amount: Money) -> str:
    return money(amount, context["locale"])


@pass_context
def _day(context: Context, day: date, style: str = "long") -> str:
    return written(day, context["locale"], style)


def money(amount: Money, locale: str) -> str:
    """An amount as people of `locale` write it."""
    return format_currency(amount.decimal, amount.currency, locale=babel(locale))


def written(day: date, locale: str, style: str = "long") -> str:
    """A day as people of `locale` write it."""
    return format_date(day, format=style, locale=babel(locale))


@pass_context
def _phone(context: Context, number: str) -> str:
    return phone_in(number, context["country"])


_PAGES.filters.update(money=_money, day=_day, phone=_phone)


def texts_of(request: Request) -> Texts:
    """The words in the language of this page: the one chosen, the debtor's once it is known who asks, the browser's."""
    recorded = getattr(request.state, "recorded_language", "")
    return Texts(language_of(visit_of(request).language, recorded, request.headers.get("accept-language", "")))


def locale_of(request: Request) -> str:
    """The locale of amounts and days: the debtor's once it is known who asks, else that of the language."""
    texts, guest_locale = texts_of(request), getattr(request.state, "locale", None)
    return guest_locale(texts.language) if guest_locale else texts.language


def show(
    request: Request, template: str, *, status: int = 200, mistakes: Sequence[Mistake] = (), **values: Any
) -> Response:
    """A page in the debtor's language. `go_on_to` among the values is an origin to which its form may lead."""
    texts, locale = texts_of(request), locale_of(request)
    go_on_to = values.pop("go_on_to", "")
    services, state = services_of(request), request.state
    common = {
        "t": texts,
        "lang": texts.language,
        "locale": locale,
        "languages": LANGUAGES,
        "csrf": visit_of(request).csrf,
        "verified": getattr(state, "guest", None) is not None,
        "country": getattr(state, "country", ""),
        "brand": getattr(state, "brand", "") or services.settings.page_name or texts("account_page"),
        "path": request.url.path,
        "sandbox_url": services.sandbox_url,
        "mistakes": mistakes,
        "wrong": {mistake.field: mistake.words for mistake in mistakes},
        "months": list(get_month_names("wide", context="stand-alone", locale=babel(texts.language)).values()),
        "day_order": day_order(locale),
    }
    answer = HTMLResponse(_PAGES.get_template(template).render(common | values), status)
    answer.headers["content-security-policy"] = _POLICY.format(more=f" {go_on_to}" if go_on_to else "")
    return _sealed(request, answer)


def go(request: Request, path: str) -> Response:
    """Go on to a page of ours, or to wherever a hand-off leads, with GET."""
    return _sealed(request, RedirectResponse(path, status_code=303))


def day_order(locale: str) -> list[str]:
    """The parts of a day in the order in which `locale` writes them."""
    pattern = babel(locale).date_formats["short"].pattern
    names = {"d": "day", "M": "month", "y": "year"}
    return [names[letter] for letter in sorted(names, key=pattern.find)]


def _sealed(request: Request, answer: Response) -> Response:
    answer.headers.update(
        {
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
            "x-robots-tag": "noindex, nofollow",
            "x-frame-options": "DENY",
        }
    )
    keep_visit(request, answer)
    return answer
