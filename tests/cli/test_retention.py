"""`outreach retention`: what is kept until when, and its erasure, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from tests.flow.house import House, house
from tests.flow.past import found, lived

#: A Tuesday, 11:00 in New York.
LONG_AGO = datetime(2015, 12, 1, 16, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose database the command works with; its account's past is so old that no rule keeps it today."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        built.clock.at = LONG_AGO
        lived(built)
        yield built


def run(*arguments: str, says: str = "") -> Result:
    return CliRunner().invoke(cli, list(arguments), input=says)


def test_a_run_shows_what_is_due_asks_and_erases(home: House) -> None:
    shown = run("retention", "show", "--due", "--format", "json")
    assert shown.exit_code == 0, shown.stderr
    assert json.loads(shown.stdout)[0] | {"kept": "0"} == {
        "record": "activity",
        "due": "1",
        "oldest": "2015-12-01",
        "kept": "0",
        "why": "",
    }
    whole = found(home.engine)
    assert run("retention", "run", says="n\n").exit_code == 1
    assert found(home.engine) == whole
    done = run("retention", "run", says="y\n")
    assert done.exit_code == 0, done.stderr
    assert found(home.engine) == {}
    verified = run("audit", "verify")
    assert verified.exit_code == 0
    assert "were erased" in verified.stderr
    assert "Nothing is due" in run("retention", "run").stderr
    assert "Nothing is left" in run("retention", "show", "A-1").stderr


def test_an_erased_account_is_shown_without_its_debtor_and_its_proof_says_so(home: House, tmp_path: Path) -> None:
    assert run("retention", "run", "--yes").exit_code == 0
    told = run("timeline", "A-1")
    assert told.exit_code == 0, told.stderr
    assert "Personal data erased" in told.stdout.replace("\n", " ")
    assert "None" not in told.stdout
    file = tmp_path / "proof.pdf"
    printed = run("audit", "export", "A-1", "--out", str(file))
    assert printed.exit_code == 0, printed.stderr
    with pypdfium2.PdfDocument(file) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    assert "personal data was erased at" in text
    assert "clear" in text


def test_a_request_is_answered_with_the_day_and_the_rule(home: House) -> None:
    home.clock.at = datetime.now(UTC)
    home.account("A-2")
    refused = run("retention", "erase", "A-2", "--yes")
    assert refused.exit_code == 1
    kept = json.loads(run("retention", "show", "A-2", "--format", "json").stdout)[0]
    assert (kept["record"], kept["erase"]) == ("activity", "no")
    assert f"not before {date.fromisoformat(kept['kept_until']) + timedelta(days=1)}" in refused.stderr
    assert kept["rule"] in refused.stderr
    erased = run("retention", "erase", "A-1", "--yes")
    assert erased.exit_code == 0, erased.stderr
    assert "Erased A-1" in erased.stderr
    assert run("retention", "erase", "A-9").exit_code == 1
    assert "It was erased before" in run("retention", "erase", "A-1").stderr
