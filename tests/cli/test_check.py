"""What `outreach check` says of templates that the packs do not let pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from outreach.cli.main import cli

ROOT = Path(__file__).parents[2]


def findings(folder: Path, words: str) -> list[dict[str, str]]:
    """What the check says of one text message."""
    (folder / "note").mkdir()
    text = f"{{{{ creditor.name }}}}: {words} {{{{ balance | money }}}}. Reply STOP to opt out."
    (folder / "note" / "sms.en.txt").write_text(text, "utf-8")
    arguments = ["check", "--schedules", str(ROOT / "schedules"), "--templates", str(folder), "--format", "json"]
    result = CliRunner().invoke(cli, arguments)
    found: list[dict[str, str]] = json.loads(result.stdout)
    return [problem for problem in found if problem["file"].endswith("note/sms.en.txt")]


@pytest.mark.parametrize(
    ("words", "rule", "shown"),
    [
        ("or face a lawsuit:", "house/THREATS", "lawsuit"),
        ("or face a L.A.W.S.U.I.T:", "house/THREATS", "l.a.w.s.u.i.t"),
        ("this is your final\u00a0notice:", "house/", "final notice"),
        ("and a fee of $35:", "house/AMOUNTS", "$35"),
    ],
)
def test_a_template_that_a_pack_forbids_is_an_error_with_rule_words_and_remedy(
    tmp_path: Path, words: str, rule: str, shown: str
) -> None:
    [problem] = [one for one in findings(tmp_path, words) if one["message"].startswith(rule)]
    assert problem["severity"] == "error"
    assert f"forbids '{shown}'" in problem["message"]
    assert problem["remedy"]


def test_a_template_without_such_words_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, "please pay or talk to us about") == []
