"""What debtors do on the page, and what becomes of it: each reaches the account at once, and by one way."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import httpx
import pytest
from sqlalchemy import select, update

from outreach.domain.account import HoldReason
from outreach.domain.money import Money
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import Frequency, by_count
from outreach.domain.promise import PromiseTerms
from outreach.flow import holds
from outreach.flow.holds import NewHold
from outreach.flow.plans import NewPlan, propose
from outreach.store import plans, promises
from outreach.store.case_tables import cases, disputes
from outreach.store.outbox import tasks
from outreach.store.page_tables import attachments
from outreach.store.tables import accounts, contact_points, creditors, debtors
from outreach.store.tables import holds as hold_rows
from outreach.store.users import Role
from tests.flow.house import House
from tests.web.debtor.guests import inside, rows, send, told, written_to
from tests.web.staff import browser

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"
PROMISED = {"amount": "50", "day": "11", "month": "12", "year": "2026"}
MEANS = {"in_earnings": "1,800", "out_housing": "900.00", "out_food": "400", "often": "monthly"}


def account_page(client: httpx.Client, screen: str = "") -> str:
    return client.get(f"/p/account/1{screen}").text


def test_whoever_pays_is_sent_to_the_creditors_page_and_that_is_no_payment(street: House) -> None:
    path = written_to(street)
    with street.engine.begin() as connection:
        connection.execute(update(creditors).values(payment_url="https://pay.northwind.example/a/{account}"))
    with inside(street, path) as client:
        page = client.get("/p/account/1/pay")
        assert "form-action 'self' https://pay.northwind.example" in page.headers["content-security-policy"]
        client.follow_redirects = False
        answer = send(client, "/p/account/1/pay")
    assert answer.status_code == 303
    assert answer.headers["location"] == "https://pay.northwind.example/a/A-1"
    assert told(street, "payment_page_opened") == [{}]
    assert told(street, "payment") == []


def test_a_promise_is_shown_once_more_and_then_stops_the_reminders(street: House) -> None:
    account_path = "/p/account/1/promise"
    with inside(street, written_to(street)) as client:
        before = rows(street)
        check = send(client, account_path, **PROMISED)
        assert "You will pay $50.00" in check.text
        assert rows(street) == before
        done = send(client, account_path, **PROMISED, confirmed="yes")
        assert "we have noted it" in done.text
        assert "$50.00 by December 11, 2026" in account_page(client)
        assert "Say when you will pay" in account_page(client)
    assert [one["source"] for one in told(street, "promised")] == ["page"]
    with street.engine.connect() as connection:
        assert list(connection.scalars(select(hold_rows.c.reason))) == [HoldReason.PROMISE]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "fifty"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "123.46"}, "amount"),
        ({"day": "31", "month": "11"}, "day"),
        ({"day": "30", "month": "11"}, "day"),
        ({"day": "2", "month": "1", "year": "2027"}, "day"),
        ({"day": "x"}, "day"),
    ],
)
def test_what_cannot_be_promised_is_said_at_its_field(street: House, changes: dict[str, str], field: str) -> None:
    with inside(street, written_to(street)) as client:
        answer = send(client, "/p/account/1/promise", **{**PROMISED, **changes, "confirmed": "yes"})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert told(street, "promised") == []


def test_whose_promises_were_all_broken_is_given_to_a_person(street: House) -> None:
    path = written_to(street)
    with street.engine.begin() as connection:
        connection.execute(update(creditors).values(promises=promises.terms_document(PromiseTerms(broken_in_row=1))))
    with inside(street, path) as client:
        send(client, "/p/account/1/promise", **PROMISED, confirmed="yes")
        with street.engine.begin() as connection:
            account_id = next(iter(promises.owed(connection, [1])))
            one = promises.of_accounts(connection, [account_id])[account_id][0]
            promises.change(connection, [one.id], state="broken")
        answer = send(client, "/p/account/1/promise", **PROMISED, confirmed="yes")
    assert "A person will look at this" in answer.text
    with street.engine.connect() as connection:
        assert "human" in set(connection.scalars(select(tasks.c.kind)))


def test_a_plan_that_leaves_enough_to_live_on_is_chosen_looked_at_and_agreed(street: House) -> None:
    path = "/p/account/1/plan"
    with inside(street, written_to(street, open_minor=120_000)) as client:
        before = rows(street)
        choice = send(client, path, **MEANS)
        assert "Choose what suits you" in choice.text
        chosen = choice.text.split('name="chosen" value="')[1].split('"')[0]
        check = send(client, path, **MEANS, chosen=chosen)
        assert "I agree to pay $1,200.00" in check.text
        assert rows(street) == before
        done = send(client, path, **MEANS, chosen=chosen, confirmed="yes")
        assert "Your payment plan is agreed" in done.text
        assert "You have a payment plan" in account_page(client)
        assert "open</td>" in account_page(client, "/plan")
        assert client.get("/p/account/1/promise").url.path == "/p/account/1"
    with street.engine.connect() as connection:
        (plan,) = plans.of_accounts(connection, [1])
    assert plan.state == "active"
    assert plan.wording.startswith("I agree to pay $1,200.00 to Northwind")
    assert max(one.amount.minor for one in plan.instalments) <= 45_000


def test_a_plan_takes_the_place_of_a_promise(street: House) -> None:
    with inside(street, written_to(street, open_minor=120_000)) as client:
        send(client, "/p/account/1/promise", **PROMISED, confirmed="yes")
        choice = send(client, "/p/account/1/plan", **MEANS)
        chosen = choice.text.split('name="chosen" value="')[1].split('"')[0]
        send(client, "/p/account/1/plan", **MEANS, chosen=chosen, confirmed="yes")
    with street.engine.connect() as connection:
        assert [one.state for one in promises.of_accounts(connection, [1])[1]] == ["cancelled"]


def test_a_plan_beyond_self_service_waits_for_a_person(street: House) -> None:
    path = "/p/account/1/plan"
    with inside(street, written_to(street, open_minor=900_000)) as client:
        choice = send(client, path, **MEANS)
        assert "A person has to agree" in choice.text
        chosen = choice.text.split('name="chosen" value="')[1].split('"')[0]
        done = send(client, path, **MEANS, chosen=chosen, confirmed="yes")
        assert "A person will look at this" in done.text
        assert "We are looking at the payment plan" in account_page(client)


def test_who_has_nothing_left_is_asked_for_nothing_and_a_person_looks_at_it(street: House) -> None:
    with inside(street, written_to(street)) as client:
        done = send(client, "/p/account/1/plan", in_benefits="900", out_housing="900")
        assert "We would like to talk with you first" in done.text
    with street.engine.connect() as connection:
        assert list(connection.scalars(select(cases.c.kind))) == ["hardship"]


def test_a_plan_form_says_what_is_wrong_where_it_is(street: House) -> None:
    with inside(street, written_to(street)) as client:
        answer = send(client, "/p/account/1/plan", in_earnings="much", day="31", month="2", dependants="many")
        assert answer.status_code == 422
        for field in ("in_earnings", "day", "dependants"):
            assert f'href="#{field}"' in answer.text
        assert 'href="#in_earnings"' in send(client, "/p/account/1/plan").text


def upload(client: httpx.Client, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    token = account_page(client, "/dispute").split('name="csrf" value="')[1].split('"')[0]
    parts = [("files", (name, body, "image/png")) for name, body in files]
    return client.post("/p/account/1/dispute", data={"csrf": token, **fields}, files=parts)


def test_a_dispute_with_its_files_stops_the_account_and_agents_can_read_them(street: House) -> None:
    with inside(street, written_to(street)) as client:
        files = (("receipt.pdf", PDF), ("../../photo.exe", JPEG), ("scan", PNG))
        done = upload(client, *files, reason="amount_wrong", text="I paid $100 of it <b>already</b>.")
        assert "We have it, thank you" in done.text
        assert "something is not right" in account_page(client)
        page = account_page(client)
        assert not any(f"/p/account/1/{screen}" in page for screen in ("pay", "promise", "plan"))
        assert "/p/account/1/dispute" in page
    with street.engine.connect() as connection:
        (dispute,) = connection.execute(select(disputes))
        kept = {row.name: row.media_type for row in connection.execute(select(attachments))}
    assert (dispute.reason, dispute.source) == ("amount_wrong", "page")
    assert kept == {"receipt.pdf": "application/pdf", "photo.jpg": "image/jpeg", "scan.png": "image/png"}
    with browser(street, Role.AGENT) as agent:
        page = agent.get("/accounts/A-1").text
        assert "photo.jpg" in page
        answer = agent.get("/accounts/A-1/attachments/1")
        assert answer.content == PDF
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert agent.get("/accounts/A-2/attachments/1").status_code == 404
    with browser(street, Role.VIEWER) as viewer:
        assert viewer.get("/accounts/A-1/attachments/1").status_code == 403


_ZIP_END = b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>", "is not a PDF"),
        ("tool.png", b"MZ" + bytes(100), "is not a PDF"),
        ("both.png", PNG + b"%PDF-1.4", "is not a PDF"),
        ("page.jpg", JPEG + b"<script src=x>", "is not a PDF"),
        ("archive.jpg", JPEG + b"PK\x03\x04" + bytes(2_000) + _ZIP_END, "is not a PDF"),
        ("empty.pdf", b"", "is not a PDF"),
        ("large.pdf", PDF + bytes(5 * 1024 * 1024), "is larger than 5 MB"),
    ],
)
def test_a_file_of_another_kind_two_kinds_or_too_large_is_refused_whatever_its_name(
    street: House, name: str, body: bytes, words: str
) -> None:
    with inside(street, written_to(street)) as client:
        answer = upload(client, (name, body), ("receipt.pdf", PDF), reason="paid")
    assert answer.status_code == 422
    assert f"{name} {words}" in answer.text
    with street.engine.connect() as connection:
        assert connection.execute(select(disputes)).all() == []
        assert connection.execute(select(attachments)).all() == []


def test_a_fourth_file_and_a_form_beyond_all_bounds_are_refused(street: House) -> None:
    with inside(street, written_to(street)) as client:
        assert "up to three files" in upload(client, *[(f"{one}.pdf", PDF) for one in range(4)], reason="paid").text
        large = [(f"{one}.pdf", PDF + bytes(4_000_000)) for one in range(4)]
        assert upload(client, *large, reason="paid").status_code == 413


def test_a_dispute_needs_a_reason_and_no_more(street: House) -> None:
    with inside(street, written_to(street)) as client:
        answer = upload(client, text="no idea")
        assert answer.status_code == 422
        assert "no idea" in answer.text
        assert "We have it" in upload(client, reason="not_mine").text
        assert "We have it" in upload(client, ("more.png", PNG), reason="not_mine", text="more").text
    with street.engine.connect() as connection:
        assert len(connection.execute(select(disputes)).all()) == 1
        assert len(connection.execute(select(attachments)).all()) == 1


def test_who_asks_for_documents_gives_a_person_work_once(street: House) -> None:
    path = "/p/account/1/documents"
    with inside(street, written_to(street)) as client:
        assert send(client, path).status_code == 422
        for _ in range(2):
            assert "We have your request" in send(client, path, wanted="invoice", text="of November").text
    with street.engine.connect() as connection:
        titles = list(connection.scalars(select(tasks.c.title).where(tasks.c.kind == "documents")))
    assert titles == ["The debtor asks for documents: invoice, of November"]


def test_who_asks_for_the_original_creditor_gets_that_first(street: House) -> None:
    with inside(street, written_to(street)) as client:
        send(client, "/p/account/1/documents", wanted="original")
    with street.engine.connect() as connection:
        assert list(connection.scalars(select(cases.c.kind))) == ["original_creditor"]


def test_preferences_are_kept_and_lift_no_stop(street: House) -> None:
    path = "/p/account/1/preferences"
    with inside(street, written_to(street)) as client:
        send(client, "/p/account/1/stop", what="sms", confirmed="yes")
        wrong = send(client, path, media="email", opens="18:00", closes="09:00", language="en")
        assert wrong.status_code == 422
        wished = {"media": "email", "opens": "10:00", "closes": "16:00", "language": "es"}
        assert "Guardado" in send(client, path, **wished).text
        page = account_page(client, "/preferences")
    assert "<option selected>10:00</option>" in page
    with street.engine.connect() as connection:
        row = connection.execute(select(debtors)).one()
        stopped = connection.scalars(select(contact_points.c.opted_out_at).where(contact_points.c.kind == "sms")).one()
    assert row.language == "es"
    assert sorted(row.preferences["media_off"]) == ["auto_call", "call", "letter", "sms", "voicemail"]
    assert stopped is not None


def test_whoever_stops_texts_gets_none_and_keeps_the_page(street: House) -> None:
    path = "/p/account/1/stop"
    with inside(street, written_to(street)) as client:
        assert "…0142" in account_page(client, "/stop")
        check = send(client, path, what="sms")
        assert told(street, "opted_out") == []
        assert "Shall we stop this?" in check.text
        assert "Done" in send(client, path, what="sms", confirmed="yes").text
        assert 'value="sms"' not in account_page(client, "/stop")
        assert "$123.45" in account_page(client)
    assert [one["source"] for one in told(street, "opted_out")] == ["debtor's page"]


def test_whoever_stops_everything_is_asked_for_nothing_more(street: House) -> None:
    with inside(street, written_to(street)) as client:
        send(client, "/p/account/1/stop", what="all", confirmed="yes")
        page = account_page(client)
        assert "/p/account/1/pay" not in page
        assert "/p/account/1/dispute" in page
    assert street.deliver() == 0
    with street.engine.connect() as connection:
        assert list(connection.scalars(select(cases.c.kind))) == ["cease"]


@pytest.mark.parametrize("reason", [HoldReason.BANKRUPTCY, HoldReason.ATTORNEY, HoldReason.DECEASED, HoldReason.CEASE])
def test_who_must_not_be_asked_for_a_payment_is_not_asked_here(street: House, reason: HoldReason) -> None:
    path = written_to(street)
    with street.engine.begin() as connection:
        holds.place(connection, NewHold(1, None, reason, "import"), street.clock.now())
    with inside(street, path) as client:
        page = account_page(client)
        for screen in ("pay", "promise", "plan"):
            assert f"/p/account/1/{screen}" not in page
            assert client.get(f"/p/account/1/{screen}").url.path == "/p/account/1"
        token = page.split('name="csrf" value="')[1].split('"')[0]
        answer = client.post("/p/account/1/promise", data={"csrf": token, **PROMISED, "confirmed": "yes"})
        assert answer.url.path == "/p/account/1"
    assert told(street, "promised") == []


def test_other_accounts_of_the_debtor_are_shown_and_never_anothers(street: House) -> None:
    path = written_to(street)
    street.account("B-1", email="bo@debtor.example", phone="+12125550143", open_minor=77_777)
    with inside(street, path) as client:
        assert "777.77" not in account_page(client)
        for number in ("0", "2", "-1", "99999999999999999999"):
            assert client.get(f"/p/account/{number}").status_code in (404, 400)


def test_the_debtors_other_account_with_the_creditor_is_a_click_away(street: House) -> None:
    path = written_to(street)
    street.account("A-2", email="", phone="", open_minor=55_500)
    with street.engine.begin() as connection:
        connection.execute(update(accounts).where(accounts.c.ref == "A-2").values(debtor_id=1))
    with inside(street, path) as client:
        assert "Open balance: $555.00" in account_page(client)
        assert "Account A-2" in client.get("/p/account/2").text
        assert "noted it" in send(client, "/p/account/2/promise", **PROMISED, confirmed="yes").text
    with street.engine.connect() as connection:
        assert list(promises.of_accounts(connection, [1, 2])) == [2]


def test_an_offer_of_ours_is_accepted_in_the_debtors_words(street: House) -> None:
    path = written_to(street, open_minor=120_000)
    schedule = by_count(Money(120_000, "USD"), date(2026, 12, 31), Frequency.MONTHLY, 8)
    with street.engine.begin() as connection:
        new = NewPlan(1, 1, schedule, Authority.AGENT, "agent")
        offer = propose(connection, new, street.clock.now(), "agent@lender.example")
    with inside(street, path) as client:
        assert "We offer you these payments" in account_page(client)
        assert "Money that comes in" in account_page(client, "/plan/means")
        page = account_page(client, "/plan")
        assert page.count("$150.00") == 8
        assert send(client, "/p/account/1/plan/offer", "/p/account/1/plan", plan="99").url.path == "/p/account/1"
        done = send(client, "/p/account/1/plan/offer", "/p/account/1/plan", plan=str(offer.plan_id))
        assert "Your payment plan is agreed" in done.text
    with street.engine.connect() as connection:
        (plan,) = plans.of_accounts(connection, [1])
    assert (plan.state, plan.accepted_by) == ("active", "")
    assert plan.wording.startswith("I agree to pay $1,200.00")


#: Every address of the page that a browser may ask for.
SCREENS = ("", "/history", "/pay", "/promise", "/plan", "/dispute", "/documents", "/preferences", "/stop", "/done")


def test_no_get_and_no_head_changes_a_single_row(street: House) -> None:
    path = written_to(street)
    with inside(street, path) as client:
        before = rows(street)
        paths = [path, "/p/who", "/p/not-me", "/p/not-me/done", "/p/left", "/p/account", "/p/leave", "/p/nothing"]
        for one in (
            *paths,
            *(f"/p/account/1{screen}" for screen in SCREENS),
            "/p/account/1/plan/offer",
            "/p/account/1/plan/means",
        ):
            for method in ("GET", "HEAD", "OPTIONS"):
                assert client.request(method, one).status_code < 500
            assert client.get(one, params={"confirmed": "yes", "what": "all", "lang": "es"}).status_code < 500
        assert rows(street) == before


@pytest.mark.parametrize("screen", [one for one in SCREENS if one not in ("", "/history", "/done")])
def test_a_form_from_elsewhere_changes_nothing(street: House, screen: str) -> None:
    with inside(street, written_to(street)) as client:
        before = rows(street)
        fields = {**PROMISED, **MEANS, "confirmed": "yes", "what": "all", "reason": "paid", "wanted": "invoice"}
        for csrf in ("", "x"):
            assert client.post(f"/p/account/1{screen}", data={**fields, "csrf": csrf}).status_code == 403
        assert rows(street) == before


def test_after_a_form_the_page_may_be_loaded_again(street: House) -> None:
    with inside(street, written_to(street)) as client:
        done = send(client, "/p/account/1/promise", **PROMISED, confirmed="yes")
        assert done.url.path == "/p/account/1/done"
        before = rows(street)
        pages = [client.get("/p/account/1/done").text for _ in range(2)]
        assert all(one == other for one, other in pairwise(pages))
        assert rows(street) == before


def test_the_history_shows_what_was_said(street: House) -> None:
    with inside(street, written_to(street)) as client:
        page = account_page(client, "/history")
    assert "Dec 1, 2026 · Text message" in page
    assert "Hi Ada, $123.45 on your account was due" in page
    assert date(2026, 12, 1) == street.clock.now().date()
