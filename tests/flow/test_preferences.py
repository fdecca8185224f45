"""What a debtor asks for holds at once, for all accounts, until asked otherwise."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import select

from outreach.domain.campaign import SendWindow
from outreach.domain.preference import PreferenceChange
from outreach.domain.standing import Medium, Place, Preferences
from outreach.flow import preferences
from outreach.flow.deliver import deliver
from outreach.store.outbox import timeline
from tests.flow.agreeing import facts
from tests.flow.house import House

EVENINGS = SendWindow(frozenset(range(1, 8)), time(17), time(19), holidays=True)


def ask(home: House, wished: PreferenceChange) -> bool:
    debtor_id = facts(home).debtor.id
    with home.engine.begin() as connection:
        return preferences.change(connection, debtor_id, wished, "reply", home.clock.now())


def test_a_medium_that_the_debtor_does_not_want_is_not_used(home: House) -> None:
    home.account()
    ids = home.run()
    assert ask(home, PreferenceChange(media_off=frozenset({Medium.SMS})))
    deliver(home.app.desk, ids)
    assert home.states()["reminder sms"] == "suppressed"


def test_wishes_add_up_until_they_are_taken_back(home: House) -> None:
    home.account()
    ask(home, PreferenceChange(media_off=frozenset({Medium.SMS}), places_off=frozenset({Place.WORK})))
    ask(home, PreferenceChange(hours=(EVENINGS,)))
    ask(home, PreferenceChange(media_on=frozenset({Medium.SMS})))
    assert facts(home).debtor.preferences == Preferences(frozenset(), frozenset({Place.WORK}), (EVENINGS,))
    ask(home, PreferenceChange(hours=(), places_on=frozenset({Place.WORK})))
    assert facts(home).debtor.preferences == Preferences()


def test_outside_the_hours_that_the_debtor_asked_for_nothing_is_sent(home: House) -> None:
    home.account()
    ids = home.run()
    ask(home, PreferenceChange(hours=(EVENINGS,)))
    deliver(home.app.desk, ids)
    assert home.states() == {"reminder sms": "planned"}
    home.clock.advance(timedelta(hours=6, minutes=30))
    home.deliver()
    assert home.states() == {"reminder sms": "sent"}


def test_the_language_changes_with_the_next_message(home: House) -> None:
    home.account()
    ask(home, PreferenceChange(language="es"))
    assert facts(home).debtor.language == "es"


def test_what_changes_nothing_is_not_told(home: House) -> None:
    home.account()
    wished = PreferenceChange(language="es", hours=(EVENINGS,))
    assert ask(home, wished)
    assert not ask(home, wished)
    with home.engine.connect() as connection:
        told = connection.execute(select(timeline.c.kind, timeline.c.data)).all()
    assert [tuple(row) for row in told] == [
        ("preference_changed", {"hours": ["17:00-19:00"], "language": "es", "source": "reply"})
    ]
