"""What a sandbox is told when it starts, and the keys that its callbacks are signed with."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Order of the curve P-256 (FIPS 186-5): private keys are 1 .. order - 1.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Delays:
    """How long things take, in seconds of the sandbox's clock; what is slept is this divided by `speed`.

    `text` and `mail` are typical times from acceptance to delivery, `late` the time of a late one, `post_day` one day
    of the post, `reply` the time a debtor takes to answer, `batch` the time SendGrid collects events for one POST.
    """

    text: float = 3.0
    mail: float = 4.0
    late: float = 3600.0
    post_day: float = 86400.0
    reply: float = 90.0
    batch: float = 1.0

    @classmethod
    def none(cls) -> Delays:
        """Everything at once, for tests."""
        return cls(text=0.0, mail=0.0, late=0.0, post_day=0.0, reply=0.0, batch=0.0)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """One sandbox. `callback_url` is the base of the web that gets SendGrid's, Lob's and inbound webhooks.

    `ledger` is a SQLite file, or ":memory:". `now` gives aware UTC and may run faster than real time, by `speed`.
    `twilio_number` is the sender within a messaging service. `reply_rate` is the share (0 to 1) of delivered texts that
    debtors answer by themselves. `quote_replies` quotes the original below an answer, as mail programs do.
    The secrets are the sandbox's own and worth nothing elsewhere.
    """

    callback_url: str
    ledger: str = ":memory:"
    twilio_account_sid: str = "AC" + "0" * 32
    twilio_auth_token: str = "sandbox-twilio-token"  # noqa: S105
    twilio_number: str = "+12125550100"
    sendgrid_api_key: str = "SG.sandbox"
    sendgrid_key_secret: str = "sandbox-sendgrid-key"  # noqa: S105
    lob_api_key: str = "test_sandbox"
    lob_webhook_secret: str = "sandbox-lob-secret"  # noqa: S105
    delays: Delays = field(default_factory=Delays)
    speed: float = 1.0
    now: Callable[[], datetime] = _wall_clock
    seed: int = 1
    reply_rate: float = 0.0
    advanced_opt_out: bool = True
    quote_replies: bool = True
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "sandbox")

    @property
    def sendgrid_webhook_public_key(self) -> str:
        """The key that verifies SendGrid's webhooks: base64 of DER SubjectPublicKeyInfo, as SendGrid shows it."""
        return public_key_base64(derive_key(self.sendgrid_key_secret))

    def as_settings(self, base_url: str) -> dict[str, str]:
        """Overrides for `outreach.settings.load` that point every provider at this sandbox, served at `base_url`."""
        return {
            "twilio_account_sid": self.twilio_account_sid,
            "twilio_auth_token": self.twilio_auth_token,
            "twilio_from": self.twilio_number,
            "twilio_api_base": base_url,
            "sendgrid_api_key": self.sendgrid_api_key,
            "sendgrid_api_base": base_url,
            "sendgrid_webhook_public_key": self.sendgrid_webhook_public_key,
            "lob_api_key": self.lob_api_key,
            "lob_api_base": base_url,
            "lob_webhook_secret": self.lob_webhook_secret,
        }


@lru_cache(maxsize=8)
def derive_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The P-256 key that belongs to `secret`: the same after each restart."""
    okm = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"outreach sandbox webhook").derive(
        secret.encode()
    )
    return ec.derive_private_key(int.from_bytes(okm) % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def public_key_base64(key: ec.EllipticCurvePrivateKey) -> str:
    """Base64 of the DER SubjectPublicKeyInfo of `key`."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()
