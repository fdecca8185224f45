"""What people do about webhook endpoints: keep them as the file says, pause, resume, replay, and try one out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, Engine

from outreach.domain.outcome_event import document
from outreach.flow.actions import Unknown
from outreach.flow.outcome_delivery import cause_of
from outreach.flow.webhook_calls import Answer, Caller, CannotCall
from outreach.schedules.creditors import CreditorFile
from outreach.store import journal, outcome_deliveries, outcomes, webhook_endpoints
from outreach.store.engine import reading
from outreach.store.outcomes import Selection
from outreach.store.webhook_endpoints import Endpoint, EndpointState, Wanted

log = logging.getLogger(__name__)

#: The kind of the event that only tries an endpoint out; it is published nowhere.
TEST = "test"


def register_endpoints(engine: Engine, creditors: Mapping[str, CreditorFile], now: datetime) -> None:
    """Keep the endpoints as the creditors' file says now; the creditors are kept already."""
    with engine.begin() as connection:
        ids = {ref: outcomes.creditor_id(connection, ref) for ref in creditors}
        wanted = [
            Wanted(id_, one.name, one.url, one.kinds, one.secret)
            for ref, entry in creditors.items()
            if (id_ := ids[ref]) is not None
            for one in entry.webhooks
        ]
        webhook_endpoints.keep(connection, wanted, now)


def find(connection: Connection, name: str) -> Endpoint:
    """The endpoint that is meant by `creditor/name`. Raises Unknown."""
    known = {one.title: one for one in webhook_endpoints.everyone(connection)}
    if name not in known:
        there = ", ".join(known) or "none: add `webhooks` to a creditor in creditors.yaml, and start the scheduler anew"
        raise Unknown(f"There is no endpoint {name}. There are: {there}.")
    return known[name]


def pause(engine: Engine, endpoint_id: int, by: str, now: datetime) -> None:
    """Call it no more until it is resumed. Raises Unknown where it is not active."""
    with engine.begin() as connection:
        endpoint = _known(connection, endpoint_id)
        states = ([EndpointState.ACTIVE], EndpointState.PAUSED)
        if not webhook_endpoints.set_state(connection, endpoint_id, *states, now, by):
            raise Unknown(f"{endpoint.title} is {endpoint.state.value}: there is nothing to pause.")
    log.info("%s paused the webhook %s", by, endpoint.title)


def resume(engine: Engine, endpoint_id: int, by: str, now: datetime) -> None:
    """Go on where it stopped, and at once. Raises Unknown where nothing stopped it.

    An endpoint that fails may be resumed, too: its next try is then not waited for.
    """
    with engine.begin() as connection:
        endpoint = _known(connection, endpoint_id)
        old = [EndpointState.PAUSED, EndpointState.DISABLED]
        if endpoint.look_until is not None:
            old.append(EndpointState.ACTIVE)
        if not webhook_endpoints.set_state(connection, endpoint_id, old, EndpointState.ACTIVE, now, by):
            raise Unknown(f"{endpoint.title} is {endpoint.state.value}: there is nothing to resume.")
        if endpoint.state is EndpointState.DISABLED:
            journal.close_tasks(connection, [cause_of(endpoint_id, endpoint.changed_at)], now)
    log.info("%s resumed the webhook %s", by, endpoint.title)


def replay(engine: Engine, endpoint_id: int, selection: Selection, by: str) -> int:
    """Have events that an endpoint was given delivered once more; returns how many. Raises Unknown."""
    with engine.begin() as connection:
        endpoint = _known(connection, endpoint_id)
        count = outcome_deliveries.replay(connection, endpoint, selection)
    log.info("%s replays %d events to the webhook %s", by, count, endpoint.title)
    return count


def revive(engine: Engine, endpoint_id: int, by: str) -> int:
    """Have its dead events tried again; returns how many. Raises Unknown."""
    with engine.begin() as connection:
        endpoint = _known(connection, endpoint_id)
        count = outcome_deliveries.revive(connection, endpoint_id)
    log.info("%s revives %d events of the webhook %s", by, count, endpoint.title)
    return count


def try_out(engine: Engine, caller: Caller, endpoint_id: int, machine_now: datetime) -> Answer:
    """Post a signed test event, whatever the endpoint's state. Raises Unknown, or CannotCall as it is set."""
    with reading(engine) as connection:
        endpoint = _known(connection, endpoint_id)
    target = caller.target(endpoint.url, endpoint.secret)
    body = document(0, TEST, machine_now, endpoint.creditor, "", "", {})
    return caller.post(target, f"{TEST}_{token_hex(8)}", body, machine_now)


def troubles(connection: Connection, caller: Caller | None = None) -> list[str]:
    """A sentence for each endpoint that needs a person, with the remedy; none while all are well.

    With a `caller` it is also looked whether this machine could call them, where workers run.
    """
    known = webhook_endpoints.everyone(connection)
    backlogs = webhook_endpoints.backlogs(connection, known)
    found = []
    for one in known:
        if one.state is EndpointState.DISABLED:
            found.append(
                f"{one.title} is disabled: {one.last_error}. Repair it, then: outreach outcomes resume {one.title}"
            )
        elif one.state is EndpointState.ACTIVE and one.give_up_until is not None:
            found.append(f"{one.title} fails: {one.last_error}. It is tried again, and disabled after three days")
        if dead := backlogs[one.id].dead:
            found.append(f"{one.title} refused {dead} events for days: outreach outcomes replay {one.title} --dead")
        if caller is not None and one.state is EndpointState.ACTIVE:
            found += _unready(caller, one)
    return found


def _unready(caller: Caller, endpoint: Endpoint) -> list[str]:
    try:
        caller.target(endpoint.url, endpoint.secret)
    except CannotCall as error:
        return [f"{endpoint.title} cannot be called from here: {error}"]
    return []


def _known(connection: Connection, endpoint_id: int) -> Endpoint:
    endpoint = webhook_endpoints.get(connection, endpoint_id)
    if endpoint is None:
        raise Unknown("There is no such endpoint.")
    return endpoint
