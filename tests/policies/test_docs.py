"""The manual's pack is right, and the manual names every key and every word."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.policies import pack_json_schema
from tests.policies.packs import loaded

MANUAL = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")


def test_the_pack_of_the_manual_is_right(tmp_path):
    [example] = re.findall(r"```yaml\n(.*?)```", MANUAL, flags=re.DOTALL)
    [pack] = loaded(tmp_path, example).all()
    assert pack.name == "us-sample@2026.1"


def test_the_manual_names_every_key_and_every_kind():
    definitions = pack_json_schema()["$defs"].values()
    keys = {*pack_json_schema()["properties"]}
    for definition in definitions:
        properties = definition.get("properties", {})
        keys |= set(properties)
        keys |= {properties["kind"]["const"]} if "kind" in properties else set()
    assert {key for key in keys if f"`{key}`" not in MANUAL and f"{key}:" not in MANUAL} == set()
