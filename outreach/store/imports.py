"""Accounts as an import sees them: what the database knows of a batch, and the changes written back as sets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from outreach.store import batch
from outreach.store.import_records import (
    DEBTOR_COLUMNS,
    AccountRecord,
    ConsentKey,
    DebtorRecord,
    ItemRecord,
    PointRecord,
    Snapshot,
)
from outreach.store.outbox import timeline
from outreach.store.rows import insert_rows, update_rows
from outreach.store.standing_tables import consents
from outreach.store.tables import accounts, contact_points, creditors, debtors, items
from outreach.store.types import Key

#: Any number, the same in every process: imports wait for each other (pg_advisory_xact_lock).
_LOCK = 6_870_312


def serialise(connection: Connection) -> None:
    """Wait for other imports, until the transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def creditor_ids(connection: Connection) -> dict[str, int]:
    """The id of every creditor by its ref."""
    return {row.ref: row.id for row in connection.execute(select(creditors.c.ref, creditors.c.id))}


def load(
    connection: Connection, debtor_keys: Collection[tuple[int, str]], item_keys: Collection[tuple[str, str]]
) -> Snapshot:
    """What is known of debtors (creditor id, ref) and items (account ref, ref). Debtors and accounts are locked."""
    refs = sorted({account_ref for account_ref, _ in item_keys})
    found = connection.execute(_accounts_named(connection, refs)).all()
    debtor_records = _load_debtors(connection, sorted(debtor_keys), [row.debtor_id for row in found])
    by_id = {record.id: record for record in debtor_records}
    account_records = {
        row.ref: AccountRecord(
            row.ref,
            by_id[row.debtor_id],
            row.currency,
            row.tags,
            row.extra,
            row.terms,
            erased_at=row.erased_at,
            id=row.id,
        )
        for row in found
    }
    _load_items(connection, account_records, item_keys)
    return Snapshot({(record.creditor_id, record.ref): record for record in debtor_records}, account_records)


def save(connection: Connection, snapshot: Snapshot, now: datetime) -> list[int]:
    """Store what is new or changed; return the ids of all accounts whose facts, or whose debtor's, changed."""
    _save_debtors(connection, snapshot.debtors.values(), now)
    _save_accounts(connection, snapshot.accounts.values(), now)
    _save_items(connection, snapshot.accounts.values())
    touched = [record.id for record in snapshot.debtors.values() if record.changed]
    of_debtors = select(accounts.c.id).where(batch.among(connection, accounts.c.debtor_id, touched))
    changed = {record.id for record in snapshot.accounts.values() if record.changed}
    return sorted(changed.union(connection.scalars(of_debtors) if touched else ()))


def write_timeline(connection: Connection, rows: list[dict[str, Any]], now: datetime) -> None:
    """Tell the accounts' timelines: rows with account_id, kind and data."""
    insert_rows(connection, timeline, rows, alike={"at": now, "actor": "import"})


def _accounts_named(connection: Connection, refs: list[str]) -> Any:
    named = batch.values(connection, [{"ref": ref} for ref in refs], {"ref": accounts.c.ref.type})
    columns = (
        accounts.c.id,
        accounts.c.ref,
        accounts.c.debtor_id,
        accounts.c.currency,
        accounts.c.tags,
        accounts.c.extra,
        accounts.c.terms,
        accounts.c.erased_at,
    )
    return select(*columns).join(named, named.c.ref == accounts.c.ref)


def _load_debtors(connection: Connection, keys: list[tuple[int, str]], ids: list[int]) -> list[DebtorRecord]:
    kinds = {"creditor_id": Key, "ref": debtors.c.ref.type}
    named = batch.values(connection, [{"creditor_id": creditor, "ref": ref} for creditor, ref in keys], kinds, "named")
    owners = batch.values(connection, [{"id": key} for key in ids], {"id": Key}, "owners")
    wanted = (
        select(debtors.c.id)
        .join(named, (named.c.creditor_id == debtors.c.creditor_id) & (named.c.ref == debtors.c.ref))
        .union(select(owners.c.id))
    )
    statement = select(debtors).where(debtors.c.id.in_(wanted)).order_by(debtors.c.id).with_for_update(key_share=True)
    records = {
        row.id: DebtorRecord(
            row.creditor_id,
            row.ref,
            {name: getattr(row, name) for name in DEBTOR_COLUMNS},
            row.zones,
            row.preferences,
            id=row.id,
        )
        for row in connection.execute(statement)
    }
    if records:
        _load_points(connection, records)
    return list(records.values())


def _load_points(connection: Connection, records: dict[int, DebtorRecord]) -> None:
    wanted = batch.values(connection, [{"id": key} for key in records], {"id": Key})
    for row in connection.execute(select(contact_points).join(wanted, wanted.c.id == contact_points.c.debtor_id)):
        records[row.debtor_id].points.append(
            PointRecord(row.kind, row.value, row.postal, row.quality, row.standing, row.retired_at, row.id)
        )


def load_consents(connection: Connection, records: Iterable[DebtorRecord]) -> None:
    """Fill in which consents of known debtors are on record."""
    by_id = {record.id: record for record in records if record.id}
    wanted = batch.values(connection, [{"id": key} for key in by_id], {"id": Key})
    columns = (consents.c.debtor_id, *(consents.c[name] for name in ConsentKey._fields))
    for debtor_id, *key in connection.execute(select(*columns).join(wanted, wanted.c.id == consents.c.debtor_id)):
        by_id[debtor_id].consents.add(ConsentKey(*key))


def _load_items(connection: Connection, records: dict[str, AccountRecord], keys: Collection[tuple[str, str]]) -> None:
    wanted = [{"account_id": records[account].id, "ref": ref} for account, ref in keys if account in records]
    if not wanted:
        return
    named = batch.values(connection, wanted, {"account_id": Key, "ref": items.c.ref.type})
    by_id = {record.id: record for record in records.values()}
    statement = select(items).join(named, (named.c.account_id == items.c.account_id) & (named.c.ref == items.c.ref))
    for row in connection.execute(statement):
        by_id[row.account_id].items[row.ref] = ItemRecord(
            row.ref, row.issued_on, row.due_on, row.amount_minor, row.stated_open_minor, row.open_minor, row.id
        )


def _save_debtors(connection: Connection, records: Iterable[DebtorRecord], now: datetime) -> None:
    changed = [record for record in records if record.changed]
    fresh = {(record.creditor_id, record.ref): record for record in changed if not record.id}
    known = [{"id": record.id, **_debtor_row(record)} for record in changed if record.id]
    rows = [{"creditor_id": record.creditor_id, "ref": record.ref, **_debtor_row(record)} for record in fresh.values()]
    keys = (debtors.c.id, debtors.c.creditor_id, debtors.c.ref)
    for row in insert_rows(connection, debtors, rows, *keys, alike={"created_at": now}):
        fresh[row.creditor_id, row.ref].id = row.id
    update_rows(connection, debtors, known)
    points = [(record.id, point) for record in changed for point in record.points if point.changed]
    insert_rows(
        connection,
        contact_points,
        [
            {
                "debtor_id": debtor,
                "kind": point.kind,
                "value": point.value,
                "postal": point.postal,
                "standing": point.standing,
            }
            for debtor, point in points
            if not point.id
        ],
        alike={"created_at": now},
    )
    update_rows(
        connection,
        contact_points,
        [
            {"id": point.id, "postal": point.postal, "standing": point.standing, "retired_at": point.retired_at}
            for _, point in points
            if point.id
        ],
    )


def _debtor_row(record: DebtorRecord) -> dict[str, Any]:
    return {"zones": record.zones, "preferences": record.preferences, **record.facts}


def _save_accounts(connection: Connection, records: Iterable[AccountRecord], now: datetime) -> None:
    changed = [record for record in records if record.changed]
    fresh = {record.ref: record for record in changed if not record.id}
    known = [{"id": record.id, **_account_row(record)} for record in changed if record.id]
    rows = [
        {
            "ref": record.ref,
            "creditor_id": record.debtor.creditor_id,
            "debtor_id": record.debtor.id,
            "currency": record.currency,
            **_account_row(record),
        }
        for record in fresh.values()
    ]
    for row in insert_rows(connection, accounts, rows, accounts.c.id, accounts.c.ref, alike={"created_at": now}):
        fresh[row.ref].id = row.id
    update_rows(connection, accounts, known)


def _account_row(record: AccountRecord) -> dict[str, Any]:
    return {"tags": record.tags, "extra": record.extra, "terms": record.terms}


def _save_items(connection: Connection, records: Iterable[AccountRecord]) -> None:
    changed = [(record.id, item) for record in records for item in record.items.values() if item.changed]
    insert_rows(
        connection, items, [_item_row(item, account_id=key, ref=item.ref) for key, item in changed if not item.id]
    )
    update_rows(connection, items, [_item_row(item, id=item.id) for _, item in changed if item.id])


def _item_row(item: ItemRecord, **key: Any) -> dict[str, Any]:
    return {
        **key,
        "issued_on": item.issued_on,
        "due_on": item.due_on,
        "amount_minor": item.amount_minor,
        "stated_open_minor": item.stated_open_minor,
        "open_minor": item.open_minor,
    }
