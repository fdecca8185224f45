"""A provider that is slow keeps neither claims nor workers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from outreach.domain.message import Channel
from outreach.domain.sending import SendRequest, SendResult
from outreach.flow.deliver import deliver
from outreach.flow.sweep import take_back_lost
from tests.flow.house import House, house


@dataclass
class Slow:
    """A provider whose answers take six seconds."""

    home: House
    provider: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)

    def send(self, request: SendRequest) -> SendResult:
        self.home.clock.advance(timedelta(seconds=6))
        result: SendResult = self.provider.send(request)
        return result


def test_what_a_slow_provider_leaves_of_a_batch_goes_back_before_its_lease_is_over(database_url: str) -> None:
    with house(database_url, send_concurrency=1) as home:
        for number in range(4):
            home.account(f"A-{number}", phone=f"+121255501{number + 10}", email="")
        desk = home.app.desk
        slow = replace(desk, routes={Channel.SMS: [Slow(home, desk.routes[Channel.SMS][0])]})
        ids = home.run()
        assert deliver(slow, ids) == 1
        assert take_back_lost(desk) == 0
        assert deliver(desk, ids) == 3
        assert [state for what, state, _ in home.log() if what == "move"].count("sent") == 4
