"""Whose rows are whose, and which of their columns are personal: what erasing empties, table by table.

Of a sealed table the chain knows the personal part (store/audit_sources.py): it is emptied with its salt, and the facts
stay. tests/store/test_erasing.py fails for a column of text of which neither this list nor its own says anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, String, Table, cast, literal, select

from outreach.store.audit_sources import SOURCES, Source
from outreach.store.batch import among
from outreach.store.case_tables import cases, disputes
from outreach.store.outbox import contents, inbox, notices, replies, tasks
from outreach.store.page_tables import attachments
from outreach.store.plan_tables import means_statements, payment_plans
from outreach.store.promise_tables import promises
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import accounts, contact_points, debtors, enrolments, holds
from outreach.store.types import Document

#: What an erased address reads, before its row's id: unique in its table, and nobody's.
ERASED = "erased "


@dataclass(frozen=True)
class Personal:
    """A table with the columns that erasing empties, and what it writes there where that is not nothing."""

    table: Table
    columns: tuple[str, ...]
    instead: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None

    def emptied(self) -> dict[str, Any]:
        """The columns with what they read afterwards."""
        return {name: self.instead.get(name, _nothing(self.table.c[name])) for name in self.columns}


def says_something(personal: Mapping[str, Any], row_key: str) -> bool:
    """Whether the personal part of an erased row still says anything."""
    return any(value and value != ERASED + row_key for value in personal.values())


def nobody(table: Table) -> ColumnElement[str]:
    """What an address of a row reads afterwards."""
    return literal(ERASED) + cast(table.c.id, String)


def _nothing(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    return {} if column.type is Document else ""


def _sealed(name: str, **instead: Any) -> Personal:
    source = SOURCES[name]
    return Personal(source.table, source.personal, instead, source)


#: With their account; rows of `holds` only those that stop no other account.
OF_ACCOUNT = (
    _sealed("contents"),
    _sealed("replies"),
    _sealed("timeline"),
    _sealed("contacts"),
    _sealed("holds"),
    Personal(cases, ("text", "record")),
    Personal(disputes, ("text", "items", "verification_how", "note")),
    Personal(attachments, ("name", "body", "sha256"), {"body": b"", "sha256": nobody(attachments)}),
    Personal(promises, ("words", "ended_why")),
    Personal(payment_plans, ("because", "wording", "ended_why"), {"because": []}),
    Personal(means_statements, ("statement",)),
    Personal(notices, ("provider_ref", "service")),
    Personal(tasks, ("title", "note")),
    Personal(accounts, ("tags", "extra"), {"tags": []}),
)
#: With their debtor, once all of the debtor's accounts are erased.
OF_DEBTOR = (
    _sealed("holds"),
    Personal(cases, ("text", "record")),
    Personal(disputes, ("text", "items", "verification_how", "note")),
    Personal(tasks, ("title", "note")),
    Personal(
        debtors,
        ("first_name", "last_name", "company", "postal_code", "date_of_birth", "zones", "preferences"),
        {"zones": []},
    ),
)
#: One by one, when their own time is over.
CONSENTS = _sealed("consents", value=nobody(consents))
POINTS = Personal(contact_points, ("value", "postal", "standing", "last_inbound_at"), {"value": nobody(contact_points)})
#: Of an opted-out address all but the address itself, which still stops messages.
STOPPED_POINTS = Personal(contact_points, ("postal", "standing", "last_inbound_at"))
#: As the providers sent it: with the notice or the reply that it brought news of.
WEBHOOKS = Personal(inbox, ("payload", "event_id", "error"), {"event_id": nobody(inbox)})

#: Tables whose rows of an account are found by their debtor, for which they have an index.
_BY_DEBTOR = (contacts, holds, cases, means_statements)


def notices_of(connection: Connection, account_ids: Sequence[int]) -> Select[Any]:
    """The ids of accounts' notices, found through their enrolments, which have the index."""
    mine = select(enrolments.c.id).where(among(connection, enrolments.c.account_id, account_ids))
    return select(notices.c.id).where(notices.c.enrolment_id.in_(mine))


def rows_of_accounts(connection: Connection, table: Table, account_ids: Sequence[int]) -> ColumnElement[bool]:
    """Which rows of a table are of accounts."""
    if table is accounts:
        return among(connection, accounts.c.id, account_ids)
    if table is notices:
        return notices.c.id.in_(notices_of(connection, account_ids))
    if table is inbox:
        brought = select(replies.c.inbox_id).where(among(connection, replies.c.account_id, account_ids))
        return inbox.c.notice_id.in_(notices_of(connection, account_ids)) | inbox.c.id.in_(brought)
    if table is contents:
        return contents.c.notice_id.in_(notices_of(connection, account_ids))
    mine = among(connection, table.c.account_id, account_ids)
    if table in _BY_DEBTOR:
        theirs = select(accounts.c.debtor_id).where(among(connection, accounts.c.id, account_ids))
        return table.c.debtor_id.in_(theirs) & mine
    return mine


def rows_of_debtors(connection: Connection, table: Table, debtor_ids: Sequence[int]) -> ColumnElement[bool]:
    """Which rows of a table are of debtors and of none of their accounts."""
    if table is debtors:
        return among(connection, debtors.c.id, debtor_ids)
    theirs = among(connection, table.c.debtor_id, debtor_ids)
    return theirs & table.c.account_id.is_(None) if "account_id" in table.c else theirs
