"""The only place that builds things: from settings to engine, providers, renderer and desk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from outreach.domain.calendar import zones_are_current
from outreach.domain.campaign import Campaign
from outreach.domain.law import Law
from outreach.domain.message import SENT_CHANNELS
from outreach.domain.pacing import Rate
from outreach.domain.sending import Provider
from outreach.flow.clock import Clock, SystemClock
from outreach.flow.desk import Desk
from outreach.flow.enroll import register
from outreach.flow.traffic import Traffic
from outreach.flow.webhook_endpoints import register_endpoints
from outreach.policies import BadPacks, built_in, load_packs
from outreach.providers import registry
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.schedules import LoadResult, has_errors, load_campaigns
from outreach.settings import Settings, SettingsError
from outreach.store.buckets import Buckets, LocalBuckets, RedisBuckets, on_redis
from outreach.store.engine import make_engine
from outreach.store.migrate import current, head


class NotReady(Exception):
    """The system may not run as it is; the message says why and what to do."""


@dataclass(frozen=True)
class App:
    """All that a process works with."""

    settings: Settings
    clock: Clock
    engine: Engine
    providers: dict[str, Provider]
    desk: Desk

    def register_campaigns(self) -> list[Campaign]:
        """Read the campaign files, keep their versions, and return them. Raises NotReady when they have mistakes."""
        loaded = read_campaigns(self.settings)
        creditors = [entry.creditor for entry in loaded.creditors.values()]
        register(self.engine, creditors, loaded.campaigns, self.clock)
        register_endpoints(self.engine, loaded.creditors, self.clock.now())
        return list(loaded.campaigns.values())

    def require_schema(self) -> None:
        """Raises NotReady unless the database is at this version's schema."""
        with self.engine.connect() as connection:
            at = current(connection)
        if at != head():
            raise NotReady(
                f"the database is at schema {at or 'none'}, this version needs {head()}: run outreach migrate"
            )


def read_campaigns(settings: Settings) -> LoadResult:
    """The campaigns of the schedules folder. Raises NotReady when a file has a mistake: nothing runs on half a file."""
    loaded = load_campaigns(settings.schedules)
    if has_errors(loaded.problems):
        raise NotReady("\n".join(str(problem) for problem in loaded.problems) + "\nRun outreach check for the details")
    return loaded


def read_law(settings: Settings) -> Law:
    """The law by all packs, those of OUTREACH_POLICIES included. Raises NotReady when one has a mistake, or when this
    machine's time zones are too old for it: nothing is sent on half a law."""
    if not zones_are_current():
        raise NotReady("the time zone data is older than 2026: install the pinned tzdata again (make setup)")
    try:
        packs = load_packs(settings.policies).all() if settings.policies else built_in()
    except BadPacks as bad:
        raise NotReady(f"{bad}\nRun outreach check for the details") from bad
    return Law(packs)


@contextmanager
def open_app(settings: Settings, clock: Clock | None = None) -> Iterator[App]:
    """Build what the settings describe, and take it down at the end. Raises SettingsError."""
    clock = clock or SystemClock()
    engine = make_engine(settings.database_url)
    providers = registry.build(settings, now=clock.now)
    renderer = Renderer(settings.templates, LetterPrinter())
    pool = ThreadPoolExecutor(settings.send_concurrency, thread_name_prefix="send")
    routes = {channel: registry.for_channel(providers, channel, settings) for channel in SENT_CHANNELS}
    buckets = _buckets(settings, clock)
    traffic = Traffic({name: Rate(rate) for name, rate in settings.rates.items()}, buckets)
    desk = Desk(engine, settings, clock, renderer, routes, pool, traffic=traffic, law=read_law(settings))
    try:
        yield App(settings, clock, engine, providers, desk)
    finally:
        pool.shutdown()
        renderer.close()
        buckets.close()
        engine.dispose()


def _buckets(settings: Settings, clock: Clock) -> Buckets:
    """Shared through the broker's Redis where there is one; otherwise each process paces itself."""
    shared = on_redis(settings.broker_url)
    return RedisBuckets(settings.broker_url) if shared else LocalBuckets(clock.machine)


def require_secret_key(settings: Settings) -> None:
    """Raises SettingsError unless the key that signs sessions and links is set and long enough."""
    if len(settings.secret_key.get_secret_value()) < 32:
        raise SettingsError(
            "OUTREACH_SECRET_KEY must be at least 32 characters: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one"
        )
