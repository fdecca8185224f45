"""SendGrid's side of an e-mail: its way to the mailbox, its events, and the debtor's answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from email.utils import format_datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

import orjson
from urllib3 import encode_multipart_formdata

from outreach.sandbox import keywords, signing
from outreach.sandbox.config import derive_key
from outreach.sandbox.core import Core
from outreach.sandbox.items import Mail
from outreach.sandbox.mail_events import EventBatcher, event
from outreach.sandbox.outcomes import Outcome, of_mailbox

FINAL = frozenset({"delivered", "bounce", "dropped", "spamreport", "unsubscribe"})

_BOUNCE = {
    "type": "bounce",
    "status": "5.1.1",
    "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
    "bounce_classification": "Invalid Address",
    "ip": "192.0.2.25",
    "tls": 1,
}
_BLOCK = {
    "type": "blocked",
    "status": "4.2.2",
    "reason": "452 4.2.2 The email account that you tried to reach is over quota.",
    "bounce_classification": "Mailbox Unavailable",
    "ip": "192.0.2.25",
    "tls": 1,
}
_DEFERRAL = {"response": "451 4.7.1 Greylisting in action, please come back later", "attempt": "1"}
_DELIVERY = {"response": "250 2.0.0 OK", "ip": "192.0.2.25", "tls": 1}


@dataclass(frozen=True, slots=True)
class Step:
    """After `wait` seconds `word` happens; `extra` are the event's own fields."""

    wait: float
    word: str
    extra: dict[str, Any] = field(default_factory=dict)


def steps(outcome: Outcome, typical: float, late: float, dice: Random) -> list[Step]:
    """The way of an accepted mail, event by event."""
    processed = Step(typical * dice.uniform(0.05, 0.2), "processed")
    wait = typical * dice.uniform(0.3, 1.6)
    delivered = Step(wait, "delivered", _DELIVERY)
    ways: dict[Outcome, list[Step]] = {
        Outcome.BOUNCED: [processed, Step(wait, "bounce", _BOUNCE)],
        Outcome.SOFT_BOUNCED: [processed, Step(wait, "bounce", _BLOCK)],
        Outcome.LATE_BOUNCE: [processed, delivered, Step(typical, "bounce", _BOUNCE)],
        Outcome.DROPPED: [Step(processed.wait, "dropped", {"reason": "Invalid"})],
        Outcome.LATE: [processed, Step(wait, "deferred", _DEFERRAL), Step(late, "delivered", _DELIVERY)],
        Outcome.SPAM: [processed, delivered, Step(typical, "spamreport")],
        Outcome.UNSUBSCRIBED: [processed, delivered, Step(typical, "unsubscribe")],
    }
    return ways.get(outcome, [processed, delivered])


class Mailing:
    """Accepts mails, delivers them and takes answers."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._batcher = EventBatcher(core.config, core.clock, core.courier, core.ledger)

    async def accept(self, mail: Mail) -> None:
        """Take a mail: committed to the ledger on return, delivered later."""
        self._core.world.mails.add(mail)
        await self._core.ledger.accept("sendgrid", mail, f"{mail.subject}\n{mail.text}\n{mail.html}".encode())
        self._core.clock.spawn(self.deliver(mail))

    async def deliver(self, mail: Mail) -> None:
        """Walk a mail from where it is to its end; also after a restart."""
        outcome, dice = of_mailbox(mail.person), self._core.dice(mail.attempt_id or mail.message_id)
        for step in self._way(mail, outcome, dice)[len({made["event"] for made in mail.events}) :]:
            await self._core.clock.sleep(step.wait)
            self._move(mail, step, outcome)
        await self._chat(mail, outcome, dice)

    async def answer(self, mail: Mail, body: str, *, auto_reply: bool = False) -> None:
        """The debtor answers a mail: posted to our inbound parse address as SendGrid posts it."""
        reply = self._reply(mail, body, auto_reply=auto_reply)
        self._core.world.mails.add(reply)
        self._core.ledger.replied("sendgrid", reply)
        payload, content_type = encode_multipart_formdata(_inbound_fields(reply))
        at = self._core.clock.now()
        signed = signing.sendgrid_headers(derive_key(self._core.config.sendgrid_key_secret), at, payload)
        url = self._core.config.callback_url + "/webhooks/sendgrid/inbound"
        receipt = await self._core.courier.post(url, payload, {"Content-Type": content_type, **signed})
        self._core.ledger.called_back(reply.ref, "in", at, receipt.http, receipt.tries)

    async def unsubscribe(self, mail: Mail) -> int | None:
        """The mail program's one-click unsubscribe (RFC 8058). Returns the HTTP status, None when it cannot be done.

        Only addresses at our own web are called, so that no mail can make the sandbox call elsewhere.
        """
        url = one_click_url(mail)
        if url is None or urlsplit(url)[:2] != urlsplit(self._core.config.callback_url)[:2]:
            return None
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        at = self._core.clock.now()
        receipt = await self._core.courier.post(url, b"List-Unsubscribe=One-Click", headers)
        self._core.ledger.called_back(mail.ref, "one-click", at, receipt.http, receipt.tries)
        return receipt.http

    def _way(self, mail: Mail, outcome: Outcome, dice: Random) -> list[Step]:
        delays = self._core.config.delays
        if not mail.events and (reason := self._core.world.suppression(mail.person)):
            return [Step(0.0, "dropped", {"reason": reason})]
        return steps(outcome, delays.mail, delays.late, dice)

    def _move(self, mail: Mail, step: Step, outcome: Outcome) -> None:
        made = event(mail, step.word, 0, int(self._core.clock.now().timestamp()), step.extra)
        mail.status, mail.reason = step.word, step.extra.get("reason", "")
        mail.events.append(made)
        if step.extra is not _BLOCK:
            self._core.world.suppress(mail.person, step.word)
        self._core.ledger.moved(mail)
        if outcome is Outcome.SILENT:
            return
        if outcome is Outcome.NOISY:
            self._noise(mail, step)
            return
        self._batcher.put(mail, made)

    def _noise(self, mail: Mail, step: Step) -> None:
        """Say nothing at first, then everything twice and backwards."""
        if step.word == "delivered":
            for made in (*mail.events[::-1], *mail.events[::-1]):
                self._batcher.put(mail, made)

    async def _chat(self, mail: Mail, outcome: Outcome, dice: Random) -> None:
        if mail.status != "delivered" or outcome not in keywords.ANSWERS:
            return
        await self._core.clock.sleep(self._core.config.delays.reply * dice.uniform(0.5, 1.5))
        words = keywords.ANSWERS[outcome][keywords.language(mail.text)]
        await self.answer(mail, words, auto_reply=outcome is Outcome.REPLIES_ABSENT)

    def _reply(self, mail: Mail, body: str, *, auto_reply: bool) -> Mail:
        now, name = self._core.clock.now(), secrets.token_urlsafe(16)
        original = f"<{mail.message_id}@sandbox.example>"
        headers = {
            "Message-ID": f"<{name}@sandbox.example>",
            "Date": format_datetime(now),
            "In-Reply-To": original,
            "References": original,
            **({"Auto-Submitted": "auto-replied", "Precedence": "bulk"} if auto_reply else {}),
        }
        subject = f"Automatic reply: {mail.subject}" if auto_reply else f"Re: {mail.subject}"
        text = body if auto_reply or not self._core.config.quote_replies else body + _quotation(mail)
        return Mail(
            message_id=name,
            sg_message_id=name,
            person=mail.person,
            ours=mail.reply_to,
            reply_to=mail.person,
            subject=subject,
            text=text,
            html="",
            created_at=now,
            status="received",
            headers=headers,
            inbound=True,
        )


def one_click_url(mail: Mail) -> str | None:
    """The https address of List-Unsubscribe, when the mail offers one click."""
    headers = {name.lower(): value for name, value in mail.headers.items()}
    if headers.get("list-unsubscribe-post", "").strip() != "List-Unsubscribe=One-Click":
        return None
    offers = (part.strip(" <>") for part in headers.get("list-unsubscribe", "").split(","))
    return next((offer for offer in offers if offer.startswith("http")), None)


def _quotation(mail: Mail) -> str:
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    return f"\n\nOn {mail.created_at:%a, %d %b %Y at %H:%M}, {mail.ours} wrote:\n{quoted}\n"


def _inbound_fields(reply: Mail) -> dict[str, str]:
    named = {**reply.headers, "From": reply.person, "To": reply.ours, "Subject": reply.subject}
    charsets = dict.fromkeys(("to", "subject", "from", "text"), "UTF-8")
    return {
        "headers": "".join(f"{name}: {value}\n" for name, value in named.items()),
        "dkim": "{@sandbox.example : pass}",
        "content-ids": "{}",
        "to": reply.ours,
        "text": reply.text,
        "from": reply.person,
        "sender_ip": "192.0.2.25",
        "envelope": orjson.dumps({"to": [reply.ours], "from": reply.person}).decode(),
        "attachments": "0",
        "subject": reply.subject,
        "charsets": orjson.dumps(charsets).decode(),
        "SPF": "pass",
    }
