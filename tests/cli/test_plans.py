"""`outreach plan`: proposed from a statement of means, agreed within limits, refused by people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from tests.flow.house import House, house
from tests.flow.planning import holding, told
from tests.web.staff import hire

BY_HAND = ("plan", "propose", "A-1", "--count", "3", "--first-on", "2026-12-15", "--wording", "Three payments.")
LONG = ("plan", "propose", "A-1", "--amount", "10.00", "--first-on", "2026-12-15", "--wording", "Ten a month.")
MEANS = {
    "income": {"earnings": {"amount": "450.00", "period": "weekly"}},
    "spending": {"housing": "900", "food": "600"},
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account, whose database the command works with; its clock stands on 2026-12-01."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        monkeypatch.setattr("outreach.wiring.SystemClock", lambda: built.clock)
        built.account()
        hire(built)
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def rows(*arguments: str) -> list[dict[str, str]]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, str]] = json.loads(result.stdout)
    return found


def means(folder: Path, document: object) -> str:
    path = folder / "means.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_a_plan_by_hand_within_the_limits_is_active_at_once(home: House) -> None:
    result = run(*BY_HAND)
    assert (result.exit_code, result.stderr.split(" as ")[0]) == (0, "Agreed")
    assert [row["state"] for row in rows("plan", "list", "A-1")] == ["active"]
    assert [row["due_on"] for row in rows("plan", "show", "A-1")] == ["2026-12-15", "2027-01-15", "2027-02-15"]
    assert holding(home) == ["plan"]


def test_what_can_be_afforded_is_listed_and_chosen(home: House, tmp_path: Path) -> None:
    file = means(tmp_path, MEANS)
    offered = rows("plan", "propose", "A-1", "--means", file)
    assert offered[0]["instalment"] == "61.73 USD"
    assert told(home) == []
    assert run("plan", "propose", "A-1", "--means", file, "--choose", "1").exit_code == 0
    assert [row["state"] for row in rows("plan", "list", "A-1")] == ["proposed"]


def test_without_a_surplus_no_plan_is_made_and_a_person_helps(home: House, tmp_path: Path) -> None:
    result = run("plan", "propose", "A-1", "--means", means(tmp_path, {"spending": {"food": "10"}}))
    assert (result.exit_code, "hardship" in result.stderr) == (0, True)
    assert holding(home) == ["hardship"]
    assert rows("plan", "list", "A-1") == []


def test_nobody_exceeds_an_agents_limits_without_naming_an_operator(home: House) -> None:
    result = run(*LONG)
    assert result.exit_code == 0
    assert "it needs operations: it takes longer than 12 months" in result.stderr
    (waiting,) = rows("plan", "list")
    refused = run("plan", "accept", "A-1", waiting["id"], "--by", "agent@lender.example")
    assert (refused.exit_code, "This plan needs operations" in refused.stderr) == (2, True)
    assert run("plan", "decline", "A-1", waiting["id"], "--why", "no").exit_code == 2
    assert run("plan", "accept", "A-1", waiting["id"], "--by", "operator@lender.example").exit_code == 0
    assert rows("plan", "list", "A-1")[0]["state"] == "active"


def test_an_ended_plan_says_so(home: House) -> None:
    run(*BY_HAND)
    assert run("plan", "cancel", "A-1", "1", "--why", "lost the job").exit_code == 0
    again = run("plan", "cancel", "A-1", "1", "--why", "lost the job")
    assert (again.exit_code, "cancelled already" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("plan", "list", "A-9"), 1, "no account A-9"),
        (("plan", "accept", "A-1", "7"), 1, "no plan 7"),
        ((*BY_HAND[:3], "--count", "3"), 2, "--first-on"),
        ((*BY_HAND[:3], "--amount", "x", "--first-on", "2026-12-15"), 2, "no such plan"),
        ((*BY_HAND[:6], "2026-11-15"), 2, "which is over"),
        ((*BY_HAND, "--by", "nobody@lender.example"), 1, "no user nobody@lender.example"),
        ((*BY_HAND, "--by", "viewer@lender.example"), 1, "viewer"),
        (("plan", "propose", "A-1", "--means", "nowhere.json"), 2, "cannot be read"),
        (("plan", "propose", "A-1", "--choose", "9"), 2, "--choose is 1 to"),
    ],
)
def test_what_is_wrong_is_named(home: House, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, words in " ".join(result.stderr.split())) == (code, True)
    assert told(home) == []


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "name income and spending"),
        ({"income": {"lottery": "5"}}, "income.lottery"),
        ({"spending": {"food": "much"}}, 'write an amount such as "1800.00"'),
        ({"spending": {"food": {"amount": "5", "period": "hourly"}}}, "the periods are"),
        ({"paid_on": "soon"}, "write a day"),
    ],
)
def test_a_statement_that_cannot_be_read_names_the_field(
    home: House, tmp_path: Path, document: object, words: str
) -> None:
    result = run("plan", "propose", "A-1", "--means", means(tmp_path, document))
    assert (result.exit_code, words in " ".join(result.stderr.split())) == (2, True)
