"""Settle: what webhooks said, applied to notices and accounts, in batches, once.

    inbox -> which notice -> the table of moves -> notice, log, account

Late, doubled and out-of-order news is logged with the notice and moves nothing. A row that cannot be read is set
aside with its error and never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach.domain.event import DeliveryEvent, InboundMessage
from outreach.domain.sending import Attempt
from outreach.flow import delivery_news, replies
from outreach.flow.desk import Desk
from outreach.store import inbox, notices, settling
from outreach.store.batch import in_batches
from outreach.store.settling import InboxRow, Settled

log = logging.getLogger(__name__)

#: Inbox rows per transaction.
BATCH = 500
#: Looks for an event's notice before it is set aside as unmatched; the waits between them double from FIRST_WAIT.
MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=5)
#: Errors that say nothing about a row: it must not be set aside for them.
TRANSIENT = (OperationalError, InterfaceError, PoolTimeout)


def settle(desk: Desk, ids: Sequence[int]) -> int:
    """Settle those of `ids` that are not settled; returns how many rows were taken."""
    return sum(_settle_or_isolate(desk, batch) for batch in in_batches(ids, BATCH))


def _settle_or_isolate(desk: Desk, ids: Sequence[int]) -> int:
    try:
        with desk.engine.begin() as connection:
            return _settle_batch(connection, desk, ids)
    except TRANSIENT:
        # The database is away or busy, or two workers met in a deadlock: a sweep brings the rows again.
        raise
    except Exception as error:
        if len(ids) > 1:
            return sum(_settle_or_isolate(desk, [one]) for one in ids)
        log.exception("inbox row %s is set aside", ids[0])
        aside = Settled(ids[0], "failed", MAX_TRIES, error=type(error).__name__)
        with desk.engine.begin() as connection:
            settling.finish(connection, [aside])
        return 1


def _settle_batch(connection: Connection, desk: Desk, ids: Sequence[int]) -> int:
    rows = settling.unsettled(connection, ids)
    results: dict[int, Settled] = {}
    events: list[tuple[InboxRow, DeliveryEvent]] = []
    messages: list[tuple[InboxRow, InboundMessage]] = []
    for row in rows:
        read = _read(row)
        if isinstance(read, DeliveryEvent):
            events.append((row, read))
        elif isinstance(read, InboundMessage):
            messages.append((row, read))
        else:
            results[row.id] = Settled(row.id, "failed", row.tries + 1, error=read[:500])
    matched, unmatched = _match(connection, events)
    delivery_news.apply(connection, desk, matched)
    replies.apply(connection, desk, messages)
    now = desk.clock.now()
    for row, _, notice_id in matched:
        results[row.id] = Settled(row.id, "settled", row.tries + 1, notice_id, settled_at=now)
    for row, _ in messages:
        results[row.id] = Settled(row.id, "settled", row.tries + 1, settled_at=now)
    for row, event in unmatched:
        delivery_news.apply_unmatched(connection, desk, row.provider, event)
        results[row.id] = _wait(desk, row)
    settling.finish(connection, list(results.values()))
    return len(rows)


def _read(row: InboxRow) -> DeliveryEvent | InboundMessage | str:
    try:
        if row.kind == "status":
            return inbox.event_from_payload(row.payload)
        return inbox.message_from_payload(row.payload)
    except (ValueError, TypeError, KeyError) as error:
        log.warning("inbox row %s cannot be read: %s", row.id, type(error).__name__)
        return f"{type(error).__name__} reading the stored payload"


def _match(
    connection: Connection, events: Sequence[tuple[InboxRow, DeliveryEvent]]
) -> tuple[list[tuple[InboxRow, DeliveryEvent, str]], list[tuple[InboxRow, DeliveryEvent]]]:
    """Find each event's notice by our attempt id, else by the provider's reference."""
    ours = {row.id: attempt.notice_id for row, event in events if (attempt := Attempt.parse(event.attempt_id or ""))}
    known = notices.existing(connection, list(set(ours.values())))
    refs = [(row.provider, event.ref) for row, event in events if event.ref and ours.get(row.id) not in known]
    by_ref = notices.ids_by_ref(connection, refs) if refs else {}
    matched, unmatched = [], []
    for row, event in events:
        mine = ours.get(row.id)
        notice_id = mine if mine in known else by_ref.get((row.provider, event.ref or ""))
        if notice_id is None:
            unmatched.append((row, event))
        else:
            matched.append((row, event, notice_id))
    return matched, unmatched


def _wait(desk: Desk, row: InboxRow) -> Settled:
    tries = row.tries + 1
    if tries >= MAX_TRIES:
        return Settled(row.id, "unmatched", tries, error="no notice of ours", settled_at=desk.clock.now())
    return Settled(row.id, "received", tries, look_until=desk.clock.machine() + FIRST_WAIT * int(2**row.tries))
