"""`outreach check`: what it finds, what it prints, how it exits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from outreach.cli.check import check
from outreach.policies import pack_json_schema
from outreach.schedules import json_schema

SAMPLES = Path(__file__).parents[2] / "schedules"

CREDITORS = """\
creditors:
  - ref: northwind
    name: Northwind (sample)
    phone: "+12125550123"
    address: {line1: 1 Sample Street, city: New York, postal_code: "10001", country: US}
    languages: [en, es]
"""
CAMPAIGN = """\
campaign: texts
creditor: northwind
runs: "*/5 * * * *"
timezone: America/New_York
send_window: {days: mon-sat, from: "09:00", to: "19:00"}
steps:
  - {step: reminder, when: {after_due: 3 days}, channels: [sms], template: friendly_reminder}
"""
PACK = """\
pack: us-sample
version: "1"
title: Sample
status: secondary
rules:
  - {id: SA-01, kind: recency, note: Fresh, sources: [A], days: 60}
"""
TEXTS = {
    "en": "{{ creditor.name }}: your balance of {{ balance | money }} is past due. Reply STOP to opt out.",
    "es": "{{ creditor.name }}: su saldo de {{ balance | money }} esta vencido. Responda STOP para no recibir mas.",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "creditors.yaml").write_text(CREDITORS, "utf-8")
    (tmp_path / "schedules" / "texts.yaml").write_text(CAMPAIGN, "utf-8")
    folder = tmp_path / "templates" / "friendly_reminder"
    folder.mkdir(parents=True)
    for language, text in TEXTS.items():
        (folder / f"sms.{language}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outreach_check(*arguments):
    app = typer.Typer()
    app.command()(check)
    return CliRunner().invoke(app, arguments)


def findings(*arguments):
    return json.loads(outreach_check("--format", "json", *arguments).stdout)


def test_without_mistakes_stdout_is_empty_and_the_exit_is_zero(place):
    result = outreach_check()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "packs can be used; errors: 0" in result.stderr


def test_a_missing_language_is_named_at_its_step(place):
    (place / "templates" / "friendly_reminder" / "sms.es.txt").unlink()
    [found] = findings()
    assert (found["file"], found["line"], found["field"]) == ("schedules/texts.yaml", 7, "steps[0].template")
    assert found["message"] == "the template `friendly_reminder` has no sms text in `es`"
    assert outreach_check().exit_code == 1


def test_a_template_that_does_not_exist_is_named_once_with_the_nearest_one(place):
    path = place / "schedules" / "texts.yaml"
    path.write_text(CAMPAIGN.replace("friendly_reminder", "frendly_reminder"), "utf-8")
    [found] = findings()
    assert found["message"] == "there is no template `frendly_reminder`"
    assert found["remedy"] == "Did you mean `friendly_reminder`?"


def test_a_text_that_does_not_render_is_named_with_its_line(place):
    (place / "templates" / "friendly_reminder" / "sms.en.txt").write_text("Hello,\n{{ no_such_word }}", "utf-8")
    found = findings()[0]
    assert (found["file"], found["line"]) == ("templates/friendly_reminder/sms.en.txt", 2)
    assert "no_such_word" in found["message"]


def test_the_table_has_one_line_a_finding_that_editors_can_open(place):
    path = place / "schedules" / "texts.yaml"
    path.write_text(CAMPAIGN.replace("after_due: 3 days", "after_due: 3 dayz").replace("[sms]", "[fax]"), "utf-8")
    result = outreach_check()
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["where", "severity", "field", "mistake", "remedy"]
    assert [line.split()[:3] for line in lines] == [
        ["schedules/texts.yaml:7:29", "error", "steps[0].when.after_due"],
        ["schedules/texts.yaml:7:60", "error", "steps[0].channels[0]"],
    ]
    assert result.exit_code == 1


def test_a_warning_fails_only_a_strict_check(place):
    shutil.copy(place / "schedules" / "texts.yaml", place / "schedules" / "other.yml")
    assert [found["severity"] for found in findings()] == ["warning"]
    assert outreach_check().exit_code == 0
    assert outreach_check("--strict").exit_code == 1


@pytest.mark.parametrize("by", ["option", "setting"])
def test_a_mistake_in_a_policy_pack_is_found(place, monkeypatch, by):
    (place / "ours").mkdir()
    (place / "ours" / "us-sample@1.yaml").write_text(PACK.replace("sources: [A]", "sources: []"), "utf-8")
    if by == "setting":
        monkeypatch.setenv("OUTREACH_POLICIES", "ours")
    [found] = findings(*(["--policies", "ours"] if by == "option" else []))
    assert (found["file"], found["line"], found["field"]) == ("ours/us-sample@1.yaml", 6, "rules[0].sources")


@pytest.mark.parametrize("arguments", [["--schedules", "nowhere"], ["--format", "xml"], ["--nothing"]])
def test_wrong_usage_exits_with_two(place, arguments):
    assert outreach_check(*arguments).exit_code == 2


@pytest.mark.parametrize(("name", "schema"), [("campaign", json_schema), ("pack", pack_json_schema)])
def test_the_schema_can_be_published_from_the_program(name, schema):
    assert json.loads(outreach_check("--schema", name).stdout) == schema()
