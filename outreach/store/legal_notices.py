"""What accounts' terms keep of notices that the law asks for and that we sent: written in the batch that sent them.

Beside what `domain.standing.Terms` reads, a document keeps under `sent_by` which notice (its id) gave which: only that
one's return takes it back, not the return of one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from outreach.domain.campaign import LegalNotice
from outreach.domain.message import Channel
from outreach.domain.validation import provided
from outreach.store.batch import among
from outreach.store.rows import update_rows
from outreach.store.tables import accounts, debtors

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A notice of the law that left (`at`, aware UTC), or, with `back`, that did not arrive after all."""

    account_id: int
    notice: LegalNotice
    notice_id: str
    by: Channel
    at: datetime
    back: bool = False


def keep(connection: Connection, news: Sequence[Given]) -> list[tuple[Given, Document]]:
    """Write what was given or came back into the accounts' terms; returns what changed something, with the new terms.

    What was given already by the same notice, and what came back but was given anew since, changes nothing.
    """
    ids = sorted({one.account_id for one in news})
    if not ids:
        return []
    query = (
        select(accounts.c.id, accounts.c.terms, debtors.c.zones)
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .where(among(connection, accounts.c.id, ids))
        .order_by(accounts.c.id)
        .with_for_update(of=accounts)
    )
    known = {row.id: row for row in connection.execute(query)}
    terms = {id_: row.terms for id_, row in known.items()}
    told = []
    for one in news:
        changed = _after(terms[one.account_id] or {}, one, known[one.account_id].zones)
        if changed is not None:
            terms[one.account_id] = changed
            told.append((one, changed))
    touched = sorted({one.account_id for one, _ in told})
    update_rows(connection, accounts, [{"id": id_, "terms": terms[id_]} for id_ in touched])
    return told


def _after(terms: Document, one: Given, zones: Iterable[str]) -> Document | None:
    """The terms after the news, None when it changes nothing."""
    name, sent_by = one.notice.value, terms.get("sent_by", {})
    if one.back:
        return _without(terms, name) if sent_by.get(name) == one.notice_id else None
    if sent_by.get(name) == one.notice_id:
        return None
    with_id = {**terms, "sent_by": {**sent_by, name: one.notice_id}}
    if one.notice is LegalNotice.VALIDATION:
        return {**with_id, "validation": _validation(one, zones)}
    return {**with_id, "notices": {**terms.get("notices", {}), name: one.at.isoformat()}}


def _validation(one: Given, zones: Iterable[str]) -> Document:
    period = provided(one.at, one.by, zones)
    assert period.ends_on is not None
    return {"provided_at": one.at.isoformat(), "by": one.by.value, "ends_on": period.ends_on.isoformat()}


def _without(terms: Document, name: str) -> Document:
    """A validation notice that came back counts as none, and so that people see it, it stays with its mark."""
    if name == LegalNotice.VALIDATION:
        period = {key: value for key, value in terms["validation"].items() if key != "ends_on"}
        return {**terms, "validation": {**period, "undeliverable": True}}
    return {**terms, "notices": {key: at for key, at in terms["notices"].items() if key != name}}


def fresher(known: Mapping[str, Any] | None, stated: Document) -> Document:
    """What a file states of terms beside what we keep: an old file does not undo the notice that we sent since, and
    one that the creditor gave since is the one that counts."""
    name, ours = LegalNotice.VALIDATION.value, (known or {}).get("sent_by", {})
    if known is None or not ours.get(name) or "validation" not in stated:
        return stated
    given, at = (datetime.fromisoformat(one["validation"]["provided_at"]) for one in (known, stated))
    if at <= given:
        return {key: value for key, value in stated.items() if key != "validation"}
    return {**stated, "validation": {**stated["validation"], "undeliverable": False}, "sent_by": {name: ""}}
