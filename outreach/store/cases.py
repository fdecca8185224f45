"""Cases: opened under the debtor's lock, found while their hold runs, ended once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, cast, insert, or_, select, update

from outreach.domain.account import HoldReason
from outreach.domain.case import CaseKind, Whereabouts
from outreach.domain.plan import PlanState
from outreach.domain.promise import PromiseState
from outreach.domain.standing import Terms
from outreach.store.batch import among
from outreach.store.case_tables import cases
from outreach.store.outbox import tasks
from outreach.store.plan_tables import payment_plans
from outreach.store.promise_tables import promises
from outreach.store.standing import terms_of
from outreach.store.tables import accounts, creditors, debtors, holds


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case whose hold runs. `covers_debtor`: its hold stops all of the debtor's accounts."""

    id: int
    hold_id: int
    debtor_id: int
    account_id: int | None
    kind: CaseKind
    source: str
    text: str
    opened_at: datetime
    review_at: datetime
    ends_at: datetime | None
    reply_id: int | None
    covers_debtor: bool

    @property
    def concerns(self) -> int | None:
        """The account that stops, None for all of the debtor's."""
        return None if self.covers_debtor else self.account_id


def add(connection: Connection, row: dict[str, Any]) -> int:
    """Insert a case and return its id. The caller holds the debtor's lock."""
    added: int = connection.execute(insert(cases).values(row).returning(cases.c.id)).scalar_one()
    return added


def of_debtor(connection: Connection, debtor_id: int, now: datetime) -> list[OpenCase]:
    """The debtor's cases whose holds run, the oldest first."""
    query = _open(now).where(cases.c.debtor_id == debtor_id).order_by(cases.c.id)
    return [_case(row) for row in connection.execute(query)]


def of_hold(connection: Connection, hold_id: int, debtor_id: int, now: datetime) -> OpenCase | None:
    """The case of one of the debtor's holds, None when the hold is none or has ended."""
    query = _open(now).where(cases.c.hold_id == hold_id, cases.c.debtor_id == debtor_id)
    row = connection.execute(query).first()
    return None if row is None else _case(row)


def reason_of_hold(connection: Connection, hold_id: int, debtor_id: int, now: datetime) -> HoldReason | None:
    """Why one of the debtor's holds is there; None when it is not there or has ended."""
    query = select(holds.c.reason).where(holds.c.id == hold_id, holds.c.debtor_id == debtor_id, _running(now))
    reason = connection.scalar(query)
    return None if reason is None else HoldReason(reason)


def set_clock(connection: Connection, case_id: int, review_at: datetime, ends_at: datetime | None) -> None:
    """Have a person look at another time; `ends_at` is the end of the case's hold, None for one that has none."""
    changes = {"review_at": review_at, "ends_at": ends_at, "reviewed_at": None}
    connection.execute(update(cases).where(cases.c.id == case_id).values(changes))
    hold_id = select(cases.c.hold_id).where(cases.c.id == case_id).scalar_subquery()
    connection.execute(update(holds).where(holds.c.id == hold_id).values(ends_at=ends_at))


def end(connection: Connection, hold_ids: Sequence[int], now: datetime, by: str = "") -> None:
    """Close the cases of holds that ended, where they are open."""
    if hold_ids:
        ended = update(cases).where(among(connection, cases.c.hold_id, hold_ids), cases.c.closed_at.is_(None))
        connection.execute(ended.values(closed_at=now, closed_by=by))


def record(connection: Connection, case_id: int, way: str, recorded: dict[str, Any]) -> None:
    """Keep how a case ends and what was recorded for it."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(way=way, record=recorded))


def attend(connection: Connection, causes: Sequence[str], reply_id: int | None) -> bool:
    """Turn open tasks of some causes (`dedupe`) to the newest answer; whether there is such a task."""
    turned = update(tasks).where(among(connection, tasks.c.dedupe, causes), tasks.c.ended_at.is_(None))
    return connection.execute(turned.values(reply_id=reply_id or tasks.c.reply_id)).rowcount > 0


def open_tasks(connection: Connection, case_id: int, debtor_id: int) -> list[str]:
    """The causes (`dedupe`) of the open tasks that a case made."""
    mine = select(accounts.c.id).where(accounts.c.debtor_id == debtor_id)
    name = f"case:{case_id}"
    made = or_(tasks.c.dedupe == name, tasks.c.dedupe.startswith(f"{name}:"), tasks.c.dedupe.startswith(f"{name}/"))
    query = select(tasks.c.dedupe).where(tasks.c.account_id.in_(mine), tasks.c.ended_at.is_(None), made)
    return list(connection.scalars(query))


def whereabouts(connection: Connection, debtor_id: int) -> Whereabouts:
    """Where the debtor may be."""
    query = select(debtors.c.zones, debtors.c.country, debtors.c.region).where(debtors.c.id == debtor_id)
    row = connection.execute(query).one()
    return Whereabouts(tuple(row.zones), row.country, row.region)


def terms(connection: Connection, debtor_id: int, account_id: int | None) -> list[Terms]:
    """How the account is collected, or without one each of the debtor's accounts."""
    own, default = cast(accounts.c.terms, Text).label("own"), cast(creditors.c.terms, Text).label("default")
    query = select(own, default).join(creditors, creditors.c.id == accounts.c.creditor_id)
    query = query.where(accounts.c.debtor_id == debtor_id)
    if account_id is not None:
        query = query.where(accounts.c.id == account_id)
    return [terms_of(row.own, terms_of(row.default)) for row in connection.execute(query)]


def _open(now: datetime) -> Select[Any]:
    query = select(cases, holds.c.account_id.is_(None).label("covers_debtor"))
    return query.join(holds, holds.c.id == cases.c.hold_id).where(cases.c.closed_at.is_(None), _running(now))


def _running(now: datetime) -> Any:
    return or_(holds.c.ends_at.is_(None), holds.c.ends_at > now)


def _case(row: Row[Any]) -> OpenCase:
    return OpenCase(
        row.id,
        row.hold_id,
        row.debtor_id,
        row.account_id,
        CaseKind(row.kind),
        row.source,
        row.text,
        row.opened_at,
        row.review_at,
        row.ends_at,
        row.reply_id,
        bool(row.covers_debtor),
    )


def agreement_of_hold(connection: Connection, hold_id: int) -> str:
    """Which agreement a hold stands for: "promise" or "plan", "" for none that is in force."""
    promised = select(promises.c.id).where(promises.c.hold_id == hold_id, promises.c.state == PromiseState.OPEN)
    if connection.scalar(promised.limit(1)) is not None:
        return "promise"
    in_force = [PlanState.PROPOSED.value, PlanState.ACTIVE.value]
    planned = select(payment_plans.c.id).where(payment_plans.c.hold_id == hold_id, payment_plans.c.state.in_(in_force))
    return "plan" if connection.scalar(planned.limit(1)) is not None else ""
