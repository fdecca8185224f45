"""The days and amounts that debtors name, in three languages; nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.money import Money
from outreach.domain.promise import PromisePart
from outreach.domain.said import Ask, Said, day_first_in, said_promise

#: A Tuesday. The account owes 500.
TODAY = date(2026, 11, 24)
OWED = Money(50_000, "USD")


def said(text: str, **more: bool | None) -> Said:
    return said_promise(text, TODAY, OWED, **more)


def read(text: str) -> list[tuple[int | None, str]]:
    found = said(text)
    assert found.clear, found
    return [(part.amount_minor, part.due_on.isoformat()) for part in found.promise_parts()]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Friday", "2026-11-27"),
        ("firday", "2026-11-27"),
        ("next Friday", "2026-12-04"),
        ("this Tuesday", "2026-11-24"),
        ("Tuesday", "2026-12-01"),
        ("I will stop in Thursday with cash", "2026-11-26"),
        ("first thing monday", "2026-11-30"),
        ("a week from Friday", "2026-12-04"),
        ("the 15th", "2026-12-15"),
        ("Put me down for the 1st", "2026-12-01"),
        ("on the fifteenth", "2026-12-15"),
        ("the 24th", "2026-11-24"),
        ("the 5th of next month", "2026-12-05"),
        ("by the end of the month", "2026-11-30"),
        ("end of month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("by the end of next week", "2026-12-04"),
        ("this weekend", "2026-11-29"),
        ("tmrw", "2026-11-25"),
        ("the day after tomorrow", "2026-11-26"),
        ("tonight", "2026-11-24"),
        ("in two weeks", "2026-12-08"),
        ("within 10 days", "2026-12-04"),
        ("in 3 business days", "2026-11-27"),
        ("Dec 5", "2026-12-05"),
        ("5th of January", "2027-01-05"),
        ("12/25", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
        ("2026-12-05", "2026-12-05"),
        ("I get paid Friday so I will send it Monday", "2026-11-30"),
        ("cancel the 10th, do the 20th", "2026-12-20"),
        ("not Friday but Monday", "2026-11-30"),
        ("nxt friday", "2026-12-04"),
        ("friday the 4th", "2026-12-04"),
        ("Friday, Dec 4", "2026-12-04"),
        ("pago el lunes 30", "2026-11-30"),
        ("en la quincena del 15", "2026-12-15"),
        ("el viernes", "2026-11-27"),
        ("el viernes que viene", "2026-11-27"),
        ("el lunes de la próxima semana", "2026-11-30"),
        ("mañana", "2026-11-25"),
        ("pasado mañana", "2026-11-26"),
        ("la próxima quincena", "2026-11-30"),
        ("fin de mes", "2026-11-30"),
        ("a finales de diciembre", "2026-12-31"),
        ("el 15", "2026-12-15"),
        ("el día quince", "2026-12-15"),
        ("5 de enero", "2027-01-05"),
        ("dentro de dos semanas", "2026-12-08"),
        ("ahorita que salga del trabajo pago", "2026-11-24"),
        ("下周五", "2026-12-04"),
        ("周五", "2026-11-27"),
        ("禮拜五", "2026-11-27"),
        ("月底", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("15号", "2026-12-15"),
        ("下个月十五号", "2026-12-15"),
        ("1月5日", "2027-01-05"),
        ("明天就还", "2026-11-25"),
        ("我今晚就转", "2026-11-24"),
        ("三天后", "2026-11-27"),
        ("两个星期后", "2026-12-08"),
        ("不要取消我的还款计划，周一还", "2026-11-30"),
    ],
)
def test_a_day_is_the_coming_one_where_the_debtor_is(text: str, day: str) -> None:
    assert read(text) == [(None, day)]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("$50 on Friday", 5_000),
        ("50 bucks friday", 5_000),
        ("pay 50 friday", 5_000),
        ("$1,20 friday", 120),
        ("USD 120.50 friday", 12_050),
        ("$120,50 friday", 12_050),
        ("two hundred on friday", 20_000),
        ("0.3k friday", 30_000),
        ("I can do fifty on friday", 5_000),
        ("half on friday", 25_000),
        ("50% on friday", 25_000),
        ("a third of it friday", 16_666),
        ("I owe 300, I can pay 50 Friday", 5_000),
        ("pay it all on friday", None),
        ("cien dólares el viernes", 10_000),
        ("la mitad el viernes", 25_000),
        ("todo el viernes", None),
        ("puedo pagar doscientos el viernes", 20_000),
        ("周五还三百块", 30_000),
        ("周五300元", 30_000),
        ("三百周五还", 30_000),
        ("周五付一半", 25_000),
        ("周五全部还清", None),
        ("I'll pay at 5 on friday", None),
        ("call me at 2125550142 friday", None),
    ],
)
def test_an_amount_is_what_reads_as_money_else_all_that_is_open(text: str, minor: int | None) -> None:
    assert read(text) == [(minor, "2026-11-27")]


@pytest.mark.parametrize("written", ["1,200.50", "1.200,50", "1200.50", "1200,50"])
def test_thousands_are_set_apart_by_either_sign(written: str) -> None:
    found = said_promise(f"${written} friday", TODAY, Money(1_000_000, "USD"))
    assert found.promise_parts() == (PromisePart(120_050, date(2026, 11, 27)),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("half now and the rest on the 20th", [(25_000, "2026-11-24"), (None, "2026-12-20")]),
        ("Ill send 100 now and the rest on Dec 15", [(10_000, "2026-11-24"), (None, "2026-12-15")]),
        ("today I pay 50 and on friday 100", [(5_000, "2026-11-24"), (10_000, "2026-11-27")]),
        ("half on the 1st, half on the 15th", [(25_000, "2026-12-01"), (None, "2026-12-15")]),
        ("mando 50 el viernes y 50 el 15", [(5_000, "2026-11-27"), (5_000, "2026-12-15")]),
        ("le deposito 150 mañana y el resto la próxima quincena", [(15_000, "2026-11-25"), (None, "2026-11-30")]),
        ("明天还300，剩下的月底", [(30_000, "2026-11-25"), (None, "2026-11-30")]),
    ],
)
def test_several_amounts_have_each_their_day(text: str, parts: list[tuple[int | None, str]]) -> None:
    assert read(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        *("payday", "I get paid next week and will send it", "half when tax refund hits", "50 bucks", "I will pay"),
        *(
            "12/05",
            "the 31st",
            "friday or monday",
            "friday the 5th",
            "after Friday",
            "周五以后",
            "Aug 3",
            "in a week or two",
            "soon",
        ),
        *("cuando me paguen le deposito", "la próxima semana", "paso por la oficina a pagar", "lo antes posible"),
        *("发工资就还", "等公積金到賬就還", "下周", "过两天", "三百块", "I can't pay on Friday", ""),
    ],
)
def test_a_day_that_is_not_clear_is_asked_back(text: str) -> None:
    found = said(text)
    assert not found.clear
    assert Ask.WHICH_DAY in {doubt.ask for doubt in found.ambiguous}


@pytest.mark.parametrize(
    "text",
    [
        *("$600 on friday", "€50 friday", "0 dollars friday", "something on friday", "the minimum friday"),
        *("50 or 60 on Friday", "between 50 and 100 dollars friday", "$50-$100 friday", "$1,2000 friday"),
        *("algo el viernes", "周五还一部分", "500 friday and the rest on the 15th"),
    ],
)
def test_an_amount_that_is_not_clear_is_asked_back(text: str) -> None:
    assert Ask.HOW_MUCH in {doubt.ask for doubt in said(text).ambiguous}


@pytest.mark.parametrize(
    "text",
    [
        *("I can pay 200 then 100 every two weeks", "can pay 100 a month", "50 per week starting friday"),
        *("can we set up a plan", "monthly works", "quiero pagar en abonos", "50 cada quincena"),
        *("能分期吗", "每个月还200"),
        "$50 this friday, $50 next friday, $50 on the 15th and $50 on the 30th",
    ],
)
def test_what_is_paid_again_and_again_is_a_plan_and_no_promise(text: str) -> None:
    found = said(text)
    assert found.plan_like
    assert not found.clear


def test_the_order_of_day_and_month_is_that_of_the_country() -> None:
    days = [said("12/05", day_first=order).parts[0].day for order in (False, True)]
    assert days == [date(2026, 12, 5), date(2027, 5, 12)]
    assert said("12/05").ambiguous[0].days == (date(2026, 12, 5), date(2027, 5, 12))
    assert [day_first_in(country) for country in ("US", "GB", "CA", "")] == [False, True, None, None]
    assert said_promise("12/05", TODAY, OWED, "es-MX").parts[0].day == date(2027, 5, 12)


def test_the_words_that_decided_are_named() -> None:
    assert said("I can pay $50 on the 15th").evidence == ("$50", "on the 15th")


def test_shares_that_make_a_whole_leave_no_cent_over() -> None:
    found = said_promise("half today and half friday", TODAY, Money(12_345, "USD"))
    assert [part.amount for part in found.parts] == [Money(6_172, "USD"), None]


FRAGMENTS = (
    *("friday", "next", "the 15th", "31/02", "12/05", "feb 29", "2027-02-30", "in 999 days", "in 500 months", "now"),
    *("half", "and", "the rest", "$50", "1.200,5", "999999999999999999", "0", "or", "1/2", "30%", "a third", "pay 70"),
    *(
        "el viernes",
        "quincena",
        "cada",
        "la mitad",
        "mil",
        "月底",
        "二月三十号",
        "三百块",
        "万万",
        "两百",
        "剩下的",
        "每月",
    ),
    *("not", "cancel", ",", "٣٥", "²", "½", "１２", "\u200b", "零", "每月", "ten thousand", "every two weeks"),
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.builds(str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(FRAGMENTS), max_size=9)),
)


@given(
    TEXTS,
    st.dates(date(2020, 1, 1), date(2090, 12, 31)),
    st.integers(-5, 10**9),
    st.sampled_from(["USD", "JPY", "KWD", "CNY", "ZZZ"]),
    st.sampled_from([None, True, False]),
)
def test_whatever_is_said_no_day_is_past_and_no_sum_above_the_balance(
    text: str, today: date, balance: int, currency: str, day_first: bool | None
) -> None:
    found = said_promise(text, today, Money(balance, currency), day_first=day_first)
    days = [part.day for part in found.parts if part.day] + [day for doubt in found.ambiguous for day in doubt.days]
    assert all(today <= day for day in days)
    amounts = [part.amount.minor for part in found.parts if part.amount]
    assert all(amount > 0 for amount in amounts)
    assert sum(amounts) <= max(balance, 0)
    if found.clear:
        assert len(found.promise_parts()) == len(found.parts)
    else:
        with pytest.raises(ValueError, match="not clear"):
            found.promise_parts()
