"""docs/compliance.md names the rules that are there, and every pack."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.policies import built_in

TABLE = (Path(__file__).parents[2] / "docs" / "compliance.md").read_text("utf-8")


def test_every_rule_that_the_table_names_is_there() -> None:
    known = {f"{pack.id}/{rule.id}" for pack in built_in() for rule in pack.rules}
    packs = {pack.id for pack in built_in()}
    named = {name for name in re.findall(r"`([a-z-]+/[A-Z][A-Za-z0-9-]*)`", TABLE) if name.partition("/")[0] in packs}
    assert len(named) > 80
    assert named <= known, named - known


def test_every_pack_is_in_the_table() -> None:
    missing = {pack.id for pack in built_in() if pack.id not in TABLE}
    # The states of one row of the table, which differ in their names alone.
    assert missing <= {f"us-{state}" for state in ("il", "nc", "nj", "pa", "md", "ct", "mn", "me")}
