"""Accounts, debtors and items from a file: one row an item, in batches, idempotent by ref."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.message import Channel
from outreach.domain.standing import Basis, ConsentScope
from outreach.flow.case_review import corrected
from outreach.flow.importing.account_rows import AccountRow
from outreach.flow.importing.debtors import new_debtor, take_standing, update_debtor
from outreach.flow.importing.outcome import Fate, FileMemory, Outcome, Said
from outreach.flow.importing.report import BadRow, RowProblem, Severity
from outreach.flow.importing.standing_cells import merged
from outreach.store import consents, debtors, imports
from outreach.store.balances import settle_balances
from outreach.store.consents import NewConsent
from outreach.store.import_records import AccountRecord, DebtorRecord, ItemRecord, Snapshot
from outreach.store.legal_notices import fresher


class AccountsImport:
    """The import of one file of accounts."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._memory = FileMemory()

    def store(self, connection: Connection, rows: Sequence[AccountRow]) -> Outcome:
        """Write a batch of good rows in the caller's transaction."""
        snapshot = imports.load(
            connection,
            {(row.creditor_id, row.debtor_ref) for row in rows},
            {(row.account_ref, row.item_ref) for row in rows},
        )
        if any(row.standing.consents for row in rows):
            imports.load_consents(connection, snapshot.debtors.values())
        before = set(snapshot.accounts)
        outcome = Outcome()
        for row in rows:
            try:
                outcome.count(self._take(snapshot, row, outcome))
            except BadRow as refused:
                outcome.problems.append(refused.problem)
        changed = imports.save(connection, snapshot, self._now)
        debtors.inherit_opt_outs(connection, _newly_reachable(snapshot), self._now)
        # After the opt-outs: a consent from before its address stopped is recorded as revoked.
        consents.record(connection, _given(snapshot), self._now)
        settle_balances(connection, changed, self._now)
        corrected(connection, _restated(snapshot, before), self._now)
        imports.write_timeline(connection, _entries(snapshot, before), self._now)
        return outcome

    def leftovers(self) -> Sequence[AccountRow]:
        """No row of accounts waits for a later one."""
        return ()

    def _take(self, snapshot: Snapshot, row: AccountRow, outcome: Outcome) -> Fate:
        account = snapshot.accounts.get(row.account_ref)
        if account is not None:
            _check_same(account, row)
        stated = (row.issued_on, row.due_on, row.amount_minor, row.open_minor)
        said = self._memory.heard(("item", row.account_ref, row.item_ref), stated)
        if said is Said.OTHERWISE:
            reason = "an earlier row states the same item otherwise"
            raise _refusal(row, "item_ref", row.item_ref, reason, "keep only the right one of the two rows")
        debtor, debtor_changed = self._debtor(snapshot, row, outcome)
        account, account_changed = self._account(snapshot, row, debtor, outcome)
        account_changed |= self._standing(row, account, outcome)
        is_new = row.item_ref not in account.items
        changed = _take_item(account, row)
        if is_new:
            return Fate.CREATED
        return Fate.UPDATED if changed or debtor_changed or account_changed else Fate.UNCHANGED

    def _debtor(self, snapshot: Snapshot, row: AccountRow, outcome: Outcome) -> tuple[DebtorRecord, bool]:
        key = (row.creditor_id, row.debtor_ref)
        debtor = snapshot.debtors.get(key)
        stated = (tuple(row.facts.items()), tuple(row.points.items()), row.timezone)
        said = self._memory.heard(("debtor", *key), stated)
        if debtor is None:
            debtor = snapshot.debtors[key] = new_debtor(row)
            return debtor, True
        if said is Said.FIRST:
            return debtor, update_debtor(debtor, row, self._now)
        if said is Said.OTHERWISE:
            outcome.problems.append(_earlier_stands(row, "debtor_ref", "the debtor"))
        return debtor, False

    def _account(
        self, snapshot: Snapshot, row: AccountRow, debtor: DebtorRecord, outcome: Outcome
    ) -> tuple[AccountRecord, bool]:
        account = snapshot.accounts.get(row.account_ref)
        said = self._memory.heard(("account", row.account_ref), (row.tags, tuple(row.extra.items())))
        if account is None:
            extra = {name: value for name, value in row.extra.items() if value}
            account = AccountRecord(row.account_ref, debtor, row.currency, list(row.tags or ()), extra, changed=True)
            snapshot.accounts[row.account_ref] = account
            return account, True
        if said is Said.FIRST:
            return account, _update_account(account, row)
        if said is Said.OTHERWISE:
            outcome.problems.append(_earlier_stands(row, "account_ref", "the account's tags or x_ columns"))
        return account, False

    def _standing(self, row: AccountRow, account: AccountRecord, outcome: Outcome) -> bool:
        """Keep what the row says of consents, preferences and terms; a row that says nothing contradicts no other."""
        of_debtor, of_account, changed = row.standing.of_debtor, row.standing.of_account, False
        if of_debtor:
            said = self._memory.heard(("standing", row.creditor_id, row.debtor_ref), of_debtor)
            if said is Said.OTHERWISE:
                outcome.problems.append(_earlier_stands(row, "debtor_ref", "the debtor's consents or preferences"))
            changed |= said is Said.FIRST and take_standing(account.debtor, row)
        if of_account:
            said = self._memory.heard(("terms", row.account_ref), of_account)
            if said is Said.OTHERWISE:
                outcome.problems.append(_earlier_stands(row, "account_ref", "how the account is collected"))
            changed |= said is Said.FIRST and _take_terms(account, row)
        return changed


def _take_terms(account: AccountRecord, row: AccountRow) -> bool:
    terms = merged(account.terms, fresher(account.terms, row.standing.terms))
    if terms == account.terms:
        return False
    account.terms, account.changed = terms, True
    return True


def _restated(snapshot: Snapshot, before: set[str]) -> list[int]:
    """Accounts that were there before, of which an item was stated anew."""
    known = [snapshot.accounts[ref] for ref in before]
    return [one.id for one in known if one.id is not None and any(item.changed for item in one.items.values())]


def _newly_reachable(snapshot: Snapshot) -> list[int]:
    return [debtor.id for debtor in snapshot.debtors.values() if any(point.changed for point in debtor.points)]


def _given(snapshot: Snapshot) -> list[NewConsent]:
    return [
        NewConsent(
            debtor_id=debtor.id,
            kind=Channel(key.kind),
            value=key.value,
            scope=ConsentScope(key.scope),
            basis=Basis.DIRECT_CONSENT,
            given_at=key.given_at,
            source=key.source,
            wording=wording,
            recorded_by="import",
        )
        for debtor in snapshot.debtors.values()
        for key, wording in debtor.given.items()
    ]


def _update_account(account: AccountRecord, row: AccountRow) -> bool:
    tags = account.tags if row.tags is None else list(row.tags)
    extra = {name: value for name, value in {**account.extra, **row.extra}.items() if value}
    if (tags, extra) == (account.tags, account.extra):
        return False
    account.tags, account.extra, account.changed = tags, extra, True
    return True


def _take_item(account: AccountRecord, row: AccountRow) -> bool:
    item = account.items.get(row.item_ref)
    if item is None:
        account.items[row.item_ref] = ItemRecord(
            row.item_ref, row.issued_on, row.due_on, row.amount_minor, row.open_minor, row.open_minor, changed=True
        )
        account.changed = True
        return True
    stated = (row.issued_on or item.issued_on, row.due_on, row.amount_minor, row.open_minor)
    if stated == (item.issued_on, item.due_on, item.amount_minor, item.stated_open_minor):
        return False
    if row.open_minor != item.stated_open_minor:
        item.open_minor = row.open_minor
    item.issued_on, item.due_on, item.amount_minor, item.stated_open_minor = stated
    item.open_minor = min(item.open_minor, item.amount_minor)
    item.changed = account.changed = True
    return True


def _check_same(account: AccountRecord, row: AccountRow) -> None:
    if account.erased_at is not None:
        reason = f"the account was erased on {account.erased_at:%Y-%m-%d}"
        raise _refusal(
            row, "account_ref", row.account_ref, reason, "leave it out; a new debt needs an account_ref of its own"
        )
    if account.currency != row.currency:
        reason = f"the account is in {account.currency}"
        raise _refusal(row, "currency", row.currency, reason, "give each currency an account_ref of its own")
    if account.debtor.creditor_id != row.creditor_id:
        reason, remedy = "the account belongs to another creditor", "an account_ref is unique over all creditors"
        raise _refusal(row, "account_ref", row.account_ref, reason, remedy)
    if account.debtor.ref != row.debtor_ref:
        reason, remedy = "the account belongs to another debtor", "give each debtor an account_ref of its own"
        raise _refusal(row, "debtor_ref", row.debtor_ref, reason, remedy)


def _refusal(row: AccountRow, field: str, value: str, reason: str, remedy: str) -> BadRow:
    return BadRow(RowProblem(row.line, field, value, reason, remedy))


def _earlier_stands(row: AccountRow, field: str, what: str) -> RowProblem:
    reason = f"an earlier row states {what} otherwise and stands; the debt of this row is taken"
    return RowProblem(row.line, field, "", reason, "state it alike on all rows", Severity.WARNING)


def _entries(snapshot: Snapshot, before: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "account_id": record.id,
            "kind": "updated" if record.ref in before else "imported",
            "data": {"items": sum(item.changed for item in record.items.values())},
        }
        for record in snapshot.accounts.values()
        if record.changed or record.debtor.changed
    ]
