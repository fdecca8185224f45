"""The states of a notice, and news that come late, twice or out of order."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.event import EventKind
from outreach.domain.notice import CONTACTED, IN_FLIGHT, MOVES, STATE_OF_EVENT, UNREACHED, NoticeState, settle_event

S = NoticeState
#: The table of the design.
LEGAL = {
    S.PLANNED: "claimed cancelled sent delivered",
    S.CLAIMED: "sending planned suppressed cancelled failed sent delivered",
    S.SENDING: "sent delivered undelivered failed uncertain planned",
    S.UNCERTAIN: "sent delivered undelivered failed planned",
    S.SENT: "delivered undelivered",
    S.DELIVERED: "undelivered",
}
ENDS = (S.SUPPRESSED, S.CANCELLED, S.FAILED, S.UNDELIVERED)
#: How much news says, from little to much.
STRENGTH = (S.SENDING, S.UNCERTAIN, S.SENT, S.DELIVERED, S.UNDELIVERED)
NEWS = st.lists(st.sampled_from(EventKind), max_size=10)
AFTER_THE_CALL = st.sampled_from([S.SENDING, S.UNCERTAIN, S.SENT])


def settle(start: NoticeState, news: list[EventKind]) -> NoticeState:
    return reduce(lambda state, kind: settle_event(state, kind) or state, news, start)


def test_a_notice_makes_the_moves_of_the_design_and_no_others() -> None:
    assert {state: set(moves) for state, moves in MOVES.items()} == {
        state: set(LEGAL.get(state, "").split()) for state in NoticeState
    }


def test_ends_are_never_left_and_only_a_delivered_notice_may_still_come_back() -> None:
    assert all(MOVES[end] == frozenset() for end in ENDS)
    assert MOVES[S.DELIVERED] == {S.UNDELIVERED}


def test_every_state_is_open_in_flight_a_contact_or_unreached() -> None:
    assert IN_FLIGHT | CONTACTED | UNREACHED | {S.CANCELLED} == set(NoticeState)
    assert IN_FLIGHT & UNREACHED == CONTACTED & UNREACHED == frozenset()


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (S.SENT, [EventKind.ACCEPTED, EventKind.QUEUED, EventKind.SENT]),
        (S.DELIVERED, [EventKind.DELIVERED]),
        (S.UNDELIVERED, [EventKind.UNDELIVERED, EventKind.REJECTED, EventKind.FAILED, EventKind.RETURNED]),
    ],
)
def test_only_what_says_so_is_an_arrival_or_a_failure(state: NoticeState, kinds: list[EventKind]) -> None:
    assert [settle_event(S.SENDING, kind) for kind in kinds] == [state] * len(kinds)


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in STATE_OF_EVENT])
def test_side_news_never_moves_a_notice(kind: EventKind) -> None:
    assert all(settle_event(state, kind) is None for state in NoticeState)


@given(state=st.sampled_from(NoticeState), kind=st.sampled_from(EventKind))
def test_an_event_never_asks_for_an_illegal_move(state: NoticeState, kind: EventKind) -> None:
    moved = settle_event(state, kind)
    assert moved is None or moved in MOVES[state]


@pytest.mark.parametrize("state", [S.PLANNED, S.CLAIMED, *ENDS])
@pytest.mark.parametrize("kind", EventKind)
def test_news_of_a_notice_that_is_not_out_is_only_kept(state: NoticeState, kind: EventKind) -> None:
    assert settle_event(state, kind) is None


@pytest.mark.parametrize("state", [S.PLANNED, S.CLAIMED, S.SENDING, S.UNCERTAIN])
@pytest.mark.parametrize("kind", EventKind)
def test_of_an_attempt_that_was_given_up_only_counts_that_it_arrived(state: NoticeState, kind: EventKind) -> None:
    wanted = STATE_OF_EVENT.get(kind)
    assert settle_event(state, kind, given_up=True) == (wanted if wanted in (S.SENT, S.DELIVERED) else None)


@given(start=AFTER_THE_CALL, news=NEWS)
def test_the_strongest_news_wins_whatever_the_order(start: NoticeState, news: list[EventKind]) -> None:
    told = [STATE_OF_EVENT[kind] for kind in news if kind in STATE_OF_EVENT]
    assert settle(start, news) == max([start, *told], key=STRENGTH.index)


@given(start=AFTER_THE_CALL, news=NEWS, again=st.randoms())
def test_news_that_come_twice_and_shuffled_change_nothing(
    start: NoticeState, news: list[EventKind], again: object
) -> None:
    doubled = news * 2
    again.shuffle(doubled)  # type: ignore[attr-defined]
    assert settle(start, doubled) == settle(start, news)
