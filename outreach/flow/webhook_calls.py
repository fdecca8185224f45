"""One webhook that leaves the house: signed, to an address that may be called, and what came of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import orjson

from outreach.domain.destination import Address, Network, literal, may_call, networks
from outreach.domain.sending import NotSent, SendError
from outreach.domain.webhook import BadSecret, Verdict, headers, secrets_of, verdict
from outreach.providers.failures import retry_after
from outreach.providers.http import Reply, Transport
from outreach.settings import Settings

#: Connections that one process has to receivers at once.
CONNECTIONS = 64
AGENT = "Outreach-Webhooks/1"


class CannotCall(Exception):
    """An endpoint cannot be called as it is set; the message says why and the remedy, without its secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. `error` is '' when it was taken; `retry_after` is the receiver's wish in seconds."""

    verdict: Verdict
    error: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint made ready: where to connect, and with which keys to sign."""

    url: str
    addresses: tuple[str, ...]
    keys: list[bytes]


class Caller:
    """Calls receivers. No redirect is followed, nothing is repeated, and an answer has its end in time and size."""

    def __init__(self, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
        self._timeout = settings.provider_timeout
        self._transport = Transport(timeout=self._timeout, pool_size=CONNECTIONS)
        self._allowed = networks(settings.webhook_networks)
        self._environ = environ

    def target(self, url: str, secret: str) -> Target:
        """Make an endpoint ready; `secret` is the name of its environment variable. Raises CannotCall.

        The name is looked up now, and what it says now is called: a record that changes afterwards leads nowhere.
        """
        keys = _keys(secret, self._environ)
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = _look_up(parts.hostname or "", port)
        public = [str(address) for address in found if may_call(address, self._allowed)]
        if not public:
            raise CannotCall(_refusal(found, self._allowed))
        return Target(url, tuple(public), keys)

    def post(self, target: Target, message_id: str, document: Mapping[str, object], machine_now: datetime) -> Answer:
        """Post one document. Any failure is an answer."""
        body = orjson.dumps(document)
        signed = headers(message_id, int(machine_now.timestamp()), body, target.keys)
        every = {**signed, "content-type": "application/json", "user-agent": AGENT}
        try:
            return _answer(self._reply(target, every, body), machine_now)
        except SendError as error:
            return Answer(Verdict.ENDPOINT, f"no answer: {error.detail or error.reason.value}")

    def _reply(self, target: Target, every: Mapping[str, str], body: bytes) -> Reply:
        """By the first address that lets itself be called: a name may have one that this machine does not reach."""
        began = monotonic()
        *first, last = target.addresses
        for address in first:
            try:
                return self._transport.request("POST", target.url, headers=every, body=body, address=address)
            except NotSent:
                if monotonic() - began > self._timeout / 2:
                    raise
        return self._transport.request("POST", target.url, headers=every, body=body, address=last)


def _answer(reply: Reply, machine_now: datetime) -> Answer:
    meant = verdict(reply.status)
    if meant is Verdict.TAKEN:
        return Answer(meant)
    moved = "; redirects are not followed, change the url" if 300 <= reply.status < 400 else ""
    return Answer(meant, f"answered {reply.status}{moved}", retry_after(reply.headers, machine_now))


def _look_up(host: str, port: int) -> list[Address]:
    written = literal(host)
    if written is not None:
        return [written]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotCall(f"the name {host} is not found") from error
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def _refusal(found: Sequence[Address], allowed: Sequence[Network]) -> str:
    networks_now = ", ".join(map(str, allowed)) or "none"
    return (
        f"{found[0]} is no public address: add its network to OUTREACH_WEBHOOK_NETWORKS (now {networks_now}) "
        "if events may be sent there"
    )


def _keys(name: str, environ: Mapping[str, str]) -> list[bytes]:
    """The keys in an environment variable, or in the file that `<name>_FILE` names; read anew, so that they may be
    exchanged while the process runs. Raises CannotCall."""
    value, path = environ.get(name), environ.get(f"{name}_FILE")
    if value is None and path is None:
        raise CannotCall(f"{name} is not set: set it, or {name}_FILE, where workers run")
    try:
        return secrets_of(Path(path).read_text(encoding="utf-8") if value is None and path else value or "")
    except BadSecret as error:
        raise CannotCall(f"{name} {error}") from error
    except (OSError, UnicodeError) as error:
        raise CannotCall(f"{name}_FILE cannot be read: {type(error).__name__}") from error
