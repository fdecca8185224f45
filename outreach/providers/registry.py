"""All providers: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.domain.sending import Provider
from outreach.providers import lob_letter, print_spool, sendgrid_email, smtp_email, twilio_sms
from outreach.providers.failures import Clock, utc_now
from outreach.settings import Settings, SettingsError

#: Makes a provider of the settings and a clock; None when the settings do not configure it.
Factory = Callable[[Settings, Clock], Provider | None]

#: Name -> factory. Where the settings name no provider for a channel, the order is the preference.
PROVIDERS: dict[str, Factory] = {
    "twilio": twilio_sms.configured,
    "sendgrid": sendgrid_email.configured,
    "smtp": smtp_email.configured,
    "print_spool": print_spool.configured,
    "lob": lob_letter.configured,
}


def build(settings: Settings, *, now: Clock = utc_now) -> dict[str, Provider]:
    """The configured providers by name. `now` tells the time at which a request leaves.

    Raises SettingsError when one is configured wrongly, or when a channel's preferred provider is not there.
    """
    made = ((name, factory(settings, now)) for name, factory in PROVIDERS.items())
    providers = {name: provider for name, provider in made if provider is not None}
    for channel in SENT_CHANNELS:
        preferred = _preferred(channel, settings)
        able = [provider.name for provider in for_channel(providers, channel, settings)]
        if preferred and preferred not in able:
            raise SettingsError(
                f"OUTREACH_{channel.value.upper()}_PROVIDER={preferred}, but the providers configured for "
                f"{channel.value} are: {', '.join(able) or 'none'}. Choose one of them, or configure {preferred}"
            )
    return providers


def for_channel(providers: Mapping[str, Provider], channel: Channel, settings: Settings) -> list[Provider]:
    """The providers of a channel: the one that the settings prefer first, the others as the table orders them."""
    able = [provider for provider in providers.values() if provider.channel is channel]
    preferred = _preferred(channel, settings)
    return sorted(able, key=lambda provider: provider.name != preferred)


def _preferred(channel: Channel, settings: Settings) -> str:
    names = {
        Channel.SMS: settings.sms_provider,
        Channel.EMAIL: settings.email_provider,
        Channel.LETTER: settings.letter_provider,
    }
    return names.get(channel, "")
