"""What holds of the database and the vendors' ledger after every step, whatever happened; each law by its name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from outreach.domain.calendar import is_open
from outreach.domain.campaign import SendWindow
from outreach.domain.message import Channel
from outreach.domain.notice import STATE_OF_EVENT, NoticeState, may_move
from outreach.domain.sending import Attempt, SendRequest
from outreach.store.outbox import contents, inbox, notice_events, notices, tasks
from outreach.store.tables import accounts, contact_points, debtors, enrolments, holds
from tests.flow.vendor import Ledger
from tests.law import HOUSE_HOURS

#: One message to one debtor: account, campaign, item, step, cycle, position.
Place = tuple[int, str, int, str, int, int]
_MOVING = frozenset({NoticeState.CLAIMED, NoticeState.SENDING})
_UNDER_WAY = _MOVING | {NoticeState.PLANNED, NoticeState.UNCERTAIN}
_TAKEN = frozenset({NoticeState.SENT, NoticeState.DELIVERED, NoticeState.UNDELIVERED})
#: News that says that the provider has the message.
_HAS_IT = frozenset({"accepted", "queued", "sent", "delivered"})


class Broken(AssertionError):
    """A law does not hold."""


def must(holds_: bool, law: str, about: object = "") -> None:
    """Raise Broken unless it holds."""
    if not holds_:
        raise Broken(f"{law}: {about}")


def wrong_with(office: Engine, own: Engine, request: SendRequest) -> list[str]:
    """What is wrong at the moment of a call: its worker holds no connection, so that it locks nothing, and any other
    process can see the attempt, what it says and by when it must leave."""
    attempt = Attempt.parse(request.attempt_id)
    assert attempt is not None
    with office.connect() as connection:
        row = connection.execute(select(notices).where(notices.c.id == attempt.notice_id)).one()
        kept = select(contents.c.attempt).where(contents.c.notice_id == attempt.notice_id)
        said = connection.scalars(kept.where(contents.c.attempt == attempt.number)).all()
    laws = {
        "no transaction is open while a provider is called": own.pool.checkedout() == 0,  # type: ignore[attr-defined]
        "an attempt is committed before its call": row.attempts == attempt.number and row.state != NoticeState.CLAIMED,
        "what an attempt says is committed before its call": bool(said),
        "the deadline is committed before the call": row.send_by == request.not_after,
    }
    return [f"{law}: {request.attempt_id}" for law, kept in laws.items() if not kept]


@dataclass
class Seen:
    """The rows of the database at one moment."""

    notices: dict[str, Row[Any]]
    moves: dict[str, list[str]]
    contents: set[tuple[str, int]]
    inbox: list[Row[Any]]
    uncertain_tasks: set[str | None]
    enrolments: list[Row[Any]]
    accounts: dict[int, Row[Any]]
    points: dict[int, Row[Any]]
    holds: list[Row[Any]]
    now: datetime

    def place(self, notice_id: str) -> Place:
        """Which message it is."""
        row = self.notices[notice_id]
        return (row.account_id, row.campaign, row.item_id, row.step, row.cycle, row.position)

    def attempts(self) -> set[str]:
        """Every attempt that was ever committed."""
        return {f"{id_}.{number}" for id_, row in self.notices.items() for number in range(1, row.attempts + 1)}

    def held(self, account_id: int) -> bool:
        """Whether a hold stops the account."""
        debtor_id = self.accounts[account_id].debtor_id
        return any(
            hold.starts_at <= self.now and (hold.ends_at is None or hold.ends_at > self.now)
            for hold in self.holds
            if hold.account_id == account_id or (hold.account_id is None and hold.debtor_id == debtor_id)
        )

    def forbidden(self, row: Row[Any]) -> set[str]:
        """Why no attempt for a notice may begin now."""
        reasons = set()
        if self.accounts[row.account_id].balance_minor <= 0:
            reasons.add("paid")
        if self.held(row.account_id):
            reasons.add("held")
        point = self.points.get(row.contact_point_id)
        if point is not None and point.opted_out_at is not None:
            reasons.add("stopped")
        return reasons

    def arrived(self) -> set[Place]:
        """The messages of which settled news says that a provider has them."""
        told = [row for row in self.inbox if row.state == "settled" and row.payload.get("kind") in _HAS_IT]
        return {self.place(row.notice_id) for row in told if row.notice_id in self.notices}


def look(connection: Connection, now: datetime) -> Seen:
    """Read all that the laws are about."""
    moves: defaultdict[str, list[str]] = defaultdict(list)
    logged = select(notice_events.c.notice_id, notice_events.c.state).where(notice_events.c.what == "move")
    for notice_id, state in connection.execute(logged.order_by(notice_events.c.id)):
        moves[notice_id].append(state)
    owned = select(accounts, debtors.c.zones).join(debtors, debtors.c.id == accounts.c.debtor_id)
    uncertain = select(tasks.c.notice_id).where(tasks.c.kind == "uncertain")
    return Seen(
        notices={row.id: row for row in connection.execute(select(notices))},
        moves=moves,
        contents={(row.notice_id, row.attempt) for row in connection.execute(select(contents))},
        inbox=list(connection.execute(select(inbox))),
        uncertain_tasks=set(connection.scalars(uncertain)),
        enrolments=list(connection.execute(select(enrolments))),
        accounts={row.id: row for row in connection.execute(owned)},
        points={row.id: row for row in connection.execute(select(contact_points))},
        holds=list(connection.execute(select(holds))),
        now=now,
    )


def each_message_is_taken_once(seen: Seen, ledger: Ledger) -> None:
    """Whatever notice it was sent for. Only a call that came after the vendor's true no may be a second one."""
    taken = Counter(seen.place(one.attempt_id.partition(".")[0]) for one in ledger.taken if not one.after_no)
    must(all(number == 1 for number in taken.values()), "a message is taken once", taken)
    attempts = Counter(one.attempt_id for one in ledger.taken)
    must(all(number == 1 for number in attempts.values()), "an attempt is taken once", attempts)


def each_message_has_one_notice(seen: Seen) -> None:
    """Beside cancelled ones, which never left the house."""
    live = [seen.place(id_) for id_, row in seen.notices.items() if row.state != NoticeState.CANCELLED]
    must(len(live) == len(set(live)), "a message has one notice", live)


def every_move_is_legal(seen: Seen) -> None:
    """And the log ends where the row is. A claim is not logged: it is the way from planned to what follows it."""
    for id_, row in seen.notices.items():
        moves = seen.moves[id_]
        must(moves[:1] == [NoticeState.PLANNED], "a log begins with planned", moves)
        for old, new in pairwise(map(NoticeState, moves)):
            claimed = old is NoticeState.PLANNED and may_move(NoticeState.CLAIMED, new)
            must(may_move(old, new) or claimed, "a move is legal", (old, new))
        last = NoticeState.PLANNED if row.state == NoticeState.CLAIMED else row.state
        must(moves[-1] == last, "the log agrees with the row", (moves, row.state))


def work_in_hand_has_a_lease(seen: Seen) -> None:
    """So a sweep finds it when its worker is lost."""
    bare = [row.id for row in seen.notices.values() if row.state in _MOVING and row.lease_until is None]
    must(not bare, "what is claimed or being sent has a lease", bare)


def doubt_is_shown(seen: Seen) -> None:
    """Every uncertain notice has a task."""
    bare = [
        row.id
        for row in seen.notices.values()
        if row.state == NoticeState.UNCERTAIN and row.id not in seen.uncertain_tasks
    ]
    must(not bare, "an uncertain notice has a task", bare)


def every_attempt_is_kept(seen: Seen) -> None:
    """What was said is there for each attempt."""
    kept = {f"{id_}.{number}" for id_, number in seen.contents}
    must(kept == seen.attempts(), "every attempt's content is kept", kept ^ seen.attempts())


def events_are_stored_once(seen: Seen, received: Iterable[str]) -> None:
    """Each one that a sender was told we have, and none twice."""
    stored = Counter(row.event_id for row in seen.inbox)
    must(all(number == 1 for number in stored.values()), "an event is stored once", stored)
    must(set(received) <= set(stored), "no event is lost", set(received) - set(stored))
    broken = [(row.event_id, row.error) for row in seen.inbox if row.state in ("failed", "garbled")]
    must(not broken, "no event is set aside", broken)


def messages_are_taken_in_lawful_hours(seen: Seen, ledger: Ledger, window: SendWindow) -> None:
    """In the house's hours and the campaign's, where the debtor is."""
    for one in ledger.taken:
        row = seen.notices[one.attempt_id.partition(".")[0]]
        if row.channel == Channel.LETTER:
            continue
        for zone in seen.accounts[row.account_id].zones:
            lawful = is_open(HOUSE_HOURS, one.at, zone, "US") and is_open(window, one.at, zone, "US")
            must(lawful, "nothing is taken outside the hours", (one, zone))


@dataclass
class Watch:
    """The laws, and what was seen before."""

    window: SendWindow
    before: Seen | None = None
    received: list[str] = field(default_factory=list)

    def check(self, engine: Engine, ledger: Ledger, now: datetime) -> Seen:
        """Every law, after a step in which one transaction was committed, or a few by one hand."""
        with engine.connect() as connection:
            seen = look(connection, now)
        must(not ledger.unlawful, "a call is lawful when it is made", ledger.unlawful)
        each_message_is_taken_once(seen, ledger)
        messages_are_taken_in_lawful_hours(seen, ledger, self.window)
        for law in _OF_THE_ROWS:
            law(seen)
        events_are_stored_once(seen, self.received)
        self._no_attempt_begins_on_what_forbids_it(seen)
        self.before = seen
        return seen

    def _no_attempt_begins_on_what_forbids_it(self, seen: Seen) -> None:
        """A payment, a hold, a STOP or news of arrival that was committed before an attempt stops it."""
        before = self.before
        if before is None:
            return
        for attempt_id in seen.attempts() - before.attempts():
            row = seen.notices[attempt_id.partition(".")[0]]
            known = row.account_id in before.accounts
            still = seen.forbidden(row) & before.forbidden(row) if known else set()
            must(not still, f"no attempt begins on an account that is {', '.join(still)}", attempt_id)
            arrived = seen.place(row.id) in before.arrived()
            must(not arrived, "no attempt begins on what is known to have arrived", attempt_id)


_OF_THE_ROWS: tuple[Callable[[Seen], None], ...] = (
    each_message_has_one_notice,
    every_move_is_legal,
    work_in_hand_has_a_lease,
    doubt_is_shown,
    every_attempt_is_kept,
)


def unquiet(seen: Seen, ledger: Ledger) -> list[str]:
    """What is not as it must be when the faults have stopped and time has passed.

    Nothing is in doubt or under way, nothing waits that could go, every enrolment has come to its end unless a hold
    stops it, and our word on every message is the vendor's.
    """
    found = []
    for row in seen.notices.values():
        waits = row.state == NoticeState.PLANNED and seen.held(row.account_id)
        if row.state in _UNDER_WAY and not waits:
            found.append(f"{row.step} {row.channel} is left {row.state}: {row.reason}")
    found += [
        f"an enrolment never ends: {one.waits_for}"
        for one in seen.enrolments
        if one.state == "active" and not seen.held(one.account_id)
    ]
    found += [f"event {row.event_id} is left {row.state}" for row in seen.inbox if row.state != "settled"]
    for row in seen.notices.values():
        taken = ledger.of(f"{row.id}.{row.attempts}")
        wanted = STATE_OF_EVENT[taken.end] if taken else None
        thought_taken = row.state in _TAKEN
        if taken is None and thought_taken:
            found.append(f"{row.step} {row.channel} is called {row.state}, but nobody took it")
        if taken is not None and not taken.after_no and row.state != wanted:
            found.append(f"{row.step} {row.channel} is called {row.state}, but it is {wanted}")
    return found
