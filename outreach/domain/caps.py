"""Caps: how often a debtor may be contacted, counted over local calendar days (or hours) on all channels together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from outreach.domain.account import Facts
from outreach.domain.calendar import ANYWHERE, local_date, start_of_day
from outreach.domain.policy import Cap, CapScope, Counts
from outreach.domain.standing import Contact, Medium, Reach

#: What reached somebody, or may have: a text, an e-mail or a letter that left counts until it comes back.
_REACHED = frozenset({Reach.DELIVERED, Reach.VOICEMAIL, Reach.CONVERSATION})
_WRITTEN = frozenset({Medium.SMS, Medium.EMAIL, Medium.LETTER})


def full_until(cap: Cap, facts: Facts, address: str, now: datetime) -> datetime | None:
    """When (aware UTC) a full cap has room again; None while it has. Days are those of the zone in which it is full
    for longest, since the debtor may be in any of them."""
    counted = sorted(one.at for one in _counted(cap, facts, address) if one.at <= now)
    if len(counted) < cap.limit:
        return None
    if cap.hours:
        free_at = counted[-cap.limit] + timedelta(hours=cap.hours)
        return free_at if free_at > now else None
    until = max(_day_after(cap, counted, zone) for zone in facts.debtor.zones or ANYWHERE)
    return until if until > now else None


def _day_after(cap: Cap, counted: list[datetime], zone: str) -> datetime:
    """The beginning of the local day on which the contact that fills the cap has left the window."""
    return start_of_day(local_date(counted[-cap.limit], zone) + timedelta(days=cap.days), zone)


def _counted(cap: Cap, facts: Facts, address: str) -> Iterable[Contact]:
    media = cap.counted or cap.when.media
    for one in facts.contacts:
        if media and one.medium not in media:
            continue
        if cap.when.places and one.place not in cap.when.places:
            continue
        if cap.scope is CapScope.ACCOUNT and one.account_id != facts.account.id:
            continue
        if cap.scope is CapScope.NUMBER and one.value != address:
            continue
        if not one.excluded and _counts(cap.counts, one):
            yield one


def _counts(counts: Counts, one: Contact) -> bool:
    if counts is Counts.CONVERSATIONS:
        return one.reach is Reach.CONVERSATION
    if one.inbound or counts is Counts.DIALS:
        return not one.inbound
    if counts is Counts.CONTACTS:
        return one.reach in _REACHED or (one.medium in _WRITTEN and one.reach is Reach.ATTEMPTED)
    # A call to a busy or dead number is none (12 CFR 1006.14(b)(3)); what was written and came back was still sent.
    return one.reach is not Reach.FAILED or one.medium in _WRITTEN
