"""Debtors and their contact points: the lock on their facts, opt-outs, and what delivery taught of an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    cast,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from outreach.domain.account import Quality
from outreach.domain.message import Channel
from outreach.domain.reply import Opt
from outreach.domain.standing import Preferences
from outreach.store.batch import among, one_of, prebuilt, values
from outreach.store.outbox import replies
from outreach.store.standing import document_of_preferences, preferences_of
from outreach.store.tables import contact_points, debtors
from outreach.store.types import Instant

point = contact_points.c


def lock(connection: Connection, debtor_ids: Sequence[int]) -> dict[int, int]:
    """Lock debtors in id order until the transaction ends, and return the version of each one's facts.

    Whoever changes a debtor's facts raises the version under the same lock, so facts read before and a version
    found unchanged here are the facts of now.
    """
    rows = connection.execute(_lock(connection), {"ids": sorted(set(debtor_ids))})
    return {row.id: row.version for row in rows.all()}


@prebuilt
def _lock(dialect: str) -> Select[Any]:
    return (
        select(debtors.c.id, debtors.c.version)
        .where(one_of(dialect, debtors.c.id))
        .order_by(debtors.c.id)
        .with_for_update()
    )


def touch(connection: Connection, debtor_ids: Sequence[int]) -> None:
    """Raise the version of debtors' facts: any send that was decided on the old ones will not start."""
    if debtor_ids:
        connection.execute(
            update(debtors)
            .where(among(connection, debtors.c.id, sorted(set(debtor_ids))))
            .values(version=debtors.c.version + 1)
        )


def with_addresses(
    connection: Connection, wanted: Iterable[tuple[Channel, str]]
) -> dict[tuple[Channel, str], list[int]]:
    """Every debtor who has (or had) each address, of whichever creditor."""
    points = contact_points.c
    v = _addresses(connection, wanted)
    query = select(points.kind, points.value, points.debtor_id).where(
        points.kind == v.c.kind, points.value == v.c.value
    )
    found: dict[tuple[Channel, str], list[int]] = {}
    for kind, value, debtor_id in connection.execute(query.distinct().order_by(points.debtor_id)):
        found.setdefault((Channel(kind), value), []).append(debtor_id)
    return found


def addresses_of(connection: Connection, debtor_ids: Sequence[int]) -> list[tuple[Channel, str]]:
    """Every address of some debtors, in use or not."""
    query = select(contact_points.c.kind, contact_points.c.value).where(
        among(connection, contact_points.c.debtor_id, sorted(set(debtor_ids)))
    )
    return [(Channel(row.kind), row.value) for row in connection.execute(query.distinct())]


def lock_addresses(connection: Connection, wanted: Iterable[tuple[Channel, str]]) -> None:
    """Let nobody else opt some addresses in or out until the transaction ends: all at once, in one order for all."""
    v = _addresses(connection, wanted)
    held = select(contact_points.c.id).where(contact_points.c.kind == v.c.kind, contact_points.c.value == v.c.value)
    connection.execute(held.order_by(contact_points.c.id).with_for_update(of=contact_points)).all()


def lock_address(connection: Connection, kind: Channel, value: str) -> None:
    """The same for one."""
    lock_addresses(connection, [(kind, value)])


def _addresses(connection: Connection, wanted: Iterable[tuple[Channel, str]]) -> FromClause:
    rows = [{"kind": kind.value, "value": value} for kind, value in sorted(set(wanted))]
    return values(connection, rows, {"kind": contact_points.c.kind.type, "value": contact_points.c.value.type})


def last_word(connection: Connection, kind: Channel, value: str) -> Opt | None:
    """Whether the last answer from an address that said either asked to stop or to start; None when none did.

    The last is the one that came last, not the one that was settled last.
    """
    said = connection.scalar(_last_word(replies.c.channel == kind, replies.c.sender == value))
    return None if said is None else Opt(said)


def _last_word(*said: ColumnElement[bool]) -> Select[Any]:
    return (
        select(replies.c.opt)
        .where(*said, replies.c.opt != "")
        .order_by(replies.c.at.desc(), replies.c.inbox_id.desc())
        .limit(1)
    )


def opt_out(connection: Connection, kind: Channel, value: str, at: datetime, source: str) -> list[int]:
    """Mark an address as opted out wherever it occurs; returns the debtors for whom that is new."""
    statement = (
        update(contact_points)
        .where(contact_points.c.kind == kind, contact_points.c.value == value, contact_points.c.opted_out_at.is_(None))
        .values(opted_out_at=at, opt_out_source=source)
        .returning(contact_points.c.debtor_id)
    )
    return list(connection.scalars(statement))


def opt_in(connection: Connection, kind: Channel, value: str) -> list[int]:
    """Lift the opt-out of an address because its holder asked for it; returns the debtors concerned."""
    statement = (
        update(contact_points)
        .where(
            contact_points.c.kind == kind, contact_points.c.value == value, contact_points.c.opted_out_at.is_not(None)
        )
        .values(opted_out_at=None, opt_out_source="")
        .returning(contact_points.c.debtor_id)
    )
    return list(connection.scalars(statement))


def set_quality(connection: Connection, point_ids: Sequence[int], quality: Quality) -> None:
    """What delivery taught: a delivered message verifies a contact point, a permanent failure kills it.

    A wrong party stays one whatever is delivered to it.
    """
    if point_ids:
        connection.execute(
            update(contact_points)
            .where(
                among(connection, contact_points.c.id, sorted(set(point_ids))),
                contact_points.c.quality.not_in([Quality.WRONG_PARTY.value, quality.value]),
            )
            .values(quality=quality.value)
        )


def mark_wrong_party(connection: Connection, kind: Channel, value: str) -> list[int]:
    """An address turned out to be somebody else's, whoever has it; returns the debtors for whom that is new."""
    statement = (
        update(contact_points)
        .where(
            contact_points.c.kind == kind,
            contact_points.c.value == value,
            contact_points.c.quality != Quality.WRONG_PARTY.value,
        )
        .values(quality=Quality.WRONG_PARTY.value)
        .returning(contact_points.c.debtor_id)
    )
    return list(connection.scalars(statement))


def verify(connection: Connection, debtor_id: int, kind: Channel, value: str) -> bool:
    """A person knows that the address is this debtor's, whatever was known before; False when it is not on record."""
    statement = (
        update(contact_points)
        .where(contact_points.c.debtor_id == debtor_id, contact_points.c.kind == kind, contact_points.c.value == value)
        .values(quality=Quality.VERIFIED.value, retired_at=None)
    )
    return connection.execute(statement).rowcount == 1


def heard_from(connection: Connection, heard: Mapping[tuple[Channel, str], datetime]) -> None:
    """Keep when an answer last came from addresses, whoever has them."""
    if not heard:
        return
    rows = [{"kind": kind.value, "value": value, "at": at} for (kind, value), at in heard.items()]
    columns = {"kind": contact_points.c.kind.type, "value": contact_points.c.value.type, "at": Instant()}
    v = values(connection, rows, columns)
    last = contact_points.c.last_inbound_at
    connection.execute(
        update(contact_points)
        .where(
            contact_points.c.kind == v.c.kind, contact_points.c.value == v.c.value, or_(last.is_(None), last < v.c.at)
        )
        .values(last_inbound_at=v.c.at)
    )


def addresses(connection: Connection, point_ids: Sequence[int]) -> dict[int, tuple[Channel, str]]:
    """Kind and value of contact points by id."""
    if not point_ids:
        return {}
    query = select(contact_points.c.id, contact_points.c.kind, contact_points.c.value).where(
        among(connection, contact_points.c.id, sorted(set(point_ids)))
    )
    return {row.id: (Channel(row.kind), row.value) for row in connection.execute(query)}


def wishes(connection: Connection, debtor_id: int) -> tuple[Preferences, str]:
    """What a debtor asked for so far, and the language (BCP 47) in which we write."""
    written = cast(debtors.c.preferences, Text).label("written")
    row = connection.execute(select(written, debtors.c.language).where(debtors.c.id == debtor_id)).one()
    return preferences_of(row.written), row.language


def keep_wishes(connection: Connection, debtor_id: int, wished: Preferences, language: str) -> None:
    """Keep what a debtor asks for now."""
    connection.execute(
        update(debtors)
        .where(debtors.c.id == debtor_id)
        .values(preferences=document_of_preferences(wished), language=language[:35])
    )


@dataclass(frozen=True, slots=True)
class Untold:
    """An address of whose stop, or of its end, the providers were not told yet."""

    kind: Channel
    value: str
    stopped: bool


def untold_stops(connection: Connection, kinds: Sequence[Channel], limit: int) -> list[Untold]:
    """Addresses whose providers know something else than we do."""
    stopped = point.opted_out_at.is_not(None)
    query = select(point.kind, point.value, stopped.label("stopped")).where(
        literal_column("(opted_out_at IS NOT NULL) <> listed"), point.kind.in_([kind.value for kind in kinds])
    )
    return [Untold(Channel(row.kind), row.value, bool(row.stopped)) for row in connection.execute(query.limit(limit))]


def stops_told(connection: Connection, told: Sequence[Untold]) -> None:
    """Note what the providers know now; an address that changed meanwhile is told again."""
    rows = [{"kind": one.kind.value, "value": one.value, "stopped": one.stopped} for one in told]
    v = values(connection, rows, {"kind": point.kind.type, "value": point.value.type, "stopped": point.listed.type})
    connection.execute(
        update(contact_points).where(point.kind == v.c.kind, point.value == v.c.value).values(listed=v.c.stopped)
    )


def inherit_opt_outs(connection: Connection, debtor_ids: Sequence[int], now: datetime) -> None:
    """A STOP holds for the address, whoever has it: new contact points take it over.

    It counts from other debtors' contact points, and from the last answer that said stop or start from an address
    that was nobody's when it came.
    """
    mine = [contact_points.c.opted_out_at.is_(None), among(connection, contact_points.c.debtor_id, debtor_ids)]
    others = contact_points.alias("others")
    shared = exists().where(
        others.c.kind == contact_points.c.kind,
        others.c.value == contact_points.c.value,
        others.c.opted_out_at.is_not(None),
    )
    said = [replies.c.channel == contact_points.c.kind, replies.c.sender == contact_points.c.value]
    said_last = _last_word(*said).scalar_subquery()
    connection.execute(
        update(contact_points)
        .where(*mine, or_(shared, said_last == Opt.STOP.value))
        .values(opted_out_at=now, opt_out_source="the address stopped before")
    )
