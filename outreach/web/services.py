"""What the web layer needs of the rest of the system, handed in by wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from outreach.domain.law import Law
from outreach.domain.sending import Provider
from outreach.settings import Settings


def _machine_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebServices:
    """`providers` are by name. `now` is business time, `machine_now` the clock on the wall (both aware UTC).

    `enqueue_settle` hands inbox ids to the broker; it may fail, a sweep looks again.
    `law`: the policy packs. `sandbox_url`, when set, is shown so that nobody mistakes a demonstration for the real
    thing.
    """

    engine: Engine
    settings: Settings
    providers: Mapping[str, Provider]
    now: Callable[[], datetime]
    enqueue_settle: Callable[[list[int]], object]
    sandbox_url: str = ""
    machine_now: Callable[[], datetime] = _machine_now
    law: Law = field(default_factory=Law)


def of(request: Request) -> WebServices:
    """The services of the application that serves `request`."""
    services: WebServices = request.app.state.services
    return services


Services = Annotated[WebServices, Depends(of)]
