"""Enroll: campaigns from their files into the database, and accounts into campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row

from outreach.domain.account import Creditor
from outreach.domain.calendar import local_date
from outreach.domain.campaign import Campaign
from outreach.domain.next_step import tags_fit
from outreach.flow import setting_aside
from outreach.flow.clock import Clock
from outreach.flow.dead_letters import heal
from outreach.flow.isolating import Poisoned, each
from outreach.schedules import campaign_to_json
from outreach.store import campaigns, dead_letters, enrolments
from outreach.store.batch import in_batches, take
from outreach.store.dead_letters import Kind
from outreach.store.engine import reading
from outreach.store.enrolments import Candidate

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
        fitting, unreadable = _sift(campaign, found)
        set_aside = dead_letters.waiting_for(connection, Kind.ACCOUNT)
    entered = 0
    for batch in in_batches(fitting, BATCH):
        with engine.begin() as connection:
            entered += enrolments.enter(connection, campaign.name, running.version_id, batch, clock.now())
    with engine.begin() as connection:
        setting_aside.not_considered(connection, campaign.name, unreadable, clock.now())
        if set_aside:
            well = {str(candidate.account_id) for candidate in fitting}
            heal(connection, [set_aside[id_] for id_ in well & set_aside.keys()], clock.now())
        campaigns.entry_done(connection, campaign.name, seen_at, today)
    return entered


def _sift(campaign: Campaign, found: Iterator[Row[Any]]) -> tuple[list[Candidate], list[Poisoned[int]]]:
    """The candidates whose tags fit, and the ids of the accounts that cannot be read."""
    fitting: list[Candidate] = []
    unreadable: list[Poisoned[int]] = []
    for rows in take(found, BATCH):
        known, poisoned = each(enrolments.candidate, rows)
        fitting += [candidate for candidate in known if tags_fit(campaign, candidate.tags)]
        unreadable += [one.of(one.row.account_id) for one in poisoned]
    return fitting, unreadable
