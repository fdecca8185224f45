"""SendGrid's event webhook: events gathered for about a second, signed and posted as one array."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from outreach.sandbox import signing
from outreach.sandbox.clockwork import Clockwork
from outreach.sandbox.config import SandboxConfig, derive_key
from outreach.sandbox.courier import Courier
from outreach.sandbox.items import Mail
from outreach.sandbox.ledger import Ledger

#: Events in one POST at most.
_MOST = 500


def event(mail: Mail, word: str, number: int, timestamp: int, extra: dict[str, Any]) -> dict[str, Any]:
    """An event as SendGrid flattens it: custom args stand beside its own fields. `number` tells repeats apart."""
    unique = hashlib.sha256(f"{mail.sg_message_id}|{word}|{number}".encode()).hexdigest()[:32]
    made: dict[str, Any] = {
        **mail.custom_args,
        "email": mail.person,
        "event": word,
        "sg_event_id": unique,
        "sg_message_id": mail.sg_message_id,
        "smtp-id": f"<{mail.message_id}@sandbox.example>",
        "timestamp": timestamp,
        **extra,
    }
    if mail.categories:
        made["category"] = mail.categories
    return made


class EventBatcher:
    """Gathers events and posts them. What it holds when the sandbox stops is lost, like news of a dead provider."""

    def __init__(self, config: SandboxConfig, clock: Clockwork, courier: Courier, ledger: Ledger) -> None:
        self._config = config
        self._clock = clock
        self._courier = courier
        self._ledger = ledger
        self._waiting: list[tuple[Mail, dict[str, Any]]] = []

    def put(self, mail: Mail, made: dict[str, Any]) -> None:
        """Add an event to the next POST."""
        self._waiting.append((mail, made))
        if len(self._waiting) == 1:
            self._clock.spawn(self._flush())

    async def _flush(self) -> None:
        await self._clock.sleep(self._config.delays.batch)
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), _MOST):
            self._clock.spawn(self._post(waiting[start : start + _MOST]))

    async def _post(self, batch: list[tuple[Mail, dict[str, Any]]]) -> None:
        body = b"[" + b",\r\n".join(orjson.dumps(made) for _, made in batch) + b"]\r\n"
        at = self._clock.now()
        signed = signing.sendgrid_headers(derive_key(self._config.sendgrid_key_secret), at, body)
        url = self._config.callback_url + "/webhooks/sendgrid/events"
        receipt = await self._courier.post(url, body, {"Content-Type": "application/json", **signed})
        for mail, made in batch:
            self._ledger.called_back(mail.ref, made["event"], at, receipt.http, receipt.tries)
