"""Languages and how they write amounts, dates and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from outreach.domain.message import Channel, Content, SmsMessage
from outreach.domain.money import Money
from outreach.rendering.context import MessageContext
from outreach.rendering.email import derive_text
from outreach.rendering.locales import languages
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context


@pytest.mark.parametrize(
    ("tag", "chain"),
    [
        ("zh-Hans-CN", ["zh-Hans-CN", "zh-Hans", "zh", "en"]),
        ("es_MX", ["es-MX", "es", "en"]),
        ("en-GB", ["en-GB", "en"]),
        ("fr", ["fr", "en"]),
        ("", ["en"]),
    ],
)
def test_a_language_falls_back_to_its_parents_and_to_english(tag: str, chain: list[str]) -> None:
    assert languages(tag) == chain


@pytest.mark.parametrize(("tag", "word"), [("zh-Hans-CN", "您好"), ("es-MX", "Hola"), ("ES-mx", "Hola"), ("pl", "Hi ")])
def test_a_debtor_is_written_to_in_the_nearest_language(renderer: Renderer, tag: str, word: str) -> None:
    context = sample_context("en")
    context = replace(context, debtor=replace(context.debtor, language=tag))
    sms = renderer.render("friendly_reminder", Channel.SMS, context)
    assert isinstance(sms, SmsMessage)
    assert word in sms.body


@pytest.mark.parametrize(
    ("tag", "country", "currency", "amount", "date"),
    [
        ("en-US", "US", "USD", "$1,234.50", "February 1, 2026"),
        ("en", "US", "USD", "$1,234.50", "February 1, 2026"),
        ("en", "GB", "GBP", "£1,234.50", "1 February 2026"),
        ("en", "", "USD", "$1,234.50", "February 1, 2026"),
        ("en-CA", "US", "USD", "US$1,234.50", "February 1, 2026"),
        ("de-DE", "DE", "EUR", "1.234,50 €", "1 February 2026"),
        ("xx", "ZZ", "JPY", "¥123,450", "February 1, 2026"),
    ],
)
def test_amounts_and_dates_are_written_as_in_the_debtors_place(
    sms: Callable[[str, MessageContext], Content], tag: str, country: str, currency: str, amount: str, date: str
) -> None:
    context = sample_context("en")
    debtor = replace(context.debtor, language=tag, country=country)
    context = replace(context, debtor=debtor, balance=Money(123_450, currency))
    message = sms("{{ balance | money }} {{ oldest_due_on | date }}", context)
    assert isinstance(message, SmsMessage)
    assert message.body == f"{amount} {date}"


@pytest.mark.parametrize(
    ("tag", "country", "currency", "amount"),
    [
        ("es-ES", "ES", "EUR", "1.234,50 €"),
        ("es", "US", "USD", "$1,234.50"),
        ("es-MX", "MX", "MXN", "$1,234.50"),
        ("zh", "CN", "CNY", "¥1,234.50"),
        ("zh-Hans-CN", "CN", "CNY", "¥1,234.50"),
    ],
)
def test_currencies_stand_where_the_locale_puts_them(
    renderer: Renderer, tag: str, country: str, currency: str, amount: str
) -> None:
    context = sample_context(tag)
    debtor = replace(context.debtor, language=tag, country=country)
    context = replace(context, debtor=debtor, balance=Money(123_450, currency))
    message = renderer.render("second_reminder", Channel.SMS, context)
    assert isinstance(message, SmsMessage)
    assert amount in message.body.replace("\u00a0", " ")


def test_a_telephone_number_is_written_as_in_the_debtors_country(sms: Callable[..., Content]) -> None:
    message = sms("{{ creditor.phone | phone }} {{ 'ask us' | phone }} {{ 12345 | number }}")
    assert isinstance(message, SmsMessage)
    assert message.body == "(212) 555-0100 ask us 12,345"


def test_a_chinese_name_is_written_family_name_first(renderer: Renderer) -> None:
    message = renderer.render("demand_letter", Channel.LETTER, sample_context("zh"))
    assert "李堃，您好" in derive_text(getattr(message, "html", ""))
