"""What holds an account up, with its clock and its way out: for the console and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from outreach.domain.account import HoldReason
from outreach.domain.case import CaseKind, CaseRule
from outreach.domain.case_rules import OF_REASON, RULES
from outreach.flow.cases import ROLE_OF
from outreach.store import cases, disputes
from outreach.store.cases import OpenCase
from outreach.store.disputes import Dispute
from outreach.store.dossier import Dossier, HoldLine
from outreach.store.users import Role


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold that runs. `rule`, and `case` with its clock, where it is a case; `validation_ends_on` and `dispute`
    where it contests the debt. Days are calendar days in the debtor's zone, instants aware UTC."""

    hold: HoldLine
    kind: CaseKind | None = None
    case: OpenCase | None = None
    dispute: Dispute | None = None
    validation_ends_on: date | None = None

    @property
    def rule(self) -> CaseRule | None:
        """What its kind asks for; None for a hold that anybody may end."""
        return None if self.kind is None else RULES[self.kind]

    @property
    def about(self) -> str:
        """The code word of what it is about: the case's kind, else the hold's reason."""
        return self.kind.value if self.kind else self.hold.reason.value

    @property
    def role(self) -> Role:
        """Who may end it."""
        return ROLE_OF[self.rule.authority] if self.rule else Role.AGENT


def running(connection: Connection, account: Dossier, now: datetime) -> list[HoldView]:
    """Those of an account's holds that run, the newest first."""
    debtor_id = account.debtor.id
    of_hold = {case.hold_id: case for case in cases.of_debtor(connection, debtor_id, now)}
    disputed = {one.case_id: one for one in disputes.of_account(connection, account.ref)}
    terms = cases.terms(connection, debtor_id, account.id)
    period = terms[0].validation.ends_on if terms and terms[0].validation else None
    views = []
    for hold in account.holds:
        if hold.starts_at > now or (hold.ends_at is not None and hold.ends_at <= now):
            continue
        case = of_hold.get(hold.id)
        kind = case.kind if case else OF_REASON.get(hold.reason)
        dispute = disputed.get(case.id) if case else None
        ends_on = period if kind and (RULES[kind].disputes or kind is CaseKind.ORIGINAL_CREDITOR) else None
        views.append(HoldView(hold, kind, case, dispute, ends_on))
    return views


def reasons() -> list[str]:
    """What a person may place a hold for: the kinds of cases, then the reasons that are none."""
    return [*(kind.value for kind in CaseKind), *(one.value for one in HoldReason if one not in OF_REASON)]


def reason_of(word: str) -> CaseKind | HoldReason:
    """The kind or reason of a code word of `reasons`. Raises ValueError."""
    return CaseKind(word) if word in set(CaseKind) else HoldReason(word)
