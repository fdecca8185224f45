"""How many answers are read in a second, on one core: the texts of both evaluation files, again and again."""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from rich.console import Console

from outreach.domain.reply import classify

REPLIES = Path(__file__).parents[1] / "replies"


def texts() -> list[str]:
    """Every text of the evaluation files."""
    found: list[str] = []
    for name in ("examples.tsv", "own.tsv"):
        with (REPLIES / name).open(encoding="utf-8", newline="") as stream:
            found += [row["text"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return found


def main() -> None:
    """Read them all a few times and print the rate."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classifying", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds, said = parser.parse_args().rounds, texts()
    begun = time.perf_counter()
    classify("hello")
    console, loaded = Console(), time.perf_counter()
    for _ in range(rounds):
        for text in said:
            classify(text)
    took = time.perf_counter() - loaded
    console.print(f"rules made ready in {loaded - begun:.2f} s")
    console.print(f"{rounds * len(said):,} answers in {took:.2f} s: {rounds * len(said) / took:,.0f} a second")


if __name__ == "__main__":
    main()
