"""Made-up facts to check and preview templates with. Every name, number and address is a sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outreach.domain.account import Account, ContactPoint, Creditor, Debtor, Item
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.money import Money
from outreach.rendering.context import Instalment, MessageContext, PaymentReceived, PlanOffer, Promise


@dataclass(frozen=True, slots=True)
class _Person:
    first_name: str
    last_name: str
    currency: str
    zone: str
    email: str
    phone: str
    postal: PostalAddress


_CREDITOR_ADDRESS = PostalAddress("Sample Energy", "100 Sample Avenue", "", "New York", "NY", "10001", "US")
_PEOPLE = {
    "en": _Person(
        "Dana",
        "Sample",
        "USD",
        "America/New_York",
        "dana@debtor.example",
        "+12125550123",
        PostalAddress("Dana Sample", "12 Sample Street", "Apt 3", "New York", "NY", "10002", "US"),
    ),
    "es": _Person(
        "Ana",
        "Ejemplo",
        "EUR",
        "Europe/Madrid",
        "ana@debtor.example",
        "+12125550124",
        PostalAddress("Ana Ejemplo", "Calle de Ejemplo 12", "", "Madrid", "", "28001", "ES"),
    ),
    "zh": _Person(
        "\u5803",
        "\u674e",
        "CNY",
        "Asia/Shanghai",
        "li@debtor.example",
        "+12125550125",
        PostalAddress("\u674e\u5803", "\u793a\u4f8b\u8def12\u53f7", "", "\u4e0a\u6d77\u5e02", "", "200001", "CN"),
    ),
}


def sample_context(locale: str = "en", *, optional: bool = True) -> MessageContext:
    """Sample facts for a reader of `locale` (a language without a sample gets the English one's, in that language).

    Without `optional` everything that a creditor may leave out is left out: payment page, telephone, website,
    unsubscribe addresses, extra columns. Promise, payment and plan stay, since templates exist only for them.
    """
    person = _PEOPLE.get(locale.split("-", maxsplit=1)[0].lower(), _PEOPLE["en"])
    currency = person.currency
    items = (
        Item(1, "INV-1001", date(2026, 1, 2), date(2026, 2, 1), Money(82_500, currency), Money(82_500, currency)),
        Item(2, "INV-1042", date(2026, 2, 2), date(2026, 3, 4), Money(50_000, currency), Money(40_950, currency)),
    )
    creditor = _creditor(optional=optional)
    extra = {"x_contract": "SAMPLE-77"} if optional else {}
    return MessageContext(
        creditor=creditor,
        debtor=_debtor(person, locale),
        account=Account(1, "ACC-20417", creditor, currency, extra=extra),
        items=items,
        balance=Money(123_450, currency),
        oldest_due_on=date(2026, 2, 1),
        days_past_due=38,
        today=date(2026, 3, 11),
        notice_ref="N-7K3F9Q",
        pay_url="https://pay.energy.example/a/20417" if optional else "",
        page_url="https://my.energy.example/p/0S5aM7pLe4T0k3n6oF8a9D2eBt" if optional else "",
        unsubscribe_url="https://outreach.energy.example/u/sample" if optional else "",
        unsubscribe_mailto="stop@energy.example" if optional else "",
        extra=extra,
        promise=Promise(Money(60_000, currency), date(2026, 3, 20)),
        payment=PaymentReceived(Money(60_000, currency), date(2026, 3, 10)),
        plan=PlanOffer(tuple((date(2026, month, 15), Money(41_150, currency)) for month in (4, 5, 6))),
        instalment=Instalment(Money(41_150, currency), date(2026, 4, 15), 1, 3),
    )


def _creditor(*, optional: bool) -> Creditor:
    name, email = "Sample Energy", "help@energy.example"
    if not optional:
        return Creditor("sample-energy", name, email=email, address=_CREDITOR_ADDRESS)
    return Creditor(
        ref="sample-energy",
        name=name,
        phone="+12125550100",
        email=email,
        website="https://energy.example",
        address=_CREDITOR_ADDRESS,
        payment_url="https://pay.energy.example",
    )


def _debtor(person: _Person, locale: str) -> Debtor:
    return Debtor(
        id=1,
        ref="D-1",
        first_name=person.first_name,
        last_name=person.last_name,
        company="",
        language=locale,
        zones=(person.zone,),
        country=person.postal.country,
        region=person.postal.region,
        postal_code=person.postal.postal_code,
        contact_points=(
            ContactPoint(1, Channel.SMS, person.phone),
            ContactPoint(2, Channel.EMAIL, person.email),
            ContactPoint(3, Channel.LETTER, "", postal=person.postal),
        ),
    )
