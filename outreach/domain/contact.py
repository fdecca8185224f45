"""Numbers and addresses in the one form in which they are stored, compared and sent to."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from outreach.domain.message import PostalAddress

#: What a spreadsheet makes of a long number: the digits are lost.
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


class BadContact(ValueError):
    """A value by which nobody can be reached. `str()` is the reason, `remedy` what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


def normal_phone(written: str, country: str) -> str:
    """The E.164 form of a number as people write it; `country` (ISO 3166-1 alpha-2 or '') is where it is from.

    Raises BadContact. A number with an extension is refused: a text cannot reach it, and it is likely a workplace's.
    """
    if SCIENTIFIC.fullmatch(written):
        raise BadContact("a spreadsheet shortened the number", "format the column as text and export again")
    try:
        number = phonenumbers.parse(written, country or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise BadContact("no country is known for the number", "write it as +<country><number>") from error
        raise BadContact("not a phone number", "write it as +<country><number>") from error
    if number.extension:
        raise BadContact("the number has an extension", "give a number that reaches the debtor directly")
    if not phonenumbers.is_valid_number(number):
        raise BadContact("no such number can exist", "check the digits, or write it as +<country><number>")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(written: str) -> str:
    """The lower-cased address. Raises BadContact."""
    try:
        checked = validate_email(written, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadContact("not an e-mail address", "give one address like name@company.example") from error
    return checked.normalized.lower()


def one_line(address: PostalAddress) -> str:
    """The address without the name, for comparing and for lists."""
    city = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = (address.line1, address.line2, city, address.region, address.country)
    return ", ".join(part for part in parts if part)


def mailable(address: PostalAddress) -> PostalAddress:
    """The address itself when a letter can be sent to it. Raises BadContact that names what is missing."""
    needed = {"address_line1": address.line1, "city": address.city, "country": address.country}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise BadContact(f"the address lacks {', '.join(missing)}", "fill in the whole address or none of it")
    return address
