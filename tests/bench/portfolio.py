"""A portfolio made by the database itself, so that a benchmark of a million accounts does not begin with an import."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, Engine, text

_SERIES = {
    "postgresql": "SELECT n FROM generate_series({first}, {last}) AS s(n)",
    "sqlite": (
        "WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) SELECT n FROM s"
    ),
}


def fill(engine: Engine, accounts: int, *, zone: str, due_on: date, late_share: float = 1.0) -> None:
    """`accounts` debtors with one account, one item, a number and an e-mail address each, all of creditor 1, to
    both of which the debtor agreed to be written.

    The first `late_share` of them are due on `due_on`, the others a day after today: their reminder is not due yet.
    Numbers are reserved ones (+1 NPA 555 01xx) and addresses end in .example.
    """
    due = round(accounts * late_share)
    with engine.begin() as connection:
        if due:
            _insert(connection, 1, due, zone, due_on)
        if due < accounts:
            _insert(connection, due + 1, accounts, zone, date.today() - timedelta(days=1))  # noqa: DTZ011
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _insert(connection: Connection, first: int, last: int, zone: str, due_on: date) -> None:
    name = connection.dialect.name
    series = f"({_SERIES[name].format(first=first, last=last)}) AS numbers"
    json = "CAST('{}' AS {})" if name == "postgresql" else "'{}'"
    cast = "jsonb" if name == "postgresql" else ""
    zones = json.format(f'["{zone}"]', cast)
    empty_list, empty_map = json.format("[]", cast), json.format("{}", cast)
    now = "CURRENT_TIMESTAMP" if name == "postgresql" else "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    area, line = "(212 + n / 70 % 700)", "(n % 70 + 10)"
    owed = "(10000 + n % 90000 * 10 + n % 7)"
    for statement in (
        f"INSERT INTO debtors (id, creditor_id, ref, first_name, last_name, language, zones, country, region,"
        f" created_at)"
        f" SELECT n, 1, 'D-' || n, 'Ada', 'Sample', 'en', {zones}, 'US', 'NY', {now} FROM {series}",
        f"INSERT INTO contact_points (debtor_id, kind, value, created_at)"
        f" SELECT n, 'sms', '+1' || {area} || '55501' || {line}, {now} FROM {series}",
        f"INSERT INTO contact_points (debtor_id, kind, value, created_at)"
        f" SELECT n, 'email', 'a' || n || '@debtor.example', {now} FROM {series}",
        f"INSERT INTO consents (debtor_id, kind, value, scope, basis, given_at, source, wording, recorded_by,"
        f" recorded_at) SELECT debtor_id, kind, value, 'servicing', 'direct_consent', {now}, 'loan agreement',"
        f" 'You may write to me about this account.', 'bench', {now}"
        f" FROM contact_points WHERE debtor_id BETWEEN {first} AND {last}",
        f"INSERT INTO accounts (id, ref, creditor_id, debtor_id, currency, tags, extra, balance_minor, oldest_due_on,"
        f" created_at, changed_at) SELECT n, 'A-' || n, 1, n, 'USD', {empty_list}, {empty_map}, {owed}, '{due_on}',"
        f" {now}, {now} FROM {series}",
        f"INSERT INTO items (account_id, ref, due_on, amount_minor, stated_open_minor, open_minor)"
        f" SELECT n, 'I-1', '{due_on}', {owed}, {owed}, {owed} FROM {series}",
    ):
        connection.execute(text(statement.replace(":", "\\:")))
