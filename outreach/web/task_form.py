"""The form with which a task is closed: what it offers for a task, and what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form

from outreach.domain.account import Quality
from outreach.domain.disposition import RULES, Disposition, valid_for
from outreach.domain.dispute import DisputeReason
from outreach.domain.message import Channel
from outreach.flow.consent_actions import Unfit
from outreach.flow.dispositions import LONGEST_NOTE, Ending
from outreach.store.dossier import Dossier
from outreach.store.tasks import TaskRow

#: Beginnings of a wrap-up note; whoever writes it goes on from there.
NOTES = (
    "Spoke with the debtor: ",
    "Agreed to pay because ",
    "Does not pay because ",
    "Asked us to ",
    "Left a message without debt details",
    "Answered by e-mail: ",
    "Nothing to do because ",
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: how a call may have gone, how else the task may end, and the numbers that may be called.

    `zone` is in which the debtor's times are written, UTC when none is known.
    """

    called: tuple[Disposition, ...]
    otherwise: tuple[Disposition, ...]
    numbers: tuple[str, ...]
    zone: str
    reasons: tuple[DisputeReason, ...] = tuple(DisputeReason)
    notes: tuple[str, ...] = NOTES

    @classmethod
    def of(cls, task: TaskRow, account: Dossier | None) -> Choices:
        """The choices for a task on an account."""
        points = account.points if account else ()
        numbers = tuple(
            point.value
            for point in reversed(points)
            if point.kind is Channel.SMS and point.quality is not Quality.WRONG_PARTY
        )
        valid = valid_for(task.kind, with_number=bool(numbers))
        called = tuple(one for one in valid if RULES[one].reach is not None) if numbers else ()
        otherwise = tuple(one for one in valid if RULES[one].reach is None)
        zones = account.debtor.zones if account else ()
        return cls(called, otherwise, numbers, zones[0] if zones else "UTC")


@dataclass(frozen=True, slots=True)
class EndingForm:
    """What was filled in, as it was written."""

    note: Annotated[str, Form()] = ""
    number: Annotated[str, Form()] = ""
    call_at: Annotated[str, Form()] = ""
    pay: Annotated[str, Form()] = ""
    pay_on: Annotated[str, Form()] = ""
    reason: Annotated[DisputeReason, Form()] = DisputeReason.OTHER


def ending_of(disposition: Disposition, form: EndingForm, zone: str) -> Ending:
    """How it ended; what goes with another disposition is left out. Raises Unfit for what cannot be read."""
    note = form.note.strip()[:LONGEST_NOTE]
    call_at = instant(form.call_at, ZoneInfo(zone)) if disposition is Disposition.CALLBACK else None
    is_promise = disposition is Disposition.PTP
    pay_on, pay = (_day(form.pay_on), _amount(form.pay)) if is_promise else (None, None)
    return Ending(disposition, note, form.number, call_at, pay_on, pay, form.reason)


def instant(written: str, zone: tzinfo) -> datetime:
    """A time as a date-and-time field sends it, of a zone. Raises Unfit."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unfit("Write the day and the time, such as 2026-12-31T09:00.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Unfit("Write the day of the payment, such as 2026-12-31.") from error


def _amount(written: str) -> Decimal | None:
    try:
        return Decimal(written.strip().replace(",", "")) if written.strip() else None
    except InvalidOperation as error:
        raise Unfit("Write the amount as a number, such as 120.50, or nothing for all that is open.") from error
