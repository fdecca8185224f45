"""A row of an accounts file as typed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.domain.contact import BadContact, mailable, normal_email, normal_phone, one_line
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.zones import candidate_zones
from outreach.flow.importing.fields import Cells
from outreach.flow.importing.report import BadRow, ImportReport, RowProblem
from outreach.flow.importing.rows import Columns, Row

COLUMNS = Columns(
    required=("account_ref", "creditor", "debtor_ref", "currency", "item_ref", "item_due_date", "item_amount"),
    optional=(
        *("first_name", "last_name", "company", "language", "timezone", "email", "phone"),
        *("address_line1", "address_line2", "city", "region", "postal_code", "country"),
        *("item_date", "item_open_amount", "tags"),
    ),
    extra=True,
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the file, read and found good. Amounts are minor units; `points` are (kind, value, postal)."""

    line: int
    account_ref: str
    creditor_id: int
    debtor_ref: str
    facts: Mapping[str, str]
    zones: tuple[str, ...]
    points: tuple[tuple[Channel, str, PostalAddress | None], ...]
    currency: str
    tags: tuple[str, ...]
    extra: Mapping[str, str]
    item_ref: str
    issued_on: date | None
    due_on: date
    amount_minor: int
    open_minor: int


def read_row(row: Row, creditors: Mapping[str, int]) -> tuple[AccountRow, list[RowProblem]]:
    """A row as typed values, and the warnings about what is left out. Raises BadRow."""
    cells = Cells(row)
    creditor = cells.needed("creditor")
    if creditor not in creditors:
        known = ", ".join(sorted(creditors)) or "none"
        raise cells.refuse("creditor", f"no such creditor; known: {known}", "add it to schedules/creditors.yaml")
    account_ref, debtor_ref, item_ref = cells.ref("account_ref"), cells.ref("debtor_ref"), cells.ref("item_ref")
    currency = cells.currency("currency")
    amount = cells.amount("item_amount", currency)
    left = cells.amount("item_open_amount", currency) if cells.get("item_open_amount") else amount
    if left > amount:
        raise cells.refuse("item_open_amount", "more than item_amount", "check both amounts")
    facts = _facts(cells)
    points, phone = _points(cells, facts)
    stated = cells.timezone("timezone")
    zones = (stated,) if stated else candidate_zones(phone, facts["country"], facts["region"], facts["postal_code"])
    good = AccountRow(
        line=row.line,
        account_ref=account_ref,
        creditor_id=creditors[creditor],
        debtor_ref=debtor_ref,
        facts=facts,
        zones=zones,
        points=points,
        currency=currency,
        tags=tuple(sorted({tag for part in cells.get("tags").split(";") for tag in part.replace(",", " ").split()})),
        extra={name: value for name, value in row.values.items() if name.startswith("x_") and value},
        item_ref=item_ref,
        issued_on=cells.optional_day("item_date"),
        due_on=cells.day("item_due_date"),
        amount_minor=amount,
        open_minor=left,
    )
    return good, cells.warnings


def _facts(cells: Cells) -> dict[str, str]:
    return {
        "first_name": cells.text("first_name", 200),
        "last_name": cells.text("last_name", 200),
        "company": cells.text("company", 300),
        "language": cells.language("language") or "en",
        "country": cells.country("country"),
        "region": cells.text("region", 100),
        "postal_code": cells.text("postal_code", 20),
    }


def _points(
    cells: Cells, facts: Mapping[str, str]
) -> tuple[tuple[tuple[Channel, str, PostalAddress | None], ...], str]:
    points: list[tuple[Channel, str, PostalAddress | None]] = []
    phone = ""
    try:
        if cells.get("phone"):
            phone = normal_phone(cells.get("phone"), facts["country"])
            points.append((Channel.SMS, phone, None))
    except BadContact as error:
        cells.warn("phone", f"{error}; left out", error.remedy)
    try:
        if cells.get("email"):
            points.append((Channel.EMAIL, normal_email(cells.get("email")), None))
    except BadContact as error:
        cells.warn("email", f"{error}; left out", error.remedy)
    address = _address(cells, facts)
    try:
        if address.line1 or address.line2 or address.city:
            points.append((Channel.LETTER, one_line(mailable(address)), address))
    except BadContact as error:
        cells.warn("address_line1", f"{error}; left out", error.remedy)
    return tuple(points), phone


def _address(cells: Cells, facts: Mapping[str, str]) -> PostalAddress:
    name = " ".join(part for part in (facts["first_name"], facts["last_name"]) if part) or facts["company"]
    return PostalAddress(
        name,
        cells.text("address_line1", 200),
        cells.text("address_line2", 200),
        cells.text("city", 100),
        facts["region"],
        facts["postal_code"],
        facts["country"],
    )


def good_rows(
    rows: Iterator[Row | RowProblem], creditors: Mapping[str, int], report: ImportReport
) -> Iterator[AccountRow]:
    """The rows that can be taken, in order; the others are noted in the report."""
    for row in rows:
        if isinstance(row, RowProblem):
            report.note(row)
            continue
        try:
            good, warnings = read_row(row, creditors)
        except BadRow as refused:
            report.note(refused.problem)
            continue
        for warning in warnings:
            report.note(warning)
        yield good
