"""May this message go to this debtor now? Rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from outreach.domain.account import ContactPoint, Facts, HoldReason, Quality
from outreach.domain.campaign import SendWindow
from outreach.domain.gate import Decision, Question, Verdict
from outreach.domain.message import Channel
from outreach.domain.money import Money
from tests.cast import (
    ADA,
    BEN,
    CLEO,
    DAY,
    EMAIL,
    EVE,
    FAY,
    HUA,
    LETTERBOX,
    LOS_ANGELES,
    NEW_YORK,
    NOON,
    OFFICE_HOURS,
    PHONE,
    SHANGHAI,
    dov,
    facts,
    hold,
    owed,
)
from tests.law import gate


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ask(
    who: Facts = ADA,
    now: datetime = NOON,
    *,
    point: ContactPoint | None = PHONE,
    channel: Channel = Channel.SMS,
    window: SendWindow | None = None,
) -> Decision:
    return gate(Question(who, channel, point, window, now))


def test_ada_who_owes_is_texted_at_noon_and_by_five_to_nine_at_the_latest() -> None:
    assert ask() == Decision(Verdict.CLEAR, "", (), None, utc("2026-12-02T01:55"))


def test_a_clear_message_must_leave_before_the_campaigns_window_closes() -> None:
    assert ask(window=OFFICE_HOURS).send_by == utc("2026-12-02T00:00")


def test_of_several_zones_the_first_to_close_says_when_a_message_must_have_left() -> None:
    assert ask(EVE).send_by == utc("2026-12-02T01:55")


def test_cleo_who_disputes_is_never_contacted() -> None:
    for channel, point in ((Channel.SMS, PHONE), (Channel.EMAIL, EMAIL), (Channel.LETTER, LETTERBOX)):
        decision = ask(CLEO, point=point, channel=channel)
        assert (decision.verdict, decision.until) == (Verdict.DEFER, NOON + DAY)
        assert decision.reason == "On hold: dispute"


def test_hua_who_promised_is_asked_again_after_the_promise() -> None:
    assert ask(HUA).until == NOON + 4 * DAY


@pytest.mark.parametrize("reason", HoldReason)
def test_any_hold_stops_a_message(reason: HoldReason) -> None:
    assert ask(facts(holds=hold(reason, NOON))).verdict is Verdict.DEFER


def test_a_hold_stops_at_once_though_the_clock_of_the_one_who_placed_it_is_ahead() -> None:
    assert ask(facts(holds=hold(HoldReason.DISPUTE, NOON + timedelta(seconds=5)))).verdict is Verdict.DEFER
    assert ask(facts(holds=hold(HoldReason.DISPUTE, NOON + timedelta(minutes=5)))).verdict is Verdict.CLEAR


def test_ben_who_stopped_texts_is_never_texted_nor_called_but_written() -> None:
    stopped, mailbox = BEN.debtor.contact_points
    assert ask(BEN, point=stopped).verdict is Verdict.SUPPRESS
    assert ask(BEN, NOON + 3000 * DAY, point=stopped).verdict is Verdict.SUPPRESS
    assert ask(BEN, point=stopped, channel=Channel.CALL).verdict is Verdict.SUPPRESS
    assert ask(BEN, point=mailbox, channel=Channel.EMAIL).verdict is Verdict.CLEAR


def test_dov_who_paid_at_noon_gets_nothing_that_was_planned_before() -> None:
    assert ask(dov(NOON - DAY)).verdict is Verdict.CLEAR
    assert ask(dov(NOON)).verdict is Verdict.CANCEL


def test_credits_that_outweigh_the_debt_cancel_the_message() -> None:
    credit = replace(owed("C-1", "2026-11-21", number=2), open_amount=Money(-20_000, "USD"))
    assert ask(facts(items=(*ADA.items, credit))).verdict is Verdict.CANCEL


@pytest.mark.parametrize("quality", [Quality.UNDELIVERABLE, Quality.WRONG_PARTY])
def test_a_dead_or_wrong_address_is_as_good_as_none(quality: Quality) -> None:
    assert ask(point=replace(PHONE, quality=quality)).verdict is Verdict.SUPPRESS
    assert ask(point=None).verdict is Verdict.SUPPRESS


def test_fay_whose_zone_nobody_knows_goes_to_a_person() -> None:
    assert ask(FAY).verdict is Verdict.ROUTE


@pytest.mark.parametrize(
    ("local", "clear"), [("08:04:59", False), ("08:05:00", True), ("20:54:59", True), ("20:55:00", False)]
)
def test_the_houses_hours_begin_five_past_eight_and_end_before_five_to_nine(local: str, clear: bool) -> None:
    now = utc(f"2026-12-01T{local}") + timedelta(hours=8)
    decision = ask(facts(LOS_ANGELES), now)
    assert (decision.verdict is Verdict.CLEAR) is clear


@pytest.mark.parametrize(
    ("who", "now", "until"),
    [
        (facts(LOS_ANGELES), "2026-12-01T15:59:59", "2026-12-01T16:05"),
        (facts(LOS_ANGELES), "2026-12-02T05:00:00", "2026-12-02T16:05"),
        (EVE, "2026-12-01T14:00", "2026-12-01T16:05"),
        (EVE, "2026-12-02T02:00", "2026-12-02T16:05"),
        (facts(NEW_YORK), "2027-03-14T11:59", "2027-03-14T12:05"),
        (facts(NEW_YORK), "2026-11-01T12:59", "2026-11-01T13:05"),
        (facts(), "2026-12-01T08:00", "2026-12-01T13:05"),
    ],
    ids=["RF-01", "RF-01b", "RF-02 early", "RF-02 late", "spring", "autumn", "RF-01c"],
)
def test_a_message_at_a_wrong_hour_is_deferred_to_the_next_lawful_minute(who: Facts, now: str, until: str) -> None:
    decision = ask(who, utc(now))
    assert (decision.verdict, decision.until) == (Verdict.DEFER, utc(until))
    assert ask(who, utc(until)).verdict is Verdict.CLEAR


def test_a_letter_is_free_of_hours() -> None:
    decision = ask(now=utc("2026-12-01T08:00"), point=LETTERBOX, channel=Channel.LETTER, window=OFFICE_HOURS)
    assert decision == Decision(Verdict.CLEAR, "", ())


def test_the_campaigns_window_narrows_the_houses_hours_and_never_widens_them() -> None:
    early = SendWindow(frozenset(range(1, 8)), time(6), time(23), holidays=True)
    assert ask(now=utc("2026-12-01T11:30"), window=early).until == utc("2026-12-01T13:05")
    sunday = ask(now=utc("2026-12-06T17:00"), window=OFFICE_HOURS)
    assert (sunday.until, sunday.hits[0].rule) == (utc("2026-12-07T14:00"), "campaign/send-window")


def test_a_message_is_deferred_at_once_to_when_house_and_campaign_are_both_open() -> None:
    night = ask(now=utc("2026-12-06T03:00"), window=OFFICE_HOURS)
    assert (night.until, night.hits[0].rule) == (utc("2026-12-07T14:00"), "house/hours")


@pytest.mark.parametrize(
    ("who", "window"),
    [
        (facts(NEW_YORK, SHANGHAI), OFFICE_HOURS),
        (ADA, SendWindow(frozenset(range(1, 8)), time(6), time(8))),
        (ADA, SendWindow(frozenset(), time(9), time(19))),
    ],
    ids=["zones apart", "before the house opens", "no day"],
)
def test_what_can_never_be_sent_lawfully_goes_to_a_person(who: Facts, window: SendWindow) -> None:
    assert ask(who, window=window).verdict is Verdict.ROUTE


def test_on_a_public_holiday_a_campaign_is_silent_unless_its_window_says_otherwise() -> None:
    christmas = utc("2026-12-25T17:00")
    assert ask(now=christmas, window=OFFICE_HOURS).until == utc("2026-12-26T14:00")
    assert ask(now=christmas, window=replace(OFFICE_HOURS, holidays=True)).verdict is Verdict.CLEAR


def test_every_rule_that_spoke_is_kept_and_the_strictest_decides() -> None:
    stopped = replace(PHONE, opted_out_at=NOON)
    decision = ask(replace(CLEO, items=()), utc("2026-12-01T08:00"), point=stopped)
    assert decision.verdict is Verdict.CANCEL
    assert [hit.rule for hit in decision.hits] == ["house/still-owed", "house/hold", "house/opt-out", "house/hours"]


def test_of_several_deferrals_the_latest_counts() -> None:
    short = facts(holds=hold(HoldReason.PROMISE, NOON - DAY, utc("2026-12-01T09:00")))
    assert ask(short, utc("2026-12-01T08:00")).until == utc("2026-12-01T13:05")
