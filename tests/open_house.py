"""A campaign and a zone with which messages may leave at whatever hour a test runs, for whole processes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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


#: The columns of a file of accounts by which a debtor has agreed to texts and e-mails, and what stands in them.
CONSENTED = tuple(f"{name}_consent_{part}" for name in ("phone", "email") for part in ("at", "source", "wording"))


def consented(*, phone: bool = True, email: bool = True) -> list[str]:
    """The cells for `CONSENTED` of a debtor who agreed a month ago to be written to at these addresses."""
    since = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
    agreed = [since, "loan agreement", "You may write to me about this account."]
    return [*(agreed if phone else ["", "", ""]), *(agreed if email else ["", "", ""])]
