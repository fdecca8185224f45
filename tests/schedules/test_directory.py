"""A directory of campaigns and creditors, checked together."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from outreach.domain.plan_policy import Authority, PlanPolicy
from outreach.domain.promise import PromiseTerms
from outreach.domain.standing import CollectorRole, DebtKind
from outreach.schedules import CreditorFile, Severity, load_campaigns, load_creditors
from outreach.store.promises import terms_document, terms_of

SAMPLES = Path(__file__).parents[2] / "schedules"


@pytest.fixture
def directory(tmp_path):
    for name in ("creditors.yaml", "card-early.yaml"):
        shutil.copy(SAMPLES / name, tmp_path)
    return tmp_path


def test_the_sample_campaigns_are_without_problems():
    loaded = load_campaigns(SAMPLES)
    assert loaded.problems == []
    assert {name: campaign.creditor for name, campaign in loaded.campaigns.items()} == {
        "card-early": "northwind",
        "medical-balance": "lakeside-clinic",
        "b2b-net-terms": "harbor-supply",
        "consumer-credit-cn": "jinghe-credit",
    }


def test_the_sample_creditors_have_names_addresses_and_languages():
    creditors, problems = load_creditors(SAMPLES)
    assert problems == []
    assert {ref: entry.languages for ref, entry in creditors.items()} == {
        "northwind": ("en", "es"),
        "lakeside-clinic": ("en", "es", "zh"),
        "harbor-supply": ("en",),
        "jinghe-credit": ("zh",),
    }
    northwind = creditors["northwind"]
    assert isinstance(northwind, CreditorFile)
    assert northwind.creditor.address is not None
    assert northwind.creditor.address.name == northwind.creditor.name


def test_a_campaign_of_an_unknown_creditor_is_not_used(directory):
    path = directory / "card-early.yaml"
    path.write_text(path.read_text("utf-8").replace("creditor: northwind", "creditor: nortwind"), "utf-8")
    loaded = load_campaigns(directory)
    [problem] = loaded.problems
    assert (problem.field, problem.remedy) == ("creditor", "Did you mean `northwind`?")
    assert loaded.campaigns == {}


def test_of_two_files_with_one_campaign_none_is_used_and_both_are_named(directory):
    shutil.copy(directory / "card-early.yaml", directory / "copy.yaml")
    loaded = load_campaigns(directory)
    assert loaded.campaigns == {}
    assert [(Path(problem.file).name, problem.field) for problem in loaded.problems] == [
        ("card-early.yaml", "campaign"),
        ("copy.yaml", "campaign"),
    ]


def test_a_bad_file_does_not_stop_the_others(directory):
    (directory / "bad.yaml").write_text("campaign: [", "utf-8")
    loaded = load_campaigns(directory)
    assert list(loaded.campaigns) == ["card-early"]
    assert [Path(problem.file).name for problem in loaded.problems] == ["bad.yaml"]


def test_without_creditors_no_campaign_is_used(directory):
    (directory / "creditors.yaml").unlink()
    loaded = load_campaigns(directory)
    assert loaded.campaigns == {}
    assert "cannot be read" in loaded.problems[0].message


def test_a_file_with_another_ending_is_pointed_out(directory):
    (directory / "card-early.yaml").rename(directory / "card-early.yml")
    shutil.copy(SAMPLES / "b2b-net-terms.yaml", directory)
    [problem] = load_campaigns(directory).problems
    assert problem.severity is Severity.WARNING
    assert "Rename" in problem.remedy


def test_hidden_files_of_editors_are_not_read(directory):
    (directory / ".#card-early.yaml").write_text("half written: [", "utf-8")
    assert load_campaigns(directory).problems == []


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_directory_without_campaigns_says_what_to_do_next(tmp_path, name):
    [problem] = load_campaigns(tmp_path / name).problems
    assert problem.remedy


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"campaign: caf\xe9\n", "not UTF-8", (1, 14)),
        (b"a: 1\nb: \xff\n", "not UTF-8", (2, 4)),
        (b"#" * 70_000, "is the limit", (0, 0)),
    ],
)
def test_a_file_that_is_no_text_is_named_with_its_place(directory, content, message, place):
    (directory / "bad.yaml").write_bytes(content)
    [problem] = load_campaigns(directory).problems
    assert message in problem.message
    assert (problem.line, problem.column) == place


def test_a_file_that_cannot_be_read_is_a_problem(directory):
    (directory / "loop.yaml").symlink_to("loop.yaml")
    [problem] = load_campaigns(directory).problems
    assert "cannot be read" in problem.message


def test_a_byte_order_mark_does_no_harm(directory):
    path = directory / "card-early.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_campaigns(directory).problems == []


def test_a_creditors_terms_are_those_of_its_file(tmp_path):
    terms = "    collector_role: third_party\n    debt_kind: medical\n    licences: [US-CA, US-NY]\n"
    (tmp_path / "creditors.yaml").write_text(CREDITOR + terms, "utf-8")
    creditors, problems = load_creditors(tmp_path)
    assert problems == []
    found = creditors["northwind"].creditor.terms
    assert (found.role, found.debt) == (CollectorRole.THIRD_PARTY, DebtKind.MEDICAL)
    assert found.licences == {"US-CA", "US-NY"}


def test_a_creditors_limits_for_plans_are_those_of_its_file(tmp_path):
    plans = "    plans: {agent: {max_months: 9}, grace_days: 5, tolerance: 2.5}\n"
    (tmp_path / "creditors.yaml").write_text(CREDITOR + plans, "utf-8")
    creditors, problems = load_creditors(tmp_path)
    assert problems == []
    policy = creditors["northwind"].creditor.plans
    assert policy.limits[Authority.AGENT].max_months == 9
    assert policy.limits[Authority.SELF_SERVICE] == PlanPolicy().limits[Authority.SELF_SERVICE]
    assert (policy.terms.grace_days, policy.terms.tolerance) == (5, Decimal("2.5"))


def test_a_creditors_terms_for_promises_are_those_of_its_file(tmp_path):
    (tmp_path / "creditors.yaml").write_text(CREDITOR + "    promises: {grace_days: 5, tolerance: 2.5}\n", "utf-8")
    creditors, problems = load_creditors(tmp_path)
    assert problems == []
    expected = PromiseTerms(grace_days=5, tolerance=Decimal("2.5"))
    assert creditors["northwind"].creditor.promises == expected
    assert terms_of(terms_document(expected)) == expected
    assert expected.tolerated(10_000, "USD") == 250


CREDITOR = """\
creditors:
  - ref: northwind
    name: Northwind (sample)
    phone: "+12125550123"
    address: {line1: 1 Sample Street, city: New York, postal_code: "10001", country: US}
    languages: [en]
"""


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ('"+12125550123"', '"212 555 0123"', "creditors[0].phone", "not a phone number"),
        ('"+12125550123"', "+12125550123", "creditors[0].phone", "not a phone number"),
        ("country: US", "country: USA", "creditors[0].address.country", "not a country"),
        ('"10001"', "10001", "creditors[0].address.postal_code", "valid string"),
        ("[en]", "[english]", "creditors[0].languages[0]", "not a language"),
        ("[en]", "[]", "creditors[0].languages", "is empty"),
        ("    name", "    nam", "creditors[0].name", "is missing"),
        ("[en]\n", "[en]\n    website: northwind.example\n", "creditors[0].website", "match"),
        ("[en]\n", "[en]\n    collector_role: collector\n", "creditors[0].collector_role", "not known"),
        ("[en]\n", "[en]\n    debt_kind: gambling\n", "creditors[0].debt_kind", "not known"),
        ("[en]\n", "[en]\n    licences: [California]\n", "creditors[0].licences[0]", "not a jurisdiction"),
        (CREDITOR, CREDITOR + CREDITOR.partition("\n")[2], "creditors[1].ref", "twice"),
    ],
)
def test_a_mistake_in_the_creditors_is_named(tmp_path, old, new, field, message):
    (tmp_path / "creditors.yaml").write_text(CREDITOR.replace(old, new), "utf-8")
    creditors, problems = load_creditors(tmp_path)
    assert creditors == {}
    problem = next(problem for problem in problems if problem.field == field)
    assert message in problem.message
    assert problem.line >= 2
    assert problem.remedy
