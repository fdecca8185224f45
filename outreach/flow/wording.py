"""Plain words for what the tables say: one place for the console and the command line.

Sentences say what happened to the debtor's account, without jargon; a kind that is not known here is still shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.numbers import format_currency

from outreach.domain.money import Money, UnknownCurrency
from outreach.store.timeline import TimelineEntry

CHANNEL = {"sms": "Text message", "email": "E-mail", "letter": "Letter", "call": "Call"}

_MANY = {"sms": "text messages", "email": "e-mails", "letter": "letters", "call": "calls"}

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

_PUT_OFF = "{message} put off"

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
    "consent_given": "Debtor consented to {scope} by {channel}: {source}",
    "consent_revoked": "Debtor revoked the consent to {scope} by {channel}: {source}",
    "wrong_party": "{address} turned out to be somebody else's: {source}",
    "party_verified": "{address} is the debtor's: {source}",
    "contact": "{medium} {direction}: {reach}",
    "task_opened": "Task: {title}",
    "task_closed": "Task done: {title}",
    "enrolled": "Entered the campaign {campaign}",
    "left": "Left the campaign {campaign}",
    "promise": "Debtor promised to pay {amount}",
    "dispute": "Debtor disputes the debt",
    "error_replayed": "Tried again after an error: {what}",
    "error_dismissed": "Error dismissed: {what}",
}

_TONE_OF_KIND = {
    "payment": "good",
    "credit": "good",
    "promise": "good",
    "reply": "wait",
    "opted_in": "wait",
    "reversal": "warn",
    "hold_placed": "warn",
    "dispute": "warn",
    "opted_out": "bad",
    "consent_given": "good",
    "consent_revoked": "bad",
    "wrong_party": "bad",
    "party_verified": "good",
    "contact": "wait",
}

#: By what people contacted a debtor, and how far a contact came.
MEDIUM = {
    "sms": "Text message",
    "email": "E-mail",
    "letter": "Letter",
    "call": "Call",
    "auto_call": "Automatic call",
    "voicemail": "Voicemail",
}
REACH = {
    "attempted": "no answer",
    "failed": "it reached nothing",
    "delivered": "delivered",
    "voicemail": "a voicemail was left",
    "conversation": "a conversation",
}
_DIRECTION = {"in": "from the debtor", "out": "to the debtor"}
#: What a debtor consented to, in a sentence.
SCOPE = {
    "servicing": "messages about the account",
    "promotion": "offers",
    "auto_call": "automatic calls",
    "esign": "electronic documents",
}
#: Words that the data of an entry stands for.
_MEANINGS = {"channel": _MANY, "medium": MEDIUM, "reach": REACH, "direction": _DIRECTION, "scope": SCOPE}

#: What an enrolment's `waits_for` says of its campaign, after the campaign's name.
_WAITS_FOR = {
    "": "took a step when it was looked at last",
    "day": "waits for the day on which the next step is due",
    "window": "waits for the hours in which it may contact the debtor",
    "gap": "waits, because the debtor was contacted not long ago",
    "hold": "waits for a hold to end",
    "in_flight": "waits for news of the message that is under way",
    "items": "waits until more items are unpaid",
    "zone": "waits for a time zone: nothing says where the debtor is",
    "set_aside": "stands still because of an error; see the dead letters",
    "paid": "has ended: everything is paid",
    "left": "has ended: the account no longer fits it",
    "finished": "has ended: every step was taken",
}

#: How a contact point of a channel is called.
POINT = {"sms": "Phone", "email": "E-mail", "letter": "Address"}

#: The filters of the list of accounts (store.portfolio.Standing).
STANDING = {
    "owing": "With a balance",
    "paid": "Paid",
    "held": "On hold",
    "enrolled": "In a campaign",
    "trouble": "With a message that did not arrive",
}

#: What the gate said.
VERDICT = {
    "clear": "Yes",
    "defer": "Later",
    "route": "A person decides",
    "suppress": "No",
    "cancel": "No longer needed",
}

_INTENT = {
    "opt_out": "wants no more messages on this channel",
    "opt_in": "wants messages again",
    "auto_reply": "an automatic reply",
    "unknown": "a person has to read it",
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
    if data.get("applied") is False:
        parts.append("it changed nothing")
    return _capital("; ".join(parts))


def provider(data: Mapping[str, Any]) -> str:
    """A provider's name as people write it."""
    name = str(data.get("provider") or "the provider")
    return {"twilio": "Twilio", "sendgrid": "SendGrid", "lob": "Lob", "smtp": "the mail server"}.get(name, name)


def by(entry: TimelineEntry) -> str:
    """ ", by ..." for what a person did; "" for the machine's own doing."""
    return f", by {entry.actor}" if "@" in entry.actor else ""


def tone(entry: TimelineEntry) -> str:
    """The colour of an entry: good, bad, warn, wait, or quiet for what changed nothing."""
    if entry.notice:
        moved = entry.kind == "move" and entry.data.get("applied", True)
        return TONE.get(str(entry.data.get("state")), "quiet") if moved else "quiet"
    return _TONE_OF_KIND.get(entry.kind, "quiet")


def waits_for(text: str) -> str:
    """An enrolment's `waits_for` as the rest of a sentence that begins with the campaign's name."""
    reason, _, more = text.partition(": ")
    words = _WAITS_FOR.get(reason, f"waits for {plain(reason)}")
    return f"{words} ({plain(more)})" if more else words


def intent(word: str) -> str:
    """What we took a debtor's answer for."""
    return _INTENT.get(word, f"read as {plain(word)}")


def plain(word: str) -> str:
    """A code word as text: validation_period -> validation period."""
    return word.replace("_", " ")


def money(amount: Money, locale: str = "en_US") -> str:
    """An amount as people of `locale` write it; minor units of a currency that does not exist as what they are."""
    try:
        return format_currency(amount.decimal, amount.currency, locale=locale)
    except UnknownCurrency:
        return f"{amount.minor} minor units of {amount.currency}"


def _notice_sentence(entry: TimelineEntry) -> str:
    assert entry.notice
    message = f"{CHANNEL.get(entry.notice.channel, entry.notice.channel)} “{plain(entry.notice.step)}”"
    if entry.kind == "approved":
        return f"{message} approved"
    if entry.kind == "move":
        state = str(entry.data.get("state"))
        pattern = (
            _PUT_OFF if state == "planned" and entry.data.get("reason") else _MOVE.get(state, "{message}: {state}")
        )
        return pattern.format(message=message, provider=provider(entry.data), state=state)
    word = entry.data.get("word") or entry.kind
    return f"{_capital(provider(entry.data))} reported “{word}” for {message[0].lower()}{message[1:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
        if key in _MEANINGS:
            return _MEANINGS[key].get(str(value), str(value))
        return plain(str(value)) if key == "reason" else str(value or "")


def _amount(data: Mapping[str, Any]) -> str:
    minor, currency = data.get("amount_minor"), data.get("currency")
    return money(Money(int(minor), str(currency))) if minor is not None and currency else str(data.get("amount") or "")
