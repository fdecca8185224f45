"""Plain words for what the tables say: one place for the console and the command line.

Sentences say what happened to the debtor's account, without jargon; a kind that is not known here is still shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.numbers import format_currency

from outreach.domain.money import Money
from outreach.store.timeline import TimelineEntry

CHANNEL = {"sms": "Text message", "email": "E-mail", "letter": "Letter", "call": "Call"}

STATE = {
    "planned": "Planned",
    "claimed": "Being prepared",
    "sending": "Sending",
    "uncertain": "Outcome not known",
    "sent": "Sent",
    "delivered": "Delivered",
    "undelivered": "Not delivered",
    "suppressed": "Not allowed",
    "cancelled": "Cancelled",
    "failed": "Failed",
}

#: What a state is, for the colour of its badge: good, bad, wait, quiet.
TONE = {
    "delivered": "good",
    "sent": "good",
    "failed": "bad",
    "undelivered": "bad",
    "uncertain": "warn",
    "planned": "wait",
    "claimed": "wait",
    "sending": "wait",
}

_MOVE = {
    "planned": "{message} planned",
    "sending": "{message} handed to {provider}",
    "sent": "{message} sent",
    "delivered": "{message} delivered",
    "undelivered": "{message} did not arrive",
    "uncertain": "{message}: it is not known whether {provider} took it; we ask, and do not send it again blindly",
    "failed": "{message} could not be sent",
    "suppressed": "{message} was not sent: not allowed",
    "cancelled": "{message} cancelled",
}

_KIND = {
    "imported": "Account imported",
    "updated": "Account updated by an import",
    "payment": "Payment of {amount} received",
    "credit": "Credit of {amount} booked",
    "reversal": "Payment of {amount} taken back",
    "reply": "Debtor answered: {text}",
    "hold_placed": "Hold placed: {reason}{until}",
    "hold_released": "Hold released: {reason}",
    "hold_ended": "Hold ended: {reason}",
    "opted_out": "Debtor opted out of {channel}",
    "opted_in": "Debtor opted in to {channel} again",
    "task_opened": "Task: {title}",
    "task_closed": "Task done: {title}",
    "enrolled": "Entered the campaign {campaign}",
    "left": "Left the campaign {campaign}",
    "promise": "Debtor promised to pay {amount}",
    "dispute": "Debtor disputes the debt",
}

_WAITS_FOR = {
    "day": "the day on which the next step is due",
    "window": "the hours in which this campaign may contact the debtor",
    "gap": "the least time between two contacts to pass",
    "hold": "a hold to end",
    "in_flight": "news of the message that is under way",
    "items": "more unpaid items",
    "zone": "a time zone: nothing says where the debtor is",
    "paid": "nothing: everything is paid",
    "left": "nothing: the account no longer fits the campaign",
    "finished": "nothing: every step was taken",
}


def sentence(entry: TimelineEntry) -> str:
    """One plain sentence for a timeline entry."""
    return _notice_sentence(entry) if entry.notice else _account_sentence(entry)


def detail(entry: TimelineEntry) -> str:
    """What to say beneath the sentence: reason, code, the provider's own word, a note; "" when there is nothing."""
    data = entry.data
    parts = [str(data[key]) for key in ("reason", "note") if data.get(key) and (entry.notice or key == "note")]
    if data.get("code"):
        parts.append(f"code {data['code']}")
    if entry.notice and data.get("word") and entry.kind != "move":
        parts.append(f"{provider(data)} says {data['word']}")
    if data.get("applied") is False:
        parts.append("changed nothing: it came late or twice")
    return "; ".join(parts)


def provider(data: Mapping[str, Any]) -> str:
    """A provider's name as people write it."""
    name = str(data.get("provider") or "the provider")
    return {"twilio": "Twilio", "sendgrid": "SendGrid", "lob": "Lob", "smtp": "the mail server"}.get(name, name)


def waits_for(text: str) -> str:
    """An enrolment's `waits_for` in plain words."""
    reason, _, more = text.partition(": ")
    words = _WAITS_FOR.get(reason, reason or "its next look")
    return f"{words} ({plain(more)})" if more else words


def plain(word: str) -> str:
    """A code word as text: validation_period -> validation period."""
    return word.replace("_", " ")


def money(amount: Money, locale: str = "en_US") -> str:
    """An amount as people of `locale` write it."""
    return format_currency(amount.decimal, amount.currency, locale=locale)


def _notice_sentence(entry: TimelineEntry) -> str:
    assert entry.notice
    message = f"{CHANNEL.get(entry.notice.channel, entry.notice.channel)} “{plain(entry.notice.step)}”"
    if entry.kind == "approved":
        return f"{message} approved"
    if entry.kind == "move":
        pattern = _MOVE.get(str(entry.data.get("state")), "{message}: {state}")
        return pattern.format(message=message, provider=provider(entry.data), state=entry.data.get("state"))
    return f"{message}: {plain(str(entry.data.get('word') or entry.kind))}"


def _account_sentence(entry: TimelineEntry) -> str:
    pattern = _KIND.get(entry.kind)
    if pattern is None:
        return plain(entry.kind).capitalize()
    return pattern.format_map(_Words(entry.data))


class _Words(dict[str, Any]):
    """The data of an entry as words; what is missing becomes nothing."""

    def __getitem__(self, key: str) -> str:
        if key == "amount":
            return _amount(self)
        value = self.get(key)
        if key == "until":
            return f", until {datetime.fromisoformat(value):%-d %B %Y}" if value else ""
        return plain(str(value)) if key in ("reason", "channel") else str(value or "")


def _amount(data: Mapping[str, Any]) -> str:
    minor, currency = data.get("amount_minor"), data.get("currency")
    return money(Money(int(minor), str(currency))) if minor is not None and currency else str(data.get("amount") or "")
