"""A campaign and a zone with which messages may leave at whatever hour a test runs, for whole processes."""

from __future__ import annotations

from datetime import UTC, datetime

_CAMPAIGN = """\
campaign: {name}
creditor: northwind
applies_to: {{currency: [USD], days_past_due: {{from: 1, to: 90}}}}
runs: "* * * * *"
timezone: {zone}
send_window: {{days: mon-sun, from: "00:00", to: "23:59", holidays: true}}
steps:
  - {{step: reminder, when: {{after_due: 3 days}}, channels: [{channels}], template: friendly_reminder}}
"""


def campaign_file(name: str, *, zone: str = "America/New_York", channels: str = "sms, email") -> str:
    """A campaign that runs every minute and reminds three days after the due date."""
    return _CAMPAIGN.format(name=name, zone=zone, channels=channels)


def noon_zone() -> str:
    """A zone in which it is about noon now: the house's hours are open there."""
    offset = 12 - datetime.now(UTC).hour
    return "Etc/GMT" if offset == 0 else f"Etc/GMT{-offset:+d}"
