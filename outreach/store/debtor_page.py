"""What the debtor's page reads and keeps: whose link it is, the tries, and what a debtor may see of his accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from outreach.domain.account import Quality
from outreach.domain.identity import OnRecord, Tries
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.notice import NoticeState
from outreach.store.batch import insert_into
from outreach.store.outbox import contents, notices
from outreach.store.page_tables import page_tries
from outreach.store.tables import accounts, contact_points, debtors, payments

#: Ids that begin with the same 20 digits are of one millisecond and of 26 random bits: there are hardly ever two.
_ALIKE = 20
_TRIES = tuple(field.name for field in fields(Tries))
#: States of notices that reached the debtor, or may have.
_SAID = (NoticeState.SENT, NoticeState.DELIVERED, NoticeState.UNDELIVERED, NoticeState.UNCERTAIN)
#: Messages that a debtor's history shows.
LONGEST_HISTORY = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """The debtor for whom a link was made: by which notice, about which account, to which address."""

    notice_id: str
    account_id: int
    debtor_id: int
    language: str
    country: str
    channel: Channel
    address: str
    known: OnRecord


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """What was paid, credited or taken back; `paid_at` is aware UTC."""

    paid_at: datetime
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A message that was sent to the debtor. `text` is its plain text, "" for a letter, whose `body` is HTML."""

    notice_id: str
    account_id: int
    at: datetime
    channel: Channel
    subject: str
    body: str
    text: str


def notices_alike(connection: Connection, prefix: str) -> list[str]:
    """The ids that begin with 20 hex digits."""
    low, high = prefix.ljust(32, "0"), prefix.ljust(32, "f")
    query = select(notices.c.id).where(notices.c.id.between(low, high)).order_by(notices.c.id).limit(_ALIKE)
    return list(connection.scalars(query))


def holder(connection: Connection, notice_id: str) -> Holder | None:
    """Whose link it is. None where there is no such notice, or its address turned out to be somebody else's."""
    query = (
        select(
            *notices.c["id", "account_id", "debtor_id", "channel"],
            *debtors.c["language", "country", "postal_code", "date_of_birth"],
            *contact_points.c["value", "quality"],
        )
        .join(debtors, debtors.c.id == notices.c.debtor_id)
        .outerjoin(contact_points, contact_points.c.id == notices.c.contact_point_id)
        .where(notices.c.id == notice_id)
    )
    row = connection.execute(query).first()
    if row is None or row.quality == Quality.WRONG_PARTY:
        return None
    known = OnRecord(row.date_of_birth, _postal_codes(connection, row.debtor_id, row.postal_code), row.country)
    channel, address = Channel(row.channel), row.value or ""
    return Holder(row.id, row.account_id, row.debtor_id, row.language, row.country, channel, address, known)


def _postal_codes(connection: Connection, debtor_id: int, own: str) -> tuple[str, ...]:
    query = select(contact_points.c.postal).where(
        contact_points.c.debtor_id == debtor_id,
        contact_points.c.kind == Channel.LETTER,
        contact_points.c.retired_at.is_(None),
    )
    posted = [(postal or {}).get("postal_code", "") for postal in connection.scalars(query)]
    return tuple(sorted({code for code in (own, *posted) if code}))


def account_ids(connection: Connection, debtor_id: int) -> list[int]:
    """The debtor's accounts in the order in which they came. A debtor is one creditor's, and so are these."""
    query = select(accounts.c.id).where(accounts.c.debtor_id == debtor_id).order_by(accounts.c.id)
    return list(connection.scalars(query))


def payments_of(connection: Connection, account_id: int, currency: str) -> list[PaymentLine]:
    """What was paid on an account, the latest first."""
    query = select(payments).where(payments.c.account_id == account_id)
    rows = connection.execute(query.order_by(payments.c.paid_at.desc(), payments.c.id.desc()))
    return [PaymentLine(row.paid_at, row.kind, Money(row.amount_minor, currency)) for row in rows]


def said_to(connection: Connection, debtor_id: int) -> list[SaidLine]:
    """The messages that were sent to a debtor, each as its last attempt said it, the latest first."""
    query = (
        select(
            *notices.c["id", "account_id", "started_at", "channel"],
            *contents.c["subject", "body", "text"],
        )
        .join(contents, (contents.c.notice_id == notices.c.id) & (contents.c.attempt == notices.c.attempts))
        .where(notices.c.debtor_id == debtor_id, notices.c.state.in_(_SAID))
        .order_by(notices.c.started_at.desc(), notices.c.id.desc())
        .limit(LONGEST_HISTORY)
    )
    return [
        SaidLine(row.id, row.account_id, row.started_at, Channel(row.channel), row.subject, row.body, row.text)
        for row in connection.execute(query)
    ]


def tries(connection: Connection, keys: Iterable[str], now: datetime) -> dict[str, Tries]:
    """The tries by key, locked until the transaction ends; a row is made for each key that has none."""
    ordered = sorted(set(keys))
    blank = {"tries": 0, "total": 0, "hour_until": now, "forget_until": now}
    connection.execute(
        insert_into(connection, page_tries).on_conflict_do_nothing(), [{"key": key, **blank} for key in ordered]
    )
    query = select(page_tries).where(page_tries.c.key.in_(ordered)).order_by(page_tries.c.key).with_for_update()
    return {row.key: Tries(*(getattr(row, name) for name in _TRIES)) for row in connection.execute(query)}


def keep_tries(connection: Connection, kept: Mapping[str, Tries], forget_until: datetime) -> None:
    """Write tries that were locked by `tries`."""
    for key, one in kept.items():
        values: dict[str, Any] = {**asdict(one), "forget_until": forget_until}
        connection.execute(update(page_tries).where(page_tries.c.key == key).values(values))


def forget_tries(connection: Connection, now: datetime, keys: Iterable[str] = ()) -> None:
    """Forget what is too old to say anything, and some keys."""
    connection.execute(delete(page_tries).where(page_tries.c.forget_until < now))
    for key in keys:
        connection.execute(delete(page_tries).where(page_tries.c.key == key))
