"""Outcome events: which happenings the creditor's systems are told of, and what of them goes out.

Timeline kinds keep their names; a notice's move gets the name of what it means to a creditor. Nothing goes out that is
not named here: no text of a message, no note, no address, no name of a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from outreach.domain.notice import NoticeState

#: Of the documents that go out. Fields may be added within a version; one is never dropped nor changed.
VERSION = 1

#: What a move of a notice to a state is called; other moves are nobody's business outside.
NOTICE_KINDS: dict[NoticeState, str] = {
    NoticeState.SENT: "sent",
    NoticeState.DELIVERED: "delivered",
    NoticeState.UNDELIVERED: "undeliverable",
    NoticeState.FAILED: "failed",
    NoticeState.SUPPRESSED: "suppressed",
}
#: What goes out of a notice.
NOTICE_FIELDS = ("notice", "campaign", "step", "channel", "reason", "code")

_MONEY = ("amount_minor", "currency")
_PROMISE = (*_MONEY, "promise", "due_on", "on", "channel", "source", "paid_minor", "reason")
_PLAN = (
    *_MONEY,
    *("plan", "instalments", "first_due_on", "last_due_on", "due_on", "frequency", "number", "paid_minor", "reason"),
    *("instalment_minor", "total_minor", "defer_until_on"),
)
_CASE = ("dispute", "case", "reason", "state", "due_on", "source")

#: Timeline kind -> the fields of its data that go out.
TIMELINE_FIELDS: dict[str, tuple[str, ...]] = {
    "payment": _MONEY,
    "credit": _MONEY,
    "reversal": _MONEY,
    "paid": (*_MONEY, "on", "channel"),
    "reply": ("channel", "intent"),
    "contact": ("medium", "direction", "reach", "disposition", "contact_at"),
    "opted_out": ("channel",),
    "opted_in": ("channel",),
    "consent_given": ("channel", "scope"),
    "consent_revoked": ("channel", "scope"),
    "wrong_party": ("channel",),
    "party_verified": ("channel",),
    "preference_changed": ("channel", "language", "from", "to", "days"),
    "hold_placed": ("reason", "until"),
    "hold_released": ("reason",),
    "hold_ended": ("reason",),
    "promised": _PROMISE,
    "promise_kept": _PROMISE,
    "promise_partially_kept": _PROMISE,
    "promise_broken": _PROMISE,
    "promise_cancelled": _PROMISE,
    "promise_reopened": _PROMISE,
    "plan_proposed": _PLAN,
    "plan_accepted": _PLAN,
    "plan_declined": _PLAN,
    "plan_completed": _PLAN,
    "plan_defaulted": _PLAN,
    "plan_cancelled": _PLAN,
    "plan_expired": _PLAN,
    "plan_reopened": _PLAN,
    "instalment_missed": _PLAN,
    "disputed": _CASE,
    "dispute_resolved": _CASE,
}

#: Every kind that is published, in the order in which they are documented.
KINDS: tuple[str, ...] = (*NOTICE_KINDS.values(), *TIMELINE_FIELDS)

#: A code word: what people wrote has capitals, signs or is longer.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,79}")
#: A notice's reason: a sentence of ours. One with an address in it stays here.
_REASON = re.compile(r"[^\x00-\x1f\x7f@]{1,200}")


def notice_data(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What goes out of a notice's move; the reason is our own sentence or the provider's class of failure."""
    return {
        name: fields[name]
        for name in NOTICE_FIELDS
        if fields.get(name) and (name != "reason" or _REASON.fullmatch(fields[name]))
    }


def timeline_data(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What goes out of a timeline entry of a published kind. A value that is not of its field's form stays here."""
    return {name: data[name] for name in TIMELINE_FIELDS[kind] if name in data and _fits(name, data[name])}


def _fits(name: str, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, int):
        return name.endswith("_minor") or name in _NUMBERS
    return isinstance(value, str) and _FORMS.get(name, _is_form_of_suffix(name))(value)


def _is_form_of_suffix(name: str) -> Callable[[str], bool]:
    if name.endswith("_on"):
        return _is_day
    return _is_instant if name.endswith("_at") else _is_word


def _is_word(value: str) -> bool:
    return _WORD.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_instant(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_day_or_instant(value: str) -> bool:
    return _is_day(value) or _is_instant(value)


#: Fields whose number counts or names something.
_NUMBERS = frozenset({"promise", "plan", "dispute", "case", "instalments", "number"})
_FORMS: dict[str, Callable[[str], bool]] = {"on": _is_day, "until": _is_day_or_instant}


def document(
    number: int, kind: str, at: datetime, creditor: str, account_ref: str, debtor_ref: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """The document that webhooks and the feed carry for an outcome event. `at` is aware UTC."""
    return {
        "version": VERSION,
        "id": number,
        "kind": kind,
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "creditor": creditor,
        "account_ref": account_ref,
        "debtor_ref": debtor_ref,
        "data": dict(data),
    }
