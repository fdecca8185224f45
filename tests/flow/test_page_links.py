"""Links to a debtor's page: short, signed, expiring, and nothing that names a debtor."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from outreach.flow.links import (
    PAGE_TOKEN_LENGTH,
    make_page_token,
    make_unsubscribe_token,
    page_url,
    read_page_token,
)

KEY = "k" * 40
DAY = date(2026, 12, 31)
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
DAYS = st.dates(date(2026, 1, 1), date(2100, 1, 1))


@given(IDS, DAYS)
def test_a_link_says_which_notice_it_came_with_and_when_it_ends(notice_id: str, last: date) -> None:
    token = read_page_token(make_page_token(KEY, notice_id, last))
    assert token is not None
    assert token.expires_on == last
    assert token.signs(KEY, notice_id)


@given(IDS, DAYS)
def test_a_link_is_short_and_ends_where_programs_think_that_links_end(notice_id: str, last: date) -> None:
    path = page_url("https://outreach.example", KEY, notice_id, last).removeprefix("https://outreach.example")
    assert len(path) < 30
    assert path[3:].isascii()
    assert path[3:].isalnum()


@given(IDS, st.integers(0, PAGE_TOKEN_LENGTH - 1), st.sampled_from("0aZ9"))
def test_a_changed_link_is_none_of_ours(notice_id: str, at: int, digit: str) -> None:
    written = make_page_token(KEY, notice_id, DAY)
    changed = written[:at] + digit + written[at + 1 :]
    token = read_page_token(changed)
    assert changed == written or token is None or not token.signs(KEY, notice_id)


@given(IDS, IDS)
def test_a_link_opens_no_other_notice_even_of_the_same_instant(notice_id: str, other: str) -> None:
    token = read_page_token(make_page_token(KEY, notice_id, DAY))
    twin = notice_id[:20] + other[20:]
    assert token is not None
    assert twin == notice_id or not token.signs(KEY, twin)


@given(st.text(max_size=60) | st.text("09azAZ", min_size=PAGE_TOKEN_LENGTH, max_size=PAGE_TOKEN_LENGTH))
def test_whatever_stands_in_the_address_is_read_without_an_error(written: str) -> None:
    token = read_page_token(written)
    assert token is None or not token.signs(KEY, "0" * 32)


def test_a_link_of_another_kind_or_another_key_opens_nothing() -> None:
    notice_id = "0" * 32
    token = read_page_token(make_page_token(KEY, notice_id, DAY))
    assert token is not None
    assert not token.signs("another", notice_id)
    unsigned = read_page_token(make_page_token("", notice_id, DAY))
    assert unsigned is not None
    assert not unsigned.signs("", notice_id)
    assert read_page_token(make_unsubscribe_token(KEY, notice_id)) is None
