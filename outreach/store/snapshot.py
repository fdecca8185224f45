"""How things stand, for a terminal that shows what happens: a few counts and the latest happenings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select, true

from outreach.domain.notice import NoticeState
from outreach.store.engine import reading
from outreach.store.enrolments import LOOKED_AT
from outreach.store.outbox import notice_events, notices, replies, tasks, timeline
from outreach.store.tables import accounts, contact_points, enrolments
from outreach.store.timeline import TimelineEntry, log_of

_S = NoticeState
_LEFT = frozenset({_S.SENT, _S.DELIVERED, _S.UNDELIVERED})
_FAILED = frozenset({_S.UNDELIVERED, _S.FAILED})
_UNDER_WAY = frozenset({_S.CLAIMED, _S.SENDING, _S.UNCERTAIN, _S.SENT})
#: What is worth a line: what left the house and what became of it, not how it was prepared.
_TOLD = _LEFT | _FAILED | {_S.UNCERTAIN, _S.SUPPRESSED}
#: Happenings that a snapshot tells.
RECENT = 10
#: Rows at the end of the notices' log among which they are sought, so that a long log costs no more than a short one.
_LOG_TAIL = 200


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """Notices of one channel.

    `sent` left the house, and `delivered` are those of them that arrived. `failed` did not arrive or were refused;
    `in_flight` are being sent or wait for news. `suppressed` were not allowed, `uncertain` (also in flight) may or
    may not have been taken by the provider.
    """

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    in_flight: int = 0
    suppressed: int = 0
    uncertain: int = 0


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to an account, to be worded like its timeline."""

    account_ref: str
    entry: TimelineEntry


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts of now. `planned` wait for their moment, not for a person; `opt_outs` are contact points.

    `recent` are the latest happenings of all accounts, newest first.
    """

    accounts: int
    enrolled: int
    planned: int
    waiting_for_approval: int
    by_channel: Mapping[str, ChannelCounts]
    replies: int
    opt_outs: int
    tasks_open: int
    recent: tuple[Happening, ...]


def read_snapshot(engine: Engine) -> Snapshot:
    """Count, in one transaction that only reads."""
    planned = notices.c.state == _S.PLANNED
    with reading(engine) as connection:
        return Snapshot(
            accounts=_count(connection, accounts),
            enrolled=_count(connection, enrolments, LOOKED_AT),
            planned=_count(connection, notices, planned, ~notices.c.needs_approval),
            waiting_for_approval=_count(connection, notices, planned, notices.c.needs_approval),
            by_channel=_by_channel(connection),
            replies=_count(connection, replies),
            opt_outs=_count(connection, contact_points, contact_points.c.opted_out_at.is_not(None)),
            tasks_open=_count(connection, tasks, tasks.c.state == "open"),
            recent=_recent(connection),
        )


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _by_channel(connection: Connection) -> dict[str, ChannelCounts]:
    query = select(notices.c.channel, notices.c.state, func.count()).group_by(notices.c.channel, notices.c.state)
    found: dict[str, dict[str, int]] = {}
    for channel, state, number in connection.execute(query):
        found.setdefault(channel, {})[state] = number
    return {channel: _counts(by_state) for channel, by_state in found.items()}


def _counts(by_state: Mapping[str, int]) -> ChannelCounts:
    def total(states: frozenset[NoticeState]) -> int:
        return sum(by_state.get(state, 0) for state in states)

    return ChannelCounts(
        sent=total(_LEFT),
        delivered=by_state.get(_S.DELIVERED, 0),
        failed=total(_FAILED),
        in_flight=total(_UNDER_WAY),
        suppressed=by_state.get(_S.SUPPRESSED, 0),
        uncertain=by_state.get(_S.UNCERTAIN, 0),
    )


def _recent(connection: Connection) -> tuple[Happening, ...]:
    both = [*_of_accounts(connection), *_of_notices(connection)]
    return tuple(sorted(both, key=lambda happening: happening.entry.at, reverse=True)[:RECENT])


def _of_accounts(connection: Connection) -> list[Happening]:
    query = (
        select(timeline, accounts.c.ref)
        .join(accounts, accounts.c.id == timeline.c.account_id)
        .order_by(timeline.c.id.desc())
        .limit(RECENT)
    )
    return [
        Happening(row.ref, TimelineEntry(row.at, row.kind, row.data or {}, row.actor))
        for row in connection.execute(query)
    ]


def _of_notices(connection: Connection) -> list[Happening]:
    newest = connection.scalar(select(func.max(notice_events.c.id))) or 0
    told = (
        (notice_events.c.id > newest - _LOG_TAIL)
        & (notice_events.c.what == "move")
        & (notice_events.c.applied == true())
        & notice_events.c.state.in_(_TOLD)
    )
    entries = log_of(connection, told, RECENT)
    ids = {entry.notice.id for entry in entries if entry.notice}
    refs = select(notices.c.id, accounts.c.ref).join(accounts, accounts.c.id == notices.c.account_id)
    ref_of = {row.id: row.ref for row in connection.execute(refs.where(notices.c.id.in_(ids)))}
    return [Happening(ref_of[entry.notice.id], entry) for entry in entries if entry.notice]
