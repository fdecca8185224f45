"""From the rules of the packs to hits: what each kind of rule says about a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from outreach.domain.calendar import ANYWHERE, Opening, local_date, next_closing, next_opening, opening_of
from outreach.domain.caps import full_until
from outreach.domain.gate import CLOCKS_DIFFER, HOUSE_RULES, LOOK_AGAIN, Decision, Hit, Question, Verdict, decided
from outreach.domain.jurisdiction import jurisdictions
from outreach.domain.law import Law, Rules, Spoken
from outreach.domain.message import Channel
from outreach.domain.needs import ANSWERS, first_day_after_notice
from outreach.domain.policy import Cap, Forbid, Holds, Need, Recency, Require, When

#: The name of what is no rule by itself: after the wait that a rule asks for, all hours must be open together.
OPENING = "house/opening"


def gate(question: Question, law: Law) -> Decision:
    """Ask every rule, those of everywhere and those of the packs that touch the debtor. Fails closed."""
    rules = _timed(law.rules_for(question.facts, question.medium, question.purpose, question.now), question)
    openings = _openings(question, rules)
    hits = [hit for rule in (*HOUSE_RULES, known_country) if (hit := rule(question)) is not None]
    hits += [hit for one in rules.before if _fits(one.rule.when, question) and (hit := _hit(one, question)) is not None]
    hits += _closed(question, rules, openings)
    decision = decided(question, hits, rules.packs)
    if decision.verdict is Verdict.DEFER:
        return decided(question, _to_openings(question, decision, openings), rules.packs)
    if decision.verdict is not Verdict.CLEAR:
        return decision
    return replace(decision, send_by=_send_by(question, openings))


def known_country(question: Question) -> Hit | None:
    """Without a country nobody can say whose law holds: a person finds it out."""
    if jurisdictions(question.facts.debtor).countries:
        return None
    return Hit("house/country", Verdict.ROUTE, "Nobody knows in which country the debtor is")


def barred(question: Question, law: Law) -> dict[str, Hit]:
    """The providers by which the message must not go, each with the rule that says so."""
    rules = law.rules_for(question.facts, question.medium, question.purpose, question.now)
    return {
        provider: Hit(one.name, Verdict(one.rule.on_hit.value), one.rule.note)
        for one in rules.before
        if isinstance(one.rule, Forbid) and _fits(one.rule.when, question)
        for provider in one.rule.providers
    }


def on_content(question: Question, law: Law) -> Rules:
    """The rules, of those on content only what is meant here: they are held against the rendered message."""
    rules = law.rules_for(question.facts, question.medium, question.purpose, question.now)
    return replace(rules, on_content=tuple(one for one in rules.on_content if _fits(one.rule.when, question)))


def _fits(when: When, question: Question) -> bool:
    """Whether the rest of a rule's conditions hold: what `Law` does not know when it sorts the rules."""
    if not (when.places or when.first is not None or when.time_barred is not None or when.validating is not None):
        return True
    place = question.point.standing.place if question.point else None
    terms, days = question.facts.account.terms, _days(question)
    is_first = terms.first_contact_at is None
    is_barred = terms.sol_expires_on is not None and terms.sol_expires_on <= max(days)
    period = terms.validation.ends_on if terms.validation else None
    is_validating = period is not None and min(days) <= period
    return (
        (not when.places or place in when.places)
        and when.first in (None, is_first)
        and when.time_barred in (None, is_barred)
        and when.validating in (None, is_validating)
    )


def _hit(one: Spoken, question: Question) -> Hit | None:
    rule, facts, now = one.rule, question.facts, question.now
    until: datetime | None = None
    match rule:
        case Cap():
            until = full_until(rule, facts, question.point.value if question.point else "", now)
            spoke = until is not None
        case Require() if rule.need is Need.NOTICE_FIRST and question.notice == rule.notice:
            # It is this notice that comes first.
            spoke = False
        case Require():
            spoke = not ANSWERS[rule.need](rule, facts, question.point, question.medium, now)
            if rule.need is Need.NOTICE_FIRST and (free_at := first_day_after_notice(rule, facts)) is not None:
                return Hit(one.name, Verdict.DEFER, rule.note, free_at) if spoke else None
        case Recency():
            spoke = not _is_recent(rule, question)
        case Forbid():
            spoke = not rule.providers and _is_forbidden(rule, question)
        case Holds():
            until = _held_until(rule, question)
            spoke = until is not None
        case _:
            spoke = False
    return Hit(one.name, Verdict(rule.on_hit.value), rule.note, until) if spoke else None


def _is_recent(rule: Recency, question: Question) -> bool:
    """47 CFR 64.1200(m), 12 CFR 1006.6(d)(5): the debtor wrote, consented, or the number was found unchanged."""
    if question.point is None or question.point.standing.reassigned:
        return False
    standing = question.point.standing
    known = [one.given_at for one in standing.consents if one.holds(question.now)]
    known += [at for at in (standing.last_inbound_at, standing.checked_at) if at is not None]
    if not known:
        return False
    zones = question.facts.debtor.zones
    return all(
        (local_date(question.now, zone) - local_date(max(known), zone)).days <= rule.days for zone in zones or ANYWHERE
    )


def _is_forbidden(rule: Forbid, question: Question) -> bool:
    provided = question.point.standing.employer_provided if question.point else None
    return rule.employer_provided is None or provided is rule.employer_provided


def _held_until(rule: Holds, question: Question) -> datetime | None:
    moments = (question.now, question.now + CLOCKS_DIFFER)
    active = [
        hold for hold in question.facts.holds if hold.reason in rule.reasons and any(hold.active(at) for at in moments)
    ]
    return max((hold.ends_at or question.now + LOOK_AGAIN for hold in active), default=None)


def _timed(rules: Rules, question: Question) -> Rules:
    """The rules without hours and days that are not meant here, such as those of another place."""
    meant = [at for at, (one, _) in enumerate(rules.times) if _fits(one.rule.when, question)]
    if len(meant) == len(rules.times):
        return rules
    return replace(
        rules,
        times=tuple(rules.times[at] for at in meant),
        openings=tuple(rules.openings[at] for at in meant),
        guarded=tuple(rules.guarded[at] for at in meant),
    )


def _openings(question: Question, rules: Rules) -> tuple[Opening, ...]:
    """What must be open together: the packs' hours with their guard, the campaign's window, the debtor's wishes."""
    if question.channel is Channel.LETTER:
        return rules.guarded
    more = (opening_of(question.window),) if question.window is not None else ()
    hours = question.facts.debtor.preferences.hours
    wished = (opening_of(*hours),) if hours else ()
    return (*rules.guarded, *more, *wished)


def _closed(question: Question, rules: Rules, openings: tuple[Opening, ...]) -> list[Hit]:
    """A hit for every rule that is closed now, or one for the guard band when each by itself is open."""
    if not openings or not question.facts.debtor.zones or _opens_at(openings, question) == question.now:
        return []
    named = [(one.name, one.rule.note, opening) for one, opening in rules.times]
    if question.channel is not Channel.LETTER and question.window is not None:
        outside = "Outside the campaign's window"
        named.append(("campaign/send-window", outside, opening_of(question.window)))
    if question.channel is not Channel.LETTER and question.facts.debtor.preferences.hours:
        wished = opening_of(*question.facts.debtor.preferences.hours)
        named.append(("house/preferred-hours", "Outside the hours that the debtor asked for", wished))
    hits = list(_shut(named, question))
    return hits or [_waits("house/guard", "Too near the end of the lawful hours", _opens_at(openings, question))]


def _shut(named: list[tuple[str, str, Opening]], question: Question) -> Iterator[Hit]:
    for name, note, opening in named:
        opens_at = _opens_at((opening,), question)
        if opens_at != question.now:
            yield _waits(name, note, opens_at)


def _waits(name: str, note: str, opens_at: datetime | None) -> Hit:
    if opens_at is None:
        return Hit(name, Verdict.ROUTE, f"{note}: no hour of the coming month is allowed wherever the debtor may be")
    return Hit(name, Verdict.DEFER, note, opens_at)


def _to_openings(question: Question, deferred: Decision, openings: tuple[Opening, ...]) -> tuple[Hit, ...]:
    """The hits, the longest of their waits lasting until all is open together."""
    if not openings or not question.facts.debtor.zones or deferred.until is None:
        return deferred.hits
    opens_at = _opens_at(openings, question, deferred.until)
    if opens_at == deferred.until:
        return deferred.hits
    waits = [hit for hit in deferred.hits if hit.verdict is Verdict.DEFER]
    longest = max(waits, key=lambda hit: hit.until or question.now + LOOK_AGAIN)
    return tuple(_waits(hit.rule, hit.reason, opens_at) if hit is longest else hit for hit in deferred.hits)


def _opens_at(openings: tuple[Opening, ...], question: Question, since: datetime | None = None) -> datetime | None:
    debtor = question.facts.debtor
    return next_opening(openings, since or question.now, debtor.zones, debtor.country, debtor.region)


def _send_by(question: Question, openings: tuple[Opening, ...]) -> datetime | None:
    """The end of the hours, or of the step's time when that comes first. Letters know no hours."""
    if question.channel is Channel.LETTER or not openings:
        return question.not_after
    closes = next_closing(openings, question.now, question.facts.debtor.zones)
    return closes if question.not_after is None else min(closes, question.not_after)


def _days(question: Question) -> set[date]:
    """The calendar days on which it may be now where the debtor is."""
    return {local_date(question.now, zone) for zone in question.facts.debtor.zones or ANYWHERE}
