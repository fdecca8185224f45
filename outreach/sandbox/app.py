"""The sandbox as one ASGI app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from outreach.sandbox import mailing, posting, texting
from outreach.sandbox.answering import Answering
from outreach.sandbox.audit import Audit
from outreach.sandbox.clockwork import Clockwork
from outreach.sandbox.config import SandboxConfig
from outreach.sandbox.core import Core, Refusal
from outreach.sandbox.courier import Courier
from outreach.sandbox.faults import FaultMiddleware, Faults
from outreach.sandbox.items import Mail, Text
from outreach.sandbox.ledger import Ledger
from outreach.sandbox.lob_api import LobApi
from outreach.sandbox.sendgrid_api import SendGridApi
from outreach.sandbox.twilio_api import TwilioApi
from outreach.sandbox.views import Views


def create_app(config: SandboxConfig) -> Starlette:
    """The app, to be served by uvicorn on a port of its own. It sends no real message."""
    clock = Clockwork(config.now, config.speed)
    core = Core(config, clock, Ledger(config.ledger), Courier(), Faults())
    texts, mails, letters = texting.Texting(core), mailing.Mailing(core), posting.Posting(core)
    answering = Answering(core.world, clock, texts, mails)
    views = Views(core, answering, mails)
    routes = [
        *TwilioApi(core, texts).routes(),
        *SendGridApi(core, mails).routes(),
        *LobApi(core, letters).routes(),
        *Audit(core, answering).routes(),
        *views.routes(),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await core.courier.open()
        await core.ledger.open()
        await _resume(core, texts, mails, letters)
        yield
        await clock.close()
        await core.courier.close()
        await core.ledger.close()

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={Refusal: _refused, HTTPException: views.error},
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(config.allowed_hosts)),
            Middleware(FaultMiddleware, faults=core.faults),
        ],
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response()


async def _resume(core: Core, texts: texting.Texting, mails: mailing.Mailing, letters: posting.Posting) -> None:
    """Remember what was there before a restart, and take up again what was under way."""
    for item in await core.ledger.items():
        if isinstance(item, Text):
            core.world.add_text(item)
            if not item.inbound and item.status not in texting.FINAL:
                core.clock.spawn(texts.deliver(item))
        elif isinstance(item, Mail):
            core.world.mails.add(item)
            for made in item.events:
                core.world.suppress(item.person, made["event"])
            if not item.inbound and item.status not in mailing.FINAL:
                core.clock.spawn(mails.deliver(item))
        else:
            core.world.add_letter(item)
            if item.status not in posting.FINAL:
                core.clock.spawn(letters.deliver(item))
