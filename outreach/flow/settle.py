"""Settle: what webhooks said, applied to notices and accounts, in batches, once.

    inbox -> which notice -> the table of moves -> notice, log, account

Late, doubled and out-of-order news is logged with the notice and moves nothing. A row that cannot be read is set
aside with its error and never stops the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from outreach.domain.event import DeliveryEvent, InboundMessage
from outreach.domain.sending import Attempt
from outreach.flow import delivery_news, replies, setting_aside
from outreach.flow.desk import Desk
from outreach.flow.isolating import by_halves, each
from outreach.store import inbox, notices, settling
from outreach.store.batch import in_batches
from outreach.store.settling import InboxRow, Settled

#: Inbox rows per transaction.
BATCH = 500
#: Looks for an event's notice before it is set aside as unmatched; the waits between them double from FIRST_WAIT.
MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=5)
#: Why an event is set aside that never found its notice.
UNMATCHED = "no notice of ours"


def settle(desk: Desk, ids: Sequence[int]) -> int:
    """Settle those of `ids` that are not settled; returns how many rows were taken."""
    return sum(_settle(desk, batch) for batch in in_batches(ids, BATCH))


def _settle(desk: Desk, ids: Sequence[int]) -> int:
    taken, poisoned = by_halves(partial(_settle_batch, desk), ids)
    if poisoned:
        with desk.engine.begin() as connection:
            setting_aside.unsettled(connection, poisoned, desk.clock.now())
    return sum(taken) + len(poisoned)


def _settle_batch(desk: Desk, ids: Sequence[int]) -> int:
    with desk.engine.begin() as connection:
        rows = settling.unsettled(connection, ids)
        read, unreadable = each(_read, rows)
        setting_aside.unsettled(connection, [one.of(one.row.id) for one in unreadable], desk.clock.now())
        _apply(connection, desk, read)
    return len(rows)


def _apply(connection: Connection, desk: Desk, news: Sequence[tuple[InboxRow, DeliveryEvent | InboundMessage]]) -> None:
    results: dict[int, Settled] = {}
    events = [(row, one) for row, one in news if isinstance(one, DeliveryEvent)]
    messages = [(row, one) for row, one in news if isinstance(one, InboundMessage)]
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
    given_up = [row for row, _ in unmatched if results[row.id].state == "unmatched"]
    setting_aside.unmatched(connection, given_up, UNMATCHED, now)


def _read(row: InboxRow) -> tuple[InboxRow, DeliveryEvent | InboundMessage]:
    read = inbox.event_from_payload if row.kind == "status" else inbox.message_from_payload
    return row, read(row.payload)


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
        return Settled(row.id, "unmatched", tries, error=UNMATCHED, settled_at=desk.clock.now())
    return Settled(row.id, "received", tries, look_until=desk.clock.machine() + FIRST_WAIT * int(2**row.tries))
