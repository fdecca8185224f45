"""`make chaos N=100000 SEED=7`: a long run, its progress and its summary. Exits 1 with what to run again."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import time

from rich.console import Console
from rich.table import Table

from tests.chaos.conduct import Report, run

console = Console(highlight=False)


def show(report: Report) -> None:
    """The summary table."""
    verdict = report.verdict
    table = Table(title=f"chaos, seed {report.seed}", show_header=False)
    table.add_column("what")
    table.add_column("figure", justify="right")

    def section(rows: dict[str, object]) -> None:
        for name, value in rows.items():
            table.add_row(name, str(value))
        table.add_section()

    section({str(kind): count for kind, count in sorted(Counter(fault.kind for fault in report.faults).items())})
    section({f"killed: {name}": count for name, count in sorted(report.kills.items())})
    section({"accounts": report.accounts, "accepted by the vendor": verdict.accepted, "doubled": verdict.doubled})
    section({f"notices {state}": count for state, count in sorted(verdict.states.items())})
    section({f"uncertain: {reason}": count for reason, count in sorted(verdict.reasons.items())})
    section({"webhook events": verdict.events})
    section(
        {
            "seconds": f"{report.seconds:.0f}",
            "accepted a second": f"{report.throughput:.0f}",
            "longest seconds in which nothing was accepted": f"{report.pause:.1f}",
            "seconds from the last fault to rest": f"{report.recovery:.1f}",
            "taken back from dead workers before the call": verdict.taken_back["planned"],
            "taken back from dead workers in doubt": verdict.taken_back["uncertain"],
            "log lines": verdict.log_lines.total(),
        }
    )
    console.print(table)


def failure(report: Report) -> str:
    """What is wrong, and how to see it again."""
    return "\n".join([*report.verdict.problems, f"again: make chaos N={report.accounts} SEED={report.seed}"])


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=int(time()))
    parser.add_argument("--rate", type=float, default=250, help="accounts of the first half that fall due in a second")
    parser.add_argument("--keep", type=Path, help="an empty folder for logs and ledger, kept at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outreach-chaos-") as folder:
        report = run(options.keep or Path(folder), options.accounts, options.seed, options.rate, console.print)
    show(report)
    if report.verdict.problems:
        console.print(failure(report), style="red", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
