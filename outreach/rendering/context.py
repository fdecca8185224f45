"""What a template may speak of: the facts of one message, gathered by the flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from outreach.domain.account import Account, Creditor, Debtor, Item
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.money import Money
from outreach.rendering.address import paper
from outreach.rendering.locales import format_locale


@dataclass(frozen=True, slots=True)
class Promise:
    """What the debtor promised to pay, and by which day in the debtor's zone."""

    amount: Money
    on: date


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """A payment that arrived; `on` is the day in the debtor's zone."""

    amount: Money
    on: date


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """Instalments offered to the debtor, each with its day and amount, in order of time."""

    instalments: tuple[tuple[date, Money], ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment of an agreed plan: the `number`-th of `count`, due by a day in the debtor's zone."""

    amount: Money
    on: date
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class MessageContext:
    """The facts of one message.

    `items` are the unpaid items it is about, oldest first, and `balance` their sum. Dates are days in the debtor's
    zone; `today` dates the letter. `notice_ref` is a short reference a person can read out. `pay_url` is the
    creditor's page for this account, `page_url` the debtor's own page and `unsubscribe_url` the one-click address of
    RFC 8058; each is "" when there is none, as is `unsubscribe_mailto`. `extra` holds the `x_*` columns of the import.
    """

    creditor: Creditor
    debtor: Debtor
    account: Account
    items: tuple[Item, ...]
    balance: Money
    oldest_due_on: date
    days_past_due: int
    today: date
    notice_ref: str
    pay_url: str = ""
    page_url: str = ""
    unsubscribe_url: str = ""
    unsubscribe_mailto: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    promise: Promise | None = None
    payment: PaymentReceived | None = None
    plan: PlanOffer | None = None
    instalment: Instalment | None = None

    @property
    def agreed(self) -> frozenset[Money]:
        """The amounts that it may name beside those of the ledger: promised, paid, offered or agreed."""
        parts = [part.amount for part in (self.promise, self.payment, self.instalment) if part is not None]
        return frozenset([*parts, *(amount for _, amount in (self.plan.instalments if self.plan else ()))])


_CONTEXT = tuple(field.name for field in fields(MessageContext))
#: Every name that a template may use.
NAMES = (*_CONTEXT, "additions", "addressee", "lang", "locale", "paper", "recipient")


def variables(context: MessageContext, language: str) -> dict[str, Any]:
    """What a template written in `language` sees: the fields of the context and what follows from them."""
    facts = {name: getattr(context, name) for name in _CONTEXT}
    debtor = context.debtor
    recipient = _recipient(context)
    country = recipient.country if recipient else debtor.country
    return facts | {
        "addressee": _addressee(debtor.first_name, debtor.last_name) or debtor.name,
        "lang": language,
        "locale": format_locale(language, debtor.language, debtor.country),
        "paper": paper(country),
        "recipient": recipient,
    }


def _recipient(context: MessageContext) -> PostalAddress | None:
    points = context.debtor.points(Channel.LETTER)
    return next((point.postal for point in points if point.usable and point.postal is not None), None)


def _addressee(first: str, last: str) -> str:
    """A name in Chinese characters as it is written there, family name first; "" for other names."""
    whole = last + first
    return whole if whole and all("\u4e00" <= character <= "\u9fff" for character in whole) else ""
