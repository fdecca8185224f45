"""Every mistake in a pack file is found, placed and comes with a remedy."""

from __future__ import annotations

import pytest

from tests.policies.packs import GOOD, changed, loaded, only_problem, write


def test_a_good_pack_has_no_mistakes(tmp_path):
    assert loaded(tmp_path, GOOD).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "field", "message", "remedy"),
    [
        ("kind: cap", "kind: cup", "rules[2]", "the kind `cup` is not known", "Did you mean `cap`?"),
        ("kind: cap, ", "", "rules[2]", "`kind` is missing", "Add it, such as"),
        ("limit: 7", "limit: 7, hour: 24", "rules[2].hour", "unknown key `hour`", "Did you mean `hours`?"),
        ("title: A", "applys: {}\ntitle: A", "applys", "unknown key `applys`", "Did you mean `applies`?"),
        ("limit: 7", "limit: 0", "rules[2].limit", "`0` should be greater", "`limit: 7`"),
        ("limit: 7", "limit: seven", "rules[2].limit", "`seven` should be a valid integer", "`limit: 7`"),
        ("days: 7}", "days: 7, hours: 24}", "rules[2].days", "one of them", "`days: 7` or `hours: 24`"),
        ("limit: 7, days: 7", "limit: 7", "rules[2].days", "one of them", "`days: 7` or `hours: 24`"),
        ("id: SA-07", "id: SA-06", "rules[6].id", "the rule `SA-06` is there twice (also rules[5])", "own id"),
        (r"'\barrest'", r"'\barrest('", "rules[8].words.en[0]", "is no regular expression", "Repair it"),
        (r"'\barrest'", "'(arrest)*'", "rules[8].words.en[0]", "fits every text", "at least one character"),
        (r"[police]", "[]", "rules[8].words.*", "`*` is empty", "List at least one"),
        ("words: {en:", "words: {english:", "rules[8].words.english", "is not a language", "en, es or zh"),
        (r"'\bdebt'", r"'\bdebt)'", "rules[4].shown_by.en[0]", "is no regular expression", "Repair it"),
        ("CA-QC", "CA-XX", "rules[1].holidays", "the holidays of `CA-XX` are not known", "CA-QC"),
        ("CA-QC", "XX", "rules[1].holidays", "the holidays of `XX` are not known", "`extra`"),
        ('"06-24"', '"06-31"', "rules[1].extra[0]", "not in the calendar", "the month has"),
        ("easter+1", "pentecost", "rules[1].extra[1]", "not a day of the year", "easter+1"),
        ("Chinese New Year", "Chinese New Jear", "rules[1].named[0].name", "no holiday of CN", "Did you mean"),
        ("country: CN", "country: EU", "rules[1].named[0].country", "holidays of `EU` are not known", "`extra`"),
        ("first: -1", "first: 3", "rules[1].named[0].first", "day 3 is after day 2", "at most `last`"),
        ('to: "21:00"', 'to: "07:00"', "rules[0].windows[0].to", "opens at 08:00 and closes at 07:00", "later"),
        ('from: "08:00"', 'from: "24:00"', "rules[0].windows[0].from", "not a time of day", "23:59"),
        ("days: mon-sat", "days: weekdays", "rules[0].windows[0].days", "not a list of weekdays", "mon-sat"),
        ("need: consent", "need: content", "rules[3].need", "`content` is not known", "Did you mean `consent`?"),
        ("need: consent", "need: basis", "rules[3].valid_days", "no use with `need: basis`", "Remove"),
        (
            "need: consent, basis: [direct_consent], valid_days: 540",
            "need: header",
            "rules[3]",
            "is without",
            "Add",
        ),
        ("reasons: [dispute]", "reasons: [quarrel]", "rules[7].reasons[0]", "`quarrel` is not known", "dispute"),
        ("media: [call]", "media: []", "rules[2].when.media", "`media` is empty", "List at least one"),
        ("status: secondary", "status: sure", "status", "`sure` is not known", "verified"),
        ('version: "2026.1"', "version: 2026.1", "version", "`2026.1` is not a version", "in quotes"),
        ('"2021-11-30"', '"30.11.2021"', "effective_from", "is not a day", '"2026-09-01"'),
        ("states: [US-NY]", "states: [NY]", "applies.states[0]", "`NY` is not a state", "US-NY"),
        ("countries: [US]", "countries: [USA]", "applies.countries[0]", "`USA` is not a country", "ISO 3166"),
        ('"US:104"', '"104"', "applies.postal_codes[0]", "beginning of postal codes", '"US:104"'),
        ('"212"', "212", "applies.area_codes[0]", "is not an area code", "in quotes"),
        ("record: activity", "record: gossip", "rules[9].record", "`gossip` is not known", "activity"),
        ("on_hit: route", "on_hit: shout", "rules[7].on_hit", "`shout` is not known", "Did you mean `route`?"),
    ],
)
def test_each_mistake_names_line_field_and_remedy(tmp_path, old, new, field, message, remedy):
    found = only_problem(tmp_path, changed((old, new)))
    line = GOOD[: GOOD.index(old)].count("\n") + 1
    assert (found.file, found.line, found.field) == (str(tmp_path / "us-sample@2026.1.yaml"), line, field)
    assert message in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize("sources", ["", "    sources: []\n"])
def test_a_rule_without_a_source_is_refused(tmp_path, sources):
    found = only_problem(tmp_path, changed(('    sources: ["12 CFR 1006.6(b)(1)(i)"]\n', sources)))
    assert (found.field, found.message.split("` ")[0]) == ("rules[0].sources", "`sources")


def test_a_proposed_pack_cannot_be_switched_on(tmp_path):
    text = changed(("status: secondary", "status: proposed\nenabled: true"))
    found = only_problem(tmp_path, text)
    assert (found.line, found.field) == (5, "enabled")
    assert found.message == "a pack is not switched on: one that is `proposed` is never applied, any other on its days"
    assert found.remedy.startswith("Remove `enabled`")


def test_guard_minutes_stand_in_the_pack_of_the_house_alone(tmp_path):
    guarded = ("note: Between", "guard: 5\n    note: Between")
    found = only_problem(tmp_path / "other", changed(guarded))
    assert (found.field, found.message) == (
        "rules[0].guard",
        "`guard` holds for every pack, so it stands in `house` alone",
    )
    assert loaded(tmp_path / "house", changed(guarded, ("pack: us-sample", "pack: house"))).problems == ()


@pytest.mark.parametrize(
    "change",
    [
        ("kind: hours\n", "kind: hours\n    status: unverified\n"),
        ("status: secondary", "status: unverified"),
    ],
    ids=["the rule", "its pack"],
)
def test_what_is_unverified_lets_no_purpose_pass(tmp_path, change):
    found = only_problem(tmp_path, changed(change))
    assert found.field == "rules[0].except_purposes"
    assert found.message == "an unverified rule may only tighten, this one lets purposes pass"


def test_a_rule_that_is_only_proposed_stands_in_a_proposed_pack(tmp_path):
    found = only_problem(tmp_path, changed(("kind: recency", "kind: recency, status: proposed")))
    assert (found.field, found.remedy) == ("rules[6].status", "Move it to a pack with `status: proposed`")


def test_a_pack_begins_before_it_ends(tmp_path):
    found = only_problem(tmp_path, changed(('"2021-11-30"', '"2021-11-30"\neffective_to: "2021-11-30"')))
    assert (found.line, found.field) == (6, "effective_to")


def test_a_file_is_named_after_its_pack_and_version(tmp_path):
    path = write(tmp_path, GOOD) / "us-sample@2026.1.yaml"
    path.rename(tmp_path / "sample.yaml")
    found = only_problem(tmp_path)
    assert (found.line, found.field, found.remedy) == (1, "pack", "Rename it to us-sample@2026.1.yaml")


def test_a_file_shows_all_its_mistakes_in_their_order(tmp_path):
    text = changed(
        ("kind: cap", "kind: cup"), ("id: SA-07", "id: SA-06"), ("status: secondary", "status: secondary\nenabled: yes")
    )
    problems = loaded(tmp_path, text).problems
    assert [problem.field for problem in problems] == ["enabled", "rules[2]", "rules[6].id"]


@pytest.mark.parametrize("text", ["", "a: [", "- 1\n", "\t"])
def test_what_is_no_pack_at_all_is_one_mistake(tmp_path, text):
    (tmp_path / "us-sample@2026.1.yaml").write_text(text, "utf-8")
    assert only_problem(tmp_path).file == str(tmp_path / "us-sample@2026.1.yaml")
