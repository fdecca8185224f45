"""What a debtor can pay on an account: the plans that follow from it, or hardship, which is for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.affordability import Proposal, affordable_instalment, frequency_of, proposals, surplus
from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.case import CaseKind
from outreach.domain.means import MeansStatement
from outreach.domain.money import Money
from outreach.domain.plan_schedule import Frequency
from outreach.flow.actions import Unknown
from outreach.flow.cases import NewCase, open_case
from outreach.store import debtors, plans

#: What the case says; the figures stay with the statement of means.
_NOTHING_LEFT = "The statement of means leaves nothing for instalments."


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an account's debtor can pay. `left` is a month's surplus, `affordable` what of it an instalment of
    `frequency` may take; both None without a statement. `proposals` may be put to `plans.propose` as they are."""

    balance: Money
    frequency: Frequency
    proposals: tuple[Proposal, ...]
    left: Money | None = None
    affordable: Money | None = None

    @property
    def hardship(self) -> bool:
        """Whether there is nothing to pay instalments from: no plan by machine, a person has to help."""
        return self.affordable is not None and self.affordable.minor <= 0


def assess(
    connection: Connection,
    account_id: int,
    means: MeansStatement | None,
    now: datetime,
    frequency: Frequency | None = None,
) -> Assessment:
    """The plans for what is open on an account, by the creditor's limits and, where it is known, the debtor's means.

    `frequency` is the debtor's wish. Nothing is kept. Raises actions.Unknown for an unknown account.
    """
    owed = plans.owed(connection, [account_id]).get(account_id)
    if owed is None:
        raise Unknown("There is no such account.")
    chosen = frequency or frequency_of(means)
    today = max(local_date(now, zone) for zone in owed.zones or ANYWHERE)
    found = tuple(proposals(owed.balance, means, today, owed.policy, chosen))
    if means is None:
        return Assessment(owed.balance, chosen, found)
    return Assessment(owed.balance, chosen, found, surplus(means), affordable_instalment(means, chosen, owed.policy))


def cannot_pay(
    connection: Connection, account_id: int, means: MeansStatement, source: str, now: datetime, by: str = ""
) -> int:
    """Keep a statement of means that leaves nothing, and open a case of hardship; returns the id of its hold.

    Raises actions.Unknown for an unknown account.
    """
    owed = plans.owed(connection, [account_id]).get(account_id)
    if owed is None:
        raise Unknown("There is no such account.")
    debtors.lock(connection, [owed.debtor_id])
    plans.keep_means(connection, account_id, owed.debtor_id, means, source, by, now)
    case = NewCase(CaseKind.HARDSHIP, owed.debtor_id, account_id, source, _NOTHING_LEFT, now)
    return open_case(connection, case, now, by)
