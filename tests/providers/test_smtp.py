"""E-mail through a real mail server on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as MimeMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from outreach.domain.sending import (
    Found,
    NotSent,
    OutcomeUnknown,
    Reason,
    Rejected,
    Scope,
    SendError,
    WebhookGarbled,
    WebhookInvalid,
)
from outreach.providers import registry
from outreach.providers.smtp_email import SmtpEmail
from outreach.settings import SettingsError
from tests.providers.samples import (
    ATTEMPT,
    DEBTOR_MAIL,
    EMAIL,
    EMAIL_REQUEST,
    NOW,
    late,
    sendgrid_event,
    sendgrid_events,
    settings,
)
from tests.providers.vendor_server import closed_port


class Mailbox:
    """Answers each command as the test says, and keeps the mails."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[MimeMessage] = []

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answers.get("data", "250 OK")


def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"us@er", b"p:ss"), handled=False)


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[str]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=closed_port(), **options)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def adapter(url: str, **more: Any) -> SmtpEmail:
    provider = registry.build(settings(smtp_url=url, **more), now=lambda: NOW)["smtp"]
    assert isinstance(provider, SmtpEmail)
    return provider


def failure(url: str, **more: Any) -> SendError:
    with pytest.raises(SendError) as caught:
        adapter(url, **more).send(EMAIL_REQUEST)
    return caught.value


@contextmanager
def line_server(*lines: bytes) -> Iterator[str]:
    """Says one line for each command, then resets nothing but says no more until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as commands:
                for number, line in enumerate(lines):
                    if number:
                        commands.readline()
                    connection.sendall(line)
                over.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def test_the_mail_arrives_with_both_parts_and_the_attempt_as_its_id() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as host:
        result = adapter(f"smtp://{host}").send(EMAIL_REQUEST)
    (mail,) = mailbox.mails
    assert result.ref == mail["Message-ID"] == f"<{ATTEMPT}@creditor.example>"
    assert (mail["To"], mail["Subject"], mail["Reply-To"]) == (DEBTOR_MAIL, EMAIL.subject, "reply+abc@in.example")
    assert mail["List-Unsubscribe"] == EMAIL.headers["List-Unsubscribe"]
    assert mail["Date"].datetime == NOW
    parts = [(part.get_content_type(), part.get_content().strip()) for part in mail.iter_parts()]
    assert parts == [("text/plain", EMAIL.text), ("text/html", EMAIL.html)]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_from_the_url_is_percent_decoded() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, authenticator=let_in, auth_require_tls=False) as host:
        adapter(f"smtp://us%40er:p%3Ass@{host}").send(EMAIL_REQUEST)
        error = failure(f"smtp://us%40er:wrong@{host}")
    assert len(mailbox.mails) == 1
    assert isinstance(error, Rejected)
    assert (error.scope, error.reason) == (Scope.ACCOUNT, Reason.AUTH)


def test_a_server_without_starttls_gets_nothing() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as host:
        error = failure(f"smtp://{host}?starttls=1")
    assert isinstance(error, Rejected)
    assert error.scope is Scope.ACCOUNT
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("answers", "kind", "scope", "reason"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, Rejected, Scope.RECIPIENT, Reason.INVALID_ADDRESS),
        ({"rcpt": "450 4.2.0 greylisted"}, NotSent, Scope.RECIPIENT, Reason.THROTTLED),
        ({"mail": "553 5.7.1 not yours"}, Rejected, Scope.SENDER, Reason.NOT_REGISTERED),
        ({"mail": "451 4.3.0 later"}, NotSent, Scope.PROVIDER, Reason.PROVIDER_DOWN),
        ({"data": "554 5.7.1 spam"}, Rejected, Scope.CONTENT, Reason.SPAM),
        ({"data": "552 5.3.4 too big"}, Rejected, Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
        ({"data": "421 4.3.2 closing"}, NotSent, Scope.PROVIDER, Reason.PROVIDER_DOWN),
    ],
)
def test_a_reply_code_says_what_it_is_about(
    answers: dict[str, str], kind: type[SendError], scope: Scope, reason: Reason
) -> None:
    with mail_server(Mailbox(**answers)) as host:
        error = failure(f"smtp://{host}")
    assert type(error) is kind
    assert (error.scope, error.reason) == (scope, reason)
    assert "debtor" not in str(error)


def test_a_refused_connection_is_not_sent() -> None:
    assert isinstance(failure(f"smtp://127.0.0.1:{closed_port()}"), NotSent)


def test_a_server_that_does_not_greet_is_not_sent() -> None:
    with line_server() as url:
        assert isinstance(failure(url, provider_timeout=0.2), NotSent)


def test_a_greeting_that_is_none_is_not_sent() -> None:
    with line_server(b"hello?\r\n") as url:
        assert isinstance(failure(url, provider_timeout=0.2), NotSent)


def test_silence_after_the_mail_began_leaves_the_outcome_unknown() -> None:
    with line_server(b"220 hi\r\n", b"250 hi\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n") as url:
        assert isinstance(failure(url, provider_timeout=0.2), OutcomeUnknown)


def test_a_farewell_that_fails_does_not_undo_a_sent_mail() -> None:
    data = [b"354 go\r\n", b"250 OK\r\n"]
    with line_server(b"220 hi\r\n", b"250 hi\r\n", b"250 OK\r\n", b"250 OK\r\n", *data) as url:
        # The mail's own lines count as commands, so all that follows is already answered.
        assert adapter(url, provider_timeout=0.2).send(EMAIL_REQUEST).ref


def test_a_subject_of_two_lines_is_no_second_header() -> None:
    content = replace(EMAIL, subject="Hello\r\nBcc: else@mail.example")
    with mail_server(Mailbox()) as host, pytest.raises(Rejected) as caught:
        adapter(f"smtp://{host}").send(replace(EMAIL_REQUEST, content=content))
    assert caught.value.scope is Scope.CONTENT


def test_a_mail_whose_time_is_over_is_not_sent() -> None:
    with pytest.raises(NotSent) as caught:
        adapter(f"smtp://127.0.0.1:{closed_port()}").send(late(EMAIL_REQUEST))
    assert caught.value.reason is Reason.EXPIRED


def test_a_mail_whose_time_runs_out_while_the_server_greets_is_not_sent() -> None:
    times = iter([NOW, NOW + timedelta(minutes=1)])
    mailbox = Mailbox()
    request = replace(EMAIL_REQUEST, not_after=NOW + timedelta(seconds=30))
    with mail_server(mailbox) as host:
        provider = registry.build(settings(smtp_url=f"smtp://{host}"), now=lambda: next(times))["smtp"]
        with pytest.raises(NotSent) as caught:
            provider.send(request)
    assert caught.value.reason is Reason.EXPIRED
    assert mailbox.mails == []


def test_there_is_nobody_to_ask_and_nobody_who_calls_back() -> None:
    provider = adapter("smtp://127.0.0.1")
    assert provider.find(EMAIL_REQUEST).found is Found.CANNOT_TELL
    with pytest.raises(WebhookInvalid):
        provider.verify(sendgrid_events(sendgrid_event("delivered")))
    with pytest.raises(WebhookGarbled):
        provider.parse(sendgrid_events(sendgrid_event("delivered")))


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "mail.example:25", "smtp://user:s3cret@mail.example:port"]
)
def test_a_url_that_is_no_mail_servers_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="OUTREACH_SMTP_URL") as caught:
        adapter(url)
    assert "s3cret" not in str(caught.value)
