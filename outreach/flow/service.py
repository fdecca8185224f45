"""Service messages on their way out: planned in their cause's transaction, and what they may say.

cause (a reply, a promise, an instalment) -> plan -> [dispatch, claim, gate, render, send: as every notice]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import Facts
from outreach.domain.campaign import Campaign
from outreach.domain.gate import Question
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.service import CHANNELS, SERVICE, STEPS, service_campaign
from outreach.flow.release import new_id
from outreach.rendering.context import Instalment, PlanOffer, Promise
from outreach.schedules import campaign_to_json, with_version
from outreach.store import campaigns, notices
from outreach.store import service as kept
from outreach.store.notice_rows import NewNotice, Notice


@dataclass(frozen=True, slots=True)
class ServiceMessage:
    """A message to plan. `step` is one of domain/service.py, `cause` the id of the row that it is about.

    Of one account, step, cause and channel there is one message.

    `values` is what it may say beside the facts: `amount_minor` (in the account's currency) and `due_on` (ISO day) of a
    promise, with `number` and `count` of an instalment; `instalments` of a plan as [[day, minor units], ...].
    Without a `channel` it goes by the first that reaches the debtor; `address` is the one of that channel that is
    meant. `not_after` (aware UTC) ends its sense; where it is None, the step's own time does.
    """

    account_id: int
    debtor_id: int
    step: str
    cause: int
    values: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel | None = None
    address: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None


def plan(connection: Connection, messages: Sequence[ServiceMessage], now: datetime) -> list[str]:
    """Plan service messages; returns the ids of the new notices. Who cannot be reached gets none.

    Raises KeyError for a step that there is not.
    """
    unreached = [one.debtor_id for one in messages if one.channel is None]
    ways = kept.reachable(connection, unreached) if unreached else {}
    routed = [(one, one.channel or _way(ways.get(one.debtor_id, set()))) for one in messages]
    if not any(channel for _, channel in routed):
        return []
    places = _places(connection, [one.account_id for one, channel in routed if channel], now)
    new = [_notice(one, channel, places[one.account_id], now) for one, channel in routed if channel]
    return notices.plan(connection, new)


def asked(known: Facts, notice: Notice, now: datetime) -> Question:
    """What the gate is asked about a service message. The law sets its hours, no campaign's window."""
    step, document = STEPS[notice.step], notice.service or {}
    points = known.debtor.points(notice.channel)
    meant = [point for point in points if point.value == document.get("to")] if document.get("to") else points
    point = next((point for point in meant if point.usable), meant[0] if meant else None)
    until = document.get("not_after")
    return Question(
        known,
        notice.channel,
        point,
        None,
        now,
        datetime.fromisoformat(until) if until else None,
        purpose=step.purpose,
        through=step.through,
    )


def spoken_of(notice: Notice, known: Facts) -> dict[str, Any]:
    """The promise, the instalment or the plan that a service message is about, for the template's context."""
    values, currency = (notice.service or {}).get("values", {}), known.account.currency
    if "instalments" in values:
        parts = tuple((date.fromisoformat(day), Money(minor, currency)) for day, minor in values["instalments"])
        return {"plan": PlanOffer(parts)}
    if "amount_minor" not in values or "due_on" not in values:
        return {}
    amount, on = Money(values["amount_minor"], currency), date.fromisoformat(values["due_on"])
    if "number" in values:
        return {"instalment": Instalment(amount, on, values["number"], values["count"])}
    return {"promise": Promise(amount, on)}


def _way(reachable: set[Channel]) -> Channel | None:
    return next((channel for channel in CHANNELS if channel in reachable), None)


def _places(connection: Connection, account_ids: Sequence[int], now: datetime) -> dict[int, kept.Place]:
    owed = kept.creditors_of(connection, account_ids)
    current = {creditor_id: _campaign(ref) for creditor_id, ref in owed.values()}
    ids = kept.version_ids(connection, [one.version for one in current.values()])
    for creditor_id, campaign in current.items():
        if campaign.version not in ids:
            body = campaign_to_json(campaign)
            ids[campaign.version] = campaigns.keep_body(connection, campaign, body, creditor_id, now)
    version_of = {account_id: ids[current[creditor_id].version] for account_id, (creditor_id, _) in owed.items()}
    return kept.places(connection, version_of, now)


@lru_cache(maxsize=1_024)
def _campaign(creditor: str) -> Campaign:
    return with_version(service_campaign(creditor))


def _notice(one: ServiceMessage, channel: Channel, place: kept.Place, now: datetime) -> NewNotice:
    step = STEPS[one.step]
    until = one.not_after or (now + step.within if step.within else None)
    document = {"values": dict(one.values), "to": one.address, "not_after": until.isoformat() if until else None}
    return NewNotice(
        id=new_id(now),
        enrolment_id=place.enrolment_id,
        account_id=one.account_id,
        debtor_id=one.debtor_id,
        campaign=SERVICE,
        version_id=place.version_id,
        item_id=0,
        step=one.step,
        cycle=one.cause,
        position=CHANNELS.index(channel),
        channel=channel,
        template=step.template,
        needs_approval=False,
        stands_in_for=None,
        planned_at=now,
        not_before=one.not_before,
        service=document,
    )
