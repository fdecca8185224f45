"""Lob's own ways."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from python_multipart import parse_form

from outreach.domain.event import EventKind
from outreach.domain.sending import NotSent, Reason, Rejected, Scope, WebhookInvalid
from outreach.providers import registry
from outreach.providers.lob_letter import LobLetter
from tests.providers.samples import ATTEMPT, LETTER_REQUEST, NOW, PDF, lob_event, lob_webhook, settings
from tests.providers.vendor_server import Answer, Asked, VendorServer


def adapter(server: VendorServer) -> LobLetter:
    provider = registry.build(settings(server.url), now=lambda: NOW)["lob"]
    assert isinstance(provider, LobLetter)
    return provider


def form_of(asked: Asked) -> tuple[dict[str, str], dict[str, bytes]]:
    """The fields and the files of a multipart request."""
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def keep(field: object) -> None:
        fields[field.field_name.decode()] = field.value.decode()  # type: ignore[attr-defined]

    def keep_file(file: object) -> None:
        file.file_object.seek(0)  # type: ignore[attr-defined]
        files[file.field_name.decode()] = file.file_object.read()  # type: ignore[attr-defined]
        file.close()  # type: ignore[attr-defined]

    parse_form({"Content-Type": asked.headers["content-type"].encode()}, BytesIO(asked.body), keep, keep_file)
    return fields, files


def test_the_letter_goes_with_its_pdf_its_addresses_and_its_key(server: VendorServer) -> None:
    server.will(Answer(200, {"id": "ltr_1"}))
    adapter(server).send(LETTER_REQUEST)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.headers["idempotency-key"]) == ("POST", "/v1/letters", ATTEMPT)
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == b"test_sample:"
    fields, files = form_of(asked)
    assert files == {"file": PDF}
    assert fields == {
        "to[name]": "Sample Debtor",
        "to[address_line1]": "1 Sample Street",
        "to[address_city]": "New York",
        "to[address_state]": "NY",
        "to[address_zip]": "10001",
        "to[address_country]": "US",
        "from[name]": "Sample Creditor",
        "from[address_line1]": "2 Sample Avenue",
        "from[address_line2]": "Floor 3",
        "from[address_city]": "Albany",
        "from[address_state]": "NY",
        "from[address_zip]": "12207",
        "from[address_country]": "US",
        "color": "false",
        "use_type": "operational",
        "address_placement": "insert_blank_page",
        "metadata[attempt_id]": ATTEMPT,
    }


@pytest.mark.parametrize(
    ("code", "scope", "reason"),
    [
        ("UNEMBEDDED_FONTS", Scope.CONTENT, Reason.CONTENT_INVALID),
        ("file_size_exceeds_limit", Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
        ("failed_deliverability_strictness", Scope.RECIPIENT, Reason.INVALID_ADDRESS),
        ("PAYMENT_METHOD_UNVERIFIED", Scope.ACCOUNT, Reason.QUOTA),
        ("of_a_new_kind", Scope.CONTENT, Reason.CONTENT_INVALID),
    ],
)
def test_an_error_code_says_what_it_is_about(server: VendorServer, code: str, scope: Scope, reason: Reason) -> None:
    server.will(Answer(422, {"error": {"message": "as Lob says", "status_code": 422, "code": code}}))
    with pytest.raises(Rejected) as caught:
        adapter(server).send(LETTER_REQUEST)
    assert (caught.value.scope, caught.value.reason, caught.value.code) == (scope, reason, code)


@pytest.mark.parametrize("name", ["ratelimit-reset", "X-Rate-Limit-Reset"])
def test_the_rate_limit_says_when(server: VendorServer, name: str) -> None:
    server.will(Answer(429, {"error": {"code": "rate_limit_exceeded"}}, {name: "5"}))
    with pytest.raises(NotSent) as caught:
        adapter(server).send(LETTER_REQUEST)
    assert caught.value.retry_after == 5.0


def test_find_asks_by_metadata(server: VendorServer) -> None:
    server.will(Answer(200, {"data": [], "object": "list"}))
    adapter(server).find(LETTER_REQUEST)
    assert parse_qs(urlsplit(server.asked[0].path).query)["metadata[attempt_id]"] == [ATTEMPT]


def test_an_unknown_outcome_may_be_sent_again(server: VendorServer) -> None:
    assert adapter(server).capabilities.idempotent


@pytest.mark.parametrize(
    ("age", "is_taken"), [(timedelta(hours=24), True), (timedelta(hours=25), False), (timedelta(minutes=-11), False)]
)
def test_a_webhook_may_be_a_day_late_but_not_more(server: VendorServer, age: timedelta, *, is_taken: bool) -> None:
    webhook = lob_event("letter.mailed", at=NOW - age)
    if is_taken:
        adapter(server).verify(webhook)
        return
    with pytest.raises(WebhookInvalid):
        adapter(server).verify(webhook)


def test_without_a_secret_nothing_is_taken(server: VendorServer) -> None:
    provider = registry.build(settings(server.url, public_url="", lob_webhook_secret=""))["lob"]
    with pytest.raises(WebhookInvalid):
        provider.verify(lob_event("letter.mailed"))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("letter.created", EventKind.ACCEPTED),
        ("letter.rendered_pdf", EventKind.ACCEPTED),
        ("letter.rendered_thumbnails", EventKind.ACCEPTED),
        ("letter.rejected", EventKind.REJECTED),
        ("letter.failed", EventKind.FAILED),
        ("letter.deleted", EventKind.FAILED),
        ("letter.mailed", EventKind.SENT),
        ("letter.in_transit", EventKind.IN_TRANSIT),
        ("letter.in_local_area", EventKind.IN_TRANSIT),
        ("letter.processed_for_delivery", EventKind.IN_TRANSIT),
        ("letter.international_exit", EventKind.IN_TRANSIT),
        ("letter.re-routed", EventKind.DEFERRED),
        ("letter.delivered", EventKind.DELIVERED),
        ("letter.returned_to_sender", EventKind.RETURNED),
        ("letter.viewed", EventKind.READ),
        ("letter.certified.mailed", EventKind.SENT),
        ("letter.certified.delivered", EventKind.DELIVERED),
        ("letter.certified.pickup_available", EventKind.DEFERRED),
        ("letter.certified.issue", EventKind.FAILED),
        ("letter.certified.returned_to_sender", EventKind.RETURNED),
        ("postcard.delivered", EventKind.UNKNOWN),
    ],
)
def test_every_event_has_a_kind(server: VendorServer, word: str, kind: EventKind) -> None:
    (event,) = adapter(server).parse(lob_event(word)).events
    assert (event.kind, event.attempt_id, event.event_id) == (kind, ATTEMPT, "evt_0000000000000001")
    assert event.occurred_at == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    assert event.permanent is (True if kind is EventKind.RETURNED else None)


def test_an_event_with_nothing_in_it_is_still_kept(server: VendorServer) -> None:
    (event,) = adapter(server).parse(lob_webhook(b'{"event_type": {}, "body": "x", "date_created": "soon"}')).events
    assert (event.kind, event.attempt_id, event.occurred_at) == (EventKind.UNKNOWN, None, None)
    assert event.event_id
