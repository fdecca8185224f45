"""Payment plans with their instalments: read in batches, written as what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, insert, select, update

from outreach.domain.means import MeansStatement, document_of, statement_of
from outreach.domain.money import Money
from outreach.domain.plan import Instalment, InstalmentState, PaymentPlan, PlanState, Receipts
from outreach.domain.plan_policy import Authority, PlanPolicy
from outreach.domain.plan_schedule import Frequency, Schedule
from outreach.store import batch
from outreach.store.batch import among
from outreach.store.plan_documents import policy_of, terms_of
from outreach.store.plan_tables import instalments, means_statements, payment_plans
from outreach.store.rows import insert_rows, update_rows
from outreach.store.tables import accounts, creditors, debtors, payments


@dataclass(frozen=True, slots=True)
class Owed:
    """What a plan of an account is decided on. `zones` are those in which the debtor may be."""

    account_id: int
    account_ref: str
    debtor_id: int
    balance: Money
    zones: tuple[str, ...]
    policy: PlanPolicy
    last_payment: int


def debtor_of(connection: Connection, account_ref: str) -> tuple[int, int] | None:
    """(account id, debtor id) of an account by its reference, None for an unknown one."""
    query = select(accounts.c.id, accounts.c.debtor_id).where(accounts.c.ref == account_ref)
    row = connection.execute(query).first()
    return None if row is None else (row.id, row.debtor_id)


def owed(connection: Connection, account_ids: Sequence[int]) -> dict[int, Owed]:
    """What accounts owe, and by which rules they may pay it in parts, by account id."""
    last = select(func.max(payments.c.id)).where(payments.c.account_id == accounts.c.id).scalar_subquery()
    query = (
        select(*accounts.c["id", "ref", "debtor_id", "currency", "balance_minor"])
        .add_columns(debtors.c.zones, creditors.c.plans, last.label("last_payment"))
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .join(creditors, creditors.c.id == accounts.c.creditor_id)
        .where(among(connection, accounts.c.id, sorted(set(account_ids))))
    )
    return {
        row.id: Owed(
            row.id,
            row.ref,
            row.debtor_id,
            Money(row.balance_minor, row.currency),
            tuple(row.zones),
            policy_of(row.plans),
            row.last_payment or 0,
        )
        for row in connection.execute(query)
    }


def keep_means(
    connection: Connection,
    account_id: int,
    debtor_id: int,
    statement: MeansStatement,
    source: str,
    by: str,
    now: datetime,
) -> int:
    """Keep a statement of means and return its id. It is personal data: it goes nowhere else."""
    row = {
        "account_id": account_id,
        "debtor_id": debtor_id,
        "statement": document_of(statement),
        "source": source[:100],
        "recorded_by": by,
        "recorded_at": now,
    }
    kept: int = connection.execute(insert(means_statements).values(row).returning(means_statements.c.id)).scalar_one()
    return kept


def last_means(connection: Connection, debtor_id: int, currency: str) -> MeansStatement | None:
    """The newest statement of a debtor in a currency, None when there is none."""
    query = select(means_statements.c.statement).where(means_statements.c.debtor_id == debtor_id)
    for document in connection.scalars(query.order_by(means_statements.c.id.desc())):
        if document["currency"] == currency:
            return statement_of(document, currency)
    return None


def add(connection: Connection, values: Mapping[str, Any], schedule: Schedule) -> int:
    """Insert a plan (its columns) with the instalments of its schedule; returns its id."""
    frequency = schedule.frequency.value if schedule.frequency else ""
    row = {**values, "frequency": frequency, "total_minor": schedule.total.minor}
    plan_id: int = connection.execute(insert(payment_plans).values(row).returning(payment_plans.c.id)).scalar_one()
    parts = [
        {"number": number, "due_on": day, "amount_minor": amount.minor}
        for number, (day, amount) in enumerate(schedule.parts, 1)
    ]
    insert_rows(connection, instalments, parts, alike={"plan_id": plan_id, "state": InstalmentState.DUE.value})
    return plan_id


def change(connection: Connection, plan_id: int, **values: object) -> None:
    """Set columns of a plan. The caller holds its debtor's lock."""
    connection.execute(update(payment_plans).where(payment_plans.c.id == plan_id).values(values))


def set_looks(connection: Connection, looks: Mapping[int, datetime | None]) -> None:
    """When plans are to be looked at again, by plan id."""
    update_rows(connection, payment_plans, [{"id": id_, "next_look_at": at} for id_, at in looks.items()])


def set_instalments(connection: Connection, judged: Sequence[Instalment]) -> None:
    """Keep what became of instalments."""
    rows = [{"id": one.id, "paid_minor": one.paid.minor, "state": one.state.value} for one in judged]
    update_rows(connection, instalments, rows)


def mark(connection: Connection, column: str, instalment_ids: Sequence[int], now: datetime) -> None:
    """Note that instalments were reminded of (`reminded_at`) or told as missed (`missed_at`)."""
    if instalment_ids:
        chosen = among(connection, instalments.c.id, list(instalment_ids))
        connection.execute(update(instalments).where(chosen).values({column: now}))


def marked(connection: Connection, column: str, plan_ids: Sequence[int]) -> set[int]:
    """The ids of the instalments of plans that were marked so."""
    of_plans = among(connection, instalments.c.plan_id, list(plan_ids))
    return set(connection.scalars(select(instalments.c.id).where(of_plans, instalments.c[column].is_not(None))))


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(plan id, debtor id) of plans that are to be looked at, the longest waiting first."""
    plan = payment_plans.c
    query = select(plan.id, plan.debtor_id).where(plan.next_look_at <= now).order_by(plan.next_look_at, plan.id)
    return [(row.id, row.debtor_id) for row in connection.execute(query.limit(limit))]


def still_due(connection: Connection, plan_ids: Sequence[int], now: datetime) -> list[PaymentPlan]:
    """Those of some plans that are still to be looked at, under the locks of their debtors."""
    return _read(connection, among(connection, payment_plans.c.id, list(plan_ids)), payment_plans.c.next_look_at <= now)


def get(connection: Connection, plan_id: int) -> PaymentPlan | None:
    """A plan by its id."""
    return next(iter(_read(connection, payment_plans.c.id == plan_id)), None)


def of_accounts(connection: Connection, account_ids: Sequence[int]) -> list[PaymentPlan]:
    """The plans of accounts, the newest first."""
    return _read(connection, among(connection, payment_plans.c.account_id, sorted(set(account_ids))))


def waiting_for_us(connection: Connection) -> list[PaymentPlan]:
    """The proposals that a person of ours has to decide, the oldest first."""
    plan = payment_plans.c
    return _read(connection, plan.state == PlanState.PROPOSED.value, plan.agreed_with == "")[::-1]


def receipts(connection: Connection, plans: Sequence[PaymentPlan]) -> dict[int, Receipts]:
    """What came in on the accounts of plans since each was agreed, by plan id.

    A reversal of a payment that came before the plan was agreed is no news of the plan.
    """
    rows = [{"plan_id": one.id, "account_id": one.account_id, "paid_before": one.paid_before} for one in plans]
    kinds = {"plan_id": payment_plans.c.id.type, "account_id": accounts.c.id.type, "paid_before": payments.c.id.type}
    v = batch.values(connection, rows, kinds)
    earlier = payments.alias("earlier")
    of_earlier = (
        select(earlier.c.id)
        .where(
            earlier.c.account_id == payments.c.account_id,
            earlier.c.ref == payments.c.ref,
            earlier.c.kind != "reversal",
            earlier.c.id <= v.c.paid_before,
        )
        .exists()
    )
    amount = payments.c.amount_minor
    signed = case((payments.c.kind != "reversal", amount), (of_earlier, 0), else_=-amount)
    since = (payments.c.account_id == accounts.c.id) & (payments.c.id > v.c.paid_before)
    query = (
        select(v.c.plan_id, accounts.c.balance_minor, func.coalesce(func.sum(signed), 0).label("booked"))
        .select_from(v)
        .join(accounts, accounts.c.id == v.c.account_id)
        .outerjoin(payments, since)
        .group_by(v.c.plan_id, accounts.c.balance_minor)
    )
    return {row.plan_id: Receipts(int(row.booked), row.balance_minor) for row in connection.execute(query)}


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[PaymentPlan]:
    query = (
        select(payment_plans, accounts.c.currency)
        .join(accounts, accounts.c.id == payment_plans.c.account_id)
        .where(*conditions)
        .order_by(payment_plans.c.id.desc())
    )
    rows = connection.execute(query).all()
    parts: dict[int, list[Instalment]] = {row.id: [] for row in rows}
    currencies = {row.id: row.currency for row in rows}
    of_plans = among(connection, instalments.c.plan_id, list(parts))
    for one in connection.execute(select(instalments).where(of_plans).order_by(instalments.c.number)):
        parts[one.plan_id].append(_instalment(one, currencies[one.plan_id]))
    return [_plan(row, parts[row.id]) for row in rows]


def _instalment(row: Row[Any], currency: str) -> Instalment:
    amount, paid = Money(row.amount_minor, currency), Money(row.paid_minor, currency)
    return Instalment(row.number, row.due_on, amount, paid, InstalmentState(row.state), row.id)


def _plan(row: Row[Any], parts: Sequence[Instalment]) -> PaymentPlan:
    alike = (
        *("proposed_at", "proposed_by", "expires_at", "accepted_at", "accepted_by", "ended_at", "ended_by"),
        *("ended_why", "means_id", "hold_id", "paid_before"),
    )
    return PaymentPlan(
        id=row.id,
        account_id=row.account_id,
        debtor_id=row.debtor_id,
        state=PlanState(row.state),
        frequency=Frequency(row.frequency) if row.frequency else None,
        instalments=tuple(parts),
        source=row.source,
        needs=Authority(row.needs),
        because=tuple(row.because),
        agreed_with=Authority(row.agreed_with) if row.agreed_with else None,
        wording=row.wording,
        terms=terms_of(row.terms) if row.terms else None,
        **{name: getattr(row, name) for name in alike},
    )
