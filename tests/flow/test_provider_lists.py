"""The providers' own lists follow what debtors say."""

from __future__ import annotations

from outreach.flow import consent
from outreach.flow.provider_lists import tell_providers
from tests.flow.agreeing import EMAIL
from tests.flow.house import House

MAILBOX = "ada@debtor.example"


def stop(home: House) -> None:
    with home.engine.begin() as connection:
        consent.stop(connection, EMAIL, MAILBOX, home.clock.now(), "call")


def start(home: House) -> None:
    with home.engine.begin() as connection:
        consent.start_again(connection, EMAIL, MAILBOX, home.clock.now(), home.clock.now(), "start")


def test_a_stop_is_told_to_the_provider_once(home: House) -> None:
    home.account()
    stop(home)
    assert tell_providers(home.app.desk) == 1
    assert tell_providers(home.app.desk) == 0


def test_who_starts_again_is_taken_off_the_providers_list(home: House) -> None:
    home.account(phone="")
    stop(home)
    tell_providers(home.app.desk)
    start(home)
    assert tell_providers(home.app.desk) == 1
    home.deliver()
    assert home.states() == {"reminder email": "sent"}


def test_an_address_that_several_debtors_have_is_told_of_for_all(home: House) -> None:
    home.account("A-1")
    home.account("A-2")
    stop(home)
    tell_providers(home.app.desk)
    assert tell_providers(home.app.desk) == 0


def test_a_provider_that_is_away_is_told_later(home: House) -> None:
    home.account()
    stop(home)
    provider = home.app.providers["sendgrid"]
    here, provider._base = provider._base, "http://127.0.0.1:9"  # type: ignore[attr-defined]
    assert tell_providers(home.app.desk) == 0
    provider._base = here  # type: ignore[attr-defined]
    assert tell_providers(home.app.desk) == 1
