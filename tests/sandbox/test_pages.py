"""The pages: what a debtor has, and answering as the debtor."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest

from outreach.sandbox import outcomes
from tests.sandbox.conftest import Box, Web
from tests.sandbox.test_ledger import text
from tests.sandbox.test_lob import PDF, post_letter
from tests.sandbox.test_sendgrid import read_form, send

PHONE = "+12125550101"
MAILBOX = "sample@debtor.example"
EVIL = "<script>alert(1)</script>"


def page(box: Box, path: str) -> str:
    answer = box.get(path)
    assert answer.status == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    html = answer.data.decode()
    assert "Sandbox: no real message is sent" in html
    return html


def test_an_empty_sandbox_says_what_to_do(box: Box) -> None:
    assert "Nothing has been sent yet" in page(box, "/")


def test_the_index_shows_every_place_and_searches(box: Box) -> None:
    text(box, "7.1")
    send(box)
    post_letter(box)
    everything = page(box, "/")
    assert all(place in everything for place in (PHONE, MAILBOX, "1 Sample St", "3 of 3"))
    assert PHONE not in page(box, "/?q=springfield")
    assert "No phone, mailbox or letterbox matches" in page(box, "/?q=nobody")


def test_an_answer_from_the_phone_reaches_the_web(box: Box, web: Web) -> None:
    text(box, "7.1", body="Please pay")
    assert "Please pay" in page(box, f"/phones/{PHONE}")
    assert box.form(f"/phones/{PHONE}", {"body": "I paid & left"}).status == 303
    assert parse_qs(web.next("/webhooks/twilio/inbound").body.decode())["Body"] == ["I paid & left"]
    assert "I paid &amp; left" in page(box, f"/phones/{PHONE}")


def test_the_stop_button_blocks_the_phone(box: Box, web: Web) -> None:
    text(box, "7.1")
    box.form(f"/phones/{PHONE}", {"ready": "STOP", "body": ""})
    web.next("/webhooks/twilio/inbound")
    assert "This phone has texted STOP" in page(box, f"/phones/{PHONE}")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_of_another_site_is_refused(box: Box, origin: str) -> None:
    text(box, "7.1")
    assert box.form(f"/phones/{PHONE}", {"body": "STOP"}, origin=origin).status == 403


def test_an_empty_answer_is_refused_with_a_reason(box: Box) -> None:
    text(box, "7.1")
    answer = box.form(f"/phones/{PHONE}", {"body": "  "})
    assert (answer.status, "write something first" in answer.data.decode()) == (422, True)


def test_what_was_sent_is_shown_and_never_run(box: Box) -> None:
    text(box, "7.1", body=EVIL)
    send(box, subject=EVIL, content=[{"type": "text/plain", "value": EVIL}, {"type": "text/html", "value": EVIL}])
    for path in ("/", f"/phones/{PHONE}", f"/mailboxes/{MAILBOX}"):
        assert EVIL not in page(box, path)
    assert "<iframe sandbox srcdoc=" in page(box, f"/mailboxes/{MAILBOX}")


def test_an_answer_from_the_mailbox_reaches_the_web(box: Box, web: Web) -> None:
    send(box)
    ref = str(box.ledger()[0]["ref"])
    assert box.form(f"/mailboxes/{MAILBOX}", {"ref": ref, "body": "I dispute this"}).status == 303
    assert read_form(web.next("/webhooks/sendgrid/inbound"))["text"].startswith("I dispute this")
    assert "I dispute this" in page(box, f"/mailboxes/{MAILBOX}")


def unsubscribable(url: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{url}>, <mailto:x@y.example>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def test_one_click_unsubscribes_by_a_post(box: Box, web: Web) -> None:
    send(box, headers=unsubscribable(f"{web.url}/unsubscribe/token"))
    assert "Unsubscribe with one click" in page(box, f"/mailboxes/{MAILBOX}")
    answer = box.form(f"/mailboxes/{MAILBOX}", {"ref": str(box.ledger()[0]["ref"]), "unsubscribe": "1"})
    assert web.next("/unsubscribe/token").body == b"List-Unsubscribe=One-Click"
    assert "answered with HTTP 204" in page(box, answer.headers["Location"])


def test_one_click_calls_nobody_but_our_web(box: Box) -> None:
    send(box, headers=unsubscribable("http://127.0.0.1:1/elsewhere"))
    answer = box.form(f"/mailboxes/{MAILBOX}", {"ref": str(box.ledger()[0]["ref"]), "unsubscribe": "1"})
    assert "was not called" in page(box, answer.headers["Location"])


def test_a_mail_without_one_click_offers_none(box: Box) -> None:
    send(box, headers={"List-Unsubscribe": "<https://web.example/u>"})
    assert "Unsubscribe with one click" not in page(box, f"/mailboxes/{MAILBOX}")


def test_the_letterbox_shows_the_very_pdf(box: Box) -> None:
    made = post_letter(box).json()["id"]
    line = page(box, "/").partition('href="/letterboxes/')[2].partition('"')[0]
    assert f"/letters/{made}.pdf" in page(box, f"/letterboxes/{line}")
    pdf = box.get(f"/letters/{made}.pdf")
    assert (pdf.data, pdf.headers["Content-Type"]) == (PDF, "application/pdf")


@pytest.mark.parametrize("path", ["/phones/+19", "/mailboxes/x@y.example", "/letterboxes/none", "/letters/none.pdf"])
def test_a_place_that_got_nothing_is_not_found(box: Box, path: str) -> None:
    answer = box.get(path)
    assert (answer.status, "See all debtors" in answer.data.decode()) == (404, True)


def test_the_page_of_codes_lists_every_code(box: Box) -> None:
    html = page(box, "/codes")
    for code in (*outcomes.NUMBERS, *outcomes.MAILBOXES, *outcomes.LETTERBOXES):
        assert f"<code>{code.mark}</code>" in html


def test_a_foreign_host_name_is_refused(box: Box) -> None:
    answer = box.http.request("GET", box.url + "/", headers={"Host": "evil.example"})
    assert answer.status == 400


def test_an_answer_to_a_stranger_is_refused(box: Box) -> None:
    assert box.post("/sandbox/replies", {"channel": "email", "sender": "x@y.example", "text": "Hi"}).status == 404


def test_the_documentation_lists_every_code() -> None:
    written = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for code in (*outcomes.NUMBERS, *outcomes.MAILBOXES, *outcomes.LETTERBOXES):
        assert f"| `{code.mark}` | {code.means} |" in written
