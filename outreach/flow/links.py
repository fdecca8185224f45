"""Links that a debtor may follow without signing in: their token is signed, so it cannot be guessed or altered."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, Signer


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


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt="outreach.unsubscribe", digest_method=hashlib.sha256)
