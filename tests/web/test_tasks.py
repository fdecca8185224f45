"""The work queues in the console: who may do what, what a task shows, and that a keyboard is enough."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from outreach.store.outbox import tasks
from outreach.store.users import Role
from tests.flow.agreeing import says
from tests.flow.house import House
from tests.flow.working import make, many, row, told
from tests.web.staff import PASSWORD, browser, submit, token


def test_an_agent_takes_the_next_task_works_it_and_goes_on_to_the_next(street: House) -> None:
    street.account()
    make(street, "hardship", title="Look at the means")
    make(street, "call", title="Call about the letter")
    with browser(street, Role.AGENT) as agent:
        first = submit(agent, "/tasks", "/tasks/next")
        assert "Look at the means" in first.text
        second = submit(agent, first.url.path, f"{first.url.path}/close", disposition="done", then="next")
        assert "Call about the letter" in second.text
        assert "+12125550142" in second.text
        assert "Yes, until" in second.text
        last = submit(agent, second.url.path, f"{second.url.path}/close", disposition="refused", note="no job")
        assert "Nothing to do" in last.text
        timeline = agent.get("/accounts/A-1").text
    assert "Task done: Call about the letter (refused to pay), by agent@lender.example" in timeline
    assert "No job" in timeline


def test_an_answer_stands_on_its_task_with_what_it_was_taken_for(street: House) -> None:
    street.account()
    street.deliver()
    says(street, "the purple elephant dances")
    with street.engine.connect() as connection:
        task_id = connection.scalar(select(tasks.c.id).where(tasks.c.kind == "reply"))
    with browser(street, Role.AGENT) as agent:
        page = agent.get(f"/tasks/{task_id}").text
    assert "the purple elephant dances" in page
    assert "a person has to read it" in page
    assert "$123.45" in page


def test_the_filters_stay_while_work_goes_on(street: House) -> None:
    street.account("A-1", language="es")
    street.account("A-2", phone="+12125550143")
    make(street, "hardship", account="A-2")
    first, second = make(street, "reply", title="uno"), make(street, "reply", title="dos")
    with browser(street, Role.AGENT) as agent:
        page = agent.get("/tasks?queue=replies&language=es").text
        assert "Take the next of replies" in page
        form = {"csrf": token(page), "queue": "replies", "language": "es"}
        opened = agent.post("/tasks/next", data=form)
        assert opened.url.path == f"/tasks/{first}"
        assert opened.url.query == b"queue=replies&language=es"
        following = agent.post(f"/tasks/{first}/close", data={**form, "disposition": "done", "then": "next"})
        assert following.url.path == f"/tasks/{second}"
        none = agent.post(f"/tasks/{second}/close", data={**form, "disposition": "done", "then": "next"})
    assert "Nothing is free to take" in none.text
    assert "No such task is open" in none.text


def test_a_callback_is_written_in_the_debtors_time(street: House) -> None:
    street.account(zones=("America/New_York",))
    task_id = make(street, "call")
    with browser(street, Role.AGENT) as agent:
        path = submit(agent, "/tasks", "/tasks/next").url.path
        assert "Asked to be called back at (America/New_York)" in agent.get(path).text
        submit(agent, path, f"{path}/close", disposition="callback", call_at="2026-12-02T14:30")
        assert "rests until" in agent.get("/tasks").text
        assert "Tried once, last: asked to be called back" in agent.get("/tasks").text
    assert row(street, task_id).not_before.isoformat() == "2026-12-02T19:30:00+00:00"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"disposition": "ptp", "pay_on": "tomorrow"}, 422, "Write the day of the payment"),
        ({"disposition": "ptp", "pay_on": "2026-12-04", "pay": "fifty"}, 422, "Write the amount as a number"),
        ({"disposition": "callback"}, 422, "Write the day and the time"),
        ({"disposition": "withdrawn"}, 422, "does not end with withdrawn"),
        ({"disposition": "kidnapped"}, 422, ""),
        ({"disposition": "refused", "number": "+12125550199"}, 409, "no such address"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_leaves_the_task(
    street: House, fields: dict[str, str], status: int, words: str
) -> None:
    street.account()
    task_id = make(street, "call")
    with browser(street, Role.AGENT) as agent:
        path = submit(agent, "/tasks", "/tasks/next").url.path
        answer = submit(agent, path, f"{path}/close", **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert row(street, task_id).state == "open"


def test_viewers_look_and_agents_leave_to_operators_what_is_theirs(street: House) -> None:
    street.account()
    task_id = make(street, "attorney")
    with browser(street, Role.VIEWER) as viewer:
        page = viewer.get("/tasks").text
        assert "Take the next" not in page
        form = {"csrf": token(page)}
        detail = viewer.get(f"/tasks/{task_id}").text
        assert "Take this task" not in detail
        for action in ("next", f"{task_id}/claim", f"{task_id}/release", f"{task_id}/close", f"{task_id}/put-off"):
            more = {"disposition": "done", "until": "2026-12-02T09:00"}
            assert viewer.post(f"/tasks/{action}", data=form | more).status_code == 403
    with browser(street, Role.AGENT) as agent:
        detail = agent.get(f"/tasks/{task_id}").text
        assert "This queue is for operators" in detail
        assert submit(agent, "/tasks", f"/tasks/{task_id}/claim").status_code == 403
        assert submit(agent, "/tasks", "/tasks/next", queue="legal").status_code == 403
        assert submit(agent, "/tasks", f"/tasks/{task_id}/assign", to="agent@lender.example").status_code == 403
    with browser(street, Role.OPERATOR) as operator:
        assert "How it ended" in submit(operator, "/tasks", f"/tasks/{task_id}/claim").text
        refused = submit(operator, "/tasks", f"/tasks/{task_id}/assign", to="agent@lender.example")
        assert refused.status_code == 422
    assert row(street, task_id).claimed_by == "operator@lender.example"


def test_a_task_that_somebody_has_says_so_and_operators_take_it_back(street: House) -> None:
    street.account()
    task_id = make(street, "reply")
    with browser(street, Role.AGENT) as agent:
        submit(agent, "/tasks", "/tasks/next")
        assert "With" in agent.get("/tasks?mine=true").text
    with browser(street, Role.OPERATOR) as operator:
        page = operator.get(f"/tasks/{task_id}").text
        assert "agent@lender.example has this task." in page
        assert "How it ended" not in page
        assert submit(operator, "/tasks", f"/tasks/{task_id}/claim").status_code == 409
        submit(operator, "/tasks", f"/tasks/{task_id}/release")
        submit(operator, "/tasks", f"/tasks/{task_id}/assign", to="admin@lender.example")
    assert row(street, task_id).claimed_by == "admin@lender.example"
    assert [one.actor for one in told(street, "task_released")] == ["operator@lender.example"]


def test_a_form_from_elsewhere_takes_nothing(street: House) -> None:
    task_id = make(street, "reply", account=None)
    with browser(street, Role.AGENT) as agent:
        for action in ("next", f"{task_id}/claim", f"{task_id}/close"):
            assert agent.post(f"/tasks/{action}", data={"disposition": "done"}).status_code == 403
    assert row(street, task_id).claimed_by == ""


def test_long_lists_are_paged(street: House) -> None:
    many(street, 60)
    with browser(street, Role.AGENT) as agent:
        page = agent.get("/tasks?queue=replies").text
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        second = agent.get(following.group(1).replace("&amp;", "&")).text
        assert agent.get("/tasks?after=nonsense").status_code == 404
    seen = re.findall(r'href="/tasks/(\d+)', page + second)
    assert len(seen) == len(set(seen)) == 60


def test_words_of_a_debtor_are_shown_as_text(street: House) -> None:
    street.account()
    street.deliver()
    says(street, "<script>alert(1)</script>")
    task_id = make(street, "call", title="<img src=x>")
    with street.engine.connect() as connection:
        reply = connection.scalar(select(tasks.c.id).where(tasks.c.kind == "reply"))
    with browser(street, Role.AGENT) as agent:
        shown = [agent.get(path).text for path in ("/tasks", f"/tasks/{task_id}", f"/tasks/{reply}")]
    assert not any("<script>alert" in page or "<img src=x" in page for page in shown)


@pytest.fixture
def chromium() -> Iterator[Page]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: make test installs it")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-sync"])
        yield running.new_page()
        running.close()


def axe(page: Page) -> list[str]:
    script = (Path(__file__).parent / "assets/axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script + "; undefined")
    found: list[str] = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    return found


def signed_in(home: House, page: Page) -> None:
    page.goto(f"{home.public_url}/tasks")
    page.get_by_label("E-mail address").fill("operator@lender.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Tasks").wait_for()


@pytest.mark.browser
def test_an_agent_works_a_call_by_keyboard_alone(street: House, chromium: Page) -> None:
    street.account()
    call = make(street, "call")
    signed_in(street, chromium)
    chromium.get_by_role("button", name="Take the next").press("Enter")
    chromium.get_by_role("heading", name="How it ended").wait_for()
    amount = chromium.get_by_label("Amount in USD")
    assert not amount.is_visible()
    chromium.get_by_label("Promised to pay").press("Space")
    assert amount.is_visible()
    assert axe(chromium) == []
    chromium.get_by_label("Promised: pays on").fill("2026-12-04")
    amount.fill("50")
    chromium.get_by_label("Wrap-up note").fill("on pay day")
    chromium.keyboard.press("Enter")
    chromium.wait_for_url("**/tasks")
    assert (row(street, call).disposition, row(street, call).note) == ("ptp", "on pay day")


@pytest.mark.browser
def test_the_pages_of_tasks_are_accessible_and_fit_a_small_screen(street: House, chromium: Page) -> None:
    street.account()
    street.deliver()
    says(street, "I want to talk to a person about this")
    make(street, "vulnerable")
    make(street, "call")
    street.clock.advance(timedelta(minutes=20))
    signed_in(street, chromium)
    chromium.get_by_text("1 overdue").first.wait_for()
    links = chromium.locator("tbody th a")
    pages = ["/tasks", *(str(links.nth(n).get_attribute("href")) for n in range(links.count()))]
    assert len(pages) == 4
    for path in pages:
        chromium.goto(street.public_url + path)
        assert axe(chromium) == []
    chromium.set_viewport_size({"width": 360, "height": 740})
    for path in pages:
        chromium.goto(street.public_url + path)
        assert chromium.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
