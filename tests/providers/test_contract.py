"""What every provider that speaks HTTP must do, asked of each over real sockets."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from outreach.domain.event import EventKind
from outreach.domain.sending import (
    Found,
    NotSent,
    OutcomeUnknown,
    Provider,
    Reason,
    Rejected,
    Scope,
    SendError,
    WebhookGarbled,
    WebhookInvalid,
)
from outreach.providers import registry
from tests.providers.cases import CASES, Case
from tests.providers.samples import ATTEMPT, NOW, late, settings
from tests.providers.vendor_server import Answer, CutOff, Reset, Silence, VendorServer, closed_port


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def provider(case: Case, server: VendorServer) -> Provider:
    return registry.build(settings(server.url), now=lambda: NOW)[case.name]


def failure(provider: Provider, case: Case) -> SendError:
    with pytest.raises(SendError) as caught:
        provider.send(case.request)
    return caught.value


def test_a_sent_message_has_the_vendors_reference(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(case.taken)
    result = provider.send(case.request)
    assert result.ref == case.ref
    assert result.kind in {EventKind.ACCEPTED, EventKind.QUEUED}


def test_the_attempt_id_travels_with_the_call(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(case.taken)
    provider.send(case.request)
    assert ATTEMPT.encode() in server.asked[0].body


def test_a_send_is_one_call_whatever_comes_of_it(provider: Provider, case: Case, server: VendorServer) -> None:
    for answer in (case.taken, Answer(500), Answer(503), Answer(302, headers={"Location": "/elsewhere"})):
        server.will(answer)
        calls = len(server.asked)
        with suppress(OutcomeUnknown):
            provider.send(case.request)
        assert len(server.asked) == calls + 1


def test_connections_are_kept(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(case.taken, case.taken, case.taken)
    for _ in range(3):
        provider.send(case.request)
    assert len({asked.client_port for asked in server.asked}) == 1


def test_a_refused_connection_is_not_sent(case: Case) -> None:
    provider = registry.build(settings(f"http://127.0.0.1:{closed_port()}"))[case.name]
    error = failure(provider, case)
    assert isinstance(error, NotSent)
    assert error.scope is Scope.PROVIDER


def test_an_unknown_host_is_not_sent(case: Case) -> None:
    provider = registry.build(settings("http://nowhere.invalid"))[case.name]
    assert isinstance(failure(provider, case), NotSent)


def test_silence_leaves_the_outcome_unknown(case: Case, server: VendorServer) -> None:
    provider = registry.build(settings(server.url, provider_timeout=0.2), now=lambda: NOW)[case.name]
    server.will(Silence())
    assert isinstance(failure(provider, case), OutcomeUnknown)


@pytest.mark.parametrize("answer", [Reset(), CutOff()], ids=["reset", "cut off"])
def test_a_broken_answer_leaves_the_outcome_unknown(
    provider: Provider, case: Case, server: VendorServer, answer: Reset | CutOff
) -> None:
    server.will(answer)
    assert isinstance(failure(provider, case), OutcomeUnknown)


@pytest.mark.parametrize("status", [302, 500, 502, 503, 504])
def test_a_status_that_is_no_refusal_leaves_the_outcome_unknown(
    provider: Provider, case: Case, server: VendorServer, status: int
) -> None:
    server.will(Answer(status, b"<html>Bad gateway</html>"))
    error = failure(provider, case)
    assert isinstance(error, OutcomeUnknown)
    assert error.http == status


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"", b"[]", b"null", b"{}", b'"yes"'])
def test_a_success_that_is_not_the_vendors_leaves_the_outcome_unknown(
    provider: Provider, case: Case, server: VendorServer, body: bytes
) -> None:
    server.will(Answer(200, body))
    assert isinstance(failure(provider, case), OutcomeUnknown)


def test_a_throttled_call_is_not_sent_and_says_when(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(Answer(429, b"slow down", {"Retry-After": "7"}))
    error = failure(provider, case)
    assert isinstance(error, NotSent)
    assert (error.reason, error.retry_after) == (Reason.THROTTLED, 7.0)


def test_a_wrong_key_is_the_accounts_fault(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(Answer(401, b"{}"))
    error = failure(provider, case)
    assert isinstance(error, Rejected)
    assert (error.scope, error.reason) == (Scope.ACCOUNT, Reason.AUTH)


def test_an_error_holds_nothing_of_the_debtor(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(Reset(), Answer(400, {"message": "+12125550123 debtor@mail.example Sample Debtor", "code": 1}))
    for _ in range(2):
        text = str(failure(provider, case))
        assert "5550123" not in text
        assert "debtor" not in text.lower()


def test_a_message_whose_time_is_over_is_not_sent(provider: Provider, case: Case, server: VendorServer) -> None:
    with pytest.raises(NotSent) as caught:
        provider.send(late(case.request))
    assert caught.value.reason is Reason.EXPIRED
    assert server.asked == []


def test_find_sees_a_message_that_arrived(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(*case.has)
    finding = provider.find(case.request)
    assert (finding.found, finding.ref) == (Found.YES, case.ref)


def test_find_says_no_when_the_vendor_has_none(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(*case.has_not)
    assert provider.find(case.request).found is Found.NO


@pytest.mark.parametrize(
    "answer",
    [Answer(500), Answer(403), Answer(429), Answer(200, b"<html>"), Answer(200, b"{}"), Reset()],
    ids=["500", "403", "429", "html", "empty", "reset"],
)
def test_find_does_not_guess(provider: Provider, case: Case, server: VendorServer, answer: Answer | Reset) -> None:
    server.will(answer)
    assert provider.find(case.request).found is Found.CANNOT_TELL


def test_find_never_sends(provider: Provider, case: Case, server: VendorServer) -> None:
    server.will(*case.has)
    provider.find(case.request)
    assert all(asked.method == "GET" or asked.path == "/v3/logs" for asked in server.asked)


def test_a_signed_webhook_is_taken(provider: Provider, case: Case) -> None:
    provider.verify(case.says(case.delivered))


def test_a_webhook_without_a_signature_is_refused(provider: Provider, case: Case) -> None:
    webhook = case.says(case.delivered)
    headers = {name: value for name, value in webhook.headers.items() if name != case.signature_header}
    with pytest.raises(WebhookInvalid):
        provider.verify(replace(webhook, headers=headers))


@pytest.mark.parametrize("signature", ["", "x", "AAAA", "\xe9", "0" * 64, "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
def test_a_webhook_with_a_wrong_signature_is_refused(provider: Provider, case: Case, signature: str) -> None:
    webhook = case.says(case.delivered)
    with pytest.raises(WebhookInvalid):
        provider.verify(replace(webhook, headers={**webhook.headers, case.signature_header: signature}))


@pytest.mark.parametrize("change", [b" ", b"&x=", b"\xff", b"\r\n"])
def test_a_webhook_whose_body_was_changed_is_refused(provider: Provider, case: Case, change: bytes) -> None:
    webhook = case.says(case.delivered)
    with pytest.raises(WebhookInvalid):
        provider.verify(replace(webhook, body=webhook.body + change))


def test_a_delivery_names_the_attempt_and_the_vendors_word(provider: Provider, case: Case) -> None:
    (event,) = provider.parse(case.says(case.delivered)).events
    assert (event.kind, event.word, event.attempt_id) == (EventKind.DELIVERED, case.delivered, ATTEMPT)
    assert event.ref == case.ref
    assert event.event_id


def test_the_same_news_has_the_same_id_and_other_news_another(provider: Provider, case: Case) -> None:
    ids = [provider.parse(case.says(case.delivered)).events[0].event_id for _ in range(2)]
    assert ids[0] == ids[1]


def test_a_word_that_nobody_knows_is_kept_as_unknown(provider: Provider, case: Case) -> None:
    (event,) = provider.parse(case.says("abducted_by_aliens")).events
    assert (event.kind, event.word) == (EventKind.UNKNOWN, "abducted_by_aliens")


@pytest.mark.parametrize("body", [b"", b"not of this world", b"\xff\xfe\x00", b"{", b"[1]", b"null", b'{"a": 1}'])
def test_a_body_that_cannot_be_read_is_garbled(provider: Provider, case: Case, body: bytes) -> None:
    with pytest.raises(WebhookGarbled):
        provider.parse(case.signs(body))
