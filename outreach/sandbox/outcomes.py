"""What becomes of a message, read from where it goes: coded numbers, mailboxes and address lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the sandbox does with a message. PLAIN is delivered after a random, seeded delay and may be answered."""

    PLAIN = "plain"
    DELIVERED = "delivered"
    REPLIES_STOP = "replies_stop"
    REPLIES_PAID = "replies_paid"
    REPLIES_PROMISE = "replies_promise"
    REPLIES_ABSENT = "replies_absent"
    QUEUE_FULL = "queue_full"
    FILTERED = "filtered"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    LANDLINE = "landline"
    INVALID = "invalid"
    OPTED_OUT = "opted_out"
    LATE = "late"
    THROTTLED = "throttled"
    LOST_ANSWER = "lost_answer"
    SILENT = "silent"
    NOISY = "noisy"
    BOUNCED = "bounced"
    LATE_BOUNCE = "late_bounce"
    SOFT_BOUNCED = "soft_bounced"
    SPAM = "spam"
    DROPPED = "dropped"
    UNSUBSCRIBED = "unsubscribed"
    RETURNED = "returned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Code:
    """One line of the tables in docs/sandbox.md and on the page of codes."""

    mark: str
    outcome: Outcome
    means: str


NUMBERS = (
    Code("01", Outcome.DELIVERED, "always delivered, never answered"),
    Code("81", Outcome.REPLIES_STOP, "delivered, then answered with STOP"),
    Code("82", Outcome.REPLIES_PAID, 'delivered, then answered with "I paid yesterday"'),
    Code("83", Outcome.REPLIES_PROMISE, 'delivered, then answered with "I can pay on Friday"'),
    Code("88", Outcome.QUEUE_FULL, "failed, 30001: queue overflow, never sent"),
    Code("89", Outcome.FILTERED, "undelivered, 30007: filtered by the carrier"),
    Code("90", Outcome.UNREACHABLE, "undelivered, 30003: handset unreachable"),
    Code("91", Outcome.UNKNOWN, "undelivered, 30005: unknown number"),
    Code("92", Outcome.LANDLINE, "undelivered, 30006: landline"),
    Code("93", Outcome.INVALID, "refused with 400, 21211: invalid number"),
    Code("94", Outcome.OPTED_OUT, "refused with 400, 21610: opted out"),
    Code("95", Outcome.LATE, "queued for an hour, then delivered; failed, 30036, if its validity ends before"),
    Code("96", Outcome.THROTTLED, "refused with 429 and Retry-After the first time, then delivered"),
    Code("97", Outcome.LOST_ANSWER, "accepted and delivered, but the call is answered with 500"),
    Code("98", Outcome.SILENT, "delivered, but nothing is ever called back"),
    Code("99", Outcome.NOISY, "delivered, callbacks doubled and out of order"),
)

MAILBOXES = (
    Code("delivered@", Outcome.DELIVERED, "always delivered, never answered"),
    Code("bounce@", Outcome.BOUNCED, "bounces for good (5.1.1); the next one is dropped"),
    Code("late-bounce@", Outcome.LATE_BOUNCE, "delivered, then bounces for good"),
    Code("soft@", Outcome.SOFT_BOUNCED, "blocked, a bounce for now (4.2.2)"),
    Code("spam@", Outcome.SPAM, "delivered, then reported as spam; the next one is dropped"),
    Code("drop@", Outcome.DROPPED, "accepted with 202, then dropped as invalid"),
    Code("late@", Outcome.LATE, "deferred, delivered an hour later"),
    Code("unsubscribe@", Outcome.UNSUBSCRIBED, "delivered, then unsubscribed; the next one is dropped"),
    Code("reply-stop@", Outcome.REPLIES_STOP, "delivered, then answered with STOP"),
    Code("reply-paid@", Outcome.REPLIES_PAID, 'delivered, then answered with "I paid yesterday"'),
    Code("reply-promise@", Outcome.REPLIES_PROMISE, 'delivered, then answered with "I can pay on Friday"'),
    Code("reply-absent@", Outcome.REPLIES_ABSENT, "delivered, then answered by an out-of-office machine"),
    Code("invalid@", Outcome.INVALID, "refused with 400"),
    Code("throttle@", Outcome.THROTTLED, "refused with 429 the first time, then delivered"),
    Code("error@", Outcome.LOST_ANSWER, "accepted and delivered, but the call is answered with 500"),
    Code("silent@", Outcome.SILENT, "delivered, but nothing is ever called back"),
    Code("noisy@", Outcome.NOISY, "delivered, events doubled and out of order"),
)

LETTERBOXES = (
    Code("DELIVERED", Outcome.DELIVERED, "delivered"),
    Code("RETURNED", Outcome.RETURNED, "mailed, then returned to sender"),
    Code("REJECTED", Outcome.REJECTED, "accepted, then rejected by the print house"),
    Code("INVALID", Outcome.INVALID, "refused with 422: address not deliverable"),
    Code("LATE", Outcome.LATE, "delivered after three weeks"),
    Code("THROTTLE", Outcome.THROTTLED, "refused with 429 the first time, then delivered"),
    Code("ERROR", Outcome.LOST_ANSWER, "accepted and delivered, but the call is answered with 500"),
    Code("SILENT", Outcome.SILENT, "delivered, but nothing is ever called back"),
    Code("NOISY", Outcome.NOISY, "delivered, events doubled and out of order"),
)

#: Numbers whose last two digits are codes: reserved ones of North America (555-01xx) and of the United Kingdom
#: (07700 900xxx, Ofcom), and Chinese mobiles, where no range is reserved.
_CODED_NUMBER = re.compile(r"\+(?:1[2-9]\d{2}55501|447700900\d|861\d{8})(\d\d)")
_BY_NUMBER = {code.mark: code.outcome for code in NUMBERS}
_BY_MAILBOX = {code.mark.rstrip("@"): code.outcome for code in MAILBOXES}
_BY_LINE = {code.mark: code.outcome for code in LETTERBOXES}


def of_number(number: str) -> Outcome:
    """The outcome for a text to an E.164 number."""
    coded = _CODED_NUMBER.fullmatch(number)
    return _BY_NUMBER.get(coded[1], Outcome.PLAIN) if coded else Outcome.PLAIN


def of_mailbox(address: str) -> Outcome:
    """The outcome for an e-mail: its local part, up to a plus sign, is the code."""
    local = address.lower().partition("@")[0].partition("+")[0]
    return _BY_MAILBOX.get(local, Outcome.PLAIN)


def of_letterbox(line2: str) -> Outcome:
    """The outcome for a letter: a code word in the second address line."""
    words = set(re.findall(r"[A-Z]+", line2))
    return next((outcome for mark, outcome in _BY_LINE.items() if mark in words), Outcome.PLAIN)
