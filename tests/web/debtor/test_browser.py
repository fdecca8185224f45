"""The page in real Chromium on a small telephone without JavaScript, in three languages, held against WCAG 2.2 AA.

Whole journeys run without scripts. axe is a script: it looks at the same page in a browser that has them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from outreach.store.case_tables import cases, disputes
from outreach.store.page_tables import attachments
from outreach.store.tables import debtors
from outreach.web.debtor.texts import Texts
from tests.flow.house import House, house
from tests.web.debtor.guests import told, written_to

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
AXE = Path(__file__).parents[1] / "assets/axe.min.js"
#: WCAG 2.0 to 2.2, levels A and AA; the size of targets is off in axe unless asked for.
RULES = """{
  runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
  rules: {"target-size": {enabled: true}}
}"""
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium is not installed: make test installs it"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-sync"])
        yield running
        running.close()


@dataclass
class Telephone:
    """A browser without JavaScript, and one with it that looks at what the first shows."""

    page: Page
    looker: Page
    home: House
    t: Texts

    def open(self, path: str) -> None:
        self.page.goto(self.home.public_url + path)
        self.look()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.look()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()
        if words != self.t("back"):  # the account was looked at when it was opened
            self.look()

    def sees(self, words: str) -> None:
        assert words in self.page.locator("body").inner_text(), self.page.locator("body").inner_text()

    def look(self) -> None:
        """No rule of axe is broken on the page as it is, and nothing is wider than the screen."""
        self.looker.set_content(self.page.content(), wait_until="load")
        self.looker.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
        found = self.looker.evaluate(
            f"async () => (await axe.run(document, {RULES})).violations.map(v => v.id + ': ' + v.nodes[0].html)"
        )
        assert found == [], self.page.url
        wide = self.looker.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], (self.page.url, wide)
        styled = self.looker.evaluate("getComputedStyle(document.querySelector('main')).borderTopWidth")
        assert styled == "4px", "the sheet of styles was not loaded"


@contextmanager
def telephone(browser: Browser, home: House, language: str) -> Iterator[Telephone]:
    with_scripts = browser.new_context(viewport=PHONE, bypass_csp=True)
    without = browser.new_context(viewport=PHONE, java_script_enabled=False, locale=language, has_touch=True)
    looker = with_scripts.new_page()
    looker.goto(f"{home.public_url}/healthz")  # styles are given to pages of the same site only
    yield Telephone(without.new_page(), looker, home, Texts(language))
    without.close()
    with_scripts.close()


@pytest.fixture(params=["en", "es", "zh"])
def held(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Telephone]:
    """A telephone on which a debtor has opened the link and said who she is."""
    with house(f"sqlite:///{tmp_path / 'page.db'}", web=True) as home:
        path = written_to(home, open_minor=120_000, language=request.param)
        with telephone(chromium, home, request.param) as phone:
            phone.open(path)
            phone.press(phone.t("who_submit"))
            phone.sees(phone.t("who_empty"))
            phone.page.locator("#month").select_option("1")
            phone.page.locator("#day").fill("31")
            phone.page.locator("#year").fill("1980")
            phone.press(phone.t("who_submit"))
            assert phone.page.url.endswith("/p/account/1")
            yield phone


def test_a_debtor_promises_and_plans_to_pay(held: Telephone) -> None:
    t, page = held.t, held.page
    held.follow(t("option_promise"))
    held.press(t("promise_submit"))
    page.locator("#amount").fill("60")
    page.locator("#day").fill("12")
    page.locator("#month").select_option("12")
    page.locator("#year").fill("2026")
    held.press(t("promise_submit"))
    held.press(t("promise_confirm"))
    held.sees(t("promise_done_title"))
    held.follow(t("back"))
    held.follow(t("option_plan"))
    held.press(t("plan_submit"))
    page.locator("#in_earnings").fill("1800")
    page.locator("#out_housing").fill("1350")
    held.press(t("plan_submit"))
    held.press(t("plan_accept"))
    held.press(t("plan_accept_confirm"))
    held.sees(t("plan_done_title"))
    held.follow(t("back"))
    held.follow(t("plan_see"))
    assert [one["source"] for one in told(held.home, "promised")] == ["page"]
    assert len(told(held.home, "plan_accepted")) == 1


def test_a_debtor_disputes_with_a_file_and_asks_for_documents(held: Telephone, tmp_path: Path) -> None:
    t, page = held.t, held.page
    (tmp_path / "receipt.pdf").write_bytes(PDF)
    (tmp_path / "note.txt").write_text("no file of ours", "utf-8")
    held.follow(t("option_dispute"))
    page.get_by_label(t("dispute_amount_wrong")).check()
    page.locator("#files").set_input_files(tmp_path / "note.txt")
    held.press(t("dispute_submit"))
    held.sees(t("dispute_bad_kind", name="note.txt"))
    page.locator("#text").fill("...")
    page.locator("#files").set_input_files(tmp_path / "receipt.pdf")
    held.press(t("dispute_submit"))
    held.sees(t("dispute_done_title"))
    held.follow(t("back"))
    held.sees(t("hold_dispute"))
    held.follow(t("option_documents"))
    held.press(t("documents_submit"))
    page.get_by_label(t("documents_contract")).check()
    held.press(t("documents_submit"))
    held.sees(t("documents_done_title"))
    with held.home.engine.connect() as connection:
        assert list(connection.scalars(select(disputes.c.reason))) == ["amount_wrong"]
        assert list(connection.scalars(select(attachments.c.media_type))) == ["application/pdf"]


def test_a_debtor_chooses_hours_and_stops(held: Telephone) -> None:
    t, page = held.t, held.page
    held.follow(t("option_history"))
    page.locator("summary").click()
    held.look()
    held.follow(t("back"))
    held.follow(t("option_preferences"))
    page.get_by_label(t("preferences_letter")).uncheck()
    page.locator("#opens").select_option("10:00")
    held.press(t("preferences_submit"))
    page.locator("#opens").select_option("10:00")
    page.locator("#closes").select_option("17:00")
    held.press(t("preferences_submit"))
    held.sees(t("preferences_done_title"))
    held.follow(t("back"))
    held.follow(t("option_stop"))
    held.press(t("stop_submit"))
    page.locator("input[value=all]").check()
    held.press(t("stop_submit"))
    held.press(t("stop_confirm"))
    held.sees(t("stop_done_all"))
    held.follow(t("back"))
    held.press(t("leave"))
    with held.home.engine.connect() as connection:
        assert list(connection.scalars(select(cases.c.kind))) == ["cease"]
        assert connection.scalars(select(debtors.c.preferences)).one()["hours"]


def test_a_debtor_goes_on_to_the_payment_page_and_switches_the_language(held: Telephone) -> None:
    t, page = held.t, held.page
    page.route("https://northwind.example/**", lambda route: route.fulfill(body="<title>There</title>"))
    held.follow(t("option_pay"))
    other = "es" if t.language == "en" else "en"
    page.get_by_role("link", name={"es": "Español", "en": "English"}[other]).click()
    page.get_by_role("button", name=Texts(other)("pay_submit")).click()
    page.wait_for_url("https://northwind.example/pay")
    assert told(held.home, "payment_page_opened") == [{}]


def test_whom_it_is_not_for_says_so(chromium: Browser, tmp_path: Path) -> None:
    with house(f"sqlite:///{tmp_path / 'page.db'}", web=True) as home:
        path = written_to(home)
        with telephone(chromium, home, "en") as phone:
            phone.open(path)
            phone.follow(phone.t("not_me_link"))
            phone.press(phone.t("not_me_submit"))
            phone.sees(phone.t("not_me_done_title"))
        assert len(told(home, "wrong_party")) == 1
