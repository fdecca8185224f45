"""The pooled HTTP transport that all HTTP adapters share: keep-alive, one timeout, no retries, no redirects.

A retry below the adapter would send twice, so there is none. The vendors' packages build the requests; their own
transports open a connection or rebuild an opener a call, which costs several times as much.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson
import urllib3
from urllib3 import exceptions

from outreach.domain.sending import NotSent, OutcomeUnknown, Reason, Scope, SendError
from outreach.settings import Settings

#: Failures before the first byte of a request was written.
_BEFORE_SENDING = (
    exceptions.ConnectTimeoutError,  # refused, unreachable and DNS are kinds of it
    exceptions.EmptyPoolError,
    exceptions.ClosedPoolError,
    exceptions.LocationValueError,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer read to its end. `headers` ignore case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, or None when it is not JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        value = self.json()
        return value if isinstance(value, dict) else {}


class Transport:
    """Makes one call at a time per thread, for any number of threads, over kept connections.

    `timeout` is in seconds, for the connection and for the answer together; `pool_size` is the most connections
    to one host; a call that waits longer than `timeout` for one was not sent.
    """

    def __init__(self, *, timeout: float, pool_size: int) -> None:
        self._timeout = timeout
        self._pool = urllib3.PoolManager(
            maxsize=pool_size, block=True, retries=False, timeout=urllib3.Timeout(total=timeout)
        )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(timeout=settings.provider_timeout, pool_size=settings.send_concurrency)

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | str | None = None) -> Reply:
        """Call once. Any status is an answer. Raises NotSent or OutcomeUnknown when there is none."""
        if not url.startswith(("http://", "https://")):
            raise NotSent(Scope.ACCOUNT, Reason.OTHER, detail="the API base in the settings is no http(s) address")
        try:
            response = self._pool.request(
                method, url, headers=headers, body=body, redirect=False, pool_timeout=self._timeout
            )
        except exceptions.HTTPError as error:
            raise failure_of(error) from error
        return Reply(response.status, response.headers, response.data)


def failure_of(error: exceptions.HTTPError) -> SendError:
    """NotSent when the request surely never left; OutcomeUnknown for all else (read timeout, reset, cut answer).

    The detail names the kind of failure only: the text of the error holds the URL, and that a debtor's address.
    """
    untrusted = isinstance(error, exceptions.SSLError) and isinstance(error.args[0], ssl.SSLCertVerificationError)
    failure = NotSent if untrusted or isinstance(error, _BEFORE_SENDING) else OutcomeUnknown
    return failure(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__)
