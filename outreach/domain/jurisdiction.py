"""Which places' law touches a debtor: residence, postal address, and the area codes of the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers

from outreach.domain.account import Debtor
from outreach.domain.area_codes import states_of_area_code
from outreach.domain.message import Channel
from outreach.domain.policy import Applies
from outreach.domain.regions import region_code


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """Places that may have a say. `postal_codes` are "US:10001", `states` "US-NY"; nothing known is empty."""

    countries: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    postal_codes: frozenset[str] = frozenset()
    area_codes: frozenset[str] = frozenset()


def jurisdictions(debtor: Debtor) -> Jurisdictions:
    """The places that touch a debtor: everyone's law counts, since any of them may be where the debtor is."""
    homes = {(debtor.country, debtor.region, debtor.postal_code)}
    numbers = set()
    for point in debtor.contact_points:
        if point.postal is not None:
            homes.add((point.postal.country, point.postal.region, point.postal.postal_code))
        if point.kind is Channel.SMS:
            numbers.add(point.value[:5] if point.value.startswith("+1") else point.value)
    return _jurisdictions(frozenset(homes), frozenset(numbers))


@lru_cache(maxsize=65_536)
def _jurisdictions(homes: frozenset[tuple[str, str, str]], numbers: frozenset[str]) -> Jurisdictions:
    area_codes = {number[2:5] for number in numbers if number.startswith("+1")}
    by_number = {state for code in area_codes for state in states_of_area_code(code)}
    states = {
        f"{country}-{region_code(country, region)}" for country, region, _ in homes if country and region
    } | by_number
    abroad = {_country(number) for number in numbers if not number.startswith("+1")}
    countries = {country for country, _, _ in homes} | {state[:2] for state in by_number} | abroad
    codes = {f"{country}:{code.replace(' ', '').upper()}" for country, _, code in homes if country and code}
    return Jurisdictions(frozenset(countries - {""}), frozenset(states), frozenset(codes), frozenset(area_codes))


@cache
def _country(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or ""


def touches(applies: Applies, places: Jurisdictions, licences: Iterable[str]) -> bool:
    """Whether a pack's places are among them; a pack that names none concerns everybody.

    One that leaves some countries to their own packs (`not_only`) still speaks where any other country may be meant.
    """
    if applies.not_only and places.countries and places.countries <= applies.not_only:
        return False
    named = (applies.countries, applies.states, applies.postal_codes, applies.area_codes, applies.licences)
    if not any(named):
        return True
    return bool(
        applies.countries & places.countries
        or applies.states & places.states
        or applies.area_codes & places.area_codes
        or any(code.startswith(applies.postal_codes) for code in places.postal_codes)
        or applies.licences.intersection(licences)
    )
