"""The proof file of an account: every sealed row about it with its entry of the chain, checked without a database."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from outreach.domain.chain import Entry, canonical, digest, link
from outreach.flow.sealing import seal
from outreach.flow.verifying import Finding, Head
from outreach.store import audit, journal
from outreach.store.audit_sources import SOURCES, Source, of_account
from outreach.store.engine import reading
from outreach.store.erasing_rows import says_something
from outreach.store.journal import Entry as Happening
from outreach.store.tables import accounts


class NoSuchAccount(LookupError):
    """There is no account with this reference."""


def proof(engine: Engine, account_ref: str, by: str, now: datetime) -> dict[str, Any]:
    """All that is sealed about an account, by table in the order of the chain. That `by` took it is sealed, too.

    Of an erased account (`erased_at`) it shows the facts; what was personal is gone, and so are the salts.

    Raises NoSuchAccount, and ChainBroken where sealing would hide that the chain's end is gone.
    """
    with engine.begin() as connection:
        query = select(accounts.c.id, accounts.c.debtor_id, accounts.c.erased_at).where(accounts.c.ref == account_ref)
        found = connection.execute(query).first()
        if found is None:
            raise NoSuchAccount(f"there is no account {account_ref}")
        journal.tell(connection, [Happening(found.id, now, "proof_exported", {}, by)])
    seal(engine, now)
    with reading(engine) as connection:
        records = {source.name: _records(connection, source, found.id, found.debtor_id) for source in SOURCES.values()}
        head = Head(*audit.last(connection))
    about = {"account": account_ref, "exported_at": now.isoformat(), "by": by, "head": str(head)}
    return about | {"erased_at": found.erased_at.isoformat() if found.erased_at else None, "records": records}


def check(document: Mapping[str, Any]) -> list[Finding]:
    """What in a proof file does not agree with its entries; empty when every record does."""
    return [
        Finding(record["entry"]["seq"] if record["entry"] else 0, f"{name} {record['key']}", what)
        for name, records in document["records"].items()
        for record in records
        if (what := _differs(name, record))
    ]


def _records(connection: Connection, source: Source, account_id: int, debtor_id: int) -> list[dict[str, Any]]:
    rows = {row["row_key"]: row for row in of_account(connection, source, account_id, debtor_id) if row["row_key"]}
    links = audit.links(connection, source, list(rows))
    made = [_record(key, source.parts(row), links.get(key)) for key, row in rows.items()]
    return sorted(made, key=lambda record: record["entry"]["seq"] if record["entry"] else 0)


def _record(
    key: str, parts: tuple[dict[str, Any], dict[str, Any] | None], sealed: tuple[Entry, bytes] | None
) -> dict[str, Any]:
    facts, personal = (None if part is None else orjson.loads(canonical(part)) for part in parts)
    pdf = (parts[1] or {}).get("pdf")
    record = {"key": key, "facts": facts, "personal": personal, "pdf": b64encode(pdf).decode() if pdf else None}
    return record | {"entry": _entry(*sealed) if sealed else None}


def _entry(entry: Entry, previous: bytes) -> dict[str, Any]:
    told = {"seq": entry.seq, "account": entry.account_id, "previous": previous.hex(), "hash": entry.hash.hex()}
    return told | {
        "facts": entry.facts.hex(),
        "personal": entry.personal.hex() if entry.personal else None,
        "salt": entry.salt.hex() if entry.salt else None,
    }


def _differs(source: str, record: Mapping[str, Any]) -> str:
    told = record["entry"]
    if told is None:
        return "is not sealed"
    personal, salt = (bytes.fromhex(told[part]) if told[part] else None for part in ("personal", "salt"))
    facts = bytes.fromhex(told["facts"])
    entry = Entry(told["seq"], source, record["key"], told["account"], facts, personal, salt, b"")
    if link(bytes.fromhex(told["previous"]), entry).hex() != told["hash"]:
        return "its entry does not follow from the one before"
    if digest(record["facts"]) != facts:
        return "its facts were changed"
    if personal and (what := _personal_differs(record, personal, salt)):
        return what
    if record["pdf"] and sha256(b64decode(record["pdf"])).hexdigest() != record["personal"]["pdf"]:
        return "its PDF was changed"
    return ""


def _personal_differs(record: Mapping[str, Any], personal: bytes, salt: bytes | None) -> str:
    if salt is None:
        return "was erased, but says something" if says_something(record["personal"], record["key"]) else ""
    return "its personal part was changed" if digest(record["personal"], salt) != personal else ""
