"""The tables of what is sent and what comes back: notices with their log, the inbox, tasks and the timeline."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

from outreach.store.tables import metadata
from outreach.store.types import Document, Instant, Key

#: `id` is 32 hex digits (UUIDv7); `attempts` counts the calls, the attempt id is "<id>.<attempts>".
#: `not_before`, `send_by`: business time. `lease_until`: machine time; a claimed or sending notice past it lost its
#: worker.
#: `service`: of a service message what it may say, to which address it goes, and until when (flow/service.py).
#: The unique index leaves out cancelled notices, and failed ones that were replayed (`replayed_at`, see
#: store/dead_letters.py): they never left the house, so their step may be planned again.
notices = Table(
    "notices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("enrolment_id", Key, ForeignKey("enrolments.id"), nullable=False),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False),
    Column("campaign", String(100), nullable=False),
    Column("version_id", Key, ForeignKey("campaign_versions.id"), nullable=False),
    Column("item_id", Key, nullable=False, server_default="0"),
    Column("step", String(100), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("template", String(100), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("needs_approval", Boolean, nullable=False, server_default=false()),
    Column("approved_by", String(320), nullable=False, server_default=""),
    Column("not_before", Instant, nullable=False),
    Column("send_by", Instant),
    Column("claim_token", String(32)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("contact_point_id", Key, ForeignKey("contact_points.id")),
    Column("provider", String(30), nullable=False, server_default=""),
    Column("provider_ref", String(200)),
    Column("segments", Integer),
    Column("decision", Document),
    Column("service", Document),
    Column("stands_in_for", String(32), ForeignKey("notices.id")),
    Column("planned_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("replayed_at", Instant),
    Index(
        "uq_notices_position",
        "account_id",
        "campaign",
        "item_id",
        "step",
        "cycle",
        "position",
        unique=True,
        postgresql_where=text("state <> 'cancelled' AND replayed_at IS NULL"),
        sqlite_where=text("state <> 'cancelled' AND replayed_at IS NULL"),
    ),
    Index(
        "ix_notices_planned",
        "channel",
        "not_before",
        "id",
        postgresql_where=text("state = 'planned' AND NOT needs_approval"),
        sqlite_where=text("state = 'planned' AND needs_approval = 0"),
    ),
    Index(
        "ix_notices_leased",
        "lease_until",
        postgresql_where=text("state IN ('claimed', 'sending')"),
        sqlite_where=text("state IN ('claimed', 'sending')"),
    ),
    Index(
        "ix_notices_uncertain",
        "started_at",
        postgresql_where=text("state = 'uncertain'"),
        sqlite_where=text("state = 'uncertain'"),
    ),
    Index("ix_notices_enrolment_id", "enrolment_id", "cycle"),
    Index("ix_notices_debtor_id", "debtor_id", "started_at"),
    Index(
        "ix_notices_provider_ref",
        "provider_ref",
        "provider",
        postgresql_where=text("provider_ref IS NOT NULL"),
        sqlite_where=text("provider_ref IS NOT NULL"),
    ),
)

#: What one attempt said, and to whom: committed with the move to `sending`, before the call.
contents = Table(
    "contents",
    metadata,
    Column("notice_id", String(32), ForeignKey("notices.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("recipient", Document, nullable=False),
    Column("sender", Document, nullable=False),
    Column("subject", String(998), nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("headers", Document),
    Column("pdf", LargeBinary),
    Column("pages", Integer),
    Column("sha256", String(64), nullable=False),
)

#: Append-only: every move of a notice and every event about it. `applied` is False for late, doubled and side news.
#: No foreign key: an entry is written in the transaction that moves its notice, and a check a row is a tenth of the
#: database's work for a message.
notice_events = Table(
    "notice_events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("notice_id", String(32), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("what", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("provider", String(30), nullable=False, server_default=""),
    Column("word", String(60), nullable=False, server_default=""),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("code", String(60), nullable=False, server_default=""),
    Column("applied", Boolean, nullable=False, server_default=true()),
)

#: Raw webhook events, unique per provider and event, stored before anything is done about them.
#: `kind`: status, inbound or raw (verified, but unreadable). `state`: received, settled, unmatched, garbled, failed.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("provider", String(30), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("payload", Document, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(10), nullable=False, server_default="received"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("look_until", Instant),
    Column("notice_id", String(32)),
    Column("error", String(500), nullable=False, server_default=""),
    Column("settled_at", Instant),
    Index("uq_inbox_provider_event_id", "provider", "event_id", unique=True),
    Index(
        "ix_inbox_notice_id",
        "notice_id",
        postgresql_where=text("notice_id IS NOT NULL"),
        sqlite_where=text("notice_id IS NOT NULL"),
    ),
    Index(
        "ix_inbox_received",
        "look_until",
        postgresql_where=text("state = 'received'"),
        sqlite_where=text("state = 'received'"),
    ),
)

#: What a debtor answered; `sender` is normalised like a contact point's value. `debtor_id` and `account_id` are NULL
#: when nobody, or more than one, fits the sender. `opt` is "stop" or "start" if it says so, whatever `intent` it has.
replies = Table(
    "replies",
    metadata,
    Column("id", Key, primary_key=True),
    Column("inbox_id", Key, ForeignKey("inbox.id"), nullable=False),
    Column("debtor_id", Key, ForeignKey("debtors.id"), index=True),
    Column("account_id", Key, ForeignKey("accounts.id"), index=True),
    Column("notice_id", String(32)),
    Column("channel", String(10), nullable=False),
    Column("sender", String(320), nullable=False),
    Column("subject", String(998), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("intent", String(40), nullable=False),
    Column("opt", String(10), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Index("ix_replies_sender", "sender", "channel"),
)

#: Work for people. A `call` or `handoff` step is a task whose campaign, step and cycle are set; `dedupe` makes one
#: cause one task. `queue`, `priority` and `due_at` are its kind's (domain/task.py), `language` the primary subtag of
#: the debtor's. It is offered from `not_before` on (NULL: at once), and its `claimed_by` has it until `claimed_until`
#: (machine time). `disposition`, `note`, `closed_by`: how the last try ended; `attempts` counts the tries.
tasks = Table(
    "tasks",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), index=True),
    Column("debtor_id", Key, ForeignKey("debtors.id")),
    Column("kind", String(30), nullable=False),
    Column("title", String(300), nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("queue", String(20), nullable=False, server_default="other"),
    Column("priority", Integer, nullable=False, server_default="3"),
    Column("due_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("language", String(8), nullable=False, server_default=""),
    Column("claimed_by", String(320), nullable=False, server_default=""),
    Column("claimed_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("disposition", String(20), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("closed_by", String(320), nullable=False, server_default=""),
    Column("enrolment_id", Key, ForeignKey("enrolments.id")),
    Column("step", String(100), nullable=False, server_default=""),
    Column("cycle", Integer, nullable=False, server_default="0"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("notice_id", String(32)),
    Column("reply_id", Key, ForeignKey("replies.id")),
    Column("dedupe", String(200), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_tasks_enrolment_id", "enrolment_id", "cycle"),
    *(
        Index(name, *columns, postgresql_where=text("state = 'open'"), sqlite_where=text("state = 'open'"))
        for name, columns in {
            "ix_tasks_open": ("priority", "due_at", "id"),
            "ix_tasks_open_queue": ("queue", "priority", "due_at", "id"),
            "ix_tasks_open_language": ("language", "priority", "due_at", "id"),
            "ix_tasks_open_claimed_by": ("claimed_by", "priority", "due_at", "id"),
        }.items()
    ),
)

#: What happened to an account, beside its notices (whose log is `notice_events`): imports, payments, replies, holds,
#: opt-outs, tasks. `data` holds what the sentence for `kind` needs.
timeline = Table(
    "timeline",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("data", Document, nullable=False),
    Column("actor", String(320), nullable=False, server_default=""),
    Index("ix_timeline_account_id", "account_id", "at"),
)

#: What was set aside because it fails, with its error, until a person has it tried again or dismisses it. `subject` is
#: the id of the row that `kind` names (store/dead_letters.py). `what` and `error` hold no debtor's data, `detail` may.
#: `outcome`: replayed, dismissed, or healed where it went well before anybody came.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("account_id", Key, ForeignKey("accounts.id")),
    Column("what", String(200), nullable=False, server_default=""),
    Column("error", String(200), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("set_aside_at", Instant, nullable=False),
    Column("outcome", String(10), nullable=False, server_default=""),
    Column("note", String(500), nullable=False, server_default=""),
    Column("ended_by", String(320), nullable=False, server_default=""),
    Column("ended_at", Instant),
    Index(
        "uq_dead_letters_open",
        "kind",
        "subject",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
        sqlite_where=text("ended_at IS NULL"),
    ),
)
