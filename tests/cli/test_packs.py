"""`outreach packs`: which law is applied, what it asks, and whom a version would affect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.policies import built_in
from outreach.store.tables import debtors
from tests.flow.house import NOON, House, house
from tests.policies.packs import GOOD, changed, write

NEXT = changed(
    ('"2026.1"', '"2026.2"'),
    ("limit: 7", "limit: 3"),
    ('from: "08:00"', 'from: "12:00"'),
    (", need: consent, basis: [direct_consent], valid_days: 540", ", need: basis, basis: [direct_consent]"),
    ("  - {id: SA-07, kind: recency, note: A fresh number, sources: [A], days: 60}\n", ""),
    ("id: SA-10", "id: SA-11"),
)


def packs(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["packs", *map(str, arguments)])


def printed(*arguments: str | Path) -> Any:
    result = packs(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions of a pack, each a file."""
    directory = write(tmp_path / "ours", GOOD, NEXT)
    return directory / "us-sample@2026.1.yaml", directory / "us-sample@2026.2.yaml"


def test_every_version_of_every_pack_is_listed():
    rows = printed("list")
    assert [f"{row['pack']}@{row['version']}" for row in rows] == [pack.name for pack in built_in()]
    assert {row["in_force"] for row in rows if row["status"] == "proposed"} == {"no"}
    assert all(int(row["rules"]) and row["title"] for row in rows)
    assert packs("list").exit_code == 0


def test_packs_of_the_house_are_listed_too(tmp_path, monkeypatch):
    monkeypatch.setenv("OUTREACH_POLICIES", str(write(tmp_path / "ours", GOOD)))
    [row] = [row for row in printed("list") if row["pack"] == "us-sample"]
    assert row == {
        "pack": "us-sample",
        "version": "2026.1",
        "status": "secondary",
        "in_force": "yes",
        "from": "2021-11-30",
        "to": "",
        "rules": "10",
        "title": "A sample of every kind of rule",
    }


def test_a_pack_with_a_mistake_stops_the_command_and_says_where(tmp_path, monkeypatch):
    directory = write(tmp_path / "ours", changed(("kind: cap", "kind: cup")))
    monkeypatch.setenv("OUTREACH_POLICIES", str(directory))
    result = packs("list")
    assert result.exit_code == 1
    assert "the kind `cup` is not known" in result.stderr
    assert "outreach check" in result.stderr


@pytest.mark.parametrize("name", ["us-federal", "us-federal@2021.1"])
def test_a_pack_is_shown_with_every_rule_and_its_sources(name):
    shown = printed("show", name)
    [pack] = [pack for pack in built_in() if pack.name == "us-federal@2021.1"]
    assert [(rule["id"], rule["note"], rule["sources"]) for rule in shown["rules"]] == [
        (rule.id, rule.note, "; ".join(rule.sources)) for rule in pack.rules
    ]
    text = packs("show", name).stdout
    assert all(rule.note in text and source in text for rule in pack.rules for source in rule.sources)


def test_rules_are_shown_in_the_words_of_their_file(files):
    rules = {rule["id"]: rule for rule in printed("show", files[0])["rules"]}
    assert rules["SA-01"]["windows"] == "mon-sat 08:00-21:00, sun 12:00-24:00, not on holidays"
    assert rules["SA-02"]["named"] == "Chinese New Year of CN -1 to +2 days"
    assert (rules["SA-04"]["kind"], rules["SA-04"]["need"], rules["SA-04"]["valid_days"]) == (
        "require",
        "consent",
        "540",
    )
    assert (rules["SA-08"]["kind"], rules["SA-08"]["on_hit"]) == ("hold", "route")
    assert rules["SA-09"]["words"] == r"*: police; en: \barrest"


def test_an_unknown_pack_is_answered_with_the_nearest():
    result = packs("show", "us-federl")
    assert (result.exit_code, "Did you mean `us-federal`?" in result.stderr) == (1, True)


def test_two_versions_are_told_apart_field_by_field(files):
    found = printed("diff", *files, "--rules-only")["rules"]
    assert [(one["rule"], one["change"], one["field"], one["before"], one["after"]) for one in found] == [
        ("", "changed", "version", "2026.1", "2026.2"),
        ("SA-07", "removed", "", "A fresh number", ""),
        ("SA-10", "removed", "", "Three years", ""),
        (
            *("SA-01", "changed", "windows"),
            "mon-sat 08:00-21:00, sun 12:00-24:00, not on holidays",
            "mon-sat 12:00-21:00, sun 12:00-24:00, not on holidays",
        ),
        ("SA-03", "changed", "limit", "7", "3"),
        ("SA-04", "changed", "need", "consent", "basis"),
        ("SA-04", "changed", "valid_days", "540", ""),
        ("SA-11", "added", "", "", "Three years"),
    ]


@pytest.fixture
def home(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose database the command reads."""
    monkeypatch.setenv("OUTREACH_DATABASE_URL", database_url)
    with house(database_url) as built:
        yield built


LUNCH = """\
pack: us-lunch
version: "1"
title: Lunch
status: secondary
applies: {states: [US-NY]}
rules:
  - id: LU-01
    kind: hours
    note: Not at lunch
    sources: [A]
    when: {media: [sms, email, call]}
    windows: [{days: mon-sun, from: "00:00", to: "12:00"}, {days: mon-sun, from: "13:00", to: "24:00"}]
"""


def test_it_is_said_for_how_many_accounts_which_verdict_changes(home, tmp_path):
    home.account("A-1")
    home.account("A-2", phone="+12125550143")
    home.account("A-3", phone="+13125550144")
    with home.engine.begin() as connection:
        connection.execute(update(debtors).where(debtors.c.ref == "D-A-3").values(region="IL"))
    longer = LUNCH.replace('version: "1"', 'version: "2"').replace('to: "12:00"', 'to: "11:00"')
    directory = write(tmp_path / "ours", LUNCH, longer)
    files = (directory / "us-lunch@1.yaml", directory / "us-lunch@2.yaml")
    quiet = printed("diff", *files, "--at", "2026-12-01T09:00:00-05:00")["accounts"]
    assert quiet == {"accounts": 3, "concerned": 2, "affected": 0, "changes": []}
    lunch = printed("diff", *files, "--at", NOON.replace(minute=30).isoformat())["accounts"]
    assert (lunch["concerned"], lunch["affected"]) == (2, 2)
    assert lunch["changes"] == [{"channel": "call", "before": "clear", "after": "defer", "accounts": "2"}]
