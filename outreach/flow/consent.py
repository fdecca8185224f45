"""Consent and identity of addresses: an address stops, starts again, or turns out to be somebody else's.

Each takes a connection and is part of its caller's transaction: the address, the consents, the debtors' versions (so
that no send which was decided before starts), what is queued, and the timelines change together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.domain.standing import Basis, ConsentScope
from outreach.store import consents, debtors, enrolments, journal, notices
from outreach.store.consents import NewConsent
from outreach.store.journal import Entry
from outreach.store.notice_rows import Move

#: The longest wording that is kept with a consent.
LONGEST_WORDING = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for debtors, as their timelines tell it; `by` is '' for the debtor's and the machine's doing."""

    kind: str
    data: Mapping[str, Any]
    at: datetime
    by: str = ""


def stop(connection: Connection, channel: Channel, address: str, now: datetime, source: str, by: str = "") -> bool:
    """Opt an address out wherever it occurs and revoke every consent for it (47 CFR 64.1200(a)(10): by any means).

    What is queued is cancelled; the campaigns then decide on another channel. `source` is the means, `by` the person
    of ours to whom the debtor said it. Returns whether the opt-out is new for anybody.
    """
    stopped = debtors.opt_out(connection, channel, address, now, source)
    revoked = consents.revoke_address(connection, channel, address, now, source, by)
    data = {"channel": channel.value, "address": address, "source": source}
    reason = "the debtor opted out"
    _shut(connection, channel, sorted({*stopped, *revoked}), Change("opted_out", data, now, by), reason)
    return bool(stopped)


def start_again(
    connection: Connection, channel: Channel, address: str, now: datetime, said_at: datetime, words: str
) -> bool:
    """Lift the opt-out of an address because its holder asked for messages again in `words`: a new consent.

    What was revoked stays revoked, and holds stay. Returns whether anything was lifted.
    """
    concerned = debtors.opt_in(connection, channel, address)
    if not concerned:
        return False
    kept = (ConsentScope.SERVICING, Basis.DIRECT_CONSENT, said_at, "reply", words[:LONGEST_WORDING], "debtor")
    consents.record(connection, [NewConsent(one, channel, address, *kept) for one in concerned], now)
    changed(connection, concerned, Change("opted_in", {"channel": channel.value, "address": address}, now))
    return True


def wrong_party(connection: Connection, channel: Channel, address: str, now: datetime, source: str, by: str) -> None:
    """An address is somebody else's: nothing about a debt goes there, for whichever debtor it is on record.

    A delivery or an import does not lift this; only a person with new data does.
    """
    marked = debtors.mark_wrong_party(connection, channel, address)
    revoked = consents.revoke_address(connection, channel, address, now, "wrong party", by)
    data = {"channel": channel.value, "address": address, "source": source}
    reason = "the address is somebody else's"
    _shut(connection, channel, sorted({*marked, *revoked}), Change("wrong_party", data, now, by), reason)


def _shut(connection: Connection, channel: Channel, debtor_ids: Sequence[int], change: Change, reason: str) -> None:
    """Debtors may no longer be reached as they were: nothing decided before starts, what is queued is cancelled."""
    if not debtor_ids:
        return
    changed(connection, debtor_ids, change)
    queued = notices.planned_for(connection, debtor_ids, channel)
    cancelled = [Move(one.id, NoticeState.PLANNED, NoticeState.CANCELLED, reason, ended_at=change.at) for one in queued]
    notices.move(connection, cancelled, change.at)


def changed(connection: Connection, debtor_ids: Sequence[int], change: Change) -> None:
    """Raise the versions of debtors' facts, have their campaigns decide anew, and tell every account's timeline."""
    debtors.touch(connection, debtor_ids)
    enrolments.look_now_at_debtors(connection, debtor_ids, change.at)
    concerned = journal.accounts_of(connection, debtor_ids)
    journal.tell(connection, [Entry(id_, change.at, change.kind, dict(change.data), change.by) for id_, _ in concerned])
