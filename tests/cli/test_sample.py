"""The sample portfolio: taken whole by the import, addressed to nobody, full of what a demonstration should show."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from outreach.cli.sample import write_sample
from outreach.flow.importing import import_accounts, import_payments
from outreach.sandbox.outcomes import Outcome, of_letterbox, of_mailbox, of_number
from outreach.schedules import load_campaigns
from outreach.store.engine import make_engine
from outreach.store.tables import creditors
from tests.databases import make_tables

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
LOADED = load_campaigns(Path(__file__).parents[2] / "schedules")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database that knows the creditors of the schedules."""
    engine = make_engine(f"sqlite:///{tmp_path / 'sample.db'}")
    make_tables(engine)
    with engine.begin() as connection:
        connection.execute(insert(creditors), [{"ref": ref, "name": ref} for ref in LOADED.creditors])
    yield engine
    engine.dispose()


@pytest.fixture
def rows(tmp_path: Path) -> list[dict[str, str]]:
    """The rows of the accounts file."""
    with write_sample(tmp_path, TODAY).accounts.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_import_takes_every_row_without_a_warning(engine: Engine, tmp_path: Path) -> None:
    sample = write_sample(tmp_path, TODAY)
    assert sample.accounts_count >= 240
    for report in (
        import_accounts(engine, sample.accounts, NOW),
        import_payments(engine, sample.payments, NOW),
    ):
        assert report.created
        assert not report.problems
        assert not report.rejected


def test_the_same_day_gives_the_same_files(tmp_path: Path) -> None:
    one, two = write_sample(tmp_path / "one", TODAY), write_sample(tmp_path / "two", TODAY)
    assert one.accounts.read_bytes() == two.accounts.read_bytes()
    assert one.payments.read_bytes() == two.payments.read_bytes()


def test_nobody_real_can_be_reached(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert re.fullmatch(r"(\+1[2-9]\d{2}55501\d{2})?", row["phone"])
        assert not row["email"] or row["email"].endswith("@debtor.example")
        assert "sample" in row["tags"].split()
        assert re.search("Sample|示例", row["last_name"] + row["company"])


def test_every_address_comes_with_the_debtors_consent(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for name in ("phone", "email"):
            assert bool(row[name]) == bool(row[f"{name}_consent_at"]) == bool(row[f"{name}_consent_wording"])


def test_a_debtor_is_stated_alike_in_every_row_and_shares_no_number_or_mailbox(rows: list[dict[str, str]]) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        stated[row["debtor_ref"]].add(tuple(value for name, value in row.items() if not name.startswith("item_")))
        for value in filter(None, (row["phone"], row["email"])):
            owners[value].add(row["debtor_ref"])
    assert {len(versions) for versions in stated.values()} == {1}
    assert {len(debtors) for debtors in owners.values()} == {1}
    assert not owners.keys() & {entry.creditor.phone for entry in LOADED.creditors.values()}


def test_every_outcome_of_the_sandbox_is_met(rows: list[dict[str, str]]) -> None:
    met = {of_number(row["phone"]) for row in rows}
    met |= {of_mailbox(row["email"]) for row in rows}
    met |= {of_letterbox(row["address_line2"]) for row in rows}
    assert met == set(Outcome)


def test_every_creditor_language_and_excluding_tag_occurs(rows: list[dict[str, str]]) -> None:
    assert {row["creditor"] for row in rows} == set(LOADED.creditors)
    assert {row["language"] for row in rows} == {"en", "es", "zh"}
    for campaign in LOADED.campaigns.values():
        mine = [set(row["tags"].split()) for row in rows if row["creditor"] == campaign.creditor]
        assert any(campaign.applies_to.tags_none_of & tags for tags in mine)


def test_a_balance_lies_between_20_and_5000(rows: list[dict[str, str]]) -> None:
    balances: dict[str, float] = defaultdict(float)
    for row in rows:
        balances[row["account_ref"]] += float(row["item_open_amount"])
    assert min(balances.values()) >= 20
    assert max(balances.values()) <= 5_000
