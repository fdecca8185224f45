"""The JSON Schema of the files, by which editors complete and check them while they are written."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from outreach.schedules.campaign_file import CampaignKeys
from outreach.schedules.creditors import CreditorsKeys

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a campaign file, published as schedules/campaign.schema.json."""
    return _schema(CampaignKeys, "Outreach campaign")


def creditors_json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of creditors.yaml, published as schedules/creditors.schema.json."""
    return _schema(CreditorsKeys, "Outreach creditors")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    return {"$schema": _DIALECT, **model.model_json_schema(), "title": title}
