"""Receivers that cannot be called: found while the file is checked, not when the first event waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from outreach.documents.problem import Problem
from outreach.domain.destination import Network, literal, may_call
from outreach.schedules.creditors import FILE_NAME, CreditorFile


def check_receivers(
    creditors: Mapping[str, CreditorFile], directory: Path, allowed: Sequence[Network]
) -> list[Problem]:
    """A problem for each webhook whose address is written as one that may not be called. Names are looked up when they
    are called, for what they say may change."""
    return [
        Problem(
            str(directory / FILE_NAME),
            0,
            0,
            f"{ref}.webhooks.{webhook.name}.url",
            f"`{webhook.url}` is in no public network",
            "Add its network to OUTREACH_WEBHOOK_NETWORKS if events may be sent there",
        )
        for ref, entry in creditors.items()
        for webhook in entry.webhooks
        if (address := literal(urlsplit(webhook.url).hostname or "")) and not may_call(address, allowed)
    ]
