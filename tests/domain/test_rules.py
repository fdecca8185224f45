"""The rules of contact, each as a sentence, and the laws that hold for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.account import Account, ContactPoint, Creditor, Debtor, Facts, Hold, HoldReason, Item, PastStep
from outreach.domain.calendar import add_days, is_open, next_open
from outreach.domain.campaign import Campaign, DayKind, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.event import EventKind
from outreach.domain.gate import HOUSE_HOURS, Question, Verdict, gate
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.next_step import Due, Wait, WaitFor, next_step
from outreach.domain.notice import MOVES, NoticeState, settle_event

NEW_YORK, LOS_ANGELES, HONOLULU = "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"
ZONES = st.sampled_from([NEW_YORK, LOS_ANGELES, HONOLULU, "Europe/London", "Asia/Shanghai", "America/Chicago"])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WINDOW = SendWindow(frozenset(range(1, 7)), time(9), time(19))
NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
PHONE = ContactPoint(1, Channel.SMS, "+12125550142")
OWED = Money(12_345, "USD")
REMINDER = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "friendly_reminder")
CAMPAIGN = Campaign("c", "v", "northwind", "* * * * *", NEW_YORK, WINDOW, (REMINDER,))


def ada(*zones: str, points: tuple[ContactPoint, ...] = (PHONE,), **more: object) -> Facts:
    """Ada owes since the twentieth of November."""
    debtor = Debtor(1, "D-1", "Ada", "Sample", "", "en", zones or (NEW_YORK,), "US", "NY", contact_points=points)
    owed = Item(1, "I-1", None, date(2026, 11, 20), OWED, OWED)
    account = Account(1, "A-1", Creditor("northwind", "Northwind"), "USD")
    return replace(Facts(account, debtor, (owed,)), **more)  # type: ignore[arg-type]


def ask(
    facts: Facts, now: datetime = NOON, point: ContactPoint | None = PHONE, channel: Channel = Channel.SMS
) -> Verdict:
    return gate(Question(facts, channel, point, WINDOW, now)).verdict


def test_who_owes_and_may_be_reached_is_contacted_at_noon() -> None:
    assert ask(ada()) is Verdict.CLEAR
    assert isinstance(next_step(ada(), CAMPAIGN, NOON), Due)


def test_a_disputed_account_is_never_contacted() -> None:
    disputed = ada(holds=(Hold(HoldReason.DISPUTE, NOON - timedelta(days=1)),))
    assert ask(disputed) is Verdict.DEFER
    assert next_step(disputed, CAMPAIGN, NOON) == Wait(None, WaitFor.HOLD, "dispute")


def test_an_opted_out_number_is_never_texted() -> None:
    stopped = replace(PHONE, opted_out_at=NOON - timedelta(days=400))
    assert ask(ada(points=(stopped,)), point=stopped) is Verdict.SUPPRESS


def test_who_has_paid_is_never_contacted() -> None:
    assert ask(ada(items=())) is Verdict.CANCEL


def test_without_a_time_zone_nothing_is_sent_by_machine() -> None:
    nowhere = ada()
    nowhere = replace(nowhere, debtor=replace(nowhere.debtor, zones=()))
    assert ask(nowhere) is Verdict.ROUTE
    assert next_step(nowhere, CAMPAIGN, NOON) == Wait(None, WaitFor.ZONE)


def test_a_letter_may_be_printed_at_night() -> None:
    box = ContactPoint(2, Channel.LETTER, "12 Sample Street")
    night = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert gate(Question(ada(points=(box,)), Channel.LETTER, box, WINDOW, night)).verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("clock", "opened"), [("08:04:59", False), ("08:05", True), ("20:54:59", True), ("20:55", False)]
)
def test_the_houses_hours_are_half_open(clock: str, opened: bool) -> None:
    now = datetime.combine(date(2026, 12, 1), time.fromisoformat(clock), ZoneInfo(LOS_ANGELES)).astimezone(UTC)
    assert is_open(HOUSE_HOURS, now, LOS_ANGELES, "US") is opened


def test_every_zone_where_the_debtor_may_be_must_be_open() -> None:
    both = (NEW_YORK, LOS_ANGELES)
    assert next_open(HOUSE_HOURS, datetime(2026, 12, 1, 14, 0, tzinfo=UTC), both, "US") == datetime(
        2026, 12, 1, 16, 5, tzinfo=UTC
    )
    assert ask(ada(*both), datetime(2026, 12, 2, 2, 0, tzinfo=UTC)) is Verdict.DEFER


def test_the_day_on_which_clocks_change_opens_at_the_local_hour() -> None:
    late = datetime(2027, 3, 14, 4, 0, tzinfo=UTC)
    assert next_open(HOUSE_HOURS, late, [NEW_YORK], "US") == datetime(2027, 3, 14, 12, 5, tzinfo=UTC)


def test_no_campaign_writes_on_a_public_holiday() -> None:
    christmas = datetime(2026, 12, 25, 17, 0, tzinfo=UTC)
    assert ask(ada(), christmas) is Verdict.DEFER


def test_business_days_skip_weekends_and_holidays() -> None:
    assert add_days(date(2026, 12, 23), Days(2, DayKind.BUSINESS), "US") == date(2026, 12, 28)


def test_the_least_gap_between_contacts_counts_every_account_of_the_debtor() -> None:
    contacted = ada(last_contact_at=NOON - timedelta(days=1))
    waiting = next_step(contacted, replace(CAMPAIGN, min_contact_gap=Days(3)), NOON)
    assert isinstance(waiting, Wait)
    assert waiting.reason is WaitFor.GAP


def test_a_step_in_flight_holds_back_the_next() -> None:
    flying = ada(history=(PastStep("reminder", 0, NoticeState.PLANNED, NOON),))
    assert isinstance(next_step(flying, CAMPAIGN, NOON), Wait)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(now=INSTANTS, zones=st.sets(ZONES, min_size=1, max_size=3))
def test_the_gate_clears_only_where_every_zone_is_open(now: datetime, zones: set[str]) -> None:
    if ask(ada(*sorted(zones)), now) is not Verdict.CLEAR:
        return
    for zone in zones:
        local = now.astimezone(ZoneInfo(zone))
        assert time(9) <= local.time() < time(19)
        assert local.isoweekday() != 7


@settings(max_examples=100, deadline=None, derandomize=True)
@given(now=INSTANTS, zones=st.sets(ZONES, min_size=1, max_size=2), more=ZONES)
def test_knowing_less_about_where_a_debtor_is_never_allows_more(now: datetime, zones: set[str], more: str) -> None:
    order = list(Verdict)
    fewer, wider = ask(ada(*sorted(zones)), now), ask(ada(*sorted(zones | {more})), now)
    assert order.index(wider) >= order.index(fewer)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(now=INSTANTS, zones=st.sets(ZONES, min_size=1, max_size=2))
def test_the_next_opening_is_open_and_not_before_now(now: datetime, zones: set[str]) -> None:
    opening = next_open(WINDOW, now, sorted(zones), "US")
    if opening is not None:
        assert opening >= now
        assert all(is_open(WINDOW, opening, zone, "US") for zone in zones)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(events=st.lists(st.sampled_from(list(EventKind)), max_size=12))
def test_events_in_any_order_and_number_only_make_legal_moves(events: list[EventKind]) -> None:
    state = NoticeState.SENDING
    for event in events:
        new = settle_event(state, event)
        assert new is None or new in MOVES[state]
        state = new or state
    assert settle_event(NoticeState.UNDELIVERED, EventKind.DELIVERED) is None


def test_an_end_is_an_end() -> None:
    for end in (NoticeState.SUPPRESSED, NoticeState.CANCELLED, NoticeState.FAILED, NoticeState.UNDELIVERED):
        assert MOVES[end] == frozenset()
