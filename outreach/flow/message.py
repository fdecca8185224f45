"""Makes of the facts what a template may speak of, and of a rendered message what a provider is asked to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from outreach.domain.account import ContactPoint, Creditor, Facts
from outreach.domain.ageing import days_past_due, pauses
from outreach.domain.calendar import local_date
from outreach.domain.message import Address, Channel, PostalAddress
from outreach.flow.handoff_payment_url import PaymentUrl
from outreach.flow.links import page_url, unsubscribe_url
from outreach.rendering.context import MessageContext
from outreach.settings import Settings
from outreach.store.notice_rows import Notice


def message_context(
    facts: Facts, notice: Notice, settings: Settings, now: datetime, about: Mapping[str, Any]
) -> MessageContext:
    """The context of one message; raises ValueError when nothing is owed.

    `about`: the promise, the instalment or the plan that it speaks of (flow/service.py).
    """
    anchor = facts.anchor
    if anchor is None:
        raise ValueError("nothing is owed")
    zone = (facts.debtor.zones or ("UTC",))[0]
    today = local_date(now, zone)
    return MessageContext(
        creditor=facts.account.creditor,
        debtor=facts.debtor,
        account=facts.account,
        items=facts.items,
        balance=facts.balance,
        oldest_due_on=anchor.due_on,
        days_past_due=days_past_due(anchor.due_on, today, pauses(facts.holds, zone)),
        today=today,
        notice_ref=notice_ref(notice.id),
        pay_url=PaymentUrl().address(facts),
        page_url=_page_url(notice, settings, now),
        unsubscribe_url=_unsubscribe_url(notice, settings),
        extra=facts.account.extra,
        **about,
    )


def notice_ref(notice_id: str) -> str:
    """A short reference that a person can read out on the telephone; the last digits are the random ones."""
    return f"N-{notice_id[-8:].upper()}"


def recipient(channel: Channel, point: ContactPoint) -> Address:
    """Where a message to a contact point goes; raises ValueError for a letter without a postal address."""
    if channel is not Channel.LETTER:
        return point.value
    if point.postal is None:
        raise ValueError("the contact point has no postal address")
    return point.postal


def sender(channel: Channel, creditor: Creditor, settings: Settings) -> Address:
    """Who signs: the creditor's address on letters, its name before the sending address on e-mails."""
    if channel is Channel.LETTER:
        return creditor.address or PostalAddress(creditor.name, "", "", "", "", "", "")
    if channel is Channel.EMAIL:
        return formataddr((creditor.name, settings.sendgrid_from or creditor.email))
    return settings.twilio_from


def reply_to(channel: Channel, notice: Notice, creditor: Creditor, settings: Settings) -> str | None:
    """Where an answer by e-mail goes: the inbound address with the notice's id, else the creditor's own."""
    if channel is not Channel.EMAIL:
        return None
    if settings.sendgrid_inbound_domain:
        return f"reply+{notice.id}@{settings.sendgrid_inbound_domain}"
    return creditor.email or None


def _page_url(notice: Notice, settings: Settings, now: datetime) -> str:
    key = settings.secret_key.get_secret_value()
    if not settings.public_url or not key:
        return ""
    expires_on = now.date() + timedelta(days=settings.page_link_days)
    return page_url(settings.public_url, key, notice.id, expires_on)


def _unsubscribe_url(notice: Notice, settings: Settings) -> str:
    if notice.channel is not Channel.EMAIL:
        return ""  # a text is stopped by answering it, a letter by writing
    key = settings.secret_key.get_secret_value()
    return unsubscribe_url(settings.public_url, key, notice.id) if settings.public_url and key else ""
