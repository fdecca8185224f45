"""From what an answer asks for about being contacted to a change of the debtor's preferences."""

from __future__ import annotations

from datetime import time

from outreach.domain.campaign import SendWindow
from outreach.domain.preference import PreferenceChange
from outreach.domain.reply import Intent, Reading
from outreach.domain.standing import Medium, Place

_EVERY_DAY = frozenset(range(1, 8))
_CALLS = frozenset({Medium.CALL, Medium.AUTO_CALL, Medium.VOICEMAIL})


def wished(intent: Intent, reading: Reading) -> tuple[PreferenceChange | None, str]:
    """The change that an answer asks for (None: its words do not say which), and what a person must still do ("")."""
    details = reading.details
    if intent is Intent.LANGUAGE_REQUEST:
        language = details.get("language")
        return (PreferenceChange(language=language), "") if language else (None, "The debtor asks for another language")
    if intent is Intent.INCONVENIENT_TIME:
        hours = _hours(details.get("hours", ""))
        return (PreferenceChange(hours=(hours,)), "") if hours else (None, "The debtor names hours: keep them")
    if intent is Intent.CHANNEL_PREFERENCE:
        off = _off(details.get("channel", ""))
        return (PreferenceChange(media_off=off), "") if off else (None, "The debtor asks for another channel")
    change = PreferenceChange(places_off=frozenset({Place.WORK}))
    return change, "No contact at work: mark which address is the employer's"


def _hours(said: str) -> SendWindow | None:
    """Hours such as 17:00-21:00, of every day."""
    opens, _, closes = said.partition("-")
    try:
        window = SendWindow(_EVERY_DAY, time.fromisoformat(opens), time.fromisoformat(closes), holidays=True)
    except ValueError:
        return None
    return window if window.opens < window.closes else None


#: Media that a wish turns off: calls, or all but the one that is named. Letters stay: the law may ask for them.
_OFF = {
    "no_call": _CALLS,
    "only_sms": _CALLS | {Medium.EMAIL},
    "only_email": _CALLS | {Medium.SMS},
    "only_letter": _CALLS | {Medium.SMS, Medium.EMAIL},
}


def _off(said: str) -> frozenset[Medium]:
    return _OFF.get(said, frozenset())
