"""Enroll: campaigns from their files into the database, and accounts into campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Engine

from outreach.domain.account import Creditor
from outreach.domain.calendar import local_date
from outreach.domain.campaign import Campaign
from outreach.domain.next_step import tags_fit
from outreach.flow.clock import Clock
from outreach.schedules import campaign_to_json
from outreach.store import campaigns, enrolments
from outreach.store.batch import take
from outreach.store.engine import reading

#: Candidates per transaction.
BATCH = 5_000
#: Accounts that changed so shortly before the last run are looked at once more: clocks differ, transactions last.
OVERLAP = timedelta(minutes=5)


def register(engine: Engine, creditors: Iterable[Creditor], known: Mapping[str, Campaign], clock: Clock) -> None:
    """Keep creditors and campaigns as their files say now. Accounts in flight keep the version they entered with."""
    with engine.begin() as connection:
        ids = campaigns.keep_creditors(connection, creditors)
        for campaign in known.values():
            body = campaign_to_json(campaign)
            campaigns.keep_version(connection, campaign, body, ids[campaign.creditor], clock.now())


def enroll(engine: Engine, campaign: Campaign, clock: Clock) -> int:
    """Enter every account (or item) that fits the campaign and is not in it. Returns how many entered.

    All accounts are looked through once a day, since age grows by the day; in between only those that changed, so
    that a run with nothing new costs nothing however large the portfolio. Interrupted, it goes on where it stopped.
    """
    seen_at = clock.now() - OVERLAP
    today = local_date(clock.now(), campaign.timezone)
    with reading(engine) as connection:
        running = campaigns.running(connection, campaign.name)
        if running is None or running.paused:
            return 0
        since = running.seen_at if running.entry_on == today else None
        found = enrolments.candidates(connection, campaign, running.creditor_id, today, since)
        fitting = (candidate for candidate in found if tags_fit(campaign, candidate.tags))
        batches = list(take(fitting, BATCH))
    entered = 0
    for batch in batches:
        with engine.begin() as connection:
            entered += enrolments.enter(connection, campaign.name, running.version_id, batch, clock.now())
    with engine.begin() as connection:
        campaigns.entry_done(connection, campaign.name, seen_at, today)
    return entered
