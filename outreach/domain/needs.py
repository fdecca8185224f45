"""What `require` rules ask for before a message is rendered, one function a need: True when it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from outreach.domain.account import ContactPoint, Facts, Quality
from outreach.domain.calendar import ANYWHERE, local_date, start_everywhere
from outreach.domain.policy import Need, Require
from outreach.domain.standing import Basis, Consent, ConsentScope, Medium

Asked = Callable[[Require, Facts, ContactPoint | None, Medium, datetime], bool]


def first_day_after_notice(rule: Require, facts: Facts) -> datetime | None:
    """When (aware UTC) the days after a notice that must come first are over; None when it was not given."""
    given = facts.account.terms.notices.get(rule.notice)
    if given is None:
        return None
    zones = facts.debtor.zones or ANYWHERE
    last = max(local_date(given, zone) for zone in zones)
    return start_everywhere(last + timedelta(days=rule.days + 1), zones)


def _consent(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    del facts, medium
    return any(_covers(rule, one, now) for one in (point.standing.consents if point else ()))


def _covers(rule: Require, consent: Consent, now: datetime) -> bool:
    is_young = not rule.valid_days or now - consent.given_at <= timedelta(days=rule.valid_days)
    return (
        consent.holds(now)
        and consent.scope is rule.scope
        and is_young
        and (not rule.basis or consent.basis in rule.basis)
    )


def _basis(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    """12 CFR 1006.6(d)(4): the debtor used the address or consented, or the creditor's notice with its opt-out period
    of at least 35 days has run out, for an address that no employer provided."""
    if point is None:
        return False
    standing = point.standing
    if rule.basis and standing.basis not in rule.basis:
        return _consent(rule, facts, point, medium, now)
    if standing.basis is not Basis.CREDITOR_NOTICE:
        return standing.basis is not Basis.UNKNOWN or _consent(rule, facts, point, medium, now)
    sent, deadline = standing.notice_sent_on, standing.notice_deadline
    is_over = sent is not None and deadline is not None and deadline >= sent + timedelta(days=35)
    return is_over and standing.employer_provided is not True and _earliest_today(facts, now) > (deadline or date.max)


def _identity(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    del rule, facts, medium, now
    return point is not None and point.quality is not Quality.WRONG_PARTY


def _notice_first(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    del point, medium
    free_at = first_day_after_notice(rule, facts)
    return free_at is not None and free_at <= now


def _validation(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    """12 CFR 1006.34(a)(1): within some days of the first communication; one that came back was not provided."""
    del point, medium
    terms = facts.account.terms
    if terms.first_contact_at is None:
        return True
    if terms.validation is not None:
        return not terms.validation.undeliverable
    zones = facts.debtor.zones or ANYWHERE
    first = min(local_date(terms.first_contact_at, zone) for zone in zones)
    today = max(local_date(now, zone) for zone in zones)
    return today <= first + timedelta(days=rule.days)


def _esign(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    del rule, facts, medium
    consents = point.standing.consents if point else ()
    return any(one.scope is ConsentScope.ESIGN and one.holds(now) for one in consents)


def _preference(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    del rule, now
    wishes = facts.debtor.preferences
    return medium not in wishes.media_off and (point is None or point.standing.place not in wishes.places_off)


def _sender(rule: Require, facts: Facts, point: ContactPoint | None, medium: Medium, now: datetime) -> bool:
    """Whether an answer reaches the creditor: its number for texts, its mailbox for e-mails."""
    del rule, point, now
    creditor = facts.account.creditor
    return bool(creditor.email) if medium is Medium.EMAIL else bool(creditor.phone)


def _earliest_today(facts: Facts, now: datetime) -> date:
    return min(local_date(now, zone) for zone in facts.debtor.zones or ANYWHERE)


#: The need of a rule -> how it is answered. Texts and headers are looked for in the rendered message.
ANSWERS: Mapping[Need, Asked] = {
    Need.CONSENT: _consent,
    Need.BASIS: _basis,
    Need.IDENTITY: _identity,
    Need.NOTICE_FIRST: _notice_first,
    Need.VALIDATION: _validation,
    Need.ESIGN: _esign,
    Need.PREFERENCE: _preference,
    Need.SENDER: _sender,
}
