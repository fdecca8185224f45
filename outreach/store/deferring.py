"""Gives claimed notices back without a call: it was no try, and no news of the debtor's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, select, update

from outreach.domain.notice import NoticeState
from outreach.store.batch import among, as_is, values
from outreach.store.notices import log
from outreach.store.outbox import notices
from outreach.store.types import Instant


@dataclass(frozen=True, slots=True)
class Deferral:
    """A claimed notice that waits, until `not_before` (business time). `is_news`: its log says so, once per reason."""

    notice_id: str
    reason: str
    not_before: datetime
    is_news: bool = True


def defer(connection: Connection, deferrals: Sequence[Deferral], token: str, now: datetime) -> None:
    """Plan the notices that `token` has claimed again."""
    if not deferrals:
        return
    rows = [{"id": one.notice_id, "reason": one.reason[:200], "at": one.not_before} for one in deferrals]
    new = values(connection, rows, {"id": String, "reason": String, "at": Instant()})
    news = _news(connection, deferrals)
    statement = (
        update(notices)
        .where(
            notices.c.id == new.c.id,
            as_is(notices.c.state) == NoticeState.CLAIMED.value,
            notices.c.claim_token == token,
        )
        .values(state=NoticeState.PLANNED.value, reason=new.c.reason, not_before=new.c.at, lease_until=None)
        .returning(notices.c.id)
    )
    moved = set(connection.scalars(statement))
    told = [one for one in news if one.notice_id in moved]
    log(
        connection,
        [
            {"notice_id": one.notice_id, "at": now, "state": NoticeState.PLANNED, "reason": one.reason[:200]}
            for one in told
        ],
    )


def _news(connection: Connection, deferrals: Sequence[Deferral]) -> list[Deferral]:
    """Those whose reason their notice does not bear already."""
    told = [one for one in deferrals if one.is_news]
    if not told:
        return []
    query = select(notices.c.id, notices.c.reason).where(
        among(connection, notices.c.id, [one.notice_id for one in told])
    )
    known = {row.id: row.reason for row in connection.execute(query)}
    return [one for one in told if known.get(one.notice_id) != one.reason[:200]]
