"""The vendors' side of the intake benchmark: signed webhooks over keep-alive connections, as fast as they are taken.

A process of its own, so that its CPU is counted apart. It reads one JSON object (`Plan`) from its input, makes and
signs all requests, says "ready", waits for a line, posts, and prints one JSON object (`Result`).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from outreach.sandbox.signing import sendgrid_headers, twilio_headers


@dataclass(frozen=True)
class Plan:
    """What to post. `kind` is twilio (one event a request) or sendgrid (`batch` events a request)."""

    kind: str
    url: str
    events: int
    batch: int
    connections: int
    auth_token: str
    private_key: str
    first: int = 0


@dataclass(frozen=True)
class Result:
    """`latencies` are the seconds that a request took, at the median, the 99th percentile and the longest."""

    seconds: float
    statuses: dict[str, int]
    latencies: tuple[float, float, float]


class _Poster(asyncio.Protocol):
    """One connection: posts, waits for the whole answer, posts the next."""

    def __init__(self, waiting: deque[bytes], done: asyncio.Future[None]) -> None:
        self._waiting, self._done = waiting, done
        self.statuses: Counter[str] = Counter()
        self.latencies: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        # Answers are a few bytes without a body, so one read brings a whole one.
        self.statuses[data[9:12].decode()] += 1
        self.latencies.append(time.perf_counter() - self._began)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the web closed the connection"))

    def _next(self) -> None:
        if self._waiting:
            self._began = time.perf_counter()
            self._transport.write(self._waiting.popleft())  # type: ignore[attr-defined]
        elif not self._done.done():
            self._done.set_result(None)


async def post(plan: Plan, requests: list[bytes]) -> Result:
    """Post all `requests` over `plan.connections` connections."""
    loop, waiting, address = asyncio.get_running_loop(), deque(requests), urlsplit(plan.url)
    futures = [loop.create_future() for _ in range(plan.connections)]
    began = time.perf_counter()
    made = [
        await loop.create_connection(lambda future=future: _Poster(waiting, future), address.hostname, address.port)  # type: ignore[misc]
        for future in futures
    ]
    await asyncio.gather(*futures)
    seconds = time.perf_counter() - began
    latencies = sorted(taken for _, poster in made for taken in poster.latencies)
    statuses = sum((poster.statuses for _, poster in made), Counter())
    for transport, _ in made:
        transport.close()
    shown = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100], latencies[-1]
    return Result(seconds, dict(statuses), shown)


def twilio_requests(plan: Plan) -> list[bytes]:
    """A `sent` and a `delivered` callback for each message."""
    made = []
    for number in range(plan.first, plan.first + plan.events):
        message, word = number // 2, ("sent", "delivered")[number % 2]
        path = f"/webhooks/twilio/status?a={message:032x}.1"
        fields = {
            "ApiVersion": "2010-04-01",
            "AccountSid": "AC" + "0" * 32,
            "MessagingServiceSid": "MG" + "0" * 32,
            "SmsSid": f"SM{message:032x}",
            "MessageSid": f"SM{message:032x}",
            "SmsStatus": word,
            "MessageStatus": word,
            "To": f"+121255501{message % 100:02d}",
            "From": "+12125550100",
            "RawDlrDoneDate": "2611241200",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": f"{number:08x}-0000-4000-8000-000000000000",
            **twilio_headers(plan.auth_token, f"{plan.url}{path}", fields),
        }
        made.append(_request(plan, path, headers, urlencode(fields).encode()))
    return made


def sendgrid_requests(plan: Plan) -> list[bytes]:
    """Batches of `processed` and `delivered` events, in the words that SendGrid writes."""
    key = load_pem_private_key(plan.private_key.encode(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    made = []
    for start in range(plan.first, plan.first + plan.events, plan.batch):
        body = orjson.dumps([_mail_event(number) for number in range(start, start + plan.batch)]) + b"\r\n"
        headers = {"Content-Type": "application/json;charset=utf-8", "User-Agent": "SendGrid Event API"}
        headers |= sendgrid_headers(key, datetime.now(UTC), body)
        made.append(_request(plan, "/webhooks/sendgrid/events", headers, body))
    return made


def _mail_event(number: int) -> dict[str, object]:
    message = number // 2
    event: dict[str, object] = {
        "email": f"debtor{message}@mail{message % 50}.example",
        "timestamp": 1_795_000_000 + number % 3600,
        "smtp-id": f"<{message:022x}@geopod-ismtpd-1>",
        "event": ("processed", "delivered")[number % 2],
        "sg_event_id": f"ZGVsaXZlcmVkLTAt{number:032x}",
        "sg_message_id": f"{message:022x}.recvd-7d9cfbbf7c-xqkzr-1-65F0A5C1-4.0",
        "outreach_attempt": f"{message:032x}.1",
    }
    if number % 2:
        event |= {"response": "250 2.0.0 OK  1795000000 x-20020a05622a0cc700 - gsmtp", "ip": "192.0.2.7", "tls": 1}
    return event


def _request(plan: Plan, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(plan.url).netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def main() -> None:
    """Read the plan, make the requests, wait for the word, post, report."""
    plan = Plan(**json.loads(sys.stdin.readline()))
    requests = twilio_requests(plan) if plan.kind == "twilio" else sendgrid_requests(plan)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(asyncio.run(post(plan, requests)))), flush=True)


if __name__ == "__main__":
    main()
