"""Verify: the audit chain computed anew, and every sealed row compared with its entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping

from outreach.domain.chain import BEGINNING, Entry, digest, link
from outreach.store import audit, erasing
from outreach.store.audit_sources import BY_ID, NOTICES, SOURCES, Source, by_keys, never_sealed
from outreach.store.engine import reading
from outreach.store.erasing_rows import says_something

BATCH = 2_000


class HeadUnreadable(ValueError):
    """A head is a number, a hyphen and 64 hex digits, as `outreach audit head` prints it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The number of an entry and its hash, which stands for all entries up to it."""

    seq: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what `str` wrote; raises HeadUnreadable."""
        number, _, digits = text.strip().partition("-")
        try:
            head = cls(int(number), bytes.fromhex(digits))
        except ValueError as error:
            raise HeadUnreadable(f"{text!r} is no head: it looks like 1204-9f3c... with 64 hex digits") from error
        if len(head.hash) != 32 or head.seq < 0:
            raise HeadUnreadable(f"{text!r} is no head: it looks like 1204-9f3c... with 64 hex digits")
        return head

    def __str__(self) -> str:
        return f"{self.seq}-{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is broken: the entry's number (0: none), the row it is about, and what differs."""

    seq: int
    row: str
    what: str


@dataclass
class Report:
    """What came of it. `erased` rows were erased: only their facts could be compared."""

    head: Head
    entries: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)


def newest_head(engine: Engine) -> Head:
    """The end of the chain, to be deposited where nobody here can change it."""
    with reading(engine) as connection:
        return Head(*audit.last(connection))


def verify(engine: Engine, deposited: Sequence[Head] = ()) -> Report:
    """Compute the whole chain anew, on one snapshot on SQLite; rows that come meanwhile do not disturb it.

    The first finding in the order of the chain comes first. `deposited` heads must be found in it.
    """
    with reading(engine) as connection:
        marked = audit.mark(connection, audit.CHAIN).sealed_to
        marks = {source: audit.mark(connection, source.name).sealed_to for source in BY_ID}
        report = Report(Head(0, BEGINNING))
        sought = {head.seq: head for head in deposited if head.seq}
        for entries in audit.in_order(connection, BATCH):
            _links(entries, sought, report)
            _rows(connection, entries, report)
        if report.head.seq < marked:
            report.findings.append(Finding(report.head.seq, "", f"the end is cut off: entry {marked} was the last"))
        report.findings += [
            Finding(0, f"head {head.seq}", "the chain is shorter than this deposited head")
            for head in deposited
            if head.seq > report.head.seq
        ]
        for source, sealed_to in marks.items():
            missing = never_sealed(connection, source, sealed_to)
            report.findings += [Finding(0, f"{source.name} {key}", "was never sealed") for key in missing]
    report.findings.sort(key=lambda one: one.seq or report.head.seq + 1)
    return report


def _links(entries: Sequence[Entry], sought: Mapping[int, Head], report: Report) -> None:
    for entry in entries:
        name = f"{entry.source} {entry.row_key}"
        if entry.seq != report.head.seq + 1:
            report.findings.append(Finding(report.head.seq + 1, "", "the entry is missing"))
        elif entry.hash != link(report.head.hash, entry):
            report.findings.append(Finding(entry.seq, name, "the entry does not follow from the one before"))
        if entry.seq in sought and sought[entry.seq].hash != entry.hash:
            report.findings.append(Finding(entry.seq, name, "the deposited head has another hash"))
        report.head = Head(entry.seq, entry.hash)
        report.entries += 1


def _rows(connection: Connection, entries: Sequence[Entry], report: Report) -> None:
    of_source: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_source[entry.source].append(entry)
    without_salt = [one.account_id for one in entries if one.personal and not one.salt and one.account_id]
    told = erasing.told(connection, sorted(set(without_salt)))
    for name, mine in of_source.items():
        source = SOURCES.get(name)
        if source is None:
            report.findings += [Finding(one.seq, f"{name} {one.row_key}", "no such table is sealed") for one in mine]
            continue
        rows = by_keys(connection, source, [entry.row_key for entry in mine])
        present = {key[:32] for key in rows} if source is NOTICES else set(rows)
        for entry in mine:
            known = entry.row_key[:32] if source is NOTICES else entry.row_key
            what = _differs(source, entry, rows.get(entry.row_key), told, report) if known in present else "is gone"
            if what:
                report.findings.append(Finding(entry.seq, f"{name} {entry.row_key}", what))


def _differs(source: Source, entry: Entry, row: RowMapping | None, told: Collection[int], report: Report) -> str:
    if row is None:  # the notice was decided anew, and sealed again with that
        return ""
    facts, personal = source.parts(row)
    if digest(facts) != entry.facts:
        return f"was changed: one of {', '.join(source.facts)}"
    if row["owner"] != entry.account_id:
        return "was changed: it belongs to another account"
    if personal is None:
        return "" if entry.personal is None else "is sealed with other parts"
    if entry.salt is None:
        report.erased += 1
        return _erased(entry, personal, told)
    changed = digest(personal, entry.salt) != entry.personal
    return f"was changed: one of {', '.join(source.personal)}" if changed else ""


def _erased(entry: Entry, personal: Mapping[str, Any], told: Collection[int]) -> str:
    if says_something(personal, entry.row_key):
        return "was erased, but says something"
    untold = entry.account_id is not None and entry.account_id not in told
    return "was erased, but its account's timeline does not tell of it" if untold else ""
