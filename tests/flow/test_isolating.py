"""A batch with a poison row: the others are worked on, the guilty one comes back with its error."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach.flow.isolating import LONGEST_DETAIL, TRANSIENT, by_halves, each


def failing(*poison: int, error: Exception | None = None) -> tuple[list[list[int]], object]:
    """Work that raises for a batch with poison in it, and the batches that went well."""
    done: list[list[int]] = []

    def work(rows: Sequence[int]) -> int:
        for row in rows:
            if row in poison:
                raise error or ValueError(f"the debtor's secret {row}")
        done.append(list(rows))
        return len(rows)

    return done, work


@given(rows=st.lists(st.integers(), unique=True, max_size=60), data=st.data())
def test_every_row_is_worked_on_once_or_comes_back_once(rows: list[int], data: st.DataObject) -> None:
    poison = data.draw(st.sets(st.sampled_from(rows))) if rows else set()
    done, work = failing(*poison)
    results, poisoned = by_halves(work, rows)  # type: ignore[arg-type,var-annotated]
    assert [row for batch in done for row in batch] == [row for row in rows if row not in poison]
    assert [one.row for one in poisoned] == [row for row in rows if row in poison]
    assert sum(results) == len(rows) - len(poison)


def test_a_batch_without_poison_is_worked_on_in_one_piece() -> None:
    done, work = failing()
    by_halves(work, range(1000))  # type: ignore[arg-type]
    assert len(done) == 1


def test_one_poison_row_in_a_thousand_costs_some_twenty_pieces() -> None:
    tries = 0

    def work(rows: Sequence[int]) -> None:
        nonlocal tries
        tries += 1
        assert 617 not in rows

    by_halves(work, range(1000))
    assert tries < 25


@pytest.mark.parametrize("failure", TRANSIENT)
def test_no_row_is_blamed_for_a_database_that_is_away(failure: type[Exception]) -> None:
    error = PoolTimeout() if failure is PoolTimeout else failure("", None, Exception())  # type: ignore[call-arg]
    _, work = failing(1, error=error)
    with pytest.raises(failure):
        by_halves(work, [1, 2])  # type: ignore[arg-type]
    with pytest.raises(failure):
        each(lambda row: work([row]), [1, 2])  # type: ignore[operator]


def test_each_row_is_tried_by_itself() -> None:
    done, poisoned = each(lambda row: 12 // row, [1, 0, 3])
    assert done == [12, 4]
    assert [(one.row, one.word) for one in poisoned] == [(0, "ZeroDivisionError")]


def test_what_may_be_listed_quotes_nothing_of_the_row() -> None:
    from outreach.domain.message import Channel  # noqa: PLC0415

    _, (poisoned,) = each(Channel, ["+12125550142"])
    assert "5550142" not in poisoned.word
    assert "5550142" in poisoned.detail


def test_an_error_in_our_code_is_named_by_its_place() -> None:
    from outreach.domain.money import Money  # noqa: PLC0415

    _, (poisoned,) = each(lambda row: Money(1, "USD") + Money(1, row), ["EUR"])
    assert " in domain.money." in poisoned.word


def test_an_error_of_the_database_does_not_quote_the_whole_batch() -> None:
    error = DataError("INSERT ...", {"rows": "somebody else's number"}, Exception("invalid byte sequence"))
    _, work = failing(1, error=error)
    _, (poisoned,) = by_halves(work, [1])  # type: ignore[arg-type,var-annotated]
    assert poisoned.word == "DataError (Exception)"
    assert "somebody else" not in poisoned.detail
    assert "invalid byte sequence" in poisoned.detail


def test_a_long_error_is_cut() -> None:
    _, work = failing(1, error=ValueError("x" * 100_000))
    _, (poisoned,) = by_halves(work, [1])  # type: ignore[arg-type,var-annotated]
    assert len(poisoned.detail) == LONGEST_DETAIL


def test_an_operational_error_is_transient_even_in_a_single_row() -> None:
    _, work = failing(1, error=OperationalError("", None, Exception("locked")))
    with pytest.raises(OperationalError):
        by_halves(work, [1])  # type: ignore[arg-type]
