"""API tokens for the creditor's systems: made, shown once, checked in constant time, revoked."""

from __future__ import annotations

import hmac
import logging
import re
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Engine

from outreach.flow.actions import Unknown
from outreach.store import api_tokens, outcomes
from outreach.store.api_tokens import ApiToken
from outreach.store.engine import reading

log = logging.getLogger(__name__)

#: `out_<id>_<secret>`: scanners of code and logs find it by its beginning. The secret has 256 bits, so that a fast hash
#: is enough: nobody guesses it.
_WRITTEN = re.compile(r"out_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})")
#: A use is noted only so often: reading the feed writes nothing otherwise.
NOTED_EVERY = timedelta(hours=1)


def create(engine: Engine, creditor: str, name: str, by: str, now: datetime) -> str:
    """A new token for a creditor's outcome events, to be shown once: it is kept nowhere. Raises Unknown."""
    secret = token_urlsafe(32)
    with engine.begin() as connection:
        creditor_id = outcomes.creditor_id(connection, creditor)
        if creditor_id is None:
            raise Unknown(f"There is no creditor {creditor}: it is kept when the scheduler starts, or with an import.")
        token_id = api_tokens.add(connection, creditor_id, name, _hashed(secret), now, by)
    log.info("%s made the API token %d (%s) for %s", by, token_id, name, creditor)
    return f"out_{token_id}_{secret}"


def revoke(engine: Engine, token_id: int, by: str, now: datetime) -> None:
    """End a token at once. Raises Unknown."""
    with engine.begin() as connection:
        if not api_tokens.revoke(connection, token_id, now, by):
            raise Unknown(f"There is no token {token_id} that may still be used: see outreach token list.")
    log.info("%s revoked the API token %d", by, token_id)


def authenticate(engine: Engine, written: str, now: datetime) -> ApiToken | None:
    """The token that was written, if it is one and may be used."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None:
        return None
    with reading(engine) as connection:
        token = api_tokens.get(connection, int(parts[1]))
    is_right = hmac.compare_digest(_hashed(parts[2]), token.hash if token else bytes(32))
    if token is None or not is_right or token.revoked_at is not None:
        return None
    if token.used_at is None or token.used_at < now - NOTED_EVERY:
        with engine.begin() as connection:
            api_tokens.used(connection, token.id, now, now - NOTED_EVERY)
    return token


def _hashed(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
