"""Dead letters: set aside what fails, and replay or dismiss it by a person's word.

A replay never repeats an effect: an event that was applied before is late news, a notice is planned again only where
nothing of it ever left the house, and the campaign decides anew whether its step is still due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.sending import Provider, WebhookGarbled
from outreach.flow.isolating import Poisoned, each
from outreach.flow.rereading import read_again
from outreach.store import dead_letters, enrolments, inbox, journal, replaying
from outreach.store.batch import in_batches
from outreach.store.dead_letters import DeadLetter, Kind, NewDeadLetter, Outcome
from outreach.store.journal import Entry, NewTask

log = logging.getLogger(__name__)

#: Dead letters per transaction.
BATCH = 500

#: What each kind means, and what a person can do, for the console and the command line.
MEANING = {
    Kind.GARBLED: "A provider posted something signed that cannot be read.",
    Kind.UNMATCHED: "A provider reported on a message that is not ours.",
    Kind.EVENT: "A provider's report or a debtor's answer was kept but could not be settled.",
    Kind.NOTICE: "A message could not be prepared, or its outcome could not be recorded. Its next channel stands in.",
    Kind.ENROLMENT: "Nothing can be decided for this account: its outreach stands still.",
    Kind.ACCOUNT: "The account cannot be considered for any campaign.",
}
REMEDY = {
    Kind.GARBLED: "Read it. Once the adapter understands it, replay it; a stray post can be dismissed.",
    Kind.UNMATCHED: "Ask whether another system shares the provider's account, and dismiss it if so. If a message of "
    "ours is missing from the database (a restored backup), replay it once it is there.",
    Kind.EVENT: "Repair what the error names, then replay it. A debtor's STOP may be among them: do not let them wait.",
    Kind.NOTICE: "Repair the template or the data, then replay it: it is planned again if its step is still due.",
    Kind.ENROLMENT: "Repair the account's data (import it again) or the campaign, then replay it.",
    Kind.ACCOUNT: "Repair the account's data (import it again), then replay it.",
}


@dataclass
class Replayed:
    """What a replay came to. `ended`: replayed or dismissed before, so nothing was done about them now.

    `refused`: id -> why it cannot be replayed; these still wait for a person. `unknown`: no dead letters of ours.
    `inbox_ids`: events that wait to be settled; a sweep finds them within seconds.
    """

    replayed: int = 0
    ended: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)
    inbox_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Replay:
    """What replaying needs: the transaction, the providers by name, and the time by business and machine clock."""

    connection: Connection
    providers: Mapping[str, Provider]
    now: datetime
    machine_now: datetime
    result: Replayed


def set_aside(connection: Connection, letters: Sequence[NewDeadLetter], now: datetime) -> None:
    """Keep what failed for a person, in the caller's transaction; an account that stands still becomes a task."""
    if not letters:
        return
    first = letters[0]
    log.error("set aside %d, first %s %s: %s", len(letters), first.kind.value, first.subject, first.error)
    kept = dead_letters.set_aside(connection, letters, now)
    journal.add_tasks(connection, [_task(id_, one, now) for id_, one in kept.items() if one.kind is Kind.ENROLMENT])


def replay(
    engine: Engine, providers: Mapping[str, Provider], ids: Sequence[int], by: str, now: datetime, machine_now: datetime
) -> Replayed:
    """Try again what waits under `ids`, in batches; `by` is who wants it. Safe to interrupt and to repeat."""
    result = Replayed()
    for batch in in_batches(sorted(set(ids)), BATCH):
        with engine.begin() as connection:
            _replay_batch(_Replay(connection, providers, now, machine_now, result), batch, by)
    log.info("%s replayed %d dead letters", by, result.replayed)
    return result


def dismiss(engine: Engine, ids: Sequence[int], by: str, reason: str, now: datetime) -> int:
    """Let those of `ids` rest that wait for a person; what they are about stays as it is. Returns how many."""
    dismissed = 0
    for batch in in_batches(sorted(set(ids)), BATCH):
        with engine.begin() as connection:
            letters = dead_letters.take(connection, batch)
            _end(connection, letters, Outcome.DISMISSED, by, reason, now)
        dismissed += len(letters)
    log.info("%s dismissed %d dead letters", by, dismissed)
    return dismissed


def heal(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """End dead letters whose subjects went well before anybody came."""
    if ids:
        dead_letters.end(connection, ids, Outcome.HEALED, now)
        journal.close_tasks(connection, [_cause(id_) for id_ in ids], now)


def _replay_batch(work: _Replay, ids: Sequence[int], by: str) -> None:
    known = dead_letters.get(work.connection, ids)
    letters = dead_letters.take(work.connection, ids)
    refused: dict[int, str] = {}
    for kind, again in _AGAIN.items():
        refused |= again(work, [letter for letter in letters if letter.kind is kind])
    done = [letter for letter in letters if letter.id not in refused]
    _end(work.connection, done, Outcome.REPLAYED, by, "", work.now)
    work.result.replayed += len(done)
    work.result.refused |= refused
    work.result.ended += len(known) - len(letters)
    work.result.unknown += [id_ for id_ in ids if id_ not in known]


def _events(work: _Replay, letters: Sequence[DeadLetter]) -> dict[int, str]:
    ids = [int(letter.subject) for letter in letters]
    work.result.inbox_ids += replaying.events_again(work.connection, ids, work.machine_now)
    return {}


def _garbled(work: _Replay, letters: Sequence[DeadLetter]) -> dict[int, str]:
    """What an adapter understands by now becomes rows of its own; those that are there already stay as they are."""
    bodies = dead_letters.webhooks(work.connection, [int(letter.subject) for letter in letters])
    done, poisoned = each(
        lambda letter: (letter, read_again(bodies[int(letter.subject)], work.providers, work.machine_now)), letters
    )
    for letter, rows in done:
        work.result.inbox_ids += inbox.add(work.connection, rows)
        replaying.webhook_read(work.connection, int(letter.subject), work.now)
    return {one.row.id: f"it still cannot be read: {_why(one)}" for one in poisoned}


def _why(one: Poisoned[DeadLetter]) -> str:
    return str(one.error) if isinstance(one.error, WebhookGarbled) else one.word


def _notices(work: _Replay, letters: Sequence[DeadLetter]) -> dict[int, str]:
    ids = [letter.subject for letter in letters]
    abroad = replaying.failed_abroad(work.connection, ids)
    freed = replaying.free_places(work.connection, ids, work.now)
    replaying.ask_again(work.connection, ids, work.machine_now)
    enrolments.look_now(work.connection, list(freed.values()), work.now)
    why = "it was handed to a provider before: a machine must not send it again"
    return {letter.id: why for letter in letters if letter.subject in abroad}


def _enrolments(work: _Replay, letters: Sequence[DeadLetter]) -> dict[int, str]:
    enrolments.look_now(work.connection, [int(letter.subject) for letter in letters], work.now)
    return {}


def _accounts(work: _Replay, letters: Sequence[DeadLetter]) -> dict[int, str]:
    replaying.consider_again(work.connection, [int(letter.subject) for letter in letters], work.now)
    return {}


#: Each does what trying again means for its kind, and returns why what cannot be.
_AGAIN: dict[Kind, Callable[[_Replay, Sequence[DeadLetter]], dict[int, str]]] = {
    Kind.GARBLED: _garbled,
    Kind.UNMATCHED: _events,
    Kind.EVENT: _events,
    Kind.NOTICE: _notices,
    Kind.ENROLMENT: _enrolments,
    Kind.ACCOUNT: _accounts,
}


def _end(
    connection: Connection, letters: Sequence[DeadLetter], outcome: Outcome, by: str, note: str, now: datetime
) -> None:
    ids = [letter.id for letter in letters]
    dead_letters.end(connection, ids, outcome, now, by, note)
    journal.close_tasks(connection, [_cause(id_) for id_ in ids], now)
    told = [
        Entry(letter.account_id, now, f"error_{outcome.value}", {"what": letter.what, "note": note}, by)
        for letter in letters
        if letter.account_id is not None
    ]
    journal.tell(connection, told)


def _task(id_: int, letter: NewDeadLetter, now: datetime) -> NewTask:
    return NewTask(
        kind="set_aside",
        title=f"Outreach stands still ({letter.what}): {letter.error}. See dead letter {id_}"[:300],
        dedupe=_cause(id_),
        created_at=now,
        account_id=letter.account_id,
        enrolment_id=int(letter.subject),
    )


def _cause(id_: int) -> str:
    return f"dead_letter:{id_}"
