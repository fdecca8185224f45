"""Rules between the keys of a campaign file.

They read the plain data and skip what is malformed, so that a file shows all its mistakes at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from outreach.documents.document import Document, FieldPath
from outreach.documents.problem import Problem, Severity
from outreach.documents.words import clock
from outreach.domain.campaign import Action, DayKind, Days, TriggerKind
from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.domain.money import Money, UnknownCurrency
from outreach.domain.service import SERVICE
from outreach.schedules.values import days

#: By which a notice that the law asks for may be given: the debtor can keep it.
IN_WRITING = (Channel.LETTER, Channel.EMAIL)


class Finding(NamedTuple):
    """A broken rule at a path of the file."""

    path: FieldPath
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


def broken_rules(document: Document) -> list[Problem]:
    """What the keys of a campaign say against each other."""
    data = _mapping(document.data)
    steps = [_mapping(step) for step in _list(data.get("steps"))]
    applies_to = _mapping(data.get("applies_to"))
    findings = [
        *_name(data.get("campaign")),
        *_window(_mapping(data.get("send_window"))),
        *_ages(_mapping(applies_to.get("days_past_due")), steps),
        *_balance(_mapping(applies_to.get("balance")), _list(applies_to.get("currency"))),
        *_tags(_mapping(applies_to.get("tags"))),
        *_order(steps),
    ]
    for index, step in enumerate(steps):
        findings += _step(("steps", index), step) if step else ()
    return [document.problem(*finding) for finding in findings]


def _name(name: object) -> Iterator[Finding]:
    if name == SERVICE:
        message = f"`{SERVICE}` is the built-in campaign of acknowledgements and reminders of promises"
        yield Finding(("campaign",), message, "Choose another name")


def _window(window: dict[str, object]) -> Iterator[Finding]:
    try:
        opens, closes = clock(window.get("from")), clock(window.get("to"))
    except PydanticCustomError:
        return
    if opens >= closes:
        message = f"the window opens at {opens:%H:%M} and closes at {closes:%H:%M}"
        yield Finding(("send_window", "to"), message, "`to` is later than `from` on the same day")


def _ages(ages: dict[str, object], steps: list[dict[str, object]]) -> Iterator[Finding]:
    first, last = ages.get("from"), ages.get("to")
    path = ("applies_to", "days_past_due")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        yield Finding((*path, "to"), f"no account is between {first} and {last} days old", "`to` is at least `from`")
    for index, step in enumerate(steps):
        offset = _offset(step)
        if isinstance(first, int) and offset is not None and offset < min(first, 0):
            yield Finding(
                ("steps", index, "when", "before_due"),
                f"accounts enter at {first} days past due, after this step",
                f"Let `days_past_due.from` be {offset} or less, or leave it out",
                Severity.WARNING,
            )


def _balance(balance: dict[str, object], currencies: list[object]) -> Iterator[Finding]:
    path = ("applies_to", "balance")
    if balance and len(currencies) != 1:
        yield Finding(
            path,
            f"a balance needs one currency; `applies_to.currency` has {len(currencies)}",
            "Name one currency, and write a campaign for each other one",
        )
    bounds = {name: value for name in ("at_least", "at_most") if (value := _amount(balance.get(name))) is not None}
    for name, value in bounds.items():
        yield from _precision((*path, name), value, currencies)
    if len(bounds) == 2 and bounds["at_least"] > bounds["at_most"]:
        yield Finding((*path, "at_most"), "`at_most` is less than `at_least`", "Swap the two amounts")


def _precision(path: FieldPath, amount: Decimal, currencies: list[object]) -> Iterator[Finding]:
    try:
        Money.of(amount, str(currencies[0]) if len(currencies) == 1 else "")
    except UnknownCurrency:
        return
    except ValueError as error:
        yield Finding(path, str(error), "Round it")


def _tags(tags: dict[str, object]) -> Iterator[Finding]:
    refused = _list(tags.get("none_of"))
    for name in ("any_of", "all_of"):
        for tag in _list(tags.get(name)):
            if tag in refused:
                path = ("applies_to", "tags", "none_of")
                yield Finding(path, f"the tag `{tag}` is also in `{name}`", "Keep it in one of them")


def _order(steps: list[dict[str, object]]) -> Iterator[Finding]:
    seen: dict[object, int] = {}
    latest: int | None = None
    for index, step in enumerate(steps):
        path: FieldPath = ("steps", index)
        name = step.get("step")
        if name is not None and name in seen:
            message = f"the step `{name}` is there twice (also steps[{seen[name]}])"
            yield Finding((*path, "step"), message, "Give every step its own name")
        seen.setdefault(name, index)
        if index == 0 and "after_previous" in _mapping(step.get("when")):
            yield Finding(
                (*path, "when", "after_previous"), "the first step has none before it", "Write `after_due: 3 days`"
            )
        offset = _offset(step)
        if offset is not None and latest is not None and offset < latest:
            message = "this step is due earlier than one before it, so it follows that one at once"
            yield Finding((*path, "when"), message, "Put the steps in the order of their days", Severity.WARNING)
        latest = offset if latest is None or (offset is not None and offset > latest) else latest
        if step.get("action") == Action.HANDOFF and index < len(steps) - 1:
            message = "steps follow a handoff, when others work on the account"
            yield Finding(path, message, "Let the handoff be the last step", Severity.WARNING)


def _step(path: FieldPath, step: dict[str, object]) -> Iterator[Finding]:
    if "when" in step and isinstance(step["when"], dict) and len(step["when"]) != 1:
        remedy = "Keep one of after_due, before_due, after_due_end_of_month, after_previous"
        yield Finding((*path, "when"), f"a step has one time, here are {len(step['when'])}", remedy)
    channels = _list(step.get("channels"))
    if "action" in step:
        yield from _handoff(path, step)
    elif not channels and "channels" not in step:
        yield Finding(path, "the step does nothing", "Add `channels: [email]` with a template, or `action: handoff`")
    elif not channels and isinstance(step["channels"], list):
        yield Finding((*path, "channels"), "`channels` is empty", "List at least one of sms, email, letter, call")
    else:
        yield from _message(path, step, channels)


def _handoff(path: FieldPath, step: dict[str, object]) -> Iterator[Finding]:
    if "to" not in step:
        yield Finding(path, "a handoff without `to`", "Say who takes over, such as `to: agency`")
    yield from _unneeded(path, step, ("channels", "template", "task", "notice"), "a handoff sends nothing")


def _message(path: FieldPath, step: dict[str, object], channels: list[object]) -> Iterator[Finding]:
    sent = [channel for channel in channels if channel in SENT_CHANNELS]
    calls = Channel.CALL in channels
    for channel in {str(channel) for channel in channels if channels.count(channel) > 1}:
        yield Finding((*path, "channels"), f"`{channel}` is there twice", "Name each channel once")
    if sent and "template" not in step:
        yield Finding(path, f"`template` is missing for {sent[0]}", "Add it, such as `template: friendly_reminder`")
    if calls and "task" not in step:
        yield Finding(path, "a call without `task`", 'Say what the agent shall do: `task: "Call about ..."`')
    if calls and not sent:
        yield from _unneeded(path, step, ("template",), "a call has no template")
    if sent and not calls:
        yield from _unneeded(path, step, ("task",), "only a call has a task")
    yield from _unneeded(path, step, ("to",), "only a handoff has `to`")
    if "notice" in step and any(channel not in IN_WRITING for channel in channels):
        message = "a notice that the law asks for is given in writing, by letter or e-mail"
        yield Finding((*path, "channels"), message, "Write `channels: [letter]`, or `[letter, email]`")


def _unneeded(path: FieldPath, step: dict[str, object], names: Iterable[str], why: str) -> Iterator[Finding]:
    for name in names:
        if name in step:
            yield Finding((*path, name), f"`{name}` has no use here: {why}", f"Remove `{name}`")


def _offset(step: dict[str, object]) -> int | None:
    """Calendar days from the due date to a step that counts from it; negative before it."""
    after, before = _days(step, TriggerKind.AFTER_DUE), _days(step, TriggerKind.BEFORE_DUE)
    return _calendar_days(after) if after else -_calendar_days(before) if before else None


def _calendar_days(count: Days) -> int:
    """How long a time takes in a week without holidays."""
    return count.count if count.kind is DayKind.CALENDAR else ceil(count.count * 7 / 5)


def _days(step: dict[str, object], kind: TriggerKind) -> Days | None:
    try:
        return days(_mapping(step.get("when"))[kind])
    except (KeyError, PydanticCustomError):
        return None


def _amount(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
