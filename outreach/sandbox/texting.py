"""Twilio's side of a text: its way to the phone, its status callbacks, and the debtor's answers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from urllib.parse import urldefrag, urlencode

from outreach.sandbox import keywords, signing
from outreach.sandbox.core import Core
from outreach.sandbox.items import Text
from outreach.sandbox.outcomes import Outcome, of_number

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled"})

#: How a text ends that does not arrive: word and error code (twilio.com/docs/api/errors).
_FAILURES = {
    Outcome.QUEUE_FULL: ("failed", 30001),
    Outcome.FILTERED: ("undelivered", 30007),
    Outcome.UNREACHABLE: ("undelivered", 30003),
    Outcome.UNKNOWN: ("undelivered", 30005),
    Outcome.LANDLINE: ("undelivered", 30006),
}
_VALIDITY_EXPIRED = 30036
_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Step:
    """After `wait` seconds the text is `word`, and `said` is what is called back."""

    wait: float
    word: str
    error_code: int | None = None
    said: tuple[str, ...] = ()


def steps(text: Text, outcome: Outcome, typical: float, late: float, dice: Random) -> list[Step]:
    """The way of a text from its first status to its last."""
    queued = [Step(0.0, "queued", said=("queued",))] if text.service_sid else []
    wait = late if outcome is Outcome.LATE else typical * dice.uniform(0.1, 0.4)
    if wait > text.validity:
        return [*queued, Step(text.validity, "failed", _VALIDITY_EXPIRED, ("failed",))]
    word, code = _FAILURES.get(outcome, ("delivered", None))
    last = Step(typical * dice.uniform(0.3, 1.6), word, code, (word,))
    if word == "failed":
        return [*queued, last]
    way = [*queued, Step(wait, "sent", said=("sent",)), last]
    if outcome is Outcome.SILENT:
        return [Step(step.wait, step.word, step.error_code) for step in way]
    if outcome is Outcome.NOISY:
        return [Step(wait, "sent"), Step(last.wait, word, code, (word, "sent", word, "sent"))]
    return way


class Texting:
    """Accepts texts, delivers them and takes answers. Times are the sandbox's."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def accept(self, text: Text) -> None:
        """Take a text: committed to the ledger on return, delivered later."""
        self._core.world.add_text(text)
        await self._core.ledger.accept("twilio", text, text.body.encode())
        self._core.clock.spawn(self.deliver(text))

    async def deliver(self, text: Text) -> None:
        """Walk a text from where it is to its end; also after a restart."""
        config, outcome = self._core.config, of_number(text.person)
        dice = self._core.dice(text.attempt_id or text.sid)
        way = steps(text, outcome, config.delays.text, config.delays.late, dice)
        passed = [step.word for step in way].index(text.status) + 1 if text.status in {s.word for s in way} else 0
        said: asyncio.Task[None] | None = None
        for step in way[passed:]:
            await self._core.clock.sleep(step.wait)
            if text.status == "canceled":
                return
            self._move(text, step)
            said = self._core.clock.spawn(self._say(text, step.said, said))
        await self._chat(text, outcome, dice)

    async def cancel(self, text: Text) -> None:
        """Stop a text that has not been sent yet."""
        self._move(text, Step(0.0, "canceled"))
        self._core.clock.spawn(self._say(text, ("canceled",)))

    def redact(self, text: Text) -> None:
        """Forget what the text said."""
        text.body = ""
        text.updated_at = self._core.clock.now()
        self._core.ledger.moved(text)

    async def answer(self, person: str, ours: str, body: str) -> None:
        """What the debtor texts us: calls the web back, and lets the carrier read its keywords."""
        text = self._inbound(person, ours, body)
        self._core.world.add_text(text)
        self._core.ledger.replied("twilio", text)
        word = keywords.keyword(body)
        if word:
            self._carrier_answers(text, keywords.CARRIER_ANSWERS[word])
        url = self._core.config.callback_url + "/webhooks/twilio/inbound"
        await self._post(url, _inbound_fields(text, self._core.config.twilio_account_sid, self._opt(word)), text, "in")

    def _opt(self, word: keywords.Keyword | None) -> str | None:
        return word.value if word and self._core.config.advanced_opt_out else None

    def _inbound(self, person: str, ours: str, body: str) -> Text:
        sent = [t for t in self._core.world.texts.of(person) if t.service_sid]
        service = sent[-1].service_sid if sent else None
        now = self._core.clock.now()
        return Text(new_sid(), person, ours, body, now, "received", service, inbound=True, sent_at=now)

    def _carrier_answers(self, text: Text, body: str) -> None:
        now = self._core.clock.now()
        answer = Text(new_sid(), text.person, text.ours, body, now, "delivered", by_carrier=True, sent_at=now)
        self._core.world.add_text(answer)
        self._core.ledger.replied("twilio", answer)

    def _move(self, text: Text, step: Step) -> None:
        text.status, text.error_code, text.updated_at = step.word, step.error_code, self._core.clock.now()
        if step.word == "sent" or (step.word in FINAL and text.sent_at is None):
            text.sent_at = text.updated_at
        self._core.ledger.moved(text)

    async def _say(self, text: Text, words: Iterable[str], after: asyncio.Task[None] | None = None) -> None:
        """Call back, one after the other; a web that does not answer holds up the news, not the text."""
        if not text.callback:
            return
        if after:
            await after
        for word in words:
            fields = _status_fields(text, word, self._core.config.twilio_account_sid, self._core.clock.now())
            await self._post(text.callback, fields, text, word)

    async def _post(self, url: str, fields: dict[str, str], text: Text, word: str) -> None:
        signed = signing.twilio_headers(self._core.config.twilio_auth_token, urldefrag(url).url, fields)
        headers = {**_FORM, **signed, "I-Twilio-Idempotency-Token": f"{text.sid}-{word}"}
        at = self._core.clock.now()
        receipt = await self._core.courier.post(url, urlencode(fields).encode(), headers)
        self._core.ledger.called_back(text.sid, word, at, receipt.http, receipt.tries)

    async def _chat(self, text: Text, outcome: Outcome, dice: Random) -> None:
        if text.status != "delivered":
            return
        if outcome is Outcome.PLAIN and dice.random() < self._core.config.reply_rate:
            outcome = dice.choice(keywords.CHATTY)
        if words := keywords.ANSWERS.get(outcome):
            await self._core.clock.sleep(self._core.config.delays.reply * dice.uniform(0.5, 1.5))
            await self.answer(text.person, text.ours, words[keywords.language(text.body)])


def new_sid() -> str:
    """A message SID as Twilio makes them."""
    return "SM" + secrets.token_hex(16)


def _status_fields(text: Text, word: str, account_sid: str, now: datetime) -> dict[str, str]:
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "From": text.ours,
        "MessageSid": text.sid,
        "MessageStatus": word,
        "SmsSid": text.sid,
        "SmsStatus": word,
        "To": text.person,
    }
    if text.service_sid:
        fields["MessagingServiceSid"] = text.service_sid
    if word in {"failed", "undelivered"} and text.error_code:
        fields["ErrorCode"] = str(text.error_code)
    if word in {"delivered", "undelivered"}:
        fields["RawDlrDoneDate"] = now.strftime("%y%m%d%H%M")
    return fields


def _inbound_fields(text: Text, account_sid: str, opt: str | None) -> dict[str, str]:
    places = {side + what: "" for side in ("From", "To") for what in ("City", "State", "Zip", "Country")}
    fields = {
        **places,
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "Body": text.body,
        "From": text.person,
        "MessageSid": text.sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "To": text.ours,
    }
    if text.service_sid:
        fields["MessagingServiceSid"] = text.service_sid
    if opt:
        fields["OptOutType"] = opt
    return fields
