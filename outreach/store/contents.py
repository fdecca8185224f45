"""What was said, byte for byte: stored with the start of sending, before the call leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Insert, Row, insert, select

from outreach.domain.message import (
    Address,
    Content,
    EmailMessage,
    LetterMessage,
    PostalAddress,
    SmsEncoding,
    SmsMessage,
)
from outreach.store.batch import among, prebuilt, rows_of
from outreach.store.outbox import contents

_TEXT: dict[str, Any] = {column.name: column.type for column in contents.c if column.name not in ("pdf", "pages")}


@dataclass(frozen=True, slots=True)
class Sent:
    """The content of one attempt, whom it was addressed to and who signed it."""

    notice_id: str
    attempt: int
    recipient: Address
    sender: Address
    content: Content


def keep(connection: Connection, sent: Sequence[Sent]) -> None:
    """Store what the attempts say."""
    rows = [_row(one) for one in sent]
    letters = [row for row in rows if row["pdf"] is not None]
    texts = [row for row in rows if row["pdf"] is None]
    if texts:
        connection.execute(_keep(connection), {"v": texts})
    if letters:  # bytes are nothing for JSON
        connection.execute(insert(contents), letters)


@prebuilt
def _keep(dialect: str) -> Insert:
    source = rows_of(dialect, _TEXT)
    return insert(contents).from_select([*_TEXT], select(*(source.c[name] for name in _TEXT)))


def said(connection: Connection, notice_ids: Sequence[str]) -> dict[str, Sent]:
    """The content of the last attempt of each notice that has one."""
    query = (
        select(contents)
        .where(among(connection, contents.c.notice_id, notice_ids))
        .order_by(contents.c.notice_id, contents.c.attempt)
    )
    return {row.notice_id: _sent(row) for row in connection.execute(query)}


def _row(one: Sent) -> dict[str, Any]:
    row: dict[str, Any] = {
        "notice_id": one.notice_id,
        "attempt": one.attempt,
        "recipient": _address(one.recipient),
        "sender": _address(one.sender),
        "subject": "",
        "text": "",
        "headers": None,
        "pdf": None,
        "pages": None,
    }
    match one.content:
        case SmsMessage(body=body):
            return row | {"body": body, "sha256": _digest(body)}
        case EmailMessage(subject=subject, html=html, text=text, headers=headers):
            parts = {"subject": subject, "body": html, "text": text, "headers": dict(headers)}
            return row | parts | {"sha256": _digest(subject + "\n" + text + "\n" + html)}
        case LetterMessage(pdf=pdf, pages=pages, sha256=digest, html=html):
            return row | {"body": html, "pdf": pdf, "pages": pages, "sha256": digest}


def _sent(row: Row[Any]) -> Sent:
    content: Content
    if row.pdf is not None:
        content = LetterMessage(row.pdf, row.pages, row.sha256, row.body)
    elif row.headers is not None:
        content = EmailMessage(row.subject, row.body, row.text, row.headers)
    else:
        content = SmsMessage(row.body, SmsEncoding.GSM7, 0)
    return Sent(row.notice_id, row.attempt, _from_json(row.recipient), _from_json(row.sender), content)


def _address(address: Address) -> dict[str, Any]:
    return {"value": address} if isinstance(address, str) else asdict(address)


def _from_json(document: dict[str, Any]) -> Address:
    return document["value"] if "value" in document else PostalAddress(**document)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
