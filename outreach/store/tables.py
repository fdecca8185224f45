"""The tables of accounts and campaigns. Those of notices and events are in `outbox.py`, on the same metadata.

Amounts are minor units (`*_minor`) of the account's currency; instants (`*_at`) are UTC; days (`*_on`) are calendar
days in the debtor's zone. Instants named `*_until` are machine time, the others business time (see `wiring.Clock`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from outreach.store.types import Document, Instant, Key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: `terms`: what holds for its accounts that do not say otherwise (store/standing.py). `plans`: its rules for payment
#: plans (store/plan_documents.py). `promises`: its terms for promises to pay (store/promises.py).
creditors = Table(
    "creditors",
    metadata,
    Column("id", Key, primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("phone", String(32), nullable=False, server_default=""),
    Column("email", String(320), nullable=False, server_default=""),
    Column("website", String(500), nullable=False, server_default=""),
    Column("payment_url", String(1000), nullable=False, server_default=""),
    Column("address", Document),
    Column("terms", Document),
    Column("plans", Document),
    Column("promises", Document),
)

#: `leftover`: erased, but a consent or an opt-out is kept for longer (store/erasing.py).
#: `zones`: JSON list of IANA names where the debtor may be. `version` grows with every change to any of the debtor's
#: facts (payment, hold, opt-out, item): a send starts only when it is still what the decision saw. `preferences`: what
#: the debtor asked for (store/standing.py). `date_of_birth`: an ISO day, "" when it is not known; by it, or by the
#: postal code, a debtor says who he or she is.
debtors = Table(
    "debtors",
    metadata,
    Column("id", Key, primary_key=True),
    Column("creditor_id", Key, ForeignKey("creditors.id"), nullable=False),
    Column("ref", String(128), nullable=False),
    Column("first_name", String(200), nullable=False, server_default=""),
    Column("last_name", String(200), nullable=False, server_default=""),
    Column("company", String(300), nullable=False, server_default=""),
    Column("language", String(35), nullable=False, server_default="en"),
    Column("zones", Document, nullable=False),
    Column("country", String(2), nullable=False, server_default=""),
    Column("region", String(100), nullable=False, server_default=""),
    Column("postal_code", String(20), nullable=False, server_default=""),
    Column("date_of_birth", String(10), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("preferences", Document),
    Column("leftover", Boolean, nullable=False, server_default=false()),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("creditor_id", "ref"),
    Index("ix_debtors_leftover", "id", postgresql_where=text("leftover"), sqlite_where=text("leftover")),
)

#: `kind`: sms, email or letter. `value`: E.164, lower-cased e-mail address, or the one-line postal address, whose
#: parts are in `postal` (name, line1, line2, city, region, postal_code, country). `retired_at`: replaced by a newer
#: value of the same kind in a later import; its opt-out stays known. `standing`: what else is known of it
#: (store/standing.py). `last_inbound_at`: the last time that an answer came from the address. `listed`: the
#: providers of the channel were told that it stopped.
contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("value", String(600), nullable=False),
    Column("postal", Document),
    Column("quality", String(20), nullable=False, server_default="unverified"),
    Column("opted_out_at", Instant),
    Column("opt_out_source", String(100), nullable=False, server_default=""),
    Column("listed", Boolean, nullable=False, server_default=false()),
    Column("standing", Document),
    Column("last_inbound_at", Instant),
    Column("retired_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("debtor_id", "kind", "value"),
    Index("ix_contact_points_kind_value", "kind", "value"),
    Index(
        "ix_contact_points_untold",
        "kind",
        postgresql_where=text("(opted_out_at IS NOT NULL) <> listed"),
        sqlite_where=text("(opted_out_at IS NOT NULL) <> listed"),
    ),
)

#: `balance_minor` and `oldest_due_on` repeat what `items` say, so that enrolment finds its accounts by an index;
#: `changed_at` is when any fact of the account last changed; `terms` is how it is collected (store/standing.py);
#: `erased_at` is when its debtor's data was erased (store/erasing.py).
accounts = Table(
    "accounts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("ref", String(128), nullable=False, unique=True),
    Column("creditor_id", Key, ForeignKey("creditors.id"), nullable=False),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("currency", String(3), nullable=False),
    Column("tags", Document, nullable=False),
    Column("extra", Document, nullable=False),
    Column("terms", Document),
    Column("balance_minor", BigInteger, nullable=False, server_default="0"),
    Column("oldest_due_on", Date),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    Column("erased_at", Instant),
    Index("ix_accounts_creditor_id_oldest_due_on", "creditor_id", "oldest_due_on"),
    Index("ix_accounts_creditor_id_changed_at", "creditor_id", "changed_at"),
)

#: `stated_open_minor` is what the last import said; importing the same statement again changes nothing, so payments
#: that came in since are not undone.
items = Table(
    "items",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("ref", String(128), nullable=False),
    Column("issued_on", Date),
    Column("due_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("stated_open_minor", BigInteger, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    UniqueConstraint("account_id", "ref"),
)

#: `kind`: payment, credit or reversal; a reversal may bear the ref of the payment that it takes back.
#: `allocations`: JSON list of [item id, minor units] that the row took from (or gave back to) items.
payments = Table(
    "payments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("ref", String(128), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("paid_at", Instant, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("item_id", Key, ForeignKey("items.id")),
    Column("allocations", Document, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("account_id", "ref", "kind"),
)

#: Every version of a campaign that an account was ever enrolled in; `body` is its canonical JSON.
campaign_versions = Table(
    "campaign_versions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("version", String(64), nullable=False, unique=True),
    Column("creditor_id", Key, ForeignKey("creditors.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

#: The campaigns that run: which version new accounts enter, whether operations paused it, since when changed accounts
#: are to be considered for entry (`seen_at`), and on which day (`entry_on`) all accounts were.
campaigns = Table(
    "campaigns",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("version_id", Key, ForeignKey("campaign_versions.id"), nullable=False),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("seen_at", Instant),
    Column("entry_on", Date),
)

#: An account (or item; 0 for the whole account) in a campaign. `next_look_at` is only a hint when to decide again:
#: the decision itself is recomputed from the facts. NULL means that only an event will make it worth a look.
enrolments = Table(
    "enrolments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("item_id", Key, nullable=False, server_default="0"),
    Column("campaign", String(100), nullable=False),
    Column("version_id", Key, ForeignKey("campaign_versions.id"), nullable=False),
    Column("state", String(10), nullable=False, server_default="active"),
    Column("cycle", Integer, nullable=False, server_default="1"),
    Column("cured_on", Date),
    Column("waits_for", String(200), nullable=False, server_default=""),
    Column("next_look_at", Instant),
    Column("entered_at", Instant, nullable=False),
    UniqueConstraint("account_id", "campaign", "item_id"),
    Index(
        "ix_enrolments_look",
        "campaign",
        "next_look_at",
        postgresql_where=text("next_look_at IS NOT NULL"),
        sqlite_where=text("next_look_at IS NOT NULL"),
    ),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("account_id", Key, ForeignKey("accounts.id")),
    Column("reason", String(20), nullable=False),
    Column("source", String(100), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("freezes_dpd", Boolean, nullable=False, server_default=false()),
    Column("created_at", Instant, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", Key, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("created_at", Instant, nullable=False),
)

#: Who leads (`name` = scheduler): only a row whose `expires_until` has passed may be taken by another holder.
leases = Table(
    "leases",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("expires_until", Instant, nullable=False),
)

#: The circuits that are not closed: open, or half open while `probe` (a notice) tries. `sender` "" stands for all of a
#: provider's senders; `until` is machine time; `opened` counts the openings in a row.
circuits = Table(
    "circuits",
    metadata,
    Column("provider", String(30), primary_key=True),
    Column("sender", String(320), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("opened", Integer, nullable=False),
    Column("until", Instant, nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("probe", String(32), nullable=False, server_default=""),
)
