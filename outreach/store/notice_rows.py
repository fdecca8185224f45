"""Notices as the flows handle them: new ones, rows that are worked on, and moves from state to state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to plan. `id` is 32 hex digits; instants are aware UTC. It is due at once unless `not_before` says
    otherwise; `service` is the document of a service message."""

    id: str
    enrolment_id: int
    account_id: int
    debtor_id: int
    campaign: str
    version_id: int
    item_id: int
    step: str
    cycle: int
    position: int
    channel: Channel
    template: str
    needs_approval: bool
    stands_in_for: str | None
    planned_at: datetime
    not_before: datetime | None = None
    service: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as a worker works on it. `attempts` counts the calls made so far; each has a claim before it, so that
    `claim_token` tells one attempt from the next."""

    id: str
    enrolment_id: int
    account_id: int
    debtor_id: int
    campaign: str
    version_id: int
    item_id: int
    step: str
    cycle: int
    position: int
    channel: Channel
    template: str
    state: NoticeState
    attempts: int
    provider: str
    provider_ref: str | None
    contact_point_id: int | None
    planned_at: datetime
    started_at: datetime | None
    send_by: datetime | None
    stands_in_for: str | None
    claim_token: str | None
    service: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A notice from one state to another. Fields that are None stay as they are; `attempt` is logged and, on the way
    to `sending`, becomes the number of calls made. With a `token` only the worker that claimed it may move it."""

    id: str
    old: NoticeState
    new: NoticeState
    reason: str = ""
    token: str | None = None
    attempt: int | None = None
    not_before: datetime | None = None
    send_by: datetime | None = None
    lease_until: datetime | None = None
    contact_point_id: int | None = None
    provider: str | None = None
    provider_ref: str | None = None
    segments: int | None = None
    decision: dict[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    word: str = ""
    code: str = ""
