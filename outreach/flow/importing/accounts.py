"""Accounts, debtors and items from a file: one row an item, in batches, idempotent by ref."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import Quality
from outreach.domain.message import Channel, PostalAddress
from outreach.flow.importing.account_rows import AccountRow
from outreach.flow.importing.report import BadRow, ImportReport, RowProblem
from outreach.store import imports
from outreach.store.balances import settle_balances
from outreach.store.imports import AccountRecord, DebtorRecord, ItemRecord, PointRecord, Snapshot


def store_batch(connection: Connection, rows: Sequence[AccountRow], now: datetime, report: ImportReport) -> None:
    """Write a batch of good rows in the caller's transaction, and count what each did."""
    snapshot = imports.load(
        connection,
        {(row.creditor_id, row.debtor_ref) for row in rows},
        {(row.account_ref, row.item_ref) for row in rows},
    )
    before = set(snapshot.accounts)
    seen: dict[tuple[str, str], AccountRow] = {}
    for row in rows:
        try:
            _store_row(snapshot, row, seen, now, report)
        except BadRow as refused:
            report.note(refused.problem)
    changed = imports.save(connection, snapshot, now)
    settle_balances(connection, changed, now)
    entries: list[dict[str, Any]] = [
        {"account_id": record.id, "kind": "updated" if record.ref in before else "imported", "data": {}}
        for record in snapshot.accounts.values()
        if record.id in set(changed)
    ]
    imports.write_timeline(connection, entries, now)


def _store_row(
    snapshot: Snapshot, row: AccountRow, seen: dict[tuple[str, str], AccountRow], now: datetime, report: ImportReport
) -> None:
    key = (row.account_ref, row.item_ref)
    earlier = seen.setdefault(key, row)
    account = snapshot.accounts.get(row.account_ref)
    _check_consistent(row, earlier, account)
    debtor, fresh = _debtor(snapshot, row, now)
    if account is None:
        account = AccountRecord(row.account_ref, debtor, row.currency, list(row.tags), dict(row.extra), changed=True)
        snapshot.accounts[row.account_ref] = account
        fresh = True
    elif account.tags != list(row.tags) or dict(account.extra) != dict(row.extra):
        account.tags, account.extra, account.changed = list(row.tags), dict(row.extra), True
        fresh = True
    known = row.item_ref in account.items
    changed = _item(account, row)
    if not known:
        report.created += 1
    elif changed or fresh:
        report.updated += 1
    else:
        report.unchanged += 1


def _check_consistent(row: AccountRow, earlier: AccountRow, account: AccountRecord | None) -> None:
    def refuse(field: str, reason: str, remedy: str) -> BadRow:
        return BadRow(RowProblem(row.line, field, "", reason, remedy))

    if earlier is not row and (earlier.amount_minor, earlier.open_minor, earlier.due_on) != (
        row.amount_minor,
        row.open_minor,
        row.due_on,
    ):
        raise refuse("item_ref", f"line {earlier.line} states the same item differently", "keep the right row only")
    if account is None:
        return
    if account.currency != row.currency:
        raise refuse("currency", f"the account is in {account.currency}", "use an account_ref of its own per currency")
    if account.debtor.creditor_id != row.creditor_id:
        raise refuse("creditor", "the account belongs to another creditor", "account_ref must be unique over all")
    if account.debtor.ref != row.debtor_ref:
        raise refuse("debtor_ref", "the account belongs to another debtor", "an account never changes its debtor")


def _debtor(snapshot: Snapshot, row: AccountRow, now: datetime) -> tuple[DebtorRecord, bool]:
    key = (row.creditor_id, row.debtor_ref)
    debtor = snapshot.debtors.get(key)
    if debtor is None:
        debtor = DebtorRecord(row.creditor_id, row.debtor_ref, dict(row.facts), list(row.zones), changed=True)
        debtor.points = [_point(*point) for point in row.points]
        snapshot.debtors[key] = debtor
        return debtor, True
    changed = _update_points(debtor, row, now)
    if dict(debtor.facts) != dict(row.facts) or list(debtor.zones) != list(row.zones):
        debtor.facts, debtor.zones, changed = dict(row.facts), list(row.zones), True
    debtor.changed = debtor.changed or changed
    return debtor, changed


def _point(kind: Channel, value: str, postal: PostalAddress | None) -> PointRecord:
    return PointRecord(kind.value, value, asdict(postal) if postal else None, Quality.UNVERIFIED.value, changed=True)


def _update_points(debtor: DebtorRecord, row: AccountRow, now: datetime) -> bool:
    """Retire what the row no longer states, bring back or add what it states; opt-outs stay with their value."""
    stated = {(kind.value, value): postal for kind, value, postal in row.points}
    known = {(point.kind, point.value): point for point in debtor.points}
    changed = False
    for key, point in known.items():
        retired_at = None if key in stated else point.retired_at or now
        if (point.retired_at is None) != (retired_at is None):
            point.retired_at, point.changed, changed = retired_at, True, True
    for kind, value, postal in row.points:
        if (kind.value, value) not in known:
            debtor.points.append(_point(kind, value, postal))
            changed = True
    return changed


def _item(account: AccountRecord, row: AccountRow) -> bool:
    item = account.items.get(row.item_ref)
    if item is None:
        account.items[row.item_ref] = ItemRecord(
            row.item_ref, row.issued_on, row.due_on, row.amount_minor, row.open_minor, row.open_minor, changed=True
        )
        account.changed = True
        return True
    stated = (row.issued_on, row.due_on, row.amount_minor, row.open_minor)
    if stated == (item.issued_on, item.due_on, item.amount_minor, item.stated_open_minor):
        return False
    if row.open_minor != item.stated_open_minor:
        item.open_minor = row.open_minor
    item.issued_on, item.due_on, item.amount_minor, item.stated_open_minor = stated
    item.open_minor = min(item.open_minor, item.amount_minor)
    item.changed = account.changed = True
    return True
