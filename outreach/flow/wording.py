"""Sentences for what the tables say: one place for the console and the command line.

Sentences say what happened to the debtor's account, without jargon; a kind that is not known here is still shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.numbers import format_currency

from outreach.domain.money import Money, UnknownCurrency
from outreach.flow import words
from outreach.store.timeline import TimelineEntry


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
        return words.TONE.get(str(entry.data.get("state")), "quiet") if moved else "quiet"
    return words.TONE_OF_KIND.get(entry.kind, "quiet")


def waits_for(text: str) -> str:
    """An enrolment's `waits_for` as the rest of a sentence that begins with the campaign's name."""
    reason, _, more = text.partition(": ")
    rest = words.WAITS_FOR.get(reason, f"waits for {plain(reason)}")
    return f"{rest} ({plain(more)})" if more else rest


def intent(word: str) -> str:
    """What we took a debtor's answer for."""
    return words.INTENT.get(word, f"read as {plain(word)}")


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
    message = f"{words.CHANNEL.get(entry.notice.channel, entry.notice.channel)} “{plain(entry.notice.step)}”"
    if entry.kind == "approved":
        return f"{message} approved"
    if entry.kind == "move":
        state = str(entry.data.get("state"))
        pattern = (
            words.PUT_OFF
            if state == "planned" and entry.data.get("reason")
            else words.MOVE.get(state, "{message}: {state}")
        )
        return pattern.format(message=message, provider=provider(entry.data), state=state)
    word = entry.data.get("word") or entry.kind
    return f"{_capital(provider(entry.data))} reported “{word}” for {message[0].lower()}{message[1:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _account_sentence(entry: TimelineEntry) -> str:
    pattern = words.KIND.get(entry.kind)
    if pattern is None or ("{" in pattern and not entry.data):  # erased: no more than its kind is known
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
        if key.endswith("_on") and value:
            return _day(str(value))
        if key in words.MEANINGS:
            return words.MEANINGS[key].get(str(value), str(value)) if value else ""
        return plain(str(value)) if key == "reason" else str(value or "")


def _day(value: str) -> str:
    """An ISO day as people write it; what is none stands for itself, so that no entry hides the others."""
    try:
        return f"{date.fromisoformat(value):%-d %B %Y}"
    except ValueError:
        return value


def _amount(data: Mapping[str, Any]) -> str:
    minor, currency = data.get("amount_minor"), data.get("currency")
    return money(Money(int(minor), str(currency))) if minor is not None and currency else str(data.get("amount") or "")
