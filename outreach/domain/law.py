"""The law that a message meets: of all packs the rules that concern its debtor, account, medium and purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from outreach.domain.account import Facts
from outreach.domain.calendar import Opening, opening_of
from outreach.domain.campaign import SendWindow
from outreach.domain.jurisdiction import Jurisdictions, jurisdictions, touches
from outreach.domain.policy import (
    Calendar,
    Cap,
    Forbid,
    Holds,
    Hours,
    Lint,
    Need,
    Pack,
    Recency,
    Require,
    Retention,
    Rule,
)
from outreach.domain.standing import CollectorRole, DebtKind, Medium, Purpose

R = TypeVar("R", bound=Rule)

#: A window that is always open, for rules that only close days.
ALWAYS = SendWindow(frozenset(range(1, 8)), time.min, time.max, holidays=True)

#: What is checked on the rendered message rather than before.
_ON_CONTENT = frozenset({Need.TEXT, Need.HEADER})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule with the name under which decisions keep it ("us-federal/RF-01")."""

    name: str
    rule: Rule


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules that may speak about one kind of message to one kind of debtor, sorted by when they are asked.

    `packs` are the packs and versions that were asked. `times` are the rules that open and close, `openings` what
    they allow, `guarded` the same with the guard band at both ends.
    """

    packs: tuple[str, ...] = ()
    before: tuple[Spoken, ...] = ()
    times: tuple[tuple[Spoken, Opening], ...] = ()
    openings: tuple[Opening, ...] = ()
    guarded: tuple[Opening, ...] = ()
    on_content: tuple[Spoken, ...] = ()

    def lints(self) -> list[Spoken]:
        """The rules about words."""
        return [one for one in self.on_content if isinstance(one.rule, Lint)]

    def texts(self) -> list[Spoken]:
        """The rules that require a text."""
        return [one for one in self.on_content if isinstance(one.rule, Require) and one.rule.need is Need.TEXT]


@dataclass(frozen=True, eq=False)
class Law:
    """Some packs. Asked often: what many messages share is found once."""

    packs: Sequence[Pack] = field(default_factory=tuple)

    def rules_for(self, facts: Facts, medium: Medium, purpose: Purpose, now: datetime) -> Rules:
        """The rules for a message about an account by a medium, of the versions in force at `now` (UTC day)."""
        terms = facts.account.terms
        places = jurisdictions(facts.debtor)
        return _rules(self, places, terms.role, terms.debt, terms.licences, medium, purpose, now.date())

    def retentions(self, day: date, facts: Facts | None = None) -> list[tuple[str, Retention]]:
        """How long records are kept, by every pack in force on `day`; with `facts` by those that concern it.

        Where no country is known of, any law may be the debtor's.
        """
        packs = [pack for pack in self.packs if pack.in_force(day)]
        if facts is not None and (places := jurisdictions(facts.debtor)).countries:
            terms = facts.account.terms
            packs = [pack for pack in packs if _concerns(pack, places, terms.role, terms.debt, terms.licences)]
        return [(f"{pack.id}/{rule.id}", rule) for pack in packs for rule in pack.rules if isinstance(rule, Retention)]


@lru_cache(maxsize=16_384)
def _rules(
    law: Law,
    places: Jurisdictions,
    role: CollectorRole,
    debt: DebtKind,
    licences: frozenset[str],
    medium: Medium,
    purpose: Purpose,
    day: date,
) -> Rules:
    packs = [pack for pack in law.packs if pack.in_force(day) and _concerns(pack, places, role, debt, licences)]
    spoken = [
        Spoken(f"{pack.id}/{rule.id}", rule)
        for pack in packs
        for rule in pack.rules
        if _may_speak(rule, role, debt, medium, purpose)
    ]
    times = tuple((one, opening) for one in spoken if (opening := _opening(one.rule)) is not None)
    guard = max((one.rule.guard for one in spoken if isinstance(one.rule, Hours)), default=0)
    return Rules(
        packs=tuple(pack.name for pack in packs),
        before=tuple(one for one in spoken if _is_before(one.rule)),
        times=times,
        openings=tuple(opening for _, opening in times),
        guarded=tuple(_narrowed(opening, guard) for _, opening in times),
        on_content=tuple(one for one in spoken if isinstance(one.rule, Lint) or _is_on_content(one.rule)),
    )


def _concerns(pack: Pack, places: Jurisdictions, role: CollectorRole, debt: DebtKind, licences: frozenset[str]) -> bool:
    applies = pack.applies
    fits = (not applies.roles or role in applies.roles) and (not applies.debt or debt in applies.debt)
    return fits and touches(applies, places, licences)


def _may_speak(rule: Rule, role: CollectorRole, debt: DebtKind, medium: Medium, purpose: Purpose) -> bool:
    when = rule.when
    return (
        purpose not in rule.except_purposes
        and (not when.media or medium in when.media)
        and (not when.roles or role in when.roles)
        and (not when.debt or debt in when.debt)
        and (not when.purposes or purpose in when.purposes)
    )


def _is_before(rule: Rule) -> bool:
    return isinstance(rule, Holds | Forbid | Require | Recency | Cap) and not _is_on_content(rule)


def _is_on_content(rule: Rule) -> bool:
    return isinstance(rule, Require) and rule.need in _ON_CONTENT


def _opening(rule: Rule) -> Opening | None:
    if isinstance(rule, Hours) and rule.windows:
        return opening_of(*rule.windows)
    if isinstance(rule, Calendar):
        return Opening((ALWAYS,), rule.closed)
    return None


def _narrowed(opening: Opening, minutes: int) -> Opening:
    """The opening with so many minutes less at each end of a window; midnight is no end."""
    if not minutes:
        return opening
    windows = tuple(
        replace(one, opens=_later(one.opens, minutes), closes=_earlier(one.closes, minutes)) for one in opening.windows
    )
    return Opening(windows, opening.closed)


def _later(at: time, minutes: int) -> time:
    return at if at == time.min else _shifted(at, minutes)


def _earlier(at: time, minutes: int) -> time:
    return at if at == time.max else _shifted(at, -minutes)


def _shifted(at: time, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 1), at) + timedelta(minutes=minutes)).time()
