"""Whatever a signed body holds, every event of it becomes a row that both databases can keep."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.sending import Parsed, Provider, RawWebhook, WebhookGarbled, WebhookInvalid
from outreach.flow.receive import as_rows
from outreach.providers.lob_letter import LobLetter
from outreach.providers.sendgrid_email import SendgridEmail
from outreach.providers.twilio_sms import TwilioSms
from outreach.store.inbox import LONGEST_EVENT_ID, event_from_payload, message_from_payload
from tests.web.conftest import NOW, PUBLIC_URL, make_settings

few = settings(max_examples=60, deadline=None)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
words = st.sampled_from(["delivered", "bounce", "dropped", "cancel_drop", "open", "spamreport", "processed"])
sendgrid_names = ["event", "email", "timestamp", "sg_event_id", "sg_message_id", "outreach_attempt", "type", "reason"]
sendgrid_names += ["status", "bounce_classification"]
mail_event = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(sendgrid_names, json_values) | {"event": words | json_values}
)
lob_event = st.fixed_dictionaries(
    {"event_type": st.dictionaries(st.sampled_from(["id", "resource"]), json_values)},
    optional={"id": json_values, "date_created": json_values, "body": json_values, "reference_id": json_values},
)
mail_names = st.sampled_from(
    ["from", "to", "subject", "text", "html", "headers", "envelope", "charsets", "attachment1"]
)
charsets = st.sampled_from(
    [b'{"text": "utf-7"}', b'{"text": "idna"}', b'{"text": "\\u0000"}', b'{"text": "hex"}', b"[]"]
)
mail_form = st.dictionaries(mail_names, st.binary(max_size=60) | charsets)


@pytest.fixture(scope="module", params=[SendgridEmail, LobLetter, TwilioSms])
def provider(request: pytest.FixtureRequest) -> Provider:
    kind: type[SendgridEmail | LobLetter | TwilioSms] = request.param
    return kind(make_settings(), lambda: NOW)


def webhook(body: bytes, path: str, content_type: str = "application/json") -> RawWebhook:
    return RawWebhook(f"{PUBLIC_URL}{path}", {"content-type": content_type}, body, NOW)


def check(parsed: Parsed) -> None:
    """Each becomes a row of its own, and is read back as far as the databases can keep it."""
    rows = as_rows("vendor", parsed, NOW, NOW)
    assert len(rows) == len(parsed.events) + len(parsed.messages)
    for row in rows:
        assert 0 < len(row.event_id) <= LONGEST_EVENT_ID
        assert "\x00" not in "".join(map(str, orjson.loads(row.payload).values()))
        read: Any = event_from_payload if row.kind == "status" else message_from_payload
        assert read(orjson.loads(row.payload)) is not None


@few
@given(st.lists(mail_event, max_size=4))
def test_any_event_of_sendgrid_becomes_a_row(events: list[dict[str, Any]]) -> None:
    sendgrid = SendgridEmail(make_settings(), lambda: NOW)
    parsed = sendgrid.parse(webhook(orjson.dumps(events), "/webhooks/sendgrid/events"))
    assert len(parsed.events) == len(events)
    check(parsed)


@few
@given(lob_event)
def test_any_event_of_lob_becomes_a_row(event: dict[str, Any]) -> None:
    check(LobLetter(make_settings(), lambda: NOW).parse(webhook(orjson.dumps(event), "/webhooks/lob")))


@few
@given(st.binary(max_size=300) | json_values.map(orjson.dumps), st.sampled_from(["", "/inbound"]), st.text(max_size=20))
def test_any_bytes_are_rows_or_garbled(provider: Provider, body: bytes, end: str, content_type: str) -> None:
    try:
        parsed = provider.parse(webhook(body, f"/webhooks/{provider.name}{end}", content_type))
    except WebhookGarbled:
        return
    check(parsed)


@few
@given(st.binary(max_size=300), st.text(max_size=80), st.text("0123456789-+.e _", max_size=30), st.text(max_size=40))
def test_any_stranger_is_refused(provider: Provider, body: bytes, signature: str, timestamp: str, query: str) -> None:
    names = ["x-twilio-signature", "x-twilio-email-event-webhook-signature", "lob-signature"]
    headers = dict.fromkeys(names, signature.encode("latin-1", "replace").decode("latin-1"))
    headers |= {"x-twilio-email-event-webhook-timestamp": timestamp, "lob-signature-timestamp": timestamp}
    stranger = RawWebhook(f"{PUBLIC_URL}/webhooks/{provider.name}/status?bodySHA256={query}", headers, body, NOW)
    with pytest.raises(WebhookInvalid):
        provider.verify(stranger)


@few
@given(mail_form)
def test_any_mail_is_a_row_or_garbled(fields: dict[str, bytes]) -> None:
    parts = [
        b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    body = b"".join([*parts, b"--cut--\r\n"])
    sendgrid = SendgridEmail(make_settings(), lambda: NOW)
    try:
        check(sendgrid.parse(webhook(body, "/webhooks/sendgrid/inbound", "multipart/form-data; boundary=cut")))
    except WebhookGarbled:
        return
