"""What people are told of the providers that are left alone for a while, and what they can do about it."""

from __future__ import annotations

from sqlalchemy import Connection

from outreach.domain.circuit import Circuit, State
from outreach.domain.sending import Reason
from outreach.store import circuits

#: What to do, by the reason with which a circuit opened.
ADVICE: dict[Reason, str] = {
    Reason.AUTH: "Check its account and key in the settings, and whether the account is active",
    Reason.QUOTA: "Its limit or credit is used up: raise it at the provider",
    Reason.BLOCKED: "The provider blocked the account: ask it why",
    Reason.NOT_REGISTERED: "Register the sender at the provider, or set another one",
    Reason.INVALID_ADDRESS: "Set a sender that the provider knows",
    Reason.THROTTLED: "If this comes often, lower its rate (OUTREACH_<PROVIDER>_RATE)",
    Reason.PROVIDER_DOWN: "See the provider's status page, and whether this machine reaches it",
}
_OTHERWISE = "Look its code up at the provider"


def pauses(connection: Connection) -> list[str]:
    """A sentence for each circuit that is not closed; none when all providers work."""
    return [_sentence(circuit) for circuit in circuits.read(connection).values()]


def _sentence(circuit: Circuit) -> str:
    way = f"{circuit.key.provider} ({circuit.key.sender})" if circuit.key.sender else circuit.key.provider
    trying = circuit.state is State.HALF_OPEN
    until = "" if circuit.until is None else f" until {circuit.until:%Y-%m-%d %H:%M:%S} UTC"
    how = "is tried with one message" if trying else f"is paused{until}, then tried with one message"
    advice = next((text for reason, text in ADVICE.items() if circuit.reason.startswith(_words(reason))), _OTHERWISE)
    return f"{way} {how}: {circuit.reason}. {advice}."


def _words(reason: Reason) -> str:
    return reason.value.replace("_", " ") + ","
