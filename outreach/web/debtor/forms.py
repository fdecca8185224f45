"""What debtors write into forms: days and amounts, in the way of their country, as small telephones send them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated

from babel.numbers import NumberFormatError, parse_decimal
from fastapi import Depends, Request
from starlette.datastructures import FormData

from outreach.domain.attachment import MOST
from outreach.domain.money import Money
from outreach.rendering.locales import babel

_PLAIN = re.compile(r"\d{1,12}([.,]\d{1,2})?", re.ASCII)
_NO_NUMBER = re.compile(r"[^\d.,' ]", re.ASCII)


def day_of(day: str, month: str, year: str) -> date | None:
    """A day from its three fields, None when it is none."""
    numbers = [_plain(part) for part in (year, month, day)]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in numbers):
        return None
    try:
        return date(*map(int, numbers))
    except ValueError:
        return None


def amount_of(written: str, currency: str, locale: str) -> Money | None:
    """An amount as people of `locale` write it, or with a point or a comma before the cents; None when it is none."""
    text = _NO_NUMBER.sub("", _plain(written)).strip()
    try:
        decimal = parse_decimal(text, locale=babel(locale), strict=True)
    except NumberFormatError:
        if not _PLAIN.fullmatch(text):
            return None
        decimal = Decimal(text.replace(",", "."))
    try:
        return Money.of(decimal, currency)
    except ValueError:
        return None


def text_of(written: str, longest: int) -> str:
    """What was written, without what no keyboard sends, cut to a length."""
    return "".join(one for one in written if one.isprintable() or one == "\n").strip()[:longest]


def _plain(written: str) -> str:
    return unicodedata.normalize("NFKC", written[:60]).strip()


async def form_of(request: Request) -> FormData:
    """All fields of a form, where they are too many to be named."""
    return await request.form(max_fields=100, max_files=MOST + 1)


def word(form: FormData, name: str, longest: int = 40) -> str:
    """A field of one line; '' when it is not there."""
    value = form.get(name, "")
    return text_of(value, longest).replace("\n", " ") if isinstance(value, str) else ""


AForm = Annotated[FormData, Depends(form_of)]
