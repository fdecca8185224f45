"""Vendors as strangers on a socket: signed webhooks of each, and requests byte by byte."""

from __future__ import annotations

import socket
from urllib.parse import urlencode

import httpx
import orjson

from outreach.sandbox.signing import lob_headers, sendgrid_headers, twilio_headers
from tests.web.conftest import LOB_SECRET, NOW, PATIENCE, PUBLIC_URL, SENDGRID_KEY, TOKEN, Door

FORM = "application/x-www-form-urlencoded"
NOTICE = "0" * 31 + "a"
STATUS = f"/webhooks/twilio/status?a={NOTICE}.1"
EVENTS, MAIL, LETTERS = "/webhooks/sendgrid/events", "/webhooks/sendgrid/inbound", "/webhooks/lob"
DELIVERED = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+12125550142", "ErrorMessage": ""}


def post_twilio(door: Door, path: str, fields: dict[str, str], token: str = TOKEN) -> httpx.Response:
    """A form, signed for the public address."""
    headers = twilio_headers(token, f"{PUBLIC_URL}{path}", fields)
    return door.client.post(path, content=urlencode(fields), headers={**headers, "Content-Type": FORM})


def post_sendgrid(door: Door, body: bytes, path: str = EVENTS, content_type: str = "") -> httpx.Response:
    """A signed body: JSON events, or whatever else it is."""
    headers = sendgrid_headers(SENDGRID_KEY, NOW, body) | ({"Content-Type": content_type} if content_type else {})
    return door.client.post(path, content=body, headers=headers)


def post_lob(door: Door, body: bytes) -> httpx.Response:
    """A signed event of Lob."""
    return door.client.post(LETTERS, content=body, headers=lob_headers(LOB_SECRET, NOW, body))


def sendgrid_event(event_id: str, attempt: int = 1) -> dict[str, object]:
    """News that a mail was delivered."""
    return {
        "sg_event_id": event_id,
        "sg_message_id": "m.1",
        "event": "delivered",
        "email": "ada@debtor.example",
        "timestamp": int(NOW.timestamp()),
        "outreach_attempt": f"{NOTICE}.{attempt}",
    }


def mail(
    text: bytes, attachment: bytes = b"", html: bytes = b"", sender: bytes = b"Ada <ada@debtor.example>"
) -> tuple[bytes, str]:
    """A debtor's mail as SendGrid's inbound parse posts it: the form and its content type."""
    fields = {
        b"from": sender,
        b"to": b"help@northwind.example",
        b"subject": b"Re: your account",
        b"text": text,
        b"html": html,
    }
    parts = [b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part for part in fields.items()]
    if attachment:
        head = (
            b'Content-Disposition: form-data; name="attachment1"; filename="scan.pdf"\r\nContent-Type: application/pdf'
        )
        parts.append(b"--cut\r\n" + head + b"\r\n\r\n" + attachment + b"\r\n")
    return b"".join([*parts, b"--cut--\r\n"]), "multipart/form-data; boundary=cut"


def head(path: str, headers: dict[str, str], length: int) -> bytes:
    """The head of a POST whose body has `length` bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: outreach.example", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


def status_request() -> bytes:
    """A whole signed status callback."""
    body = urlencode(DELIVERED).encode()
    headers = twilio_headers(TOKEN, f"{PUBLIC_URL}{STATUS}", DELIVERED) | {"Content-Type": FORM}
    return head(STATUS, headers, len(body)) + body


def connect(door: Door) -> socket.socket:
    """A connection by hand."""
    return socket.create_connection(door.address, PATIENCE)


def answer_of(connection: socket.socket) -> tuple[int, bytes]:
    """What the server says until it closes the connection or waits: the status (0: nothing), and all of it."""
    said = b""
    while b"\r\n\r\n" not in said:
        try:
            chunk = connection.recv(65536)
        except ConnectionResetError:
            break
        if not chunk:
            break
        said += chunk
    return (int(said[9:12]) if said else 0), said


def events_body(*events: object) -> bytes:
    """Events as SendGrid writes them, with its line end."""
    return orjson.dumps(list(events)) + b"\r\n"
