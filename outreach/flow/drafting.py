"""Draft: fresh facts, the gate's answer and the rendered message for claimed notices, or the move that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import ContactPoint, Facts
from outreach.domain.campaign import Campaign
from outreach.domain.deadline import deadline
from outreach.domain.gate import LOOK_AGAIN, Decision, Question, Verdict, gate
from outreach.domain.message import Address, Channel, Content
from outreach.domain.notice import NoticeState
from outreach.domain.sending import Provider
from outreach.flow.desk import Desk
from outreach.flow.isolating import Poisoned, by_halves, each
from outreach.flow.message import message_context, sender
from outreach.store import facts
from outreach.store.engine import reading
from outreach.store.facts import Subject
from outreach.store.notice_rows import Move, Notice

#: When to look again for a provider where none serves the channel.
NO_ROUTE_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Draft:
    """A claimed notice that is clear and rendered, with what it was decided on."""

    notice: Notice
    facts: Facts
    decision: Decision
    point: ContactPoint
    provider: Provider
    sender: Address
    content: Content


def draft(desk: Desk, claimed: Sequence[Notice]) -> tuple[list[Draft], list[Move], list[Poisoned[Notice]]]:
    """Decide on each claimed notice and render the clear ones; the moves take the others out of the way.

    The third list has those on which nothing can be decided, or whose template cannot be rendered.
    """
    with reading(desk.engine) as connection:
        read, unreadable = by_halves(partial(_read, connection, desk.clock.now()), claimed)
        subjects = [pair for part in read for pair in part]
        campaigns, lawless = each(lambda pair: (*pair, desk.campaign(connection, pair[0].version_id)), subjects)
    # Not before the facts were read: a hold that they show must not seem to begin only later.
    now = desk.clock.now()
    made, undrafted = each(lambda subject: _draft(desk, *subject, now), campaigns)
    poisoned = [*unreadable, *(one.of(one.row[0]) for one in lawless), *(one.of(one.row[0]) for one in undrafted)]
    drafts = [one for one in made if isinstance(one, Draft)]
    return drafts, [one for one in made if isinstance(one, Move)], poisoned


def _read(connection: Connection, now: datetime, claimed: Sequence[Notice]) -> list[tuple[Notice, Facts]]:
    subjects = [Subject(one.enrolment_id, one.account_id, one.item_id, one.cycle) for one in claimed]
    known = facts.load_facts(connection, subjects, now, history=False)
    return [(one, known[one.enrolment_id]) for one in claimed]


def _draft(desk: Desk, notice: Notice, known: Facts, campaign: Campaign, now: datetime) -> Draft | Move:
    asked = question(known, campaign, notice.step, notice.channel, now)
    decision, point = gate(asked), asked.point
    if decision.verdict is not Verdict.CLEAR or point is None:
        return _turned_back(notice, decision, now)
    provider = _provider(desk, notice)
    if provider is None:
        reason = f"no provider is configured for {notice.channel.value}"
        return Move(notice.id, NoticeState.CLAIMED, NoticeState.PLANNED, reason, not_before=now + NO_ROUTE_WAIT)
    context = message_context(known, notice, desk.settings, now)
    content = desk.renderer.render(notice.template, notice.channel, context)
    address = sender(notice.channel, known.account.creditor, desk.settings)
    return Draft(notice, known, decision, point, provider, address, content)


def question(known: Facts, campaign: Campaign, step: str, channel: Channel, now: datetime) -> Question:
    """What the gate is asked about a notice: of the first usable contact point, else of the first, so that the gate can
    say what is wrong with it. Raises KeyError when the campaign has no such step."""
    points = known.debtor.points(channel)
    point = next((point for point in points if point.usable), points[0] if points else None)
    not_after = deadline(campaign.steps[campaign.index(step)], known)
    return Question(known, channel, point, campaign.send_window, now, not_after)


def _provider(desk: Desk, notice: Notice) -> Provider | None:
    """The preferred provider of the channel; after a failure the one that follows the provider that failed."""
    route = desk.routes.get(notice.channel, ())
    names = [provider.name for provider in route]
    after = names.index(notice.provider) + 1 if notice.attempts and notice.provider in names else 0
    return route[after % len(route)] if route else None


def _turned_back(notice: Notice, decision: Decision, now: datetime) -> Move:
    new = {
        Verdict.DEFER: NoticeState.PLANNED,
        Verdict.ROUTE: NoticeState.SUPPRESSED,
        Verdict.SUPPRESS: NoticeState.SUPPRESSED,
        Verdict.CANCEL: NoticeState.CANCELLED,
    }[decision.verdict]
    deferred = new is NoticeState.PLANNED
    return Move(
        notice.id,
        NoticeState.CLAIMED,
        new,
        decision.reason,
        not_before=(decision.until or now + LOOK_AGAIN) if deferred else None,
        ended_at=None if deferred else now,
        decision=as_document(decision),
    )


def as_document(decision: Decision) -> dict[str, Any]:
    """A decision as it is kept with its notice."""
    return {
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "hits": [
            {"rule": hit.rule, "verdict": hit.verdict.value, "reason": hit.reason, "until": _iso(hit.until)}
            for hit in decision.hits
        ],
        "until": _iso(decision.until),
        "send_by": _iso(decision.send_by),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
