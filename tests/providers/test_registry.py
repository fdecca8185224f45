"""Which providers there are, and which goes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.domain.message import Channel
from outreach.providers.registry import PROVIDERS, build, for_channel
from outreach.settings import Settings, SettingsError
from tests.providers.samples import settings


def test_nothing_is_built_that_is_not_configured() -> None:
    assert build(Settings()) == {}


def test_every_provider_bears_its_name_in_the_table(tmp_path: Path) -> None:
    built = build(settings(smtp_url="smtp://mail.example", print_spool=tmp_path))
    assert list(built) == list(PROVIDERS)
    assert all(provider.name == name for name, provider in built.items())


def test_the_table_gives_the_order(tmp_path: Path) -> None:
    chosen = settings(smtp_url="smtp://mail.example", print_spool=tmp_path)
    built = build(chosen)
    assert [provider.name for provider in for_channel(built, Channel.SMS, chosen)] == ["twilio"]
    assert [provider.name for provider in for_channel(built, Channel.EMAIL, chosen)] == ["sendgrid", "smtp"]
    assert [provider.name for provider in for_channel(built, Channel.LETTER, chosen)] == ["print_spool", "lob"]
    assert for_channel(built, Channel.CALL, chosen) == []


def test_the_settings_prefer(tmp_path: Path) -> None:
    chosen = settings(
        smtp_url="smtp://mail.example", print_spool=tmp_path, email_provider="smtp", letter_provider="lob"
    )
    built = build(chosen)
    assert [provider.name for provider in for_channel(built, Channel.EMAIL, chosen)] == ["smtp", "sendgrid"]
    assert [provider.name for provider in for_channel(built, Channel.LETTER, chosen)] == ["lob", "print_spool"]


@pytest.mark.parametrize("preferred", ["smtp", "twilio", "nobody"])
def test_a_preferred_provider_that_is_not_there_stops_the_start(preferred: str) -> None:
    with pytest.raises(SettingsError, match=f"OUTREACH_EMAIL_PROVIDER={preferred}"):
        build(settings(email_provider=preferred))


def test_twilio_without_a_sender_is_not_configured() -> None:
    assert "twilio" not in build(settings(twilio_from=""))
