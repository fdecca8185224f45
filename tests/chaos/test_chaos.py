"""Nothing lost and nothing sent twice, whatever is killed; and chaos would see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.__main__ import failure
from tests.chaos.conduct import run, run_unguarded

pytestmark = pytest.mark.e2e
SEED = 7


def test_every_notice_is_accepted_once_though_everything_is_killed(folder: Path) -> None:
    report = run(folder, accounts=2_000, seed=SEED, rate=25)
    assert not report.verdict.problems, failure(report)
    assert sum(report.kills.values()) > 10


def test_chaos_finds_out_a_claim_that_is_not_guarded(folder: Path) -> None:
    verdict = run_unguarded(folder, accounts=200)
    assert verdict.doubled > 0
    assert any("more than once" in problem for problem in verdict.problems)
