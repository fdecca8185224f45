"""The page of webhook endpoints: who may see and change them, and what metrics tell of them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from outreach.flow.outcomes import publish
from outreach.flow.webhook_endpoints import register_endpoints
from outreach.schedules.creditors import CreditorFile, Webhook
from outreach.store import journal
from outreach.store.engine import reading
from outreach.store.journal import Entry
from outreach.store.users import Role
from outreach.store.webhook_endpoints import everyone
from tests.flow.house import NORTHWIND, House
from tests.serving import NO_TLS
from tests.web.staff import browser, submit


@pytest.fixture
def home(street: House) -> House:
    """A house with one endpoint."""
    webhook = Webhook("erp", "https://erp.northwind.example/hook", "ERP_SECRET", ("promised",))
    files = {"northwind": CreditorFile(NORTHWIND, ("en",), (webhook,))}
    register_endpoints(street.engine, files, street.clock.now())
    return street


@pytest.fixture
def stranger(home: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=home.public_url, verify=NO_TLS) as client:
        yield client


def state(home: House) -> str:
    with reading(home.engine) as connection:
        return everyone(connection)[0].state.value


def test_an_operator_pauses_and_resumes_an_endpoint_after_a_question(home: House) -> None:
    with browser(home, Role.OPERATOR) as operator:
        page = operator.get("/endpoints").text
        assert "northwind/erp" in page
        assert "https://erp.northwind.example/hook" in page
        for change, then in (("pause", "paused"), ("resume", "active")):
            assert submit(operator, f"/endpoints/1/{change}", f"/endpoints/1/{change}").status_code == 200
            assert state(home) == then
        assert operator.post("/endpoints/1/pause", data={"csrf": "x"}).status_code == 403
        assert operator.get("/endpoints/9/pause").status_code == 404


def test_an_agent_may_not_see_or_change_endpoints(home: House) -> None:
    with browser(home, Role.AGENT) as agent:
        assert agent.get("/endpoints").status_code == 403
        assert submit(agent, "/tasks", "/endpoints/1/pause").status_code == 403
    assert state(home) == "active"


def test_metrics_count_what_waits_for_an_endpoint(home: House, stranger: httpx.Client) -> None:
    told(home, "promised", "disputed")
    found = stranger.get("/metrics").text
    assert 'outreach_webhook_backlog{creditor="northwind",endpoint="erp"} 1.0' in found
    assert 'outreach_webhooks{creditor="northwind",endpoint="erp",state="active"} 1.0' in found


def told(home: House, *kinds: str) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        journal.tell(connection, [Entry(account, home.clock.now(), kind, {}) for kind in kinds])
    publish(home.engine)
