"""The published schemas are those of the program and agree with what it accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from outreach.schedules import creditors_json_schema, json_schema

SAMPLES = Path(__file__).parents[2] / "schedules"
CAMPAIGNS = [path.name for path in SAMPLES.glob("*.yaml") if path.name != "creditors.yaml"]


def mistakes(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(YAML(typ="safe", pure=True).load(text))]


@pytest.mark.parametrize(
    ("name", "schema"), [("campaign", json_schema()), ("creditors", creditors_json_schema())], ids=lambda value: ""
)
def test_the_published_schema_is_that_of_the_program(name, schema):
    published = json.loads((SAMPLES / f"{name}.schema.json").read_text("utf-8"))
    assert published == schema, "publish it again: outreach check --schema campaign > schedules/campaign.schema.json"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_sample_campaigns_fit_the_schema_that_they_name(name):
    text = (SAMPLES / name).read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=campaign.schema.json\n")
    assert mistakes(text) == []


def test_the_sample_creditors_fit_their_schema():
    text = (SAMPLES / "creditors.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=creditors.schema.json\n")
    Draft202012Validator(creditors_json_schema()).validate(YAML(typ="safe", pure=True).load(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("after_due: 3 days", "after_due: 3"),
        ("after_due: 3 days", "after_du: 3 days"),
        ("after_due: 3 days", "after_due: 3 days, after_previous: 1 day"),
        (", template: friendly_reminder", ""),
        (', task: "Call about the demand letter; offer a plan"', ""),
        ("action: handoff, to: agency", "to: agency"),
        ("action: handoff, to: agency", "action: handoff"),
        ("[sms, email], template: friendly", "[fax], template: friendly"),
        ('"*/5 * * * *"', '"0 9 * * 1"'),
        ("mon-sat", "monday"),
        ('"09:00"', '"9:00"'),
        ("unit: account", "unit: invoice"),
        ("creditor: northwind", ""),
    ],
)
def test_editors_mark_what_the_program_refuses(old, new):
    text = (SAMPLES / "card-early.yaml").read_text("utf-8")
    assert text.count(old) == 1
    assert mistakes(text.replace(old, new)) != []


def test_every_key_of_a_campaign_has_help():
    definitions = json_schema()["$defs"].values()
    properties = [*json_schema()["properties"].values()]
    properties += [entry for definition in definitions for entry in definition.get("properties", {}).values()]
    assert all(entry.get("description") and entry.get("examples") for entry in properties)
