"""What the flows work with, handed in by wiring: the database, the campaigns, the ways out, the clock."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from outreach.domain.campaign import Campaign
from outreach.domain.message import Channel
from outreach.domain.sending import Provider
from outreach.flow.clock import Clock
from outreach.rendering.renderer import Renderer
from outreach.schedules import campaign_from_json
from outreach.settings import Settings
from outreach.store import campaigns


class Versions:
    """Campaign versions by id; a version never changes, so what was read once is kept."""

    def __init__(self) -> None:
        self._known: dict[int, Campaign] = {}
        self._lock = threading.Lock()

    def get(self, engine: Engine, version_id: int) -> Campaign:
        """The campaign of a version; raises KeyError when there is none."""
        with self._lock:
            if version_id not in self._known:
                self._known[version_id] = campaign_from_json(campaigns.body(engine, version_id))
            return self._known[version_id]


#: How long a worker may hold what it claimed; a batch takes a few seconds at most.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Desk:
    """`routes`: the providers of each channel in order of preference. `pool` runs calls to providers concurrently.

    `lease`: after this time what a dead worker held is taken up again.
    """

    engine: Engine
    settings: Settings
    clock: Clock
    renderer: Renderer
    routes: Mapping[Channel, Sequence[Provider]]
    pool: Executor
    lease: timedelta = LEASE
    versions: Versions = field(default_factory=Versions)

    def campaign(self, version_id: int) -> Campaign:
        """The campaign that a version id pins."""
        return self.versions.get(self.engine, version_id)

    def lease_until(self) -> datetime:
        """The end (machine time) of a lease that begins now."""
        return self.clock.machine() + self.lease
