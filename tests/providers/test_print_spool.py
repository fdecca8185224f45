"""The print spool: what a print house finds, and what it says."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from outreach.domain.event import EventKind
from outreach.domain.sending import Found, NotSent, Reason, SendRequest, WebhookInvalid
from outreach.providers.print_returns import ReturnsUnreadable, read_returns
from outreach.providers.print_spool import PrintSpool
from tests.providers.samples import ATTEMPT, LETTER_REQUEST, NOW, PDF, late, lob_event

TODAY, TOMORROW = "2026-03-10", "2026-03-11"


def spool(path: Path, *, at: datetime = NOW) -> PrintSpool:
    return PrintSpool(path / "spool", lambda: at)


def letter(number: int) -> SendRequest:
    return replace(LETTER_REQUEST, attempt_id=f"{number:032x}.1")


def names(path: Path, day: str = TODAY) -> list[str]:
    return sorted(entry.name for entry in (path / "spool" / day).iterdir())


def test_a_letter_lies_in_the_days_batch_with_its_sheet(tmp_path: Path) -> None:
    result = spool(tmp_path).send(LETTER_REQUEST)
    assert (result.kind, result.ref) == (EventKind.ACCEPTED, f"{TODAY}/{ATTEMPT}")
    assert names(tmp_path) == [f"{ATTEMPT}.json", f"{ATTEMPT}.pdf"]
    batch = tmp_path / "spool" / TODAY
    assert (batch / f"{ATTEMPT}.pdf").read_bytes() == PDF
    sheet = orjson.loads((batch / f"{ATTEMPT}.json").read_bytes())
    assert (sheet["sha256"], sheet["pages"], sheet["country"]) == (hashlib.sha256(PDF).hexdigest(), 1, "US")
    assert (sheet["to"]["postal_code"], sheet["from"]["name"]) == ("10001", "Sample Creditor")


def test_a_letter_sent_again_is_the_same_letter(tmp_path: Path) -> None:
    first = spool(tmp_path).send(LETTER_REQUEST)
    again = spool(tmp_path, at=NOW + timedelta(days=1)).send(LETTER_REQUEST)
    assert first == again
    assert not (tmp_path / "spool" / TOMORROW).exists()


def test_a_closed_batch_names_its_letters_and_is_sealed(tmp_path: Path) -> None:
    for number in (2, 1):
        spool(tmp_path).send(letter(number))
    assert spool(tmp_path).close_batch(NOW.date()) == 2
    batch = tmp_path / "spool" / TODAY
    manifest = (batch / "manifest.jsonl").read_bytes()
    lines = [orjson.loads(line) for line in manifest.splitlines()]
    assert [line["attempt_id"] for line in lines] == [letter(1).attempt_id, letter(2).attempt_id]
    for line in lines:
        assert hashlib.sha256((batch / line["file"]).read_bytes()).hexdigest() == line["sha256"]
    assert orjson.loads((batch / ".done").read_bytes()) == {"count": 2, "sha256": hashlib.sha256(manifest).hexdigest()}


def test_closing_again_changes_nothing(tmp_path: Path) -> None:
    spool(tmp_path).send(LETTER_REQUEST)
    assert [spool(tmp_path).close_batch(NOW.date()) for _ in range(2)] == [1, 1]
    assert names(tmp_path) == [".done", f"{ATTEMPT}.json", f"{ATTEMPT}.pdf", "manifest.jsonl"]


def test_a_closed_batch_takes_no_letter_any_more(tmp_path: Path) -> None:
    spool(tmp_path).send(letter(1))
    spool(tmp_path).close_batch(NOW.date())
    assert spool(tmp_path).send(letter(2)).ref == f"{TOMORROW}/{letter(2).attempt_id}"
    assert spool(tmp_path).send(letter(1)).ref == f"{TODAY}/{letter(1).attempt_id}"


def test_a_day_without_letters_has_no_batch(tmp_path: Path) -> None:
    assert spool(tmp_path).close_batch(date(2026, 3, 10)) == 0
    assert not (tmp_path / "spool").exists()


def test_no_letter_is_lost_between_writing_and_closing(tmp_path: Path) -> None:
    provider = spool(tmp_path)
    provider.send(letter(0))
    with ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(provider.send, letter(number)) for number in range(1, 40)]
        closed = threads.submit(provider.close_batch, NOW.date())
    refs = [future.result().ref or "" for future in sent]
    in_first = 1 + sum(ref.startswith(TODAY) for ref in refs)
    assert closed.result() == in_first == len((tmp_path / "spool" / TODAY / "manifest.jsonl").read_bytes().splitlines())


def test_find_sees_a_letter_in_whatever_batch(tmp_path: Path) -> None:
    provider = spool(tmp_path)
    provider.send(LETTER_REQUEST)
    assert provider.find(LETTER_REQUEST).found is Found.YES
    assert provider.find(letter(7)).found is Found.NO


def test_a_spool_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert spool(tmp_path).find(LETTER_REQUEST).found is Found.CANNOT_TELL


def test_a_letter_half_written_is_not_there(tmp_path: Path) -> None:
    provider = spool(tmp_path)
    provider.send(letter(1))
    (tmp_path / "spool" / TODAY / f".{ATTEMPT}.pdf.tmp").write_bytes(PDF[:3])
    assert provider.find(LETTER_REQUEST).found is Found.NO
    assert provider.close_batch(NOW.date()) == 1


def test_a_spool_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file in the way")
    with pytest.raises(NotSent) as caught:
        spool(tmp_path).send(LETTER_REQUEST)
    assert caught.value.reason is Reason.PROVIDER_DOWN


def test_a_letter_whose_time_is_over_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(NotSent) as caught:
        spool(tmp_path).send(late(LETTER_REQUEST))
    assert caught.value.reason is Reason.EXPIRED


def test_nothing_calls_back(tmp_path: Path) -> None:
    with pytest.raises(WebhookInvalid):
        spool(tmp_path).verify(lob_event("letter.delivered"))


def report(tmp_path: Path, *rows: str, head: str = "attempt_id,status,at,reason") -> Path:
    path = tmp_path / "returns.csv"
    path.write_text("\r\n".join([head, *rows]) + "\r\n", encoding="utf-8-sig")
    return path


def test_the_print_houses_report_becomes_events(tmp_path: Path) -> None:
    path = report(
        tmp_path,
        f"{ATTEMPT},accepted,2026-03-10T18:00:00Z,",
        f"{ATTEMPT},printed,2026-03-11T06:00:00+01:00,",
        f"{ATTEMPT},Despatched,2026-03-11,",
        f"{ATTEMPT},returned,2026-03-20T00:00:00Z,Insufficient address",
        f"{ATTEMPT},returned,2026-03-21T00:00:00Z,refused",
        f"{ATTEMPT},returned,2026-03-22T00:00:00Z,eaten by a dog",
        f"{ATTEMPT},shredded,2026-03-23T00:00:00Z,",
    )
    events = list(read_returns(path))
    assert [(event.kind, event.permanent, event.reason) for event in events] == [
        (EventKind.ACCEPTED, None, None),
        (EventKind.QUEUED, None, None),
        (EventKind.SENT, None, None),
        (EventKind.RETURNED, True, Reason.INVALID_ADDRESS),
        (EventKind.RETURNED, False, Reason.BLOCKED),
        (EventKind.RETURNED, False, Reason.OTHER),
        (EventKind.UNKNOWN, None, None),
    ]
    assert events[1].occurred_at == datetime(2026, 3, 11, 5, 0, tzinfo=UTC)
    assert events[2].occurred_at == datetime(2026, 3, 11, tzinfo=UTC)
    assert len({event.event_id for event in events}) == 7
    assert [event.event_id for event in read_returns(path)] == [event.event_id for event in events]


def test_a_bad_row_is_reported_and_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    bad: list[tuple[int, str]] = []
    good = f"{ATTEMPT},printed,2026-03-11T06:00:00Z,"
    path = report(
        tmp_path,
        "somebody,printed,2026-03-11T06:00:00Z,",
        good,
        f"{ATTEMPT},printed,yesterday,",
        f"{ATTEMPT},,2026-03-11T06:00:00Z,",
        f"{ATTEMPT}",
        good + ",one,too,many",
    )
    events = list(read_returns(path, lambda line, why: bad.append((line, why))))
    assert len(events) == 2
    assert bad == [
        (2, "attempt_id is not one of ours"),
        (4, "at is not a date and time in ISO 8601"),
        (5, "status is empty"),
        (6, "status is empty"),
    ]


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReturnsUnreadable, match="status, at"):
        list(read_returns(report(tmp_path, "x,y", head="attempt_id,reason")))


def test_a_file_that_stops_being_a_table_says_where(tmp_path: Path) -> None:
    events = read_returns(
        report(tmp_path, f"{ATTEMPT},printed,2026-03-11,", f"{ATTEMPT},printed,2026-03-11," + "x" * 200_000)
    )
    assert next(events).kind is EventKind.QUEUED
    with pytest.raises(ReturnsUnreadable, match="after line 2"):
        next(events)
