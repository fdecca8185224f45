"""Service messages: what is sent because of the debtor's own word, beside the campaigns, and through the same gate.

An acknowledgement, a reminder of a promise or of an instalment: each is a step of one built-in campaign, so that it is
planned once, claimed, decided, logged and proven as every other notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from outreach.domain.account import HoldReason
from outreach.domain.campaign import Campaign, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.domain.standing import Purpose

#: The name of the built-in campaign; a campaign file cannot take it.
SERVICE = "service"
#: By which a service message may go, in order of preference where the cause names none.
CHANNELS = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class ServiceStep:
    """One kind of service message.

    `through`: the holds that do not stop it, because it is about them. `within`: how long after its cause it has any
    sense; None for a reminder, which says its own end.
    """

    template: str
    purpose: Purpose = Purpose.REPLY
    through: frozenset[HoldReason] = frozenset()
    within: timedelta | None = timedelta(hours=24)


_PROMISE = frozenset({HoldReason.PROMISE})
_PLAN = frozenset({HoldReason.PLAN})
_DISPUTE = frozenset({HoldReason.DISPUTE, HoldReason.VALIDATION_PERIOD, HoldReason.PROMISE, HoldReason.PLAN})
_PAUSES = frozenset({HoldReason.PROMISE, HoldReason.PLAN, HoldReason.HARDSHIP, HoldReason.DISPUTE, HoldReason.MANUAL})

#: Compliance catalogue, section 13: which automatic replies are allowed, and 47 CFR 64.1200(a)(12): one confirmation of
#: an opt-out, within five minutes.
STEPS: Mapping[str, ServiceStep] = {
    "opt_out_confirmed": ServiceStep(
        "service_opt_out_confirmed", Purpose.OPT_OUT_CONFIRMATION, _PAUSES, timedelta(minutes=5)
    ),
    "opt_in_confirmed": ServiceStep("service_opt_in_confirmed"),
    "help": ServiceStep("service_help", through=_PAUSES),
    "human": ServiceStep("service_human", through=_PAUSES),
    "preference_noted": ServiceStep("service_preference_noted", through=_PAUSES),
    "language_switched": ServiceStep("service_language_switched", through=_PAUSES),
    "dispute_received": ServiceStep("service_dispute_received", Purpose.DISPUTE_RESPONSE, _DISPUTE),
    "paid_received": ServiceStep("service_paid_received", Purpose.DISPUTE_RESPONSE, _DISPUTE),
    "identity_theft_received": ServiceStep("service_identity_theft_received", Purpose.DISPUTE_RESPONSE, _DISPUTE),
    "hardship_received": ServiceStep("service_hardship_received", through=_PAUSES),
    "page_link": ServiceStep("service_page_link", through=_PAUSES),
    "promise_confirmed": ServiceStep("promise_confirmation", through=_PROMISE),
    "promise_question": ServiceStep("service_promise_question", through=_PROMISE),
    "promise_reminder": ServiceStep("service_promise_reminder", Purpose.REMINDER, _PROMISE, None),
    "promise_broken": ServiceStep("service_promise_broken", Purpose.REMINDER),
    "plan_offered": ServiceStep("plan_offer", through=_PLAN),
    "plan_agreed": ServiceStep("service_plan_agreed", through=_PLAN),
    "instalment_reminder": ServiceStep("service_instalment_reminder", Purpose.REMINDER, _PLAN, None),
    "instalment_missed": ServiceStep("service_instalment_missed", Purpose.REMINDER, _PLAN),
    "plan_defaulted": ServiceStep("service_plan_defaulted", Purpose.REMINDER),
}


def purpose_of(template: str) -> Purpose:
    """What messages of a template are for: those of no service step remind."""
    return next((step.purpose for step in STEPS.values() if step.template == template), Purpose.REMINDER)


def service_campaign(creditor: str) -> Campaign:
    """The built-in campaign of a creditor, without a version. It never runs by itself; the law sets its hours."""
    whole_day = SendWindow(frozenset(range(1, 8)), time(0), time.max, holidays=True)
    steps = (Step(name, Trigger(TriggerKind.AFTER_DUE, Days(0)), CHANNELS, one.template) for name, one in STEPS.items())
    return Campaign(SERVICE, "", creditor, "", "UTC", whole_day, tuple(steps))
