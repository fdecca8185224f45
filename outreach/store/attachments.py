"""Files that debtors sent: kept with their dispute, and listed without their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from outreach.domain.attachment import Attachment
from outreach.store.batch import insert_into
from outreach.store.page_tables import attachments
from outreach.store.tables import accounts


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file as it is listed; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    received_at: datetime
    dispute_id: int


def keep(
    connection: Connection,
    debtor_id: int,
    account_id: int,
    dispute_id: int,
    files: Sequence[Attachment],
    now: datetime,
) -> None:
    """Keep the files of a dispute; one that it has already is not kept twice."""
    rows = [
        {
            "debtor_id": debtor_id,
            "account_id": account_id,
            "dispute_id": dispute_id,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.body),
            "sha256": sha256(file.body).hexdigest(),
            "body": file.body,
            "received_at": now,
        }
        for file in files
    ]
    if rows:
        connection.execute(insert_into(connection, attachments).on_conflict_do_nothing(), rows)


def of_account(connection: Connection, account_ref: str) -> list[AttachmentLine]:
    """The files about an account, the latest first."""
    names = AttachmentLine.__dataclass_fields__
    query = (
        select(*(attachments.c[name] for name in names))
        .join(accounts, accounts.c.id == attachments.c.account_id)
        .where(accounts.c.ref == account_ref)
        .order_by(attachments.c.id.desc())
    )
    return [AttachmentLine(**row) for row in connection.execute(query).mappings()]


def get(connection: Connection, account_ref: str, attachment_id: int) -> Attachment | None:
    """A file about an account, None when there is none of that id."""
    query = (
        select(attachments.c.name, attachments.c.media_type, attachments.c.body)
        .join(accounts, accounts.c.id == attachments.c.account_id)
        .where(accounts.c.ref == account_ref, attachments.c.id == attachment_id)
    )
    row = connection.execute(query).first()
    return None if row is None else Attachment(row.name, row.media_type, row.body)


def total_size(connection: Connection, debtor_id: int) -> int:
    """Bytes of all files of a debtor."""
    return sum(connection.scalars(select(attachments.c.size).where(attachments.c.debtor_id == debtor_id)))
