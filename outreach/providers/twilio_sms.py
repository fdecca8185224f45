"""Text messages through Twilio.

Twilio has no idempotency key: the attempt id travels in the status callback's query, which Twilio signs and calls,
and an unknown outcome is looked up in the list of messages to that number.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode, urlsplit

from twilio.base import values
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance, MessageList

from outreach.domain.event import DeliveryEvent, EventKind, InboundMessage
from outreach.domain.message import Channel, SmsMessage
from outreach.domain.sending import (
    Capabilities,
    Finding,
    Found,
    Parsed,
    RawWebhook,
    SendError,
    SendRequest,
    SendResult,
    WebhookGarbled,
    WebhookInvalid,
)
from outreach.providers.failures import CANNOT_TELL, CLOCK_SKEW, NOT_FOUND, Clock, refuse_when_late, unreadable
from outreach.providers.http import Transport, run
from outreach.providers.twilio_codes import meaning_of
from outreach.providers.twilio_transport import PooledClient, PooledCoroutines
from outreach.providers.webhooks import digest, header
from outreach.settings import Settings

#: Twilio lets a message wait for at most ten hours (ValidityPeriod).
LONGEST_VALIDITY = 36_000
#: Twilio repeats a callback by itself only when it finds no connection. This has it repeated after any failure, five
#: times within its 15 seconds; a fragment is neither sent nor signed.
#: Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
REPEAT = "#rc=5&rp=all"
#: Messages to one number that `find` looks through, newest first.
SEARCH_DEPTH = 50

KIND_OF_STATUS: dict[str, EventKind] = {
    "accepted": EventKind.ACCEPTED,
    "scheduled": EventKind.ACCEPTED,
    "queued": EventKind.QUEUED,
    "sending": EventKind.QUEUED,
    "sent": EventKind.SENT,
    "delivered": EventKind.DELIVERED,
    "partially_delivered": EventKind.DELIVERED,
    "undelivered": EventKind.UNDELIVERED,
    "failed": EventKind.FAILED,
    "canceled": EventKind.FAILED,
    "read": EventKind.READ,
}
#: OptOutType comes only with Advanced Opt-Out on a Messaging Service.
OPTS = {"stop", "start", "help"}


class _Form(dict[str, list[str]]):
    """A form as `RequestValidator` reads it: a field may stand in it more than once."""

    def getall(self, name: str) -> list[str]:
        """All values of a field that is there."""
        return self[name]


@lru_cache(maxsize=8)
def _form(body: bytes) -> Mapping[str, list[str]]:
    """The fields of a body; it is parsed once though it is first verified and then read."""
    return parse_qs(body.decode(errors="replace"), keep_blank_values=True)


class TwilioSms:
    """The provider `twilio`."""

    name = "twilio"
    channel = Channel.SMS
    capabilities = Capabilities()

    def __init__(self, settings: Settings, now: Clock) -> None:
        sid, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
        self.transport = Transport.of(settings)

        def messages(over: PooledClient) -> MessageList:
            # An environment of its own keeps TWILIO_REGION and TWILIO_EDGE from rewriting the host.
            client = Client(sid, token, http_client=over, environment={"TWILIO_ACCOUNT_SID": sid})
            client.api.base_url = settings.twilio_api_base
            return client.messages

        self._new = messages(PooledCoroutines(self.transport, now))
        self._messages = messages(PooledClient(self.transport, now))
        self._validator = RequestValidator(token)
        self._service = settings.twilio_messaging_service_sid
        self._from = settings.twilio_from
        self._public_url = settings.public_url
        self._now = now

    def send(self, request: SendRequest) -> SendResult:
        """Create the message; it waits in Twilio's queue until `not_after` at the latest."""
        return run(self.call(request))

    async def call(self, request: SendRequest) -> SendResult:
        """The same for `Exchanges`."""
        assert isinstance(request.content, SmsMessage)
        now = self._now()
        refuse_when_late(request, now)
        left = LONGEST_VALIDITY if request.not_after is None else int((request.not_after - now).total_seconds())
        try:
            message = await self._new.create_async(
                to=str(request.to),
                body=request.content.body,
                validity_period=min(left, LONGEST_VALIDITY),
                status_callback=self._callback(request.attempt_id),
                messaging_service_sid=self._service or values.unset,
                from_=values.unset if self._service else self._from or str(request.sender),
            )
        except (TwilioException, ValueError, TypeError, AttributeError) as error:
            raise unreadable(201, type(error).__name__) from error
        if not message.sid:
            raise unreadable(201, "the answer names no message")
        return SendResult(message.sid, _kind(message.status), _segments(message))

    def find(self, request: SendRequest) -> Finding:
        """Look for the same text to the same number since the attempt began.

        Without a date in the query: Twilio filters by DateSent, which a queued message does not have yet. A NO is
        as fresh as Twilio's list: do not ask while the call itself may still be under way.
        """
        assert isinstance(request.content, SmsMessage)
        since = request.started_at - CLOCK_SKEW
        try:
            listed = self._messages.list(to=str(request.to), limit=SEARCH_DEPTH, page_size=SEARCH_DEPTH)
        except (SendError, TwilioException, ValueError, TypeError, AttributeError):
            return CANNOT_TELL
        recent = [message for message in listed if message.date_created and message.date_created >= since]
        for message in recent:
            if message.body == request.content.body:
                return Finding(Found.YES, message.sid, _kind(message.status))
        return CANNOT_TELL if len(recent) == SEARCH_DEPTH else NOT_FOUND

    def verify(self, webhook: RawWebhook) -> None:
        """X-Twilio-Signature over the URL and all form fields, blank ones too, or over bodySHA256 for a JSON body."""
        signature = header(webhook, "X-Twilio-Signature")
        try:
            text = webhook.body.decode()
        except UnicodeDecodeError as error:
            raise WebhookInvalid("the body is not UTF-8") from error
        # With bodySHA256 in the query only a str makes the package check the body.
        has_hash = "bodySHA256" in webhook.url and "bodySHA256" in parse_qs(urlsplit(webhook.url).query)
        if not self._is_signed(webhook.url, text if has_hash else _Form(_form(webhook.body)), signature):
            raise WebhookInvalid("X-Twilio-Signature does not match")

    def _is_signed(self, url: str, fields: str | _Form, signature: str) -> bool:
        """As the package says. What it does besides, with the port and without, is left out where the URL as it is
        fits: twice the work for each callback."""
        if isinstance(fields, _Form):
            exact: str = self._validator.compute_signature(url, fields)
            if compare_digest(exact.encode(), signature.encode()):
                return True
        return bool(self._validator.validate(url, fields, signature))

    def parse(self, webhook: RawWebhook) -> Parsed:
        """A status callback, or a debtor's text when the path ends in /inbound."""
        fields = {name: said[-1] for name, said in _form(webhook.body).items()}
        url = urlsplit(webhook.url)
        try:
            if url.path.endswith("/inbound"):
                return Parsed(messages=(_inbound(fields),))
            attempt_id = parse_qs(url.query).get("a", [None])[0]
            return Parsed(events=(_event(fields, attempt_id),))
        except KeyError as error:
            raise WebhookGarbled(f"the field {error} is missing") from error

    def _callback(self, attempt_id: str) -> object:
        if not self._public_url:
            return values.unset
        return f"{self._public_url}/webhooks/twilio/status?{urlencode({'a': attempt_id})}{REPEAT}"


def configured(settings: Settings, now: Clock) -> TwilioSms | None:
    """The provider, when an account and a sender are set."""
    has_sender = settings.twilio_from or settings.twilio_messaging_service_sid
    return TwilioSms(settings, now) if settings.twilio_account_sid and has_sender else None


def _kind(status: object) -> EventKind:
    return KIND_OF_STATUS.get(str(status), EventKind.UNKNOWN)


def _segments(message: MessageInstance) -> int | None:
    count = message.num_segments or ""
    return int(count) or None if count.isdigit() else None


def _event(fields: Mapping[str, str], attempt_id: str | None) -> DeliveryEvent:
    ref, word, code = fields["MessageSid"], fields["MessageStatus"], fields.get("ErrorCode") or None
    meaning = meaning_of(code)
    return DeliveryEvent(
        event_id=digest(ref, word, code),
        kind=_kind(word),
        word=word,
        attempt_id=attempt_id,
        ref=ref,
        permanent=meaning.address_is_dead if meaning else None,
        reason=meaning.reason if meaning else None,
        code=code,
        address=fields.get("To"),
    )


def _inbound(fields: Mapping[str, str]) -> InboundMessage:
    opt = fields.get("OptOutType", "").lower()
    return InboundMessage(
        event_id=fields["MessageSid"],
        channel=Channel.SMS,
        sender=fields["From"],
        recipient=fields["To"],
        text=fields.get("Body", ""),
        opt=opt if opt in OPTS else None,
    )
