"""The examples of the manual are right, and the manual names every key."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.schedules import json_schema, load_creditors, parse_campaign

MANUAL = (Path(__file__).parents[2] / "docs" / "campaigns.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", MANUAL, flags=re.DOTALL)
FIRST = next(example for example in EXAMPLES if "campaign: gentle" in example)
FRAGMENTS = [example for example in EXAMPLES if example != FIRST and "creditors:" not in example]


def problems_of(text):
    return parse_campaign(text, "example.yaml")[1]


def test_the_first_campaign_of_the_manual_is_right():
    assert problems_of(FIRST) == []


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment.split(":")[0])
def test_every_fragment_of_the_manual_fits_into_a_campaign(fragment):
    yaml = YAML()
    merged = StringIO()
    yaml.dump({**yaml.load(FIRST), **yaml.load(fragment)}, merged)
    assert problems_of(merged.getvalue()) == []


def test_the_creditors_of_the_manual_are_right(tmp_path):
    [example] = [example for example in EXAMPLES if "creditors:" in example]
    (tmp_path / "creditors.yaml").write_text(example, "utf-8")
    creditors, problems = load_creditors(tmp_path)
    assert (list(creditors), problems) == (["northwind"], [])


def test_the_manual_names_every_key():
    schema = json_schema()
    keys = {*schema["properties"]}
    for definition in schema["$defs"].values():
        keys.update(definition.get("properties", {}))
    assert {key for key in keys if f"`{key}`" not in MANUAL and f"{key}:" not in MANUAL} == set()
