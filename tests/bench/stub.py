"""A stand-in for Twilio and SendGrid that costs next to nothing, so that a benchmark measures us and not it.

It speaks only what the benchmark needs of the wire protocols: Twilio's `POST Messages.json` and SendGrid's
`POST /v3/mail/send`, answered after `--latency`, and their callbacks, signed as the vendors sign them, over kept
connections. A callback that is not answered with 2xx is posted again, as the vendors do. The sandbox is the full one.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hmac
import time
from collections import Counter, deque
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import orjson
import uvloop
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

#: Kept connections on which callbacks are posted; one request at a time on each.
CALLBACK_CONNECTIONS = 32
#: SendGrid posts events in batches: this many, or what came in a tenth of a second.
MAIL_BATCH = 500
MAIL_PAUSE = 0.1
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "stub-token", "+15550100100"


class Vendor:
    """What was accepted and what was called back."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.latency: float = options.latency / 1000
        self.statuses: list[str] = options.statuses.split(",") if options.statuses else []
        self.mail_key = _mail_key(options.mail_key)
        self.mail_url: str = options.mail_url
        self.accepted: Counter[str] = Counter()
        self.total = 0
        self.acknowledged = 0
        self.refused = 0
        self.first = self.last_accepted = self.last_acknowledged = 0.0
        self.posts: asyncio.Queue[tuple[str, bytes, dict[str, str], int]] = asyncio.Queue()
        self.events: deque[dict[str, object]] = deque()

    def stats(self) -> bytes:
        """The figures as JSON; times are those of `time.time()`."""
        return orjson.dumps(
            {
                "accepted": self.total,
                "distinct": len(self.accepted),
                "acknowledged": self.acknowledged,
                "refused": self.refused,
                "first": self.first,
                "last_accepted": self.last_accepted,
                "last_acknowledged": self.last_acknowledged,
                "cpu": time.process_time(),
            }
        )

    def take(self, target: str, body: bytes) -> tuple[int, bytes, str]:
        """One request: status, body and an extra header line of the answer."""
        if target == "/stats":
            return 200, self.stats(), ""
        self.last_accepted = time.time()
        self.first = self.first or self.last_accepted
        if target.endswith("/Messages.json"):
            return 201, self._text(dict(parse_qsl(body.decode()))), ""
        if target == "/v3/mail/send":
            return 202, b"", f"X-Message-Id: {self._mail(orjson.loads(body))}\r\n"
        return 404, b"{}", ""

    def _text(self, form: dict[str, str]) -> bytes:
        url = form["StatusCallback"].partition("#")[0]  # a fragment is neither sent nor signed
        attempt = url.partition("?a=")[2]
        self.accepted[attempt] += 1
        self.total += 1
        sid = f"SM{self.total:032x}"
        for status in self.statuses:
            fields = {
                "ApiVersion": "2010-04-01",
                "AccountSid": ACCOUNT,
                "From": NUMBER,
                "MessageSid": sid,
                "MessageStatus": status,
                "SmsSid": sid,
                "SmsStatus": status,
                "To": form["To"],
            }
            self.posts.put_nowait((url, _form(fields), {"X-Twilio-Signature": _sign(url, fields)}, 1))
        answer = {"sid": sid, "status": "queued", "num_segments": "1", "to": form["To"], "body": form["Body"]}
        return orjson.dumps(answer | {"account_sid": ACCOUNT, "error_code": None, "error_message": None})

    def _mail(self, mail: dict[str, object]) -> str:
        person = mail["personalizations"][0]  # type: ignore[index]
        attempt = person["custom_args"]["outreach_attempt"]
        self.accepted[attempt] += 1
        self.total += 1
        number = self.total
        ref = f"stub{number:018d}"
        for status in self.statuses:
            self.events.append(
                {
                    "email": person["to"][0]["email"],
                    "timestamp": int(time.time()),
                    "event": status,
                    "sg_event_id": f"{status}-{number}",
                    "sg_message_id": f"{ref}.recvd-0",
                    "smtp-id": f"<{ref}@ismtpd>",
                    "response": "250 OK",
                    "outreach_attempt": attempt,
                }
            )
        return ref

    async def post_mail_events(self) -> None:
        """Post what happened to mails, in batches."""
        while True:
            await asyncio.sleep(MAIL_PAUSE)
            while self.events:
                batch = [self.events.popleft() for _ in range(min(MAIL_BATCH, len(self.events)))]
                body, stamp = orjson.dumps(batch), str(int(time.time()))
                assert self.mail_key is not None
                signature = base64.b64encode(self.mail_key.sign(stamp.encode() + body, ECDSA(SHA256()))).decode()
                headers = {
                    "X-Twilio-Email-Event-Webhook-Signature": signature,
                    "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
                    "Content-Type": "application/json",
                }
                self.posts.put_nowait((self.mail_url, body, headers, len(batch)))

    async def call_back(self) -> None:
        """Post callbacks on one kept connection, one after the other, each until it is acknowledged."""
        caller: Caller | None = None
        while True:
            url, body, headers, count = await self.posts.get()
            host, port, target = _parts(url)
            lines = {"Host": f"{host}:{port}", "Content-Type": "application/x-www-form-urlencoded"} | headers
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            request = f"POST {target} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
            try:
                if caller is None or caller.is_lost:
                    loop = asyncio.get_running_loop()
                    _, caller = await loop.create_connection(Caller, host, port)
                status = await caller.post(request)
            except (OSError, ValueError):
                status, caller = 0, None
            if 200 <= status < 300:
                self.acknowledged += count
                self.last_acknowledged = time.time()
            else:
                self.refused += count
                self.posts.put_nowait((url, body, headers, count))
                await asyncio.sleep(0.2)


class Caller(asyncio.Protocol):
    """One kept connection to whoever is called back; one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._status: asyncio.Future[int] | None = None
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where requests go."""
        self._transport = cast("asyncio.Transport", transport)

    def post(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the future is the status of the whole answer."""
        self._status = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._status

    def data_received(self, data: bytes) -> None:
        """Read an answer to its end."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or len(self._buffer) < end + 4 + _length(self._buffer[:end].lower()):
            return
        status, self._buffer = int(self._buffer[9:12]), b""
        if self._status is not None and not self._status.done():
            self._status.set_result(status)

    def connection_lost(self, exc: Exception | None) -> None:
        """An answer that did not come will not come."""
        self.is_lost = True
        if self._status is not None and not self._status.done():
            self._status.set_exception(exc or ConnectionResetError())


class Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, keep-alive."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor, self._buffer = vendor, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where the answers go."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every whole request in the buffer."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = _length(head)
            if len(self._buffer) < end + 4 + length:
                return
            target = self._buffer[: self._buffer.find(b"\r\n")].split(b" ")[1].decode()
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            status, answer, extra = self._vendor.take(target, body)
            head_out = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{extra}Content-Length: {len(answer)}"
            whole = head_out.encode() + b"\r\n\r\n" + answer
            if self._vendor.latency:
                asyncio.get_running_loop().call_later(self._vendor.latency, self._transport.write, whole)
            else:
                self._transport.write(whole)


@lru_cache
def _address(base: str) -> tuple[str, int]:
    parts = urlsplit(base)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def _parts(url: str) -> tuple[str, int, str]:
    scheme, _, rest = url.partition("://")
    authority, _, target = rest.partition("/")
    return *_address(f"{scheme}://{authority}"), f"/{target}"


def _length(head: bytes) -> int:
    """Content-Length of a head in lower case."""
    at = head.find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _form(fields: dict[str, str]) -> bytes:
    return "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in fields.items()).encode()


def _sign(url: str, fields: dict[str, str]) -> str:
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(TOKEN.encode(), text.encode(), "sha1")).decode()


def _mail_key(text: str) -> EllipticCurvePrivateKey | None:
    if not text:
        return None
    key = load_der_private_key(base64.b64decode(text), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


async def serve(options: argparse.Namespace) -> None:
    """Run until killed."""
    vendor = Vendor(options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(vendor), "127.0.0.1", options.port, backlog=1024)
    tasks = [asyncio.create_task(vendor.call_back()) for _ in range(CALLBACK_CONNECTIONS)]
    tasks.append(asyncio.create_task(vendor.post_mail_events()))
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serve on a port."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stub", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0, help="milliseconds before an answer")
    parser.add_argument("--statuses", default="delivered", help="called back for each message, in order")
    parser.add_argument("--mail-url", default="", help="where events of mails are posted")
    parser.add_argument("--mail-key", default="", help="private key (DER, base64) that signs them")
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
