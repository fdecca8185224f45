"""E-mail through any mail server: the fallback, and the way out where there is no vendor.

SMTP has no idempotency and nothing to ask afterwards: the Message-ID is the attempt id, so that bounces and
replies name it. A connection that breaks once the transaction has begun leaves the outcome unknown.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage as MimeMessage
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from outreach.domain.message import Channel, EmailMessage
from outreach.domain.sending import (
    Capabilities,
    Finding,
    NotSent,
    OutcomeUnknown,
    Reason,
    Rejected,
    Scope,
    SendError,
    SendRequest,
    SendResult,
)
from outreach.providers.failures import CANNOT_TELL, Clock, Meaning, refuse_when_late
from outreach.providers.webhooks import NoWebhooks
from outreach.settings import Settings, SettingsError

_BUSY = Meaning(Scope.PROVIDER, Reason.PROVIDER_DOWN)

#: What a reply code says, in whichever phase it comes (RFC 5321, 4.2.3).
MEANING_OF_CODE: dict[int, Meaning] = {
    421: _BUSY,
    451: _BUSY,
    530: Meaning(Scope.ACCOUNT, Reason.AUTH),
    535: Meaning(Scope.ACCOUNT, Reason.AUTH),
    552: Meaning(Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
}
_OF_LOGIN = Meaning(Scope.ACCOUNT, Reason.AUTH)
_OF_SENDER = Meaning(Scope.SENDER, Reason.NOT_REGISTERED)
_OF_RECIPIENT = Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS)
_OF_DATA = Meaning(Scope.CONTENT, Reason.SPAM)
_OF_COMMAND = Meaning(Scope.PROVIDER, Reason.OTHER)


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail goes: smtp[s]://user:password@host:port?starttls=1 (the parts of a URL, percent-decoded)."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool

    @classmethod
    def parse(cls, url: str) -> Self:
        """Raises SettingsError; the message does not repeat the URL, which holds the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SettingsError("OUTREACH_SMTP_URL is not a URL: write smtp://user:password@host:587") from error
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise SettingsError("OUTREACH_SMTP_URL must be smtp[s]://user:password@host:port[?starttls=1]")
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[0] == "1"
        default_port = 465 if tls else 587 if starttls else 25
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or default_port, user, password, tls=tls, starttls=starttls)


class SmtpEmail(NoWebhooks):
    """The provider `smtp`."""

    name = "smtp"
    channel = Channel.EMAIL
    capabilities = Capabilities(can_find=False, signs_webhooks=False)

    def __init__(self, settings: Settings, now: Clock) -> None:
        self._server = Server.parse(settings.smtp_url.get_secret_value())
        self._timeout = settings.provider_timeout
        self._now = now

    def send(self, request: SendRequest) -> SendResult:
        """One connection, one mail."""
        now = self._now()
        refuse_when_late(request, now)
        try:
            mail = _mime(request)
            mail["Date"] = format_datetime(now)
        except ValueError as error:
            raise Rejected(Scope.CONTENT, Reason.CONTENT_INVALID, detail="a header cannot be written") from error
        with self._connected() as connection:
            refuse_when_late(request, self._now())  # a server may be slow to greet
            try:
                connection.send_message(mail)
            except (smtplib.SMTPException, OSError) as error:
                raise _failure(error) from error
        return SendResult(str(mail["Message-ID"]))

    def find(self, request: SendRequest) -> Finding:  # noqa: ARG002 - there is nobody to ask
        """A mail server does not say what it took."""
        return CANNOT_TELL

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for a mail. Nothing that fails until then has sent anything."""
        try:
            connection = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise _unconnected(error) from error
        try:
            yield connection
        finally:
            # The answer to DATA has decided; how the connection ends says nothing any more.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        kind = smtplib.SMTP_SSL if server.tls else smtplib.SMTP
        connection = kind(server.host, server.port, timeout=self._timeout)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
        return connection


def configured(settings: Settings, now: Clock) -> SmtpEmail | None:
    """The provider, when a server is set. Raises SettingsError when its URL is none."""
    return SmtpEmail(settings, now) if settings.smtp_url.get_secret_value() else None


def _mime(request: SendRequest) -> MimeMessage:
    assert isinstance(request.content, EmailMessage)
    mail = MimeMessage()
    domain = parseaddr(str(request.sender))[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{request.attempt_id}@{domain}>"
    mail["From"], mail["To"], mail["Subject"] = str(request.sender), str(request.to), request.content.subject
    if request.reply_to:
        mail["Reply-To"] = request.reply_to
    for name, value in request.content.headers.items():
        mail[name] = value
    mail.set_content(request.content.text)
    mail.add_alternative(request.content.html, subtype="html")
    return mail


def _unconnected(error: Exception) -> SendError:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Rejected(Scope.ACCOUNT, Reason.AUTH, detail="the server lacks STARTTLS or AUTH")
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        return _refused(error.smtp_code, _OF_LOGIN)
    return NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__)


def _failure(error: Exception) -> SendError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, _ = next(iter(error.recipients.values()))
        return _refused(code, _OF_RECIPIENT)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _refused(error.smtp_code, _OF_SENDER)
    if isinstance(error, smtplib.SMTPDataError):
        return _refused(error.smtp_code, _OF_DATA)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, _OF_COMMAND)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Rejected(Scope.PROVIDER, Reason.OTHER, detail="the server lacks SMTPUTF8")
    return OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__)


def _refused(code: int, of_phase: Meaning) -> SendError:
    """A 4xx passes, a 5xx stays; a code that is neither (a cut line) says nothing."""
    meaning = MEANING_OF_CODE.get(code, of_phase)
    if 400 <= code < 500:
        return NotSent(meaning.scope, Reason.THROTTLED if meaning is of_phase else meaning.reason, code=str(code))
    if 500 <= code < 600:
        return Rejected(meaning.scope, meaning.reason, code=str(code))
    return OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, code=str(code))
