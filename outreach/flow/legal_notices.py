"""Notices that the law asks for, once they left: the account's terms keep when they were given, and which came back.

12 CFR 1006.34(b)(5) and 1006.42(a): the validation period runs from the notice that was sent, and a notice that came
back counts as none until the next one (rows RF-25 and RF-31 of docs/compliance.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.notice import UNREACHED, NoticeState
from outreach.domain.service import SERVICE
from outreach.flow.desk import Desk
from outreach.store import debtors, enrolments, journal, legal_notices
from outreach.store.journal import Entry
from outreach.store.legal_notices import Given
from outreach.store.notice_rows import Move, Notice

_LEFT = frozenset({NoticeState.SENT, NoticeState.DELIVERED})


def follow(
    connection: Connection, desk: Desk, moves: Sequence[Move], known: Mapping[str, Notice], now: datetime
) -> None:
    """Keep what moves that were made say of notices of the law, in the same transaction."""
    changed = legal_notices.keep(connection, list(_given(connection, desk, moves, known, now)))
    if not changed:
        return
    debtor_of = {one.account_id: one.debtor_id for one in known.values()}
    concerned = sorted({debtor_of[one.account_id] for one, _ in changed})
    debtors.lock(connection, concerned)
    debtors.touch(connection, concerned)
    enrolments.look_now_at_debtors(connection, concerned, now)
    journal.tell(connection, [_entry(one, terms.get("validation", {}), now) for one, terms in changed])


def _given(
    connection: Connection, desk: Desk, moves: Sequence[Move], known: Mapping[str, Notice], now: datetime
) -> Iterator[Given]:
    for move in moves:
        notice = known[move.id]
        if notice.campaign == SERVICE or not (move.new in _LEFT or move.new in UNREACHED):
            continue
        campaign = desk.campaign(connection, notice.version_id)
        law = campaign.steps[campaign.index(notice.step)].notice
        if law is not None:
            back = move.new in UNREACHED
            yield Given(notice.account_id, law, notice.id, notice.channel, now, back)


def _entry(one: Given, validation: Mapping[str, str], now: datetime) -> Entry:
    data = {"notice": one.notice.value, "channel": one.by.value}
    if one.back:
        return Entry(one.account_id, now, "law_notice_returned", data)
    ends_on = {"ends_on": validation["ends_on"]} if one.notice == "validation" else {}
    return Entry(one.account_id, now, "law_notice_given", data | ends_on)
