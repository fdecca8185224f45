"""`outreach web` as a process of its own, as operators start it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.flow.house import free_port

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 60


@dataclass(frozen=True)
class WebProcess:
    """A running web. Its public address, and so what vendors sign, is `url`."""

    running: subprocess.Popen[bytes]
    url: str


@contextmanager
def web_process(
    folder: Path, database: str, broker: str, token: str, key: ec.EllipticCurvePrivateKey
) -> Iterator[WebProcess]:
    """Start it, and stop it at the end if it still runs. Twilio signs with `token`, SendGrid with `key`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings = {
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "PUBLIC_URL": url,
        "PORT": str(port),
        "SECRET_KEY": "web" * 16,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_FROM": "+12125550100",
        "SENDGRID_API_KEY": "SG.sample",
        "SENDGRID_FROM": "help@northwind.example",
        "SENDGRID_WEBHOOK_PUBLIC_KEY": base64.b64encode(public).decode(),
    }
    env = os.environ | {f"OUTREACH_{name}": value for name, value in settings.items()}
    log = folder / f"web-{port}.log"
    with log.open("wb") as out:
        running = subprocess.Popen([sys.executable, "-m", "outreach", "web"], env=env, cwd=ROOT, stdout=out, stderr=out)
    try:
        _await(running, url, log)
        yield WebProcess(running, url)
    finally:
        running.terminate()
        running.wait(40)


def _await(running: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_TIMEOUT
    while True:
        try:
            httpx.get(f"{url}/healthz")
        except httpx.TransportError as error:
            if running.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the web does not start: {log.read_text()[-3000:]}") from error
            time.sleep(0.1)
        else:
            return
