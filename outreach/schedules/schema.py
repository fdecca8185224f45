"""The JSON Schema of the files, by which editors complete and check them while they are written."""

from __future__ import annotations

from typing import Any

from outreach.documents.model import schema_of
from outreach.schedules.campaign_file import CampaignKeys
from outreach.schedules.creditors import CreditorsKeys


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a campaign file, published as schedules/campaign.schema.json."""
    return schema_of(CampaignKeys, "Outreach campaign")


def creditors_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of creditors.yaml, published as schedules/creditors.schema.json."""
    return schema_of(CreditorsKeys, "Outreach creditors")
