"""What a simulation reads, in batches of debtors: who is in which campaign, and which notices wait. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

from outreach.domain.message import Channel
from outreach.domain.notice import WAITING
from outreach.store.batch import among
from outreach.store.outbox import notices
from outreach.store.tables import accounts, creditors, debtors, enrolments

#: Left to literals where it could be: whoever has such a notice waits for it.
_WAITING = notices.c.state.in_(sorted(WAITING))


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that is planned, or claimed: its worker decides on it at once."""

    enrolment_id: int
    step: str
    position: int
    channel: Channel
    needs_approval: bool
    not_before: datetime


def count_debtors(connection: Connection) -> int:
    """How many debtors there are."""
    return int(connection.scalar(select(func.count()).select_from(debtors)) or 0)


def batch_ends(connection: Connection, size: int) -> list[int]:
    """The id of every `size`-th debtor in the order of ids, and of the last one."""
    numbered = select(debtors.c.id, func.row_number().over(order_by=debtors.c.id).label("number")).subquery()
    ends = list(connection.scalars(select(numbered.c.id).where(numbered.c.number % size == 0).order_by(numbered.c.id)))
    last = connection.scalar(select(func.max(debtors.c.id)))
    return ends if last is None or (ends and ends[-1] == last) else [*ends, last]


def debtor_ids(connection: Connection, after: int, last: int) -> list[int]:
    """The ids of debtors above `after`, up to and with `last`."""
    query = select(debtors.c.id).where(debtors.c.id > after, debtors.c.id <= last).order_by(debtors.c.id)
    return list(connection.scalars(query))


def creditor_ids(connection: Connection) -> dict[str, int]:
    """The ids of creditors by ref."""
    return {row.ref: row.id for row in connection.execute(select(creditors.c.ref, creditors.c.id))}


def to_look_at(
    connection: Connection, ids: Sequence[int], running: Sequence[str], until: datetime
) -> Sequence[Row[Any]]:
    """The rows, for `enrolments.read`, of debtors' enrolments that have a look before `until` in one of the `running`
    campaigns, or a notice that waits in any."""
    waits = exists().where(notices.c.enrolment_id == enrolments.c.id, _WAITING)
    looked_at = and_(enrolments.c.campaign.in_(running), enrolments.c.next_look_at < until)
    query = (
        select(enrolments)
        .join(accounts, accounts.c.id == enrolments.c.account_id)
        .where(among(connection, accounts.c.debtor_id, ids), or_(looked_at, waits))
        .order_by(enrolments.c.id)
    )
    return connection.execute(query).all()


def waiting_notices(connection: Connection, enrolment_ids: Sequence[int]) -> dict[int, WaitingNotice]:
    """The notice that each enrolment waits for: there is one at most."""
    names = WaitingNotice.__dataclass_fields__
    query = select(*(notices.c[name] for name in names)).where(
        among(connection, notices.c.enrolment_id, enrolment_ids), _WAITING
    )
    found = (
        WaitingNotice(**{**row, "channel": Channel(row["channel"])}) for row in connection.execute(query).mappings()
    )
    return {one.enrolment_id: one for one in found}
