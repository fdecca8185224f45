"""The published schema is that of the program and agrees with what the loader accepts."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from outreach.policies import pack_json_schema
from outreach.policies.loader import PACKS
from tests.policies.packs import GOOD, changed

PUBLISHED = PACKS.parent / "pack.schema.json"


def mistakes(text):
    validator = Draft202012Validator(pack_json_schema())
    return [error.message for error in validator.iter_errors(YAML(typ="safe", pure=True).load(text))]


def test_the_published_schema_is_that_of_the_program():
    published = json.loads(PUBLISHED.read_text("utf-8"))
    assert published == pack_json_schema(), f"publish it again: outreach check --schema pack > {PUBLISHED.name}"
    Draft202012Validator.check_schema(published)


def test_a_pack_with_every_kind_of_rule_fits_the_schema():
    assert mistakes(GOOD) == []


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_packs_that_come_with_the_program_fit_the_schema(path):
    assert mistakes(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: cap", "kind: cup"),
        ("kind: cap, ", ""),
        ("limit: 7", "limit: many"),
        ("limit: 7", "limitt: 7"),
        ('"08:00"', '"8:00"'),
        ("status: secondary", "status: sure"),
        ('version: "2026.1"', "version: 2026.1"),
        ("states: [US-NY]", "states: [NY]"),
        ('"US:104"', '"104"'),
        ("need: consent", "need: content"),
        ("reasons: [dispute]", "reasons: [quarrel]"),
        ('sources: ["12 CFR 1006.6(b)(1)(i)"]', "sources: []"),
        ('sources: ["12 CFR 1006.6(b)(1)(i)"]', "source: Regulation F"),
        ("status: secondary", "status: proposed\nenabled: true"),
    ],
)
def test_editors_mark_what_the_loader_refuses(old, new):
    assert mistakes(changed((old, new))) != []


def test_every_key_of_a_pack_has_help():
    schema = pack_json_schema()
    properties = [*schema["properties"].values()]
    properties += [entry for one in schema["$defs"].values() for entry in one.get("properties", {}).values()]
    assert all(entry.get("description") and entry.get("examples") for entry in properties)
