"""`outreach task`: the work queues from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from tests.flow.house import House, house
from tests.flow.working import make, row


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account, whose database the command works with."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        built.account()
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["task", *arguments])


def test_a_task_is_listed_taken_put_back_and_closed(home: House) -> None:
    task_id = make(home, "reply", title="Read the answer")
    (listed,) = json.loads(run("list", "--queue", "replies", "--language", "en", "--format", "json").stdout)
    assert (listed["id"], listed["title"], listed["with"]) == (str(task_id), "Read the answer", "")
    assert json.loads(run("list", "--queue", "legal", "--format", "json").stdout) == []
    (taken,) = json.loads(run("next", "--queue", "replies", "--format", "json").stdout)
    assert taken["with"] != ""
    assert run("next").exit_code == 1
    assert run("release", str(task_id)).exit_code == 0
    assert run("claim", str(task_id)).exit_code == 0
    assert run("close", str(task_id), "--disposition", "done", "--note", "answered").exit_code == 0
    assert (row(home, task_id).state, row(home, task_id).note) == ("done", "answered")
    assert run("close", str(task_id), "--disposition", "done").exit_code == 1


def test_what_cannot_be_recorded_is_refused_with_a_remedy(home: House) -> None:
    task_id = make(home, "reply")
    refused = run("close", str(task_id), "--disposition", "ptp")
    assert refused.exit_code == 2
    assert "Write the day" in refused.stderr
    assert run("close", str(task_id), "--disposition", "ptp", "--pay-on", "soon").exit_code == 2
    assert run("claim", "999").exit_code == 1
    assert row(home, task_id).state == "open"
