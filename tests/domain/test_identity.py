"""Who may open a debtor's page: what is on record proves it, nothing else does, and nobody guesses for long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.identity import (
    NOBODY,
    OF_CLIENT,
    OF_DEBTOR,
    OF_LINK,
    Answer,
    Limit,
    OnRecord,
    Tries,
    another,
    proves,
)

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
ADA = OnRecord("1980-01-31", ("10001",), "US")


def test_the_day_of_birth_on_record_proves_it() -> None:
    assert proves(Answer.born(date(1980, 1, 31)), ADA)
    assert not proves(Answer.born(date(1980, 1, 30)), ADA)


@pytest.mark.parametrize(
    ("country", "recorded", "written"),
    [
        ("US", "10001", "10001-1234"),
        ("US", "10001-1234", " 10001 "),
        ("GB", "EC1A 1BB", "ec1a1bb"),
        ("CA", "K1A 0B1", "k1a-0b1"),
        ("CN", "200000", "２０００００"),
        ("", "D-04109", "d 04109"),
    ],
)
def test_a_postal_code_is_the_same_however_it_is_written(country: str, recorded: str, written: str) -> None:
    assert proves(Answer.living_at(written), OnRecord(postal_codes=(recorded,), country=country))


def test_any_postal_code_on_record_proves_it() -> None:
    assert proves(Answer.living_at("60601"), OnRecord(postal_codes=("10001", "60601"), country="US"))


@given(st.dates() | st.text(max_size=20))
def test_what_is_not_on_record_is_proved_by_nothing(said: date | str) -> None:
    answer = Answer.living_at(said) if isinstance(said, str) else Answer.born(said)
    assert not proves(answer, OnRecord())
    assert not proves(answer, OnRecord(postal_codes=("", "-")))


@given(st.dates(date(1900, 1, 1)) | st.text(max_size=20))
def test_nobody_is_proved_by_nothing(said: date | str) -> None:
    assert not proves(Answer.living_at(said) if isinstance(said, str) else Answer.born(said), NOBODY)


LIMITS = st.sampled_from([OF_LINK, OF_DEBTOR, OF_CLIENT, Limit(1, 3), Limit(3)])


@given(LIMITS, st.lists(st.integers(0, 5_000), max_size=120))
def test_no_more_than_the_limit_is_tried_within_any_hour_after_a_lock_and_never_beyond_the_most(
    limit: Limit, waits: list[int]
) -> None:
    at, so_far, made = NOW, None, []
    for wait in waits:
        at += timedelta(seconds=wait)
        tries = another(so_far, limit, at)
        if tries is None:
            continue
        so_far = tries
        made.append(at)
        assert tries.tries <= limit.in_an_hour
        assert tries.tries < limit.in_an_hour or tries.locked_until == at + timedelta(hours=1)
    assert limit.most is None or len(made) <= limit.most


def test_an_hour_after_the_fifth_the_sixth_may_be_tried() -> None:
    fifth = Tries(5, 5, NOW, NOW + timedelta(hours=1))
    assert another(fifth, OF_DEBTOR, NOW + timedelta(minutes=59)) is None
    sixth = another(fifth, OF_DEBTOR, NOW + timedelta(hours=1))
    assert sixth is not None
    assert (sixth.tries, sixth.total) == (1, 6)
