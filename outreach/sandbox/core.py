"""The parts that the three providers share, in one hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from outreach.sandbox.clockwork import Clockwork
from outreach.sandbox.config import SandboxConfig
from outreach.sandbox.courier import Courier
from outreach.sandbox.faults import Faults
from outreach.sandbox.ledger import Ledger
from outreach.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Core:
    """What every provider works with."""

    config: SandboxConfig
    clock: Clockwork
    ledger: Ledger
    courier: Courier
    faults: Faults
    world: World = field(default_factory=World)

    def dice(self, name: str) -> random.Random:
        """Chance that is the same for the same seed and name."""
        return random.Random(f"{self.config.seed}|{name}")  # noqa: S311 - chance, not a secret


class Json(Response):
    """A JSON response in the vendor's bytes."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


@dataclass
class Refusal(Exception):
    """A request that a provider turns down, with the vendor's own body."""

    status: int
    content: Any
    headers: dict[str, str] | None = None

    def response(self) -> Json:
        return Json(self.content, self.status, self.headers)
