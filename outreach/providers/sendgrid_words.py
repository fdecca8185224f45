"""SendGrid's words in ours: events, bounces, drops and the errors of its API.

Source: the schemas of the vendor's own specification (tsg_logs_v3) and its page on events
(https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.domain.event import EventKind
from outreach.domain.sending import Reason, Scope
from outreach.providers.failures import Meaning

KIND_OF_EVENT: dict[str, EventKind] = {
    "received": EventKind.ACCEPTED,
    "processed": EventKind.QUEUED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "bounce": EventKind.UNDELIVERED,
    "dropped": EventKind.REJECTED,
    "cancel_drop": EventKind.FAILED,
    "open": EventKind.READ,
    "click": EventKind.READ,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
    "group_resubscribe": EventKind.RESUBSCRIBED,
}

#: The summary status of a message in the logs.
KIND_OF_LOG_STATUS: dict[str, EventKind] = {
    "processed": EventKind.QUEUED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "dropped": EventKind.REJECTED,
    "bounced": EventKind.UNDELIVERED,
    "blocked": EventKind.UNDELIVERED,
}

REASON_OF_BOUNCE: dict[str, Reason] = {
    "Invalid Address": Reason.INVALID_ADDRESS,
    "Mailbox Unavailable": Reason.UNREACHABLE,
    "Content": Reason.SPAM,
    "Reputation": Reason.BLOCKED,
    "Frequency or Volume Too High": Reason.THROTTLED,
    "Technical": Reason.OTHER,
    "Unclassified": Reason.OTHER,
}

#: Enhanced status codes (RFC 3463) that say it when the classification does not.
REASON_OF_ENHANCED_CODE: dict[str, Reason] = {
    "5.1.1": Reason.INVALID_ADDRESS,
    "5.1.2": Reason.INVALID_ADDRESS,
    "5.1.10": Reason.INVALID_ADDRESS,
    "5.2.1": Reason.UNREACHABLE,
    "5.2.2": Reason.UNREACHABLE,
    "5.7.1": Reason.BLOCKED,
}

#: A bounce is for good, a block is of the moment.
PERMANENCE_OF_BOUNCE: dict[str, bool] = {"bounce": True, "blocked": False}

#: Why SendGrid dropped a message after it had accepted it.
MEANING_OF_DROP: dict[str, Meaning] = {
    "bounced address": Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS),
    "invalid": Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS),
    "unsubscribed address": Meaning(Scope.RECIPIENT, Reason.OPTED_OUT),
    "spam reporting address": Meaning(Scope.RECIPIENT, Reason.OPTED_OUT),
    "spam content": Meaning(Scope.CONTENT, Reason.SPAM),
    "recipient list over package quota": Meaning(Scope.ACCOUNT, Reason.QUOTA),
}

_RECIPIENT = Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS)
_SENDER = Meaning(Scope.SENDER, Reason.NOT_REGISTERED)


def why_undelivered(event: Mapping[str, Any]) -> tuple[bool | None, Reason | None]:
    """Whether the address is dead for good, and why the message did not arrive, of one event."""
    word = str(event.get("event"))
    if word == "bounce":
        reason = REASON_OF_BOUNCE.get(str(event.get("bounce_classification")))
        by_code = REASON_OF_ENHANCED_CODE.get(str(event.get("status")))
        return PERMANENCE_OF_BOUNCE.get(str(event.get("type"))), reason or by_code or Reason.OTHER
    if word in {"dropped", "cancel_drop"}:
        meaning = MEANING_OF_DROP.get(str(event.get("reason")).lower())
        return (meaning.address_is_dead, meaning.reason) if meaning else (None, Reason.OTHER)
    return None, None


def meaning_of_refusal(status: int, body: Mapping[str, Any]) -> tuple[Meaning | None, str | None]:
    """What an error answer says, and the field that it blames. Its message may hold an address and is not kept."""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    field, message = str(first.get("field") or ""), str(first.get("message") or "").lower()
    if status == 401 and "credits" in message:
        return Meaning(Scope.ACCOUNT, Reason.QUOTA), field or None
    if status in {400, 403} and field.startswith("from"):
        return _SENDER, field
    if status == 400 and field.startswith("personalizations") and ".to" in field:
        return _RECIPIENT, field
    return None, field or None
