"""The signatures on the callbacks of the three providers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def twilio_headers(auth_token: str, url: str, fields: Mapping[str, str]) -> dict[str, str]:
    """HMAC-SHA1 over the URL and the sorted fields, blank ones too (twilio/request_validator.py)."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return {"X-Twilio-Signature": base64.b64encode(digest).decode()}


def sendgrid_headers(key: ec.EllipticCurvePrivateKey, now: datetime, body: bytes) -> dict[str, str]:
    """ECDSA with SHA-256 over the timestamp (whole seconds) and the raw body."""
    stamp = str(int(now.timestamp()))
    signature = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
    }


def lob_headers(secret: str, now: datetime, body: bytes) -> dict[str, str]:
    """Hex HMAC-SHA256 over timestamp (milliseconds), a dot and the raw body."""
    stamp = str(int(now.timestamp() * 1000))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Lob-Signature-Timestamp": stamp, "Lob-Signature": signature}
