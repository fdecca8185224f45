"""What the flows work with, handed in by wiring: the database, the campaigns, the ways out, the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from outreach.domain.campaign import Campaign
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.sending import Provider
from outreach.flow.clock import Clock
from outreach.flow.outstanding import Outstanding
from outreach.flow.traffic import Traffic
from outreach.rendering.renderer import Renderer
from outreach.schedules import campaign_from_json
from outreach.settings import Settings
from outreach.store import campaigns


class Versions:
    """Campaign versions by id; a version never changes, so what was read once is kept."""

    def __init__(self) -> None:
        self._known: dict[int, Campaign] = {}

    def get(self, connection: Connection, version_id: int) -> Campaign:
        """The campaign of a version; raises KeyError when there is none."""
        known = self._known.get(version_id)
        if known is None:
            known = self._known[version_id] = campaign_from_json(campaigns.body(connection, version_id))
        return known


#: What a lease leaves beside the longest call to a provider: for the gate, the rendering, and recording the outcome.
LEASE_MARGIN = timedelta(seconds=3)


@dataclass(frozen=True)
class Desk:
    """`routes`: the providers of each channel in order of preference. `pool` runs calls to providers concurrently.

    `traffic`: what is known of these ways out, their circuits and rates. `outstanding`: what this process gave to the
    workers.
    """

    engine: Engine
    settings: Settings
    clock: Clock
    renderer: Renderer
    routes: Mapping[Channel, Sequence[Provider]]
    pool: Executor
    versions: Versions = field(default_factory=Versions)
    traffic: Traffic = field(default_factory=Traffic)
    law: Law = field(default_factory=Law)
    outstanding: Outstanding = field(default_factory=Outstanding)

    def campaign(self, connection: Connection, version_id: int) -> Campaign:
        """The campaign of a version, read on the caller's connection: a second one could wait for the first."""
        return self.versions.get(connection, version_id)

    def lease_until(self) -> datetime:
        """The end (machine time) of a lease that begins now: after it a worker counts as dead, and what it held is
        taken up again. A living one that is late harms nothing, since only the row's state lets a call leave."""
        return self.clock.machine() + timedelta(seconds=self.settings.provider_timeout) + LEASE_MARGIN
