"""What an operator reads who set something wrong."""

from __future__ import annotations

import pytest

from outreach.settings import SettingsError, load


@pytest.mark.parametrize(
    ("name", "value"), [("TWILIO_RATE", "fast"), ("TWILIO_RATE", "-1"), ("SEND_CONCURRENCY", "0"), ("PORT", "99999")]
)
def test_a_wrong_setting_is_named_as_it_is_written(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^OUTREACH_{name}: ") as caught:
        load({f"OUTREACH_{name}": value})
    assert "pydantic" not in str(caught.value)
    assert value not in str(caught.value).removeprefix(f"OUTREACH_{name}")


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)OUTREACH_PORT.*OUTREACH_SEND_CONCURRENCY"):
        load({"OUTREACH_PORT": "x", "OUTREACH_SEND_CONCURRENCY": "x"})
