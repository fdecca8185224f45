"""Every mistake in a campaign file is found, placed and comes with a remedy."""

from __future__ import annotations

import pytest

from outreach.schedules import Problem, Severity, parse_campaign

GOOD = """\
campaign: card-early
creditor: northwind
applies_to: {currency: [USD], days_past_due: {from: 1, to: 90}, balance: {at_least: 25}, tags: {none_of: [vip]}}
runs: "*/5 * * * *"
timezone: America/New_York
send_window: {days: mon-sat, from: "09:00", to: "19:00"}
unit: account
catch_up: sequential
min_contact_gap: 3 days
steps:
  - {step: reminder, when: {after_due: 3 days}, channels: [sms, email], template: friendly_reminder}
  - {step: call, when: {after_previous: 10 days}, channels: [call], task: "Call"}
  - {step: agency, when: {after_due: 90 days}, action: handoff, to: agency, approval: required}
"""


def problems_of(text: str) -> list[Problem]:
    campaign, problems = parse_campaign(text, "card.yaml")
    assert (campaign is None) == any(problem.severity is Severity.ERROR for problem in problems)
    return problems


def only_problem(text: str) -> Problem:
    [problem] = problems_of(text)
    return problem


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_a_good_file_has_no_problems():
    assert problems_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "field", "message", "remedy"),
    [
        ("unit: account", "unitt: account", "7: unitt", "unitt", "unknown key", "Did you mean `unit`?"),
        ("unit: account", "unit: acount", "7: unit", "unit", "`acount`", "Did you mean `account`?"),
        ("unit: account", "unit:", "7: unit", "unit", "has no value", "remove the line"),
        (
            "unit: account",
            "timezone: Asia/Tokyo",
            "7: timezone",
            "timezone",
            "given twice (first on line 5)",
            "Keep one",
        ),
        ("unit: account", "unit: !!python/name:os.system account", "7: unit", "unit", "the tag", "Remove the tag"),
        ("creditor: northwind\n", "", "1: campaign", "creditor", "is missing", "`creditor: northwind`"),
        (
            "campaign: card-early",
            "campaign: Card Early",
            "1: campaign",
            "campaign",
            "not a plain name",
            "small letters",
        ),
        ("campaign: card-early", "campaign: ../../x", "1: campaign", "campaign", "not a plain name", "small letters"),
        ('"*/5 * * * *"', '"*/5 * * *"', "4: runs", "runs", "got 4, expected 5", "weekday"),
        ('"*/5 * * * *"', '"99 * * * *"', "4: runs", "runs", "higher than the maximum", "weekday"),
        ('"*/5 * * * *"', '"0 9 * * 1-5"', "4: runs", "runs", "by number", "mon, tue"),
        ('"*/5 * * * *"', '"0 9 1 * mon"', "4: runs", "runs", "both", "write *"),
        ('"*/5 * * * *"', '"0 9 30 2 *"', "4: runs", "runs", "never comes", "the month has"),
        (
            "America/New_York",
            "New York",
            "5: timezone",
            "timezone",
            "not a time zone",
            "Did you mean `America/New_York`?",
        ),
        ("America/New_York", "EST", "5: timezone", "timezone", "not a time zone", "IANA"),
        ('"19:00"', '"08:00"', "6: to", "send_window.to", "closes at 08:00", "later than"),
        ('"19:00"', '"24:00"', "6: to", "send_window.to", "not a time of day", "23:59"),
        ('"09:00"', "900", "6: from", "send_window.from", "not a time of day", '"09:00"'),
        ("mon-sat", "weekdays", "6: days", "send_window.days", "weekdays", "mon-sat"),
        ("mon-sat", "sat-mon", "6: days", "send_window.days", "backwards", "begin on Monday"),
        ("gap: 3 days", "gap: 3", "9: min_contact_gap", "min_contact_gap", "does not say of what", '"3 days"'),
        ("gap: 3 days", "gap: 3 monts", "9: min_contact_gap", "min_contact_gap", "not a number of days", '"3 days"'),
        ("gap: 3 days", "gap: 9999 days", "9: min_contact_gap", "min_contact_gap", "more than", "shorter"),
        (
            "after_due: 3 days",
            "after_due: -3 days",
            "11: after_due",
            "steps[0].when.after_due",
            "negative",
            "before_due",
        ),
        (
            "after_due: 3 days",
            "after_previous: 3 days",
            "11: after_previous",
            "steps[0].when.after_previous",
            "first",
            "after_due",
        ),
        ("[sms, email]", "[sms, fax]", "11: fax", "steps[0].channels[1]", "`fax`", "letter"),
        ("[sms, email]", "[sms, sms]", "11: channels", "steps[0].channels", "twice", "once"),
        ("[sms, email]", "[]", "11: channels", "steps[0].channels", "is empty", "at least one"),
        ("[sms, email]", "sms", "11: channels", "steps[0].channels", "valid list", "[sms, email]"),
        (
            ", template: friendly_reminder",
            "",
            "11: {step: reminder",
            "steps[0]",
            "`template` is missing",
            "friendly_reminder",
        ),
        (', task: "Call"', "", "12: {step: call", "steps[1]", "without `task`", "agent"),
        (', task: "Call"', ', task: "Call", template: x', "12: template", "steps[1].template", "no use", "Remove"),
        (", to: agency", "", "13: {step: agency", "steps[2]", "without `to`", "`to: agency`"),
        (", action: handoff, to: agency", "", "13: {step: agency", "steps[2]", "does nothing", "channels"),
        ("action: handoff", "action: handof", "13: action", "steps[2].action", "`handof`", "`handoff`"),
        ("approval: required", "approval: true", "13: approval", "steps[2].approval", "`true`", "required"),
        ("step: call", "step: reminder", "12: step", "steps[1].step", "twice", "its own name"),
        ("[USD]", "[usd]", "3: usd", "applies_to.currency[0]", "`usd`", "capitals"),
        ("[USD]", "[USD, EUR]", "3: balance", "applies_to.balance", "one currency", "a campaign for each"),
        ("currency: [USD], ", "", "3: balance", "applies_to.balance", "has 0", "Name one currency"),
        ("at_least: 25", "at_least: 25.125", "3: at_least", "applies_to.balance.at_least", "decimal places", "Round"),
        ("at_least: 25", "at_least: -1", "3: at_least", "applies_to.balance.at_least", "greater than or equal", "25"),
        ("{from: 1, to: 90}", "{from: 90, to: 1}", "3: to", "applies_to.days_past_due.to", "between", "at least"),
        ("from: 1,", 'from: "1",', "3: from", "applies_to.days_past_due.from", "integer", "`from: 1`"),
        (
            "{none_of: [vip]}",
            "{any_of: [vip], none_of: [vip]}",
            "3: none_of",
            "applies_to.tags.none_of",
            "`vip`",
            "one of",
        ),
        ("{after_due: 3 days}", "{}", "11: when", "steps[0].when", "here are 0", "after_due"),
        ("{after_due: 3 days}", "3 days", "11: when", "steps[0].when", "keys are expected", "{after_due: 3 days}"),
        (
            "{after_due: 3 days}",
            "{after_due: 3 days, before_due: 0 days}",
            "11: when",
            "steps[0].when",
            "here are 2",
            "Keep one",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(old, new, place, field, message, remedy):
    text = changed(old, new)
    problem = next(found for found in problems_of(text) if found.severity is Severity.ERROR)
    line, _, there = place.partition(": ")
    assert (str(problem.line), problem.field) == (line, field)
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith(there)
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.file == "card.yaml"


def test_all_mistakes_of_a_file_are_reported_in_its_order():
    text = GOOD.replace("3 days", "3 dayz").replace("[sms, email]", "[fax]").replace('"19:00"', '"7pm"')
    problems = problems_of(text)
    assert [(problem.line, problem.field) for problem in problems] == [
        (6, "send_window.to"),
        (9, "min_contact_gap"),
        (11, "steps[0].when.after_due"),
        (11, "steps[0].channels[0]"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "is empty"),
        ("# only a comment\n", 0, "is empty"),
        ("campaign: x\n\tunit: item\n", 2, "tab"),
        ("campaign: [x\n", 2, "is not YAML"),
        ("campaign: x\n--- \ncampaign: y\n", 2, "is not YAML"),
        ("campaign: \x00\n", 0, "is not YAML"),
        ("campaign: *nothing\n", 1, "is not YAML"),
        ("[" * 50 + "]" * 50, 0, "nests deeper"),
        ("[" * 1000, 0, "nests deeper"),
        ("campaign: &loop [*loop]\n", 0, "nests deeper"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
            ),
            0,
            "more than",
        ),
        ("just words\n", 1, "keys are expected"),
        ("- a\n- b\n", 1, "keys are expected"),
    ],
)
def test_a_text_that_is_no_mapping_has_one_problem(text, line, message):
    problem = only_problem(text)
    assert problem.line == line
    assert message in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("after_due: 3 days", "before_due: 3 days", "enter at 1 days past due"),
        ("after_due: 3 days", "after_due: 95 days", "earlier than one before it"),
        ('channels: [call], task: "Call"', "action: handoff, to: lawyer", "follow a handoff"),
    ],
)
def test_what_is_odd_but_possible_is_a_warning(old, new, message):
    problem = only_problem(changed(old, new))
    assert problem.severity is Severity.WARNING
    assert message in problem.message


def test_an_amount_may_have_as_many_decimals_as_its_currency():
    campaign, problems = parse_campaign(changed("at_least: 25", "at_least: 25.10"), "card.yaml")
    assert problems == []
    assert campaign is not None
    assert campaign.applies_to.balance_minor_at_least == 2510
    yen = changed("at_least: 25", "at_least: 25.1").replace("USD", "JPY")
    assert "JPY" in only_problem(yen).message
