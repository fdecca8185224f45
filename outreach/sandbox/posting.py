"""The print house's side of a letter: printed, mailed, carried, delivered or returned, and its events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from outreach.sandbox import signing
from outreach.sandbox.core import Core
from outreach.sandbox.items import Letter
from outreach.sandbox.outcomes import Outcome, of_letterbox

FINAL = frozenset({"letter.delivered", "letter.returned_to_sender", "letter.rejected", "letter.deleted"})


@dataclass(frozen=True, slots=True)
class Step:
    """`days` of the post later, `word` happens."""

    days: float
    word: str


def steps(outcome: Outcome, dice: Random) -> list[Step]:
    """The way of a letter, event by event. First class takes three to six days."""
    made = [Step(0.0, "letter.created"), Step(0.001, "letter.rendered_pdf")]
    if outcome is Outcome.REJECTED:
        return [*made, Step(0.01, "letter.rejected")]
    carried = [*made, Step(1.0, "letter.mailed"), Step(1.0, "letter.in_transit")]
    if outcome is Outcome.RETURNED:
        return [*carried, Step(8.0, "letter.returned_to_sender")]
    last = 19.0 if outcome is Outcome.LATE else dice.uniform(1.0, 4.0)
    return [*carried, Step(last, "letter.delivered")]


def resource(letter: Letter) -> dict[str, Any]:
    """A letter as the API shows it."""
    moved = letter.history[-1][1] if letter.history else letter.created_at.isoformat()
    scans = {"letter.mailed", "letter.in_transit", "letter.delivered", "letter.returned_to_sender"}
    return {
        "id": letter.id,
        "object": "letter",
        "description": letter.fields.get("description"),
        "metadata": letter.metadata,
        "to": letter.recipient,
        "from": letter.sender,
        "color": letter.fields.get("color") == "true",
        "double_sided": letter.fields.get("double_sided", "true") == "true",
        "address_placement": letter.fields.get("address_placement", "top_first_page"),
        "mail_type": letter.fields.get("mail_type", "usps_first_class"),
        "use_type": letter.fields.get("use_type"),
        "carrier": "USPS",
        "url": f"/letters/{letter.id}.pdf",
        "status": letter.status.removeprefix("letter."),
        "tracking_events": [
            {"name": word.removeprefix("letter."), "time": at} for word, at in letter.history if word in scans
        ],
        "date_created": letter.created_at.isoformat(),
        "date_modified": moved,
        "send_date": letter.created_at.isoformat(),
    }


class Posting:
    """Accepts letters, carries them and calls back."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def accept(self, letter: Letter, pdf: bytes) -> None:
        """Take a letter: committed to the ledger on return, printed and carried later."""
        self._core.world.add_letter(letter)
        await self._core.ledger.accept("lob", letter, pdf, pdf)
        self._core.clock.spawn(self.deliver(letter))

    async def deliver(self, letter: Letter) -> None:
        """Walk a letter from where it is to its end; also after a restart."""
        outcome = of_letterbox(letter.recipient.get("address_line2", ""))
        dice = self._core.dice(letter.idempotency_key or letter.id)
        for step in steps(outcome, dice)[len(letter.history) :]:
            await self._core.clock.sleep(step.days * self._core.config.delays.post_day)
            if letter.status == "letter.deleted":
                return
            self._move(letter, step.word)
            if outcome is not Outcome.NOISY:
                await self._say(letter, [step.word] if outcome is not Outcome.SILENT else [])
        if outcome is Outcome.NOISY:
            await self._say(letter, [word for word, _ in letter.history[::-1]] * 2)

    async def cancel(self, letter: Letter) -> None:
        """Stop a letter that has not been mailed."""
        self._move(letter, "letter.deleted")
        self._core.clock.spawn(self._say(letter, ["letter.deleted"]))

    def _move(self, letter: Letter, word: str) -> None:
        letter.status = word
        letter.history.append((word, self._core.clock.now().isoformat()))
        self._core.ledger.moved(letter)

    async def _say(self, letter: Letter, words: list[str]) -> None:
        for word in words:
            at = self._core.clock.now()
            body = orjson.dumps(_event(letter, word, at.isoformat()))
            signed = signing.lob_headers(self._core.config.lob_webhook_secret, at, body)
            url = self._core.config.callback_url + "/webhooks/lob"
            receipt = await self._core.courier.post(url, body, {"Content-Type": "application/json", **signed})
            self._core.ledger.called_back(letter.id, word, at, receipt.http, receipt.tries)


def _event(letter: Letter, word: str, at: str) -> dict[str, Any]:
    return {
        "id": "evt_" + hashlib.sha256(f"{letter.id}|{word}".encode()).hexdigest()[:16],
        "object": "event",
        "reference_id": letter.id,
        "event_type": {
            "id": word,
            "object": "event_type",
            "resource": "letters",
            "enabled_for_test": word in {"letter.created", "letter.rendered_pdf", "letter.rejected", "letter.deleted"},
        },
        "date_created": at,
        "body": resource(letter),
    }
