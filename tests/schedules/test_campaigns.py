"""What a campaign file means."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.campaign import (
    Action,
    AppliesTo,
    Campaign,
    CatchUp,
    DayKind,
    Days,
    SendWindow,
    Step,
    Trigger,
    TriggerKind,
    Unit,
)
from outreach.domain.message import Channel
from outreach.schedules import campaign_from_json, campaign_to_json, parse_campaign

TEXT = """\
campaign: all-keys
creditor: northwind
applies_to:
  currency: [USD]
  days_past_due: {from: -7, to: 90}
  balance: {at_least: 25, at_most: 1000.50}
  tags: {any_of: [a, b], all_of: [c], none_of: [d]}
runs: "0 9 * * mon-fri"
timezone: America/New_York
send_window: {days: "mon-wed, fri", from: "09:00", to: "19:30", holidays: true}
unit: item
catch_up: contextual
min_contact_gap: 2 business days
steps:
  - step: before
    when: {before_due: 5 business days}
    channels: [email, call]
    template: friendly_reminder
    task: Call
  - step: month
    when: {after_due_end_of_month: 2 weeks}
    channels: [letter]
    template: demand_letter
    approval: required
  - {step: agency, when: {after_previous: 1 day}, action: handoff, to: agency}
"""


def parsed(text: str) -> Campaign:
    campaign, problems = parse_campaign(text, "all-keys.yaml")
    assert problems == []
    assert campaign is not None
    return campaign


def test_every_key_reaches_the_campaign():
    campaign = parsed(TEXT)
    assert campaign == Campaign(
        name="all-keys",
        version=campaign.version,
        creditor="northwind",
        runs="0 9 * * mon-fri",
        timezone="America/New_York",
        send_window=SendWindow(frozenset({1, 2, 3, 5}), time(9), time(19, 30), holidays=True),
        unit=Unit.ITEM,
        catch_up=CatchUp.CONTEXTUAL,
        min_contact_gap=Days(2, DayKind.BUSINESS),
        applies_to=AppliesTo(
            currencies=frozenset({"USD"}),
            dpd_from=-7,
            dpd_to=90,
            balance_minor_at_least=2500,
            balance_minor_at_most=100050,
            tags_any_of=frozenset("ab"),
            tags_all_of=frozenset("c"),
            tags_none_of=frozenset("d"),
        ),
        steps=(
            Step(
                "before",
                Trigger(TriggerKind.BEFORE_DUE, Days(5, DayKind.BUSINESS)),
                (Channel.EMAIL, Channel.CALL),
                "friendly_reminder",
                "Call",
            ),
            Step(
                "month",
                Trigger(TriggerKind.AFTER_DUE_END_OF_MONTH, Days(14)),
                (Channel.LETTER,),
                "demand_letter",
                approval=True,
            ),
            Step("agency", Trigger(TriggerKind.AFTER_PREVIOUS, Days(1)), action=Action.HANDOFF, to="agency"),
        ),
    )


def test_comments_order_of_keys_and_quotes_do_not_change_the_version():
    lines = TEXT.splitlines()
    shuffled = "\n".join(["# a comment", lines[1], f'campaign: "{lines[0].split()[1]}"', *lines[2:]])
    assert parsed(shuffled).version == parsed(TEXT).version


@pytest.mark.parametrize(
    ("old", "new"),
    [("5 business days", "6 days"), ("19:30", "19:00"), ("[d]", "[e]"), ("email, call", "call, email")],
)
def test_a_change_of_content_changes_the_version(old, new):
    assert parsed(TEXT.replace(old, new)).version != parsed(TEXT).version


def test_a_default_that_is_written_out_is_the_same_version():
    short = TEXT.replace("unit: item\n", "").replace("catch_up: contextual\n", "")
    assert parsed(short + "unit: account\ncatch_up: sequential\n").version == parsed(short).version


def test_aliases_may_repeat_a_window():
    text = TEXT.replace("min_contact_gap: 2 business days", "min_contact_gap: &gap 2 business days")
    assert parsed(text.replace("before_due: 5 business days", "before_due: *gap")).steps[0].trigger.days.count == 2


_days = st.builds(Days, st.integers(0, 3650), st.sampled_from(DayKind))
_steps = st.builds(
    Step,
    st.text(min_size=1),
    st.builds(Trigger, st.sampled_from(TriggerKind), _days),
    st.lists(st.sampled_from(Channel)).map(tuple),
    st.text(),
    st.text(),
    st.none() | st.sampled_from(Action),
    st.text(),
    st.booleans(),
)
_tags = st.frozensets(st.text(max_size=5), max_size=3)
_bounds = st.none() | st.integers(-(10**6), 10**9)
_campaigns = st.builds(
    Campaign,
    name=st.text(),
    version=st.text(),
    creditor=st.text(),
    runs=st.text(),
    timezone=st.text(),
    send_window=st.builds(
        SendWindow,
        st.frozensets(st.integers(1, 7)),
        st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
        st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
        st.booleans(),
    ),
    steps=st.lists(_steps, max_size=3).map(tuple),
    applies_to=st.builds(AppliesTo, _tags, _bounds, _bounds, _bounds, _bounds, _tags, _tags, _tags),
    unit=st.sampled_from(Unit),
    catch_up=st.sampled_from(CatchUp),
    min_contact_gap=_days,
)


@given(_campaigns)
def test_canonical_json_gives_back_the_same_campaign(campaign):
    text = campaign_to_json(campaign)
    assert campaign_from_json(text) == campaign
    assert campaign_to_json(campaign_from_json(text)) == text


def test_canonical_json_does_not_depend_on_the_order_of_a_set():
    one, other = (
        replace(parsed(TEXT), applies_to=AppliesTo(tags_any_of=frozenset(tags)))
        for tags in (["x", "y", "z", "q"], ["q", "z", "y", "x"])
    )
    assert campaign_to_json(one) == campaign_to_json(other)
    assert '"tags_any_of":["q","x","y","z"]' in campaign_to_json(one)


def test_json_of_something_else_is_refused():
    with pytest.raises(ValueError, match="steps"):
        campaign_from_json('{"name": "x"}')
