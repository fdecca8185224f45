"""States and provinces by the names under which files give them, for the countries whose law differs between them.

Without it the law of New York would not count for somebody in "New York" rather than in "NY".
"""

from __future__ import annotations

import unicodedata

_NAMES = {
    "US": "AL Alabama, AK Alaska, AS American Samoa, AZ Arizona, AR Arkansas, CA California, CO Colorado,"
    " CT Connecticut, DE Delaware, DC District of Columbia, DC Washington D.C., FL Florida, GA Georgia, GU Guam,"
    " HI Hawaii, ID Idaho,"
    " IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts,"
    " MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire,"
    " NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, MP Northern Mariana Islands,"
    " OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, PR Puerto Rico, RI Rhode Island, SC South Carolina,"
    " SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VI Virgin Islands, VA Virginia, WA Washington,"
    " WV West Virginia, WI Wisconsin, WY Wyoming",
    "CA": "AB Alberta, BC British Columbia, BC Colombie-Britannique, MB Manitoba, NB New Brunswick,"
    " NB Nouveau-Brunswick, NL Newfoundland and Labrador, NL Newfoundland, NL Terre-Neuve-et-Labrador,"
    " NT Northwest Territories, NT Territoires du Nord-Ouest, NS Nova Scotia, NS Nouvelle-Ecosse, NU Nunavut,"
    " ON Ontario, PE Prince Edward Island, PE Ile-du-Prince-Edouard, QC Quebec, QC PQ, SK Saskatchewan, YT Yukon",
    "AU": "ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD Queensland,"
    " SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia",
}


def _plain(name: str) -> str:
    """Letters alone, without case and accents: "Québec" and "QUEBEC", "D.C." and "DC" are one."""
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(character for character in apart if character.isalpha())


def _codes(country: str) -> dict[str, str]:
    pairs = [pair.strip().split(" ", 1) for pair in _NAMES[country].split(",")]
    return {_plain(name): code for code, name in pairs} | {_plain(code): code for code, _ in pairs}


_CODES = {country: _codes(country) for country in _NAMES}


def region_code(country: str, region: str) -> str:
    """The code of a state or province ("NY") by its code or name; a name that is not known stays, in capitals.

    `country` is ISO 3166-1 alpha-2. "ca-on" and "US-NY" are understood, too.
    """
    known = _CODES.get(country, {})
    bare = region.strip()
    if bare[:3].upper() == f"{country}-":
        bare = bare[3:]
    return known.get(_plain(bare), bare.upper())
