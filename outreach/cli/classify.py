"""`outreach classify`: what debtors' answers ask for, one a line, and how well that is told apart."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from outreach.cli.context import OutputFormat, fail, stderr, stdout
from outreach.cli.printing import print_rows
from outreach.domain.intents import Intent
from outreach.domain.reply import Reading, classify

COLUMNS = ("intent", "confidence", "text", "intents", "language", "words", "details")
#: What an evaluation needs of its file.
NEEDED = ("intent", "language", "text")


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the intent that it has."""

    intent: Intent
    language: str
    text: str


def classify_command(
    file: Annotated[str, typer.Argument(help="A file with an answer a line; - is the standard input.")] = "-",
    output: Annotated[OutputFormat | None, typer.Option("--format", help="More than intent, confidence, text.")] = None,
    explain: Annotated[bool, typer.Option(help="Show which words decided.")] = False,
    evaluate: Annotated[
        Path | None, typer.Option(help="A TSV with the columns intent, language, text: how well are they told apart?")
    ] = None,
    misses: Annotated[bool, typer.Option(help="With --evaluate: list what was taken for something else.")] = False,
) -> None:
    """Say what answers ask for: intent, confidence and text, with tabs between. Nothing is kept.

    Example: echo "STOP, talk to my lawyer" | outreach classify --explain
    """
    if evaluate is not None:
        _evaluate(_examples(evaluate), misses=misses)
        return
    read = ((line, classify(line)) for line in _lines(file))
    if output is not None:
        print_rows([_row(text, reading) for text, reading in read], output, COLUMNS, shown=COLUMNS[:3])
        return
    for text, reading in read:
        typer.echo(f"{reading.intent}\t{reading.confidence:.2f}\t{text}")
        if explain:
            for one in reading.evidence:
                stderr.print(f"  {one.intent}: {one.words!r} by the rule {one.rule}", markup=False, highlight=False)


def _lines(file: str) -> Iterator[str]:
    if file == "-":
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as stream:
            yield from (line.rstrip("\r\n") for line in stream)
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{file} cannot be read: {error}. Name a text file in UTF-8, or - for the standard input") from error


def _row(text: str, reading: Reading) -> dict[str, str]:
    return {
        "intent": reading.intent.value,
        "confidence": f"{reading.confidence:.2f}",
        "text": text,
        "intents": " ".join(reading.intents),
        "language": reading.language,
        "words": "; ".join(dict.fromkeys(f"{one.intent}: {one.words}" for one in reading.evidence)),
        "details": "; ".join(f"{name}: {value}" for name, value in reading.details.items()),
    }


def _examples(path: Path) -> list[Example]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{path} cannot be read: {error}. Name a TSV file in UTF-8") from error
    examples = []
    for number, row in enumerate(rows, 2):
        if any(not row.get(name) for name in NEEDED):
            raise fail(f"{path}:{number}: a column is missing. The first line names them: {', '.join(NEEDED)}")
        try:
            intent = Intent(row["intent"])
        except ValueError as error:
            raise fail(f"{path}:{number}: no intent {row['intent']!r}. One of {', '.join(Intent)}") from error
        examples.append(Example(intent, row["language"], row["text"]))
    return examples


def _evaluate(examples: Iterable[Example], *, misses: bool) -> None:
    """Recall is of all intents that were found, since each has its effect; precision of the one that decides."""
    read = [(one, classify(one.text)) for one in examples]
    tables = (("intent", [one.intent.value for one, _ in read]), ("language", [one.language for one, _ in read]))
    for title, names in tables:
        stdout.print(_table(title, names, read))
    right = sum(one.intent is reading.intent for one, reading in read)
    stdout.print(f"{right} of {len(read)} decided as they should be ({right / max(len(read), 1):.1%})")
    for one, reading in read if misses else ():
        if one.intent is not reading.intent:
            typer.echo(f"{one.intent}\t{reading.intent}\t{one.text}")


def _table(title: str, names: Iterable[str], read: list[tuple[Example, Reading]]) -> Table:
    table = Table(title, "texts", "recall", "precision", "F1")
    count, found, taken, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for name, (one, reading) in zip(names, read, strict=True):
        decided = reading.intent.value if title == "intent" else name
        count[name] += 1
        taken[decided] += 1
        found[name] += _is_found(one, reading)
        right[name] += one.intent is reading.intent
    for name in sorted(count):
        recall = found[name] / count[name]
        precision = right[name] / taken[name] if taken[name] else 0.0
        both = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
        table.add_row(name, str(count[name]), f"{recall:.3f}", f"{precision:.3f}", f"{both:.3f}")
    return table


def _is_found(one: Example, reading: Reading) -> bool:
    return one.intent in reading.intents or (one.intent is Intent.OPT_OUT_CHANNEL and reading.opt_out)
