"""What a debtor asks for about being contacted, as a change of what was asked for before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach.domain.campaign import SendWindow
from outreach.domain.standing import Medium, Place, Preferences


@dataclass(frozen=True, slots=True)
class PreferenceChange:
    """Media and places to turn off or on again, the only convenient hours, the language (BCP 47).

    12 CFR 1006.14(h): a medium that the debtor does not want is not used; 1006.6(b)(1): nor are a time and a place that
    are inconvenient. `hours` replace those before; an empty tuple lifts them, None leaves them. `language` None leaves
    it as it is.
    """

    media_off: frozenset[Medium] = frozenset()
    media_on: frozenset[Medium] = frozenset()
    places_off: frozenset[Place] = frozenset()
    places_on: frozenset[Place] = frozenset()
    hours: tuple[SendWindow, ...] | None = None
    language: str | None = None

    def of(self, before: Preferences) -> Preferences:
        """The preferences after the change; what is turned off and on at once is off."""
        return Preferences(
            (before.media_off - self.media_on) | self.media_off,
            (before.places_off - self.places_on) | self.places_off,
            before.hours if self.hours is None else self.hours,
        )

    def said(self) -> dict[str, Any]:
        """The change in plain values, for a timeline; what stays as it is is left out."""
        parts: Mapping[str, Any] = {
            "media_off": sorted(self.media_off),
            "media_on": sorted(self.media_on),
            "places_off": sorted(self.places_off),
            "places_on": sorted(self.places_on),
            "hours": None if self.hours is None else [f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in self.hours],
            "language": self.language,
        }
        return {name: value for name, value in parts.items() if value or (value == [] and name == "hours")}
