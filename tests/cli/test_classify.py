"""`outreach classify`: answers in, intents out."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from outreach.cli.main import cli

EXAMPLES = Path(__file__).parents[1] / "replies" / "examples.tsv"


def run(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(cli, ["classify", *arguments], input=said)


def test_each_line_gets_its_intent_confidence_and_text() -> None:
    result = run(said="STOP\nI will pay $50 on Friday\n")
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [(line[0], line[2]) for line in lines] == [
        ("opt_out_channel", "STOP"),
        ("promise_to_pay", "I will pay $50 on Friday"),
    ]
    assert all(0 <= float(line[1]) <= 1 for line in lines)


def test_the_words_that_decided_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "replies.txt"
    file.write_text("I have an attorney\n", "utf-8")
    assert "attorney" in run(str(file), "--explain").stderr
    [row] = json.loads(run(str(file), "--format", "json").stdout)
    assert (row["intent"], row["language"]) == ("attorney", "en")
    assert "attorney" in row["words"]


def test_an_evaluation_prints_recall_and_precision_for_each_intent() -> None:
    result = run("--evaluate", str(EXAMPLES), "--misses")
    assert result.exit_code == 0
    assert "recall" in result.stdout
    assert "opt_out_channel" in result.stdout
    assert "of 285 decided as they should be" in result.stdout


def test_a_file_that_is_wrong_is_refused_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "wrong.tsv"
    file.write_text("intent\tlanguage\ttext\nnonsense\ten\thello\n", "utf-8")
    result = run("--evaluate", str(file))
    assert result.exit_code == 1
    assert "opt_out_channel" in result.stderr
    assert run(str(tmp_path / "missing.txt")).exit_code == 1
