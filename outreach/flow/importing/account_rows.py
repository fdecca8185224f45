"""A row of an accounts file as typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.domain.contact import BadContact, mailable, normal_email, normal_phone, one_line
from outreach.domain.message import Channel, PostalAddress
from outreach.flow.importing.fields import Cells
from outreach.flow.importing.report import BadRow, RowProblem
from outreach.flow.importing.rows import Columns, Row
from outreach.flow.importing.standing_cells import NOTHING, STANDING_COLUMNS, Stated, read_stated

COLUMNS = Columns(
    required=("account_ref", "creditor", "debtor_ref", "currency", "item_ref", "item_due_date", "item_amount"),
    optional=(
        *("first_name", "last_name", "company", "language", "timezone", "email", "phone"),
        *("address_line1", "address_line2", "city", "region", "postal_code", "country"),
        *("date_of_birth", "item_date", "item_open_amount", "tags"),
        *STANDING_COLUMNS,
    ),
    extra=True,
)


#: A value of a contact point and, for a letter, the address; None when the row states that there is none.
StatedPoint = tuple[str, PostalAddress | None] | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the file, read and found good; amounts are minor units.

    `facts`, `points`, `tags` and `extra` hold only what the file states: a column that it does not have leaves what
    is known as it is. `standing` is what it says of consents and what else the law asks about. `timezone` is ''
    unless the row names one.
    """

    line: int
    account_ref: str
    creditor_id: int
    debtor_ref: str
    facts: Mapping[str, str]
    timezone: str
    points: Mapping[Channel, StatedPoint]
    currency: str
    tags: tuple[str, ...] | None
    extra: Mapping[str, str]
    item_ref: str
    issued_on: date | None
    due_on: date
    amount_minor: int
    open_minor: int
    standing: Stated = NOTHING


def read_row(row: Row, creditors: Mapping[str, int]) -> tuple[AccountRow, list[RowProblem]]:
    """A row as typed values, and the warnings about what is left out. Raises BadRow."""
    cells = Cells(row)
    creditor = cells.needed("creditor")
    if creditor not in creditors:
        remedy = "add it to schedules/creditors.yaml and import again"
        raise cells.refuse("creditor", "no such creditor", remedy)
    currency = cells.currency("currency")
    amount = cells.amount("item_amount", currency)
    left = cells.amount("item_open_amount", currency) if cells.get("item_open_amount") else amount
    if left > amount:
        raise cells.refuse("item_open_amount", "more than item_amount", "check both amounts")
    facts = _facts(cells)
    good = AccountRow(
        line=row.line,
        account_ref=cells.ref("account_ref"),
        creditor_id=creditors[creditor],
        debtor_ref=cells.ref("debtor_ref"),
        facts=facts,
        timezone=cells.timezone("timezone"),
        points=_points(cells, facts),
        currency=currency,
        tags=_tags(cells),
        extra={name: value for name, value in row.values.items() if name.startswith("x_")},
        item_ref=cells.ref("item_ref"),
        issued_on=cells.optional_day("item_date"),
        due_on=cells.day("item_due_date"),
        amount_minor=amount,
        open_minor=left,
        standing=read_stated(cells),
    )
    return good, cells.warnings


def _tags(cells: Cells) -> tuple[str, ...] | None:
    if not cells.has("tags"):
        return None
    parts = cells.get("tags").replace(",", ";").split(";")
    return tuple(sorted({part.strip() for part in parts} - {""}))


def _facts(cells: Cells) -> dict[str, str]:
    read = {
        "first_name": cells.text("first_name", 200),
        "last_name": cells.text("last_name", 200),
        "company": cells.text("company", 300),
        "language": cells.language("language"),
        "country": cells.country("country"),
        "region": cells.text("region", 100),
        "postal_code": cells.text("postal_code", 20),
        "date_of_birth": cells.birthday("date_of_birth"),
    }
    # A value that cannot be used, and an empty language, say nothing; any other empty cell says that there is none.
    return {
        name: value
        for name, value in read.items()
        if value or (cells.has(name) and not cells.get(name) and name != "language")
    }


def _points(cells: Cells, facts: Mapping[str, str]) -> dict[Channel, StatedPoint]:
    """An unusable value states that there is none: the one known before is no longer vouched for."""
    points: dict[Channel, StatedPoint] = {}
    country = facts.get("country", "")
    for kind, name, normal in (
        (Channel.SMS, "phone", lambda written: normal_phone(written, country)),
        (Channel.EMAIL, "email", normal_email),
    ):
        if cells.has(name):
            points[kind] = _point(cells, name, normal)
    if any(cells.has(name) for name in ("address_line1", "address_line2", "city")):
        points[Channel.LETTER] = _letter_point(cells, facts)
    return points


def _point(cells: Cells, name: str, normal: Callable[[str], str]) -> StatedPoint:
    try:
        return (normal(cells.get(name)), None) if cells.get(name) else None
    except BadContact as error:
        cells.warn(name, f"{error}; left out", error.remedy)
        return None


def _letter_point(cells: Cells, facts: Mapping[str, str]) -> StatedPoint:
    address = PostalAddress(
        "",
        cells.text("address_line1", 200),
        cells.text("address_line2", 200),
        cells.text("city", 100),
        facts.get("region", ""),
        facts.get("postal_code", ""),
        facts.get("country", ""),
    )
    if not (address.line1 or address.line2 or address.city):
        return None
    try:
        return one_line(mailable(address)), address
    except BadContact as error:
        cells.warn("address_line1", f"{error}; left out", error.remedy)
        return None


def good_rows(rows: Iterable[Row | RowProblem], creditors: Mapping[str, int]) -> Iterator[AccountRow | RowProblem]:
    """The rows that can be taken, in order, among the problems of the others and warnings."""
    for row in rows:
        if isinstance(row, RowProblem):
            yield row
            continue
        try:
            good, warnings = read_row(row, creditors)
        except BadRow as refused:
            yield refused.problem
            continue
        yield from warnings
        yield good
