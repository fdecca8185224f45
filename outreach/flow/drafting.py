"""Draft: fresh facts, the gate's answer and the rendered message for claimed notices, or the move that they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from outreach.domain.account import ContactPoint, Facts
from outreach.domain.campaign import Campaign
from outreach.domain.deadline import deadline
from outreach.domain.gate import LOOK_AGAIN, Decision, Question, Verdict, after
from outreach.domain.legal_notice import purpose_of
from outreach.domain.message import Address, Channel, Content
from outreach.domain.notice import NoticeState
from outreach.domain.sending import Provider
from outreach.domain.service import SERVICE
from outreach.domain.verdicts import barred, gate
from outreach.flow import service
from outreach.flow.desk import Desk
from outreach.flow.isolating import Poisoned, by_halves, each
from outreach.flow.message import sender
from outreach.flow.writing import written
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
    document: dict[str, Any]
    point: ContactPoint
    provider: Provider
    sender: Address
    content: Content
    #: Providers by which it must not go.
    closed: frozenset[str] = frozenset()


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
    asked = _asked(notice, known, campaign, now)
    decision, point = gate(asked, desk.law), asked.point
    if decision.verdict is not Verdict.CLEAR or point is None:
        return _turned_back(notice, asked, decision)
    closed = barred(asked, desk.law)
    provider = _provider(desk, notice, closed)
    if provider is None and closed:
        return _turned_back(notice, asked, after(decision, asked, list(closed.values())))
    if provider is None:
        reason = f"no provider is configured for {notice.channel.value}"
        return Move(notice.id, NoticeState.CLAIMED, NoticeState.PLANNED, reason, not_before=now + NO_ROUTE_WAIT)
    content, hits = written(desk, notice, asked)
    decision = after(decision, asked, hits)
    if decision.verdict is not Verdict.CLEAR:
        return _turned_back(notice, asked, decision)
    address = sender(notice.channel, known.account.creditor, desk.settings)
    document = as_document(decision, asked)
    return Draft(notice, known, decision, document, point, provider, address, content, frozenset(closed))


def _asked(notice: Notice, known: Facts, campaign: Campaign, now: datetime) -> Question:
    if notice.campaign == SERVICE:
        return service.asked(known, notice, now)
    return question(known, campaign, notice.step, notice.channel, now)


def question(known: Facts, campaign: Campaign, step: str, channel: Channel, now: datetime) -> Question:
    """What the gate is asked about a notice: of the first usable contact point, else of the first, so that the gate can
    say what is wrong with it. Raises KeyError when the campaign has no such step."""
    points = known.debtor.points(channel)
    point = next((point for point in points if point.usable), points[0] if points else None)
    taken = campaign.steps[campaign.index(step)]
    return Question(
        known,
        channel,
        point,
        campaign.send_window,
        now,
        deadline(taken, known),
        purpose=purpose_of(taken.notice),
        gap=campaign.min_contact_gap,
        notice=taken.notice,
    )


def _provider(desk: Desk, notice: Notice, closed: Collection[str]) -> Provider | None:
    """The preferred provider of the channel; after a failure the one that follows the provider that failed.

    Never one of `closed`, by which the law or the provider's own terms do not let this message go.
    """
    route = [one for one in desk.routes.get(notice.channel, ()) if one.name not in closed]
    names = [provider.name for provider in route]
    following = names.index(notice.provider) + 1 if notice.attempts and notice.provider in names else 0
    return route[following % len(route)] if route else None


def _turned_back(notice: Notice, asked: Question, decision: Decision) -> Move:
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
        not_before=(decision.until or asked.now + LOOK_AGAIN) if deferred else None,
        ended_at=None if deferred else asked.now,
        decision=as_document(decision, asked),
    )


def as_document(decision: Decision, asked: Question) -> dict[str, Any]:
    """A decision as it is kept with its notice: what was decided, by which rules of which versions, on which facts."""
    return {
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "hits": [
            {"rule": hit.rule, "verdict": hit.verdict.value, "reason": hit.reason, "until": _iso(hit.until)}
            for hit in decision.hits
        ],
        "until": _iso(decision.until),
        "send_by": _iso(decision.send_by),
        "at": _iso(asked.now),
        "packs": list(decision.packs),
        "zones": list(asked.facts.debtor.zones),
        "facts": _fingerprint(asked.facts),
    }


def _fingerprint(known: Facts) -> str:
    """SHA-256 (hex) of the facts that a decision saw."""
    return sha256(
        orjson.dumps(known, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)
    ).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no fact")


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
