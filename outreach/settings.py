"""Environment -> one frozen Settings.

Every setting is OUTREACH_<NAME>; its value may come from a file named by OUTREACH_<NAME>_FILE.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach.domain.destination import networks

PREFIX = "OUTREACH_"


class SettingsError(Exception):
    """The environment does not make a system that may run; the message names the setting and the remedy."""


class Settings(BaseSettings):
    """All that an operator may set. URLs have no trailing slash."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = "sqlite:///outreach.db"
    broker_url: str = ""
    public_url: str = ""
    schedules: Path = Path("schedules")
    templates: Path = Path("templates")
    #: Packs of the house's own, beside those that come with the program.
    policies: Path | None = None
    secret_key: SecretStr = SecretStr("")

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_from: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_api_base: str = "https://api.twilio.com"

    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_api_base: str = "https://api.sendgrid.com"
    sendgrid_from: str = ""
    sendgrid_webhook_public_key: str = ""
    #: Domain of the inbound parse address; replies go to reply+<notice id>@<domain>.
    sendgrid_inbound_domain: str = ""

    lob_api_key: SecretStr = SecretStr("")
    lob_api_base: str = "https://api.lob.com"
    lob_webhook_secret: SecretStr = SecretStr("")

    smtp_url: SecretStr = SecretStr("")
    print_spool: Path | None = None

    #: Which provider serves a channel when several are configured; empty means the first configured one.
    sms_provider: str = ""
    email_provider: str = ""
    letter_provider: str = ""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    sandbox_port: int = Field(default=8001, ge=1, le=65535)
    #: Concurrent HTTP calls to one provider per process, and attempts that are begun in one transaction.
    send_concurrency: int = Field(default=64, ge=1, le=256)
    #: Seconds that a provider may take to answer. What a dead worker held is taken up again three seconds later.
    provider_timeout: float = Field(default=8.0, gt=0)
    #: Messages a second that the whole house may send through a provider; 0 or empty: as many as it takes.
    twilio_rate: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    sendgrid_rate: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    lob_rate: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    smtp_rate: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    #: Days for which the link to a debtor's page opens it, from the day of the message.
    page_link_days: int = Field(default=30, ge=1, le=365)
    #: The house's name on a debtor's page until the debtor has said who he or she is; a debt is no part of it.
    page_name: str = ""
    #: Lets other machines read /metrics; empty: only this one may.
    metrics_token: SecretStr = SecretStr("")
    #: Networks of the house's own that outcome events may be sent into, such as 10.1.0.0/16; empty: public ones only.
    webhook_networks: str = ""
    log_level: str = "INFO"

    @field_validator("policies", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("twilio_rate", "sendgrid_rate", "lob_rate", "smtp_rate", mode="before")
    @classmethod
    def _empty_is_no_limit(cls, value: object) -> object:
        return 0.0 if value == "" else value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            networks(value)
        except ValueError as error:
            raise ValueError("no list of networks: write 10.1.0.0/16, or several with commas between") from error
        return value

    @property
    def rates(self) -> dict[str, float]:
        """Messages a second by provider, for those that have a limit."""
        rates = {
            "twilio": self.twilio_rate,
            "sendgrid": self.sendgrid_rate,
            "lob": self.lob_rate,
            "smtp": self.smtp_rate,
        }
        return {provider: rate for provider, rate in rates.items() if rate}

    @model_validator(mode="after")
    def _webhooks_are_signed(self) -> Self:
        missing = self.missing_webhook_secrets() if self.public_url else []
        if missing:
            names = ", ".join(PREFIX + name.upper() for name in missing)
            raise ValueError(
                f"OUTREACH_PUBLIC_URL is set, so webhooks are accepted, but {names} is missing: "
                "set it (or its _FILE), or unset the provider it belongs to"
            )
        return self

    def missing_webhook_secrets(self) -> list[str]:
        """Names of the webhook secrets that configured providers need and that are not set."""
        needed = {
            "twilio_auth_token": bool(self.twilio_account_sid) and not self.twilio_auth_token.get_secret_value(),
            "sendgrid_webhook_public_key": bool(self.sendgrid_api_key.get_secret_value())
            and not self.sendgrid_webhook_public_key,
            "lob_webhook_secret": bool(self.lob_api_key.get_secret_value())
            and not self.lob_webhook_secret.get_secret_value(),
        }
        return [name for name, is_missing in needed.items() if is_missing]


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from `environ` (default: the process's), with `*_FILE` read. Raises SettingsError."""
    env = dict(os.environ if environ is None else environ)
    values: dict[str, object] = {}
    for name in Settings.model_fields:
        value, path = env.get(PREFIX + name.upper()), env.get(f"{PREFIX}{name.upper()}_FILE")
        if value is not None and path is not None:
            raise SettingsError(f"both {PREFIX}{name.upper()} and its _FILE are set: keep one")
        if path is not None:
            value = _read_secret(name, path)
        if value is not None:
            values[name] = value
    try:
        return Settings(**{**values, **overrides})
    except ValidationError as error:
        raise SettingsError("\n".join(_said(one) for one in error.errors(include_url=False))) from error


def _said(one: ErrorDetails) -> str:
    """One mistake by the name of its setting. The value stays unsaid: it may be a secret."""
    message = one["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{str(one['loc'][0]).upper()}: {message[:1].lower()}{message[1:]}" if one["loc"] else message


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise SettingsError(f"{PREFIX}{name.upper()}_FILE={path}: {error.strerror}") from error
