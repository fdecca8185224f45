"""Who is on the page: a debtor who said who he or she is, and the accounts with the one creditor of the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from outreach.domain.account import Creditor, Facts
from outreach.domain.debtor_page import Offer, offers
from outreach.flow.debtor_overview import accounts_of
from outreach.flow.debtor_page import holder_of
from outreach.rendering.locales import format_locale
from outreach.store.debtor_page import Holder
from outreach.store.engine import reading
from outreach.web.debtor.visit import Services, Visiting


class NotVerified(Exception):
    """Nobody said who he or she is, or the link has ended since: the page asks."""


class NotOffered(Exception):
    """The account does not offer this any more: something changed since the page was shown."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Guest:
    """A debtor on the page. `accounts` are all with this creditor, as they are now, in the order in which they came."""

    holder: Holder
    accounts: tuple[Facts, ...]

    @property
    def creditor(self) -> Creditor:
        """Who is owed."""
        return self.accounts[0].account.creditor

    @property
    def own(self) -> int:
        """The number of the account that the link's message was about."""
        ids = [facts.account.id for facts in self.accounts]
        return ids.index(self.holder.account_id) + 1

    def account(self, number: int) -> Facts:
        """The account of a number in the address (from 1). Raises HTTPException (404)."""
        if not 1 <= number <= len(self.accounts):
            raise HTTPException(404)
        return self.accounts[number - 1]


def guest(request: Request, services: Services, visit: Visiting) -> Guest:
    """The debtor of this visit. Raises NotVerified."""
    if not visit.verified:
        raise NotVerified
    key = services.settings.secret_key.get_secret_value()
    with reading(services.engine) as connection:
        holder = holder_of(connection, key, visit.token, services.now())
        accounts = accounts_of(connection, holder, services.now()) if holder else ()
    if holder is None or not accounts:
        raise NotVerified
    found = Guest(holder, accounts)
    debtor = accounts[0].debtor
    request.state.guest = found
    request.state.recorded_language = debtor.language
    request.state.country = debtor.country
    request.state.brand = found.creditor.name
    request.state.locale = lambda language: format_locale(language, debtor.language, debtor.country)
    return found


def offered(guest: Guest, number: int, offer: Offer, now: datetime) -> Facts:
    """The account of a number, for which the page offers something now. Raises NotOffered."""
    facts = guest.account(number)
    if offer not in offers(facts, now):
        raise NotOffered(number)
    return facts


AGuest = Annotated[Guest, Depends(guest)]
