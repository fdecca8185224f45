"""A campaign as canonical JSON: the form in which the database keeps each version, and from which it is named.

Keys are sorted and what has its default is left out, so that a key that a later release adds does not rename the
campaigns that do not use it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from hashlib import sha256

from pydantic import TypeAdapter

from outreach.domain.campaign import Campaign

_CAMPAIGN = TypeAdapter(Campaign)


def campaign_to_json(campaign: Campaign) -> str:
    """The canonical JSON of a campaign, its version included."""
    content = _CAMPAIGN.dump_python(campaign, exclude_defaults=True)
    return json.dumps(content, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def campaign_from_json(text: str) -> Campaign:
    """The campaign that `campaign_to_json` wrote. Raises ValueError when the text is something else."""
    return _CAMPAIGN.validate_json(text)


def with_version(campaign: Campaign) -> Campaign:
    """The campaign, named by the SHA-256 (hex) of its canonical JSON without a version."""
    content = campaign_to_json(replace(campaign, version=""))
    return replace(campaign, version=sha256(content.encode()).hexdigest())


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    raise TypeError(f"{type(value).__name__} has no canonical form")
