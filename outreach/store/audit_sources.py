"""What the audit chain seals: for each table the columns that are facts, and those that are a debtor's personal data.

What may change by right is left out: a hold's end, a consent's revocation and an opt-out are told by the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, String, Table, cast, func, literal, null, select

from outreach.domain.notice import NoticeState
from outreach.store.audit_tables import audit_entries
from outreach.store.batch import among
from outreach.store.outbox import contents, notice_events, notices, replies, timeline
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import holds, payments

#: After these moves a notice's decision is final, unless it is planned again.
DECIDED = (NoticeState.SENDING.value, NoticeState.SUPPRESSED.value, NoticeState.CANCELLED.value)


@dataclass(frozen=True)
class Source:
    """A sealed table. `personal` names the columns that erasure empties; all other `facts` stay."""

    name: str
    table: Table
    facts: tuple[str, ...]
    personal: tuple[str, ...] = ()

    def parts(self, row: RowMapping) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The two parts of a row that are sealed."""
        personal = {name: row[name] for name in self.personal} if self.personal else None
        return {name: row[name] for name in self.facts}, personal

    def row_key(self) -> ColumnElement[str]:
        """How an entry names a row."""
        return _KEYS[self.name] if self.name in _KEYS else cast(self.table.c.id, String)

    def rows(self) -> Select[Any]:
        """Rows with `row_key` and `owner` (their account's id)."""
        columns = [self.table.c[name] for name in (*self.facts, *self.personal)]
        owner = self.table.c.account_id if "account_id" in self.table.c else null()
        query = select(*columns, self.row_key().label("row_key"))
        if self.table is contents:
            return query.add_columns(notices.c.account_id.label("owner")).join(
                notices, notices.c.id == contents.c.notice_id
            )
        if self.table is notice_events:
            owners = select(notices.c.account_id).where(notices.c.id == notice_events.c.notice_id)
            return query.add_columns(owners.scalar_subquery().label("owner"))
        return query.add_columns(owner.label("owner"))


def _all_but(table: Table, *personal: str) -> tuple[str, ...]:
    return tuple(str(column.name) for column in table.c if column.name not in personal)


_HOLD_ENDS = ("note", "ends_at")
_REVOKED = ("revoked_at", "revoked_how", "revoked_by")
#: The digest of what was said is personal, too: it has no salt, so a guess of a short text could be tested against it.
_SAID = ("recipient", "subject", "body", "text", "headers", "pdf", "sha256")
_NOTICE = (
    *(
        "id",
        "account_id",
        "debtor_id",
        "enrolment_id",
        "campaign",
        "version_id",
        "item_id",
        "step",
        "cycle",
        "position",
    ),
    *("channel", "template", "stands_in_for", "planned_at"),
    *("approved_by", "contact_point_id", "decision", "started_at"),
)

EVENTS = Source("notice_events", notice_events, _all_but(notice_events))
NOTICES = Source("notices", notices, _NOTICE)
CONTENTS = Source("contents", contents, _all_but(contents, *_SAID), _SAID)
#: The tables whose ids grow; what notices said and why is sealed with their log.
BY_ID = (
    EVENTS,
    # `opt` follows from the text, and is younger than the chain.
    Source("replies", replies, _all_but(replies, "sender", "subject", "text", "opt"), ("sender", "subject", "text")),
    Source("timeline", timeline, _all_but(timeline, "data"), ("data",)),
    Source("payments", payments, _all_but(payments)),
    Source("holds", holds, _all_but(holds, *_HOLD_ENDS), ("note",)),
    Source("consents", consents, _all_but(consents, *_REVOKED, "value", "wording"), ("value", "wording")),
    Source("contacts", contacts, _all_but(contacts, "value"), ("value",)),
)
SOURCES = {source.name: source for source in (*BY_ID, NOTICES, CONTENTS)}
_LATEST = (
    select(func.max(notice_events.c.id))
    .where(notice_events.c.notice_id == notices.c.id, notice_events.c.what == "move")
    .where(notice_events.c.state.in_([*DECIDED, NoticeState.PLANNED.value]))
    .scalar_subquery()
)
#: A notice is sealed anew whenever it is decided; its key names the event with which that happened.
_KEYS: dict[str, ColumnElement[str]] = {
    "contents": contents.c.notice_id + literal(".") + cast(contents.c.attempt, String),
    "notices": notices.c.id + literal("@") + cast(_LATEST, String),
}


def unsealed(connection: Connection, source: Source, above: int, limit: int) -> Sequence[RowMapping]:
    """The rows of a growing table with an id above `above` that have no entry yet, in the order of their ids."""
    table = source.table
    query = source.rows().where(table.c.id > above, no_entry(source)).order_by(table.c.id).limit(limit)
    return connection.execute(query).mappings().all()


def of_notices(connection: Connection, source: Source, notice_ids: Sequence[str]) -> Sequence[RowMapping]:
    """The rows of NOTICES or CONTENTS of some notices that have no entry yet."""
    column = source.table.c.notice_id if source is CONTENTS else source.table.c.id
    query = source.rows().where(among(connection, column, notice_ids), no_entry(source)).order_by(column)
    return connection.execute(query).mappings().all()


def by_keys(connection: Connection, source: Source, keys: Sequence[str]) -> dict[str, RowMapping]:
    """Rows by the keys of their entries; a notice that was decided anew since is not among them."""
    if source in (NOTICES, CONTENTS):
        column = source.table.c.notice_id if source is CONTENTS else source.table.c.id
        ids: list[Any] = sorted({key[:32] for key in keys})
    else:
        column, ids = source.table.c.id, [int(key) for key in keys]
    query = source.rows().where(among(connection, column, ids))
    return {row["row_key"]: row for row in connection.execute(query).mappings()}


def no_entry(source: Source) -> ColumnElement[bool]:
    """Whether a row of a source has no entry yet."""
    key = source.row_key()
    return (
        ~select(audit_entries.c.seq)
        .where(audit_entries.c.source == source.name, audit_entries.c.row_key == key)
        .exists()
    )


def has_salt(source: Source) -> ColumnElement[bool]:
    """Whether a row of a source is sealed, and its personal part is still there."""
    entry = select(audit_entries.c.seq).where(
        audit_entries.c.source == source.name, audit_entries.c.row_key == source.row_key()
    )
    return entry.where(audit_entries.c.salt.is_not(None)).exists()


def never_sealed(connection: Connection, source: Source, sealed_to: int) -> list[str]:
    """The keys of the first rows up to `sealed_to` that have no entry."""
    key, table = source.row_key(), source.table
    query = select(key).where(table.c.id <= sealed_to, no_entry(source)).order_by(table.c.id).limit(100)
    return list(connection.scalars(query))


def of_account(connection: Connection, source: Source, account_id: int, debtor_id: int) -> Sequence[RowMapping]:
    """The rows about an account; holds and consents of its debtor are about it, too."""
    table = source.table
    if "notice_id" in table.c and "account_id" not in table.c:
        mine = select(notices.c.id).where(notices.c.account_id == account_id)
        about: ColumnElement[bool] = table.c.notice_id.in_(mine)
    elif table is holds:
        about = (holds.c.debtor_id == debtor_id) & (holds.c.account_id.is_(None) | (holds.c.account_id == account_id))
    elif table is consents:
        about = consents.c.debtor_id == debtor_id
    else:
        about = table.c.account_id == account_id
    return connection.execute(source.rows().where(about)).mappings().all()
