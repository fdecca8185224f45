"""A stand-in for Twilio and SendGrid that costs next to nothing, so that a benchmark measures us and not it.

It speaks only what the benchmark needs of the wire protocols: Twilio's `POST Messages.json` and SendGrid's
`POST /v3/mail/send`, answered after `--latency`, and their callbacks, signed as the vendors sign them, over kept
connections. A callback that is not answered with 2xx is posted again, as the vendors do. The sandbox is the full one.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import time
from collections import Counter, deque
from urllib.parse import parse_qs, parse_qsl, urlsplit

import orjson
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
        self.acknowledged = 0
        self.refused = 0
        self.first = self.last_accepted = self.last_acknowledged = 0.0
        self.posts: asyncio.Queue[tuple[str, bytes, dict[str, str], int]] = asyncio.Queue()
        self.events: deque[dict[str, object]] = deque()

    def stats(self) -> bytes:
        """The figures as JSON; times are those of `time.time()`."""
        return orjson.dumps(
            {
                "accepted": self.accepted.total(),
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
        attempt = parse_qs(urlsplit(url).query)["a"][0]
        self.accepted[attempt] += 1
        sid = f"SM{self.accepted.total():032x}"
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
        number = self.accepted.total()
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
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while True:
            url, body, headers, count = await self.posts.get()
            parts = urlsplit(url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            lines = {"Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"} | headers
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            request = f"POST {target} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
            try:
                streams = streams or await asyncio.open_connection(parts.hostname, parts.port)
                streams[1].write(request)
                status = await _status(streams[0])
            except (OSError, asyncio.IncompleteReadError, ValueError):
                status, streams = 0, None
            if 200 <= status < 300:
                self.acknowledged += count
                self.last_acknowledged = time.time()
            else:
                self.refused += count
                self.posts.put_nowait((url, body, headers, count))
                await asyncio.sleep(0.2)


class Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, keep-alive."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor, self._buffer = vendor, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where the answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request in the buffer."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
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


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    low = head.lower()
    at = low.find(b"content-length:")
    if at >= 0:
        await reader.readexactly(int(low[at + 15 :].split(b"\r\n", 1)[0]))
    return int(head[9:12])


def _form(fields: dict[str, str]) -> bytes:
    return "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in fields.items()).encode()


def _sign(url: str, fields: dict[str, str]) -> str:
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


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
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
