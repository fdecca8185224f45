"""Publish: outcome events from what the timelines and the notices' log say, each row once, a moment later.

Sending and settling pay nothing for it. Rows that commit out of the order of their ids are not lost (store/marks.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Engine, Row

from outreach.domain.notice import NoticeState
from outreach.domain.outcome_event import NOTICE_KINDS, notice_data, timeline_data
from outreach.store import outcomes
from outreach.store.engine import reading
from outreach.store.marks import Look
from outreach.store.outcomes import EVENTS, TIMELINE, NewOutcome

#: Rows of a source in one transaction.
BATCH = 2_000


def publish(engine: Engine) -> int:
    """Publish all that is committed; returns how many events. Two at once wait for each other."""
    with reading(engine) as connection:
        if not outcomes.any_news(connection):
            return 0
    looks = {source: outcomes.look(engine, source) for source in (TIMELINE, EVENTS)}
    above = {source: look.before.sealed_to for source, look in looks.items()}
    published = 0
    while looks:
        with engine.begin() as connection:
            outcomes.serialise(connection)
            found = {source: outcomes.unpublished(connection, source, above[source], BATCH) for source in looks}
            outcomes.publish(connection, _in_order(found))
            looks = _go_on(connection, looks, found, above)
        published += sum(map(len, found.values()))
    return published


def _go_on(
    connection: Connection, looks: Mapping[str, Look], found: Mapping[str, Sequence[Row[Any]]], above: dict[str, int]
) -> dict[str, Look]:
    """The sources that may have more; of the others the marks move."""
    more = {}
    for source, look in looks.items():
        if len(found[source]) == BATCH:
            more[source] = look
            above[source] = found[source][-1].id
        else:
            outcomes.set_mark(connection, look.after)
    return more


def _in_order(found: Mapping[str, Sequence[Row[Any]]]) -> list[NewOutcome]:
    """Both sources as one, each in the order of its ids, and between them by time."""
    made = [[_MAKE[source](row) for row in rows] for source, rows in found.items()]
    return list(merge(*made, key=lambda one: one.at))


def _of_entry(row: Row[Any]) -> NewOutcome:
    return _new(TIMELINE, row, row.kind, timeline_data(row.kind, row.data if isinstance(row.data, dict) else {}))


def _of_move(row: Row[Any]) -> NewOutcome:
    return _new(EVENTS, row, NOTICE_KINDS[NoticeState(row.state)], notice_data(row._asdict()))


def _new(source: str, row: Row[Any], kind: str, data: dict[str, Any]) -> NewOutcome:
    whose = (row.creditor_id, row.account_id, row.account_ref, row.debtor_ref)
    return NewOutcome(source, row.id, *whose, kind, row.at, data)


_MAKE: dict[str, Callable[[Row[Any]], NewOutcome]] = {TIMELINE: _of_entry, EVENTS: _of_move}
