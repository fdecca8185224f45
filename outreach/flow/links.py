"""Links that a debtor may follow without signing in: their token is signed, so it cannot be guessed or altered.

A token holds nothing of a debtor. Each kind of link has a key of its own, so that a token of one is none of another.
"""

from __future__ import annotations

import hashlib
import hmac
import string
from dataclasses import dataclass
from datetime import date, timedelta

from itsdangerous import BadSignature, Signer

_EPOCH = date(1970, 1, 1)
#: Digits of a token: what no program that finds links in texts takes for the end of one.
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_PREFIX, _DAY, _MAC = 10, 2, 7
_SIZE = _PREFIX + _DAY + _MAC
#: Characters of a page's token: a text message pays for each.
PAGE_TOKEN_LENGTH = 26


@dataclass(frozen=True, slots=True)
class PageToken:
    """The token of a debtor's page: the first 20 digits of the id of the notice it came with, the last day (UTC) on
    which it opens, and the signature over the whole id and the day. The few ids that begin alike are told apart by it.
    """

    prefix: str
    expires_on: date
    mac: bytes

    def signs(self, secret_key: str, notice_id: str) -> bool:
        """Whether we made it for this notice. Never without a secret key."""
        expected = _mac(secret_key, notice_id, self.expires_on)
        return hmac.compare_digest(self.mac, expected) and bool(secret_key) and notice_id.startswith(self.prefix)


def make_unsubscribe_token(secret_key: str, notice_id: str) -> str:
    """A token for one notice, safe in a URL; it does not expire, as mail is read late."""
    return _signer(secret_key).sign(notice_id).decode()


def read_unsubscribe_token(secret_key: str, token: str) -> str | None:
    """The notice id, or None when we did not make the token."""
    try:
        return _signer(secret_key).unsign(token).decode()
    except BadSignature:
        return None


def unsubscribe_url(public_url: str, secret_key: str, notice_id: str) -> str:
    """The address for List-Unsubscribe and a message's foot: POST unsubscribes at once, GET asks (RFC 8058)."""
    return f"{public_url}/u/{make_unsubscribe_token(secret_key, notice_id)}"


def page_url(public_url: str, secret_key: str, notice_id: str, expires_on: date) -> str:
    """The address of a debtor's page as a message names it; the page opens until the end of a day (UTC)."""
    return f"{public_url}/p/{make_page_token(secret_key, notice_id, expires_on)}"


def make_page_token(secret_key: str, notice_id: str, expires_on: date) -> str:
    """The token of a debtor's page: letters and digits only. Needs a secret key."""
    raw = bytes.fromhex(notice_id)[:_PREFIX] + _days(expires_on) + _mac(secret_key, notice_id, expires_on)
    number, digits = int.from_bytes(raw, "big"), []
    for _ in range(PAGE_TOKEN_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def read_page_token(written: str) -> PageToken | None:
    """What stands in an address as a token, not known to be ours yet; None when it cannot be one."""
    if len(written) != PAGE_TOKEN_LENGTH or not (written.isascii() and written.isalnum()):
        return None
    number = 0
    for digit in written:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    if number >= 1 << (8 * _SIZE):
        return None
    raw = number.to_bytes(_SIZE, "big")
    days = int.from_bytes(raw[_PREFIX:-_MAC], "big")
    return PageToken(raw[:_PREFIX].hex(), _EPOCH + timedelta(days=days), raw[-_MAC:])


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt="outreach.unsubscribe", digest_method=hashlib.sha256)


def _mac(secret_key: str, notice_id: str, expires_on: date) -> bytes:
    """56 bits: whoever guesses has to ask us, and then knows no more than who found a link."""
    key = hmac.digest(secret_key.encode(), b"outreach.page", "sha256")
    return hmac.digest(key, bytes.fromhex(notice_id) + _days(expires_on), "sha256")[:_MAC]


def _days(day: date) -> bytes:
    return (day - _EPOCH).days.to_bytes(_DAY, "big")
