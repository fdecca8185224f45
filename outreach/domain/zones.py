"""Where a debtor may be, as a set of time zones. A time is lawful only when it is lawful in every one of them.

Rule and measurements: compliance catalogue, section 10. A zone too many only delays; a zone too few breaks the law.
"""

from __future__ import annotations

from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
import ziptz
from babel.core import get_global
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

from outreach.domain.regions import region_code

#: Area codes laid over an older one, which alone has prefixes in the library's table.
_OVERLAY_OF = {
    "236": "250", "257": "250", "672": "250", "778": "250", "364": "270", "367": "418", "448": "850", "458": "541",
    "581": "418", "729": "423", "879": "709", "930": "812", "986": "208",
}  # fmt: skip
#: Zones that an area code reaches and the library's table lacks: Phenix City, Malheur County, Lloydminster.
_ALSO = {
    "334": {"America/Chicago", "America/New_York"},
    "541": {"America/Boise"},
    "306": {"America/Edmonton"},
    "639": {"America/Edmonton"},
}
#: Provinces and states by their zones in the IANA database (zone1970.tab), with every exception inside them.
_REGIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "CA": {
        "AB": ("America/Edmonton",),
        "BC": ("America/Vancouver", "America/Edmonton", "America/Fort_Nelson", "America/Dawson_Creek"),
        "MB": ("America/Winnipeg",),
        "NB": ("America/Moncton",),
        "NL": ("America/St_Johns", "America/Goose_Bay"),
        "NS": ("America/Halifax",),
        "NT": ("America/Edmonton", "America/Inuvik"),
        "NU": ("America/Iqaluit", "America/Rankin_Inlet", "America/Cambridge_Bay", "America/Resolute"),
        "ON": ("America/Toronto", "America/Winnipeg", "America/Atikokan"),
        "PE": ("America/Halifax",),
        "QC": ("America/Toronto", "America/Blanc-Sablon", "America/Halifax"),
        "SK": ("America/Regina", "America/Edmonton"),
        "YT": ("America/Whitehorse",),
    },
    "AU": {
        "ACT": ("Australia/Sydney",),
        "NSW": ("Australia/Sydney", "Australia/Broken_Hill"),
        "NT": ("Australia/Darwin",),
        "QLD": ("Australia/Brisbane",),
        "SA": ("Australia/Adelaide",),
        "TAS": ("Australia/Hobart",),
        "VIC": ("Australia/Melbourne",),
        "WA": ("Australia/Perth", "Australia/Eucla"),
    },
}
#: ZIP prefixes of the armed forces, which may be anywhere in the world.
_MILITARY_ZIPS = frozenset({"340", *(f"{n:03}" for n in range(90, 99)), *(str(n) for n in range(962, 967))})
#: By law the whole country keeps one time, though the IANA database lists more.
_ONE_TIME = {"CN": ("Asia/Shanghai",)}


@cache
def known_zones() -> frozenset[str]:
    """The IANA names that may stand in a file or a database."""
    return frozenset(available_timezones())


def candidate_zones(phone: str, country: str, region: str, postal_code: str) -> tuple[str, ...]:
    """The IANA zones where someone with these may be, sorted; empty when nothing tells.

    `phone` is E.164 or ''; `country` ISO 3166-1 alpha-2 or ''; `region` a state or province. The residence and the
    number both count, for either may be out of date. Without either, every zone of the country counts. Of a military
    address nothing tells: neither its ZIP nor a number from home.
    """
    if country == "US" and postal_code[:3] in _MILITARY_ZIPS:
        return ()
    home = _residence(country, region, postal_code)
    number = _number_zones(phone)
    # Outside North America most mobile numbers name only a country, which says less than a residence in it.
    agrees = home & number and not phone.startswith("+1")
    zones = home if agrees else home | number
    return tuple(sorted((zones or _country_zones(country)) & known_zones()))


@lru_cache(maxsize=65_536)
def _residence(country: str, region: str, postal_code: str) -> frozenset[str]:
    if country == "US":
        try:
            return frozenset({ziptz.zone(postal_code[:5])})
        except ziptz.ZipError:
            return frozenset()
    if country in _REGIONS:
        return frozenset(_REGIONS[country].get(region_code(country, region), ()))
    zones = _country_zones(country)
    return zones if len(zones) == 1 else frozenset()


@cache
def _country_zones(country: str) -> frozenset[str]:
    listed: tuple[str, ...] = tuple(get_global("territory_zones").get(country, ()))
    return frozenset(_ONE_TIME.get(country, listed))


def _number_zones(phone: str) -> frozenset[str]:
    if not phone:
        return frozenset()
    if phone.startswith("+1"):
        return _area_code_zones(phone[2:5])
    zones = timezone.time_zones_for_number(phonenumbers.parse(phone))
    return frozenset(zones) - {timezone.UNKNOWN_TIMEZONE}


@cache
def _area_code_zones(area_code: str) -> frozenset[str]:
    # The library answers with the longest prefix it knows, which for a split area code is one zone of several.
    base = _OVERLAY_OF.get(area_code, area_code)
    listed = {zone for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(f"1{base}") for zone in zones}
    return frozenset(listed | _ALSO.get(area_code, set()) | _ALSO.get(base, set()))
