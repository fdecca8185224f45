"""Where a debtor may be, by number and address; and numbers and addresses in one form."""

from __future__ import annotations

import pytest

from outreach.domain.contact import BadContact, normal_email, normal_phone
from outreach.domain.zones import candidate_zones

SYDNEY = {"Australia/Sydney", "Australia/Broken_Hill"}


@pytest.mark.parametrize(
    ("phone", "country", "region", "postal_code", "zones"),
    [
        ("+12125550142", "US", "NY", "10001", {"America/New_York"}),
        ("+12125550142", "US", "CA", "94110", {"America/New_York", "America/Los_Angeles"}),
        ("+18505550142", "", "", "", {"America/New_York", "America/Chicago"}),
        ("+12195550142", "US", "", "", {"America/New_York", "America/Chicago"}),
        ("+14485550142", "US", "", "", {"America/New_York", "America/Chicago"}),
        ("+13345550142", "US", "", "", {"America/New_York", "America/Chicago"}),
        ("+18005550142", "", "", "", set()),
        ("+12125550142", "US", "", "09012", set()),
        ("+61491570156", "AU", "NSW", "2000", SYDNEY),
        ("+61491570156", "AU", "New South Wales", "2000", SYDNEY),
        ("", "CA", "Québec", "", {"America/Toronto", "America/Blanc-Sablon", "America/Halifax"}),
        ("+442079460018", "GB", "", "SW1A 1AA", {"Europe/London"}),
        ("", "CN", "", "", {"Asia/Shanghai"}),
        ("", "", "", "", set()),
    ],
)
def test_number_and_residence_both_count(
    phone: str, country: str, region: str, postal_code: str, zones: set[str]
) -> None:
    found = candidate_zones(phone, country, region, postal_code)
    assert set(found) >= zones
    assert len(found) == len(zones) or phone.startswith("+1")


def test_an_australian_mobile_number_without_an_address_may_be_anywhere_in_australia() -> None:
    assert {"Australia/Sydney", "Australia/Perth"} <= set(candidate_zones("+61491570156", "AU", "", ""))


def test_a_country_alone_means_all_its_zones() -> None:
    assert {"America/New_York", "Pacific/Honolulu"} <= set(candidate_zones("", "US", "", ""))


@pytest.mark.parametrize(
    ("written", "country"),
    [("+1 (212) 555-0142", ""), ("212.555.0142", "US"), ("1-212-555-0142", "US"), ("001 212 555 0142", "GB")],
)
def test_a_number_has_one_form_however_it_is_written(written: str, country: str) -> None:
    assert normal_phone(written, country) == "+12125550142"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2125550142", "no country"),
        ("1.21256E+10", "spreadsheet"),
        ("+1 212 555 0142 x12", "extension"),
        ("+1 212 555", "no such number"),
        ("none", "not a phone"),
    ],
)
def test_a_number_that_reaches_nobody_is_refused_with_a_remedy(written: str, reason: str) -> None:
    with pytest.raises(BadContact, match=reason) as caught:
        normal_phone(written, "")
    assert caught.value.remedy


def test_an_address_is_compared_in_lower_case() -> None:
    assert normal_email("Ada.Sample@Debtor.Example") == "ada.sample@debtor.example"


@pytest.mark.parametrize(
    "written", ["ada@", "ada@localhost", "a b@debtor.example", "ada@debtor.example, eve@x.example"]
)
def test_what_is_not_one_address_is_refused(written: str) -> None:
    with pytest.raises(BadContact):
        normal_email(written)
