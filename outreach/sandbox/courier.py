"""Carries callbacks to the web: pooled, bounded, and tried again when nobody is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

import aiohttp
from yarl import URL

#: Seconds of real time between tries: the web may not be up yet, or may be restarting.
_BACKOFF = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a callback: the last HTTP status, None when nobody answered, and how many tries it took."""

    http: int | None
    tries: int


class Courier:
    """One pooled HTTP client. Opens in `open`, inside the event loop that uses it."""

    async def open(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_AT_ONCE),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=15),
            skip_auto_headers=("Accept", "Accept-Encoding"),
        )

    async def close(self) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """POST to exactly this URL, without its fragment; tried again on refused connections and 5xx."""
        target = URL(urldefrag(url).url, encoded=True)
        http: int | None = None
        for tries, wait in enumerate((*_BACKOFF, 0.0), start=1):
            http = await self._try(target, body, headers)
            if http is not None and http < 500:
                return Receipt(http, tries)
            await asyncio.sleep(wait)
        return Receipt(http, len(_BACKOFF) + 1)

    async def _try(self, target: URL, body: bytes, headers: Mapping[str, str]) -> int | None:
        async with self._gate:
            try:
                async with self._session.post(target, data=body, headers=headers, allow_redirects=False) as answer:
                    await answer.read()
                    return answer.status
            except (aiohttp.ClientError, TimeoutError):
                return None
