"""The twilio package over the pooled transport."""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from outreach.providers.failures import Clock, Meaning, refusal, retry_after
from outreach.providers.http import Reply, Transport, Wanted, run
from outreach.providers.twilio_codes import UNKNOWN_CODE, meaning_of


class PooledClient(HttpClient):  # type: ignore[misc]  # the package has no types
    """The twilio package's extension point for transports, over ours.

    Answers of 400 and more become our errors here, where the headers and with them Retry-After are still known.
    """

    is_async = False

    def __init__(self, transport: Transport, now: Clock) -> None:
        logger = logging.getLogger("twilio.http_client")
        logger.setLevel(logging.WARNING)  # at INFO it logs URLs, and those hold debtors' numbers
        super().__init__(logger, is_async=self.is_async)
        self._transport = transport
        self._now = now

    def request(self, *args: Any, **named: Any) -> Response | Coroutine[Wanted, Reply, Response]:
        """One call. Raises NotSent, Rejected or OutcomeUnknown."""
        return run(self._call(*args, **named))

    async def _call(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - one timeout for all calls
        allow_redirects: bool = False,  # noqa: ARG002, FBT001 - never
    ) -> Response:
        url = f"{uri}?{urlencode(params, doseq=True)}" if params else uri
        login = urllib3.make_headers(basic_auth=":".join(auth)) if auth else {}
        reply = await self._transport.ask(
            method, url, headers={**(headers or {}), **login}, body=urlencode(data, doseq=True) if data else None
        )
        if reply.status >= 300:
            code = reply.json_object().get("code")
            wait = retry_after(reply.headers, self._now())
            raise refusal(
                reply.status, _meaning(reply.status, code), code=None if code is None else str(code), retry_after=wait
            )
        return Response(reply.status, reply.body.decode(errors="replace"), reply.headers)


class PooledCoroutines(PooledClient):
    """The same for the package's coroutines."""

    is_async = True

    def request(self, *args: Any, **named: Any) -> Coroutine[Wanted, Reply, Response]:
        """One call, once it is awaited."""
        return self._call(*args, **named)


def _meaning(status: int, code: object) -> Meaning | None:
    # A 400 with a code that nobody wrote down yet is for the operator to see, not for the text to be blamed.
    return meaning_of(code) or (UNKNOWN_CODE if status == 400 else None)
