"""Hand-offs: where a debtor who wants to pay is sent. One file a way, one line in the table below registers it.

What happens there is none of ours: going is no payment. Payments come by import or the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from outreach.domain.account import Facts
from outreach.flow.handoff_payment_url import PaymentUrl


class HandOff(Protocol):
    """A way to pay."""

    def offered(self, facts: Facts) -> bool:
        """Whether the account's creditor has it. Asked for each page, so it must not call anybody."""

    def origin(self, facts: Facts) -> str:
        """Scheme and host of where `address` leads. Asked for the page with the button, which may lead nowhere else."""

    def address(self, facts: Facts) -> str:
        """Where the debtor's browser goes (http or https), asked when the debtor goes.

        It may open a session with a payment provider. Raises HandOffFailed.
        """


class HandOffFailed(RuntimeError):
    """The way to pay is closed at the moment; the debtor is told to try again."""


#: By name, in the order in which they are asked; the first that the creditor has is taken.
HAND_OFFS: Mapping[str, HandOff] = {"payment_url": PaymentUrl()}


def hand_off(facts: Facts) -> HandOff | None:
    """How an account can be paid; None when its creditor has no way."""
    return next((one for one in HAND_OFFS.values() if one.offered(facts)), None)
