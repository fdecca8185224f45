"""The debtor's page: whose link it is, and whether who holds it is the debtor.

Nothing here tells one failure from another. A link that nobody made, one that has expired, a debtor of whom nothing is
on record, an answer that is wrong and one too many: all of them are False, and cost about the same.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from outreach.domain.identity import NOBODY, OF_CLIENT, OF_DEBTOR, OF_LINK, Answer, another, proves
from outreach.flow.consent import wrong_party
from outreach.flow.links import read_page_token
from outreach.store import debtor_page, debtors, journal
from outreach.store.debtor_page import Holder
from outreach.store.engine import reading
from outreach.store.journal import Entry

#: What stands as the source of whatever a debtor does there.
SOURCE = "debtor's page"
#: For how long wrong answers are remembered: longer than any link lives.
_REMEMBERED = timedelta(days=400)
#: The id of no notice: what is looked up where a link is none.
_NO_NOTICE = "0" * 32


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, from where, and when: `token` as it stands in the link, `client` as the server sees the address.

    `now` is business time, `machine_now` the clock on the wall (both aware UTC).
    """

    token: str
    client: str
    now: datetime
    machine_now: datetime


def holder_of(connection: Connection, secret_key: str, written: str, now: datetime) -> Holder | None:
    """For whom we made the link, or None: it is not ours, has expired, or its address is somebody else's."""
    token = read_page_token(written)
    prefix = token.prefix if token else _NO_NOTICE[:20]
    ids = debtor_page.notices_alike(connection, prefix)
    ours = next((id_ for id_ in ids if token and token.signs(secret_key, id_)), None)
    found = debtor_page.holder(connection, ours or _NO_NOTICE)
    return found if token and now.date() <= token.expires_on else None


def verify(engine: Engine, secret_key: str, caller: Caller, answer: Answer) -> bool:
    """Whether the caller is the debtor of the link. Counts as a try; tells the timeline when it is so."""
    at = caller.machine_now
    with engine.begin() as connection:
        holder = holder_of(connection, secret_key, caller.token, caller.now)
        limits = {
            _key(secret_key, f"link:{caller.token}"): OF_LINK,
            _key(secret_key, f"debtor:{holder.debtor_id}" if holder else f"nobody:{caller.token}"): OF_DEBTOR,
            _key(secret_key, f"client:{caller.client}"): OF_CLIENT,
        }
        *mine, theirs = limits
        so_far = debtor_page.tries(connection, limits, at)
        allowed = {key: another(so_far[key], limit, at) for key, limit in limits.items()}
        proved = proves(answer, holder.known if holder else NOBODY) and all(allowed.values())
        if not proved or holder is None:
            counted = {key: tries for key, tries in allowed.items() if tries is not None}
            debtor_page.keep_tries(connection, counted, at + _REMEMBERED)
            return False
        debtor_page.forget_tries(connection, at, mine)
        # A right answer is no try of the client's.
        debtor_page.keep_tries(connection, {theirs: so_far[theirs]}, at + _REMEMBERED)
        entry = Entry(holder.account_id, caller.now, "page_visited", {"by": answer.by.value})
        journal.tell(connection, [entry])
        return True


def not_me(engine: Engine, secret_key: str, caller: Caller) -> None:
    """Who got the message is not the debtor: nothing about a debt goes to that number or address any more.

    A link that is not ours does nothing, and is not told so.
    """
    with reading(engine) as connection:
        found = holder_of(connection, secret_key, caller.token, caller.now)
    if found is None or not found.address:
        return
    with engine.begin() as connection:
        debtors.lock_address(connection, found.channel, found.address)
        wrong_party(connection, found.channel, found.address, caller.now, SOURCE, "")


def _key(secret_key: str, of: str) -> str:
    """Neither an address nor a debtor stands in the table of tries."""
    return hmac.digest(secret_key.encode(), f"outreach.page.tries:{of}".encode(), "sha256").hex()
