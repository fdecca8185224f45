"""What a vendor's refusal means in our words, and what every adapter does about time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite

from outreach.domain.sending import (
    Finding,
    Found,
    NotSent,
    OutcomeUnknown,
    Reason,
    Rejected,
    Scope,
    SendError,
    SendRequest,
)

#: Tells the time that a request leaves, as aware UTC.
Clock = Callable[[], datetime]

#: A vendor's clock may run behind ours by this much when `find` compares times.
CLOCK_SKEW = timedelta(seconds=60)

CANNOT_TELL = Finding(Found.CANNOT_TELL)
NOT_FOUND = Finding(Found.NO)


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a vendor's code says: what it is about, why, and whether the same message may be tried later."""

    scope: Scope
    reason: Reason
    transient: bool = False

    @property
    def address_is_dead(self) -> bool:
        """Whether nothing will ever arrive at this address. An opt-out is a wish, not a dead address."""
        return self.scope is Scope.RECIPIENT and not self.transient and self.reason is not Reason.OPTED_OUT


_CONFIGURATION = Meaning(Scope.ACCOUNT, Reason.OTHER)
_THROTTLED = Meaning(Scope.PROVIDER, Reason.THROTTLED, transient=True)

#: What a bare HTTP status says where the vendor's code says nothing. Other 4xx are a fault of our configuration.
MEANING_OF_STATUS: dict[int, Meaning] = {
    400: Meaning(Scope.CONTENT, Reason.CONTENT_INVALID),
    401: Meaning(Scope.ACCOUNT, Reason.AUTH),
    402: Meaning(Scope.ACCOUNT, Reason.QUOTA),
    403: Meaning(Scope.ACCOUNT, Reason.AUTH),
    408: _THROTTLED,
    413: Meaning(Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
    415: Meaning(Scope.CONTENT, Reason.CONTENT_INVALID),
    422: Meaning(Scope.CONTENT, Reason.CONTENT_INVALID),
    425: _THROTTLED,
    429: _THROTTLED,
}


def refusal(
    status: int, meaning: Meaning | None = None, *, code: str | None = None, retry_after: float | None = None
) -> SendError:
    """The error that an answer with an HTTP status from 300 on makes.

    Only a 4xx says that the vendor surely did not take the message. After a 3xx or 5xx it may have.
    """
    if not 400 <= status < 500:
        return OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, code=code, http=status, retry_after=retry_after)
    said = meaning or MEANING_OF_STATUS.get(status, _CONFIGURATION)
    failure = NotSent if said.transient else Rejected
    return failure(said.scope, said.reason, code=code, http=status, retry_after=retry_after)


def unreadable(status: int, detail: str) -> OutcomeUnknown:
    """A 2xx that is not the vendor's answer: it may have taken the message, or a proxy answered in its place."""
    return OutcomeUnknown(Scope.PROVIDER, Reason.OTHER, http=status, detail=detail)


def refuse_when_late(request: SendRequest, now: datetime) -> None:
    """Raise NotSent with reason EXPIRED when less than a second is left until `request.not_after`."""
    if request.not_after is not None and (request.not_after - now).total_seconds() < 1:
        raise NotSent(Scope.RECIPIENT, Reason.EXPIRED, detail="the time in which it may be delivered is over")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from Retry-After (RFC 9110: seconds or a date) or else a rate limit's reset time.

    Vendors give the reset as an epoch in seconds (SendGrid) or as seconds to wait; headers ignore case.
    """
    value = headers.get("Retry-After")
    if value is not None:
        return _seconds(value, now)
    for name in ("X-RateLimit-Reset", "RateLimit-Reset", "X-Rate-Limit-Reset"):
        if name in headers:
            return _seconds(headers[name], now)
    return None


def _seconds(value: str, now: datetime) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _seconds_until_date(value, now)
    if not isfinite(number):
        return None
    is_epoch = number > 1e9
    return max(0.0, number - now.timestamp() if is_epoch else number)


def _seconds_until_date(value: str, now: datetime) -> float | None:
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
