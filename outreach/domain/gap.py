"""The least time between two contacts of a debtor, on whichever account and by whichever campaign."""

from __future__ import annotations

from datetime import datetime

from outreach.domain.account import Facts
from outreach.domain.calendar import ANYWHERE, add_days, local_date, start_everywhere
from outreach.domain.campaign import Days


def gap_over_at(facts: Facts, gap: Days) -> datetime | None:
    """When (aware UTC) a campaign's gap after the last contact is over; None without a gap or a contact."""
    if facts.last_contact_at is None or not gap.count:
        return None
    debtor = facts.debtor
    zones = debtor.zones or ANYWHERE
    contacted_on = max(local_date(facts.last_contact_at, zone) for zone in zones)
    return start_everywhere(add_days(contacted_on, gap, debtor.country, debtor.region), zones)
