"""What is not verified may only tighten: it asks at least as much as the version before."""

from __future__ import annotations

import pytest

from tests.policies.packs import changed, loaded, only_problem

FIRST = changed(('effective_from: "2021-11-30"', 'effective_from: "2021-11-30"\neffective_to: "2026-09-01"'))


def second(*changes, rule="", status="unverified"):
    """The version that follows, with one of its rules unverified."""
    text = changed(*changes, ('"2026.1"', '"2026.2"'), ('"2021-11-30"', '"2026-09-01"'))
    head, found, tail = text.partition(f"id: {rule}")
    assert found
    kind = tail.index("kind: ")
    end = min(at for at in (tail.find(",", kind), tail.find("\n", kind)) if at > 0)
    is_block = tail[end] == "\n"
    return head + found + tail[:end] + (f"\n    status: {status}" if is_block else f", status: {status}") + tail[end:]


NO_EXCEPTION = ("    except_purposes: [opt_out_confirmation]\n", "")

LOOSER = [
    ("SA-01", ('from: "08:00"', 'from: "07:59"'), "windows"),
    ("SA-01", ('to: "21:00"', 'to: "21:01"'), "windows"),
    ("SA-01", (", holidays: false", ""), "windows"),
    ("SA-01", ("[sms, email, call]", "[sms, email]"), "when"),
    ("SA-01", ("media: [sms, email, call]", "media: [sms, email, call], first: true"), "when"),
    ("SA-02", ("CA-QC", "CA-ON"), "holidays"),
    ("SA-02", (', easter+1]', "]"), "extra"),
    ("SA-02", ("last: 2", "last: 1"), "named"),
    ("SA-03", ("limit: 7", "limit: 8"), "limit"),
    ("SA-03", ("limit: 7, days: 7", "limit: 7, days: 6"), "days"),
    ("SA-03", ("scope: account", "scope: number"), "scope"),
    ("SA-03", ("limit: 7", "limit: 7, counts: conversations"), "counts"),
    ("SA-04", ("[direct_consent]", "[direct_consent, consumer_used]"), "basis"),
    ("SA-04", (", valid_days: 540", ""), "valid_days"),
    ("SA-04", ("need: consent, basis: [direct_consent], valid_days: 540", "need: identity"), "need"),
    ("SA-05", ("en: A debt., ", ""), "texts"),
    ("SA-05", (r"['\bdebt']", r"['\bdebt', you]"), "shown_by"),
    ("SA-06", ("media: [email]", "media: [email], debt: [consumer]"), "when"),
    ("SA-06", ("employer_provided: true", "employer_provided: true, providers: [sendgrid]"), "providers"),
    ("SA-06", ("employer_provided: true", "employer_provided: true, on_hit: defer"), "on_hit"),
    ("SA-07", ("days: 60", "days: 61"), "days"),
    ("SA-08", ("[dispute]", "[cease]"), "reasons"),
    ("SA-09", (', "*": [police]', ""), "words"),
    ("SA-09", ("parts: [body]", "parts: [subject]"), "parts"),
    ("SA-10", ("years: 3", "years: 2"), "years"),
    ("SA-10", ("retention, note: Three years, sources: [A], record: activity, years: 3",
               "recency, note: Other, sources: [A], days: 1"), "kind"),
]  # fmt: skip

STRICTER = [
    ("SA-01", ('from: "08:00"', 'from: "09:00"')),
    ("SA-01", ("days: mon-sat", "days: mon-fri")),
    ("SA-02", ('extra: ["06-24"', 'extra: ["12-24", "06-24"')),
    ("SA-03", ("limit: 7", "limit: 6")),
    ("SA-03", ("limit: 7, days: 7", "limit: 7, days: 8")),
    ("SA-03", ("scope: account", "scope: debtor")),
    ("SA-03", ("when: {media: [call]}", "when: {media: [call, sms]}")),
    ("SA-04", ("valid_days: 540", "valid_days: 365")),
    ("SA-05", ("texts: {en: A debt.,", "texts: {es: Deuda., en: A debt.,")),
    ("SA-06", (", employer_provided: true", "")),
    ("SA-07", ("days: 60", "days: 30")),
    ("SA-08", ("[dispute]", "[dispute, cease]")),
    ("SA-09", (", parts: [body]", ", amounts: true")),
    ("SA-10", ("years: 3", "years: 4")),
]


@pytest.mark.parametrize(("rule", "change", "field"), LOOSER, ids=str)
def test_an_unverified_rule_that_asks_less_is_refused(tmp_path, rule, change, field):
    changes = [change] if rule != "SA-01" else [change, NO_EXCEPTION]
    problems = loaded(tmp_path, FIRST, second(*changes, rule=rule)).problems
    expected = f"the unverified rule `{rule}` asks less than in us-sample@2026.1: {field}"
    assert expected in [problem.message for problem in problems]
    assert all(problem.file.endswith("us-sample@2026.2.yaml") and problem.remedy for problem in problems)


@pytest.mark.parametrize(("rule", "change"), STRICTER, ids=str)
def test_an_unverified_rule_may_ask_more(tmp_path, rule, change):
    changes = [change] if rule != "SA-01" else [change, NO_EXCEPTION]
    assert loaded(tmp_path, FIRST, second(*changes, rule=rule)).problems == ()


@pytest.mark.parametrize(("rule", "change", "field"), LOOSER, ids=str)
def test_a_rule_that_was_read_at_its_source_may_ask_less(tmp_path, rule, change, field):
    assert loaded(tmp_path, FIRST, second(change, rule=rule, status="verified")).problems == ()


def test_the_place_of_what_asks_less_is_named(tmp_path):
    found = only_problem(tmp_path, FIRST, second(("limit: 7", "limit: 8"), rule="SA-03"))
    assert (found.line, found.field) == (17, "rules[2].limit")
    assert found.remedy == "Check it at its source and give its `status`, or ask as much as before"


def unverified(*changes):
    text = changed(NO_EXCEPTION, ("status: secondary", "status: unverified"), *changes)
    return changed(('"2026.1"', '"2026.2"'), ('"2021-11-30"', '"2026-09-01"'), text=text)


def test_an_unverified_pack_concerns_everybody_whom_the_version_before_did(tmp_path):
    narrowed = unverified((", states: [US-NY]", ""), ("roles: [third_party]", "roles: [third_party]"))
    found = only_problem(tmp_path, FIRST, narrowed)
    assert (found.field, found.message) == (
        "applies.states",
        "the unverified pack concerns fewer than us-sample@2026.1: states",
    )


def test_an_unverified_pack_has_every_rule_of_the_version_before(tmp_path):
    without = unverified(("  - {id: SA-07, kind: recency, note: A fresh number, sources: [A], days: 60}\n", ""))
    found = only_problem(tmp_path, FIRST, without)
    assert found.message == "the unverified pack lacks the rule `SA-07` of us-sample@2026.1"
