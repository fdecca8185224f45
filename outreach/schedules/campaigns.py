"""One campaign file -> one typed campaign."""

from __future__ import annotations

from typing import NamedTuple

from outreach.documents.document import Document, Unreadable, read
from outreach.documents.explain import validate
from outreach.documents.problem import Problem, has_errors
from outreach.domain.campaign import AppliesTo, Campaign, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.money import Money
from outreach.schedules.campaign_file import AppliesToKeys, CampaignKeys, StepKeys, When
from outreach.schedules.canonical import with_version
from outreach.schedules.rules import broken_rules


class Parsed(NamedTuple):
    """What a file gave: its campaign if it has no errors, and its document if it is YAML."""

    campaign: Campaign | None
    document: Document | None
    problems: list[Problem]


def parse_campaign(text: str, file: str) -> tuple[Campaign | None, list[Problem]]:
    """The campaign in `text`, or None when it has an error; and every problem, in the order of the file.

    `file` is how problems name it. The creditor is not looked up: `load_campaigns` does that.
    """
    parsed = parse(text, file)
    return parsed.campaign, parsed.problems


def parse(text: str, file: str) -> Parsed:
    """As `parse_campaign`, with the document, which knows where each value stands."""
    try:
        document = read(text, file)
    except Unreadable as unreadable:
        return Parsed(None, None, [unreadable.problem])
    keys, mistakes = validate(CampaignKeys, document)
    problems = sorted(
        [*document.problems, *mistakes, *broken_rules(document)], key=lambda problem: (problem.line, problem.column)
    )
    campaign = _campaign(keys) if keys and not has_errors(problems) else None
    return Parsed(campaign, document, problems)


def _campaign(keys: CampaignKeys) -> Campaign:
    window = keys.send_window
    return with_version(
        Campaign(
            name=keys.campaign,
            version="",
            creditor=keys.creditor,
            runs=keys.runs,
            timezone=keys.timezone,
            send_window=SendWindow(window.days, window.opens, window.closes, window.holidays),
            steps=tuple(_step(step) for step in keys.steps),
            applies_to=_applies_to(keys.applies_to),
            unit=keys.unit,
            catch_up=keys.catch_up,
            min_contact_gap=keys.min_contact_gap,
        )
    )


def _step(keys: StepKeys) -> Step:
    return Step(
        name=keys.step,
        trigger=_trigger(keys.when),
        channels=tuple(keys.channels),
        template=keys.template,
        task=keys.task,
        action=keys.action,
        to=keys.to,
        approval=keys.approval is not None,
        notice=keys.notice,
    )


def _trigger(when: When) -> Trigger:
    [(kind, days)] = ((kind, days) for kind in TriggerKind if (days := getattr(when, kind)) is not None)
    return Trigger(kind, days)


def _applies_to(keys: AppliesToKeys) -> AppliesTo:
    balance = keys.balance
    minor = [
        Money.of(amount, keys.currency[0]).minor if amount is not None else None
        for amount in (balance.at_least, balance.at_most)
    ]
    return AppliesTo(
        currencies=frozenset(keys.currency),
        dpd_from=keys.days_past_due.first,
        dpd_to=keys.days_past_due.last,
        balance_minor_at_least=minor[0],
        balance_minor_at_most=minor[1],
        tags_any_of=frozenset(keys.tags.any_of),
        tags_all_of=frozenset(keys.tags.all_of),
        tags_none_of=frozenset(keys.tags.none_of),
    )
