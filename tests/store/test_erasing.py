"""Nobody adds a column for text without saying whether erasure empties it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import JSON, LargeBinary, String

from outreach import store
from outreach.store.audit_sources import SOURCES
from outreach.store.erasing_rows import CONSENTS, OF_ACCOUNT, OF_DEBTOR, POINTS, WEBHOOKS
from outreach.store.tables import metadata

#: Tables that hold nothing of a debtor.
OF_NOBODY = {
    *("creditors", "campaigns", "campaign_versions", "users", "leases", "circuits"),
    *("audit_entries", "audit_marks", "outcome_marks", "webhook_endpoints", "api_tokens", "page_tries"),
}
#: Columns that stay: references of the creditor's books, code words, our people, places no smaller than a region.
STAYS = {
    "accounts": {"ref", "currency", "terms"},
    "attachments": {"media_type"},
    "cases": {"kind", "source", "closed_by", "way"},
    "consents": {"kind", "scope", "basis", "source", "recorded_by", "revoked_how", "revoked_by"},
    "contact_points": {"kind", "quality", "opt_out_source"},
    "contacts": {"medium", "reach", "place", "source", "recorded_by"},
    "contents": {"notice_id", "sender"},
    "dead_letters": {"kind", "subject", "what", "error", "outcome", "ended_by", "detail", "note"},
    "debtors": {"ref", "language", "country", "region"},
    "disputes": {"state", "reason", "source", "resolved_by"},
    "enrolments": {"campaign", "state", "waits_for"},
    "holds": {"reason", "source"},
    "inbox": {"provider", "kind", "state", "notice_id"},
    "items": {"ref"},
    "notice_events": {"notice_id", "what", "state", "provider", "word", "reason", "code"},
    "notices": {
        *("id", "campaign", "step", "channel", "template", "state", "reason", "approved_by", "claim_token"),
        *("provider", "decision", "stands_in_for"),
    },
    "instalments": {"state"},
    "means_statements": {"source", "recorded_by"},
    "outcome_deliveries": {"state", "error"},
    "payment_plans": {
        *("state", "frequency", "source", "needs", "agreed_with", "terms", "proposed_by", "accepted_by", "ended_by"),
    },
    "promises": {"state", "source", "made_by", "ended_by"},
    "outcomes": {"source", "account_ref", "debtor_ref", "kind", "data"},
    "payments": {"ref", "kind", "allocations"},
    "replies": {"notice_id", "channel", "intent", "opt"},
    "tasks": {
        *("kind", "state", "step", "notice_id", "dedupe", "queue", "language", "claimed_by", "disposition"),
        "closed_by",
    },
    "timeline": {"kind", "actor"},
}
ERASED = (*OF_ACCOUNT, *OF_DEBTOR, CONSENTS, POINTS, WEBHOOKS)


def test_every_column_for_text_is_erased_or_said_to_stay() -> None:
    for file in Path(store.__path__[0]).glob("*_tables.py"):
        import_module(f"outreach.store.{file.stem}")
    emptied = {(one.table.name, name) for one in ERASED for name in one.columns}
    undecided = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in OF_NOBODY
        for column in table.c
        if isinstance(column.type, String | JSON | LargeBinary)
        and (table.name, column.name) not in emptied
        and column.name not in STAYS.get(table.name, ())
    }
    assert undecided == set(), "name them in store/erasing_rows.py if they can hold a debtor's data, else here"


def test_every_sealed_personal_part_is_erased() -> None:
    assert {one.source.name for one in ERASED if one.source} == {
        name for name, source in SOURCES.items() if source.personal
    }
