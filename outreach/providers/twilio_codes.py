"""Twilio's error codes in our words: 21xxx and 63xxx come at creation, 30xxx in callbacks.

Source: https://www.twilio.com/docs/api/errors (one page a code).
"""

from __future__ import annotations

from outreach.domain.sending import Reason, Scope
from outreach.providers.failures import Meaning

_INVALID = Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS)
_NOT_MOBILE = Meaning(Scope.RECIPIENT, Reason.NOT_MOBILE)
_OPTED_OUT = Meaning(Scope.RECIPIENT, Reason.OPTED_OUT)
_BLOCKED = Meaning(Scope.RECIPIENT, Reason.BLOCKED)
_UNREACHABLE = Meaning(Scope.RECIPIENT, Reason.UNREACHABLE, transient=True)
_GEO = Meaning(Scope.ACCOUNT, Reason.GEO)
_CONTENT = Meaning(Scope.CONTENT, Reason.CONTENT_INVALID)
_TOO_LARGE = Meaning(Scope.CONTENT, Reason.CONTENT_TOO_LARGE)
_SPAM = Meaning(Scope.CONTENT, Reason.SPAM)
_BAD_SENDER = Meaning(Scope.SENDER, Reason.INVALID_ADDRESS)
_UNREGISTERED = Meaning(Scope.SENDER, Reason.NOT_REGISTERED)
_AUTH = Meaning(Scope.ACCOUNT, Reason.AUTH)
_QUOTA = Meaning(Scope.ACCOUNT, Reason.QUOTA)
_SUSPENDED = Meaning(Scope.ACCOUNT, Reason.BLOCKED)
_EXPIRED = Meaning(Scope.ACCOUNT, Reason.EXPIRED)
_SLOW_DOWN = Meaning(Scope.SENDER, Reason.THROTTLED, transient=True)
_BUSY = Meaning(Scope.PROVIDER, Reason.THROTTLED, transient=True)
_DOWN = Meaning(Scope.PROVIDER, Reason.PROVIDER_DOWN, transient=True)
_TOO_LATE = Meaning(Scope.RECIPIENT, Reason.EXPIRED, transient=True)
_QUIET_HOURS = Meaning(Scope.RECIPIENT, Reason.BLOCKED, transient=True)
_UNSAID = Meaning(Scope.RECIPIENT, Reason.OTHER, transient=True)

#: What to make of a refusal whose code is not in the table.
UNKNOWN_CODE = Meaning(Scope.ACCOUNT, Reason.OTHER)

MEANING_OF_CODE: dict[int, Meaning] = {
    20003: _AUTH,
    20008: _AUTH,
    20404: Meaning(Scope.ACCOUNT, Reason.OTHER),
    20429: _BUSY,
    21211: _INVALID,
    21214: _INVALID,
    21217: _INVALID,
    21266: _INVALID,
    21401: _INVALID,
    21407: _NOT_MOBILE,
    21408: _GEO,
    21602: _CONTENT,
    21603: _BAD_SENDER,
    21604: _INVALID,
    21605: _TOO_LARGE,
    21606: _BAD_SENDER,
    21608: Meaning(Scope.ACCOUNT, Reason.NOT_REGISTERED),
    21610: _OPTED_OUT,
    21611: _SLOW_DOWN,
    21612: Meaning(Scope.SENDER, Reason.UNREACHABLE),
    21614: _NOT_MOBILE,
    21617: _TOO_LARGE,
    30001: _SLOW_DOWN,
    30002: _SUSPENDED,
    30003: _UNREACHABLE,
    30004: _BLOCKED,
    30005: _INVALID,
    30006: _NOT_MOBILE,
    30007: _SPAM,
    30008: _UNSAID,
    30010: _QUOTA,
    30012: _EXPIRED,
    30023: _QUOTA,
    30024: _SUSPENDED,
    30032: _UNREGISTERED,
    30034: _UNREGISTERED,
    30035: _UNREGISTERED,
    30036: _TOO_LATE,
    30410: _DOWN,
    30450: _SUSPENDED,
    30453: _SUSPENDED,
    30610: _QUIET_HOURS,
    63016: _CONTENT,
}


def meaning_of(code: object) -> Meaning | None:
    """What an error code (number or text) says; None when it is none that we know."""
    try:
        return MEANING_OF_CODE.get(int(str(code)))
    except ValueError:
        return None
