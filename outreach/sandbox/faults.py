"""Faults on demand: the next calls of a provider fail in a chosen way, for tests of unknown outcomes."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Paths of the calls that send, by provider; the other calls of a provider ask.
_SENDS = {"twilio": "/Messages.json", "sendgrid": "/v3/mail/send", "lob": "/v1/letters"}


class FaultKind(StrEnum):
    """How a call fails. All but THROTTLE and those with `accept` false happen after the provider has accepted.

    SLOW fails nothing: the right answer comes late.
    """

    TIMEOUT = "timeout"
    RESET = "reset"
    ERROR = "error"
    THROTTLE = "throttle"
    GARBAGE = "garbage"
    SLOW = "slow"


class Fault(BaseModel):
    """The body of POST /sandbox/faults.

    `seconds` is real time: how long a timeout or a slow call holds its answer back, or the Retry-After of a throttle.
    `on` is which calls: those that send, or those that ask. `status` is for errors.
    """

    model_config = ConfigDict(extra="forbid")

    provider: Literal["twilio", "sendgrid", "lob"]
    kind: FaultKind
    count: int = Field(default=1, ge=1)
    on: Literal["send", "find"] = "send"
    accept: bool = True
    status: int = Field(default=503, ge=500, le=599)
    seconds: float = Field(default=30.0, ge=0)


class Faults:
    """The faults that are armed. Each call takes at most one."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self.armed.append(fault)

    def clear(self) -> None:
        self.armed.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, used up by it."""
        for fault in self.armed:
            if _concerns(fault, method, path):
                fault.count -= 1
                if fault.count == 0:
                    self.armed.remove(fault)
                return fault
        return None


def _provider(path: str) -> str | None:
    prefixes = {"/2010-04-01/": "twilio", "/v3/": "sendgrid", "/v1/": "lob"}
    return next((name for prefix, name in prefixes.items() if path.startswith(prefix)), None)


def _concerns(fault: Fault, method: str, path: str) -> bool:
    sends = method == "POST" and path.endswith(_SENDS[fault.provider])
    return _provider(path) == fault.provider and sends == (fault.on == "send")


class FaultMiddleware:
    """Stands before the providers and spoils the answers of the calls that a fault concerns."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if self._faults.armed and scope["type"] == "http":
            fault = self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.kind is FaultKind.SLOW:
            await self._app(scope, receive, _late(send, fault.seconds))
            return
        if fault.accept and fault.kind is not FaultKind.THROTTLE:
            await self._app(scope, receive, _swallow)
        if fault.kind is FaultKind.RESET:
            await _reset(receive)
            return
        if fault.kind is FaultKind.TIMEOUT:
            await asyncio.sleep(fault.seconds)
        await _answer(fault)(scope, receive, send)


async def _swallow(_: Message) -> None:
    """The app's own answer, which nobody is to see."""


def _late(send: Send, seconds: float) -> Send:
    async def held_back(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    return held_back


def _answer(fault: Fault) -> Response:
    if fault.kind is FaultKind.THROTTLE:
        content: dict[str, Any] = {"code": 20429, "status": 429, "message": "Too Many Requests"}
        return JSONResponse(content, 429, {"Retry-After": f"{fault.seconds:g}"})
    if fault.kind is FaultKind.GARBAGE:
        return Response("<html>It works!</html>", 200, media_type="text/html")
    return JSONResponse({"status": fault.status, "message": "Internal Server Error"}, fault.status)


async def _reset(receive: Receive) -> None:
    """Cut the connection without an answer. ASGI has no word for it, so the server's own transport is used."""
    cycle = getattr(receive, "__self__", None)
    if cycle is None:
        raise RuntimeError("a reset needs uvicorn below the app")
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
