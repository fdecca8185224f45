"""Counts: what today brought, what waits for a person, how campaigns stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from outreach.domain.notice import NoticeState
from outreach.store.outbox import dead_letters, inbox, notices, tasks
from outreach.store.tables import campaign_versions, campaigns, circuits, creditors, enrolments
from outreach.store.webhook_endpoints import gauges as webhook_gauges


@dataclass(frozen=True, slots=True)
class Attention:
    """What people should look at."""

    waiting_for_approval: int
    uncertain: int
    failed: int
    open_tasks: int
    dead_letters: int


@dataclass(slots=True)
class CampaignLine:
    """A campaign with its counts; `steps` are the names of its current version's steps."""

    name: str
    version: str
    creditor: str
    paused: bool
    steps: tuple[str, ...]
    waiting_for_approval: int = 0
    enrolled: dict[str, int] = field(default_factory=dict)
    by_state: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)

    def count(self, channel: str, state: str, number: int, *, waits: bool) -> None:
        """Add `number` notices of a kind; `waits`: for approval."""
        self.by_state[state] = self.by_state.get(state, 0) + number
        self.by_channel[channel] = self.by_channel.get(channel, 0) + number
        self.waiting_for_approval += number if waits else 0


def started_since(connection: Connection, since: datetime) -> dict[tuple[str, str], int]:
    """(channel, state) -> how many notices left the house since then."""
    query = (
        select(notices.c.channel, notices.c.state, func.count())
        .where(notices.c.started_at >= since)
        .group_by(notices.c.channel, notices.c.state)
    )
    return {(channel, state): count for channel, state, count in connection.execute(query)}


def planned_now(connection: Connection) -> int:
    """Notices that wait for their moment, those that wait for a person left out."""
    query = select(func.count()).select_from(notices)
    planned = query.where(notices.c.state == "planned", notices.c.needs_approval.is_(False))
    return connection.scalar(planned) or 0


def attention(connection: Connection, failed_since: datetime) -> Attention:
    """Failures count since `failed_since`; what waits or is uncertain counts whatever its age."""
    count = func.count()
    approvals = select(count).where(notices.c.state == "planned", notices.c.needs_approval).select_from(notices)
    uncertain = select(count).where(notices.c.state == "uncertain").select_from(notices)
    failed = select(count).where(notices.c.state == "failed", notices.c.ended_at >= failed_since).select_from(notices)
    open_tasks = select(count).where(tasks.c.state == "open").select_from(tasks)
    set_aside = select(count).where(dead_letters.c.ended_at.is_(None)).select_from(dead_letters)
    columns = [query.scalar_subquery() for query in (approvals, uncertain, failed, open_tasks, set_aside)]
    return Attention(*connection.execute(select(*columns)).one())


def campaign_lines(connection: Connection) -> list[CampaignLine]:
    """All running campaigns by name. Three statements, whatever their number."""
    rows = connection.execute(
        select(
            campaigns.c.name,
            campaigns.c.paused,
            campaign_versions.c.version,
            campaign_versions.c.body,
            creditors.c.name.label("creditor"),
        )
        .join(campaign_versions, campaign_versions.c.id == campaigns.c.version_id)
        .join(creditors, creditors.c.id == campaign_versions.c.creditor_id)
        .order_by(campaigns.c.name)
    ).all()
    lines = {row.name: CampaignLine(row.name, row.version, row.creditor, row.paused, _steps(row.body)) for row in rows}
    for campaign, state, count in _grouped(connection, enrolments.c.campaign, enrolments.c.state):
        if campaign in lines:
            lines[campaign].enrolled[state] = count
    for campaign, channel, state, needs_approval, count in _notice_counts(connection):
        if campaign in lines:
            lines[campaign].count(channel, state, count, waits=needs_approval and state == NoticeState.PLANNED)
    return list(lines.values())


def gauges(connection: Connection) -> Iterable[tuple[str, str, Sequence[str], list[Any]]]:
    """(name, help, labels, rows) of what /metrics tells of the database: counts only."""
    by_state = _grouped(connection, notices.c.channel, notices.c.state)
    yield "outreach_notices", "Notices by channel and state", ("channel", "state"), by_state
    of_inbox = _grouped(connection, inbox.c.provider, inbox.c.state)
    yield "outreach_inbox", "Webhook events by provider and state", ("provider", "state"), of_inbox
    paused = _grouped(connection, circuits.c.provider, circuits.c.state)
    yield "outreach_circuits", "Circuits that are not closed, by provider and state", ("provider", "state"), paused
    of_tasks = _grouped(connection, tasks.c.kind, tasks.c.state)
    yield "outreach_tasks", "Tasks for people by kind and state", ("kind", "state"), of_tasks
    waiting = _grouped(connection, dead_letters.c.kind, where=dead_letters.c.ended_at.is_(None))
    yield "outreach_dead_letters", "Dead letters that wait for a person, by kind", ("kind",), waiting
    enrolled = _grouped(connection, enrolments.c.campaign, enrolments.c.state)
    yield "outreach_enrolments", "Enrolments by campaign and state", ("campaign", "state"), enrolled
    yield from webhook_gauges(connection)


def _grouped(connection: Connection, *columns: Any, where: ColumnElement[bool] | None = None) -> list[Any]:
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return list(connection.execute(query if where is None else query.where(where)))


def _notice_counts(connection: Connection) -> list[Any]:
    return _grouped(connection, notices.c.campaign, notices.c.channel, notices.c.state, notices.c.needs_approval)


def _steps(body: str) -> tuple[str, ...]:
    try:
        return tuple(str(step.get("step") or step.get("name")) for step in orjson.loads(body).get("steps", ()))
    except (ValueError, AttributeError):
        # A body beyond reading is told by the dead letters of its accounts; it must not hide the other campaigns.
        return ()
