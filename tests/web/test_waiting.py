"""The account's page: why a message waits, until when, and under which rule."""

from __future__ import annotations

from datetime import timedelta

from outreach.flow.deliver import deliver
from tests.flow.house import House
from tests.web.staff import browser


def test_a_message_put_off_says_until_when_and_under_which_rules(street: House) -> None:
    street.account()
    ids = street.run()
    street.clock.advance(timedelta(hours=11))
    deliver(street.app.desk, ids)
    with browser(street) as client:
        page = client.get("/accounts/A-1").text
    for words in (
        "waits until",
        'datetime="2026-12-02T14:00:00+00:00"',
        "<code>house/hours</code>",
        "<code>campaign/send-window</code>",
        "Outside the hours in which the debtor may be contacted",
    ):
        assert words in page


def test_a_message_that_may_leave_now_waits_for_nothing(street: House) -> None:
    street.account()
    street.run()
    with browser(street) as client:
        assert "waits until" not in client.get("/accounts/A-1").text
