"""The JSON Schema of a pack file, by which editors complete and check it while it is written."""

from __future__ import annotations

from typing import Any

from outreach.documents.model import schema_of
from outreach.policies.pack_file import PackKeys


def pack_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a pack file, published as outreach/policies/pack.schema.json."""
    return schema_of(PackKeys, "Outreach policy pack")
