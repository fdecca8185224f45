"""The one Jinja environment: sandboxed, strict, and unable to leave the folder of templates.

The sandbox guards against mistakes and curiosity of those who may write templates. What could fill the memory in one
expression is refused here; the length of what is printed is bounded by the renderer.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, pass_context, select_autoescape
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.domain.message import PostalAddress
from outreach.domain.money import Money
from outreach.rendering.address import address_lines
from outreach.rendering.locales import babel

#: No message has use for longer loops; the product of nested ones stays small.
MAX_LOOP = 1_000
#: What the sandbox said of so many attributes is kept; templates know some dozens.
MOST_VERDICTS = 10_000
_MULTIPLICATIONS = frozenset({"*", "**", "%"})
_TEXT_METHODS = frozenset({"capitalize", "endswith", "lower", "split", "startswith", "strip", "title", "upper"})
_NUMBERS = (int, float, Decimal)
_FILTERS = """
abs batch capitalize count d default e escape first groupby join last length list lower map max min reject
rejectattr replace reverse round select selectattr slice sort striptags sum title trim unique upper urlencode
"""


class TemplateFolder(FileSystemLoader):
    """Loads from one folder only: neither ".." nor a symbolic link leads out of it."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """As FileSystemLoader does; raises TemplateNotFound for a file that lies elsewhere."""
        root = Path(self.searchpath[0]).resolve()
        if not (root / template).resolve().is_relative_to(root):
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which bars private attributes and changes, without the ways to make one huge value."""

    intercepted_binops = _MULTIPLICATIONS

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._verdicts: dict[tuple[type, str], bool] = {}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply numbers, but never repeat a text or a list, raise to a power, or pad by a format."""
        if operator == "**" or not (isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS)):
            raise SecurityError(f"{operator!r} is for numbers only" if operator != "**" else "'**' is not allowed")
        return super().call_binop(context, operator, left, right)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dict instead of a chain of two: a template copies it for each message, and a chain copies slowly."""
        return {**self.globals, **(d or {})}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As the sandbox says; of the methods of text only those that do not make it longer.

        The sandbox goes by the type and the name, through a dozen checks, so what it said once is kept.
        """
        key = type(obj), attr
        verdict = self._verdicts.get(key)
        if verdict is None:
            is_text = isinstance(obj, str)
            verdict = (not is_text or attr in _TEXT_METHODS) and super().is_safe_attribute(obj, attr, value)
            if len(self._verdicts) < MOST_VERDICTS:
                self._verdicts[key] = verdict
        return verdict


def build_environment(templates: Path, *, auto_reload: bool = False) -> Environment:
    """The environment for the files below `templates`.

    Undefined names raise, HTML is escaped in `.html` files. `auto_reload` reads changed files again (for a preview).
    """
    environment = Sandbox(
        loader=TemplateFolder(templates),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        auto_reload=auto_reload,
        cache_size=1_000,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = {"range": _short_range}
    environment.filters = {name: environment.filters[name] for name in _FILTERS.split()}
    environment.filters |= {"money": _money, "date": _date, "number": _number, "address": _address, "phone": _phone}
    return environment


def _short_range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > MAX_LOOP:
        raise SecurityError(f"a range may hold at most {MAX_LOOP} numbers")
    return numbers


@pass_context
def _money(context: Context, amount: Money) -> str:
    if not isinstance(amount, Money):
        raise TypeError("the filter money takes an amount such as balance or item.open_amount")
    return _money_in(amount, context["locale"])


@lru_cache(maxsize=1_000)
def _money_in(amount: Money, locale: str) -> str:
    """Kept, for a message says the same amount more than once."""
    return format_currency(amount.decimal, amount.currency, locale=babel(locale))


@pass_context
def _date(context: Context, day: date, style: str = "long") -> str:
    if not isinstance(day, date):
        raise TypeError("the filter date takes a date such as oldest_due_on")
    return _date_in(day, style, context["locale"])


@lru_cache(maxsize=10_000)
def _date_in(day: date, style: str, locale: str) -> str:
    return format_date(day, format=style, locale=babel(locale))


@pass_context
def _number(context: Context, value: int | Decimal) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError("the filter number takes a whole number or a decimal")
    return format_decimal(value, locale=babel(context["locale"]))


@pass_context
def _phone(context: Context, number: str) -> str:
    """An E.164 number as people of the debtor's country read it; anything else as it is."""
    return phone_in(number, context["debtor"].country)


@lru_cache(maxsize=1_000)
def phone_in(number: str, country: str) -> str:
    """A number as people of a country read it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.country_code_for_region(country) == parsed.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))


def _address(address: PostalAddress, sender_country: str = "") -> list[str]:
    if not isinstance(address, PostalAddress):
        raise TypeError("the filter address takes a postal address such as recipient")
    return address_lines(address, sender_country)
