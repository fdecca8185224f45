"""One case for each provider that speaks HTTP: all that the contract (test_contract.py) needs to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from outreach.domain.sending import RawWebhook, SendRequest
from tests.providers.samples import (
    ATTEMPT,
    DEBTOR_MAIL,
    EMAIL_REQUEST,
    LETTER_REQUEST,
    SMS_REQUEST,
    lob_event,
    lob_webhook,
    sendgrid_event,
    sendgrid_events,
    sendgrid_webhook,
    twilio_list,
    twilio_message,
    twilio_status,
    twilio_webhook,
)
from tests.providers.vendor_server import Answer


@dataclass(frozen=True)
class Case:
    """What the contract needs to know of a provider that speaks HTTP."""

    name: str
    request: SendRequest
    taken: Answer
    ref: str | None
    #: answers to `find` when the vendor has the message, and when it has not
    has: tuple[Answer, ...]
    has_not: tuple[Answer, ...]
    #: a signed webhook with the given vendor's word, and one with the given bytes
    says: Callable[[str], RawWebhook]
    signs: Callable[[bytes], RawWebhook]
    delivered: str
    signature_header: str


CASES = (
    Case(
        name="twilio",
        request=SMS_REQUEST,
        taken=Answer(201, twilio_message()),
        ref="SM00000000000000000000000000000001",
        has=(twilio_list(twilio_message()),),
        has_not=(twilio_list(),),
        says=twilio_status,
        signs=lambda body: replace(twilio_webhook({}), body=body),
        delivered="delivered",
        signature_header="x-twilio-signature",
    ),
    Case(
        name="sendgrid",
        request=EMAIL_REQUEST,
        taken=Answer(202, b"", {"X-Message-Id": "14c5d75ce93"}),
        ref="14c5d75ce93",
        has=(
            Answer(
                200, {"messages": [{"sg_message_id": "14c5d75ce93", "to_email": DEBTOR_MAIL, "status": "processed"}]}
            ),
            Answer(
                200,
                {"sg_message_id": "14c5d75ce93", "status": "delivered", "custom_args": {"outreach_attempt": ATTEMPT}},
            ),
        ),
        has_not=(Answer(200, {"messages": []}),),
        says=lambda word: sendgrid_events(sendgrid_event(word)),
        signs=sendgrid_webhook,
        delivered="delivered",
        signature_header="x-twilio-email-event-webhook-signature",
    ),
    Case(
        name="lob",
        request=LETTER_REQUEST,
        taken=Answer(200, {"id": "ltr_0000000000000001", "object": "letter", "metadata": {"attempt_id": ATTEMPT}}),
        ref="ltr_0000000000000001",
        has=(Answer(200, {"data": [{"id": "ltr_0000000000000001"}], "object": "list", "count": 1}),),
        has_not=(Answer(200, {"data": [], "object": "list", "count": 0}),),
        says=lob_event,
        signs=lob_webhook,
        delivered="letter.delivered",
        signature_header="lob-signature",
    ),
)
