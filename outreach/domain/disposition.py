"""Dispositions: how work on a task ended, in the codes of the field (dunning.md, Disposition).

Each says how far the debtor was reached (for the log of contacts, and so for the caps), whether its task closes or
comes back, and what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.standing import Reach

#: A call that nobody answered so often is not tried again: the campaign goes on without it.
MOST_ATTEMPTS = 3


class Disposition(StrEnum):
    """How it ended. Those from RPC to UNREACHABLE are of a call that was made."""

    #: right party contact: the debtor was spoken to, and nothing of what follows was said
    RPC = "rpc"
    #: promise to pay
    PTP = "ptp"
    REFUSED = "refused"
    DISPUTE = "dispute"
    CALLBACK = "callback"
    PAYMENT_SENT = "payment_sent"
    IN_PAYMENT_RUN = "in_payment_run"
    INVOICE_NOT_RECEIVED = "invoice_not_received"
    HARDSHIP = "hardship"
    VULNERABLE = "vulnerable"
    CEASE = "cease"
    ATTORNEY = "attorney"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    COMPLAINT = "complaint"
    THIRD_PARTY = "third_party"
    WRONG_PARTY = "wrong_party"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    #: the number reached nothing: busy, or out of service
    UNREACHABLE = "unreachable"
    #: a task that is no call was worked
    DONE = "done"
    #: a task that was not worked, because there was nothing to do
    NOT_NEEDED = "not_needed"
    #: by the machine: the reason of the task was gone
    WITHDRAWN = "withdrawn"


class Effect(StrEnum):
    """What a disposition leads to beside the log."""

    NONE = ""
    PROMISE = "promise"
    DISPUTE = "dispute"
    #: the disposition names a kind of case: a hold, a task and a clock
    CASE = "case"
    WRONG_PARTY = "wrong_party"
    #: a task to send what did not arrive
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class DispositionRule:
    """What a disposition means. `reach` is None where nobody was called; `again` is after how long the task comes back
    by itself (None: it closes). `asks_when`: it comes back when the debtor asked to be called. `case`: the kind of case
    that it opens, '' for the one of its own name."""

    reach: Reach | None
    again: timedelta | None = None
    effect: Effect = Effect.NONE
    asks_when: bool = False
    case: str = ""


_SPOKEN = DispositionRule(Reach.CONVERSATION)
_CASE = DispositionRule(Reach.CONVERSATION, effect=Effect.CASE)
_UNWORKED = DispositionRule(None)

#: Somebody else answered: no conversation with the debtor (12 CFR 1006.14(b)(2)(i)(B) counts those), but an attempt.
_ELSE = Reach.ATTEMPTED

RULES: Mapping[Disposition, DispositionRule] = {
    Disposition.RPC: _SPOKEN,
    Disposition.PTP: DispositionRule(Reach.CONVERSATION, effect=Effect.PROMISE),
    Disposition.REFUSED: _SPOKEN,
    Disposition.DISPUTE: DispositionRule(Reach.CONVERSATION, effect=Effect.DISPUTE),
    Disposition.CALLBACK: DispositionRule(Reach.CONVERSATION, asks_when=True),
    Disposition.PAYMENT_SENT: DispositionRule(Reach.CONVERSATION, effect=Effect.CASE, case="paid_claimed"),
    Disposition.IN_PAYMENT_RUN: _SPOKEN,
    Disposition.INVOICE_NOT_RECEIVED: DispositionRule(Reach.CONVERSATION, effect=Effect.DOCUMENTS),
    Disposition.HARDSHIP: _CASE,
    Disposition.VULNERABLE: _CASE,
    Disposition.CEASE: _CASE,
    Disposition.ATTORNEY: _CASE,
    Disposition.BANKRUPTCY: _CASE,
    Disposition.DECEASED: DispositionRule(_ELSE, effect=Effect.CASE),
    Disposition.COMPLAINT: _CASE,
    Disposition.THIRD_PARTY: DispositionRule(_ELSE, again=timedelta(days=1)),
    Disposition.WRONG_PARTY: DispositionRule(_ELSE, effect=Effect.WRONG_PARTY),
    Disposition.VOICEMAIL: DispositionRule(Reach.VOICEMAIL, again=timedelta(days=1)),
    Disposition.NO_ANSWER: DispositionRule(Reach.ATTEMPTED, again=timedelta(hours=4)),
    Disposition.UNREACHABLE: DispositionRule(Reach.FAILED, again=timedelta(days=1)),
    Disposition.DONE: _UNWORKED,
    Disposition.NOT_NEEDED: _UNWORKED,
    Disposition.WITHDRAWN: _UNWORKED,
}

#: What only a call can bring.
CALLED = tuple(one for one, rule in RULES.items() if rule.reach is not None)


def valid_for(kind: str, *, with_number: bool) -> tuple[Disposition, ...]:
    """The dispositions that a task of a kind may end with. A call's task is not simply done: it says how the call went.

    `with_number`: there is a debtor who can be called, which any task may lead to.
    """
    by_hand = (Disposition.NOT_NEEDED,) if kind == "call" else (Disposition.DONE, Disposition.NOT_NEEDED)
    if kind == "call":
        return (*CALLED, *by_hand)
    return (*by_hand, *CALLED) if with_number else by_hand


def comes_back(
    disposition: Disposition, attempts: int, now: datetime, asked_for: datetime | None = None
) -> datetime | None:
    """When (aware UTC) a task with this disposition is to be worked again; None when it closes.

    `attempts` counts the tries with this one; `asked_for` is when the debtor asked to be called.
    """
    rule = RULES[disposition]
    if rule.asks_when:
        return asked_for
    if rule.again is None or attempts >= MOST_ATTEMPTS:
        return None
    return now + rule.again
