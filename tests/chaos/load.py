"""What the cluster has to do: accounts that are due, half of them spread over a time, half of them all at once."""

from __future__ import annotations

import csv
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from outreach.flow.enroll import enroll
from outreach.flow.isolating import TRANSIENT
from outreach.flow.release import release
from outreach.settings import load
from outreach.wiring import open_app
from tests.bench.importing import AREAS
from tests.chaos.cluster import Cluster
from tests.open_house import CONSENTED, consented, noon_zone


def write_accounts(path: Path, numbers: range) -> Path:
    """Two of three get a text, the third an e-mail. No two have the same amount, and so the same words."""
    due_on = (datetime.now(UTC) - timedelta(days=6)).date().isoformat()
    names = (
        "account_ref creditor debtor_ref first_name language country timezone email phone "
        "currency item_ref item_due_date item_amount"
    )
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*names.split(), *CONSENTED])
        for n in numbers:
            phone = f"+1{AREAS[n // 70 % len(AREAS)]}55501{n % 70 + 2:02d}" if n % 3 else ""
            row = [f"A-{n}", "northwind", f"D-{n}", "Ada", "en", "US", noon_zone(), f"a{n}@debtor.example", phone]
            amount = f"{100 + n // 100}.{n % 100:02d}"
            writer.writerow([*row, "USD", "I-1", due_on, amount, *consented(phone=bool(phone))])
    return path


def release_all(cluster: Cluster) -> None:
    """Enrol and release all accounts that are there, whatever happens to the database meanwhile."""
    with open_app(load(cluster.env)) as app:
        while True:
            try:
                for campaign in app.register_campaigns():
                    enroll(app.engine, campaign, app.clock)
                    release(app.desk, campaign.name)
            except TRANSIENT:
                time.sleep(0.5)
            else:
                return


def spread(cluster: Cluster, seconds: float) -> None:
    """Make what is planned due one after the other over `seconds`."""
    statement = (
        "UPDATE notices SET not_before = now() + place.n * make_interval(secs => %s) FROM"
        " (SELECT id, row_number() OVER (ORDER BY id) AS n FROM notices) AS place WHERE place.id = notices.id"
    )
    with psycopg.connect(cluster.database_url) as connection:
        count = connection.execute("SELECT count(*) FROM notices").fetchall()[0][0]
        connection.execute(statement, (seconds / max(1, count),))
