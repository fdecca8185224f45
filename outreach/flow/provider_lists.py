"""Stops told to the providers: their own lists then stop what anybody else would send through the same account.

Our own gate needs no list: it never lets a message to who stopped. Not every provider can be told (docs/consent.md).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from outreach.domain.message import Channel
from outreach.domain.sending import KeepsStops, SendError
from outreach.flow.desk import Desk
from outreach.store import debtors
from outreach.store.debtors import Untold
from outreach.store.engine import reading

log = logging.getLogger(__name__)

#: Addresses that are told in one run: the next is seconds later.
LIMIT = 500


def tell_providers(desk: Desk) -> int:
    """Tell the providers of stops and of stops that were lifted; returns how many addresses were told.

    No transaction is open during the calls. A call that fails is made again by the next run; to be told twice harms
    nothing.
    """
    lists = {channel: _lists(desk, channel) for channel in desk.routes}
    able = [channel for channel, found in lists.items() if found]
    if not able:
        return 0
    with reading(desk.engine) as connection:
        untold = debtors.untold_stops(connection, able, LIMIT)
    told = [one for one in untold if _tell(lists[one.kind], one)]
    if told:
        with desk.engine.begin() as connection:
            debtors.stops_told(connection, told)
    return len(told)


def _lists(desk: Desk, channel: Channel) -> list[KeepsStops]:
    return [provider for provider in desk.routes[channel] if isinstance(provider, KeepsStops)]


def _tell(lists: Sequence[KeepsStops], one: Untold) -> bool:
    try:
        for provider in lists:
            if one.stopped:
                provider.list_stop(one.value)
            else:
                provider.list_start(one.value)
    except SendError as error:
        log.warning("a provider could not be told of a stop: %s", error.reason.value)
        return False
    return True
